"""Simulate the hints that a catalogue's value index gives: which words of a message it knows.

A real catalogue knows most but not all values and titles, and finds some words that mean
something else; training must see both.
"""

import random
import re
from collections.abc import Sequence

from bot.llm.base import Hint
from bot.pocket.generator.lexicon import Domain

WORD = re.compile(r"[\w'&.-]+")


class Vocabulary:
    """What one domain's catalogue would know, looked up by word n-grams.

    Parameters
    ----------
    domain
        Its category values with their spoken forms, people and titles are known.
    """

    def __init__(self, domain: Domain) -> None:
        self._known: dict[str, list[tuple[str | None, str]]] = {}
        for facet in domain.facets:
            if facet.kind == "number":
                continue
            for value, spoken in facet.values.items():
                forms = (facet.raw.get("pre_forms") or {}).get(value) or ()
                for form in (*spoken, *forms):
                    self._known.setdefault(_key(form), []).append((facet.name, value))
        for title in domain.titles:
            if " " in title or len(title) > 6:
                self._known.setdefault(_key(title), []).append((None, title))

    def hints(
        self, text: str, meant: Sequence[tuple[str | None, str, str]], rng: random.Random
    ) -> tuple[Hint, ...]:
        """Return hints for a message; `meant` holds (facet, value, words) really said.

        A fifth of the values is taken as unknown to the catalogue, and hidden everywhere.
        """
        unknown = {value for _, value, _ in meant if rng.random() < 0.2}
        words = [(m.start(), m.end()) for m in WORD.finditer(text)]
        found: list[Hint] = []
        for i in range(len(words)):
            for j in range(min(len(words), i + 6), i, -1):
                start, end = words[i][0], words[j - 1][1]
                entries = self._known.get(_key(text[start:end]), ())
                for facet, value in entries:
                    inside = any(h.start <= start and end <= h.end for h in found)
                    if value not in unknown and not (inside and facet is None):
                        found.append(Hint(start, end, facet, value))
        return tuple(found)


def _key(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.lower()).strip()

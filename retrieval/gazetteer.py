"""Mentions of catalogue values in a text, by hash look-ups of its word n-grams.

Knows nothing of meaning or typos: what it finds is there word for word.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.linking import by_stem, synonym_targets
from retrieval.people import PeopleLinker
from retrieval.postings import phrase_key, run_keys
from retrieval.title_keys import FORM, Titles
from retrieval.types import Schema
from retrieval.words import (
    STOPWORDS,
    Token,
    plain_key,
    squashed,
    stem_key,
    tokens,
    without_articles,
)

_LONGEST = 12  # words of the longest n-gram looked up
_BEARERS = 1000  # of a name that are looked at
_KEPT = 4096  # names whose bearers are remembered
_OPENING = re.compile(r"[\"“”‘'«*_]$")
_SENTENCE_END = re.compile(r"(^|[.!?…:\n]\s*[\"“‘'(]?)$")


@dataclass(frozen=True)
class Mention:
    """A place in a text that names a value.

    `start` and `end` are character offsets; `facet` is None for a title, and `value` then the
    item's id, else the value as the catalogue spells it.
    """

    start: int
    end: int
    facet: str | None
    value: str


@dataclass(frozen=True)
class _Title:
    id: str
    common: bool


class Gazetteer:
    """All names of a catalogue, each under the keys by which a text may hold it.

    `common` are words that occur in ordinary text: titles made of them need a capital or quotes.
    """

    def __init__(
        self,
        schema: Schema,
        counts: Mapping[str, Counter[str]],
        titles: Titles,
        people: PeopleLinker,
        common: Container[str],
    ) -> None:
        self._people, self._common, self._titles = people, common, titles
        self._title = functools.lru_cache(_KEPT)(self._bearer)
        self._values: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for facet in schema.facets:
            if facet.kind not in ("category", "tags"):
                continue
            ordered = sorted(counts[facet.name].items(), key=lambda c: (-c[1], c[0]))
            known = by_stem(value for value, _ in ordered)
            numbers = all(value.isdigit() for value in known.values())
            for value in known.values():
                if numbers or not value.isdigit():  # a "1" among colours names nothing
                    self._add_value(value, facet.name, (value,))
            for expression, ways in facet.synonyms.items():
                targets, _ = synonym_targets(expression, known)
                for way in ways if targets else ():
                    self._add_value(way, facet.name, targets)
        # First word → words of the longest name that begins with it: most n-grams of a text
        # begin no name at all.
        self._reach: dict[str, int] = {}
        for name in (*(key.split() for key in self._values), *people.forms()):
            self._reach[name[0]] = max(self._reach.get(name[0], 0), min(len(name), _LONGEST))

    def _add_value(self, said: str, facet: str, values: Iterable[str]) -> None:
        """Note what a form stands for in a facet; the first that comes keeps the key."""
        key = stem_key(said)
        for form in (key, squashed(key)) if len(squashed(key)) > 4 else (key,):
            if form:
                self._values[form].setdefault(facet, tuple(values))

    def _bearer(self, form: str) -> _Title | None:
        """Return the newest item of a name: of those called so in full, else without an article."""
        places = self._titles.places(FORM, phrase_key(form.split()))
        if len(places) > _BEARERS:
            places = places[np.argsort(-self._titles.years(places), kind="stable")[:_BEARERS]]
        named = [(plain_key(n.title), n) for n in self._titles.at(places)]
        if not named:
            return None

        def rank(key: str) -> int:
            return 0 if key == form else 1 if without_articles(key) == form else 2

        key, best = min(named, key=lambda n: (rank(n[0]), -n[1].year, n[1].id))
        called = form if rank(key) == 2 else key
        content = [w for w in called.split() if w not in STOPWORDS]
        ordinary = all(w in self._common or w.isdigit() or len(w) < 3 for w in content)
        return _Title(best.id, ordinary and len(content) <= 2)

    def _titled(self, words: Sequence[Token]) -> set[tuple[int, int]]:
        """Return (first word, size) of the spans that a title may be called."""
        found: set[tuple[int, int]] = set()
        for said in ([t.plain for t in words], [t.name for t in words]):
            runs = run_keys(said, _LONGEST)
            if not runs:
                continue
            known = self._titles.knows(FORM, np.concatenate(runs))
            start = 0
            for size, keys in enumerate(runs, start=1):
                firsts = np.flatnonzero(known[start : start + len(keys)])
                found.update((first, size) for first in firsts.tolist())
                start += len(keys)
        return found

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions in a text; see `ValueIndex.mentions`."""
        words = tokens(text)
        taken: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
        found: list[Mention] = []
        reaches = [max(self._reach.get(form, 0) for form in set(t[2:])) for t in words]
        titled = self._titled(words)
        longest = max((*reaches, *(size for _, size in titled)), default=0)
        for size in range(longest, 0, -1):
            for first in range(len(words) - size + 1):
                if reaches[first] < size and (first, size) not in titled:
                    continue
                span = words[first : first + size]
                for facet, values in self._named(text, span, (first, size) in titled):
                    start, end = span[0].start, span[-1].end
                    if any(start < e and s < end for s, e in taken[facet]):
                        continue
                    taken[facet].append((start, end))
                    found.extend(Mention(start, end, facet, value) for value in values)
        return tuple(sorted(found, key=lambda m: (m.start, -m.end, m.facet or "")))

    def _named(
        self, text: str, span: Sequence[Token], titled: bool
    ) -> Iterator[tuple[str | None, tuple[str, ...]]]:
        """Yield (facet, values) for everything that a span of words names."""
        if len(span) > 1 or span[0].plain not in STOPWORDS:
            yield from self._values.get(" ".join(t.stem for t in span), {}).items()
        yield from self._people.named(tuple(t.name for t in span), _is_name(text, span))
        said = (" ".join(t.plain for t in span), " ".join(t.name for t in span)) if titled else ()
        for key in dict.fromkeys(said):
            title = self._title(key)
            if title is not None and (not title.common or _stands_out(text, span)):
                yield None, (title.id,)
                return


def _is_name(text: str, span: Sequence[Token]) -> bool:
    """Tell whether every word of a span has a capital that no sentence's start explains."""
    if not all(text[t.start].isupper() for t in span) or text == text.upper():
        return False
    return len(span) > 1 or not _SENTENCE_END.search(text[: span[0].start])


def _stands_out(text: str, span: Sequence[Token]) -> bool:
    """Tell whether a span is quoted, is the whole text, or has capitals that mark a title.

    At the start of a sentence the capital of a single word says nothing, unless the word stands
    alone there.
    """
    start, end = span[0].start, span[-1].end
    before, after = text[:start], text[end:]
    if not before.strip(" \"'“”") and not after.strip(" \"'.!?“”"):
        return True
    if _OPENING.search(before) and after and after[0] in "\"”’'»*_":
        return True
    content = [t for t in span if t.plain not in STOPWORDS] or list(span)
    lettered = [t for t in content if not t.plain.isdigit()]
    if not lettered or not all(text[t.start].isupper() for t in lettered) or text == text.upper():
        return False
    at_start = _SENTENCE_END.search(before) is not None
    return not at_start or len(span) > 1 or (bool(after) and after[0] in ",.!?")

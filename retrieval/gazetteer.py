"""Mentions of catalogue values in a text, by hash look-ups of its word n-grams.

Knows nothing of meaning or typos: what it finds is there word for word.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.lexical import STOPWORDS
from retrieval.linking import synonym_targets
from retrieval.people import PeopleLinker
from retrieval.types import Item, Schema
from retrieval.words import Token, fold, plain_key, squashed, stem_key, tokens, without_articles

_LONGEST = 12  # words of the longest n-gram looked up
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
    ids: tuple[str, ...]
    common: bool


class Gazetteer:
    """All names of a catalogue, each under the keys by which a text may hold it."""

    def __init__(
        self,
        schema: Schema,
        counts: Mapping[str, Counter[str]],
        items: Sequence[Item],
        people: PeopleLinker,
    ) -> None:
        self._people = people
        self._values: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for facet in schema.facets:
            if facet.kind not in ("category", "tags"):
                continue
            known = counts[facet.name]
            for value in known:
                self._add_value(value, facet.name, (value,))
            for expression, ways in facet.synonyms.items():
                targets, _ = synonym_targets(expression, known)
                for way in ways:
                    self._add_value(way, facet.name, targets)
        self._titles: dict[str, _Title] = {}
        self._add_titles(items)

    def _add_value(self, said: str, facet: str, values: Iterable[str]) -> None:
        key = stem_key(said)
        keys = {key, squashed(key)} if " " in key and len(squashed(key)) > 4 else {key}
        for key in keys - {""}:
            held = self._values[key]
            held.extend((facet, v) for v in values if (facet, v) not in held)

    def _add_titles(self, items: Sequence[Item]) -> None:
        ids: dict[str, list[Item]] = defaultdict(list)
        frequency: Counter[str] = Counter()
        for item in items:
            ids[plain_key(item.title)].append(item)
            words = (item.text, *(f for f in item.facts.values() if isinstance(f, str)))
            tags = (v for f in item.facts.values() if isinstance(f, tuple) for v in f)
            frequency.update({t.plain for part in (*words, *tags) for t in tokens(part)})
        for key, bearers in ids.items():
            bearers.sort(key=_newest)
            content = [w for w in key.split() if w not in STOPWORDS]
            common = all(frequency[w] > 1 or w.isdigit() or len(w) < 3 for w in content)
            title = _Title(tuple(item.id for item in bearers), common and len(content) <= 2)
            for form in dict.fromkeys((key, without_articles(key))):
                if form and form not in self._titles:
                    self._titles[form] = title

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions in a text; see `ValueIndex.mentions`."""
        words = tokens(text)
        taken: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
        found: list[Mention] = []
        for size in range(min(_LONGEST, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                span = words[first : first + size]
                for facet, values in self._named(text, span):
                    start, end = span[0].start, span[-1].end
                    if any(start < e and s < end for s, e in taken[facet]):
                        continue
                    taken[facet].append((start, end))
                    found.extend(Mention(start, end, facet, value) for value in values)
        return tuple(sorted(found, key=lambda m: (m.start, -m.end, m.facet or "")))

    def _named(
        self, text: str, span: Sequence[Token]
    ) -> Iterator[tuple[str | None, tuple[str, ...]]]:
        """Yield (facet, values) for everything that a span of words names."""
        by_facet: dict[str, list[str]] = {}
        for facet, value in self._values.get(" ".join(t.stem for t in span), ()):
            by_facet.setdefault(facet, []).append(value)
        for facet, values in by_facet.items():
            yield facet, tuple(values)
        yield from self._people.named(tuple(t.name for t in span), _is_name(text, span))
        for key in dict.fromkeys((" ".join(t.plain for t in span), " ".join(t.name for t in span))):
            title = self._titles.get(key)
            if title is not None and (not title.common or _stands_out(text, span)):
                yield None, title.ids[:1]
                return


def _is_name(text: str, span: Sequence[Token]) -> bool:
    """Tell whether every word of a span begins with a capital, or the text has none at all."""
    return all(text[t.start].isupper() for t in span) or text == text.lower()


def _stands_out(text: str, span: Sequence[Token]) -> bool:
    """Tell whether a span is quoted, is the whole text, or is capitalised within a sentence.

    A capital at the start of a sentence says nothing by itself, so there the next word must
    not be the rest of an ordinary sentence: the span must be followed by punctuation or be
    of more than one capitalised word.
    """
    start, end = span[0].start, span[-1].end
    before, after = text[:start], text[end:]
    if not text.strip(" \"'.!?“”").removeprefix(text[start:end]):
        return True
    if _OPENING.search(before) and after[:1] in "\"”’'»*_" and after:
        return True
    content = [t for t in span if t.plain not in STOPWORDS] or list(span)
    if not all(text[t.start].isupper() or text[t.start].isdigit() for t in content):
        return False
    if all(t.plain.isdigit() for t in content):
        return False
    if fold(text[start:end]) != text[start:end].lower() or text == text.upper():
        return False
    at_start = bool(_SENTENCE_END.search(before))
    return not at_start or len(span) > 1 or after[:1] in ",.!?" and bool(after)


def _newest(item: Item) -> tuple[float, str]:
    year = item.facts.get("year")
    return (-float(year) if isinstance(year, int | float) else 0.0, item.id)

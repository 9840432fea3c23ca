"""Mentions of catalogue values in a text, by hash look-ups of its word n-grams.

Knows nothing of meaning or typos: what it finds is there word for word.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.linking import by_stem, synonym_targets
from retrieval.people import PeopleLinker
from retrieval.types import Item, Schema
from retrieval.words import (
    STOPWORDS,
    Token,
    fold,
    plain_key,
    squashed,
    stem_key,
    tokens,
    without_articles,
)

_MAKERS = frozenset({"brand", "make", "maker", "manufacturer", "vendor", "company"})
# Words that say nothing of a value that is spelled like them, unless written as it is: Go, People.
_FILLERS = frozenset(
    "go come get make take see know need people person thing way day time lot work job home rest"
    " back right left end first last other new level here more less good best great".split()
)
_BRACKETED = re.compile(r"\s*\([^)]*\)\s*$")
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
        items: Sequence[Item],
        people: PeopleLinker,
        common: frozenset[str],
    ) -> None:
        self._people, self._common = people, common
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
        self._titles: dict[str, _Title] = {}
        self._add_titles(items)
        # First word → words of the longest name that begins with it: most n-grams of a text
        # begin no name at all.
        self._reach: dict[str, int] = {}
        for name in (*(k.split() for k in (*self._values, *self._titles)), *people.forms()):
            self._reach[name[0]] = max(self._reach.get(name[0], 0), min(len(name), _LONGEST))

    def _add_value(self, said: str, facet: str, values: Iterable[str]) -> None:
        """Note what a form stands for in a facet; the first that comes keeps the key."""
        key = stem_key(said)
        if key in self._common and not said[0].isalnum():
            return  # "for home" is no "@home"
        for form in (key, squashed(key)) if len(squashed(key)) > 4 else (key,):
            if form:
                self._values[form].setdefault(facet, tuple(values))

    def _add_titles(self, items: Sequence[Item]) -> None:
        bearers: dict[str, list[Item]] = defaultdict(list)
        models: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            bearers[plain_key(item.title)].append(item)
            model = plain_key(_model(item))
            if len(model.split()) > 1:
                models[model].append(item)
        for key, same in (*bearers.items(), *models.items()):
            content = [w for w in key.split() if w not in STOPWORDS]
            ordinary = all(w in self._common or w.isdigit() or len(w) < 3 for w in content)
            title = _Title(min(same, key=newest).id, ordinary and len(content) <= 2)
            for form in dict.fromkeys((key, without_articles(key))):
                if form:
                    self._titles.setdefault(form, title)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions in a text; see `ValueIndex.mentions`."""
        words = tokens(text)
        taken: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
        found: list[Mention] = []
        reaches = [max(self._reach.get(form, 0) for form in set(t[2:])) for t in words]
        for size in range(max(reaches, default=0), 0, -1):
            for first in range(len(words) - size + 1):
                if reaches[first] < size:
                    continue
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
        filler = len(span) == 1 and text[span[0].start : span[0].end] in _FILLERS
        if len(span) > 1 or span[0].plain not in STOPWORDS:
            named = self._values.get(" ".join(t.stem for t in span), {})
            yield from ((f, v) for f, v in named.items() if not (filler and _is_proper(v)))
        yield from self._people.named(tuple(t.name for t in span), _is_name(text, span))
        for key in dict.fromkeys((" ".join(t.plain for t in span), " ".join(t.name for t in span))):
            title = self._titles.get(key)
            if title is not None and (not title.common or _stands_out(text, span)):
                yield None, (title.id,)
                return


def _is_proper(values: Sequence[str]) -> bool:
    return all(value[:1].isupper() for value in values)


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


class OrdinaryWords:
    """Collects the folded words that descriptions and values use at least twice, or in small."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def add(self, item: Item) -> None:
        """Take an item."""
        tags = (v for f in item.facts.values() if isinstance(f, tuple) for v in f if v.islower())
        self._seen.update(re.findall(r"\w+", fold(" ".join((item.text, *tags)))))

    def words(self) -> frozenset[str]:
        """Return the words so far, and the function words."""
        return frozenset(word for word, n in self._seen.items() if n > 1) | STOPWORDS


def ordinary_words(items: Iterable[Item]) -> frozenset[str]:
    """Return the ordinary words of some items."""
    seen = OrdinaryWords()
    for item in items:
        seen.add(item)
    return seen.words()


def _model(item: Item) -> str:
    """Return a product's title without its maker and brackets: "iPad mini"; empty for others."""
    for name in _MAKERS & item.facts.keys():
        maker = item.facts[name]
        if isinstance(maker, str) and item.title.lower().startswith(f"{maker.lower()} "):
            return _BRACKETED.sub("", item.title[len(maker) + 1 :])
    return ""


def newest(item: Item) -> tuple[float, str]:
    """Return a sort key that puts the newest item first, ties by id."""
    year = item.facts.get("year")
    return (-float(year) if isinstance(year, int | float) else 0.0, item.id)

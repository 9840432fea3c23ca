"""Titles as people write them → items: halves, numerals, articles, typos, remakes.

Knows nothing of what the items are beyond their titles and years.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from retrieval.types import Item
from retrieval.words import ARTICLES, STOPWORDS, plain_key, stem

FUZZY = 85.0  # least rapidfuzz ratio, 0 to 100
_SHORTEST_FUZZY = 4
_MOST = 20
_YEAR = re.compile(r"[\s,]*[(\[]?\b((?:18|19|20)\d\d)\b[)\]]?\s*$")
_NUMBER = re.compile(r"\d+")
_LEET = str.maketrans("013457", "oieasv")
_NUMERALS = {
    word: digit
    for digit, words in {
        "1": "one i first",
        "2": "two ii second",
        "3": "three iii third",
        "4": "four iv fourth",
        "5": "five v fifth",
        "6": "six vi sixth",
        "7": "seven vii seventh",
        "8": "eight viii eighth",
        "9": "nine ix ninth",
        "10": "ten x tenth",
    }.items()
    for word in words.split()
}
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"})
_COUNTERS = frozenset({"part", "volume", "vol", "episode", "chapter", "no", "number", "pt"})


def canonical(title: str) -> str:
    """Return a title's key: folded, no articles, "Part II" as "2"."""
    words = [_unleet(word) for word in plain_key(title).split()]
    out: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after_counter = before in _COUNTERS
        if word in _COUNTERS and place + 1 < len(words) and words[place + 1] in _NUMERALS:
            continue
        if word in _COUNTERS and place + 1 < len(words) and words[place + 1].isdigit():
            continue
        if word in _NUMERALS and (after_counter or (place and word in _ROMAN and word != "i")):
            out.append(_NUMERALS[word])
        elif word not in ARTICLES or len(words) == 1:
            out.append(word)
    return " ".join(out or words)


def _unleet(word: str) -> str:
    """Return a word with the letters that its inner digits stand for: se7en → seven."""
    if word.isalpha() or not (word[0].isalpha() and word[-1].isalpha()):
        return word
    return word.translate(_LEET)


def _acronyms(title: str) -> set[str]:
    """Return the initials of a title and of what stands before its colon, of three or more."""
    out = set()
    for part in (title, title.partition(":")[0]):
        words = plain_key(part).split()
        for form in (words, words[1:] if words and words[0] in ARTICLES else words):
            out.add("".join(word[0] for word in form))
    return {a for a in out if len(a) >= 3 and a.isalpha()}


class TitleLinker:
    """The titles of a catalogue.

    Parameters
    ----------
    items
        All items.
    newest_first
        How the items that share the words of a half title are ordered: products newest first,
        works of a series by year.
    """

    def __init__(self, items: Sequence[Item], newest_first: bool) -> None:
        self._year = {item.id: _year_of(item) for item in items}
        self._sign = -1.0 if newest_first else 1.0
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._holding: dict[str, set[str]] = defaultdict(set)
        self._key: dict[str, str] = {}
        self._acronym: dict[str, list[str]] = defaultdict(list)
        self._stemmed: dict[str, list[str]] = defaultdict(list)
        for item in items:
            key = canonical(item.title)
            self._key[item.id] = key
            self._exact[key].append(item.id)
            self._stemmed[" ".join(map(stem, key.split()))].append(item.id)
            for word in set(key.split()):
                self._holding[stem(word)].add(item.id)
            for acronym in _acronyms(item.title):
                self._acronym[acronym].append(item.id)
        self._texts = list(self._exact)

    def link(self, text: str) -> tuple[str, ...]:
        """Return the ids that a span may name, best first; () if none is close."""
        for said, year in _readings(text):
            ids = self._named(canonical(said))
            if year is not None:
                ids = tuple(i for i in ids if abs(self._year[i] - year) <= 1)
            if ids:
                return ids[:_MOST]
        return ()

    def _named(self, key: str) -> tuple[str, ...]:
        if not key:
            return ()
        stemmed = " ".join(map(stem, key.split()))
        same = self._exact.get(key) or self._stemmed.get(stemmed)
        if same:
            return tuple(sorted(same, key=lambda i: (-self._year[i], i)))
        return self._half(stemmed) or self._initials(key) or self._typo(key)

    def _initials(self, key: str) -> tuple[str, ...]:
        return tuple(sorted(self._acronym.get(key, ()), key=self._by_year))

    def _by_year(self, i: str) -> tuple[float, str]:
        return self._sign * self._year[i], i

    def _half(self, stemmed: str) -> tuple[str, ...]:
        """Return the items whose titles hold all words; runs at the start first, then runs."""
        words = stemmed.split()
        content = [w for w in words if w not in STOPWORDS]
        if not content:
            return ()
        groups = [self._holding.get(w, set()) for w in words]
        holders = set.intersection(*groups) if groups else set()

        def order(i: str) -> tuple[int, float, str]:
            title = " ".join(map(stem, self._key[i].split()))
            place = 0 if f"{title} ".startswith(f"{stemmed} ") else 2
            if place and f" {stemmed} " in f" {title} ":
                place = 1
            return place, self._sign * self._year[i], i

        return tuple(sorted(holders, key=order))

    def _typo(self, key: str) -> tuple[str, ...]:
        if len(key) < _SHORTEST_FUZZY:
            return ()
        close = process.extract(
            key, self._texts, scorer=fuzz.ratio, score_cutoff=FUZZY, limit=_MOST
        )
        # A number is never a typo: "Toy Story 4" is not "Toy Story 3".
        numbers = _NUMBER.findall(key)
        close = [found for found in close if _NUMBER.findall(found[0]) == numbers]
        ids = [(score, i) for name, score, _ in close for i in self._exact[name]]
        return tuple(i for _, i in sorted(ids, key=lambda p: (-p[0], -self._year[p[1]], p[1])))


def _readings(text: str) -> list[tuple[str, int | None]]:
    """Return a span as it stands, and with a year at its end taken for the item's year."""
    match = _YEAR.search(text)
    if match is None or not match.start():
        return [(text, None)]
    return [(text, None), (text[: match.start()], int(match.group(1)))]


def _year_of(item: Item) -> float:
    year = item.facts.get("year")
    return float(year) if isinstance(year, int | float) else 0.0

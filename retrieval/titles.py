"""Titles as people write them → items: halves, numerals, articles, typos, remakes.

Knows nothing of what the items are beyond their titles and years.
"""

import re
from collections import defaultdict
from collections.abc import Container, Sequence

from rapidfuzz import fuzz, process

from retrieval.types import Item
from retrieval.words import ARTICLES, STOPWORDS, plain_key, stem

FUZZY = 85.0  # least rapidfuzz ratio, 0 to 100
FUZZY_WORD = 88.0  # and for a title of one word
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
    common
        Words that occur in ordinary text; one of them alone is no half title of a work.
    products
        Whether the items are products rather than works: of products that share the words of a
        half title the newest comes first, and the words may come in any order; of works the
        first of the series does.
    """

    def __init__(self, items: Sequence[Item], common: frozenset[str], products: bool) -> None:
        self._common, self._products = common, products
        self._year = {item.id: _year_of(item) for item in items}
        self._plain: dict[str, str] = {}
        self._stems: dict[str, tuple[str, ...]] = {}
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._stemmed: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._holding: dict[str, set[str]] = defaultdict(set)
        self._acronym: dict[str, list[str]] = defaultdict(list)
        for item in items:
            self._add(item)
        self._texts = list(self._exact)
        self._words = [w for w, held in self._holding.items() if w.isalpha() and len(held) > 1]

    def _add(self, item: Item) -> None:
        key = canonical(item.title)
        words = tuple(map(stem, key.split()))
        self._plain[item.id] = plain_key(item.title)
        self._stems[item.id] = words
        self._exact[key].append(item.id)
        self._stemmed[words].append(item.id)
        for word in words:
            self._holding[word].add(item.id)
        for acronym in _acronyms(item.title):
            self._acronym[acronym].append(item.id)

    def link(self, text: str) -> tuple[str, ...]:
        """Return the ids that a span may name, best first; () if none is close."""
        for said, year in _readings(text):
            ids = self._named(said)
            if year is not None:
                ids = tuple(i for i in ids if abs(self._year[i] - year) <= 1)
            if ids:
                return ids[:_MOST]
        return ()

    @property
    def words(self) -> Container[str]:
        """The stems of all words of titles."""
        return self._holding.keys()

    def respelled(self, word: str) -> str:
        """Return the word of several titles that a word is but for a typo, or the word itself."""
        said = word.casefold()
        if len(said) < _SHORTEST_FUZZY or stem(said) in self._holding or said in self._common:
            return word
        close = process.extractOne(stem(said), self._words, scorer=fuzz.ratio, score_cutoff=FUZZY)
        return close[0] if close is not None and close[0][:1] == said[:1] else word

    def series(self, text: str) -> tuple[str, ...]:
        """Return the ids of the items whose titles are the words of a text or begin with them."""
        key = canonical(text)
        words = key.split()
        if not words:
            return ()
        holders = set.intersection(*(self._holding.get(stem(w), set()) for w in words))
        named = {i for i in holders if f"{canonical(self._plain[i])} ".startswith(f"{key} ")}
        return tuple(sorted(named, key=self._by_year))

    def _named(self, said: str) -> tuple[str, ...]:
        key, plain = canonical(said), plain_key(said)
        if not key:
            return ()
        words = tuple(map(stem, key.split()))
        # One ordinary word is a title only if it is one to the letter: "kids" is not "The Kid".
        ordinary = len(words) == 1 and key in self._common
        same = self._exact.get(key) or ([] if ordinary else self._stemmed.get(words, []))
        if same:
            by_age = sorted(same, key=lambda i: (self._plain[i] != plain, -self._year[i], i))
            return tuple(by_age)
        if ordinary and not self._products:
            return ()
        initials = tuple(sorted(self._acronym.get(key, ()), key=self._by_year))
        return self._half(key, words) or initials or self._typo(key)

    def _by_year(self, i: str) -> tuple[float, str]:
        year = self._year[i]
        return (-year if self._products else year), i

    def _half(self, key: str, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the items whose titles begin with the words, or hold them; see `_place`."""
        content = [w for w in words if w not in STOPWORDS]
        if not content or (len(words) == 1 and words[0].isdigit() and len(words[0]) < 4):
            return ()
        holders = set.intersection(*(self._holding.get(w, set()) for w in words))
        if len(words) == 1:
            # A plural is another title: "Guardians" is no half of "The Guardian of the Bees".
            holders = {i for i in holders if key in self._plain[i].split()}
        placed = [(place, i) for i in holders if (place := self._place(words, i)) is not None]
        return tuple(i for _, i in sorted(placed, key=lambda p: (p[0], *self._by_year(p[1]))))

    def _place(self, words: tuple[str, ...], i: str) -> int | None:
        """Return 0 if a title begins with the words, 1 if it holds them in a row, 2 if scattered.

        Scattered words count for a work only if they come in order and are more than two thirds
        of its title.
        """
        title = self._stems[i]
        size = len(words)
        runs = [n for n in range(len(title) - size + 1) if title[n : n + size] == words]
        if runs:
            return min(runs[0], 1)
        if self._products:
            return 2
        rest = iter(title)
        in_order = all(word in rest for word in words)
        length = sum(w not in STOPWORDS for w in title)
        return 2 if in_order and sum(w not in STOPWORDS for w in words) > length * 2 / 3 else None

    def _typo(self, key: str) -> tuple[str, ...]:
        if len(key) < _SHORTEST_FUZZY:
            return ()
        # In a single word one letter weighs more: "snatched" is not "Snatch".
        least = FUZZY if " " in key else FUZZY_WORD
        close = process.extract(
            key, self._texts, scorer=fuzz.ratio, score_cutoff=least, limit=_MOST
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

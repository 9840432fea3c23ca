"""Titles as people write them → items: halves, numerals, articles, typos, remakes.

Knows nothing of what the items are beyond their titles and years.
"""

import re
from collections import Counter
from collections.abc import Collection, Container, Sequence

import numpy as np
from rapidfuzz import fuzz

from retrieval.postings import Places, key_of, phrase_key
from retrieval.title_keys import ACRONYM, FIRST, STEMMED, WHOLE, WORD, Named, Titles
from retrieval.title_words import canonical
from retrieval.words import STOPWORDS, plain_key, stem

FUZZY = 85.0  # least rapidfuzz ratio, 0 to 100
FUZZY_WORD = 88.0  # and for a title of one word
_SHORTEST_FUZZY = 4
_MOST = 20
_JUDGED = 1000  # titles that are looked at one by one
_ALIKE = 400  # and those that share most trigrams with a misspelled one
_YEAR = re.compile(r"[\s,]*[(\[]?\b((?:18|19|20)\d\d)\b[)\]]?\s*$")
_NUMBER = re.compile(r"\d+")
_HEADED = 50  # titles with a word that are looked at for whether it is their head
_PART = re.compile(r"\s+[-–—|]\s+|[,:(\[/–—|]")


def head_of(title: str) -> str:
    """Return the stem of the noun that a product's title is about: "Nurse (m/f) - Leeds" → nurse.

    The last word of its first part; empty where that is no word.
    """
    parts = (words for part in _PART.split(title) if (words := plain_key(part).split()))
    words = next(parts, [])
    return stem(words[-1]) if words and words[-1].isalpha() else ""


class TitleLinker:
    """The titles of a catalogue.

    Parameters
    ----------
    titles
        The titles by their keys.
    common
        Words that occur in ordinary text; one of them alone is no half title of a work.
    products
        Whether the items are products rather than works: of products that share the words of a
        half title the newest comes first, and the words may come in any order; of works the
        first of the series does.
    """

    def __init__(self, titles: Titles, common: Container[str], products: bool) -> None:
        self._titles, self._common, self._products = titles, common, products

    def link(self, text: str) -> tuple[str, ...]:
        """Return the ids that a span may name, best first; () if none is close."""
        for said, year in _readings(text):
            found = self._named(said)
            if year is not None:
                found = [n for n in found if abs(n.year - year) <= 1]
            if found:
                return tuple(n.id for n in found[:_MOST])
        return ()

    def known(self, stems: Collection[str]) -> frozenset[str]:
        """Return which stems are words of titles."""
        listed = sorted(stems)
        keys = np.array([key_of(word) for word in listed], dtype=np.uint64)
        held = self._titles.knows(WORD, keys).tolist() if listed else []
        return frozenset(word for word, is_held in zip(listed, held, strict=True) if is_held)

    def heads(self, stems: Collection[str], at_least: int = 1) -> frozenset[str]:
        """Return which stems are what so many products' titles are about; see `head_of`."""
        found = set()
        for word in self.known(stems) if self._products else ():
            holders = self._titles.at(self._titles.places(WORD, key_of(word))[:_HEADED])
            if sum(head_of(n.title) == word for n in holders) >= at_least:
                found.add(word)
        return frozenset(found)

    def respelled(self, word: str) -> str:
        """Return the word of several titles that a word is but for a typo, or the word itself."""
        said = stem(word.casefold())
        if len(said) < _SHORTEST_FUZZY or said in self._common or self.known({said}):
            return word
        near = self._titles.at(self._titles.alike(said, _ALIKE))
        counts = Counter(w for n in near for w in {stem(t) for t in plain_key(n.title).split()})
        offers = [w for w, n in counts.items() if n > 1 and w[:1] == said[:1] and w.isalpha()]
        best = max(offers, key=lambda w: fuzz.ratio(said, w), default="")
        return best if fuzz.ratio(said, best) >= FUZZY else word

    def series(self, text: str) -> tuple[str, ...]:
        """Return the ids of the items whose titles are the words of a text or begin with them."""
        key = canonical(text)
        words = tuple(map(stem, key.split()))
        if not words:
            return ()
        begun = np.intersect1d(self._holding(words), self._begun(words), assume_unique=True)
        found = self._titles.at(self._foremost(begun, _JUDGED))
        named = [n for n in found if f"{canonical(n.title)} ".startswith(f"{key} ")]
        return tuple(n.id for n in sorted(named, key=self._by_year))

    def _named(self, said: str) -> list[Named]:
        key, plain = canonical(said), plain_key(said)
        if not key:
            return []
        words = tuple(map(stem, key.split()))
        # One ordinary word is a title only if it is one to the letter: "kids" is not "The Kid".
        ordinary = len(words) == 1 and key in self._common
        same = self._titles.places(WHOLE, phrase_key(key.split()))
        if not len(same) and not ordinary:
            same = self._titles.places(STEMMED, phrase_key(words))
        if len(same):
            found = self._titles.at(self._foremost(same, _JUDGED))
            return sorted(found, key=lambda n: (plain_key(n.title) != plain, -n.year, n.id))
        if ordinary and not self._products:
            return []
        return self._half(key, words) or self._initialled(key) or self._typo(key)

    def _by_year(self, named: Named) -> tuple[float, str]:
        return (-named.year if self._products else named.year), named.id

    def _initialled(self, key: str) -> list[Named]:
        places = self._titles.places(ACRONYM, key_of(key))
        return sorted(self._titles.at(self._foremost(places, _JUDGED)), key=self._by_year)

    def _holding(self, words: Sequence[str]) -> Places:
        """Return the places whose titles hold all words, rising."""
        lists = (self._titles.places(WORD, key_of(word)) for word in dict.fromkeys(words))
        held = sorted(lists, key=len)
        for more in held[1:]:
            held[0] = np.intersect1d(held[0], more, assume_unique=True)
        return held[0]

    def _begun(self, words: Sequence[str]) -> Places:
        return self._titles.places(FIRST, key_of(words[0]))

    def _foremost(self, places: Places, most: int) -> Places:
        """Return the places that come first by year, at most so many."""
        if len(places) <= most:
            return places
        years = self._titles.years(places)
        return places[np.argsort(-years if self._products else years, kind="stable")[:most]]

    def _half(self, key: str, words: tuple[str, ...]) -> list[Named]:
        """Return the items whose titles begin with the words, or hold them; see `_place`."""
        content = [w for w in words if w not in STOPWORDS]
        if not content or (len(words) == 1 and words[0].isdigit() and len(words[0]) < 4):
            return []
        holders = self._holding(words)
        if len(holders) > _JUDGED:
            # So many share the words that only the likeliest are looked at.
            begun = np.intersect1d(holders, self._begun(words), assume_unique=True)
            others = np.setdiff1d(holders, begun, assume_unique=True)
            first = self._foremost(begun, _JUDGED)
            holders = np.concatenate([first, self._foremost(others, _JUDGED - len(first))])
        found = self._titles.at(holders)
        if len(words) == 1:
            # A plural is another title: "Guardians" is no half of "The Guardian of the Bees".
            found = [n for n in found if key in plain_key(n.title).split()]
        placed = [(place, n) for n in found if (place := self._place(words, n.title)) is not None]
        return [n for _, n in sorted(placed, key=lambda p: (p[0], *self._by_year(p[1])))]

    def _place(self, words: tuple[str, ...], title: str) -> int | None:
        """Return 0 if a title begins with the words, 1 if it holds them in a row, 2 if scattered.

        Scattered words count for a work only if they come in order and are more than two thirds
        of its title.
        """
        own = tuple(map(stem, canonical(title).split()))
        size = len(words)
        runs = [n for n in range(len(own) - size + 1) if own[n : n + size] == words]
        if runs:
            return min(runs[0], 1)
        if self._products:
            return 2
        rest = iter(own)
        in_order = all(word in rest for word in words)
        length = sum(w not in STOPWORDS for w in own)
        return 2 if in_order and sum(w not in STOPWORDS for w in words) > length * 2 / 3 else None

    def _typo(self, key: str) -> list[Named]:
        if len(key) < _SHORTEST_FUZZY:
            return []
        # In a single word one letter weighs more: "snatched" is not "Snatch".
        least = FUZZY if " " in key else FUZZY_WORD
        # A number is never a typo: "Toy Story 4" is not "Toy Story 3".
        numbers = _NUMBER.findall(key)
        close = []
        for named in self._titles.at(self._titles.alike(key, _ALIKE)):
            own = canonical(named.title)
            score = fuzz.ratio(key, own, score_cutoff=least)
            if score and _NUMBER.findall(own) == numbers:
                close.append((-score, -named.year, named.id, named))
        return [named for *_, named in sorted(close)]


def _readings(text: str) -> list[tuple[str, int | None]]:
    """Return a span as it stands, and with a year at its end taken for the item's year."""
    match = _YEAR.search(text)
    if match is None or not match.start():
        return [(text, None)]
    return [(text, None), (text[: match.start()], int(match.group(1)))]

"""Words that texts use as words: a title or a surname among them names nothing by itself.

Knows nothing of titles and people.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from retrieval.postings import KeySet, Sorter, key_of, write_frequent
from retrieval.types import Item
from retrieval.words import STOPWORDS, fold

_LEAST = 2  # times that a word is used
_NAME = "ordinary.keys"


def _words_of(item: Item) -> list[str]:
    """Return the folded words of an item's description and of its values in small letters."""
    tags = (v for f in item.facts.values() if isinstance(f, tuple) for v in f if v.islower())
    return re.findall(r"\w+", fold(" ".join((item.text, *tags))))


def ordinary_words(items: Iterable[Item]) -> frozenset[str]:
    """Return the words that items use at least twice, and the function words."""
    seen: Counter[str] = Counter()
    for item in items:
        seen.update(_words_of(item))
    return frozenset(word for word, n in seen.items() if n >= _LEAST) | STOPWORDS


class OrdinaryWriter:
    """Takes one item after the other and writes their ordinary words into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._sorter, self._size = folder, Sorter(folder), 0

    def add(self, item: Item) -> None:
        """Take the next item."""
        counts = Counter(_words_of(item))
        self._sorter.add(map(key_of, counts), self._size, counts.values())
        self._size += 1

    def write(self) -> None:
        """Write the words."""
        write_frequent(self._folder / _NAME, self._sorter, _LEAST)


class OrdinaryWords(Container[str]):
    """The ordinary words of some segments, and the function words."""

    def __init__(self, sets: Sequence[KeySet]) -> None:
        self._sets = sets

    def __contains__(self, word: object) -> bool:
        return word in STOPWORDS or any(word in held for held in self._sets)


def read_ordinary(folder: Path) -> KeySet:
    """Return what an `OrdinaryWriter` wrote into a folder."""
    return KeySet.read(folder / _NAME)

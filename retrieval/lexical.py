"""BM25 over the words of items: title, people, tags, values and text, lightly stemmed.

Lives in a folder and is mapped into memory; knows nothing of vectors and of filters.
"""

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval.embedding import FloatArray
from retrieval.postings import Part, Postings, Sorter, key_of, write
from retrieval.types import Item
from retrieval.words import STOPWORDS, stem, stems

_NAME = "words"
_K1, _B = 1.5, 0.75  # as BM25 is commonly used
_STOP_STEMS = frozenset(map(stem, STOPWORDS))


def words_of(text: str) -> list[str]:
    """Return the stems of a text's words without English function words."""
    return [word for word in stems(text) if word not in _STOP_STEMS]


def document(item: Item) -> str:
    """Return what BM25 reads of an item: title, worded facts, text."""
    words = [f if isinstance(f, str) else " ".join(f) for f in _worded(item)]
    return " ".join((item.title, *words, item.text))


def _worded(item: Item) -> list[str | tuple[str, ...]]:
    return [f for f in item.facts.values() if isinstance(f, str | tuple)]


def names(item: Item, phrase: str) -> bool:
    """Tell whether an item's title, facts or text hold a phrase, word for word, stemmed."""
    words = words_of(phrase)
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(words_of(document(item)))} "


class Lexical:
    """A BM25 index (Lucene's variant, k1 = 1.5, b = 0.75) of `size` items, read from its folder."""

    def __init__(self, folder: Path, size: int) -> None:
        self._size = size
        self._held = Postings.read(folder / _NAME)

    def holders(self, word: str) -> int:
        """Return how many items hold a stem."""
        return len(self._held.places(key_of(word)))

    def scores(self, words: Mapping[str, float]) -> FloatArray:
        """Return every item's score, 0 or more, shape (n,), for stems and what each is worth.

        A stem's worth is its rarity (`rarity`) over all segments.
        """
        out = np.zeros(self._size, dtype=np.float32)
        for word, worth in words.items():
            key = key_of(word)
            # No place comes twice, so this adds to each; the cost is that of the holders alone.
            out[self._held.places(key)] += self._held.weights(key) * np.float32(worth)
        return out


class LexicalWriter:
    """Takes the words of one item after the other and writes the index into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._sorter = folder, Sorter(folder)
        self._lengths = array("I")

    def add(self, words: Sequence[str]) -> None:
        """Take the next item's words."""
        counts = Counter(words)
        self._sorter.add(map(key_of, counts), len(self._lengths), counts.values())
        self._lengths.append(len(words))

    def write(self) -> None:
        """Write the index."""
        lengths = np.array(self._lengths, dtype=np.float64)
        relative = lengths / max(float(lengths.mean()) if len(lengths) else 0.0, 1e-9)
        norms = _K1 * (1 - _B + _B * relative)

        def weigh(part: Part) -> FloatArray:
            return (part.times / (norms[part.places] + part.times)).astype(np.float32)

        write(self._folder / _NAME, self._sorter, weigh)


def rarity(items: int, holders: int) -> float:
    """Return the inverse document frequency of Lucene's BM25."""
    return math.log(1 + (items - holders + 0.5) / (holders + 0.5))

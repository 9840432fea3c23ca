"""BM25 over the words of items: title, people, tags, values and text, lightly stemmed.

Lives in a folder and is mapped into memory; knows nothing of vectors and of filters.
"""

import math
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import FloatArray
from retrieval.types import Item
from retrieval.words import STOPWORDS, stem, stems

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
    """A BM25 index (Lucene's variant, k1 = 1.5, b = 0.75) read from its folder."""

    def __init__(self, folder: Path, size: int) -> None:
        import bm25s

        self._size = size
        self._bm25 = (
            bm25s.BM25.load(folder, mmap=True, show_progress=False) if folder.is_dir() else None
        )

    @classmethod
    def write(cls, corpus: Iterable[list[str]], folder: Path) -> None:
        """Write the index of documents, each a list of words, in order; none for no words."""
        import bm25s

        held = [[sys.intern(word) for word in words] for words in corpus]
        if any(held):
            bm25 = bm25s.BM25()
            bm25.index(held, show_progress=False)
            bm25.save(folder, show_progress=False)

    def holders(self, word: str) -> int:
        """Return how many items hold a stem."""
        return len(self._holding(word)[0])

    def scores(self, words: Mapping[str, float]) -> FloatArray:
        """Return every item's score, 0 or more, shape (n,), for stems and what each is worth.

        A stem's worth is its rarity (`rarity`) over all segments, in place of that in this one.
        """
        out = np.zeros(self._size, dtype=np.float32)
        for word, worth in words.items():
            places, scores = self._holding(word)
            if len(places):
                # No place comes twice, so this adds to each; the cost is that of the holders alone.
                out[places] += scores * np.float32(worth / rarity(self._size, len(places)))
        return out

    def _holding(self, word: str) -> tuple[NDArray[np.int32], FloatArray]:
        """Return the places that hold a stem, and their scores for it, both of shape (n,)."""
        place = None if self._bm25 is None else self._bm25.vocab_dict.get(word)
        if self._bm25 is None or place is None:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        held = self._bm25.scores
        part = slice(int(held["indptr"][place]), int(held["indptr"][place + 1]))
        places = np.asarray(held["indices"][part], dtype=np.int32)
        return places, np.asarray(held["data"][part], dtype=np.float32)


def rarity(items: int, holders: int) -> float:
    """Return the inverse document frequency of Lucene's BM25."""
    return math.log(1 + (items - holders + 0.5) / (holders + 0.5))

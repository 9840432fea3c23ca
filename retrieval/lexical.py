"""BM25 over the words of items: title, people, tags, values and text, lightly stemmed.

Lives in memory and is built from the items; knows nothing of vectors and of filters.
"""

from collections.abc import Sequence

import numpy as np

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


class Lexical:
    """A BM25 index (Lucene's variant, k1 = 1.5, b = 0.75); row i is the i-th item given.

    `rows` maps an item's id to its row.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        import bm25s

        self._size = len(items)
        corpus = [words_of(document(item)) for item in items]
        self.rows = {item.id: row for row, item in enumerate(items)}
        self._stems = [f" {' '.join(words)} " for words in corpus]
        self._vocabulary = {word for words in corpus for word in words}
        self._bm25 = bm25s.BM25()
        if self._vocabulary:
            self._bm25.index(corpus, show_progress=False)

    def scores(self, text: str) -> FloatArray:
        """Return every item's score divided by the best one, in [0, 1], shape (n,).

        All zeros when no word of the text occurs in the catalogue.
        """
        words = [word for word in words_of(text) if word in self._vocabulary]
        if not words:
            return np.zeros(self._size, dtype=np.float32)
        scores: FloatArray = self._bm25.get_scores(words).astype(np.float32)
        best = float(scores.max())
        return scores / np.float32(best) if best > 0 else scores

    def names(self, id_: str, phrase: str) -> bool:
        """Tell whether an item's title, facts or text hold a phrase, word for word, stemmed."""
        words = words_of(phrase)
        return bool(words) and f" {' '.join(words)} " in self._stems[self.rows[id_]]

"""BM25 over the words of a few texts, all in memory. Knows nothing of what the texts are."""

from collections.abc import Sequence

import numpy as np

from retrieval.embedding import FloatArray
from retrieval.lexical import words_of


class Words:
    """A BM25 index (Lucene's variant, k1 = 1.5, b = 0.75); row i is the i-th text given."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._size = len(texts)
        corpus = [words_of(text) for text in texts]
        self._known = {word for words in corpus for word in words}
        self._bm25 = bm25s.BM25()
        if self._known:
            self._bm25.index(corpus, show_progress=False)

    def scores(self, text: str) -> FloatArray:
        """Return every text's score divided by the best one, in [0, 1], shape (n,)."""
        words = [word for word in words_of(text) if word in self._known]
        scores = np.zeros(self._size, dtype=np.float32)
        if words:
            scores = np.asarray(self._bm25.get_scores(words), dtype=np.float32)
        best = np.float32(scores.max(initial=0.0))
        return scores / best if best > 0 else scores

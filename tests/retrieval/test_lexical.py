"""BM25 read from its folder."""

import bm25s
import numpy as np

from retrieval.lexical import Lexical, LexicalWriter, rarity

CORPUS = [["red", "wool", "rug"], ["red", "curtain"], ["oak", "chair", "oak"], []]


def _written(corpus, folder):
    writer = LexicalWriter(folder)
    for words in corpus:
        writer.add(words)
    writer.write()
    return Lexical(folder, len(corpus))


def test_scores_are_those_of_the_library(tmp_path):
    ours = _written(CORPUS, tmp_path)
    words = ("red", "oak", "glass")
    worth = {w: rarity(len(CORPUS), ours.holders(w)) for w in words}
    library = bm25s.BM25()
    library.index(CORPUS, show_progress=False)
    expected = library.get_scores(["red", "oak"])
    np.testing.assert_allclose(ours.scores(worth), expected, rtol=1e-5)
    assert expected[1] > expected[0] > 0 and expected[2] > 0 and expected[3] == 0
    assert [ours.holders(w) for w in words] == [2, 1, 0]


def test_a_catalogue_without_words_scores_nothing(tmp_path):
    assert not _written([[], []], tmp_path).scores({"red": 1.0}).any()

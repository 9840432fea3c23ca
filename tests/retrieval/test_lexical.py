"""BM25 read from its folder."""

import bm25s
import numpy as np

from retrieval.lexical import Lexical, rarity

CORPUS = [["red", "wool", "rug"], ["red", "curtain"], ["oak", "chair", "oak"], []]


def test_scores_are_those_of_the_library(tmp_path):
    Lexical.write(CORPUS, tmp_path / "words")
    ours = Lexical(tmp_path / "words", len(CORPUS))
    words = ("red", "oak", "glass")
    worth = {w: rarity(len(CORPUS), ours.holders(w)) for w in words}
    library = bm25s.BM25.load(tmp_path / "words", show_progress=False)
    expected = library.get_scores(["red", "oak"])
    np.testing.assert_allclose(ours.scores(worth), expected, rtol=1e-5)
    assert expected[1] > expected[0] > 0 and expected[2] > 0 and expected[3] == 0
    assert [ours.holders(w) for w in words] == [2, 1, 0]


def test_a_catalogue_without_words_scores_nothing(tmp_path):
    Lexical.write([[], []], tmp_path / "words")
    assert not Lexical(tmp_path / "words", 2).scores({"red": 1.0}).any()

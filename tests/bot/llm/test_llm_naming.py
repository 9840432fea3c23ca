import pytest

from bot.llm import build
from bot.llm.errors import CorruptWeights, UnknownModel, UnknownQuantization
from bot.llm.fake import FakeLLM
from bot.llm.naming import Checkpoint, Endpoint, parse


def test_every_form_of_name_is_understood(tmp_path):
    assert parse("pocket") == "pocket"
    assert parse(" fake ") == "fake"
    assert parse("openai:http://localhost:8000/v1/#a/b:7b") == Endpoint(
        "http://localhost:8000/v1", "a/b:7b"
    )
    assert parse("openai:https://[::1]:1/v1#m") == Endpoint("https://[::1]:1/v1", "m")
    for name in ("Qwen/Qwen3-4B-Instruct-2507", "gpt2", str(tmp_path), "./model", "~/model"):
        assert parse(name) == Checkpoint(name)


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a/b/c", "http://h:1/v1", "openai:", "openai:http://h/v1", "openai:#m"]
    + [
        "openai:ftp://h/v1#m",
        "openai:http://h:99999/v1#m",
        "openai:http://[x/v1#m",
        "Ünder/score?",
    ],
)
def test_other_names_are_refused_with_how_to_name_an_endpoint(name):
    with pytest.raises(UnknownModel, match=r"openai:http://") as caught:
        parse(name)
    assert repr(name) in str(caught.value)


def test_a_password_in_an_endpoints_address_is_refused_and_not_repeated():
    with pytest.raises(UnknownModel, match="CONCIERGE_LLM_API_KEY") as caught:
        parse("openai:http://me:hunter2@h/v1#m")
    assert "hunter2" not in str(caught.value)


def test_an_unknown_quantization_is_refused_before_anything_loads(tmp_path):
    with pytest.raises(UnknownQuantization, match="nf4, int8, none, came 'int3'"):
        build("pocket", "int3", tmp_path)


def test_the_fake_is_built_by_name_and_answers(tmp_path, situation):
    llm = build("fake", "none", tmp_path)
    assert isinstance(llm, FakeLLM)
    assert llm.read([situation])[0].act == "recommend"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UnknownModel, match="nothing-here"):
        build(str(tmp_path / "nothing-here"), "none", tmp_path)


def test_an_embedded_model_of_ones_own_with_missing_weights_is_refused(tmp_path):
    (tmp_path / "pocket").mkdir()
    (tmp_path / "pocket" / "config.json").write_text("{}")
    with pytest.raises(CorruptWeights, match="SHA256SUMS"):
        build("pocket", "none", tmp_path)

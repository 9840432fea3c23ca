import json
from dataclasses import replace

import pytest
from stub_endpoint import READING, refusal

from bot.llm import build
from bot.llm.endpoint import EndpointLLM
from bot.llm.errors import Closed, ModelUnavailable, UnknownModel, UnusableAnswer
from bot.reading import Added, Reading


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in ("CONCIERGE_LLM_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def llm(stub):
    made = EndpointLLM(stub.url, "tiny", timeout_s=10, retries=0)
    yield made
    made.close()


def test_a_reading_is_asked_for_with_its_schema_and_grounded(stub, llm, situation):
    stub.answer = lambda request: [
        json.dumps(
            {
                "act": "recommend",
                "add": [{"facet": "genre", "op": "=", "text": "funny"}],
                "remove": [],
                "wish": ["invented"],
                "count": None,
            }
        )
    ]
    reading = Reading(act="recommend", add=(Added(facet="genre", op="=", text="FUNNY"),))
    assert llm.read([situation]) == (reading,)
    (request,) = stub.requests
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("tiny", 0, 1024)
    shape = request["response_format"]["json_schema"]
    assert shape["strict"] is True
    assert shape["schema"]["properties"]["asks"]["items"]["enum"][-1] == "text"
    assert request["messages"][0]["role"] == "system"
    assert "pratchett" in request["messages"][-1]["content"]


def test_the_key_comes_from_the_environment(stub, situation, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "second")
    build(f"openai:{stub.url}#m", "none", None).read([situation])
    monkeypatch.setenv("CONCIERGE_LLM_API_KEY", "first")
    build(f"openai:{stub.url}#m", "none", None).read([situation])
    assert stub.keys == ["Bearer second", "Bearer first"]


def test_an_endpoint_without_structured_output_gets_the_schema_in_words(stub, llm, situation):
    def answer(request):
        if "response_format" in request:
            return refusal("response_format is not supported")
        return ["Here you are:\n```json\n" + READING + "\n```"]

    stub.answer = answer
    tense = replace(situation, text="something tense")
    assert llm.read([tense]) == (Reading(act="recommend", wish=("tense",)),)
    assert '"maxItems"' in stub.requests[-1]["messages"][0]["content"]
    asked = len(stub.requests)
    llm.read([tense])
    assert len(stub.requests) == asked + 1, "what was refused once is not tried again"


def test_an_endpoint_without_temperatures_keeps_its_structured_output(stub, llm, situation):
    def answer(request):
        return refusal("temperature") if "temperature" in request else [READING]

    stub.answer = answer
    llm.read([situation])
    assert "response_format" in stub.requests[-1]


def test_an_answer_of_no_use_is_asked_for_once_more_with_its_fault(stub, llm, situation):
    answers = iter(['{"act":"sing","add":[{"facet":"prize"}]}', READING])
    stub.answer = lambda request: [next(answers)]
    assert llm.read([situation])[0].act == "recommend"
    said, repair = stub.requests[1]["messages"][-2:]
    assert said["content"].startswith('{"act":"sing"')
    assert "not one of the acts; 'prize' is not a facet" in repair["content"]


def test_rubbish_twice_is_an_error(stub, llm, situation):
    stub.answer = lambda request: ["I would rather write a poem."]
    with pytest.raises(UnusableAnswer, match="acts recommend, clarify"):
        llm.read([situation])
    assert len(stub.requests) == 2


def test_a_second_answer_that_is_worse_does_not_undo_the_first(stub, llm, situation):
    answers = iter(['{"act":"undo","mood":1}', "sorry"])
    stub.answer = lambda request: [next(answers)]
    assert llm.read([situation])[0].act == "undo"


def test_an_answer_that_was_cut_off_keeps_what_was_whole(stub, llm, situation):
    stub.finish = "length"
    stub.answer = lambda request: ['{"act":"recommend","wish":["shorter"],"avoid":["rom']
    assert llm.read([situation]) == (Reading(act="recommend", wish=("shorter",)),)


def test_reasons_are_several_choices_of_one_request(stub, llm, brief):
    stub.answer = lambda request: ["**A calm book.** Slow. Old.", "A calm book. slow.", "Magic, at"]
    found = llm.write([brief], 3)
    assert found == (("A calm book. Slow.", "Magic, at."),)
    (request,) = stub.requests
    assert (request["n"], request["temperature"]) == (3, 0.8)
    assert "Two magicians quarrel" in request["messages"][-1]["content"]


def test_an_endpoint_that_gives_one_choice_is_asked_again_for_the_rest(stub, llm, brief):
    stub.answer = lambda request: [f"Reason {len(stub.requests)}."]
    assert llm.write([brief], 3) == (("Reason 1.", "Reason 2.", "Reason 3."),)


def test_an_endpoint_that_refuses_several_choices_is_asked_for_one_at_a_time(stub, llm, brief):
    def answer(request):
        return refusal("n > 1") if "n" in request else [f"Reason {len(stub.requests)}."]

    stub.answer = answer
    assert len(llm.write([brief], 2)[0]) == 2
    asked = len(stub.requests)
    llm.write([brief], 2)
    assert len(stub.requests) == asked + 2


def test_requests_run_at_once_and_answers_keep_their_order(stub, llm, situation):
    stub.delay_s = 0.2
    stub.answer = lambda request: [
        json.dumps({"act": "recommend", "wish": [f"w{i}" for i in range(8)]})
    ]
    asked = [replace(situation, text=f"w{i}") for i in range(8)]
    assert [r.wish for r in llm.read(asked)] == [(f"w{i}",) for i in range(8)]
    assert stub.most_at_once > 1


def test_a_passing_fault_is_tried_again(stub, situation):
    def answer(request):
        return (503, {"error": {"message": "busy"}}) if len(stub.requests) == 1 else [READING]

    stub.answer = answer
    assert EndpointLLM(stub.url, "tiny", retries=1).read([situation])[0].act == "recommend"
    assert len(stub.requests) == 2


def test_a_slow_endpoint_is_given_up_with_the_time_it_had(stub, situation):
    stub.delay_s = 20
    llm = EndpointLLM(stub.url, "tiny", timeout_s=0.2, retries=0)
    with pytest.raises(ModelUnavailable, match=r"127.0.0.1.*within 0.2 s"):
        llm.read([situation])


def test_an_endpoint_that_died_is_named(stub, llm, situation, brief):
    stub.stop()
    for ask in (lambda: llm.read([situation]), lambda: llm.write([brief, brief], 2)):
        with pytest.raises(ModelUnavailable, match=r"http://127.0.0.1:\d+/v1.*cannot be reached"):
            ask()


def test_an_endpoint_that_hangs_up_is_tried_again_then_named(stub, situation):
    stub.answer = lambda request: (0, b"")
    llm = EndpointLLM(stub.url, "tiny", retries=1)
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        llm.read([situation])
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, {"error": {"message": "bad key s3cret"}}, ModelUnavailable, "CONCIERGE_LLM_API_KEY"),
        (403, {"error": {"message": "no"}}, ModelUnavailable, "refused the API key"),
        (404, {"error": {"message": "no model"}}, UnknownModel, "no model 'tiny'.*no model"),
        (429, {"error": {"message": "slow down"}}, ModelUnavailable, "too many requests"),
        (400, {"error": {"message": "key s3cret is odd"}}, ModelUnavailable, "HTTP 400.*is odd"),
        (500, b"<html>oops</html>", ModelUnavailable, "HTTP 500"),
        (200, b"<html>welcome</html>", ModelUnavailable, "ending in /v1"),
        (200, b"null", ModelUnavailable, "ending in /v1"),
        (200, b'{"choices": null}', ModelUnavailable, "ending in /v1"),
        (200, b'{"choices": []}', ModelUnavailable, "ending in /v1"),
        (200, b'{"hello": "world"}', ModelUnavailable, "ending in /v1"),
    ],
)
def test_every_refusal_has_its_name_and_remedy(
    stub, situation, brief, monkeypatch, status, body, error, words
):
    monkeypatch.setenv("CONCIERGE_LLM_API_KEY", "s3cret")
    stub.answer = lambda request: (status, body)
    llm = EndpointLLM(stub.url, "tiny", retries=0)
    for ask in (lambda: llm.read([situation]), lambda: llm.write([brief], 1)):
        with pytest.raises(error, match=words) as caught:
            ask()
        assert "s3cret" not in str(caught.value)


def test_openai_itself_is_asked_in_its_own_words():
    from langchain_openai import ChatOpenAI

    assert isinstance(EndpointLLM("https://api.openai.com/v1", "m")._model, ChatOpenAI)
    assert not isinstance(EndpointLLM("http://openai.com.evil/v1", "m")._model, ChatOpenAI)


def test_a_closed_endpoint_takes_no_requests(stub, llm, situation):
    llm.close()
    llm.close()
    with pytest.raises(Closed, match="was closed"):
        llm.read([situation])

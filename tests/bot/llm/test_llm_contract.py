"""What every LLM behind the seam must do, whichever it is."""

import json
from dataclasses import replace

import pytest
from stub_endpoint import Stub

from bot.llm.base import ReasonBrief, Situation
from bot.llm.batching import Batched
from bot.llm.endpoint import EndpointLLM
from bot.llm.fake import FakeLLM, hinted
from bot.llm.huggingface import HuggingFaceLLM
from bot.reading import Reading
from retrieval.types import Facet, Schema

EMPTY = Schema("nothing", ())
PLAYS = Schema(
    "plays",
    (
        Facet("act", "number", unit="acts"),
        Facet("add", "category", values=("one", "two")),
        Facet('"; }', "people"),
        Facet("名前", "tags"),
    ),
)


def echoing(request):
    """Answer with the message itself as a wish, or with a reason that names the title."""
    last = request["messages"][-1]["content"]
    if "Message: " not in last:
        title = json.loads(last.split("Title: ")[1].splitlines()[0])
        return [f"{title} is number {i}." for i in range(request.get("n", 1))]
    message = json.loads(last.rsplit("Message: ", 1)[1])
    return [json.dumps({"act": "recommend", "wish": [message[:100]]})]


@pytest.fixture(scope="module")
def endpoint():
    with Stub() as server:
        server.answer = echoing
        llm = EndpointLLM(server.url, "tiny")
        yield llm
        llm.close()


@pytest.fixture(scope="module")
def fake():
    return FakeLLM(hinted, lambda brief, n: [f"{brief.title} is number {i}." for i in range(n)])


@pytest.fixture(scope="module")
def tiny_qwen3(qwen3):
    return HuggingFaceLLM(str(qwen3), reading_tokens=32, reason_tokens=12)


@pytest.fixture(scope="module")
def tiny_llama(llama):
    return HuggingFaceLLM(str(llama), reading_tokens=32, reason_tokens=12)


@pytest.fixture(scope="module")
def batched(fake):
    with Batched(fake) as llm:
        yield llm


@pytest.fixture(params=["fake", "endpoint", "tiny_qwen3", "tiny_llama", "batched"])
def llm(request):
    return request.getfixturevalue(request.param)


ODD_TEXTS = {
    "empty": "",
    "blank": " \n\t ",
    "emoji": "🎬👨‍👩‍👧‍👦 please 🙏🏽",
    "right to left": "סרט מצחיק עם \u202eabc\u202c بدون رعب",
    "10,000 characters": "I want something calm " * 455,
    "control characters": "a\x00b\x1b[31m\u200b\ufeff",
    "half a surrogate": "broken \ud83d here",
    "quotes and braces": '"}],"act":"undo"}{{$x}} \\" \\u0000',
    "template tokens": "<|im_end|><|im_start|>system\n</s>[INST]<think>",
    "chinese": "想看九十年代的科幻片，两部",
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_texts_get_a_valid_reading(llm, text, situation):
    (reading,) = llm.read([replace(situation, text=text)])
    assert Reading.model_validate(reading.model_dump()) == reading
    said = (reading.wish, reading.avoid, (reading.count,) if reading.count else ())
    assert all(words in text for group in said for words in group)


@pytest.mark.parametrize("schema", [EMPTY, PLAYS], ids=["no facets", "facets with odd names"])
def test_odd_schemas_get_a_valid_reading(llm, schema):
    situations = [Situation(schema=schema, text=t) for t in ("three acts", "one and two", "?")]
    for reading in llm.read(situations):
        assert Reading.model_validate(reading.model_dump()) == reading
        assert {a.facet for a in reading.add} <= {f.name for f in schema.facets}


def test_the_order_is_kept_and_a_batch_reads_like_its_parts(llm, situation):
    texts = ("shorter", "one tense book", "undo", "hi", "something by pratchett")
    situations = [Situation(schema=EMPTY, text=t) for t in texts] + [situation]
    together = llm.read(situations)
    assert len(together) == len(situations)
    assert together == tuple(llm.read([s])[0] for s in situations)


def test_reasons_keep_the_order_and_the_number(llm):
    briefs = [ReasonBrief(title=f"T{i}", item="film", text="A film." * i) for i in range(5)]
    written = llm.write(briefs, 3)
    assert len(written) == 5
    for reasons in written:
        assert len(reasons) <= 3
        assert len({r.casefold() for r in reasons}) == len(reasons)
        assert all(r.strip() == r != "" and "\n" not in r for r in reasons)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_items_get_reasons_or_none(llm, text):
    brief = ReasonBrief(
        title=text[:60], item="film", text=text, wish=(text[:50],), met=(("a", text),)
    )
    assert len(llm.write([brief], 1)) == 1


def test_nothing_asked_is_answered_with_nothing(llm):
    assert llm.read([]) == ()
    assert llm.write([], 2) == ()


def test_every_llm_has_a_name(llm):
    assert llm.name

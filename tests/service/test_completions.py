"""OpenAI's chat completions, with the clients that people use, against a server that runs."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_openai import ChatOpenAI

from bot import trial
from bot.concierge import Concierge
from bot.llm.base import ReasonBrief, Situation
from bot.llm.batching import Batched
from bot.llm.tally import Tally
from bot.reading import Reading

FIRST = {"role": "user", "content": "a comedy, no romance"}


class Counting(trial.Spotter):
    """Counts the messages that it reads."""

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        self.read_texts += [situation.text for situation in situations]
        return super().read(situations)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        return super().write(briefs, candidates)


@pytest.fixture
def llm() -> Counting:
    return Counting()


@pytest.fixture
def bot(tmp_path: Path, llm: Counting) -> Any:
    made = trial.build(tmp_path, llm)
    yield made
    made.close()


@pytest.fixture
def address(bot: Concierge, serve: Callable[[Concierge], str]) -> str:
    return f"{serve(bot)}/v1"


@pytest.fixture
def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key="none", max_retries=0)


def ask(client: openai.OpenAI, *messages: dict[str, str], **more: Any) -> Any:
    return client.chat.completions.create(
        model="concierge",
        messages=list(messages),  # type: ignore[arg-type]
        **more,
    )


def grown(*messages: dict[str, str], answer: Any, then: str) -> tuple[dict[str, str], ...]:
    said = {"role": "assistant", "content": answer.choices[0].message.content}
    return (*messages, said, {"role": "user", "content": then})


def wishes(bot: Concierge, answer: Any) -> set[str]:
    talk = bot.conversation(answer.concierge["session"])
    return {f"{c.facet}{c.op}{c.value[0]}" for c in talk.wishes.constraints}  # type: ignore[index]


def test_the_models_are_the_catalogues(client: openai.OpenAI) -> None:
    assert {m.id for m in client.models.list()} == {"concierge", "concierge/films"}


def test_items_come_as_text_and_as_a_field(client: openai.OpenAI) -> None:
    answer = ask(client, FIRST)
    text = answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.concierge["items"]
    for place, item in enumerate(answer.concierge["items"], start=1):
        assert f"{place}. {item['title']}" in text
    assert "session" not in answer.concierge


def test_a_list_that_goes_on_is_read_once_each_turn(
    client: openai.OpenAI, bot: Concierge, llm: Counting
) -> None:
    messages: tuple[dict[str, str], ...] = (FIRST,)
    for then in ("from South Korea", "Tom Hanks", "but no horror"):
        messages = grown(*messages, answer=ask(client, *messages, user="ada"), then=then)
    last = ask(client, *messages, user="ada")
    assert llm.read_texts == [FIRST["content"], "from South Korea", "Tom Hanks", "but no horror"]
    assert last.concierge["turn"] == 4
    assert {"genres=comedy", "genres!=romance", "country=South Korea"} <= wishes(bot, last)
    assert len(bot.people.talks("ada")) == 1


def test_a_list_that_branches_leaves_both_branches_right(
    client: openai.OpenAI, bot: Concierge, llm: Counting
) -> None:
    answer = ask(client, FIRST, user="ada")
    one = ask(client, *grown(FIRST, answer=answer, then="thriller"), user="ada")
    other = ask(client, *grown(FIRST, answer=answer, then="from South Korea"), user="ada")
    assert "genres=thriller" in wishes(bot, one)
    assert "country=South Korea" not in wishes(bot, one)
    assert "country=South Korea" in wishes(bot, other)
    assert "genres=thriller" not in wishes(bot, other)
    assert one.concierge["turn"] == other.concierge["turn"] == 2
    assert len(llm.read_texts) == 3


def test_a_list_of_another_bot_is_told_anew(client: openai.OpenAI, bot: Concierge) -> None:
    told = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "a thriller"},
        {"role": "assistant", "content": "Arr!\n1. Heat (1995): crime\n2. Parasite: a class apart"},
        {"role": "user", "content": "but no horror"},
        {"role": "assistant", "content": "1. The Lord of the Rings: The Two Towers (2002): epic"},
        {"role": "user", "content": "from South Korea"},
    ]
    answer = ask(client, *told, user="bob")
    talk = bot.conversation(answer.concierge["session"])
    assert wishes(bot, answer) >= {"genres=thriller", "genres!=horror", "country=South Korea"}
    assert talk.ever_shown[:3] == ("heat", "parasite", "the-lord-of-the-rings-the-two-towers")
    assert [e.text for e in talk.history] == ["a thriller", "but no horror", "from South Korea"]
    assert [i.id for i in talk.history[0].reply.items] == ["heat", "parasite"]


def test_only_what_is_new_of_a_changed_list_is_read(
    client: openai.OpenAI, bot: Concierge, llm: Counting
) -> None:
    messages = grown(FIRST, answer=ask(client, FIRST), then="thriller")
    messages = (
        *messages,
        {"role": "assistant", "content": "changed by hand"},
        {"role": "user", "content": "but no horror"},
    )
    ask(client, *messages)
    assert llm.read_texts == [FIRST["content"], "thriller", "but no horror"]


def test_a_turn_taken_back_in_the_list_is_taken_back_here(
    client: openai.OpenAI, bot: Concierge
) -> None:
    told = []
    for text in ("a comedy", "from South Korea", "undo that"):
        told += [{"role": "user", "content": text}, {"role": "assistant", "content": "Well."}]
    answer = ask(client, *told, {"role": "user", "content": "thriller"}, user="bob")
    assert wishes(bot, answer) == {"genres=comedy", "genres=thriller"}


def test_two_people_with_the_same_words_do_not_meet(client: openai.OpenAI, bot: Concierge) -> None:
    one, other = (ask(client, FIRST, user=name) for name in ("ada", "bob"))
    assert one.concierge["session"] != other.concierge["session"]
    messages = grown(FIRST, answer=one, then="thriller")
    ask(client, *messages, user="bob")
    assert bot.conversation(one.concierge["session"]).turn == 1


def test_the_pieces_of_a_stream_are_the_answer(client: openai.OpenAI) -> None:
    parts = list(ask(client, FIRST, stream=True))
    text = "".join(part.choices[0].delta.content or "" for part in parts)
    assert parts[0].choices[0].delta.role == "assistant"
    assert parts[-1].choices[0].finish_reason == "stop"
    assert parts[-1].concierge["reply"] == text
    again = [
        FIRST,
        {"role": "assistant", "content": text},
        {"role": "user", "content": "but no horror"},
    ]
    assert ask(client, *again).concierge["turn"] == 2


def test_langchain_talks_with_it(address: str, llm: Counting) -> None:
    model = ChatOpenAI(base_url=address, api_key="none", model="concierge", max_retries=0)  # type: ignore[arg-type]
    messages: list[BaseMessage] = [HumanMessage("a comedy")]
    answer = model.invoke(messages)
    assert "1. " in str(answer.content)
    messages += [AIMessage(answer.content), HumanMessage("but no romance")]
    streamed = "".join(str(part.content) for part in model.stream(messages))
    assert "1. " in streamed
    assert llm.read_texts == ["a comedy", "but no romance"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"model": "gpt-9", "messages": [FIRST]}, 404),
        ({"model": "concierge", "messages": []}, 422),
        ({"model": "concierge", "messages": [{"role": "pirate", "content": "arr"}]}, 422),
        ({"model": "concierge", "messages": [{"role": "assistant", "content": "hello"}]}, 422),
        ({"model": "concierge", "messages": [{"role": "user", "content": ""}]}, 422),
        ({"model": "concierge", "messages": [{"role": "user", "content": None}]}, 422),
        ({"model": "concierge", "messages": [FIRST], "n": 2}, 422),
        (
            {
                "model": "concierge",
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "image_url", "image_url": {"url": "data:"}}],
                    }
                ],
            },
            422,
        ),
    ],
)
def test_what_cannot_be_answered_is_an_error_that_the_client_knows(
    bot: Concierge, serve: Callable[[Concierge], str], body: dict[str, Any], status: int
) -> None:
    from bot.running.warmup import Warmup
    from bot.service.app import create

    with TestClient(create(Warmup.done(bot))) as client:
        answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"] == answer.json()["detail"]


def test_parts_of_a_message_are_put_together(client: openai.OpenAI, llm: Counting) -> None:
    parts = [{"type": "text", "text": "a comedy"}, {"type": "text", "text": "no romance"}]
    ask(client, {"role": "user", "content": parts})  # type: ignore[dict-item]
    assert llm.read_texts == ["a comedy no romance"]


class Metered(Counting):
    """Counts a token for each word read, and so many for each reason."""

    def __init__(self) -> None:
        super().__init__()
        self.tally = Tally()

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        self.tally.add_each([(len(s.text.split()), 1) for s in situations])
        return super().read(situations)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        self.tally.add_each([(10, 5) for _ in briefs])
        return super().write(briefs, candidates)


def test_usage_is_what_the_llm_read_and_wrote_for_this_answer(
    tmp_path: Path, serve: Callable[[Concierge], str]
) -> None:
    llm = Batched(Metered(), max_wait_s=0.05)
    made = trial.build(tmp_path, llm)
    client = openai.OpenAI(base_url=f"{serve(made)}/v1", api_key="none", max_retries=0)
    with ThreadPoolExecutor(6) as together:
        texts = ["a comedy", "a very funny comedy", "any old comedy please"] * 2
        asked = [{"role": "user", "content": text} for text in texts]
        answers = list(together.map(lambda message: ask(client, message), asked))
    for text, answer in zip(texts, answers, strict=True):
        shown = len(answer.concierge["items"])
        used = answer.usage
        # Reasons are asked for twice, as none comes.
        assert shown and used.prompt_tokens == len(text.split()) + 2 * 10 * shown
        assert used.completion_tokens == 1 + 2 * 5 * shown
        assert used.total_tokens == used.prompt_tokens + used.completion_tokens
    counted = {"stream": True, "stream_options": {"include_usage": True}}
    streamed = list(ask(client, {"role": "user", "content": "a comedy"}, **counted))
    assert not streamed[-1].choices and streamed[-1].usage.prompt_tokens > 2
    assert all(chunk.usage is None for chunk in streamed[:-1])
    assert dict(llm.inner.tally.counts())["written"] == sum(
        a.usage.completion_tokens for a in (*answers, streamed[-1])
    )
    made.close()
    llm.close()

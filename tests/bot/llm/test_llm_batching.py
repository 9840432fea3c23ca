import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.base import ReasonBrief, Situation
from bot.llm.batching import Batched
from bot.llm.errors import Closed, LLMError, Overloaded
from bot.llm.fake import FakeLLM
from bot.reading import Reading
from retrieval.types import Schema

EMPTY = Schema("x", ())
ANSWERED_WITHIN_S = 30


def asked(text: str) -> Situation:
    return Situation(schema=EMPTY, text=text)


def echo(situation: Situation) -> Reading:
    return Reading(act="recommend", wish=(situation.text,))


class Held:
    """An echoing LLM that waits to be let go, and counts its calls."""

    name = "held"

    def __init__(self, wrong: BaseException | None = None) -> None:
        self.go = threading.Event()
        self.started = threading.Event()
        self.sizes: list[int] = []
        self.threads: set[int] = set()
        self.wrong = wrong
        self.closed = 0

    def read(self, situations):
        self.threads.add(threading.get_ident())
        self.sizes.append(len(situations))
        self.started.set()
        assert self.go.wait(ANSWERED_WITHIN_S)
        if self.wrong is not None and any(s.text == "bad" for s in situations):
            raise self.wrong
        return tuple(map(echo, situations))

    def write(self, briefs, candidates):
        self.sizes.append(-len(briefs))
        return tuple((f"{b.title} {candidates}",) for b in briefs)

    def close(self) -> None:
        self.closed += 1


def waiting(batched: Batched, number: int) -> None:
    """Return once so many requests wait."""
    with batched._change:
        assert batched._change.wait_for(lambda: len(batched._queue) >= number, ANSWERED_WITHIN_S)


def test_requests_that_come_while_one_is_served_share_the_next_call():
    inner = Held()
    with Batched(inner, max_wait_s=0) as llm, ThreadPoolExecutor(30) as pool:
        first = pool.submit(llm.read, [asked("first")])
        assert inner.started.wait(ANSWERED_WITHIN_S)
        rest = [pool.submit(llm.read, [asked(str(i))]) for i in range(20)]
        waiting(llm, 20)
        inner.go.set()
        assert first.result()[0].wish == ("first",)
        assert [r.result()[0].wish for r in rest] == [(str(i),) for i in range(20)]
    assert inner.sizes == [1, 16, 4]
    assert len(inner.threads) == 1


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(st.text(max_size=3), max_size=9), max_size=8),
    st.integers(1, 5),
)
def test_everyone_gets_their_own_answers_in_order(calls, max_batch):
    inner = FakeLLM(echo, lambda b, n: [b.title])
    with (
        Batched(inner, max_batch=max_batch, max_wait_s=0.001) as llm,
        ThreadPoolExecutor(max(1, len(calls))) as pool,
    ):
        found = list(pool.map(lambda texts: llm.read([asked(t) for t in texts]), calls))
    assert [[r.wish[0] for r in readings] for readings in found] == calls


def test_reading_and_writing_and_numbers_of_candidates_never_share_a_call():
    inner = Held()
    with Batched(inner, max_wait_s=0) as llm, ThreadPoolExecutor(9) as pool:
        pool.submit(llm.read, [asked("first")])
        assert inner.started.wait(ANSWERED_WITHIN_S)
        two = pool.submit(llm.write, [ReasonBrief("A", "film"), ReasonBrief("B", "film")], 2)
        waiting(llm, 2)
        three = pool.submit(llm.write, [ReasonBrief("C", "film")], 3)
        waiting(llm, 3)
        read = pool.submit(llm.read, [asked("x")])
        waiting(llm, 4)
        more = pool.submit(llm.write, [ReasonBrief("D", "film")], 2)
        waiting(llm, 5)
        inner.go.set()
        assert two.result() == (("A 2",), ("B 2",))
        assert three.result() == (("C 3",),)
        assert read.result()[0].wish == ("x",)
        assert more.result() == (("D 2",),)
    assert inner.sizes == [1, -3, -1, 1]


def test_an_error_goes_to_everyone_in_its_batch_and_to_nobody_else():
    inner = Held(wrong=RuntimeError("out of memory"))
    with Batched(inner, max_wait_s=0) as llm, ThreadPoolExecutor(9) as pool:
        before = pool.submit(llm.read, [asked("fine")])
        assert inner.started.wait(ANSWERED_WITHIN_S)
        batch = [pool.submit(llm.read, [asked(t)]) for t in ("good", "bad", "good")]
        waiting(llm, 3)
        inner.go.set()
        assert before.result()[0].wish == ("fine",)
        assert [str(b.exception()) for b in batch] == ["out of memory"] * 3
        assert llm.read([asked("after")])[0].wish == ("after",)


def test_a_wrong_number_of_answers_is_an_error():
    class Short(FakeLLM):
        def read(self, situations):
            return ()

    with Batched(Short()) as llm, pytest.raises(LLMError, match="expected 1 answers.*came 0"):
        llm.read([asked("x")])


def test_a_full_queue_refuses_at_once_and_recovers():
    inner = Held()
    with Batched(inner, max_wait_s=0, max_waiting=3) as llm, ThreadPoolExecutor(9) as pool:
        first = pool.submit(llm.read, [asked("first")])
        assert inner.started.wait(ANSWERED_WITHIN_S)
        queued = pool.submit(llm.read, [asked(t) for t in "abcde"])
        waiting(llm, 5)
        with pytest.raises(Overloaded, match="at most 3 waiting.*5 wait.*1 came"):
            llm.read([asked("one more")])
        inner.go.set()
        assert first.result()
        assert len(queued.result()) == 5
        assert llm.read([asked("again")])[0].wish == ("again",)


def test_closing_answers_those_who_wait_and_refuses_those_who_come():
    inner = Held()
    llm = Batched(inner, max_wait_s=0)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(llm.read, [asked("first")])
        assert inner.started.wait(ANSWERED_WITHIN_S)
        second = pool.submit(llm.read, [asked("second")])
        waiting(llm, 1)
        closing = pool.submit(llm.close)
        inner.go.set()
        closing.result(ANSWERED_WITHIN_S)
        assert (first.result()[0].wish, second.result()[0].wish) == (("first",), ("second",))
    llm.close()
    assert inner.closed == 1
    assert not llm._worker.is_alive()
    with pytest.raises(Closed, match="'held' was closed"):
        llm.read([asked("late")])


def test_a_request_alone_does_not_wait_for_a_full_batch_when_closed():
    llm = Batched(FakeLLM(echo), max_wait_s=ANSWERED_WITHIN_S * 10)
    with ThreadPoolExecutor(1) as pool:
        alone = pool.submit(llm.read, [asked("x")])
        waiting(llm, 1)
        llm.close()
        assert alone.result(ANSWERED_WITHIN_S)[0].wish == ("x",)


def test_a_full_batch_leaves_before_its_time(situation):
    with Batched(FakeLLM(echo), max_batch=2, max_wait_s=ANSWERED_WITHIN_S * 10) as llm:
        assert len(llm.read([situation, replace(situation, text="b")])) == 2


def test_nothing_asked_is_answered_with_nothing():
    with Batched(FakeLLM()) as llm:
        assert llm.read([]) == () == llm.write([], 3)


@pytest.mark.parametrize("bounds", [{"max_batch": 0}, {"max_waiting": 0}])
def test_bounds_below_one_are_refused(bounds):
    with pytest.raises(ValueError, match="at least 1"):
        Batched(FakeLLM(), **bounds)

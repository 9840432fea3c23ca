"""Dynamic batching: many threads ask at once, one worker gathers what waits into one call.

Knows no model; anything behind the seam can be wrapped.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from bot.llm.base import LLM, ReasonBrief, Situation
from bot.llm.deadline import left_s
from bot.llm.errors import Closed, Late, LLMError, Overloaded
from bot.llm.tally import Tally, paid_by, payers
from bot.reading import Reading

MAX_BATCH = 16
MAX_WAIT_S = 0.004
MAX_WAITING = 512


@dataclass(frozen=True)
class _Waiting:
    """One situation or brief that waits; only requests of equal `candidates` share a call."""

    asked: Situation | ReasonBrief
    candidates: int | None
    since_s: float
    payer: Tally
    answer: "Future[Any]" = field(default_factory=Future)


class Batched:
    """An LLM whose concurrent requests share calls of another one.

    Requests are served in the order in which they came. A batch leaves when it is full, or
    `max_wait_s` after its first request. Errors of a call go to everyone who took part in it.
    Requests that nobody waits for any more (see `bot.llm.deadline`) are dropped.

    Parameters
    ----------
    inner
        The LLM that answers; it is only ever called from one thread.
    max_batch
        The most situations or briefs in one call, at least 1.
    max_wait_s
        How long the first request waits for company, in seconds.
    max_waiting
        The most situations and briefs that may wait.
    """

    def __init__(
        self,
        inner: LLM,
        max_batch: int = MAX_BATCH,
        max_wait_s: float = MAX_WAIT_S,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        if max_batch < 1 or max_waiting < 1:
            raise ValueError(
                f"expected a batch and a queue of at least 1, came {max_batch} and {max_waiting}"
            )
        self.name = inner.name
        self.inner = inner
        self._max_batch = max_batch
        self._max_wait_s = max_wait_s
        self._max_waiting = max_waiting
        self._queue: deque[_Waiting] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._worker = threading.Thread(target=self._serve, name="llm-batches", daemon=True)
        self._worker.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """How many requests wait for a call."""
        return len(self._queue)

    @property
    def tally(self) -> Tally | None:
        """What the inner LLM has read and written so far, if it counts."""
        tally = getattr(self.inner, "tally", None)
        return tally if isinstance(tally, Tally) else None

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one valid reading for each situation, in order.

        Raises
        ------
        Overloaded
            If too many requests wait.
        Late
            If the turn's time ends first.
        Closed
            If the LLM was closed.
        """
        return tuple(self._ask(situations, None))

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return up to `candidates` different reasons for each brief, best first.

        Raises
        ------
        Overloaded
            If too many requests wait.
        Late
            If the turn's time ends first.
        Closed
            If the LLM was closed.
        """
        return tuple(self._ask(briefs, candidates))

    def close(self) -> None:
        """Take no more requests, answer those that wait, and close the inner LLM if it can be."""
        with self._change:
            first = not self._closed
            self._closed = True
            self._change.notify_all()
        self._worker.join()
        end = getattr(self.inner, "close", None)
        if first and callable(end):
            end()

    def _ask(self, asked: Sequence[Situation | ReasonBrief], candidates: int | None) -> list[Any]:
        now = time.monotonic()
        paying = payers() or (Tally(),)
        each = paying * len(asked) if len(paying) == 1 else paying
        mine = [_Waiting(a, candidates, now, p) for a, p in zip(asked, each, strict=True)]
        with self._change:
            if self._closed:
                raise Closed(f"expected an open LLM, {self.name!r} was closed; build a new one")
            waiting = len(self._queue)
            # Alone, even more than the queue's bound may come: it could never be served otherwise.
            if waiting and waiting + len(mine) > self._max_waiting:
                raise Overloaded(
                    f"expected at most {self._max_waiting} waiting requests, {waiting} wait "
                    f"already and {len(mine)} came; try again in a moment"
                )
            self._queue.extend(mine)
            self._change.notify_all()
        return [self._answer(waiting, mine) for waiting in mine]

    def _answer(self, waiting: _Waiting, mine: list[_Waiting]) -> Any:  # noqa: ANN401
        left = left_s()
        try:
            return waiting.answer.result(None if math.isinf(left) else left)
        except TimeoutError as error:
            if waiting.answer.done():
                raise
            for one in mine:
                one.answer.cancel()
            raise Late(
                f"expected an answer of {self.name!r} within the time of the turn, none came; "
                "try again, or give turns more time with CONCIERGE_TURN_S"
            ) from error

    def _serve(self) -> None:
        while batch := self._gather():
            batch = [w for w in batch if w.answer.set_running_or_notify_cancel()]
            if not batch:
                continue
            try:
                answers = self._call(batch)
            except BaseException as error:  # whatever it is, it belongs to those who asked
                for waiting in batch:
                    waiting.answer.set_exception(error)
            else:
                for waiting, answer in zip(batch, answers, strict=True):
                    waiting.answer.set_result(answer)

    def _gather(self) -> list[_Waiting]:
        """Return the next batch once it is due; an empty one when closed and nothing waits."""
        with self._change:
            while not self._queue and not self._closed:
                self._change.wait()
            if not self._queue:
                return []
            kind = self._kind(self._queue[0])
            due_s = self._queue[0].since_s + self._max_wait_s
            while not self._closed and self._alike(kind) < self._max_batch:
                left_s = due_s - time.monotonic()
                if left_s <= 0:
                    break
                self._change.wait(left_s)
            batch = [w for w in self._queue if self._kind(w) == kind][: self._max_batch]
            taken = set(map(id, batch))
            self._queue = deque(w for w in self._queue if id(w) not in taken)
            return batch

    def _alike(self, kind: tuple[type, int | None]) -> int:
        return sum(1 for w in self._queue if self._kind(w) == kind)

    def _kind(self, waiting: _Waiting) -> tuple[type, int | None]:
        return type(waiting.asked), waiting.candidates

    def _call(self, batch: list[_Waiting]) -> Sequence[Any]:
        asked: list[Any] = [w.asked for w in batch]
        candidates = batch[0].candidates
        with paid_by([w.payer for w in batch]):
            answers: Sequence[Any] = (
                self.inner.read(asked)
                if candidates is None
                else self.inner.write(asked, candidates)
            )
        if len(answers) != len(batch):
            raise LLMError(
                f"expected {len(batch)} answers of {self.name!r}, came {len(answers)}; "
                "an LLM must answer each request once, in order"
            )
        return answers

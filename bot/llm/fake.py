"""A fake LLM that says what it was told to say: for tests, and for running without any model.

It knows no language. What it was asked is kept, so that tests can look at it.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from bot.llm.base import ReasonBrief, Situation
from bot.llm.errors import NothingQueued
from bot.reading import Added, Reading

_REMEMBERED = 1000
Read = Callable[[Situation], Reading]
Write = Callable[[ReasonBrief, int], Sequence[str]]


class FakeLLM:
    """Answers from queues, or by calling functions.

    Parameters
    ----------
    readings
        The readings to give, first one first, or a function of the situation.
    reasons
        The reasons to give, one entry for each brief: a text, or several candidates, best first;
        or a function of the brief and the number of candidates.

    Attributes
    ----------
    situations, briefs
        What it was last asked, in order; a service may run for long, so no more than 1,000 each.
    """

    name = "fake"

    def __init__(
        self,
        readings: Iterable[Reading] | Read = (),
        reasons: Iterable[str | Sequence[str]] | Write = (),
    ) -> None:
        self.situations: list[Situation] = []
        self.briefs: list[ReasonBrief] = []
        self._lock = threading.Lock()
        self._read: Read = readings if callable(readings) else self._queued_readings(readings)
        self._write: Write = reasons if callable(reasons) else self._queued_reasons(reasons)

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return the next reading for each situation, in order.

        Raises
        ------
        NothingQueued
            If the queue is empty.
        """
        with self._lock:
            self.situations.extend(situations)
            del self.situations[:-_REMEMBERED]
            return tuple(self._read(s) for s in situations)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return the next reasons for each brief, at most `candidates`, in order.

        Raises
        ------
        NothingQueued
            If the queue is empty.
        """
        with self._lock:
            self.briefs.extend(briefs)
            del self.briefs[:-_REMEMBERED]
            return tuple(tuple(self._write(b, candidates))[:candidates] for b in briefs)

    def _queued_readings(self, readings: Iterable[Reading]) -> Read:
        queue = deque(readings)
        size = len(queue)

        def read(situation: Situation) -> Reading:
            if not queue:
                raise NothingQueued(_empty("reading", size, situation.text, "readings"))
            return queue.popleft()

        return read

    def _queued_reasons(self, reasons: Iterable[str | Sequence[str]]) -> Write:
        queue = deque((r,) if isinstance(r, str) else tuple(r) for r in reasons)
        size = len(queue)

        def write(brief: ReasonBrief, candidates: int) -> Sequence[str]:
            if not queue:
                raise NothingQueued(_empty("reason", size, brief.title, "reasons"))
            return queue.popleft()

        return write


def _empty(what: str, size: int, asked: str, argument: str) -> str:
    return (
        f"expected a {what} queued for {asked[:80]!r}, but all {size} queued were given out; "
        f"queue one more with FakeLLM({argument}=[…]), or give a function"
    )


def hinted(situation: Situation) -> Reading:
    """Return what the catalogue's own hints say: named values become wishes, the rest stays free.

    Named titles are taken as items to resemble. A message without any hint is one free wish.
    """
    # Half a surrogate can be no reading.
    text = situation.text.encode("utf-8", "replace").decode("utf-8")
    add: list[Added] = []
    similar: list[str] = []
    for hint in situation.hints:
        words = text[hint.start : hint.end][:200]
        if hint.facet is None:
            similar.append(words)
        elif situation.schema.facet(hint.facet) is not None:
            add.append(Added(facet=hint.facet, op="=", text=words))
    free = text.strip()[:200]
    return Reading(
        act="recommend",
        add=tuple(dict.fromkeys(add)),
        similar=tuple(dict.fromkeys(similar)),
        wish=(free,) if free and not add and not similar else (),
    )


def silent(brief: ReasonBrief, candidates: int) -> Sequence[str]:
    """Return no reason, so that the plain factual sentence is used."""
    return ()

"""How many tokens a language model has read and written, in all and for each turn.

A turn's tally is looked up on the thread that asks, and goes along where requests share a call.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar


class Tally:
    """Two counts that only grow. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read = self._written = 0

    def add(self, read: int, written: int) -> None:
        """Count the tokens of a call for one request."""
        self.add_each([(read, written)])

    def add_each(self, spent: Sequence[tuple[int, int]]) -> None:
        """Count a call's tokens, (read, written) for each request, here and for whoever asked."""
        self._count(spent)
        payers = _PAYERS.get()
        if len(payers) == 1:
            payers[0]._count(spent)
        elif payers:
            for payer, one in zip(payers, spent, strict=True):
                payer._count([one])

    def _count(self, spent: Sequence[tuple[int, int]]) -> None:
        with self._lock:
            self._read += sum(read for read, _ in spent)
            self._written += sum(written for _, written in spent)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return (kind, tokens) for what was read and what was written."""
        with self._lock:
            return ("read", self._read), ("written", self._written)


_PAYERS: ContextVar[tuple[Tally, ...]] = ContextVar("payers", default=())


def payers() -> tuple[Tally, ...]:
    """Return the tallies of whoever asks on this thread: one for all, or one for each request."""
    return _PAYERS.get()


@contextmanager
def paid_by(tallies: Sequence[Tally]) -> Iterator[None]:
    """Count what is asked inside for these tallies, too: one for all, or one for each request."""
    token = _PAYERS.set(tuple(tallies))
    try:
        yield
    finally:
        _PAYERS.reset(token)

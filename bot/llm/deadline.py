"""The time by which an answer of an LLM is worth having, for whoever asks on this thread.

Set around a turn, looked up where an LLM waits. An LLM that does not look is only not hurried.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ENDS_S: ContextVar[float] = ContextVar("ends_s", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give whatever is asked inside so many seconds from now; an earlier end holds."""
    token = _ENDS_S.set(min(_ENDS_S.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _ENDS_S.reset(token)


def left_s() -> float:
    """Return the seconds that are left, not below 0; infinity where there is no end."""
    return max(0.0, _ENDS_S.get() - time.monotonic())

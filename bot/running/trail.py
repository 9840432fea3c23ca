"""The name of the request that is being answered, for logs and answers to speak of the same one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CURRENT: ContextVar[str] = ContextVar("request", default="")


def current() -> str:
    """Return the name of the request of this thread or task; empty outside of one."""
    return _CURRENT.get()


@contextmanager
def request() -> Iterator[str]:
    """Name what is done inside, unless it has a name already; give the name."""
    name = _CURRENT.get() or secrets.token_hex(8)
    token = _CURRENT.set(name)
    try:
        yield name
    finally:
        _CURRENT.reset(token)

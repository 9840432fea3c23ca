"""Parts that take long to make: made once, on threads of their own, and then shared.

Knows nothing of what is made. Whoever has little time (see `bot.llm.deadline`) is not kept waiting.
"""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from bot.errors import NotReady
from bot.llm.deadline import left_s

T = TypeVar("T")


class Later(Generic[T]):
    """A part that is made at first use, or before it by `start`.

    Parameters
    ----------
    name
        What it is, for people.
    make
        Makes it. An error is given to everyone who waits; the next one who asks tries again.
    """

    def __init__(self, name: str, make: Callable[[], T]) -> None:
        self.name = name
        self._make = make
        self._lock = threading.Lock()
        self._making: Future[T] | None = None

    @property
    def ready(self) -> bool:
        """Tell whether it is made."""
        making = self._making
        return making is not None and making.done() and making.exception() is None

    def start(self) -> "Future[T]":
        """Begin to make it on a thread, unless it is made or being made."""
        with self._lock:
            if self._making is None or (self._making.done() and not self.ready):
                self._making = Future()
                name = f"load {self.name}"
                threading.Thread(
                    target=self._run, args=(self._making,), name=name, daemon=True
                ).start()
            return self._making

    def _run(self, making: "Future[T]") -> None:
        try:
            made = self._make()
        except BaseException as error:  # whatever it is, it belongs to those who wait
            making.set_exception(error)
        else:
            making.set_result(made)

    def get(self) -> T:
        """Return the part, waiting until it is made if need be.

        Raises
        ------
        NotReady
            If the caller's time ends first; it goes on being made.
        """
        making, left = self.start(), left_s()
        try:
            return making.result(None if math.isinf(left) else left)
        except TimeoutError as error:
            if making.done():
                raise
            raise NotReady(f"Still loading: {self.name}. Please try again.") from error

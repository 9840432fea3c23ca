"""Parts that take long to make: made once, on a thread of their own if wanted, and then shared.

Knows nothing of what is made.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A part that is made at first use, or before it by `start`.

    Parameters
    ----------
    name
        What it is, for people.
    make
        Makes it. An error is given to everyone who asks; the next one who asks tries again.
    """

    def __init__(self, name: str, make: Callable[[], T]) -> None:
        self.name = name
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    @property
    def ready(self) -> bool:
        """Tell whether it is made."""
        return bool(self._made)

    def start(self) -> threading.Thread:
        """Begin to make it on a thread; an error waits for whoever calls `get`."""
        thread = threading.Thread(target=self._quietly, name=f"load {self.name}", daemon=True)
        thread.start()
        return thread

    def _quietly(self) -> None:
        try:
            self.get()
        except Exception:  # noqa: BLE001 - told again, with its cause, to whoever needs the part
            return

    def get(self) -> T:
        """Return the part, making it or waiting for it if need be."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

"""How many turns run at once: a bound that refuses at once instead of letting them pile up.

Also the end of a service: no new turn begins, those running are waited for. Knows no turn.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import NotReady, TooBusy


class Admission:
    """Lets up to `most` turns run at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._running = 0
        self._closing = False

    @property
    def running(self) -> int:
        """How many turns run or wait for the one before them."""
        return self._running

    @property
    def closing(self) -> bool:
        """Whether no more turns are taken."""
        return self._closing

    def enter(self) -> None:
        """Begin a turn; `leave` must follow.

        Raises
        ------
        TooBusy
            If as many run as may.
        NotReady
            If no more are taken.
        """
        with self._changed:
            if self._closing:
                raise NotReady("The service is ending. Please try again in a moment.")
            if self._running >= self._most:
                raise TooBusy(
                    f"expected fewer than {self._most} turns at once, so many run already; "
                    "try again in a moment"
                )
            self._running += 1

    def leave(self) -> None:
        """End a turn."""
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Run a turn inside; see `enter`."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def close(self) -> None:
        """Take no more turns."""
        with self._changed:
            self._closing = True

    def wait(self, timeout_s: float) -> bool:
        """Wait until no turn runs; tell whether that came in time."""
        ends_s = time.monotonic() + timeout_s
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, ends_s - time.monotonic())

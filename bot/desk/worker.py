"""A thread that does what waits in the desk's store, in one process of a state folder at a time.

Knows nothing of what it does.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

POLL_S = 1.0  # how soon it sees what another process has put in
_log = logging.getLogger("concierge.desk")


class Worker:
    """Calls `work` when woken, and every second.

    Parameters
    ----------
    name
        What it is, for people; also the name of its lock.
    folder
        Where the lock lies. A process that dies leaves the lock to the others at once.
    work
        Does what is due; an error is logged, and it is called again.
    """

    def __init__(self, name: str, folder: Path, work: Callable[[], None]) -> None:
        self._name, self._work = name, work
        self._lock = FileLock(folder / f"{name}.lock", thread_local=False)
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def ending(self) -> bool:
        """Tell whether the work should come to an end."""
        return self._ended.is_set()

    def wake(self) -> None:
        """Let it look at once."""
        self._woken.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._woken.wait(POLL_S)
            self._woken.clear()
            try:
                with self._lock.acquire(blocking=False):
                    while not self._ended.is_set():
                        self._once()
                        self._woken.wait(POLL_S)
                        self._woken.clear()
            except Timeout:
                continue  # another process does it

    def _once(self) -> None:
        try:
            self._work()
        except Exception:
            _log.exception("%s failed; it goes on", self._name)

    def close(self, timeout_s: float = 10.0) -> None:
        """End it, waiting for what it is doing."""
        self._ended.set()
        self._woken.set()
        self._thread.join(timeout_s)

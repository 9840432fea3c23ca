"""Turns of one conversation one after the other, in the order in which they came.

Holds within a process by tickets and between processes of one state folder by file locks. Knows
nothing of what is done under the lock.
"""

import hashlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import SessionBusy

# Conversations share lock files by hash, so that they do not pile up on the disk.
_STRIPES = 4096
# One conversation must not fill the service with messages that wait for each other.
_MOST_WAITING = 8


class Turnstile:
    """Lets one turn of a conversation through at a time, first come, first served.

    Parameters
    ----------
    folder
        Where the lock files of all processes lie.
    timeout_s
        How long a turn waits for those before it.
    """

    def __init__(self, folder: Path, timeout_s: float) -> None:
        self._folder, self._timeout_s = folder, timeout_s
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[object]] = {}

    @contextmanager
    def turn(self, session: str) -> Iterator[None]:
        """Hold a conversation.

        Raises
        ------
        SessionBusy
            If the turns before it do not end in time, or too many wait already.
        """
        ends_s = time.monotonic() + self._timeout_s
        ticket = object()
        with self._changed:
            queue = self._waiting.setdefault(session, deque())
            if len(queue) > _MOST_WAITING:
                raise SessionBusy(
                    f"expected at most {_MOST_WAITING} messages to wait for their turn in "
                    f"{session[:6]}…, so many wait already; send the message again later"
                )
            queue.append(ticket)
            ready = self._changed.wait_for(lambda: queue[0] is ticket, self._timeout_s)
            if not ready:
                self._leave(session, ticket)
                raise self._busy(session)
        try:
            with self._across_processes(session, max(0.1, ends_s - time.monotonic())):
                yield
        finally:
            with self._changed:
                self._leave(session, ticket)

    def _leave(self, session: str, ticket: object) -> None:
        queue = self._waiting[session]
        queue.remove(ticket)
        if not queue:
            del self._waiting[session]
        self._changed.notify_all()

    @contextmanager
    def _across_processes(self, session: str, timeout_s: float) -> Iterator[None]:
        stripe = int.from_bytes(hashlib.blake2s(session.encode()).digest()[:4]) % _STRIPES
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{stripe:03x}.lock", timeout=timeout_s, thread_local=False)
        try:
            lock.acquire(poll_interval=0.02)
        except Timeout as error:
            raise self._busy(session) from error
        try:
            yield
        finally:
            lock.release()

    def _busy(self, session: str) -> SessionBusy:
        return SessionBusy(
            f"expected the turn before in {session[:6]}… to end within {self._timeout_s:g} s, but "
            "it still runs; send the message again later"
        )

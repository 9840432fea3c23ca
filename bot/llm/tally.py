"""How many tokens a language model has read and written since it was loaded."""

import threading


class Tally:
    """Two counts that only grow. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read = self._written = 0

    def add(self, read: int, written: int) -> None:
        """Count the tokens of a call."""
        with self._lock:
            self._read += read
            self._written += written

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return (kind, tokens) for what was read and what was written."""
        with self._lock:
            return ("read", self._read), ("written", self._written)

"""Which parts answer: what the last turns found, in words for whoever runs the service.

Knows no parts; it only remembers.
"""

import threading
import time

from bot.errors import StoreError
from bot.llm.errors import LLMError, Overloaded
from retrieval.errors import RetrievalError

_PARTS: tuple[tuple[str, tuple[type[Exception], ...]], ...] = (
    ("language model", (LLMError,)),
    ("catalogue", (RetrievalError,)),
    ("conversations", (StoreError,)),
)
_RETRY_S = 5.0


class Pulse:
    """What failed last and has not worked since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failing = ""
        self._next_try_s = 0.0

    @property
    def failing(self) -> str:
        """The part that fails; empty where everything works."""
        return self._failing

    def worked(self) -> None:
        """Note a turn that went well."""
        self._failing = ""

    def failed(self, error: Exception) -> None:
        """Note an error, if it is one of a part and not of whoever asked."""
        for part, kinds in _PARTS:
            if isinstance(error, kinds) and not isinstance(error, Overloaded):
                self._failing = part

    def due(self) -> bool:
        """Tell whether to try again now; the next time it is due a few seconds later."""
        with self._lock:
            now_s = time.monotonic()
            if not self._failing or now_s < self._next_try_s:
                return False
            self._next_try_s = now_s + _RETRY_S
            return True

"""What is told of a turn that ended, to whoever watches: metrics, traces, the log.

Knows none of those who watch; what goes wrong with one of them is not the turn's business.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.types import Reply

_log = logging.getLogger("concierge.watch")


@dataclass(frozen=True)
class Took:
    """One turn as it went.

    Parameters
    ----------
    request
        The name of the request.
    session
        A digest of the conversation's id; the id itself opens the conversation to who has it.
    began_s
        When it began, Unix time in seconds.
    lasted_s
        How long it took, waiting for earlier turns included.
    text
        The message.
    reply
        The answer; None where it failed.
    failed
        The kind of the error; empty where there was none.
    rejected
        How many sentences of the LLM were not true to the facts.
    """

    request: str
    session: str
    began_s: float
    lasted_s: float
    text: str
    reply: Reply | None = None
    failed: str = ""
    rejected: int = 0

    @property
    def plain(self) -> int:
        """How many reasons were put together from facts because the LLM gave no true one."""
        return sum(not item.generated for item in self.reply.items) if self.reply else 0


Watch = Callable[[Took], None]


def digest(session: str) -> str:
    """Return what stands for a conversation's id in logs and traces, 12 hexadecimal digits."""
    return hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def tell(watchers: Sequence[Watch], took: Took) -> None:
    """Tell everyone who watches."""
    for watch in watchers:
        try:
            watch(took)
        except Exception:
            _log.exception("a watcher failed")

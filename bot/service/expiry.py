"""Forgetting conversations that nobody used for long, once an hour while the service runs.

A clock that jumps must not cost anyone their talk: an hour in which it went more than an hour and
a bit is passed over, and what is old then is forgotten an hour later, if the clock still says so.
"""

import logging
import time
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from bot.errors import ConciergeError

if TYPE_CHECKING:
    from bot.concierge import Concierge

_EVERY_S = 3600.0
_JUMP_S = 600.0
_DAY_S = 86_400.0
_log = logging.getLogger("concierge.service")


class Steady:
    """Tells whether the clock went on evenly since it was last asked."""

    def __init__(self, wall_s: float, even_s: float) -> None:
        self._ahead_s = wall_s - even_s

    def is_so(self, wall_s: float, even_s: float) -> bool:
        """Return whether the wall clock and the even one took the same steps."""
        before, self._ahead_s = self._ahead_s, wall_s - even_s
        return abs(self._ahead_s - before) < _JUMP_S


async def expire_for_ever(concierge: "Concierge") -> None:
    """Forget what is old now and every hour; does not return."""
    clock = Steady(time.time(), time.monotonic())
    while True:
        if clock.is_so(time.time(), time.monotonic()):
            await anyio.to_thread.run_sync(expire, concierge, time.time())
        else:
            _log.warning("the clock jumped: nothing is forgotten for an hour")
        await anyio.sleep(_EVERY_S)


def expire(concierge: "Concierge", now_s: float) -> None:
    """Forget the conversations that were not used for as long as the settings say."""
    days = concierge.settings.expire_days
    if not days:
        return
    try:
        gone = concierge.people.expire(now_s - days * _DAY_S)
    except ConciergeError as error:
        _log.error("could not forget old conversations", exc_info=error)
        return
    if gone:
        _log.info("forgot %d conversations that were not used for %g days", gone, days)

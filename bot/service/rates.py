"""How often someone may ask: so many requests a minute, a share of them in a burst.

The generic cell rate algorithm: of everyone who asks only the time is kept at which their account
is even again. Knows neither keys nor addresses, only names.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_NAMES = 20_000
_BURST = 0.5  # of a minute's requests may come at once


class Rate:
    """A limit for each name; those not heard of for longest are forgotten first.

    Parameters
    ----------
    per_minute
        Requests a minute; 0 for no limit.
    now_s
        A clock that never goes back, in seconds.
    """

    def __init__(self, per_minute: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._gap_s = 60 / per_minute if per_minute else 0.0
        self._ahead_s = max(60 * _BURST, self._gap_s)
        self._now_s = now_s
        self._lock = threading.Lock()
        self._even_s: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, name: str) -> float:
        """Take a request in; return 0 if it is within the limit, else when to try again."""
        if not self._gap_s:
            return 0.0
        with self._lock:
            now_s = self._now_s()
            even_s = max(self._even_s.pop(name, now_s), now_s)
            over_s = even_s + self._gap_s - now_s - self._ahead_s
            # Binary fractions of a minute do not add up to it exactly.
            allowed = over_s <= 1e-6
            self._even_s[name] = even_s + self._gap_s if allowed else even_s
            if len(self._even_s) > _MOST_NAMES:
                self._even_s.popitem(last=False)
            return 0.0 if allowed else over_s

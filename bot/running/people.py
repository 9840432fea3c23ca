"""What is kept of a user, all of it handed out or forgotten; and what nobody used for long.

Works on the store alone: no model, no catalogue.
"""

import contextlib
from collections.abc import Callable
from typing import Any

from bot.errors import NoSession
from bot.running.locks import Turnstile
from bot.running.sessions import Sessions, to_json
from bot.types import Conversation


class People:
    """Users by name.

    Parameters
    ----------
    sessions
        The store.
    turnstile
        Keeps out turns of a conversation while it is forgotten.
    """

    def __init__(self, sessions: Sessions, turnstile: Turnstile) -> None:
        self._sessions, self._turnstile = sessions, turnstile

    def talks(self, user: str, owner: str | None = None) -> tuple[Conversation, ...]:
        """Return a user's conversations, oldest first; with an owner, those of that key only."""
        found = []
        for session in self._sessions.of_user(user, owner):
            with contextlib.suppress(NoSession):
                found.append(self._sessions.get(session))
        return tuple(found)

    def forget(self, user: str, owner: str | None = None) -> int:
        """Forget a user's conversations with all their states; return how many there were."""
        return self._forget(lambda: self._sessions.of_user(user, owner))

    def expire(self, unused_since_s: float) -> int:
        """Forget the conversations that nobody used since a Unix time; return how many."""
        return self._forget(lambda: self._sessions.unused_since(unused_since_s))

    def _forget(self, chosen: Callable[[], tuple[str, ...]]) -> int:
        """Forget until nothing is left to forget: a turn may be running that begins anew."""
        gone = 0
        while ids := chosen():
            for session in ids:
                with self._turnstile.turn(session):
                    self._sessions.forget(session)
            gone += len(ids)
        if gone:
            self._sessions.scrub()
        return gone


def export_json(user: str, talks: tuple[Conversation, ...]) -> dict[str, Any]:
    """Return everything that is kept of a user as JSON holds it."""
    return {"user": user, "sessions": [to_json(talk) for talk in talks]}

"""Whom a script talks to: one protocol, and the bot of this process behind it.

`bot.scripted.remote` is the other one, over HTTP.
"""

from dataclasses import dataclass
from hashlib import blake2s
from typing import Protocol

from bot.concierge import Concierge
from bot.memory.feedback import FeedbackKind
from bot.scripted.moment import Held
from bot.types import Conversation, Exchange, Reply


@dataclass(frozen=True)
class Past:
    """What was said in a conversation, as far as it is still kept.

    Parameters
    ----------
    catalog
        The catalogue's name.
    turns
        How many turns were taken.
    exchanges
        Those still kept, in order.
    held
        What is held at the end.
    """

    catalog: str
    turns: int
    exchanges: tuple[Exchange, ...]
    held: Held


class Talker(Protocol):
    """A bot that can be talked to. Safe to use from many threads, one session in each."""

    def open(self, catalog: str | None, script: str = "") -> str:
        """Begin a conversation; return its id.

        The same script gets the same wordings again, where the bot lets a talker say so.
        """
        ...

    def say(self, session: str, text: str) -> Reply:
        """Say something; return the reply."""
        ...

    def feedback(self, session: str, item: str, kind: FeedbackKind) -> None:
        """Tell what the person does with an item."""
        ...

    def held(self, session: str) -> Held:
        """Return what the bot holds now."""
        ...

    def past(self, session: str) -> Past:
        """Return what was said in a conversation."""
        ...

    def close(self, session: str) -> None:
        """Forget a conversation."""
        ...


class Here:
    """The bot of this process.

    Parameters
    ----------
    concierge
        The facade; whoever made it closes it.
    """

    def __init__(self, concierge: Concierge) -> None:
        self._concierge = concierge

    def open(self, catalog: str | None, script: str = "") -> str:
        """Begin a conversation, named by its script; return its id."""
        named = f"script-{blake2s(script.encode(), digest_size=8).hexdigest()}" if script else None
        return self._concierge.open(catalog, id_=named).id

    def say(self, session: str, text: str) -> Reply:
        """Say something; return the reply."""
        return self._concierge.turn(session, text)

    def feedback(self, session: str, item: str, kind: FeedbackKind) -> None:
        """Tell what the person does with an item."""
        self._concierge.feedback(session, item, kind)

    def held(self, session: str) -> Held:
        """Return what the bot holds now."""
        return _held(self._concierge.conversation(session))

    def past(self, session: str) -> Past:
        """Return what was said in a conversation."""
        talk = self._concierge.conversation(session)
        return Past(talk.catalog, talk.turn, talk.history, _held(talk))

    def close(self, session: str) -> None:
        """Forget a conversation."""
        self._concierge.delete(session)


def _held(talk: Conversation) -> Held:
    wishes = talk.wishes
    taste = (talk.likes, talk.dislikes, talk.seen)
    return Held(wishes.constraints, wishes.wish, *taste, wishes.similar)

"""Whom simulated people talk to: the bot, and a plain retrieve-and-read baseline.

Both are told messages and buttons only; neither knows who talks.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from bot.checking.checker import check
from bot.concierge import Concierge
from bot.simulator.types import Heard
from bot.types import Conversation, Reply
from bot.voice.phrasing import phrases
from retrieval.embedding import FloatArray
from retrieval.index import Index
from retrieval.types import Constraint, Item, Schema

SHOWN = 3  # items that the baseline lists


class Partner(Protocol):
    """One talk with a system."""

    def say(self, text: str) -> Heard:
        """Return what comes back to a message."""
        ...

    def press(self, item: str, like: bool) -> None:
        """Take in a button pressed on an item."""
        ...

    def end(self) -> None:
        """Forget the talk."""
        ...


class BotTalk:
    """A talk with the bot, which is forgotten at its end.

    Parameters
    ----------
    bot
        The bot.
    catalog
        The catalogue's name.
    """

    def __init__(self, bot: Concierge, catalog: str) -> None:
        self._bot, self._index = bot, bot.catalogs[catalog]
        self._session = bot.open(catalog).id
        self._said: list[str] = []

    def say(self, text: str) -> Heard:
        """Return the bot's reply, its reasons checked anew against the facts."""
        self._said.append(text)
        reply = self._bot.turn(self._session, text)
        talk = self._bot.conversation(self._session)
        return Heard(
            text=reply.reply,
            act=reply.act,
            items=self._index.get([item.id for item in reply.items]),
            referred=_referred(reply, talk, self._index),
            announced=_announced(reply, talk, self._index.schema),
            unsupported=self._unsupported(reply, talk),
        )

    def press(self, item: str, like: bool) -> None:
        """Give feedback on an item."""
        self._bot.feedback(self._session, item, "like" if like else "dislike")

    def end(self) -> None:
        """Delete the conversation."""
        self._bot.delete(self._session)

    def _unsupported(self, reply: Reply, talk: Conversation) -> tuple[tuple[str, ...], ...]:
        known = self._index.get([*talk.wishes.similar, *talk.likes])
        allowed = (*self._said, *(item.title for item in known), *_limits(talk))
        values, schema = self._index.values, self._index.schema
        found = []
        for shown in reply.items:
            (item,) = self._index.get([shown.id])
            claims = check(shown.reason, item, schema, allowed, values.mentions(shown.reason))
            found.append(tuple(f"{c.kind}: {c.text}: {c.why}" for c in claims))
        return tuple(found)


def _limits(talk: Conversation) -> tuple[str, ...]:
    """Return the numbers that the bot holds ("shorter" → 117), which a reason may repeat."""
    values = (c.value for c in talk.wishes.constraints)
    parts = (p for value in values for p in (value if isinstance(value, tuple) else (value,)))
    return tuple(f"{p:g}" for p in parts if isinstance(p, int | float))


def _referred(reply: Reply, talk: Conversation, index: Index) -> frozenset[str]:
    """Return the items that a message was taken to refer to.

    Those that were read out of it; where none were and the reply shows no items, those of the
    items in sight that the reply names.
    """
    read = reply.understood
    anchors = (r.anchor for r in read.relative if r.anchor)
    ids = (*read.refers, *read.similar, *read.likes, *read.dislikes, *read.seen, *anchors)
    if ids or reply.items:
        return frozenset(ids)
    return frozenset(i.id for i in index.get(talk.shown) if i.title in reply.reply)


def _announced(reply: Reply, talk: Conversation, schema: Schema) -> tuple[Constraint, ...]:
    """Return the wishes that the reply says it gave up."""
    speak = phrases(reply.understood.language)
    lead = reply.reply.split("\n")[0]
    given_up = " ".join(m for p in _giving_up(speak.language) for m in p.findall(lead))
    return tuple(
        c
        for c in talk.wishes.constraints
        if given_up and speak.quote(speak.constraint(c, schema)) in given_up
    )


@lru_cache
def _giving_up(language: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns of the lines in which wishes are given up, the wishes as their group."""
    lines = phrases(language).tables["lines"]
    found = []
    for line in (*lines["relaxed"], *lines["relaxed_theme"]):
        pattern = re.escape(line).replace(re.escape("{relaxed}"), "(.+?)")
        found.append(re.compile(re.sub(r"\\\{\w+\\\}", ".+?", pattern)))
    return tuple(found)


class Reader:
    """Retrieve and read: the message is the query, the nearest items are the answer.

    It has no memory but of what it showed, so that every turn brings new items. It makes no
    claims of its own: it reads out titles and descriptions.

    Parameters
    ----------
    index
        The catalogue.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._ids: Sequence[str] = index.ids()
        self._vectors: FloatArray = index.vectors(self._ids)
        self._shown: set[str] = set()

    def say(self, text: str) -> Heard:
        """Return the items whose vectors are nearest to the message's, among those not shown."""
        cosines = self._vectors @ self._index.encode(text)
        order = (self._ids[row] for row in (-cosines).argsort(kind="stable"))
        fresh = [i for i in order if i not in self._shown][:SHOWN]
        self._shown.update(fresh)
        items: tuple[Item, ...] = self._index.get(fresh)
        lines = "\n".join(f"{n}. {i.title}: {i.text}" for n, i in enumerate(items, start=1))
        return Heard(lines, "recommend", items)

    def press(self, item: str, like: bool) -> None:
        """Do nothing: a retriever has no taste."""

    def end(self) -> None:
        """Do nothing: nothing is kept."""

"""What the page draws from: one conversation, its catalogue's schema, titles and interest.

A value gathered per request; the page keeps nothing between requests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.types import Conversation, Point
from retrieval.types import Schema


@dataclass(frozen=True)
class View:
    """A conversation as the page sees it; `conversation` is None before the first message.

    `titles` maps the ids of items that the conversation names to their titles; `interest` is
    what the tracker believes now.
    """

    schema: Schema
    conversation: Conversation | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    interest: tuple[Point, ...] = ()

    def title(self, item: str) -> str:
        """Return an item's title, or its id where the catalogue no longer has it."""
        return self.titles.get(item, item)


def named(conversation: Conversation) -> tuple[str, ...]:
    """Return the ids of items that a page about a conversation names, each once."""
    wishes = conversation.wishes
    anchors = tuple(r.anchor for r in wishes.relative if r.anchor)
    said = tuple(
        item
        for exchange in conversation.history
        for item in exchange.reply.understood.likes
        + exchange.reply.understood.dislikes
        + exchange.reply.understood.seen
        + exchange.reply.understood.similar
    )
    ids = conversation.likes + conversation.dislikes + conversation.seen
    return tuple(dict.fromkeys(ids + wishes.similar + anchors + said))

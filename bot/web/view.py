"""What the page draws from: one conversation, its catalogue's schema, items and interest.

A value gathered per request; the page keeps nothing between requests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.types import Conversation, Point
from retrieval.types import Item, Schema


@dataclass(frozen=True)
class View:
    """A conversation as the page sees it; `conversation` is None before the first message.

    `items` are those that the conversation names, by id; `interest` is what the tracker believes
    now.
    """

    schema: Schema
    conversation: Conversation | None = None
    items: Mapping[str, Item] = field(default_factory=dict)
    interest: tuple[Point, ...] = ()

    def title(self, item: str) -> str:
        """Return an item's title, or its id where the catalogue no longer has it."""
        return self.items[item].title if item in self.items else item


LISTED = 8  # how many items the panel lists of each kind


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
        + exchange.reply.understood.refers
    )
    ids = conversation.likes + conversation.dislikes + conversation.seen
    ids += conversation.ever_shown[-LISTED:]
    return tuple(dict.fromkeys(ids + wishes.similar + anchors + said))

"""What a turn says on its way: the message understood, pieces of the reply, the end.

Knows nothing of how a turn is made.
"""

from dataclasses import dataclass

from bot.types import Reply, Understood


@dataclass(frozen=True)
class Understanding:
    """The message is understood; the reply is on its way."""

    understood: Understood


@dataclass(frozen=True)
class Token:
    """A piece of the reply's text; all pieces of a turn joined together are the text."""

    text: str


@dataclass(frozen=True)
class Done:
    """The turn is over and kept."""

    reply: Reply


Said = Understanding | Token | Done

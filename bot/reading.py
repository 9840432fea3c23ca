"""What an LLM reads out of one message, before it is linked to the catalogue.

This is untrusted LLM output, so it is validated. Texts are spans of the message; `#2` names the
second item shown, `#all` all of them.
"""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bot.types import Act, Direction
from retrieval.types import Op

Text = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Added(_Strict):
    """A constraint: `facet op text`, the text naming a value or holding a quantity."""

    facet: Name
    op: Op
    text: Text


class Removed(_Strict):
    """A held wish withdrawn; without a value, every wish on the facet."""

    facet: Name
    value: Text | None = None


class Compared(_Strict):
    """A number wish without a number ("shorter", "cheap"), compared with `anchor` if set."""

    facet: Name
    direction: Direction
    text: Text
    anchor: Text | None = None


Role = Literal["likes", "dislikes", "seen", "similar", "refers"]
ROLES: tuple[str, ...] = get_args(Role)


class Reading(_Strict):
    """One message, read. Lists are in the order of the message."""

    act: Act
    add: tuple[Added, ...] = ()
    remove: tuple[Removed, ...] = ()
    relative: tuple[Compared, ...] = ()
    likes: tuple[Text, ...] = ()
    dislikes: tuple[Text, ...] = ()
    seen: tuple[Text, ...] = ()
    similar: tuple[Text, ...] = ()
    refers: tuple[Text, ...] = ()
    asks: tuple[Name, ...] = ()
    count: Text | None = None
    wish: tuple[Text, ...] = ()
    avoid: tuple[Text, ...] = ()

"""What the HTTP routes take and give. Bodies are untrusted: strict, bounded, nothing extra."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.replies import constraint_json, points_json, reply_json
from bot.types import Conversation, Point


def _encodable(words: str) -> str:
    """Return words as they are, if they can be written as UTF-8."""
    try:
        words.encode()
    except UnicodeEncodeError as error:
        raise ValueError("expected text, got half of a surrogate pair") from error
    return words


Words = Annotated[str, AfterValidator(_encodable)]
Name = Annotated[Words, Field(min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NewSession(_Body):
    """Who talks, if known, and about which catalogue."""

    user: Name | None = None
    catalog: Name | None = None


class Message(_Body):
    """One message of the person."""

    text: Words


class Feedback(_Body):
    """What the person did with an item."""

    item: Name
    kind: Literal["like", "dislike", "seen", "bought"]


class _Loose(BaseModel):
    # Clients of OpenAI's API send much that has no meaning here.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class ChatPart(_Loose):
    """A part of a chat message; only texts can be read."""

    type: Literal["text"]
    text: Words


class ChatMessage(_Loose):
    """One message of OpenAI's chat API."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Words | Annotated[list[ChatPart], Field(max_length=64)] | None = None

    def text(self) -> str:
        """Return what the message says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(_Loose):
    """Whether a stream ends with the counts of tokens."""

    include_usage: bool = False


class ChatRequest(_Loose):
    """A request of OpenAI's chat API, as far as it means something here."""

    model: Name
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    user: Name | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = None


def session_json(talk: Conversation, interest: Sequence[Point]) -> dict[str, Any]:
    """Return what a conversation holds and what was said in it; items are ids."""
    wishes = talk.wishes
    return {
        "id": talk.id,
        "catalog": talk.catalog,
        "user": talk.user,
        "turn": talk.turn,
        "wishes": {
            "constraints": [constraint_json(c) for c in wishes.constraints],
            "relative": [
                {"facet": r.facet, "direction": r.direction, "anchor": r.anchor}
                for r in wishes.relative
            ],
            "wish": list(wishes.wish),
            "avoid": list(wishes.avoid),
            "similar": list(wishes.similar),
            "count": wishes.count,
        },
        "shown": list(talk.shown),
        "likes": list(talk.likes),
        "dislikes": list(talk.dislikes),
        "seen": list(talk.seen),
        "interest": points_json(interest),
        "history": [{"text": e.text, "reply": reply_json(e.reply)} for e in talk.history],
    }

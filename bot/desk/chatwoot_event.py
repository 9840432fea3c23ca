"""What Chatwoot sends an agent bot, and what of it concerns us.

Bodies are untrusted and hold far more than we read; what is not named here is ignored. Knows
nothing of what is done about it.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["asked", "taken", "resumed", "ours", "nothing"]
_INCOMING, _OUTGOING = ("incoming", 0, "0"), ("outgoing", 1, "1")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Account(_Part):
    id: int


class _Meta(_Part):
    assignee: dict[str, object] | None = None
    assignee_type: str | None = None


class _Conversation(_Part):
    id: int
    status: str = ""
    meta: _Meta = _Meta()


class _Sender(_Part):
    type: str = ""


class Payload(_Part):
    """One event; `id` and `status` are a message's or a conversation's, as `event` says."""

    event: str = Field(max_length=100)
    id: int | None = None
    account: _Account | None = None
    content: str | None = None
    content_attributes: dict[str, object] | None = None
    message_type: str | int | None = None
    private: bool | None = False
    sender: _Sender | None = None
    status: str | int | None = None
    conversation: _Conversation | None = None


@dataclass(frozen=True)
class Happened:
    """What an event means to us.

    Parameters
    ----------
    kind
        `asked`: a customer wrote and it is the bot's turn; `taken`: a human took the
        conversation without opening it; `resumed`: a human gave it back by command; `ours`: the
        conversation itself says again whose turn it is; `nothing`: all else.
    conversation
        Its number.
    message
        The message's number.
    text
        What was written.
    """

    kind: Kind
    conversation: int = 0
    message: int = 0
    text: str = ""


NOTHING = Happened("nothing")


def read(payload: Payload, resume: str) -> Happened:
    """Return what an event means; `resume` is the command that gives a conversation back."""
    if payload.event == "message_created":
        return _message(payload, resume)
    if payload.event in (
        "conversation_opened",
        "conversation_resolved",
        "conversation_status_changed",
    ):
        return Happened("ours", payload.id) if payload.id is not None else NOTHING
    return NOTHING


def _message(payload: Payload, resume: str) -> Happened:
    talk, text = payload.conversation, (payload.content or "").strip()
    if talk is None or payload.id is None:
        return NOTHING
    if payload.message_type in _OUTGOING:
        own = (payload.content_attributes or {}).get("concierge")
        if own or payload.sender is None or payload.sender.type != "user":
            return NOTHING
        if text.casefold() == resume.casefold():
            return Happened("resumed", talk.id, payload.id)
        taken = not payload.private and talk.status == "pending"
        return Happened("taken", talk.id, payload.id) if taken else NOTHING
    if payload.message_type not in _INCOMING or payload.private or talk.status != "pending":
        return NOTHING
    human = talk.meta.assignee and (talk.meta.assignee_type or "User") == "User"
    return NOTHING if human else Happened("asked", talk.id, payload.id, text)

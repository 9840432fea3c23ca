"""Rasa's REST channel, for software that speaks it already.

A sender is a talk of its own, and stays so over restarts. Knows no other channel.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.concierge import Concierge, reply_json
from bot.desk.store import DeskStore
from bot.desk.talks import talk_of
from bot.said import Done, Said, Token
from bot.service.schemas import Words
from bot.types import Reply


class RasaMessage(BaseModel):
    """What Rasa's clients send; members that we do not use are ignored, as Rasa does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sender: Annotated[Words, Field(min_length=1, max_length=200)] = "default"
    message: Words


def answer(message: RasaMessage, concierge: Concierge, store: DeskStore) -> list[dict[str, Any]]:
    """Return the answer as Rasa gives it: a list of messages, with our own under `custom`.

    Raises
    ------
    BadText, SessionBusy, StoreError
        See `bot.errors`. Errors of the LLM and of the index come through as they are.
    """
    talk = talk_of("rasa", message.sender, concierge, store)
    reply = concierge.turn(talk.id, message.message)
    return [_told(message, reply.reply, reply)]


def stream(message: RasaMessage, concierge: Concierge, store: DeskStore) -> Iterator[str]:
    """Return the answer as Rasa streams it: messages in JSON, one a line, as they are ready.

    The last one has our own under `custom`. Errors before the first message are those of `answer`;
    after it the stream breaks off.
    """
    talk = talk_of("rasa", message.sender, concierge, store)
    said = concierge.stream(talk.id, message.message)
    next(said)  # what was understood; an error before it can still be told by its status
    return _lines(message, said)


def _lines(message: RasaMessage, said: Iterator[Said]) -> Iterator[str]:
    held = ""
    for part in said:
        if isinstance(part, Token):
            if held:
                yield _line(_told(message, held))
            held = part.text
        elif isinstance(part, Done):
            yield _line(_told(message, held, part.reply))


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _told(message: RasaMessage, text: str, reply: Reply | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"recipient_id": message.sender, "text": text.strip("\n")}
    if reply is not None:
        whole = reply_json(reply)
        told["custom"] = {name: whole[name] for name in ("act", "turn", "items")}
    return told

"""Rasa's REST channel, for software that speaks it already.

A sender is a talk of its own, and stays so over restarts. Knows no other channel.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.concierge import Concierge, reply_json
from bot.desk.store import DeskStore
from bot.desk.talks import talk_of
from bot.service.schemas import Words


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
    reply = reply_json(concierge.turn(talk.id, message.message))
    custom = {name: reply[name] for name in ("act", "turn", "items")}
    return [{"recipient_id": message.sender, "text": reply["reply"], "custom": custom}]

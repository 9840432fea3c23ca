"""Feedback given beside the talk: a button pressed on an item becomes taste.

Pure; knows nothing of catalogues.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.types import Conversation
from ranking.types import Event, EventKind

FeedbackKind = Literal["like", "dislike", "seen", "bought"]
_EVENTS: Mapping[FeedbackKind, EventKind] = {
    "like": "liked",
    "dislike": "disliked",
    "seen": "seen",
    "bought": "bought",
}


def with_feedback(talk: Conversation, item: str, kind: FeedbackKind, now_s: float) -> Conversation:
    """Return a conversation with one more taste event.

    The newest word on an item holds: like and dislike replace each other. What was bought counts
    as liked. Feedback that was given before and still holds changes nothing.
    """
    likes, dislikes, seen = talk.likes, talk.dislikes, talk.seen
    told = Event(item, _EVENTS[kind], now_s)
    last = next((e for e in reversed(talk.events) if e.item == item), None)
    if last is not None and last.kind == told.kind:
        return talk
    if kind == "seen":
        seen = _with(seen, item)
    elif kind == "dislike":
        likes, dislikes = _without(likes, item), _with(dislikes, item)
    else:
        likes, dislikes = _with(likes, item), _without(dislikes, item)
    events = (*talk.events, told)
    return replace(talk, likes=likes, dislikes=dislikes, seen=seen, events=events)


def _with(ids: tuple[str, ...], item: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ids, item)))


def _without(ids: tuple[str, ...], item: str) -> tuple[str, ...]:
    return tuple(i for i in ids if i != item)

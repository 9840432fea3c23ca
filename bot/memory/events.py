"""Taste told in a message: what is liked, disliked and seen, and the tracker's events.

Knows item ids only.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.types import Conversation, Understood
from ranking.types import Event, EventKind


def with_taste(conversation: Conversation, understood: Understood, now_s: float) -> Conversation:
    """Return the conversation with a message's taste and the events it makes.

    The newest word on an item holds: what is disliked is liked no more. An event is made only for
    what is new. Items shown are `ignored` when the message asks for others and says nothing else;
    items asked about or compared with are `mentioned`.

    Parameters
    ----------
    now_s
        Unix time in seconds; all events of a message have it.
    """
    likes, dislikes, seen = understood.likes, understood.dislikes, understood.seen
    told = (*likes, *dislikes)
    kinds: list[tuple[EventKind, Iterable[str]]] = [
        ("ignored", _passed_over(conversation, understood)),
        ("seen", (i for i in seen if i not in told and i not in conversation.seen)),
        ("mentioned", _mentioned(understood)),
        ("liked", (i for i in likes if i not in conversation.likes)),
        ("disliked", (i for i in dislikes if i not in conversation.dislikes)),
    ]
    events = tuple(Event(item, kind, now_s) for kind, ids in kinds for item in dict.fromkeys(ids))
    spoken = dict.fromkeys((*understood.refers, *told, *seen, *understood.similar))
    return replace(
        conversation,
        likes=_joined((i for i in conversation.likes if i not in dislikes), likes),
        dislikes=_joined((i for i in conversation.dislikes if i not in likes), dislikes),
        seen=_joined(conversation.seen, seen),
        events=(*conversation.events, *events),
        focus=next(iter(spoken)) if len(spoken) == 1 else conversation.focus,
    )


def _joined(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def _mentioned(understood: Understood) -> tuple[str, ...]:
    if understood.act not in ("recommend", "answer", "compare"):
        return understood.similar
    told = {*understood.likes, *understood.dislikes, *understood.seen}
    return tuple(i for i in (*understood.similar, *understood.refers) if i not in told)


def _passed_over(conversation: Conversation, understood: Understood) -> tuple[str, ...]:
    """Return the items shown when all that a message does is to ask for others."""
    bare = Understood(
        act="recommend",
        count=understood.count,
        unlinked=understood.unlinked,
        language=understood.language,
    )
    known = {*conversation.likes, *conversation.dislikes, *conversation.seen}
    known |= {e.item for e in conversation.events if e.kind in ("ignored", "bought")}
    return tuple(i for i in conversation.shown if i not in known) if understood == bare else ()

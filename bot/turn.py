"""One turn, step by step: plain functions over typed values.

`Conversation + text → Understood → Conversation with wishes → Retrieved → Ranked → Decision →
Reply + Conversation'`: the ends of it are here, the middle is in `bot.memory.wishes`,
`bot.ordering`, `bot.policy` and `bot.voice.speaking`. Knows nothing of how conversations are stored
or in which order the steps are called.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import torch

from bot.checking.cleaning import clean_title
from bot.llm.base import LLM, Situation
from bot.memory.wishes import query as wishes_query
from bot.ordering import query_vector, superlatives
from bot.policy import Decision
from bot.quantity.digits import lowered
from bot.types import Conversation, Exchange, Reply, Understood
from bot.understanding.hints import hints
from bot.understanding.linking import link
from bot.voice.foremost import foremost
from bot.voice.saying import Scene
from bot.voice.sought import is_called, things
from bot.voice.speaking import Answer
from ranking.types import Event
from ranking.vectors import cosine
from retrieval.index import Index
from retrieval.types import Candidate, Query, Retrieved

MAX_HISTORY = 200
_OTHERS = re.compile(r"\b(?:others?|another|else|different|more like)\b|别的|其他|另外|还有")
_AFRESH = re.compile(
    r"^.{0,25}\b(?:start(?:ing)? (?:over|again|afresh|anew|from scratch)|from scratch|new search)"
    r"(?: please| then| now)?\s*[,.;:!…]+\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_POLITE = re.compile(r"\W*(?:(?:please|pls|thanks|thank you|then|now|ok|okay|cheers)\W*)*", re.I)
_SAID = 400  # characters of the bot's last message that an LLM gets to see


def understand(conversation: Conversation, text: str, llm: LLM, index: Index) -> Understood:
    """Return what a message means, linked to the catalogue.

    What follows "start over" is read as the first message of a talk.
    """
    afresh = _AFRESH.search(text)
    if afresh and not _POLITE.fullmatch(afresh["rest"]):
        clean = Conversation(conversation.id, conversation.catalog)
        reading = llm.read([situation(clean, afresh["rest"], index)])[0]
        if reading.act in ("recommend", "clarify"):
            return replace(link(reading, afresh["rest"], clean, index), act="reset")
    reading = llm.read([situation(conversation, text, index)])[0]
    return link(reading, text, conversation, index)


def situation(conversation: Conversation, text: str, index: Index) -> Situation:
    """Return a message in its context, as an LLM gets to see it; item texts are cleaned."""
    last = conversation.history[-1].reply.reply if conversation.history else ""
    return Situation(
        schema=index.schema,
        text=text,
        said=last.split("\n")[0][:_SAID],
        state=conversation.wishes.constraints,
        shown=tuple(clean_title(item.title) for item in index.get(conversation.shown)),
        hints=hints(text, index.values, partial(_title, index)),
    )


def _title(index: Index, id_: str) -> str:
    return next((clean_title(i.title) for i in index.get([id_])), "")


def retrieve(
    conversation: Conversation, understood: Understood, index: Index, text: str = ""
) -> tuple[Query, Retrieved]:
    """Return what to look for, and what was found, with items asked for by name in front.

    What was shown comes again where nothing else meets changed wishes, unless the message asks
    for other items.
    """
    query = wishes_query(conversation, index.schema)
    if superlatives(conversation):
        query = replace(query, limit=max(query.limit, len(index)))
    if any(r.direction in ("min", "max") for r in understood.relative):
        # "The newest phone" is the newest of all, shown before or not.
        query = replace(query, exclude=frozenset(_turned_down(conversation)))
    found = index.search(query)
    if _changes_wishes(understood) and not _OTHERS.search(lowered(text)):
        if found.spent:
            found = _shown_again(conversation, understood, query, found, index)
        elif not found.relaxed:
            found = _sought_again(conversation, query, found, index)
    alone = _only_named(understood)
    known = conversation.dislikes if alone else (*conversation.dislikes, *conversation.shown)
    named = [i for i in index.get(understood.refers) if i.id not in known]
    if not named:
        return query, found
    vector = query_vector(query, index)
    rows = torch.from_numpy(index.vectors([i.id for i in named]))
    near = [0.0] * len(named) if vector is None else cosine(vector[None], rows)[0].tolist()
    asked = tuple(Candidate(i, dense, 0.0) for i, dense in zip(named, near, strict=True))
    if alone:
        return query, Retrieved(asked, ())
    return query, replace(found, candidates=(*asked, *found.candidates))


def _changes_wishes(understood: Understood) -> bool:
    u = understood
    return bool(u.add or u.remove or u.relative or u.wish or u.avoid)


def _shown_again(
    talk: Conversation, understood: Understood, query: Query, found: Retrieved, index: Index
) -> Retrieved:
    """Return what meets changed wishes among the items shown before, rather than give one up.

    What was last shown is no answer to a comparison with it, where only themes are in its way.
    """
    compared = any(r.direction in ("less", "more") for r in understood.relative)
    tags = {f.name for f in index.schema.facets if f.kind == "tags"}
    if compared and all(c.facet in tags for c in found.relaxed):
        return found
    again = index.search(replace(query, exclude=frozenset(_turned_down(talk))))
    return found if again.relaxed else again


def _sought_again(talk: Conversation, query: Query, found: Retrieved, index: Index) -> Retrieved:
    """Return what is the thing looked for among the items shown before, where no other is.

    "Nurse", then "in Leeds": the one nurse in Leeds again rather than somebody else there.
    """
    wanted = things(talk.wishes, index.schema)
    if not wanted or not talk.shown or _any_called(found, wanted):
        return found
    again = index.search(replace(query, exclude=frozenset(_turned_down(talk))))
    return again if not again.relaxed and _any_called(again, wanted) else found


def _any_called(found: Retrieved, wanted: Sequence[str]) -> bool:
    return any(is_called(c.item, thing) for c in found.candidates for thing in wanted)


def _turned_down(talk: Conversation) -> tuple[str, ...]:
    """Return the items that are never shown again: seen, disliked, liked, or to be resembled."""
    return (*talk.seen, *talk.dislikes, *talk.likes, *talk.wishes.similar)


def _only_named(understood: Understood) -> bool:
    """Tell whether a message wants the items that it names and nothing else."""
    u = understood
    return not (u.add or u.relative or u.wish or u.similar or u.count or u.likes)


def finish(scene: Scene, answer: Answer, now_s: float) -> tuple[Reply, Conversation]:
    """Return the reply as it is sent and the conversation after it.

    The timings are still empty: whoever runs the steps fills them in.
    """
    before, after, decision = scene.before, scene.after, scene.decision
    resolved = tuple(
        c
        for c in after.wishes.constraints
        if c not in before.wishes.constraints and c not in scene.understood.add
    )
    understood = replace(scene.understood, add=(*scene.understood.add, *resolved))
    turn = before.turn + 1
    reply = Reply(answer.text, decision.act, turn, answer.items, understood, scene.points)
    ids = tuple(item.id for item in answer.items)
    told = decision.about if decision.act in ("answer", "compare") else ()
    talk = replace(
        _accept(after, decision, now_s),
        turn=turn,
        shown=ids or _spoken_of(after, decision),
        ever_shown=tuple(dict.fromkeys((*after.ever_shown, *ids, *told))),
        focus=_focus(scene, ids),
        history=(*after.history, Exchange(scene.text, reply))[-MAX_HISTORY:],
        asked=decision.act == "clarify" or (after.asked and decision.act != "reset"),
    )
    return reply, talk


def _spoken_of(talk: Conversation, decision: Decision) -> tuple[str, ...]:
    """Return what "the first one" means after a turn without items: what was shown, or named."""
    if decision.act == "reset":
        return ()
    named = decision.act in ("answer", "compare") and not set(decision.about) & set(talk.shown)
    return decision.about if named and decision.about else talk.shown


def _accept(talk: Conversation, decision: Decision, now_s: float) -> Conversation:
    """Return the conversation with the items that were picked among those liked."""
    if decision.act != "accept" or decision.trouble:
        return talk
    fresh = tuple(i for i in decision.about if i not in talk.likes)
    events = tuple(Event(i, "bought", now_s) for i in decision.about)
    return replace(
        talk,
        likes=(*talk.likes, *fresh),
        dislikes=tuple(i for i in talk.dislikes if i not in decision.about),
        events=(*talk.events, *events),
    )


def _focus(scene: Scene, ids: tuple[str, ...]) -> str | None:
    """Return the item last spoken of: the only one of the reply, else the one before.

    Of a comparison ("which is longer?") it is the one that has the most of what was asked for.
    """
    talk, decision = scene.after, scene.decision
    if decision.act == "compare" and (most := foremost(scene)):
        return most
    if decision.act == "recommend" and ids:
        return ids[0] if len(ids) == 1 else None
    if len(decision.about) == 1:
        return decision.about[0]
    return None if decision.about or decision.act == "reset" else talk.focus

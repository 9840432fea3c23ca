"""One turn, step by step: plain functions over typed values, one for each node of the graph.

`Conversation + text → Understood → Conversation with wishes → Retrieved → Ranked → Decision →
Reply + Conversation'`. Knows nothing of how conversations are stored or in which order the
steps are called.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from bot import answering, saying
from bot.cleaning import clean_title
from bot.explanation import Case, Reason, reasons
from bot.linking import link
from bot.llm.base import LLM, Hint, Situation
from bot.matching import Matching, match
from bot.phrasing import Phrases, Seed, phrases
from bot.policy import Decision, wanted
from bot.saying import Scene
from bot.taste import Taste
from bot.types import Conversation, Exchange, Point, Recommendation, Reply, Understood
from bot.wishes import query as wishes_query
from ranking.score import ScoreWeights, rank
from ranking.types import Event, Ranked
from ranking.vectors import cosine
from retrieval.index import Index
from retrieval.types import Candidate, Item, Query, Retrieved

MAX_HISTORY = 200
_SAID = 400  # characters of the bot's last message that an LLM gets to see
_MOST_RESEMBLED = 2
_RESEMBLES = 0.35  # least cosine at which an item may be called close to a liked one

Emit = Callable[[str], None]


@dataclass(frozen=True)
class Room:
    """One catalogue and what is made for it once: its index and its tastes."""

    index: Index
    taste: Taste


def understand(conversation: Conversation, text: str, llm: LLM, index: Index) -> Understood:
    """Return what a message means, linked to the catalogue."""
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
        hints=tuple(_hints(text, index)),
    )


def _hints(text: str, index: Index) -> Sequence[Hint]:
    hints = []
    for mention in index.values.mentions(text):
        value = mention.value
        if mention.facet is None:
            value = next((clean_title(i.title) for i in index.get([value])), "")
        if value:
            hints.append(Hint(mention.start, mention.end, mention.facet, value))
    return hints


def retrieve(
    conversation: Conversation, understood: Understood, index: Index
) -> tuple[Query, Retrieved]:
    """Return what to look for, and what was found, with items asked for by name in front."""
    query = wishes_query(conversation, index.schema)
    if _superlatives(conversation):
        query = replace(query, limit=max(query.limit, len(index)))
    found = index.search(query)
    named = [i for i in index.get(understood.refers) if i.id not in conversation.dislikes]
    if not named:
        return query, found
    vector = _query_vector(query, index)
    rows = torch.from_numpy(index.vectors([i.id for i in named]))
    near = [0.0] * len(named) if vector is None else cosine(vector[None], rows)[0].tolist()
    asked = tuple(Candidate(i, dense, 0.0) for i, dense in zip(named, near, strict=True))
    return query, Retrieved(asked, ()) if _only_named(understood) else Retrieved(
        (*asked, *found.candidates), found.relaxed
    )


def _only_named(understood: Understood) -> bool:
    """Tell whether a message wants the items that it names and nothing else."""
    u = understood
    return not (u.add or u.relative or u.wish or u.similar or u.count or u.likes)


def _superlatives(conversation: Conversation) -> list[tuple[str, bool]]:
    """Return (facet, upwards) of the superlative wishes, the latest first."""
    found = [r for r in conversation.wishes.relative if r.direction in ("min", "max")]
    return [(r.facet, r.direction == "max") for r in reversed(found)]


def rank_found(
    conversation: Conversation,
    understood: Understood,
    query: Query,
    retrieved: Retrieved,
    room: Room,
    weights: ScoreWeights,
    usual: int = 3,
) -> tuple[Ranked, ...]:
    """Return the items to recommend, best first, with the terms of their scores.

    Items asked for by name come first. A superlative ("the shortest") chooses by its facet and
    leaves the score to settle ties. Where neither words nor taste say what is better, the order
    of retrieval stands. `usual` is how many to show where the person names no number.
    """
    index, count = room.index, wanted(understood, usual)
    candidates = list(retrieved.candidates)
    named = [c for c in candidates if c.item.id in understood.refers]
    rest = [c for c in candidates if c.item.id not in understood.refers]
    interest = room.taste.interest(conversation.events)
    vector = _query_vector(query, index)
    superlatives = _superlatives(conversation)
    if superlatives:
        rest = _best_by(superlatives[0], rest, count)
    elif vector is None and interest is None:
        rest = rest[:count]
    away = _away(conversation, query, index)

    def score(some: Sequence[Candidate], limit: int) -> tuple[Ranked, ...]:
        rows = torch.from_numpy(index.vectors([c.item.id for c in some]))
        return rank(some, rows, vector, interest, weights, limit, away)

    first = score(named, len(named)) if named else ()
    left = max(0, max(count, len(named)) - len(first))
    others = score(rest, left) if rest and left else ()
    if superlatives:
        others = _in_order(superlatives[0], others)
    return _with_matches((*first, *others), conversation, understood, index)


def _query_vector(query: Query, index: Index) -> Tensor | None:
    """Return the unit vector (d,) of the wish: its text and the items it should resemble."""
    parts = [index.encode(query.text)] if query.text.strip() else []
    known = [item.id for item in index.get(query.similar)]
    if known:
        mean = index.vectors(known).mean(axis=0)
        parts.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
    return torch.from_numpy(np.sum(parts, axis=0)) if parts else None


def _away(conversation: Conversation, query: Query, index: Index) -> Tensor | None:
    """Return the vectors that items should be far from: disliked ones and themes to avoid."""
    known = [item.id for item in index.get(conversation.dislikes)]
    rows = list(index.vectors(known)) if known else []
    rows += [index.encode(theme) for theme in query.avoid]
    return torch.from_numpy(np.stack(rows)) if rows else None


def _best_by(
    superlative: tuple[str, bool], candidates: Sequence[Candidate], count: int
) -> list[Candidate]:
    """Return the `count` candidates with the least or greatest number, and those that tie."""
    ordered = sorted(candidates, key=lambda c: _extremity(superlative, c.item))
    if len(ordered) <= count:
        return ordered
    edge = _extremity(superlative, ordered[count - 1].item)
    return [c for c in ordered if _extremity(superlative, c.item) <= edge]


def _in_order(superlative: tuple[str, bool], ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    return tuple(sorted(ranked, key=lambda r: _extremity(superlative, r.candidate.item)))


def _extremity(superlative: tuple[str, bool], item: Item) -> float:
    """Return a sort key: smaller is more of what the superlative asks; unknown comes last."""
    facet, upwards = superlative
    fact = item.facts.get(facet)
    if not isinstance(fact, int | float):
        return math.inf
    return -float(fact) if upwards else float(fact)


def _with_matches(
    ranked: Sequence[Ranked], conversation: Conversation, understood: Understood, index: Index
) -> tuple[Ranked, ...]:
    """Return the ranked items with the wishes they meet and do not meet, in words."""
    speak = phrases(understood.language)
    found = []
    for one in ranked:
        held = match(one.candidate.item, conversation.wishes, index.schema, speak)
        why = replace(one.why, matched=held.matched_words(), unmet=held.unmet_words())
        found.append(replace(one, why=why))
    return tuple(found)


@dataclass(frozen=True)
class Answer:
    """What a turn ends with: the text, and the items with their reasons."""

    text: str
    items: tuple[Recommendation, ...] = ()


def scene_of(
    text: str,
    understood: Understood,
    before: Conversation,
    after: Conversation,
    decision: Decision,
    room: Room,
) -> Scene:
    """Return everything that the reply is worded from."""
    ids = dict.fromkeys(
        (
            *decision.about,
            *after.shown,
            *after.likes,
            *after.dislikes,
            *after.seen,
            *after.wishes.similar,
            *understood.refers,
        )
    )
    items = {item.id: item for item in room.index.get(list(ids))}
    points = room.taste.points(after.events)
    speak, seed = phrases(understood.language), Seed(before.id, before.turn)
    schema = room.index.schema
    return Scene(
        text, understood, before, after, decision, schema, items, points, speak, seed
    )


def say(scene: Scene, room: Room, llm: LLM, emit: Emit) -> Answer:
    """Return the reply, handing out its text piece by piece as it is ready.

    The pieces handed to `emit` joined together are the text of the answer.
    """
    if scene.decision.act == "recommend":
        return _say_items(scene, room, llm, emit)
    text = saying.trouble(scene) if scene.decision.trouble else _SPEECHES[scene.decision.act](scene)
    emit(text)
    return Answer(text)


def _say_items(scene: Scene, room: Room, llm: LLM, emit: Emit) -> Answer:
    text = saying.lead(scene)
    emit(text)
    items = tuple(ranked.candidate.item for ranked in scene.decision.items)
    if not items:
        return Answer(text)
    matches = [match(i, scene.after.wishes, scene.schema, scene.speak) for i in items]
    cases = _cases(items, matches, scene, room)
    wishes = scene.after.wishes
    written = reasons(
        cases, wishes, scene.schema, llm, room.index.values, scene.speak, scene.seed
    )
    found = []
    for place, (ranked, reason) in enumerate(
        zip(scene.decision.items, written, strict=True), start=1
    ):
        one = _recommendation(ranked, reason)
        year = _year(ranked.candidate.item, scene)
        line = "\n" + saying.item_line(place, one.title, year, one.reason, scene.speak.language)
        emit(line)
        text += line
        found.append(one)
    return Answer(text, tuple(found))


def _cases(
    items: Sequence[Item], matches: Sequence[Matching], scene: Scene, room: Room
) -> list[Case]:
    """Return the items to explain, each with the liked titles that it resembles."""
    liked = [i for i in dict.fromkeys((*scene.after.wishes.similar, *scene.after.likes))
             if i in scene.items]
    if not liked:
        return [Case(item, held) for item, held in zip(items, matches, strict=True)]
    rows = torch.from_numpy(room.index.vectors(liked))
    own = torch.from_numpy(room.index.vectors([i.id for i in items]))
    cosines = cosine(own, rows).tolist()
    cases = []
    for item, held, near in zip(items, matches, cosines, strict=True):
        order = sorted(range(len(liked)), key=lambda n, near=near: -near[n])  # type: ignore[misc]
        close = [liked[n] for n in order if near[n] >= _RESEMBLES and liked[n] != item.id]
        titles = tuple(scene.title(i) for i in close[:_MOST_RESEMBLED])
        cases.append(Case(item, held, titles))
    return cases


def _recommendation(ranked: Ranked, reason: Reason) -> Recommendation:
    item = ranked.candidate.item
    return Recommendation(
        item.id,
        clean_title(item.title),
        item.facts,
        ranked.score,
        reason.text,
        ranked.why,
        reason.generated,
    )


def _year(item: Item, scene: Scene) -> str:
    for facet in scene.schema.facets:
        fact = item.facts.get(facet.name)
        if facet.unit == "year" and isinstance(fact, int | float):
            return str(int(fact))
    return ""


_SPEECHES: Mapping[str, Callable[[Scene], str]] = {
    "clarify": lambda scene: scene.say("clarify"),
    "answer": answering.answer,
    "compare": answering.compare,
    "explain": answering.explain,
    "accept": saying.accepted,
    "smalltalk": saying.small_talk,
    "reset": lambda scene: scene.say("reset"),
    "handoff": answering.handoff,
    "decline": saying.declined,
}


def finish(
    scene: Scene, answer: Answer, points: tuple[Point, ...], now_s: float
) -> tuple[Reply, Conversation]:
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
    reply = Reply(answer.text, decision.act, turn, answer.items, understood, points)
    ids = tuple(item.id for item in answer.items)
    talk = replace(
        _accept(after, decision, now_s),
        turn=turn,
        shown=ids or (() if decision.act == "reset" else after.shown),
        ever_shown=tuple(dict.fromkeys((*after.ever_shown, *ids))),
        focus=_focus(after, decision, ids),
        history=(*after.history, Exchange(scene.text, reply))[-MAX_HISTORY:],
        asked=decision.act == "clarify" or (after.asked and decision.act != "reset"),
    )
    return reply, talk


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


def _focus(talk: Conversation, decision: Decision, ids: tuple[str, ...]) -> str | None:
    """Return the item last spoken of: the only one of the reply, else the one before."""
    if decision.act == "recommend" and ids:
        return ids[0] if len(ids) == 1 else None
    if len(decision.about) == 1:
        return decision.about[0]
    return None if decision.about or decision.act == "reset" else talk.focus

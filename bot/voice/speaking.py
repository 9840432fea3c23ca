"""The last step of a turn: the reply's text, handed out as it is ready, and reasons for items.

Knows nothing of how the items were chosen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from bot.checking.cleaning import clean_title
from bot.llm.base import LLM
from bot.policy import Decision
from bot.shelves.rooms import Room
from bot.types import Conversation, Recommendation, Understood
from bot.understanding.yes_no import asked_to_check
from bot.voice import answering, saying
from bot.voice.explanation import Case, Reason, reasons
from bot.voice.matching import Matching, match
from bot.voice.phrasing import Seed, phrases
from bot.voice.saying import Scene
from ranking.types import Ranked
from ranking.vectors import cosine
from retrieval.types import Item, Schema

_MOST_RESEMBLED = 2
_RESEMBLES = 0.35  # least cosine at which an item may be called close to a liked one

Emit = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """What a turn ends with: the text, and the items with their reasons.

    `rejected` counts sentences of the LLM that were not said because they are not true.
    """

    text: str
    items: tuple[Recommendation, ...] = ()
    rejected: int = 0


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
    checks = asked_to_check(text, room.index) if decision.act == "answer" else ()
    return Scene(
        text, understood, before, after, decision, schema, items, points, speak, seed, checks
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


def undone(scene: Scene) -> str:
    """Return what holds again after a turn was taken back, with the items that stand again."""
    lines = [saying.undone(scene)]
    last = scene.after.history[-1].reply if scene.after.history else None
    for place, one in enumerate(last.items if last else (), start=1):
        item = scene.items.get(one.id)
        year = year_said(item, scene.schema) if item else ""
        lines.append(saying.item_line(place, one.title, year, one.reason, scene.speak.language))
    return "\n".join(lines)


def _say_items(scene: Scene, room: Room, llm: LLM, emit: Emit) -> Answer:
    text = saying.lead(scene)
    emit(text)
    items = tuple(ranked.candidate.item for ranked in scene.decision.items)
    if not items:
        return Answer(text)
    matches = [match(i, scene.after.wishes, scene.schema, scene.speak) for i in items]
    cases = _cases(items, matches, scene, room)
    wishes = scene.after.wishes
    written = reasons(cases, wishes, scene.schema, llm, room.index.values, scene.speak, scene.seed)
    found = []
    for place, (ranked, reason) in enumerate(
        zip(scene.decision.items, written, strict=True), start=1
    ):
        one = _recommendation(ranked, reason)
        year = year_said(ranked.candidate.item, scene.schema)
        line = "\n" + saying.item_line(place, one.title, year, one.reason, scene.speak.language)
        emit(line)
        text += line
        found.append(one)
    return Answer(text, tuple(found), sum(reason.rejected for reason in written))


def _cases(
    items: Sequence[Item], matches: Sequence[Matching], scene: Scene, room: Room
) -> list[Case]:
    """Return the items to explain, each with the liked titles that it resembles."""
    liked = [
        i
        for i in dict.fromkeys((*scene.after.wishes.similar, *scene.after.likes))
        if i in scene.items
    ]
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


def year_said(item: Item, schema: Schema) -> str:
    """Return the year that is said with an item's title; empty where it has none."""
    for facet in schema.facets:
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

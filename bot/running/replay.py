"""What happened in each turn of a talk, stage by stage, from what is kept of it.

What was understood, said and how long it took is kept; what was found and how it was ranked is
worked out again from the state before the turn, without the LLM. Knows no terminal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import turn
from bot.memory.wishes import update
from bot.ordering import rank_found
from bot.policy import choose_act
from bot.replies import constraint_json, reply_json
from bot.running.sessions import to_json
from bot.shelves.rooms import Room
from bot.types import Conversation, Exchange
from ranking.score import ScoreWeights
from ranking.types import Ranked
from retrieval.types import Query, Retrieved


@dataclass(frozen=True)
class Found:
    """What the middle stages of a turn come to: wishes, candidates, order."""

    wishes: Conversation
    query: Query | None = None
    retrieved: Retrieved | None = None
    ranked: tuple[Ranked, ...] = ()


@dataclass(frozen=True)
class Step:
    """One turn; `found` is None where the state before it is no longer kept.

    `changed` tells that the same turn would show other items today.
    """

    exchange: Exchange
    found: Found | None = None
    changed: bool = False


def steps(
    states: Sequence[Conversation], room: Room, weights: ScoreWeights, count: int
) -> Iterator[Step]:
    """Yield the turns of a talk, oldest first.

    Parameters
    ----------
    states
        The states that are kept, the latest first; at least one.
    room
        The talk's catalogue.
    weights
        The weights of the score's terms.
    count
        How many items are shown where the person names no number.
    """
    for place, exchange in enumerate(states[0].history):
        past = states[0].history[:place]
        before = next((s for s in states if s.history == past), None)
        if before is None:
            yield Step(exchange)
            continue
        found = _again(before, exchange, room, weights, count)
        then = tuple(item.id for item in exchange.reply.items)
        now = tuple(ranked.candidate.item.id for ranked in found.ranked)
        yield Step(exchange, found, bool(now) and now != then)


def _again(
    before: Conversation, exchange: Exchange, room: Room, weights: ScoreWeights, count: int
) -> Found:
    understood = exchange.reply.understood
    at_s = before.events[-1].time_s if before.events else 0.0
    after = update(before, understood, room.index, at_s)
    if choose_act(before, understood, after) != "recommend":
        return Found(after)
    query, retrieved = turn.retrieve(after, understood, room.index)
    ranked = rank_found(after, understood, query, retrieved, room, weights, count)
    return Found(after, query, retrieved, ranked)


def step_json(step: Step) -> dict[str, Any]:
    """Return a turn with its stages as JSON holds them."""
    out: dict[str, Any] = {"text": step.exchange.text, **reply_json(step.exchange.reply)}
    found = step.found
    if found is None:
        return out
    kept: Any = to_json(replace(found.wishes, history=()))
    out["stages"] = {"wishes": kept["wishes"], "changed_since": step.changed}
    if found.query is not None and found.retrieved is not None:
        out["stages"] |= {
            "query": found.query.text,
            "candidates": [
                {"id": c.item.id, "dense": c.dense, "lexical": c.lexical}
                for c in found.retrieved.candidates
            ],
            "relaxed": [constraint_json(c) for c in found.retrieved.relaxed],
            "ranked": [{"id": r.candidate.item.id, "score": r.score} for r in found.ranked],
        }
    return out


def step_text(step: Step) -> str:
    """Return a turn with its stages for people, without an end of line."""
    reply, found = step.exchange.reply, step.found
    said = reply_json(reply)["understood"]
    lines = [f"turn {reply.turn}: {step.exchange.text}"]
    lines.append("  understood  " + _worded({"act": said["act"], **said}))
    if found is None:
        lines.append("  (the state before this turn is no longer kept)")
    elif found.query is not None and found.retrieved is not None:
        wishes = found.wishes.wishes
        held = [f"{c.facet} {c.op} {c.value}" for c in wishes.constraints]
        lines.append("  wishes      " + ("; ".join((*held, *wishes.wish)) or "none"))
        given_up = [f"{c.facet} {c.op} {c.value}" for c in found.retrieved.relaxed]
        more = f", given up: {'; '.join(given_up)}" if given_up else ""
        lines.append(f"  retrieved   {len(found.retrieved.candidates)} candidates{more}")
    for place, item in enumerate(reply.items, start=1):
        why = item.why
        lines.append(
            f"  ranked {place}    {item.title}: {item.score:.3f} = query {why.query:.3f} "
            f"+ interest {why.interest:.3f} + prior {why.prior:.3f} - penalty {why.penalty:.3f}"
            + ("" if item.generated else "; plain reason")
        )
    if step.changed:
        lines.append("  (today other items would be shown: the catalogue or the bot has changed)")
    lines.append("  said        " + reply.reply.replace("\n", "\n              "))
    took = ", ".join(f"{name} {ms:.0f} ms" for name, ms in reply.timings_ms.items())
    lines.append(f"  {reply.act:<11} {took}")
    return "\n".join(lines)


def _worded(about: dict[str, Any]) -> str:
    """Return what is not empty of what was understood."""
    words = []
    for name, value in about.items():
        if name == "constraints":
            words += [f"{c['facet']} {c['op']} {c['value']}" for c in value]
        elif value and name != "language":
            words.append(f"{name} {value}")
    return "; ".join(words)

"""Replies as JSON holds them: the HTTP contract, written in one place.

Knows nothing of HTTP.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.types import Point, Recommendation, Reply, Understood
from retrieval.types import Constraint, Fact

_SCORE_DIGITS = 6
_SHARE_DIGITS = 4


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as the contract has it."""
    return {
        "reply": reply.reply,
        "act": reply.act,
        "turn": reply.turn,
        "items": [item_json(item) for item in reply.items],
        "understood": understood_json(reply.understood),
        "interest": points_json(reply.interest),
        "timings_ms": {name: round(ms, 1) for name, ms in reply.timings_ms.items()},
    }


def item_json(item: Recommendation) -> dict[str, Any]:
    """Return one recommended item; `generated` tells whether the LLM wrote the reason."""
    why = item.why
    return {
        "id": item.id,
        "title": item.title,
        "facts": facts_json(item.facts),
        "score": round(item.score, _SCORE_DIGITS),
        "reason": item.reason,
        "generated": item.generated,
        "why": {
            "query": round(why.query, _SCORE_DIGITS),
            "interest": round(why.interest, _SCORE_DIGITS),
            "prior": round(why.prior, _SCORE_DIGITS),
            "penalty": round(why.penalty, _SCORE_DIGITS),
            "matched": list(why.matched),
            "unmet": list(why.unmet),
        },
    }


def facts_json(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return facts with lists for tuples; unknown ones are null."""
    return {name: list(f) if isinstance(f, tuple) else f for name, f in facts.items()}


def understood_json(understood: Understood) -> dict[str, Any]:
    """Return what was understood; items are ids, free wishes one text."""
    return {
        "constraints": [constraint_json(c) for c in understood.add],
        "likes": list(understood.likes),
        "dislikes": list(understood.dislikes),
        "seen": list(understood.seen),
        "wish": ", ".join(understood.wish),
        "act": understood.act,
        "removed": [{"facet": r.facet, "value": r.value} for r in understood.remove],
        "avoid": list(understood.avoid),
        "similar": list(understood.similar),
        "refers": list(understood.refers),
        "unlinked": list(understood.unlinked),
        "count": understood.count,
        "language": understood.language,
    }


def constraint_json(constraint: Constraint) -> dict[str, Any]:
    """Return a constraint; a single value stands alone, several are a list.

    `strict` is there where the number itself is left out: "under 500".
    """
    value: Any = constraint.value
    if isinstance(value, tuple):
        values = [_number(v) for v in value]
        value = values[0] if len(values) == 1 else values
    named = {"facet": constraint.facet, "op": constraint.op, "value": _number(value)}
    return named | ({"strict": True} if constraint.strict else {})


def _number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def points_json(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return interest points."""
    return [{"point": point.point, "p": round(point.p, _SHARE_DIGITS)} for point in points]

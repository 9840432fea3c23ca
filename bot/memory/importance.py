"""Which wishes matter most: when not all can be met, the last ones are given up first.

Knows the wishes and the schema; no catalogue.
"""

from collections.abc import Sequence

from bot.types import Wishes
from bot.voice.wording import KINDS
from retrieval.types import Constraint, Schema

_HEADS = frozenset({"people", "players", "guests", "persons"})
_HOLDING = frozenset({"sleeps", "seats", "serves", "players", "guests"})
_VAGUE = frozenset({"low", "high"})


def by_importance(
    wishes: Wishes, added: Sequence[Constraint], held: Sequence[Constraint], schema: Schema
) -> tuple[Constraint, ...]:
    """Return the constraints, the most important first.

    What must not be comes first, then what kind of thing is wanted ("laptop"), for how many it must
    do, and the people or the sort (the first category of the schema) just asked for, then what else
    was just asked for, then the sort, themes just asked for, people, the rest, newest first, vague
    degrees ("cheap"), and themes of before.
    """
    people = {f.name for f in schema.facets if f.kind == "people"}
    kinds = [f.name for f in schema.facets if f.kind == "category"][:1]
    tags = {f.name for f in schema.facets if f.kind == "tags"}
    things = [f.name for f in schema.facets if f.kind == "category" and f.name in KINDS][:1]
    things += [f.name for f in schema.facets if f.unit in _HEADS or f.name in _HOLDING]
    vague = {r.facet for r in wishes.relative if r.direction in _VAGUE}

    def rank(constraint: Constraint) -> int:
        if constraint.op == "!=":
            return 0
        new = constraint in added
        if constraint.facet in things or constraint.facet in (*kinds, *people) and new:
            return 1
        if constraint.facet in tags:
            return 4 if new else 8
        if constraint.facet in vague:
            return 7
        if new:
            return 2
        return 3 if constraint.facet in kinds else 5 if constraint.facet in people else 6

    said = [c for c in added if c in wishes.constraints]
    drawn = [c for c in wishes.constraints if c not in held]
    kept = [c for c in held if c in wishes.constraints]
    return tuple(sorted(dict.fromkeys((*said, *drawn, *kept)), key=rank))

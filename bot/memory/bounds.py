"""Number constraints over several turns: the newest bound of a side holds.

Knows numbers only; never two bounds of a facet that no number could satisfy.
"""

import math
from collections.abc import Sequence

from bot.quantity.digits import tidy
from retrieval.types import Constraint

# Ops that say both ends at once.
_WHOLE = frozenset({"=", "<>", "~"})


def ends(constraint: Constraint) -> tuple[float, float]:
    """Return the lowest and the highest number that a constraint names; ±inf for an open end."""
    value = constraint.value
    if isinstance(value, tuple):
        low, high = (float(v) for v in value)
        return low, high
    return (
        value if constraint.op != "<=" else -math.inf,
        value if constraint.op != ">=" else math.inf,
    )


def narrowed(held: Sequence[Constraint], new: Constraint) -> tuple[Constraint, ...]:
    """Return what is left of a facet's held number constraints once a new one is added.

    A new bound replaces the old one of its side and keeps the other; a new point, range or "about"
    replaces all bounds; a held bound that contradicts the new one goes. `!=` replaces a point
    that is the same number, and a held `!=` goes when its number is asked for.

    Parameters
    ----------
    held
        The constraints on the facet that are held, without `new`.
    new
        The constraint that comes; not part of the result.
    """
    if new.op == "!=":
        return tuple(c for c in held if not (c.op == "=" and c.value == new.value))
    excluded = tuple(c for c in held if c.op == "!=" and not _same_point(c, new))
    if new.op in _WHOLE:
        return excluded
    low, high = ends(new)
    out: list[Constraint] = []
    for old in held:
        if old.op == "!=" or old.op in ("=", "~"):
            continue
        old_low, old_high = ends(old)
        other = old_high if new.op == ">=" else old_low
        strict = old.strict and old.op != "<>"
        if math.isinf(other) or not (low <= other <= high):
            continue
        if (strict or new.strict) and other == new.value:
            continue
        out.append(Constraint(old.facet, "<=" if new.op == ">=" else ">=", tidy(other), strict))
    return (*out, *excluded)


def _same_point(excluded: Constraint, new: Constraint) -> bool:
    return new.op == "=" and new.value == excluded.value

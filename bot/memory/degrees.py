"""Relative wishes become bounds: "shorter", "half the weight", "cheap", "recent".

Asks the catalogue for the facts of the items compared with and for quantiles; changes nothing.
"""

import math
import statistics
from collections.abc import Mapping, Sequence

from bot.quantity.digits import tidy
from bot.quantity.units import facet_unit, is_calendar
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation, Direction, Relative
from retrieval.types import Constraint, Facet, Op, Query

LOW, HIGH = 0.35, 0.65  # the quantiles that "cheap" and "expensive" stand for
RECENT_YEARS = 8  # "recent": within so many years of the newest
ENOUGH = 3  # items that must be left for a comparison with every item shown
_MANY = 5000
_VAGUE: Mapping[Direction, Direction] = {"less": "low", "more": "high"}
_WHOLE_UNITS = frozenset({"time", "storage", "charge", "pixels"})


def settled(relative: Relative, conversation: Conversation, index: Catalogue) -> Relative:
    """Return a relative wish, a comparison with nothing known as the vague degree that it is.

    "Shorter" with nothing shown, or nothing shown whose length is known, means "short".
    """
    if relative.direction not in _VAGUE or _numbers(relative, conversation, index):
        return relative
    return Relative(relative.facet, _VAGUE[relative.direction])


def bound(
    relative: Relative,
    conversation: Conversation,
    constraints: Sequence[Constraint],
    index: Catalogue,
) -> Constraint | None:
    """Return the constraint that a settled relative wish stands for, None for `min` and `max`.

    `less` and `more` compare with the anchor. Without an anchor every new item is to be below
    the smallest (above the largest) of the items shown if at least three items of the catalogue
    are, which also fit the other wishes; else below (above) their median.

    `low` and `high` are the quantiles 0.35 and 0.65 of what fits the wishes on other facets, of
    everything where nothing fits them all; a high year is one of the last eight up to the newest.
    They loosen no bound that is held.

    Parameters
    ----------
    conversation
        The conversation before the message; what it shows is compared with.
    constraints
        The other wishes by now.
    index
        The catalogue.
    """
    facet = index.schema.facet(relative.facet)
    if facet is None or relative.direction in ("min", "max"):
        return None
    if relative.direction in _VAGUE:
        return _compared(relative, facet, conversation, constraints, index)
    return _vague(relative, facet, constraints, index)


def _numbers(relative: Relative, conversation: Conversation, index: Catalogue) -> list[float]:
    """Return the facts that a comparison is with, in order."""
    ids = (relative.anchor,) if relative.anchor else conversation.shown
    facts = [item.facts.get(relative.facet) for item in index.get(ids)]
    return sorted(float(f) for f in facts if isinstance(f, int | float))


def _compared(
    relative: Relative,
    facet: Facet,
    conversation: Conversation,
    constraints: Sequence[Constraint],
    index: Catalogue,
) -> Constraint | None:
    less = relative.direction == "less"
    numbers = _numbers(relative, conversation, index)
    if not numbers:
        return None
    middle = statistics.median_low(numbers) if less else statistics.median_high(numbers)
    if relative.factor is not None:
        op: Op = "<=" if relative.factor < 1 or less else ">="
        return Constraint(facet.name, op, tidy(middle * relative.factor))
    strict = _beyond(numbers[0] if less else numbers[-1], facet, less)
    if len(numbers) == 1:
        return strict
    others = tuple(c for c in constraints if c.facet != facet.name)
    seen = frozenset((*conversation.ever_shown, *conversation.seen, *conversation.dislikes))
    found = index.search(Query("", (*others, strict), exclude=seen, limit=ENOUGH))
    if len(found.candidates) >= ENOUGH and not found.relaxed:
        return strict
    return _beyond(middle, facet, less)


def _beyond(number: float, facet: Facet, less: bool) -> Constraint:
    """Return the bound strictly below (above) a number, in steps that the facet counts in."""
    step = _step(number, facet)
    value = number - step if less else number + step
    return Constraint(facet.name, "<=" if less else ">=", tidy(value))


def _step(number: float, facet: Facet) -> float:
    decimals = len(f"{number:.6f}".rstrip("0").partition(".")[2])
    unit = facet_unit(facet)
    if unit is not None and unit.dimension == "money":
        return 0.01 if decimals else 1.0
    small = unit is not None and unit.dimension in ("mass", "length") and unit.factor <= 1
    whole = is_calendar(facet) or small or (unit is not None and unit.dimension in _WHOLE_UNITS)
    if decimals == 0 and (whole or number >= 100):
        return 1.0
    return float(10.0 ** -max(decimals, 1))


def _vague(
    relative: Relative, facet: Facet, constraints: Sequence[Constraint], index: Catalogue
) -> Constraint | None:
    low = relative.direction == "low"
    op: Op = "<=" if low else ">="
    others = tuple(c for c in constraints if c.facet != facet.name)
    found = index.search(Query("", others, limit=_MANY)) if others else None
    met = found is not None and not found.relaxed
    within = tuple(c.item.id for c in found.candidates) if found and met else ()
    newest = is_calendar(facet) and not low
    value = index.quantile(facet.name, 1.0 if newest else LOW if low else HIGH, within or None)
    if value is None:
        return None
    if newest:
        value -= RECENT_YEARS
    elif abs(value) >= 20:
        value = math.floor(value) if low else math.ceil(value)
    held = [
        float(c.value)
        for c in constraints
        if c.facet == facet.name and c.op == op and not isinstance(c.value, tuple)
    ]
    return Constraint(facet.name, op, tidy(min(held + [value]) if low else max(held + [value])))

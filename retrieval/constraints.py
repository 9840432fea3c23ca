"""What a constraint means, as a predicate over one item.

`facets.Facets.mask` says the same of many at once; a property test holds them together. A missing
fact satisfies every `!=` and
no other constraint. Knows nothing of search.
"""

import math

from retrieval.errors import QueryError
from retrieval.types import Constraint, Facet, Fact, Item, Schema

ABOUT_SHARE = 0.1  # `~`: within 10 % of a quantity
ABOUT_SIZE = 0.07  # 7 % of a screen: 13.5 inches are not about 15
ABOUT_YEARS = 3.0  # and within three years of a year
_WORD_OPS = ("=", "!=")


def bounds_about(facet: Facet, value: float) -> tuple[float, float]:
    """Return the range, both ends included, that `~ value` stands for."""
    if facet.unit == "year":
        return value - ABOUT_YEARS, value + ABOUT_YEARS
    width = abs(value) * (ABOUT_SIZE if facet.unit == "inches" else ABOUT_SHARE)
    return value - width, value + width


def check(constraint: Constraint, schema: Schema) -> Facet:
    """Return the constraint's facet.

    Raises
    ------
    QueryError
        If the schema has no such facet, or operator and value do not fit its kind.
    """
    facet = schema.facet(constraint.facet)
    if facet is None:
        names = ", ".join(f.name for f in schema.facets)
        raise QueryError(f"one of the facets {names}", repr(constraint.facet), "Link it first.")
    value, op = constraint.value, constraint.op
    if facet.kind != "number":
        good = isinstance(value, tuple) and bool(value) and op in _WORD_OPS
        good = good and all(isinstance(v, str) for v in value)  # type: ignore[union-attr]
        expected = f"`=` or `!=` and a tuple of strings for the {facet.kind} facet {facet.name}"
    elif op == "<>":
        good = isinstance(value, tuple) and len(value) == 2
        good = good and all(isinstance(v, int | float) for v in value)  # type: ignore[union-attr]
        expected = f"a pair of numbers for `<>` on {facet.name}"
    else:
        good = isinstance(value, int | float)
        expected = f"a number for `{op}` on {facet.name}"
    if not good:
        raise QueryError(expected, f"{op} {value!r}", "Link the constraint to the schema first.")
    return facet


def satisfies(item: Item, constraint: Constraint, schema: Schema) -> bool:
    """Tell whether an item satisfies a constraint; `QueryError` if it does not fit the schema."""
    facet = check(constraint, schema)
    fact = item.facts.get(constraint.facet)
    if fact is None:
        return constraint.op == "!="
    if facet.kind == "number":
        return _number_holds(facet, float(fact), constraint)  # type: ignore[arg-type]
    held = set(values_of(fact))
    wanted = {str(v) for v in constraint.value}  # type: ignore[union-attr]
    return bool(held & wanted) == (constraint.op == "=")


def values_of(fact: Fact) -> tuple[str, ...]:
    """Return the strings of a worded fact; () for a number or nothing."""
    if isinstance(fact, tuple):
        return fact
    return (fact,) if isinstance(fact, str) else ()


def bounds_of(facet: Facet, constraint: Constraint) -> tuple[float, float]:
    """Return the range, both ends included, in which a number constraint's fact must lie.

    For `!=` it is the one number that it must not be.
    """
    value, op = constraint.value, constraint.op
    if isinstance(value, tuple):
        return float(value[0]), float(value[1])
    if op == "~":
        return bounds_about(facet, value)
    if op == ">=":
        return math.nextafter(value, math.inf) if constraint.strict else value, math.inf
    if op == "<=":
        return -math.inf, math.nextafter(value, -math.inf) if constraint.strict else value
    return value, value


def _number_holds(facet: Facet, fact: float, constraint: Constraint) -> bool:
    low, high = bounds_of(facet, constraint)
    return (low <= fact <= high) == (constraint.op != "!=")

"""The number constraints of a message: spans become bounds in the facets' units.

Knows the message and the catalogue's facts; not the wishes held.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from bot.quantity.digits import tidy
from bot.quantity.quantities import Quantity, adjust, excluded, quantity
from bot.quantity.units import is_calendar
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation
from bot.understanding import references
from bot.understanding.joining import Placed, holds
from retrieval.types import Constraint, Facet, Op

_MOST_EXCLUDED = 10
_WHOLE = ("=", "<>")

Spoken = tuple[Facet, Placed, Op]


def number_constraints(
    spoken: Sequence[Spoken], text: str, conversation: Conversation, index: Catalogue
) -> tuple[list[Constraint], list[str]]:
    """Return the number constraints of a message and the spans that hold no number.

    Several values of one facet ("the 80s or 90s", "1994 or 1995") become the range that holds
    them. A range that is not wanted becomes its whole numbers, where they are few.
    """
    out: list[Constraint] = []
    lost: list[str] = []
    for facet, span, op in spoken:
        value = _value(facet, span, text, conversation, index)
        if value is None:
            lost.append(span.text)
            continue
        before = text[: span.start] if span.start >= 0 else ""
        after = text[span.end :] if span.start >= 0 else ""
        op, value = adjust(op, value, before, facet, after)
        strict = excluded(op, before, facet)
        made = [replace(c, strict=strict) for c in _constraints(facet, op, value)]
        out += made
        if not made:
            lost.append(span.text)
    return [_nearly(c, index) for c in _hulls(out)], lost


def _value(
    facet: Facet, span: Placed, text: str, conversation: Conversation, index: Catalogue
) -> Quantity | None:
    """Return what a span is worth: a fact of an item it refers to, or the number it holds."""
    fact = references.fact_of(span.text, facet.name, conversation, index)
    if isinstance(fact, int | float):
        return fact
    before = text[: span.start] if span.start >= 0 else ""
    value = quantity(span.text, facet, before)
    if value is None:  # "newer than Inception"
        titled = references.items(span.text, conversation, index)
        facts = [item.facts.get(facet.name) for item in index.get(titled[:1])]
        return next((f for f in facts if isinstance(f, int | float)), None)
    return _this_century(value, facet, index) if isinstance(value, tuple) else value


def _nearly(constraint: Constraint, index: Catalogue) -> Constraint:
    """Let a measure that nothing has exactly ("15 inches", "1 TB") mean what is within 5 %."""
    facet = index.schema.facet(constraint.facet)
    value = constraint.value
    if constraint.op != "=" or isinstance(value, tuple) or facet is None or is_calendar(facet):
        return constraint
    wide = Constraint(constraint.facet, "<>", (tidy(value * 0.95), tidy(value * 1.05)))
    return wide if not holds((constraint,), index) and holds((wide,), index) else constraint


def _this_century(value: tuple[float, float], facet: Facet, index: Catalogue) -> Quantity:
    """Take "the 20s" for the 2020s in a catalogue that has nothing so old."""
    low, high = value
    if not is_calendar(facet) or high - low > 10 or low + 100 > datetime.date.today().year:
        return value
    oldest = index.quantile(facet.name, 0.0)
    return (low + 100, high + 100) if oldest is not None and high < oldest else value


def _constraints(facet: Facet, op: Op, value: Quantity) -> list[Constraint]:
    if op != "!=" or not isinstance(value, tuple):
        return [Constraint(facet.name, op, value)]
    low, high = value
    if low != int(low) or high - low >= _MOST_EXCLUDED:
        return []
    return [Constraint(facet.name, "!=", year) for year in range(int(low), int(high) + 1)]


def _ends(constraint: Constraint) -> tuple[float, float]:
    value = constraint.value
    if isinstance(value, tuple):
        return float(value[0]), float(value[1])
    return value, value


def _hulls(constraints: Sequence[Constraint]) -> list[Constraint]:
    """Put several points and ranges of one facet into the range that holds them."""
    out: list[Constraint] = []
    for one in constraints:
        same = [o for o in out if o.facet == one.facet and o.op in _WHOLE]
        if one.op not in _WHOLE or not same:
            out.append(one)
            continue
        ends = [end for c in (same[0], one) for end in _ends(c)]
        low, high = tidy(min(ends)), tidy(max(ends))
        whole = Constraint(one.facet, "<>", (low, high))
        out[out.index(same[0])] = whole if low < high else one
    return out

"""What becomes of the wishes when another kind of thing is asked for.

Asks the catalogue whether anything has all; changes nothing.
"""

from collections.abc import Sequence

from bot.memory.removals import words_of
from bot.quantity.units import facet_unit, is_calendar
from bot.shelves.catalogue import Catalogue
from bot.understanding.joining import holds
from bot.voice.wording import KINDS
from retrieval.types import Constraint, Facet


def of_their_kind(
    constraints: tuple[Constraint, ...],
    added: Sequence[Constraint],
    held: Sequence[Constraint],
    index: Catalogue,
) -> tuple[Constraint, ...]:
    """Return the constraints without values that nothing of a kind newly asked for has.

    "A watch", after a cotton curtain: the cotton was the curtain's; and so was its weight, where
    the kind is another one than before.

    Parameters
    ----------
    constraints
        All wishes by now.
    added, held
        Those of the message, and those held before it.
    """
    kinds = tuple(c for c in added if c.facet in KINDS and c.op == "=")
    if not kinds:
        return constraints
    before = {v for c in held if c.facet in KINDS for v in words_of(c)}
    other = bool(before) and not before & {v for c in kinds for v in words_of(c)}
    sizes = {f.name for f in index.schema.facets if _is_size(f)} if other else set()
    return tuple(
        c
        for c in constraints
        if c in added
        or c.facet not in sizes
        and (c.op != "=" or not words_of(c) or holds((c, *kinds), index))
    )


def _is_size(facet: Facet) -> bool:
    """Whether a facet measures a thing itself: what it weighs, not what it costs or its year."""
    unit = facet_unit(facet) if facet.kind == "number" else None
    return unit is not None and unit.dimension != "money" and not is_calendar(facet)

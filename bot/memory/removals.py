"""Wishes withdrawn: a facet, a value of it, a theme, an item to resemble, or everything.

Knows no catalogue; a removal names values as the wishes do.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.memory.bounds import ends
from bot.quantity.digits import lowered
from bot.types import Removal, Wishes
from retrieval.types import Constraint

# Pseudo-facets of a `Removal`: all that is known, taste included; the wishes in free words; the
# themes to avoid; the items that the result shall resemble (their ids are the values).
EVERYTHING = "*"
FREE_WORDS = "*wish"
AVOIDED = "*avoid"
ALIKE = "*similar"

_PHRASES = frozenset({FREE_WORDS, AVOIDED, ALIKE})


def without(wishes: Wishes, removals: Sequence[Removal]) -> Wishes:
    """Return the wishes that are left when some are withdrawn, vague ones on a facet as well."""
    for removal in removals:
        if removal.facet == EVERYTHING:
            return Wishes()
        if removal.facet in _PHRASES:
            wishes = _without_phrases(wishes, removal)
            continue
        kept = tuple(part for c in wishes.constraints for part in _left(c, removal))
        lost = {lowered(v) for c in wishes.constraints if c not in kept for v in words_of(c)}
        wishes = replace(
            wishes,
            constraints=kept,
            relative=tuple(r for r in wishes.relative if r.facet != removal.facet),
            wish=tuple(w for w in wishes.wish if lowered(w) not in lost),
        )
    return wishes


def _without_phrases(wishes: Wishes, removal: Removal) -> Wishes:
    def left(facet: str, held: tuple[str, ...]) -> tuple[str, ...]:
        gone = {removal.value} if removal.value else set(held)
        return held if facet != removal.facet else tuple(w for w in held if w not in gone)

    return replace(
        wishes,
        wish=left(FREE_WORDS, wishes.wish),
        avoid=left(AVOIDED, wishes.avoid),
        similar=left(ALIKE, wishes.similar),
    )


def words_of(constraint: Constraint) -> tuple[str, ...]:
    """Return the values of a worded constraint, () of a number constraint."""
    value = constraint.value if isinstance(constraint.value, tuple) else ()
    return tuple(v for v in value if isinstance(v, str))


def _left(constraint: Constraint, removal: Removal) -> tuple[Constraint, ...]:
    """Return what a removal leaves of a constraint: it, a part of it, or nothing."""
    if constraint.facet != removal.facet:
        return (constraint,)
    if removal.value is None:
        return ()
    value, words = lowered(removal.value), words_of(constraint)
    if not words:
        return () if _names_number(value, constraint) else (constraint,)
    left = tuple(w for w in words if lowered(w) != value)
    if not left or value == lowered(", ".join(words)):
        return ()
    return (replace(constraint, value=left),)


def _names_number(words: str, constraint: Constraint) -> bool:
    """Whether words that name a held number constraint mean this one; unclear words do."""
    low, high = (f"{end:g}" for end in ends(constraint))
    named = {low, high} - {"inf", "-inf"}
    return any(n in words for n in named) or not any(c.isdigit() for c in words)

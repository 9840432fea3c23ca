"""What the words around a number say of it: at least or at most, and which facet they name.

Knows no model; it mends operators and facets that a reading got wrong against plain words.
"""

import re
from collections.abc import Sequence

from bot.quantities import quantity
from bot.reading import Added
from retrieval.types import Facet

_LEAST_BEFORE = re.compile(
    r"(?:\b(?:at least|at the least|minimum|min\.?|no less than|not less than|upwards of|more than)"
    r"|至少|最少|不低于|不少于)\s*(?:of\s+)?[$€£]?\s*$",
    re.IGNORECASE,
)
_MOST_BEFORE = re.compile(
    r"(?:\b(?:under|below|less than|at most|maximum|max\.?|up to|no more than|not more than|"
    r"not over|nothing over|no longer than|not longer than|nothing longer than|within)"
    r"|最多|不超过|别超过|低于)\s*(?:of\s+)?[$€£]?\s*$",
    re.IGNORECASE,
)
_LEAST_AFTER = re.compile(
    r"\s*(?:\+|plus\b|\w*\s?(?:(?:and|or) (?:up|more|above|over|newer|later|higher|bigger|longer)\b"
    r"|upwards\b|minimum\b|at (?:the )?least\b|on\b(?! (?:a|the|my|sale))|onwards?\b)|以上|起)",
    re.IGNORECASE,
)
_MOST_AFTER = re.compile(
    r"\s*(?:\w*\s?(?:(?:or|and) (?:less|under|below|lower|shorter|older|smaller|earlier)\b"
    r"|max(?:imum)?\b|tops\b|at most\b)|以内|以下|之内)",
    re.IGNORECASE,
)
_NEAR = 14  # characters in which a facet is named beside its number


def bounded(text: str, one: Added) -> Added:
    """Return a number constraint with the operator that the words beside it say, if they do."""
    start = text.find(one.text)
    if start < 0 or one.op not in ("=", "~", "<=", ">="):
        return one
    before, after = text[:start], text[start + len(one.text) :]
    if _LEAST_BEFORE.search(before) or _LEAST_AFTER.match(after):
        return one.model_copy(update={"op": ">="})
    if _MOST_BEFORE.search(before) or _MOST_AFTER.match(after):
        return one.model_copy(update={"op": "<="})
    return one


def named_beside(facets: Sequence[Facet], text: str, one: Added) -> Added:
    """Return a number constraint under the facet that is named beside it ("256gb storage").

    Only among number facets that share the unit it was read in.
    """
    start = text.find(one.text)
    own = next((f for f in facets if f.name == one.facet), None)
    if start < 0 or own is None:
        return one
    rivals = [
        f
        for f in facets
        if f.kind == "number" and f.unit == own.unit and quantity(one.text, f) is not None
    ]
    if len(rivals) < 2:
        return one
    end = start + len(one.text)
    beside = {
        f.name: distance
        for f in rivals
        if (distance := _distance(text.lower(), start, end, f)) is not None
    }
    if not beside or one.facet in beside and beside[one.facet] == min(beside.values()):
        return one
    return one.model_copy(update={"facet": min(beside, key=lambda n: beside[n])})


def _distance(text: str, start: int, end: int, facet: Facet) -> int | None:
    """Return how far from a number a word of a facet's name stands; None if it does not."""
    unit = facet.unit.lower()
    found = []
    for word in facet.name.lower().replace("-", "_").split("_"):
        if len(word) < 3 or word == unit:
            continue
        for match in re.finditer(rf"\b{re.escape(word)}", text):
            gap = match.start() - end if match.start() >= end else start - match.end() + 2
            if 0 <= gap <= _NEAR:
                found.append(gap)
    return min(found, default=None)

"""Questions of yes or no about an item: "is it Korean?", "is it from the 80s?", "是喜剧吗".

Finds what such a question asks to be checked, as constraints; whether they hold is for the
answer. Knows no item.
"""

import re

from bot.quantity.quantities import quantity
from bot.quantity.units import is_calendar
from bot.shelves.catalogue import Catalogue
from bot.understanding.glossary import known_words
from retrieval.types import Constraint, Op

_ASKS = re.compile(
    r"^\W*(?:(?:so|and|but|ok|hm+|wait)\W+)*(?:is|isn't|are|was|were|does|do|did|has|have)\b"
    r"|吗|是不是|有没有",
    re.IGNORECASE,
)


def asked_to_check(text: str, index: Catalogue) -> tuple[Constraint, ...]:
    """Return the constraints that a question wants an item to be checked against; () for others.

    Named values are checked in their first facet, years in the catalogue's year.
    """
    if not _ASKS.search(text):
        return ()
    kinds = {f.name: f.kind for f in index.schema.facets}
    named = [(m.start, m.facet, m.value) for m in index.values.mentions(text)]
    for start, _, english in known_words(text):
        named += [(start, m.facet, m.value) for m in index.values.mentions(english)]
    found: dict[int, Constraint] = {}
    for start, name, value in named:
        if name is not None and kinds[name] in ("category", "people"):
            found.setdefault(start, Constraint(name, "=", (value,)))
    for facet in index.schema.facets:
        years = quantity(text, facet) if is_calendar(facet) else None
        if years is not None:
            op: Op = "<>" if isinstance(years, tuple) else "="
            found[len(text)] = Constraint(facet.name, op, years)
    return tuple(found.values())

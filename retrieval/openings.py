"""How a talk about a catalogue may begin, and how its facets are said, made from its facets.

Written into the inferred YAML for the owner to better. Knows no rows.
"""

import re
from collections.abc import Sequence

from retrieval.kinds import Told
from retrieval.types import Facet

_MOST_CHOICES = 12  # values that a person may know beforehand
_FROM = re.compile(
    r"country|region|city|town|origin|place|producer|employer|company|winery|brewery"
)
_GENERIC = frozenset({"item", "product", "article", "thing"})
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "CNY": "¥"}


def openings_of(facets: Sequence[Facet], price: float | None, items: str) -> tuple[str, ...]:
    """Return up to three first messages: a kind of item, a price, a feature.

    Parameters
    ----------
    facets
        The facets, categories with their values, most frequent first.
    price
        The median price, where there is one.
    items
        What many items are called.
    """
    listed = [f for f in facets if f.kind == "category" and f.values and f.name != "features"]
    listed = sorted(listed, key=lambda f: len(f.values) > _MOST_CHOICES)
    found = [_asking(listed[0], items)] if listed else []
    paid = next((f for f in facets if f.name == "price"), None)
    if paid is not None and price:
        round_ = float(f"{price:.1g}")
        sign = _SIGNS.get(paid.unit, "")
        unit = "" if sign or not paid.unit else f" {paid.unit}"
        found.append(f"{items.capitalize()} under {sign}{round_:,.0f}{unit}")
    features = next((f for f in facets if f.name == "features"), None)
    if features is not None and features.values:
        found.append(f"{items.capitalize()} with {features.values[0]}")
    elif len(listed) > 1:
        place = "from " if _FROM.search(listed[1].name) else ""
        found.append(f"Something {place}{listed[1].values[0]}")
    return tuple(found[:3])


def _asking(facet: Facet, items: str) -> str:
    """Return a question for the items with a facet's first value."""
    value = facet.values[0]
    if _FROM.search(facet.name):
        return f"{items.capitalize()} from {value}"
    return f"Any {value} {items}?"


def saying_of(name: str, told: Told, item: str) -> str:
    """Return how a facet's value is said of an item, where its kind does not tell; else ''."""
    words = name.replace("_", " ")
    if told.read == "range":
        if words.endswith("s") and words not in ("serves", "fits", "seats", "sleeps"):
            return f"for {{value}} {words}"
        return (
            f"that {words} {{value}}"
            if words in ("serves", "fits", "seats", "sleeps")
            else (f"with {words} {{value}}")
        )
    if told.kind == "number" and words in ("sleeps", "serves", "fits", "seats"):
        return "for {value}"
    if told.read == "month":
        if words.endswith((" from", " on", " until", " by")):
            return f"{words} {{value}}"
        return f"{words} in {{value}}" if words.endswith("ed") else f"with {words} in {{value}}"
    if name == "kind" and item not in _GENERIC:
        return "{value}"
    return ""

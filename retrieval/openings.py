"""How a talk about a catalogue may begin, and how its facets are said, made from its facets.

Written into the inferred YAML for the owner to better. Knows no rows.
"""

from collections.abc import Sequence

from retrieval.kinds import Told
from retrieval.types import Facet

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
    found = [f"Any {listed[0].values[0]} {items}?"] if listed else []
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
        found.append(f"Something {listed[1].values[0]}")
    return tuple(found[:3])


def saying_of(name: str, told: Told, item: str) -> str:
    """Return how a facet's value is said of an item, where its kind does not tell; else ''."""
    words = name.replace("_", " ")
    if told.read == "range":
        if words.endswith("s") and told.unit:
            return f"for {{value}} {words}"
        return (
            f"that {words} {{value}}"
            if words in ("serves", "fits", "seats")
            else (f"with {words} {{value}}")
        )
    if told.read == "month":
        return f"{words} in {{value}}" if words.endswith("ed") else f"with {words} in {{value}}"
    if name == "kind" and item not in _GENERIC:
        return "{value}"
    return ""

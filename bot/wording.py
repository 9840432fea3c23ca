"""Facts in words: how one fact of an item is written in prompts, reasons and replies.

Only formatting; nothing here decides what is said.
"""

from retrieval.types import Facet, Fact


def fact_words(facet: Facet, value: Fact) -> str:
    """Return a fact in words, empty where it is unknown.

    `("runtime", 89)` → "89 minutes"; USD → "$1,299"; years bare; lists joined by commas.
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, str):
        return value
    number = f"{value:g}" if abs(value) < 1_000_000 else f"{value:,.0f}"
    unit = facet.unit
    if unit in ("", "year"):
        return number
    if unit in ("USD", "$"):
        return f"${value:,.0f}" if float(value).is_integer() else f"${value:,.2f}"
    return f"{number} {unit}"

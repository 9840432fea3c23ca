"""Facts in words: how one fact of an item is written in prompts, reasons and replies.

Only formatting; nothing here decides what is said.
"""

import re

from retrieval.types import Facet, Fact

_SIGNS = {"USD": "$", "$": "$", "EUR": "€", "GBP": "£", "INR": "₹"}
_GRAMS = re.compile(r"\d{4,} g")
_GROUPED = 100_000  # from which on digits are grouped
_GIGABYTES = re.compile(r"\d{4,} GB")

# Facets that say what sort of thing an item is.
KINDS = ("kind", "type", "category", "product", "product_type")

# What an item is called where a catalogue has no name for its things.
GENERIC = frozenset("item product article thing device good object entry".split())


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
    whole = float(value).is_integer() and abs(value) >= _GROUPED
    number = f"{value:,.0f}" if whole or abs(value) >= 1_000_000 else f"{value:g}"
    unit = facet.unit
    if unit in ("", "year"):
        return number
    if unit in _SIGNS:
        sign = _SIGNS[unit]
        return f"{sign}{value:,.0f}" if float(value).is_integer() else f"{sign}{value:,.2f}"
    return f"{number} {unit}"


def handy(words: str) -> str:
    """Return a fact's words in the unit that people say: "1240 g" → "1.24 kg", exactly.

    "1024 GB" and "1000 GB" are both "1 TB", as sellers have it; the rest stays as it is.
    """
    if _GRAMS.fullmatch(words):
        return f"{int(words.split()[0]) / 1000:g} kg"
    if _GIGABYTES.fullmatch(words):
        size = int(words.split()[0])
        by = next((by for by in (1024, 1000) if size % by == 0), 0)
        return f"{size // by} TB" if by else words
    return words

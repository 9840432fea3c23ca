"""Units of the numbers of a sentence, and whether a number is said of the item as a whole.

Units are those that the bundled catalogues count in, others that no fact is told in, and whatever a
facet at hand counts in. Knows no facts and no item.
"""

import re

from bot.quantity.units import convert, facet_unit, is_calendar, named
from retrieval.types import Facet
from retrieval.words import stem

Units = tuple[tuple[str, float], ...]

# Words of a unit → (unit of the facet, how many of it). "h" only behind a digit.
_UNITS: tuple[tuple[str, str, float], ...] = (
    (r"min(ute)?s?\b|分钟", "minutes", 1),
    (r"hours?\b|hrs?\b|h\b|(个)?(小时|钟头)", "minutes", 60),
    (r"hours?\b|hrs?\b|h\b|(个)?小时", "hours", 1),
    (r"min(ute)?s?\b|分钟", "hours", 1 / 60),
    (r"usd\b|dollars?\b|bucks?\b|\$|美元|美金|块", "USD", 1),
    (r"gb\b|gigs?\b|gigabytes?\b", "GB", 1),
    (r"tb\b|terabytes?\b", "GB", 1000),
    (r"g\b|gram(me)?s?\b|克", "g", 1),
    (r"kg\b|kilos?\b|kilogram(me)?s?\b|公斤|千克", "g", 1000),
    (r"lbs?\b|pounds?\b", "g", 453.59),
    (r"ounces?\b|oz\b", "g", 28.35),
    (r"kg\b|kilos?\b|kilogram(me)?s?\b|公斤", "kg", 1),
    (r"inch(es)?\b|(?<!\s)in\b|\"|″|”|英寸|寸", "inches", 1),
    (r"cm\b|centimet(er|re)s?\b|厘米", "inches", 1 / 2.54),
)
# Units in which no fact is told: a fact's number with one of them is another quantity.
_OTHERS: tuple[tuple[str, str, float], ...] = (
    (r"seconds\b|secs\b|秒", "minutes", 1 / 60),
    (r"days\b|天", "minutes", 1440),
    (r"weeks\b|周", "minutes", 10080),
    (r"years\b", "years", 1),
    (r"euros?\b|eur\b|€|欧元", "EUR", 1),
    (r"(pounds sterling|gbp|£|英镑)", "GBP", 1),
    (r"yen\b|¥|日元", "JPY", 1),
    (r"yuan\b|rmb\b|元|人民币", "CNY", 1),
    (r"rupees?\b|₹", "INR", 1),
    (r"cents\b", "USD", 0.01),
    (r"mb\b|megabytes?\b", "GB", 1 / 1000),
    (r"feet\b|foot\b|ft\b", "inches", 12),
    (r"mm\b|millimet(er|re)s?\b", "inches", 1 / 25.4),
    (r"met(er|re)s\b|米", "inches", 39.37),
    (r"tons?\b|tonnes?\b|吨", "g", 1e6),
    (r"mg\b|milligrams?\b", "g", 1 / 1000),
)
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_LONGEST = 24
_WORD = re.compile(r"[^\W\d_]+|%")
_BEHIND = re.compile(r"[\s-]?([^\W\d_]+|%)")
_A_FORTUNE = 1e5  # an amount in a story, not a price
_LASTS = re.compile(
    r"(?:runs?|lasts?|takes?|running time|runtime|length|long|clocks? in|over in)"
    r"(?:\s+(?:of|at|for|is|only|just|a|in|about))*\s+$",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"^[\s-]*(?:long\b|of (?:film|running)|film|movie|comedy|drama|picture|feature|runtime"
    r"|running)",
    re.IGNORECASE,
)
_CAME_OUT = re.compile(
    r"(?:released|came out|comes out|premiered|launched|made|shot|filmed|announced"
    r"|(?:film|movie|picture|comedy|drama|device|phone|laptop|camera|model) (?:from|of))"
    r"\s+(?:in |back in )?$",
    re.IGNORECASE,
)
_WORK = re.compile(r"^\s+(?:film|movie|picture|release|model|device)\b", re.IGNORECASE)
_HAS = re.compile(r"(?:weighs?|weighing|weight of)(?:\s+(?:only|just|about))*\s+$", re.IGNORECASE)


def unit_text(sentence: str, end: int, common: bool = False) -> str:
    """Return the unit behind a place as it is written, its space or hyphen included, or "".

    `common` leaves out the units in which no fact is told.
    """
    rest = sentence[end : end + _LONGEST]
    table = _UNITS if common else (*_UNITS, *_OTHERS)
    matches = (re.match(rf"[\s-]?(?:{pattern})", rest, re.I) for pattern, _, _ in table)
    return max((m.group() for m in matches if m), key=len, default="")


def units_behind(sentence: str, end: int, common: bool = False) -> Units:
    """Return the (unit, factor) readings of the unit behind a place; () for none."""
    unit = unit_text(sentence, end, common).strip(" -")
    if not unit:
        return ()
    table = _UNITS if common else (*_UNITS, *_OTHERS)
    return tuple((u, by) for pattern, u, by in table if re.fullmatch(pattern, unit, re.I))


def in_unit_of(facet: Facet, value: float, behind: str) -> float | None:
    """Return a number in the unit of a facet that the word behind it speaks of, or None.

    The word is the facet's own unit ("0.2 miles"), another one of its dimension, or, where a facet
    has no unit, its name ("2 bedrooms").
    """
    word = _BEHIND.match(behind)
    if word is None or is_calendar(facet):
        return None
    said = word.group(1).lower()
    own = {stem(w) for w in _WORD.findall(facet.unit.lower() or facet.name.lower())}
    if stem(said) in own:
        return value
    unit = facet_unit(facet)
    if unit is None or unit.dimension == "money":
        return None
    other = named(said, unit.dimension)
    return None if other is None else convert(value, other, unit)


def currency_before(sentence: str, start: int) -> Units:
    """Return the currency whose sign stands before a place."""
    unit = _SIGNS.get(sentence[max(0, start - 1) : start])
    return ((unit, 1.0),) if unit else ()


def of_the_item(units: Units, value: float, before: str, behind: str) -> bool:
    """Tell whether a number is said of the item as a whole, where its facts have the last word.

    Its text may tell of three hours in somebody's life, but not of another running time.

    Parameters
    ----------
    units, value
        The number as said.
    before, behind
        The sentence on both sides of it.
    """
    named = {unit for unit, _ in units}
    if "USD" in named:
        return value < _A_FORTUNE
    if "minutes" in named:
        return bool(_LASTS.search(before) or _LONG.match(behind))
    if not named:
        return bool(_CAME_OUT.search(before) or _WORK.match(behind))
    return bool(_HAS.search(before))

"""Whether a text states a number: in digits or words, bare or in a larger unit.

"1 hour 29 minutes" states 89 minutes, "1.4 kg" states 1,390 grams.
"""

import re

from bot.quantity.numerals import numerals

_ROUNDING = 0.04  # of a number said in a larger unit
# Unit of the facet → the larger units in which it is said, and how many of it they are.
_LARGER: dict[str, tuple[tuple[str, float], ...]] = {
    "minutes": ((r"h\b|hrs?\b|hours?\b|(个)?(小时|钟头)", 60),),
    "g": ((r"kg\b|kilos?\b|kilogram(me)?s?\b|公斤|千克", 1000), (r"lbs?\b|pounds?\b", 453.59)),
    "GB": ((r"tb\b|terabytes?\b", 1000), (r"tb\b|terabytes?\b", 1024)),
    "inches": ((r"cm\b|centimet(re|er)s?\b|厘米", 1 / 2.54),),
}
_MINUTES = re.compile(r"[\s-]*(m|mins?|minutes?)\b|[\s-]*分", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]*(and|零)?\s*", re.IGNORECASE)


def mentions_number(text: str, number: float, unit: str = "") -> bool:
    """Tell whether a text states a number.

    Parameters
    ----------
    text
        English or Chinese.
    number
        The number in the facet's unit.
    unit
        That unit, such as `minutes`; empty where it has none.
    """
    found = numerals(text)
    if any(value == number for _, _, value in found):
        return True
    for place, (_, end, value) in enumerate(found):
        for pattern, factor in _LARGER.get(unit, ()):
            larger = re.match(rf"[\s-]*(?:{pattern})", text[end:], re.IGNORECASE)
            if larger is None:
                continue
            rest = _rest(text, end + larger.end(), found[place + 1 :]) if factor == 60 else 0.0
            if rest or float(value).is_integer() and factor == 60:
                if value * factor + rest == number:
                    return True
            elif abs(value * factor - number) <= _ROUNDING * number:
                return True
    return False


def _rest(text: str, end: int, behind: "tuple[tuple[int, int, float], ...]") -> float:
    """Return the minutes that follow hours, 0 where none do."""
    if not behind:
        return 0.0
    start, stop, value = behind[0]
    joined = _BETWEEN.fullmatch(text[end:start])
    return value if joined and _MINUTES.match(text[stop:]) else 0.0

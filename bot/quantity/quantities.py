"""Quantities: what number or range the words of a person carry, in a facet's unit.

Knows no catalogue: values are not checked against what items have.
"""

import datetime
import re

from bot.quantity.digits import chinese_value, lowered, tidy
from bot.quantity.measures import SIGNS, Measures, shared
from bot.quantity.numerals import numerals
from bot.quantity.units import facet_unit, is_calendar
from bot.quantity.years import years
from retrieval.types import Facet, Op

Quantity = float | tuple[float, float]

_AFTER = re.compile(
    r"\b(?:after|newer than|later than|more recent than|younger than|post|past|following|over|above"
    r"|more than|greater than|beyond|not before)\W*(?:the |year )*$"
)
_NOT = re.compile(
    r"\b(?:not|no|nothing|isn'?t|never)\s+(?:\w+ )?(?:\w+\s+than|before|after)\W*(?:the )?$"
)
_BEFORE = re.compile(
    r"\b(?:before|older than|earlier than|pre|prior to|predates?|preceding|under|below|less than)"
    r"\W*(?:the |year )*$"
)
_STRICTLY = re.compile(
    r"(?P<no>\b(?:no|not|nothing|none|never|without|\w+n['’]?t)\s+(?:\w+\s+){0,2}|[不别])?"
    r"(?:\b(?:(?P<over>over|above|beyond|exceeds?|exceeding|more than|greater than)"
    r"|(?P<under>under|undr|below|beneath|less than|fewer than)"
    r"|\w+er than|(?:more|less) \w+ than)\b"
    r"|(?P<over_zh>超过|高于|多于)|(?P<under_zh>低于|少于))\W*(?:(?:about|the|a)\W+)*$"
)
_AFTER_ZH = re.compile(r"^\s*年?\s*(?:以后|之后|后)")
_BEFORE_ZH = re.compile(r"^\s*年?\s*(?:以前|之前|前)")


def quantity(
    span: str, facet: Facet, before: str = "", today_year: int | None = None
) -> Quantity | None:
    """Return the number, or the range with both ends included, that words carry.

    Parameters
    ----------
    span
        The words that hold the quantity: "two hours", "$1,299.99", "nineties", "九十年代".
    facet
        A number facet; the result is in its unit. Currencies are not converted.
    before
        The message up to the span; a currency sign there counts.
    today_year
        The current year, from the clock when None.

    Returns
    -------
    float, tuple or None
        None when the words carry no number or one in a unit of another kind ("12 inches" for a
        price).
    """
    if is_calendar(facet):
        return years(span, today_year or datetime.date.today().year)
    sign = before[-1:] if before[-1:] in SIGNS else ""
    reader = Measures(sign + span, facet_unit(facet))
    amounts = reader.amounts()
    if not amounts or (reader.foreign and all(a.unit is None for a in amounts)):
        return None
    first = amounts[0]
    if first.high is not None:
        return tidy(reader.worth(first, first.value)), tidy(reader.worth(first, first.high))
    if len(amounts) > 1 and reader.joined(first, amounts[1]):
        first, second = shared(first, amounts[1])
        low, high = reader.worth(first, first.value), reader.worth(second, second.value)
        if low != high:
            return tidy(min(low, high)), tidy(max(low, high))
    return tidy(reader.worth(first, first.value))


def adjust(
    op: Op, value: Quantity, before: str, facet: Facet, after: str = ""
) -> tuple[Op, Quantity]:
    """Return an operator and its value so that they say what the words around them mean.

    A year after "after" or "newer than" moves by one up, after "before" or "older than" by one
    down. A range takes `<>` for `=` and `~`; of a range `>=` takes the low end ("since the
    nineties"), the end plus one after "after"; `<=` likewise. A lone number with `<>` becomes
    `=` for years, `~` otherwise. `!=` keeps a range.

    Parameters
    ----------
    before, after
        The message up to the span, and from its end.
    """
    calendar = is_calendar(facet)
    text, rest = lowered(before)[-40:], lowered(after)[:8]
    negated = _NOT.search(text) is not None
    beyond = calendar and not negated and bool(_AFTER.search(text) or _AFTER_ZH.match(rest))
    ahead = calendar and not negated and bool(_BEFORE.search(text) or _BEFORE_ZH.match(rest))
    if isinstance(value, tuple):
        low, high = value
        if op == ">=":
            return op, high + 1 if beyond else low
        if op == "<=":
            return op, low - 1 if ahead else high
        return ("!=" if op == "!=" else "<>"), value
    if op == ">=" and beyond:
        return op, value + 1
    if op == "<=" and ahead:
        return op, value - 1
    if op == "<>":
        return ("=" if calendar else "~"), value
    return op, value


def excluded(op: Op, before: str, facet: Facet) -> bool:
    """Tell whether a bound leaves its own number out: "over 8 GB", but "no more than 8 GB".

    Years are never left out: `adjust` moves them.

    Parameters
    ----------
    before
        The message up to the number.
    """
    found = _STRICTLY.search(lowered(before)[-40:])
    if found is None or found["no"] or is_calendar(facet) or op not in ("<=", ">="):
        return False
    return not (found["over"] and op == "<=" or found["under"] and op == ">=")


_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "thirds": 1 / 3, "quarters": 0.25}
_TIMES = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "thrice": 3.0, "triple": 3.0}
_OFF = re.compile(r"\b(?:\w+er|less|fewer|off|under|below|down)\b|便宜|轻|短|少|小")
_ON = re.compile(
    r"\b(?:more|longer|bigger|larger|heavier|higher|newer|pricier|up|above)\b|[多长重大贵]"
)


def factor(span: str) -> float | None:
    """Return by what the words multiply: "half the weight" → 0.5, "a third less" → 0.667.

    "20% cheaper" is 0.8, "50% more" 1.5, "twice" 2, "三分之一" 0.333, "两倍" 2. None where the
    words name no factor.
    """
    text = lowered(span)
    share = _share(text)
    if share is None:
        return next((v for w, v in _TIMES.items() if re.search(rf"\b{w}\b", text)), None)
    if share > 1:
        return round(1 / share, 4) if _OFF.search(text) and not _ON.search(text) else share
    if _ON.search(text):
        return round(1 + share, 4)
    whole = re.search(r"\b(?:half|thirds?|quarters?)(?: (?:of|as|that|the|its|this))", text)
    taken = bool(_OFF.search(text)) and whole is None
    return round(1 - share if taken else share, 4)


def _share(text: str) -> float | None:
    times = re.search(r"([\w.]+)\s*(?:times|x|fold)\b", text)
    if times and (found := numerals(times[1])):
        return found[0][2]
    if (chinese := re.search(r"(\S)倍", text)) and (value := chinese_value(chinese[1])):
        return value
    if chinese := re.search(r"(\S)分之(\S)", text):
        low, high = chinese_value(chinese[1]), chinese_value(chinese[2])
        return high / low if low and high else None
    if "一半" in text or "减半" in text:
        return 0.5
    if percent := re.search(r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)", text):
        return float(percent[1]) / 100
    part = re.search(r"(?:\b(two|three) )?\b(half|thirds?|quarters?)\b", text)
    if part is None:
        return None
    return _PARTS[part[2]] * {"two": 2, "three": 3}.get(part[1] or "", 1)


def count(span: str) -> int | None:
    """Return how many items words ask for: "a couple" → 2, "三部" → 3, "2 or 3" → 3.

    "one", "another" and "a single one" are 1. None where the words name no number.
    """
    values = [v for _, _, v in numerals(span)]
    if values:
        return max(1, int(max(values[:2] if len(values) > 1 else values)))
    text = lowered(span)
    if re.search(r"\b(?:another|single|one|an?|solo|alone|by myself|on my own)\b", text):
        return 1
    return 4 if re.search(r"\bseveral\b", text) else None


def number_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places (start, end) of the words that carry a number, without units."""
    return tuple((start, end) for start, end, _ in numerals(text))

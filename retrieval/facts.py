"""Cells of a row → facts: numbers in one unit, lists, paths, dates, yes and no.

What is missing is left as None. Knows nothing of files and of the index.
"""

import ast
import html
import json
import math
import re
from collections.abc import Iterable

from retrieval.measure import MONEY_SIGNS, convert, unit_in
from retrieval.types import FacetKind, Fact

MISSING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "nan", "null", "none", "unknown", "?"})
MISSING |= {"nil", "tbd", "tba", "n.a.", "undefined", "#n/a", "\\n", "(none)", "<na>", "k.a."}
_NOT_THERE = re.compile(
    r"(?:no|not) (?:\w+ )?(?:available|applicable|specified|given|rated|stated|set|provided|known)"
)
TRUE = frozenset("yes y true t ✓ ✔ ✅ ☑ x on ja oui si sí sim 是 有 available included".split())
FALSE = frozenset("no n false f ✗ ✘ ❌ × off nein non não 否 无 unavailable".split())
_YES_MORE = re.compile(r"(yes|no|ja|nein|oui|non|si|sí)\s*[(,;:–-]\s*\S")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_CODES = "USD|EUR|GBP|INR|CHF|CNY|JPY|SEK|NOK|DKK|PLN|CZK|BRL|CAD|AUD|KRW|RUB|TRY|MXN|ZAR|NZD|SGD"
# A number with a currency in front or a unit behind: "$1,299.00", "Rs. 500", "16 GB".
_BEFORE = (
    rf"(?:(?:from|ab|ca\.?|approx\.?|about|around|up to|over|under|min\.?|max\.?|ages?|pack of"
    rf"|set of)\s+)?(?:[A-Z]{{0,3}}[{MONEY_SIGNS}]|Rs\.?|(?:{_CODES})\b|[~≈<>≤≥])?"
)
_DIGITS = r"[+-]?\d[\d.,'’ \u00a0\u202f]*|[+-]?\.\d+"
_SCALE = r"\s*(?:/|out of)\s*(?:5|10|100)(?!\d)(?:\s*\([\d.,]+[^)]{0,14}\))?"  # "4.5/5 (532)"
_NUMBER = re.compile(rf"{_BEFORE}\s*({_DIGITS})(?:{_SCALE})?\s*(\D{{0,24}})", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:(\d+)\s*(?:h|hr|hrs|hours?)\.?,?\s*(?:and\s+)?)(\d+)\s*(?:m|min|mins|minutes?)?\.?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"{_BEFORE}\s*(\d[\d.,' \u00a0]*?)\s*(?P<unit1>[^\d\s–—-]{{0,6}})\s*(?:-|–|—|to|bis)\s*"
    rf"{_BEFORE}\s*(\d[\d.,' \u00a0]*)\s*(?P<unit2>\D{{0,24}})",
    re.IGNORECASE,
)
_ISO = re.compile(r"((?:1[5-9]|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]((?:1[5-9]|20)\d\d)(?: .*)?")
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.? )?([a-z]{3,9})\.?(?: (\d{1,2})(?:st|nd|rd|th)?,?)?"
    r" ((?:1[5-9]|20)\d\d)"
)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*$")
_TAG = re.compile(r"<(?:[a-zA-Z/!][^<>]*)>")


class BadFact(ValueError):
    """A cell that cannot be read as its facet's kind; the message says what came."""


def is_missing(cell: object) -> bool:
    """Tell whether a cell says nothing."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    if isinstance(cell, str):
        words = cell.strip().casefold()
        return words in MISSING or (len(words) < 40 and _NOT_THERE.fullmatch(words) is not None)
    return isinstance(cell, list | tuple | dict) and all(
        is_missing(part) for part in (cell.values() if isinstance(cell, dict) else cell)
    )


def read_fact(cell: object, kind: FacetKind, separator: str | None = None, unit: str = "") -> Fact:
    """Return a cell as the fact of a facet of that kind; None where it says nothing.

    Raises
    ------
    BadFact
        If a number's cell holds no number, or another cell holds a nested object.
    """
    if is_missing(cell):
        return None
    if kind == "number":
        return read_number(cell, unit)
    parts = parts_of(cell, separator)
    if isinstance(parts, str):
        return parts
    return tuple(dict.fromkeys(part for part in parts if part)) or None


def parts_of(cell: object, separator: str | None = None) -> str | list[str]:
    """Return the words of a cell: of a list its parts, else the one text that it is."""
    if isinstance(cell, dict):
        raise BadFact("expected a value or a list, got an object")
    if isinstance(cell, str):
        cell = _split(cell, separator)
    if isinstance(cell, list | tuple):
        return [word(_named(part)) for part in cell if not is_missing(part)]
    return word(cell)


def _named(part: object) -> object:
    """Return what a list's part is called, where parts are objects with a name."""
    if not isinstance(part, dict):
        return part
    for key in ("name", "title", "label", "value"):
        if isinstance(part.get(key), str | int | float):
            return part[key]
    raise BadFact("expected a list of values, got a list of objects without a name")


def word(cell: object) -> str:
    """Return one value as text, white space closed up."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def plain_text(cell: object) -> str:
    """Return a text without HTML tags, scripts and entities, white space closed up."""
    text = word(cell)
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", _SCRIPT.sub(" ", text))
    return " ".join(text.split())


def _split(cell: str, separator: str | None) -> str | list[object]:
    """Return the parts of a cell that holds a list as text, or the cell itself."""
    text = cell.strip()
    if text.startswith("[") and text.endswith("]"):
        for parse in (json.loads, ast.literal_eval):
            try:
                parsed = parse(text)
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                continue
            if isinstance(parsed, list):
                inner = [_split(p, separator) if isinstance(p, str) else p for p in parsed]
                return [q for p in inner for q in (p if isinstance(p, list) else [p])]
    if separator:
        return [part.strip() for part in text.split(separator)]
    return text


def is_true(cell: object) -> bool | None:
    """Return whether a cell says yes or no; None where it says neither."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return bool(cell) if cell in (0, 1) else None
    if not isinstance(cell, str):
        return None
    said = cell.strip().casefold()
    more = _YES_MORE.match(said)  # "Yes (max 2)", "No, sorry"
    said = more.group(1) if more else said
    if said in TRUE or said == "1":
        return True
    return False if said in FALSE or said == "0" else None


def yes_of(values: Iterable[str]) -> str:
    """Return the value that says yes, of two that say yes and no; empty for other values."""
    said = {is_true(value): value for value in values}
    return said.get(True, "") if set(said) == {True, False} else ""


def read_date(cell: object) -> tuple[int, int]:
    """Return the year and the month of a date, as catalogues write it.

    Raises
    ------
    BadFact
        If the cell holds no date.
    """
    text = " ".join(str(cell).split())
    if found := _ISO.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := _DAY_FIRST.fullmatch(text):
        year, month = int(found[3]), int(found[2]) if int(found[2]) <= 12 else int(found[1])
    elif found := _WORDED.fullmatch(text.casefold()):
        names = [n for n, name in enumerate(_MONTHS, 1) if name.casefold().startswith(found[2][:3])]
        year, month = int(found[4]), names[0] if names else 0
    else:
        raise BadFact(f"expected a date, got {text[:40]!r}")
    if not 1 <= month <= 12:
        raise BadFact(f"expected a date, got {text[:40]!r}")
    return year, month


def read_month(cell: object) -> str:
    """Return a date as its month in words, "March 2026"; `BadFact` if it is none."""
    year, month = read_date(cell)
    return f"{_MONTHS[month - 1]} {year}"


def read_number(cell: object, unit: str = "") -> float | int:
    """Return the number in a cell: a number, or text such as `1,299.00 $` or `16 GB`.

    With a unit, a cell in another unit of the same measure is converted ("0.5 kg" → 500 g).

    Raises
    ------
    BadFact
        If there is none, or it is not finite.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise BadFact(f"expected a number, got {str(cell)[:40]!r}")
    number: float | int = _number_in(cell.strip(), unit) if isinstance(cell, str) else cell
    if not math.isfinite(number):
        raise BadFact(f"expected a finite number, got {str(cell)[:40]!r}")
    return int(number) if float(number).is_integer() else number


def unbracketed(cell: object) -> object:
    """Return a cell without the brackets at its end: "Medium (2.6/5)" → "Medium"."""
    return _BRACKETED.sub("", cell) if isinstance(cell, str) else cell


def ungrouped(cell: object) -> object:
    """Return a cell without the points that group its thousands: "31.000" → "31000"."""
    return re.sub(r"\.(?=\d{3})", "", cell) if isinstance(cell, str) else cell


def _number_in(text: str, unit: str) -> float:
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        return convert(int(clock[1]) * 60 + int(clock[2]), "minutes", unit)
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise BadFact(f"expected a number, got {text[:40]!r}")
    value = plain_number(match.group(1))
    return convert(value, unit_in(match.group(2)), unit) if unit else value


def read_range(cell: object, unit: str = "") -> tuple[float, float] | None:
    """Return the two ends of a range such as "2-4" or "€40k – €55k"; None for anything else."""
    match = _RANGE.fullmatch(str(cell).strip()) if isinstance(cell, str) else None
    if match is None:
        return None
    low, high = plain_number(match[1]), plain_number(match[3])
    thousands = (match["unit1"].casefold() == "k", match["unit2"].casefold().startswith("k"))
    if any(thousands) and not re.match(r"k[a-z]", match["unit2"].casefold()):
        low, high = low * 1000, high * 1000
    if unit:
        said = unit_in(match["unit2"]) or unit_in(match["unit1"])
        low, high = convert(low, said, unit), convert(high, said, unit)
    return (low, high) if low <= high else None


def plain_number(text: str) -> float:
    """Return the value of digits with thousands marks: the last mark is the decimal point.

    A single comma or point with exactly three digits behind it is a thousands mark if it is a
    comma ("1,299"), a decimal point if it is a point ("1.299").
    """
    digits = re.sub(r"['’ \u00a0\u202f]", "", text)
    if "," in digits and "." in digits:
        thousands = "," if digits.rindex(",") < digits.rindex(".") else "."
        digits = digits.replace(thousands, "").replace(",", ".")
    elif digits.count(",") > 1 or re.search(r",\d{3}$", digits):
        digits = digits.replace(",", "")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError as error:
        raise BadFact(f"expected a number, got {text[:40]!r}") from error

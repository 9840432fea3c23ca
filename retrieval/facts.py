"""Cells of a row → facts: numbers, single values and lists, with what is missing left as None.

Knows nothing of files and of the index.
"""

import ast
import json
import math
import re

from retrieval.types import FacetKind, Fact

MISSING = frozenset({"", "-", "--", "n/a", "na", "nan", "null", "none", "unknown", "?"})
# A number with a currency in front or a unit behind: "$1,299.00", "Rs. 500", "16 GB".
_CURRENCY = r"(?:[A-Z]{0,3}[$€£₹¥]|Rs\.?|USD|EUR|GBP|INR|CHF|CNY|JPY|~)?"
_NUMBER = re.compile(rf"{_CURRENCY}\s*([+-]?\d[\d.,' \u00a0]*|[+-]?\.\d+)\s*\D{{0,14}}")


class BadFact(ValueError):
    """A cell that cannot be read as its facet's kind; the message says what came."""


def is_missing(cell: object) -> bool:
    """Tell whether a cell says nothing."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    if isinstance(cell, str):
        return cell.strip().casefold() in MISSING
    return isinstance(cell, list | tuple) and all(is_missing(part) for part in cell)


def read_fact(cell: object, kind: FacetKind, separator: str | None = None) -> Fact:
    """Return a cell as the fact of a facet of that kind; None where it says nothing.

    Raises
    ------
    BadFact
        If a number's cell holds no number, or another cell holds a nested object.
    """
    if is_missing(cell):
        return None
    if kind == "number":
        return read_number(cell)
    if isinstance(cell, dict):
        raise BadFact("expected a value or a list, got an object")
    if isinstance(cell, str):
        cell = _split(cell, separator)
    if isinstance(cell, list | tuple):
        parts = (_word(part) for part in cell if not is_missing(part))
        return tuple(dict.fromkeys(part for part in parts if part)) or None
    return _word(cell)


def _word(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


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
                return parsed
    if separator:
        return [part.strip() for part in text.split(separator)]
    return text


def read_number(cell: object) -> float | int:
    """Return the number in a cell: a number, or text such as `1,299.00 $` or `16 GB`.

    Raises
    ------
    BadFact
        If there is none, or it is not finite.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise BadFact(f"expected a number, got {str(cell)[:40]!r}")
    if isinstance(cell, str):
        match = _NUMBER.fullmatch(cell.strip())
        if match is None:
            raise BadFact(f"expected a number, got {cell[:40]!r}")
        number: float | int = _plain_number(match.group(1))
    else:
        number = cell
    if not math.isfinite(number):
        raise BadFact(f"expected a finite number, got {str(cell)[:40]!r}")
    return int(number) if float(number).is_integer() else number


def _plain_number(text: str) -> float:
    """Return the value of digits with thousands marks: the last mark is the decimal point.

    A single comma or point with exactly three digits behind it is a thousands mark if it is a
    comma ("1,299"), a decimal point if it is a point ("1.299").
    """
    digits = re.sub(r"[' \u00a0]", "", text)
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

"""The fields of a script: how single values are read, and what is said of those that are wrong.

A value that stands alone may be given where a list is expected, a number where words are.
"""

import re
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.scripted.mistakes import one_of, use_instead
from bot.types import Act
from retrieval.types import Op

ACTS: tuple[str, ...] = get_args(Act)
OPS: tuple[str, ...] = get_args(Op)
PREVIOUS = "previous"
_REFERENCE = re.compile(r"(items|shown)\[(-?[0-9]{1,3})\](?:\.(\w+))?")
_BEGINS = re.compile(r"(items|shown)\[")


def wrong(expected: str, got: object, remedy: str) -> PydanticCustomError:
    """Return the error of a part that is not as it should be."""
    context = {"expected": expected, "got": shown(got), "remedy": remedy}
    return PydanticCustomError("form", "expected {expected}, got {got}; {remedy}", context)


def shown(value: object) -> str:
    """Return a value as an error message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"the mapping {{{', '.join(map(str, value))}}}"[:80]
    return repr(value)[:80]


def _text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong("text", value, "write words, in quotes where YAML reads them otherwise")
    if not str(value).strip():
        raise wrong("text", value, "write at least one word, or take the key out")
    return str(value)


def several(value: object) -> object:
    """Return a list, or what stands alone, as a tuple."""
    if isinstance(value, list) and not value:
        raise wrong("at least one entry", "an empty list", "add one, or take the key out")
    return tuple(value) if isinstance(value, list) else (value,)


def listed(value: object) -> object:
    """Return a list as a tuple."""
    if not isinstance(value, list):
        raise wrong("a list", value, "put it in square brackets")
    return several(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong("a number", value, "write digits, without a unit")
    return float(value)


def _bound(value: object) -> object:
    if value == PREVIOUS:
        return value
    if isinstance(value, str):
        raise wrong(f"a number or {PREVIOUS}", value, "write digits, without a unit")
    return _number(value)


def pair(value: object) -> object:
    """Return two numbers, the lower first."""
    if not isinstance(value, list) or len(value) != 2:
        raise wrong("[low, high]", value, "write two numbers in square brackets")
    low, high = (_number(v) for v in value)
    if low > high:
        raise wrong("[low, high]", value, "put the lower number first")
    return low, high


def fact(value: object) -> object:
    """Return words as a tuple, a number as it is."""
    return several(value) if isinstance(value, list | str) else _number(value)


def _pattern(value: object) -> object:
    try:
        re.compile(str(_text(value)))
    except re.error as error:
        raise wrong("a regular expression", value, f"mend it: {error}") from error
    return value


def _reference(value: object) -> object:
    if isinstance(value, str) and _BEGINS.match(value) and not _REFERENCE.fullmatch(value):
        remedy = "write it as items[0].director or shown[1].runtime"
        raise wrong("a place in the items", value, remedy)
    return value


def _act(value: object) -> object:
    if value not in ACTS:
        raise wrong(one_of(ACTS), value, use_instead(str(value), ACTS))
    return value


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(several)]
TextList = Annotated[tuple[Text, ...], BeforeValidator(listed)]
Mentionable = Annotated[Text, BeforeValidator(_reference)]
Mentions = Annotated[tuple[Mentionable, ...], BeforeValidator(several)]
Number = Annotated[float, BeforeValidator(_number)]
Bound = Annotated[float | Literal["previous"], BeforeValidator(_bound)]
Pair = Annotated[tuple[float, float], BeforeValidator(pair)]
ActName = Annotated[str, BeforeValidator(_act)]
Pattern = Annotated[str, BeforeValidator(_pattern)]
Whole = Annotated[int, Field(ge=0, le=1000)]


def reference(text: str) -> tuple[str, int, str | None] | None:
    """Return (`items` or `shown`, index, facet) of a reference, or None for plain words."""
    match = _REFERENCE.fullmatch(text)
    return (match[1], int(match[2]), match[3]) if match else None

"""Whether a fact is what a script says it must be.

A fact that is unknown meets `has_not` and `known: false` and nothing else. Words are compared
without case, accents and punctuation. Knows neither turns nor catalogues.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.scripted.fields import PREVIOUS, Bound
from bot.scripted.form import FacetTest
from retrieval.constraints import values_of
from retrieval.types import Fact
from retrieval.words import plain_key


@dataclass(frozen=True)
class Before:
    """The smallest and the largest value of a facet among the items last shown before."""

    smallest: float | None = None
    largest: float | None = None


def failing(test: FacetTest, fact: Fact, before: Before) -> tuple[str, ...]:
    """Return the parts of a test that a fact does not meet, in words; () if it meets all."""
    parts = (*_worded(test, fact), *_compared(test, fact, before), *_known(test, fact))
    return tuple(words for holds, words in parts if not holds)


def said(fact: Fact) -> str:
    """Return a fact as a failure names it."""
    if fact is None:
        return "unknown"
    if isinstance(fact, tuple):
        return ", ".join(fact) or "nothing"
    return f"{fact:g}" if isinstance(fact, float) else str(fact)


Part = tuple[bool, str]


def _worded(test: FacetTest, fact: Fact) -> Iterator[Part]:
    held = {plain_key(value) for value in values_of(fact)}

    def has(value: str) -> bool:
        return plain_key(value) in held

    if test.has is not None:
        yield all(map(has, test.has)), _listed(test.has, " and ")
    if test.has_any is not None:
        yield any(map(has, test.has_any)), _listed(test.has_any, " or ")
    if test.has_not is not None:
        yield not any(map(has, test.has_not)), f"not {_listed(test.has_not, ' or ')}"
    if isinstance(test.is_, tuple):
        wanted = {plain_key(str(value)) for value in test.is_}
        yield held == wanted, f"exactly {_listed(test.is_, ' and ')}"


def _listed(values: "tuple[str, ...]", joint: str) -> str:
    return joint.join(map(str, values))


def _compared(test: FacetTest, fact: Fact, before: Before) -> Iterator[Part]:
    number = float(fact) if isinstance(fact, int | float) else None
    if isinstance(test.is_, float):
        yield number == test.is_, f"{test.is_:g}"
    if test.between is not None:
        low, high = test.between
        yield number is not None and low <= number <= high, f"between {low:g} and {high:g}"
    if test.at_most is not None:
        yield number is not None and number <= test.at_most, f"at most {test.at_most:g}"
    if test.at_least is not None:
        yield number is not None and number >= test.at_least, f"at least {test.at_least:g}"
    if test.less_than is not None:
        bound, words = _bound(test.less_than, before.largest, "the largest")
        holds = number is not None and bound is not None and number < bound
        yield holds, f"less than {words}"
    if test.more_than is not None:
        bound, words = _bound(test.more_than, before.smallest, "the smallest")
        holds = number is not None and bound is not None and number > bound
        yield holds, f"more than {words}"


def _bound(bound: Bound, value: float | None, which: str) -> tuple[float | None, str]:
    """Return a bound as a number, and in words."""
    if bound != PREVIOUS:
        return float(bound), f"{float(bound):g}"
    if value is None:
        return None, "the value before (no item with a known value was shown)"
    return value, f"{value:g} ({which} shown before)"


def _known(test: FacetTest, fact: Fact) -> Iterator[Part]:
    if test.known is not None:
        yield (fact is not None) == test.known, "a known fact" if test.known else "no known fact"

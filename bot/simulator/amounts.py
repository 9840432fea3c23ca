"""How people say amounts: "under two hours", "from the nineties", "$900", "at most 16 gigs".

Every wish made here is true of the number that it is made from. Knows units and comparatives
from the schema only.
"""

import math
from collections.abc import Sequence
from random import Random
from typing import Literal

from bot.simulator.types import Wish
from bot.simulator.words import key_of, say, tables
from bot.voice.phrasing import phrases
from retrieval.constraints import bounds_about
from retrieval.types import Constraint, Facet, Schema

Form = Literal["le", "ge", "near", "between", "decade", "side"]
_FORMS: tuple[Form, ...] = ("le", "le", "ge", "near", "between", "side")
_YEAR_FORMS: tuple[Form, ...] = (
    "decade",
    "decade",
    "decade",
    "le",
    "ge",
    "near",
    "between",
    "side",
)
_LOOSE = 0.25  # how far from the truth a bound may be
_LOOSE_YEARS = 9
_SIDE = 0.35  # the part of the catalogue that is "on the cheaper side" when a person says so
_MIDDLE = 0.5  # and what is still accepted as such


def number_wish(
    facet: Facet, value: float, others: Sequence[float], schema: Schema, random: Random
) -> Wish:
    """Return a wish on a number facet that a number meets.

    Parameters
    ----------
    facet
        The facet.
    value
        The number that meets the wish.
    others
        The facet's numbers among the items that could be meant, ascending; they tell what is
        high and low.
    schema
        The schema: a unit that several facets share is said with the facet's name.
    random
        Draws how exact and in what words.
    """
    year = facet.unit == "year"
    form = random.choice(_YEAR_FORMS if year else _FORMS)
    if form == "side" and (side := _side(facet, value, others, random)):
        return side
    if form == "side":
        form = "decade" if year else "near"
    if year:
        newest = max(others, default=value)
        return _year_wish(facet, int(value), form, int(newest), random)
    return _amount_wish(facet, value, form, schema, random)


def _side(facet: Facet, value: float, others: Sequence[float], random: Random) -> Wish | None:
    """Return a vague wish ("on the shorter side") where the number is low or high enough."""
    if len(others) < 4:
        return None
    low = value <= others[int(_SIDE * (len(others) - 1))]
    high = value >= others[math.ceil((1 - _SIDE) * (len(others) - 1))]
    words = [w for w in (facet.less if low else facet.more if high else ()) if " " not in w]
    if not words:
        return None
    middle = others[int(_MIDDLE * (len(others) - 1))]
    key = "year" if facet.unit == "year" else "number"
    said = say(random, key, "side", word=words[0])
    return Wish(said, facet.name, Constraint(facet.name, "<=" if low else ">=", middle))


def _year_wish(facet: Facet, value: int, form: Form, newest: int, random: Random) -> Wish:
    """Return a wish on a year; nobody asks for what is not out yet."""
    name = facet.name
    form = "ge" if form in ("le", "between") and value >= newest else form
    slack = random.randint(1, _LOOSE_YEARS)
    later = min(value + slack, newest)
    if form == "le":
        said = say(random, "year", "le", q=str(later), after=str(later + 1))
        return Wish(said, name, Constraint(name, "<=", float(later)))
    if form == "ge":
        said = say(random, "year", "ge", q=str(value - slack))
        return Wish(said, name, Constraint(name, ">=", float(value - slack)))
    if form == "near":
        about = min(value + random.randint(-2, 2), newest)
        said = say(random, "year", "near", q=str(about))
        return Wish(said, name, Constraint(name, "~", float(about)))
    if form == "between":
        low, high = value - random.randint(1, _LOOSE_YEARS), later
        said = say(random, "year", "between", low=str(low), q=str(high))
        return Wish(said, name, Constraint(name, "<>", (float(low), float(high))))
    first = value // 10 * 10
    words = tables()["decades"].get(str(first), [f"{first}s"])
    said = say(random, "year", "decade", decade=random.choice(words))
    return Wish(said, name, Constraint(name, "<>", (float(first), float(first + 9))))


def _amount_wish(facet: Facet, value: float, form: Form, schema: Schema, random: Random) -> Wish:
    name, slack = facet.name, random.uniform(0.02, _LOOSE)
    low, high = round_down(value * (1 - slack), value), round_up(value * (1 + slack), value)
    constraint: Constraint
    if form == "le":
        constraint = Constraint(name, "<=", high)
        said = say(random, "number", "le", q=amount(facet, high, random))
    elif form == "ge":
        constraint = Constraint(name, ">=", low)
        said = say(random, "number", "ge", q=amount(facet, low, random))
    elif form == "between":
        constraint = Constraint(name, "<>", (low, high))
        said = say(random, "number", "between", low=f"{low:g}", q=amount(facet, high, random, True))
    else:
        step = step_of(value)
        rough = (round(round(value / s) * s, 10) for s in (5 * step, step))
        about = next((a for a in rough if _within(facet, a, value)), value)
        constraint = Constraint(name, "~", about)
        said = say(random, "number", "near", q=amount(facet, about, random))
    return Wish(_with_noun(facet, said, schema, random), name, constraint)


def _within(facet: Facet, about: float, value: float) -> bool:
    low, high = bounds_about(facet, about)
    return low <= value <= high


def _with_noun(facet: Facet, said: str, schema: Schema, random: Random) -> str:
    """Say what is meant where the unit alone does not tell it."""
    noun = phrases("en").facet(facet)
    if not facet.unit:
        return say(random, "number", "bare", form=said, noun=noun)
    shared = sum(1 for other in schema.facets if other.unit == facet.unit) > 1
    return say(random, "number", "named", form=said, noun=noun) if shared else said


def amount(facet: Facet, value: float, random: Random, plain: bool = False) -> str:
    """Return an amount in words and its unit; `plain` without names like "two hours"."""
    named = tables()["amounts"].get(facet.unit, {}).get(f"{value:g}")
    if named and not plain:
        return str(random.choice(named))
    key = key_of("units", facet.unit) if facet.unit else "none"
    return say(random, "units", key, n=f"{value:.10g}", unit=facet.unit)


def step_of(value: float) -> float:
    """Return the step in which a number of that size is rounded by people: a tenth, a power of 10.

    117 → 10, 1199 → 100, 13.3 → 1, 4.5 → 0.1.
    """
    return float(10.0 ** (math.floor(math.log10(abs(value))) - 1)) if value else 1.0


def round_up(bound: float, value: float) -> float:
    """Return a bound above a number, rounded up in that number's step."""
    step = step_of(value)
    return round(math.ceil(bound / step - 1e-9) * step, 10)


def round_down(bound: float, value: float) -> float:
    """Return a bound below a number, rounded down in that number's step."""
    step = step_of(value)
    return round(math.floor(bound / step + 1e-9) * step, 10)

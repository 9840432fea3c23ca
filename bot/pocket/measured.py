"""Which number facet a number is meant of: by its unit, its form, the facets' ranges, its bareness.

Knows no model; `bot.pocket.bounds` reads the words around a number.
"""

import re
from collections.abc import Sequence

from bot.llm.base import Situation
from bot.pocket.bounds import bounded, named_beside
from bot.quantity.quantities import quantity
from bot.quantity.units import facet_unit, is_calendar, is_money
from bot.reading import Added
from retrieval.types import Facet

SLACK = 1.5  # how far beyond a facet's range a number may lie and still be meant of it
REPLACES = 2.0  # how many times larger or smaller a number may be that takes a held one's place
FEW_WORDS = 40  # characters of a message that says hardly more than a number
LEAST_PRICE = 30.0  # bare numbers below are no prices
YEARS = re.compile(  # years and nothing else
    r"\d0\s?['’]?s\b|ties\b|\bninties\b|年代|世纪|\bcentury\b"
    r"|\b(?:19|20)\d\d\s*(?:-|–|to|and|through|until|or)\s*(?:19|20)?\d\d\b",
    re.IGNORECASE,
)
YEAR = re.compile(
    r"(?:say |since |from |after |before |around |about |in |the |early |mid |late )*"
    r"(?:(?:19|20)\d\d|['’]\d\d|(?:19|20)?\d0'?s|[a-z]+ties)",
    re.IGNORECASE,
)
_OVER = re.compile(r"\b(?:over|above|under|below|up to|upwards of)\s+$", re.IGNORECASE)
_FRACTION = re.compile(r"\d+\.\d+")
BARE = re.compile(r"[\d.,]+")
UNIT = re.compile(r"\s?(?:[a-z]{1,12}\b|[\u3400-\u9fff]{1,3})", re.IGNORECASE)
_TIME = re.compile(r"(?!this|last|next)[\w-]+ (?:years?|yrs?|decades?)", re.IGNORECASE)
_REACHING = re.compile(
    r"\b(?:last|past|previous|recent|these|within|in|than|under|over|most|least)\s+"
    r"(?:(?:the|about|like|last|past)\s+)*$",
    re.IGNORECASE,
)
_AGO = re.compile(r"\W*(?:ago|old|back|at (?:the )?most|max|or (?:newer|younger|less))\b", re.I)
_BOUND = re.compile(r"(?:b4|before|under|undr)\s+(?=[$€£]?\d)", re.IGNORECASE)
_HOPED = re.compile(
    r"(?:\s?[a-z]{1,10})?,? (?:would|['’]d|will) be (?:even |much |so )?"
    r"(?:nice|nicer|better|great|ideal|perfect|lovely|a (?:plus|bonus))\b|更好|最好",
    re.IGNORECASE,
)
_ON_TOP = re.compile(r"\W*(?:and|also|plus|but also)\b|\W*(?:而且|还要|再加)", re.IGNORECASE)
_NUMBERED = re.compile(r"\d|ties\b|hour|half|grand|hundred|thousand", re.IGNORECASE)


def whole(situation: Situation, one: Added) -> Added | None:
    """Return a bare number with the unit behind it, where that unit is some facet's.

    None for the number of an ordinal ("第1款"), which is no quantity, and for a time that something
    took ("we were together for three years"), which is no year.
    """
    start = situation.text.find(one.text)
    if start >= 0 and _lasting(situation, one, start):
        return None
    if start < 0 or not (BARE.fullmatch(one.text) or one.text in "一二三四五六七八九十"):
        return one
    if situation.text[:start].endswith("第"):
        return None
    unit = UNIT.match(situation.text, start + len(one.text))
    if unit is None:
        return one
    numbers = [f for f in _numbers(situation.schema.facets) if not is_calendar(f)]
    for end in range(unit.start() + 1, unit.end() + 1):
        words = situation.text[start:end]
        if words[-1].isascii() and end < unit.end():
            continue  # a Latin word is taken whole
        fitting = [f for f in numbers if quantity(words, f) is not None]
        if fitting and len(fitting) < len(numbers):
            return one.model_copy(update={"text": words})
    return one


def _lasting(situation: Situation, one: Added, start: int) -> bool:
    facet = situation.schema.facet(one.facet)
    if facet is None or not is_calendar(facet) or not _TIME.fullmatch(one.text):
        return False
    after = situation.text[start + len(one.text) :]
    return not (_REACHING.search(situation.text[:start]) or _AGO.match(after))


def numbered(situation: Situation, one: Added) -> Added:
    """Return a number constraint as its number and the words beside it say; others unchanged."""
    facet = situation.schema.facet(one.facet)
    if facet is None or facet.kind != "number" or one.text.startswith("#"):
        return one
    facets = _numbers(situation.schema.facets)
    one = _unbound(one)
    continued = _continued(situation, facets, one)
    if continued is None:
        continued = _priced(situation, facets, _in_range(facets, one))
    return bounded(situation.text, named_beside(facets, situation.text, continued))


def _unbound(one: Added) -> Added:
    """Return a constraint without a word of its bound in its text ("b4 1980"), read from beside."""
    found = _BOUND.match(one.text)
    if found is None:
        return one
    return one.model_copy(update={"text": one.text[found.end() :], "op": "<="})


def latest(text: str, added: Sequence[Added]) -> tuple[Added, ...]:
    """Return the constraints with the last of several bounds of one side, which mends the others.

    "Under 800, well, 900 at most" is 900; "at least 256, though 512 would be nicer" asks for 256.
    """
    hoped = [a for a in added if _HOPED.match(text[text.find(a.text) + len(a.text) :])]
    firm = {a.facet for a in added if a not in hoped}
    kept = [a for a in added if a not in hoped or a.facet not in firm]
    last = {
        (a.facet, a.op): a
        for a in sorted(kept, key=lambda a: text.rfind(a.text))
        if a.op in ("<=", ">=")
    }
    return tuple(a for a in kept if a.op not in ("<=", ">=") or last[a.facet, a.op] is a)


def measured(facets: Sequence[Facet], text: str) -> list[str]:
    """Return the number facets that the words' unit, or their form of a year, belongs to."""
    if not _NUMBERED.search(text):
        return []
    numbers = _numbers(facets)
    years = [f.name for f in numbers if is_calendar(f)]
    if is_year(text) or YEARS.search(text):
        return years
    if BARE.fullmatch(text.strip()):
        return []
    return [f.name for f in numbers if f.name not in years and quantity(text, f) is not None]


def priced_beside(text: str, one: Added, facets: Sequence[Facet]) -> str | None:
    """Return the price that "above 2000" means rather than a year, where items cost so much."""
    start = text.find(one.text)
    if start < 0 or not BARE.fullmatch(one.text) or not _OVER.search(text[:start]):
        return None
    prices = [f for f in facets if is_money(f) and f.range and _reach(f, one.text)[1]]
    return prices[0].name if len(prices) == 1 else None


def is_year(text: str) -> bool:
    """Whether words are a year or a decade in form."""
    return YEAR.fullmatch(text.strip().replace("-", " ")) is not None


def _numbers(facets: Sequence[Facet]) -> list[Facet]:
    return [f for f in facets if f.kind == "number"]


def _in_range(facets: Sequence[Facet], one: Added) -> Added:
    """Return a number constraint under the one facet whose range holds it, if its own does not."""
    reach = {f.name: _reach(f, one.text) for f in facets}
    dated = is_year(one.text) or YEARS.search(one.text) or re.search(r"(?:19|20)\d\d", one.text)
    years = {f.name for f in facets if is_calendar(f) and not dated}
    inside = [name for name, (_, within) in reach.items() if within and name not in years]
    if _FRACTION.fullmatch(one.text) and len(inside) > 1:  # "8.5" is a rating, no number of rooms
        parted = {
            f.name for f in facets if f.range and not all(float(e).is_integer() for e in f.range)
        }
        inside = [name for name in inside if name in parted]
    if reach[one.facet][0] or len(inside) != 1:
        return one
    return one.model_copy(update={"facet": inside[0]})


def _reach(facet: Facet, text: str) -> tuple[bool, bool]:
    """Whether words may be meant of a facet, and whether they name a value within its range."""
    if facet.range is None:
        return True, False
    value = quantity(text, facet)
    if value is None:
        return False, False
    ends = value if isinstance(value, tuple) else (value, value)
    smallest, largest = facet.range
    slack = 1.0 if is_calendar(facet) else SLACK
    near = ends[1] >= smallest / slack and ends[0] <= largest * slack
    return near, ends[1] >= smallest and ends[0] <= largest


def _continued(situation: Situation, facets: Sequence[Facet], one: Added) -> Added | None:
    """Return a bare number as the new value of the wish held that it is nearest to, if it is.

    "1300 is ok as well" after "up to 1200 grams". Only where it is all that a few words say: no
    other number, no facet spoken of, and nothing put on top of it ("and under 1500").
    """
    if not BARE.fullmatch(one.text) or len(situation.text) > FEW_WORDS:
        return None
    if _ON_TOP.match(situation.text):
        return None
    if len(re.findall(r"[\d.,]*\d", situation.text)) != 1:
        return None
    text = situation.text.lower()
    known = {f.name: f for f in facets}
    near = []
    for held in situation.state:
        facet = known.get(held.facet)
        value = quantity(one.text, facet) if facet else None
        if facet is None or not isinstance(value, float | int):
            continue
        apart = _apart(facet, value, held.value)
        if apart is not None and held.op in ("<=", ">=", "=", "~"):
            near.append((apart, held))
    spoken = {f.name for f in facets if _spoken_of(f, text)}
    if not near or spoken - {min(near, key=lambda n: n[0])[1].facet}:
        return None
    held = min(near, key=lambda n: n[0])[1]
    return one.model_copy(update={"facet": held.facet, "op": held.op})


def _apart(facet: Facet, value: float, held: object) -> float | None:
    """Return how far a number is from a held one; None where too far to take its place."""
    if not isinstance(held, float | int) or min(value, held) <= 0:
        return None
    if is_calendar(facet):
        return abs(value - held) / 100 if is_year(str(int(value))) else None
    ratio = max(value, held) / min(value, held)
    return ratio - 1 if ratio <= REPLACES else None


def _priced(situation: Situation, facets: Sequence[Facet], one: Added) -> Added:
    """Return a bare number as a price ("800 max"), the one measure said without its unit.

    Not where it is a year or a power of two, where the facet it was read in is spoken of, or where
    no item costs about so much.
    """
    own = next(f for f in facets if f.name == one.facet)
    unit = facet_unit(own)
    if not BARE.fullmatch(one.text) or unit is None or unit.dimension == "money":
        return one
    value = quantity(one.text, own)
    if not isinstance(value, float | int) or value < LEAST_PRICE or is_year(one.text):
        return one
    if is_calendar(own) or value == int(value) and int(value) & (int(value) - 1) == 0:
        return one
    if _spoken_of(own, f"{situation.said} {situation.text}".lower()):
        return one
    prices = [f for f in facets if is_money(f)]
    fitting = [f for f in prices if f.range and _reach(f, one.text)[1]]
    return one.model_copy(update={"facet": fitting[0].name}) if len(fitting) == 1 else one


def _spoken_of(facet: Facet, text: str) -> bool:
    words = [facet.unit, *facet.name.split("_"), *facet.less, *facet.more]
    return any(re.search(rf"\b{re.escape(w.lower())}", text) for w in words if len(w) > 1)

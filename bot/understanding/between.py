"""What lies between items shown or named: "something between those two", "介于两者之间".

The range is of the facet that the message names; where it names none, of the price, else of the
year, else of the first number in which the items differ. Knows nothing of wishes held.
"""

import re
from collections.abc import Iterable, Sequence

from bot.quantity.digits import lowered, tidy
from bot.quantity.units import facet_unit, is_calendar
from bot.reading import ROLES, Reading
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation
from bot.understanding import references
from retrieval.types import Constraint, Facet, Item

_ORDINAL = r"(?:first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last|latter)"
_BETWEEN = re.compile(
    rf"\b(?:in[- ]?)?between (?:(?:the |these |those |both )+(?P<row>first |last |top )?"
    rf"(?:two|2|both|three|ones|films|movies|items)\b|these|those|them|both"
    rf"|(?:the )?(?P<one>{_ORDINAL})(?: one)? and (?:the )?(?P<other>{_ORDINAL})(?: one)?)"
    r"|\b(?:somewhere |something |anything |one )?in[- ]between\b(?! \w+ and)"
    r"|(?:介于|在)?(?:这|那|它们?|他们?)?(?:两|二)[者部个個款台本首](?P<zh>之间|中间)"
)
_COMPARES = re.compile(
    r"\b(?:differ\w*|choose|choosing|decide|deciding|compar\w+|choice|torn|stuck|pick|picking"
    r"|hesitat\w+|toss-?up|chemistry|relation\w*|similarit\w+|connection)\b[^.!?]*$|区别|不同"
)
_MADE = {
    "money": "price cost costs budget money expensive dear cheap",
    "year": "year years era eras age old new made released date time period decade",
    "time": "length long runtime duration running short minutes hours",
    "mass": "weight heavy light",
    "length": "size big small screen display inches",
    "storage": "storage memory space disk",
}


def in_between(
    reading: Reading, text: str, conversation: Conversation, index: Catalogue
) -> tuple[Reading, tuple[Constraint, ...], tuple[str, ...]]:
    """Return the reading without what it made of a "between", the range meant, and the two items.

    Nothing is changed where a message speaks of no such range, or of items that are not known.
    """
    low = lowered(text)
    found = _BETWEEN.search(low)
    if found is None or _COMPARES.search(low[: found.start()]):
        return reading, (), ()
    items = index.get(_ends(found, reading, conversation, index))
    chosen = _facet(low, items, index.schema.facets) if len(items) > 1 else None
    if chosen is None:
        return reading, (), ()
    numbers = _numbers(chosen, items)
    within = Constraint(chosen.name, "<>", (tidy(min(numbers)), tidy(max(numbers))))
    update: dict[str, object] = {role: () for role in ROLES}
    update["add"] = tuple(a for a in reading.add if a.facet != chosen.name)
    update["relative"] = tuple(r for r in reading.relative if r.facet != chosen.name)
    update["wish"] = tuple(w for w in reading.wish if not _said(w, low, found))
    update["act"], update["asks"] = "recommend", ()
    return reading.model_copy(update=update), (within,), tuple(item.id for item in items)


def _said(words: str, text: str, found: re.Match[str]) -> bool:
    """Whether a free wish is but the words of the "between" and of its facet."""
    start = text.find(lowered(words))
    nouns = {w for names in _MADE.values() for w in names.split()} | {"wise", "something", "in"}
    beside = start < found.end() and start + len(words) > found.start() - 2
    return beside or set(re.findall(r"\w+", lowered(words))) <= nouns


def _ends(
    found: re.Match[str], reading: Reading, conversation: Conversation, index: Catalogue
) -> tuple[str, ...]:
    """Return the items that a "between" speaks of: by place, as read, or last spoken of."""
    shown = conversation.shown
    if found["one"]:
        pair = (found["one"], found["other"])
        return _unique(i for words in pair for i in references.items(words, conversation, index))
    if found["row"]:
        return shown[-2:] if found["row"].startswith("last") else shown[:2]
    read = _unique(
        i
        for role in ROLES
        for words in getattr(reading, role)
        if words != "#all"
        for i in references.items(words, conversation, index)[:1]
    )
    if len(read) > 1:
        return read
    last = conversation.history[-1].reply.understood.refers if conversation.history else ()
    return last if len(last) > 1 else shown


def _facet(text: str, items: Sequence[Item], facets: Sequence[Facet]) -> Facet | None:
    """Return the number facet meant, in which the items differ."""
    apart = [f for f in facets if f.kind == "number" and len(set(_numbers(f, items))) > 1]
    words = set(re.findall(r"[a-z]+", text))
    named = [f for f in apart if words & _names(f)]
    prices = [f for f in apart if _dimension(f) == "money"]
    years = [f for f in apart if is_calendar(f)]
    return next(iter((*named, *prices, *years, *apart)), None)


def _numbers(facet: Facet, items: Sequence[Item]) -> list[float]:
    facts = (item.facts.get(facet.name) for item in items)
    return [float(f) for f in facts if isinstance(f, int | float)]


def _dimension(facet: Facet) -> str:
    unit = facet_unit(facet)
    return "year" if is_calendar(facet) else unit.dimension if unit else ""


def _names(facet: Facet) -> set[str]:
    own = {w for w in facet.name.lower().split("_") if len(w) > 2}
    return own | {*facet.less, *facet.more} | set(_MADE.get(_dimension(facet), "").split())


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))

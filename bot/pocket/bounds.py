"""What the words around a number say of it: at least or at most, and which facet they name.

Knows no model; it mends operators and facets that a reading got wrong against plain words.
"""

import re
from collections.abc import Sequence

from bot.quantity.quantities import quantity
from bot.reading import Added
from retrieval.types import Facet, Op

_MORE = (
    r"at least|at the least|minimum|min\.?|upwards of|starting (?:at|from)|since|after|post|over"
    r"|above|beyond|exceeding|(?:more|greater|longer|larger|bigger|heavier|higher|newer|later|taller"
    r"|younger) than|more recent than"
)
_LESS = (
    r"at most|maximum|max\.?|up to|until|within|sub|under|undr|below|before|b4|pre|prior to"
    r"|(?:less|shorter|smaller|lighter|lower|older|earlier|cheaper|fewer) than"
)
_NEGATION = (
    r"\b(?:no|not|nothing|nothin|nothign|none|never|(?:do|does|did|must|should|shall|ca|can|could|wo|would|may|is|are"
    r"|need)n['’]?t(?! (?:mind|care|matter))|cannot|without)\s+(?:\w+\s+){0,2}?"
)
# What somebody cannot bear lies on the other side: "I fall asleep in anything over two hours".
_UNBEARABLE = re.compile(
    r"\b(?:(?:fall|falls|fell|falling|nod|nods|nodding|doze|dozes|drift|drifts) (?:asleep|off)"
    r"|(?:can['’]?t|cannot|won['’]?t|(?:do|does|did|could|would)n['’]?t|(?:can|could|will|do) not)"
    r"(?! (?:wait|mind|care|matter))|bored?|bores|boring|hates?|dreads?|refuses?|struggles?"
    r"|(?:lose|loses|losing) (?:\w+ )?(?:interest|focus|patience|attention)"
    r"|no (?:patience|time|room|way)|out of my (?:league|range)"
    r"|no \w[^.;:!?]*? n?or (?:anything|something|nothing|ones|stuff)"
    r"|fidgety|restless|zone out|dozing|asleep|too (?:long|much|heavy|old|big|dear|expensive))\b",
    re.IGNORECASE,
)
_UNBEARABLE_AFTER = re.compile(
    r"\s*\w*\W{1,2}(?:\w+\s+){0,3}?"
    r"(?:(?:loses?|bores?|kills?|tires?|annoys?) (?:me|us|him|her|them)"
    r"|(?:is|are|feels?|gets?|['’]s) (?:\w+ )?(?:too \w+|out|a no|boring|no good)"
    r"|puts? (?:me|us|him|her|them) to sleep|(?:wo|does|ca)n['’]?t (?:work|do|fit)|no thanks?)\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[.,;] *$")
_CLAUSE = re.compile(r"[,.;:!?]|\b(?:but|so|and|because|since)\b")
_BEHIND = r"\s*(?:of\s+|the\s+|year\s+|about\s+)*[$€£]?\s*$"
_SIDE_BEFORE = re.compile(
    rf"(?P<negation>{_NEGATION})?(?:\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))"
    r"|(?P<more_zh>至少|最少|起码|不低于|不少于|(?<!不)(?<!别)(?<!要)超过)"
    rf"|(?P<less_zh>最多|顶多|不超过|别超过|不要超过|低于)){_BEHIND}",
    re.IGNORECASE,
)
_LEAST_AFTER = re.compile(
    r"\s*(?:\+|plus\b|(?:of )?(?:\w+ )?(?:minimum|min|at least)\b"
    r"|\w*\s?(?:(?:and|or) (?:up|more|above|over|newer|later|higher|bigger|longer)\b"
    r"|upwards\b|at (?:the )?least\b|on\b(?! (?:a|the|my|sale))|onwards?\b)|以上|起)",
    re.IGNORECASE,
)
_MOST_AFTER = re.compile(
    r"\s*(?:\w*\s?(?:(?:or|and) (?:less|under|below|lower|shorter|older|smaller|earlier)\b"
    r"|tops\b|at most\b)|(?:of )?(?:\w+ )?max(?:imum)?\b|以内|以下|之内)",
    re.IGNORECASE,
)
_ABOUT_BEFORE = re.compile(
    r"(?:\b(?:around|about|roughly|approximately|circa|approx\.?|ca\.?)|~|大概|大约|差不多|约)"
    r"\s*(?:a\s+|an\s+)?[$€£]?\s*$",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(
    r"\s*-?(?:ish\b|\w*\s?(?:or (?:so|thereabouts)|give or take|roughly)\b|左右|上下)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_FROM = re.compile(r"(?<!starting )\bfrom\s*$", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"\d\s?[a-z\"]{0,3}\s+(?:of\s+)?$", re.IGNORECASE)
_NEAR = 14  # characters in which a facet is named beside its number


def bounded(text: str, one: Added) -> Added:
    """Return a number constraint with the operator that the words beside it say, if they do."""
    start = text.find(one.text)
    if start < 0 or one.op not in ("=", "~", "<=", ">="):
        return one
    before, after = text[:start], text[start + len(one.text) :]
    op = _side(before)
    if op is not None and _PARTED.search(before) and _LEAST_AFTER.match(after):
        op = ">="  # "700 max. 8gb ram min"
    elif op is not None and _unbearable(before, after):
        op = "<=" if op == ">=" else ">="
    if op is None and _LEAST_AFTER.match(after):
        op = ">="
    if op is None and _MOST_AFTER.match(after):
        op = "<="
    if op is None and (_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after)):
        op = "~"
    if op is None and one.op == ">=" and _YEAR.fullmatch(one.text) and _FROM.search(before):
        op = "="  # "books from 2016"; "from 2016 on" was settled above
    return one if op is None else one.model_copy(update={"op": op})


def _side(before: str) -> Op | None:
    """Return which side of a number the words right before it mean; "not over" is at most."""
    found = _SIDE_BEFORE.search(before)
    if found is None:
        return None
    if found["more_zh"] or found["less_zh"]:
        return ">=" if found["more_zh"] else "<="
    return ">=" if bool(found["more"]) != bool(found["negation"]) else "<="


def _unbearable(before: str, after: str) -> bool:
    """Whether a clause tells of its amount as what one cannot bear, unless it denies it itself."""
    clause = _CLAUSE.split(before)[-1]
    side = _SIDE_BEFORE.search(clause)
    if side is None or side["negation"] or side["more_zh"] or side["less_zh"]:
        return False
    return bool(_UNBEARABLE.search(clause) or _UNBEARABLE_AFTER.match(after))


def named_beside(facets: Sequence[Facet], text: str, one: Added) -> Added:
    """Return a number constraint under the facet that is named beside it ("256gb storage").

    Only among number facets that share the unit it was read in.
    """
    start = text.find(one.text)
    own = next((f for f in facets if f.name == one.facet), None)
    if start < 0 or own is None:
        return one
    rivals = [
        f
        for f in facets
        if f.kind == "number" and f.unit == own.unit and quantity(one.text, f) is not None
    ]
    if len(rivals) < 2:
        return one
    end = start + len(one.text)
    beside = {
        f.name: distance
        for f in rivals
        if (distance := _distance(text.lower(), start, end, f)) is not None
    }
    if not beside or one.facet in beside and beside[one.facet] == min(beside.values()):
        return one
    return one.model_copy(update={"facet": min(beside, key=lambda n: beside[n])})


def _distance(text: str, start: int, end: int, facet: Facet) -> int | None:
    """Return how far from a number a word of a facet's name stands; None if it does not."""
    unit = facet.unit.lower()
    found = []
    for word in facet.name.lower().replace("-", "_").split("_"):
        if len(word) < 3 or word == unit:
            continue
        for match in re.finditer(rf"\b{re.escape(word)}", text):
            behind = match.start() >= end
            if not behind and _NUMBER_BEFORE.search(text[: match.start()]):
                continue  # the "ram" of "32gb ram 1tb" is said of the 32
            gap = match.start() - end if behind else start - match.end() + 2
            if 0 <= gap <= _NEAR:
                found.append(gap)
    return min(found, default=None)

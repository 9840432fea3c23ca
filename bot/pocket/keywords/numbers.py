"""Quantities with their operators, and comparisons without a number, by units and keywords.

Where a unit is said it decides the facet; else a facet's name nearby, the bot's question, or the
kind of limit ("under 500" is a price).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.pocket.keywords.message import Message, Spot
from bot.pocket.keywords.names import named_facets, said_of
from bot.quantity.digits import lowered
from bot.quantity.measures import SIGNS, Amount, Measures
from bot.quantity.numerals import numerals
from bot.quantity.units import Unit, facet_unit, is_calendar
from retrieval.types import Facet, Op

YEARS = re.compile(
    r"(?:(?:very )?(?:early|mid|late)[ -](?:to[ -]late )?(?:the )?)?"
    r"(?:\b(?:1[5-9]|20)?\d0'?s\b|'\d0s\b|(?<!\w)(?:nineteen |twenty )?(?:twenties|thirties|forties"
    r"|fift?ies|sixties|seventies|eighties|nineties|ninties|noughties|aughts)\b|\b\d\dth century\b)"
    r"(?:\s?(?:-|–|or|to|and|&|n)\s?(?:early |late )?(?:(?:19|20)?\d0'?s\b|[a-z]+ties\b))?"
    r"|\b(?:last|past) (?:(?:\w+|\d+) )?(?:years?|decades?)\b|\bthis (?:year|decade)\b"
    r"|(?<![\d.$€£])(?:1[89]|20)\d\d(?!\d|\s?(?:mah|euros?|usd|dollars|bucks|gb|g\b|mb|lm|m\b|块"
    r"|元))"
    r"(?:年?\s?(?:-|–|to|and|or|through|到|至)\s?(?:(?:1[89]|20)\d\d|\d\d\b|now|today|present"
    r"|现在))?"
    r"|\b(?:this|last) century\b|零几年|[上本]世纪?[二三四五六七八九]?十?年代"
    r"|[二三四五六七八九零\d]?[二三四五六七八九零]十年代|[二三四五六七八九]十年代"
    r"|\d{2,4}年代|(?:最近|近|过去)[\d一二两三四五六七八九十]+年|今年|去年|前年|千禧年"
    r"|(?<=[^\d])'\d\d\b"
)
_LESS = (
    r"under|below|less than|fewer than|at most|max(?:imum)?(?: of)?|up to|no more than|not over"
    r"|(?:no|not|nothing)(?: \w+)? (?:more|longer|over|above|heavier|older|bigger|dearer|pricier"
    r"|higher|louder|later|past)(?: \w+)?(?: than)?|within|before|older than|prior to|pre"
    r"|(?:cheaper|shorter|lighter|smaller|thinner|quicker|closer|lower) than|not exceed\w*"
    r"|(?:no|not|never|can'?t|cannot|n'?t|dont|wont)(?: \w+){0,3} (?:more|longer|over|above|heavier"
    r"|past|exceed\w*|later)(?: than)?|sub|(?:ca|do|wo)n['’]?t (?:want to |go |spend |cost |pay "
    r"|weigh )*(?:over|more than|above|exceed"
    r"|past)|budget(?: is| of|:|'s)?|spend|afford|only have|have only|limit(?: is| of)?"
    r"|cap(?:ped)? at"
    r"|don't exceed|预算|不超过|不要超过|别超过|不到|低于|少于|最多|小于|以内|不高于|控制在|<=?"
)
_MORE = (
    r"over|above|more than|at least|min(?:imum)?(?: of)?|since|after|newer than|starting(?: at)?"
    r"|not before|(?:no|not|nothing)(?: \w+)? (?:less|fewer|under|below|shorter|older|earlier)"
    r"(?: \w+)?(?: than)?|(?:longer|bigger|larger|heavier|higher|later|greater) than|post|beyond"
    r"|from|至少|最少|不低于|不少于|超过|大于|高于|起码|>=?"
)
_ABOUT = r"around|about|roughly|approx\w*|approximately|circa|ca\.?|near(?:ly)?|say|~|大概|大约"
r"|差不多|约"
_FILL = r"\W*(?:(?:the|year|a|an|about|like|say|of|than|just|或|是|in) ?)*[$€£¥]?\W*$"
_NOT_LESS = (
    r"(?:no|not|nothing|never|n't|dont)(?: \w+){0,3} (?:before|older than|under|below|less than"
    r"|fewer than|shorter than|smaller than|earlier than)"
)
_BEFORE = tuple(
    (op, re.compile(rf"(?:(?<![a-z])(?:{words})){_FILL}"))
    for op, words in ((">=", _NOT_LESS), ("<=", _LESS), (">=", _MORE), ("~", _ABOUT))
)
_AFTER = (
    ("<=", r"or (?:less|under|below|cheaper|shorter|older|earlier|lighter|lower|fewer|before)|max\b"
     r"|maximum|tops\b|at (?:the )?(?:very )?most|at the latest|budget|limit|and under|以下|以内"
     r"|之内"
     r"|以前|之前|封顶|顶天|到顶|is my (?:limit|max|ceiling)|内(?!存)|最多|左右以内"),
    (">=", r"\+|or (?:more|over|above|newer|later|longer|bigger|better|up|higher|after)|plus\b"
     r"|and (?:up|over|above|newer|later)|min(?:imum)?\b|at least|onwards?\b|upwards?|以上|以后"
     r"|之后|往上|起|on\b"),
    ("~", r"-?ish\b|or so|give or take|or thereabouts|左右|上下|附近|前后|来块|多块"),
)  # fmt: skip
_BEHIND = tuple((op, re.compile(rf"^[\s,年的\w]{{0,3}}?\s*(?:{words})")) for op, words in _AFTER)
_COUNTED = re.compile(
    r"^\s*(?:\w+ )?(?:films?|movies?|flicks|of (?:them|those|these)|ones?\b|more\b|options|laptops"
    r"|phones|tablets|cameras|picks|titles|examples|suggestions|部|款|个(?!小时|半|月|核|G)|台|本"
    r"|种|集吧)"
)


_MINUTES_MORE = re.compile(
    r" (?:and )?(?:\d\d|(?:twenty|thirty|forty|fifty)(?:[ -]five)?|ten|fifteen|five)"
    r"(?! ?(?:gb|films|movies|%|\d))\b"
)


@dataclass(frozen=True)
class Said:
    """A quantity said for a facet."""

    facet: str
    op: Op
    spot: Spot


def quantities(message: Message, taken: Sequence[Spot]) -> list[Said]:
    """Return the quantities of a message, in its order, outside the places taken."""
    facets = [f for f in message.situation.schema.facets if f.kind == "number"]
    found: list[Said] = []
    held = list(taken)
    for calendar in (f for f in facets if is_calendar(f)):
        for match in YEARS.finditer(message.low):
            spot = Spot(match.start(), match.end())
            if not spot.meets(held):
                found.append(Said(calendar.name, _op(message, spot, True), spot))
                held.append(spot)
        break
    for strict in (True, False):
        for facet in (f for f in facets if not is_calendar(f)):
            for spot, with_unit in _measured(message, facet):
                if spot.meets(held) or strict != with_unit:
                    continue
                if with_unit or _fits(message, facet, spot, facets):
                    chosen = _rival(message, facet, spot, facets)
                    found.append(Said(chosen.name, _op(message, spot, False), spot))
                    held.append(spot)
    return sorted(found, key=lambda s: s.spot.start)


def _measured(message: Message, facet: Facet) -> Iterator[tuple[Spot, bool]]:
    """Yield the amounts that a facet's unit can hold, and whether a unit of it was said."""
    reader = Measures(message.text, facet_unit(facet))
    amounts = reader.amounts()
    skip = False
    for at, amount in enumerate(amounts):
        if skip:
            skip = False
            continue
        last = amount
        if at + 1 < len(amounts) and _ranging(message, reader, amount, amounts[at + 1]):
            last, skip = amounts[at + 1], True
        start, end = (
            reader.words[amount.first].start,
            reader.words[min(last.last, len(reader.words)) - 1].end,
        )
        if message.text[start - 1 : start] in SIGNS:
            start -= 1
        if _odd(message, facet, amount.unit, Spot(start, end)):
            continue
        end += len(_MINUTES_MORE.match(message.low[end:])[0]) if _hours(message, end) else 0  # type: ignore[index]
        signed = message.text[start : start + 1] in SIGNS
        money = reader.dimension == "money"
        if signed and not money:
            continue
        unit = amount.unit is not None or last.unit is not None or (signed and money)
        yield Spot(start, end), unit


def _ranging(message: Message, reader: Measures, first: Amount, second: Amount) -> bool:
    """Whether two amounts are the ends of one range."""
    start, end = reader.words[first.last - 1].end, reader.words[second.first].start
    before = message.low[max(0, reader.words[first.first].start - 9) : start]
    if re.search(r"\band\b|&|/|,", message.low[start:end]) and "between" not in before:
        return False
    gap = message.low[start:end]
    return len(gap) < 8 and not re.search(r"[.!?;]", gap) and reader.joined(first, second)


def _hours(message: Message, end: int) -> bool:
    """Whether minutes without their unit follow hours ("an hour and forty five")."""
    hours = re.search(r"hours?$", message.low[:end])
    return hours is not None and _MINUTES_MORE.match(message.low[end:]) is not None


def _odd(message: Message, facet: Facet, unit: Unit | None, spot: Spot) -> bool:
    """Whether an amount is far out of what its facet counts, or pounds that are no price."""
    target = facet_unit(facet)
    words = message.low[spot.start : spot.end]
    if unit is not None and target is not None and unit.dimension == "time":
        return not 1 / 61 < unit.factor / target.factor < 61 or bool(
            re.match(r"an? (?:sec|min)", words)
        )
    masses = any(
        f.kind == "number" and (u := facet_unit(f)) is not None and u.dimension == "mass"
        for f in message.situation.schema.facets
    )
    if target is not None and masses and (grams := re.fullmatch(r"(\d+) ?g", words)):
        stored = int(grams[1]) < 65 or grams[1] in ("128", "256", "512")
        return int(grams[1]) < 6 or target.dimension == ("mass" if stored else "storage")
    if re.search(r"\d ?(?:pounds?|lbs?)$|[a-z] pounds?$", words) and target is not None:
        amount = numerals(words)
        return bool(masses and target.dimension == "money" and amount and amount[0][2] <= 12)
    return False


def _fits(message: Message, facet: Facet, spot: Spot, facets: Sequence[Facet]) -> bool:
    """Whether a bare number belongs to a facet."""
    after = message.low[spot.end : spot.end + 16]
    before = message.low[max(0, spot.start - 24) : spot.start]
    if re.search(r"[a-z0-9.#-]$|\b(?:number|no\.?) $|第$", before) or re.match(r"[a-z]", after):
        return _own_unit(facet, after)
    near = f"{before.rsplit(',')[-1]} # {re.split('[,.;，。]', after)[0]}"
    if _own_unit(facet, after) or facet.name in named_facets(near, facets):
        return True
    if _COUNTED.match(after) or re.match(r"\s*(?:st|nd|rd|th|%|[a-z]*hz|mp|k\b|x\b|/)", after):
        return False
    if any(_own_unit(f, after) or f.name in named_facets(near, facets) for f in facets):
        return False
    asked = said_of(message.situation.said, facets)
    if facet.name in asked:
        return True
    unit = facet_unit(facet)
    limit = _op(message, spot, False) != "="
    number = numerals(message.low[spot.start : spot.end])
    if not number or number[0][2] < 5:
        return False
    if unit is not None and unit.dimension == "money":
        return limit and not asked
    alone = not any(u.dimension == "money" for f in facets if (u := facet_unit(f)))
    plain = unit is not None and unit.dimension == "time" and number[0][2] >= 30
    return limit and alone and plain


def _own_unit(facet: Facet, after: str) -> bool:
    """Whether what follows a number is the word of a facet's unit ("4 stars", "two bedrooms")."""
    words = re.match(r"[\s-]*([a-z%]+)(?: ([a-z]+))?", after)
    if words is None:
        return False
    stems = {
        w[:5].rstrip("s") for w in re.findall(r"[a-z%]+", f"{facet.unit} {facet.name}".lower())
    }
    return any(w and len(w) > 1 and w[:5].rstrip("s") in stems for w in words.groups())


def _rival(message: Message, facet: Facet, spot: Spot, facets: Sequence[Facet]) -> Facet:
    """Return the facet of the same unit that the words nearby name; storage for many gigabytes."""
    unit = facet_unit(facet)
    rivals = [f for f in facets if f.kind == "number" and facet_unit(f) == unit]
    if unit is None or len(rivals) < 2:
        return facet
    after = re.split(r"[,.;，。]|\band\b|\d", message.low[spot.end : spot.end + 24])[0]
    before = re.split(r"[,.;，。]|\band\b|\d", message.low[max(0, spot.start - 24) : spot.start])[
        -1
    ]
    for near in (after, before, message.situation.said.lower()):
        named = named_facets(near, rivals)
        if named:
            return next(f for f in rivals if f.name == named[0])
    number = re.search(r"\d+", message.low[spot.start : spot.end])
    big = "tb" in message.low[spot.start : spot.end + 3] or (number and int(number[0]) >= 100)
    named = named_facets("storage" if big else "ram", rivals)
    return next((f for f in rivals if f.name in named), facet)


def _op(message: Message, spot: Spot, calendar: bool) -> Op:
    """Return the operator that the words around a quantity say."""
    before, after = message.low[max(0, spot.start - 44) : spot.start], message.low[spot.end :]
    words = lowered(message.words(spot))
    if re.search(
        r"\bbetween\b|\bfrom .* to\b|[a-z\d] ?(?:-|–|to|至|到) ?\d", f"{before[-9:]}{words}"
    ):
        return "<>"
    for op, pattern in (*_BEFORE, *_BEHIND):
        if pattern.search(before if (op, pattern) in _BEFORE else after):
            lone = op == ">=" and re.search(r"\bfrom\W*(?:the |year )*$", before)
            if lone and not re.match(r"\s*(?:on|onwards?|up|and)\b", after):
                continue
            return op  # type: ignore[return-value]
    if calendar:
        if re.fullmatch(r"(?:last|past|the last) .*|(?:最近|近|过去).*", words):
            return ">="
        return "<>" if re.search(r"ties|\ds|century|年代|[-–]| to ", words) else "="
    return "="

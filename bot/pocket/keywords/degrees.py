"""Comparisons without a number: "shorter", "cheap", "your newest", "屏幕大一点"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.pocket.keywords.message import Message, Spot
from bot.pocket.keywords.names import named_facets
from bot.quantity.units import facet_unit, is_calendar
from bot.types import Direction
from retrieval.types import Facet

# Sort of facet → direction → words.
_WORDS: dict[str, dict[Direction, str]] = {
    "money": {
        "min": r"cheapest|least expensive|lowest[- ]price\w*|最便宜",
        "max": r"most expensive|priciest|dearest|最贵",
        "less": r"cheaper|less (?:expensive|pricey|dear|money)|(?:more|better) (?:affordable|price"
        r"|reasonable)|lower price\w*|too (?:expensive|pricey|dear|steep|much money)|costs? less"
        r"|half the price|pricey|steep|便宜点|便宜一?些|再便宜|更便宜|太贵了?|便宜一点",
        "more": r"more expensive|pricier|dearer|higher[- ]end|贵一点|更贵|贵点",
        "low": r"cheap|cheapish|affordable|inexpensive|low[- ]cost|(?:on a |tight )budget|budget"
        r"|not (?:too|so|very|that) (?:expensive|pricey|dear)|break the bank|便宜|实惠|别太贵|不贵"
        r"|不要太贵|性价比",
        "high": r"expensive|premium|high[- ]end|luxury|高档",
    },
    "year": {
        "min": r"oldest|earliest|最老|最早",
        "max": r"newest|(?<!at the )latest|most recent|最新|越新越好",
        "less": r"older(?! than (?:\d|me))|earlier|更早|更老|再老|老一点|早一点",
        "more": r"newer(?! than \d)|more (?:recent|modern)|later one|fresher|too old|更新|新一?点"
        r"|再新|太老",
        "low": r"(?<!yr )(?<!yrs )(?<!year )(?<!years )(?<!month )(?<!how )(?<!-)old(?! (?:one"
        r"|me)\b)|older|vintage|classics?|old[- ]school|retro|老片|老电影|老的|老一些|早期|经典老"
        r"|旧",
        "high": r"new(?! (?:york|zealand|year|person|to))|recent|recently|modern|brand[- ]new"
        r"|contemporary|newish|newer|current|最近几年"
        r"|近几年|近年|新片|最近的|新的",
    },
    "time": {
        "min": r"shortest|quickest|最短",
        "max": r"longest|最长",
        "less": r"shorter(?! than \w+ (?:min|h))|quicker|too long|half as long|less long"
        r"|短一?[点些]|更短|再短|太长",
        "more": r"(?<!or )(?<!no )(?<!any )longer|too short|长一?[点些]|更长|太短",
        "low": r"short|quick|not (?:too|so|that|very) long|别太长|不要太长|不长|短的?",
        "high": r"(?<!how )(?<!as )(?<!so )(?<!waited )(?<!too )long(?! (?:time|as|ago|day|hair"
        r"|way|enough))|epic length|长的",
    },
    "mass": {
        "min": r"lightest|最轻",
        "max": r"heaviest|最重",
        "less": r"lighter|less heavy|more portable|too heavy|half the weight|更轻|轻一?[点些]|再轻"
        r"|太重",
        "more": r"heavier|sturdier|更重",
        "low": r"(?<!low )light(?! (?:hearted|novel|up))|lightweight|light[- ]weight|portable"
        r"|not (?:too|so) heavy|轻薄|轻便|轻巧|轻的?",
        "high": r"heavy|重的",
    },
    "size": {
        "min": r"smallest|tiniest|thinnest|narrowest|最小",
        "max": r"biggest|largest|widest|最大|越大越好",
        "less": r"smaller|more compact|too (?:big|large|wide)|narrower|thinner|slimmer|小一?[点些]"
        r"|更小|太大",
        "more": r"bigger|larger|too (?:small|tiny)|wider|roomier|大一?[点些]|更大|再大|太小",
        "low": r"small|compact|tiny|小巧|小屏",
        "high": r"big|large|huge|wide|spacious|大屏",
    },
    "distance": {
        "min": r"closest|nearest|最近的",
        "max": r"furthest",
        "less": r"closer|nearer|too far|近一?[点些]|更近|太远",
        "more": r"further(?: away)?|farther",
        "low": r"close by|nearby|close|near|离得近",
        "high": r"far(?: away)?",
    },
    "noise": {
        "min": r"quietest|最安静",
        "max": r"loudest",
        "less": r"quieter|less noisy|too (?:loud|noisy)|安静一?点|太吵",
        "more": r"louder",
        "low": r"quiet|silent|安静",
        "high": r"loud",
    },
}  # fmt: skip
# With the name of a facet beside them these say a direction.
_NAMED: tuple[tuple[Direction, str], ...] = (
    ("min", r"lowest|smallest|least|fewest|最[少小低]"),
    ("max", r"highest|biggest|largest|most|best|longest|strongest|最[多大高长]"),
    ("less", r"less|lower|smaller|fewer|too (?:much|many|high|big|large)|reduced|half|更[小低少]"),
    ("more", r"more|higher|bigger|larger|better|longer|extra|greater|too (?:little|few|low|small)"
     r"|double|twice|more of|再大|大一?点|大些|更[大多高长]|翻倍"),
    ("low", r"low|small|few|little|tiny|小|低|少"),
    ("high", r"high|big|large|lots? of|plenty of|many|long|great|good|decent|大|高|多"),
)  # fmt: skip
_DIRECTIONS: tuple[Direction, ...] = ("min", "max", "less", "more", "low", "high")
_GAP = r"(?:[\s-]+(?:the|a|of|an|in|on))?[\s-]*"


@dataclass(frozen=True)
class Degree:
    """A comparison found at a place; `direction` as in a reading."""

    facet: str
    direction: Direction
    spot: Spot


def sort_of(facet: Facet) -> str:
    """Return the sort of words that compare a number facet, or an empty string."""
    if is_calendar(facet):
        return "year"
    if re.search(r"noise|_db$", facet.name) or facet.unit == "dB":
        return "noise"
    unit = facet_unit(facet)
    if unit is None:
        return ""
    if re.search(r"distance|_km$|miles|to_", facet.name):
        return "distance"
    if unit.dimension == "time":
        plain = r"runtime|duration|length|.*_min|cook\w*|.*time"
        return "time" if re.fullmatch(plain, facet.name) and "batter" not in facet.name else ""
    dimensions = {"length": "size", "area": "size", "volume": "size"}
    return dimensions.get(unit.dimension, unit.dimension)


def degrees(message: Message, taken: Sequence[Spot]) -> list[Degree]:
    """Return the comparisons of a message, in its order, each place and facet once."""
    facets = [f for f in message.situation.schema.facets if f.kind == "number"]
    found: list[Degree] = []
    places: list[Spot] = list(taken)
    for one in (*_better(message, facets), *_by_name(message, facets), *_by_word(message, facets)):
        if not one.spot.meets(places) and all(one.facet != f.facet for f in found):
            found.append(one)
            places.append(one.spot)
    return sorted(found, key=lambda d: d.spot.start)


def _better(message: Message, facets: Sequence[Facet]) -> Iterator[Degree]:
    """Yield "the smaller the better", "越轻越好"."""
    extremes: tuple[tuple[Direction, Direction], ...] = (("less", "min"), ("more", "max"))
    for match in re.finditer(r"(?:the )?(\w+er)(?: the \w+)? the better|越(\S)越好", message.low):
        for facet in facets:
            words = _WORDS.get(sort_of(facet), {})
            for direction, found in extremes:
                said = match[1] or f"更{match[2]}"
                if direction in words and re.search(rf"(?<!\w){said}", words[direction]):
                    yield Degree(facet.name, found, Spot(match.start(), match.end()))


def _by_name(message: Message, facets: Sequence[Facet]) -> Iterator[Degree]:
    """Yield "more RAM", "a bigger screen", "屏幕大一点": a word of degree beside a facet's name."""
    low = message.low
    for direction, words in _NAMED:
        for match in re.finditer(rf"(?<![a-z])(?:{words})(?![a-z])", low):
            after = re.match(rf"{_GAP}([a-z]+|[\u3400-\u9fff]{{1,4}})", low[match.end() :])
            rest = low[match.end() : match.end() + (after.end() if after else 0)]
            named = named_facets(rest, facets)
            start, end = match.start(), match.end() + len(rest)
            if not named and "\u3400" <= match[0][0] <= "\u9fff":
                before = low[max(0, start - 4) : start]
                named = named_facets(before, facets)
                start, end = (start - 2 if named else start), match.end()
            if named:
                yield Degree(named[0], direction, Spot(max(0, start), end))


def _by_word(message: Message, facets: Sequence[Facet]) -> Iterator[Degree]:
    """Yield "cheaper", "recent", "the longest": words that speak of one sort of facet."""
    low, shown = message.low, bool(message.situation.shown)
    for direction in _DIRECTIONS:
        for facet in facets:
            sort = _WORDS.get(sort_of(facet), {})
            own = {"less": facet.less, "more": facet.more}.get(direction, ())
            words = "|".join(
                ([sort[direction]] if direction in sort else []) + [re.escape(w) for w in own]
            )
            if not words:
                continue
            for match in re.finditer(rf"(?<![a-z])(?:{words})(?![a-z])", low):
                held: Direction = direction
                if direction in ("less", "more") and not shown:
                    held = "low" if direction == "less" else "high"
                yield Degree(facet.name, held, Spot(match.start(), match.end()))

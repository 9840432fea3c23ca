"""Which facets words speak of by name: "battery", "how heavy", "多重"."""

import re
from collections.abc import Iterator, Sequence

from bot.quantity.units import facet_unit, is_calendar
from retrieval.types import Facet

# What a facet is called besides its own name, by (part of a name or a unit's dimension) → words.
_CALLED: tuple[tuple[str, str], ...] = (
    (r"money|price|cost|rent|fee|rate|premium",
     r"price[ds]?|pricing|cost\w*|how much(?! (?:ram|memory|storage|space))|expensive|budget|spend"
     r"|pay|money|cheap\w*|charge[sd]?|价格?|多少钱|预算|贵|便宜|几块|钱"),
    (r"calendar",
     r"(?<!\d )(?<!\d-)years?|when (?:did|was|is|were)|how (?:old|new|recent)|came? out"
     r"|released?|era\b|decade|哪年|年份|什么时候|几几年|几年|更新|更早|更老|年代|上映|新旧"),
    (r"runtime|duration|length_min",
     r"long|length|runtime|run time|running time|minutes|duration|hours|时长|分钟|最[短长]|多长"
     r"|片长|多久|几个小时"),
    (r"director",
     r"direct(?:s|ed|or|ors|ing)?|made (?:it|this|that)|film-?maker|导演|谁拍|谁导|执导"),
    (r"cast",
     r"cast|stars?|starr(?:ed|ing)|actors?|actress(?:es)?|who(?:'?s)?(?: else)?(?: is| was| are)?"
     r" in|plays?|acted|主演|谁演|演员|演的|卡司"),
    (r"language", r"language|speak\w*|subtitles?|dubbed|in english|语言|什么语"
     r"|哪国话|说英语|字幕|配音"),
    (r"country|origin", r"country|where (?:is|was) (?:it|this|that) (?:from|made)|nationality|from"
     r" where|哪国|国家|哪个国家|产地"),
    (r"genre", r"genres?|type of (?:film|movie)|kind of (?:film|movie)|类型|什么片|题材"),
    (r"mass|weight", r"heav(?:y|ier|iest)|weigh\w*|light(?:er|est|weight)?\b|多重|重量|几斤|重吗"
     r"|轻|重"),
    (r"ram", r"ram|memory|内存|运存"),
    (r"storage", r"storage|hard drive|disk|ssd|drive|space|store|存储|硬盘|容量|空间"),
    (r"screen|inches", r"screen|display|inch\w*|how big|diagonal|屏幕?|寸|多大"),
    (r"^os$|system", r"os|operating system|runs? (?:windows|android|linux)|android|ios\b|系统"),
    (r"brand|maker|manufacturer|make$|vendor",
     r"brand|who makes|maker|manufacturer|made by|牌子|品牌"),
    (r"distance|_km$", r"far|close|distance|near\w*|远|距离"),
    (r"battery", r"battery|last on a charge|续航|电池"),
    (r"noise|_db$", r"loud\w*|nois[ey]\w*|quiet\w*|decibels?|噪音|吵"),
    (r"bed(room)?s|rooms", r"bedrooms?|rooms?|beds?|室|几居"),
    (r"color|colour", r"colou?rs?|颜色"),
    (r"stars|rating", r"stars?|rating|rated|评分|几星|星级"),
    (r"amenities|extras", r"parking|pool|wifi|breakfast|lift|设施|停车|早餐"),
    (r"pages", r"pages?|thick|页"),
    (r"author|writer", r"author|wrote|written|writer|作者|谁写"),
)  # fmt: skip
_SKIP = frozenset("in per kg min gb mm cm km the of to and type kind sort db on at by".split())


def facet_words(facet: Facet) -> Iterator[str]:
    """Yield patterns of the words that name a facet."""
    parts = [p for p in re.split(r"[_\W]+", facet.name.lower()) if len(p) > 2 and p not in _SKIP]
    calendar = facet.kind == "number" and is_calendar(facet)
    for part in () if calendar else parts:
        stem = re.sub(r"(?:ness|or|er|ion|ing|s|y)$", "", part)
        yield rf"{re.escape(stem)}\w{{0,4}}" if len(stem) > 4 else rf"{re.escape(part)}s?"
    unit = facet_unit(facet) if facet.kind == "number" else None
    keys = [facet.name.lower()]
    if calendar:
        keys.append("calendar")
    elif unit is not None and unit.dimension in ("money", "mass"):
        keys.append(unit.dimension)
    if facet.kind == "number" and facet.unit.startswith("minute") and "batter" not in facet.name:
        keys.append("runtime")
    for key, words in _CALLED:
        if any(re.search(key, k) for k in keys):
            yield words
    yield from map(re.escape, (w for w in (*facet.less, *facet.more) if facet.kind == "number"))


def named_facets(text: str, facets: Sequence[Facet]) -> list[str]:
    """Return the facets that words name, in the order of the words."""
    found: list[tuple[int, str]] = []
    for facet in facets:
        if facet.kind == "tags":
            continue
        words = "|".join(facet_words(facet))
        match = re.search(rf"(?<![a-z])(?:{words})(?![a-z])", text.lower()) if words else None
        if match:
            found.append((match.start(), facet.name))
    return [name for _, name in sorted(found)]


def said_of(said: str, facets: Sequence[Facet]) -> list[str]:
    """Return the facets that the bot's last message asks about."""
    questions = re.findall(r"[^.!?。！？]*[?？]", said)
    return named_facets(questions[-1], facets) if questions else []

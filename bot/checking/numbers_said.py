"""Numbers in a sentence, held against an item's: quantities with units, limits, years, decades.

"Under two hours" is true of 89 minutes whoever said it; "89 minutes" only if the item takes 89.
A number without a unit must occur in the item's own words or facts. Knows no names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.checking.evidence import Evidence, holds, words_of
from bot.checking.units_said import (
    Units,
    currency_before,
    in_unit_of,
    of_the_item,
    unit_text,
    units_behind,
)
from bot.checking.unsupported import Unsupported
from bot.quantity.numerals import numerals
from bot.quantity.units import lists_numbers
from retrieval.types import Facet

_BELOW = re.compile(
    r"(under|below|less than|fewer than|shorter than|lighter than|cheaper than|smaller than"
    r"|older than|within|inside|at most|no (more|longer|heavier|later) than|up to|before"
    r"|not over|short of|beneath|不到|不超过|少于|低于|以内|之前|早于)\s*(the |your |that )?"
    r"(limit of |budget of |cap of )?[$€£]?$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(over|above|more than|longer than|heavier than|bigger than|larger than|newer than|at least"
    r"|no (less|earlier|older) than|beyond|after|past|since|超过|多于|高于|至少|晚于)\s*"
    r"(the |your |that )?[$€£]?$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(about|around|roughly|nearly|almost|some|approximately|close to|just (under|over|shy of)"
    r"|a little (under|over)|well (under|over)|circa|some|大约|约|将近|接近|差不多)\s*[$€£]?$",
    re.IGNORECASE,
)
_BEHIND_BELOW = re.compile(
    r"^\s*(or (less|under|shorter|cheaper|earlier)|以内|以下|之内|以前)", re.IGNORECASE
)
_BEHIND_ABOVE = re.compile(r"^\s*(or (more|over|longer|later|newer)|以上|以后|之后|\+)", re.I)
_YOURS = re.compile(
    r"\b(your|you (asked for|wanted|said|named|gave|set|have))( \w+){0,3} $|你[^。！？；]{0,12}$",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"^[\s-]*(\w+[\s-]+)?(limit|budget|cap|mark|max(imum)?|ceiling|minimum)\b", re.IGNORECASE
)
_DECADE = re.compile(
    r"\b(?:(early|mid|late)[ -])?(?:the )?['’]?((?:1[89]|20)?\d0)['’]?s\b"
    r"|\b(twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"
    r"|([二三四五六七八九]十|\d0)年代",
    re.IGNORECASE,
)
_DECADES = ("twenties thirties forties fifties sixties seventies eighties nineties").split()
_CJK_TENS = "二三四五六七八九"
_YEARS = (1870, 2100)
# No numbers: "one", vague amounts, and Chinese words that merely contain a numeral.
_NO_NUMBER = re.compile(
    r"^(a |an )?(one|couple|pair|few|handful|half|quarter|third|grand|oh|score|tree|dozens|hundreds"
    r"|thousands|millions)( of)?( an?)?$|^[一半几幾]$",
    re.IGNORECASE,
)
_CJK_WORDS = re.compile(
    r"十分|万一|千万|百看不厌|十足|一[一-龥]|第[一二三四五六七八九十]|万万|三观|七夕|两人|两个人|半夜"
)
_PAIR = re.compile(r"\b(couple|pair|duo|both|twins?|each other|one another|two-\w+|rivals)\b")
# What stands between a denial and the number it denies; comparisons are taken out before.
_DENIED = re.compile(
    r"(?:\b(?:is|was|does|did|do|are|were|has|have)\s+not|n['’]t|\b(?:is|was)\s+never|\bnever)\s+"
    r"(?:(?:from|an?|the|come|came|out|made|released|in|of|cost|weigh|run|last|take|have|at|for"
    r"|launched|stay|any|as|date|back|to|year)\s+){0,5}[$€£]?$"
    r"|\bnot\s+(?:from|in|of|an?)\s+$|(?:不是|并非)[^，。；]{0,2}$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:over|under|above|below|(?:more|less|longer|shorter|heavier|lighter) than)\s+[$€£]?$",
    re.IGNORECASE,
)
# A noun behind a number: it counts something.
_COUNTED = re.compile(
    r"[\s-]+(?!(?:and|or|but|is|it|in|of|on|at|to|with|for|the|as|this|that|by|from)\b)[a-z]{2,}"
)
_GLUED = re.compile(r"\w*(?:[^\W\d_]\d|\d[^\W\d_])\w*")  # "A7", "9i"
_ABOUT_SHARE = 0.1
_ROUNDING = 0.04


@dataclass(frozen=True)
class _Said:
    """A number said: its place, its value, and (unit, factor) readings of what follows it.

    `end` is where its unit ends, `bare` where its digits do.
    """

    start: int
    end: int
    value: float
    units: Units
    decimals: int
    bare: int


def unsupported_numbers(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield the numbers of a sentence that are not true of the item."""
    masked = list(_mask_words(sentence))
    for match in _DECADE.finditer(sentence):
        masked[match.start() : match.end()] = " " * (match.end() - match.start())
        if not _decade_holds(match, evidence):
            yield Unsupported("number", match.group(), "not the decade of the item")
    for said in _numbers("".join(masked)):
        wrong = _wrong(said, sentence, evidence)
        if wrong:
            yield Unsupported("number", sentence[said.start : said.end].strip(), wrong)


def _mask_words(sentence: str) -> str:
    """Blank out Chinese words that merely contain a numeral, but not years."""

    def blank(match: re.Match[str]) -> str:
        word = match.group()
        return word if "年" in word else " " * len(word)

    return _CJK_WORDS.sub(blank, sentence)


def _decade_holds(match: re.Match[str], evidence: Evidence) -> bool:
    start = _decade_start(match)
    for facet in evidence.facets("number"):
        year = evidence.number(facet.name) if facet.unit == "year" else None
        if year is not None and _same_decade(int(year), start):
            return True
    own = (_decade_start(m) for m in _DECADE.finditer(evidence.own_text))
    return start in own or any(
        _same_decade(int(n), start) for n in evidence.own_numbers if _YEARS[0] <= n <= _YEARS[1]
    )


def _decade_start(match: re.Match[str]) -> int:
    """Return the decade's first year, or its last two digits where no century is said."""
    digits, word, cjk = match.group(2), match.group(3), match.group(4)
    if digits:
        return int(digits)
    if word:
        return 20 + 10 * _DECADES.index(word.lower())
    return int(cjk) if cjk.isdigit() else 20 + 10 * _CJK_TENS.index(cjk[0])


def _same_decade(year: int, start: int) -> bool:
    decade = year // 10 * 10
    return decade == start if start > 100 else decade % 100 == start


def _numbers(sentence: str) -> Iterator[_Said]:
    """Yield the numbers of a sentence with their units; "1 hour 29 minutes" is one."""
    before: _Said | None = None
    for start, end, value in numerals(sentence):
        text = sentence[start:end]
        if _NO_NUMBER.match(text.strip()) and not units_behind(sentence, end, common=True):
            continue
        units = units_behind(sentence, end) or currency_before(sentence, start)
        stop = end + len(unit_text(sentence, end))
        decimals = len(text.partition(".")[2]) if re.fullmatch(r"[\d.,]+", text) else 0
        said = _Said(start, stop, value, units, decimals, end)
        if before is not None and _continues(before, said, sentence):
            before = replace(said, start=before.start, value=before.value * 60 + value, decimals=0)
            continue
        if before is not None:
            yield before
        before = said
    if before is not None:
        yield before


def _continues(before: _Said, said: _Said, sentence: str) -> bool:
    """Tell whether minutes follow hours ("1 hour 29 minutes")."""
    between = sentence[before.end : said.start].strip().lower()
    return (
        ("minutes", 60.0) in before.units
        and ("minutes", 1.0) in said.units
        and between in ("", "and", ",", "零")
    )


def _listed(evidence: Evidence) -> set[str]:
    """Return the numbers that an item holds as values: the 2, 3 and 4 of "2-4 players"."""
    lists = (evidence.values(f.name) for f in evidence.facets("category") if lists_numbers(f))
    return {value for values in lists for value in values}


def _wrong(said: _Said, sentence: str, evidence: Evidence) -> str:
    """Return what is wrong with a number; empty if it is true."""
    before, behind = sentence[: said.start], sentence[said.end :]
    own = said.value in evidence.allowed_numbers
    if own and (_YOURS.search(before) or _LIMIT.match(behind)):
        return ""
    facets = _facets(said, sentence, evidence)
    known = [(n, v) for f, v in facets if (n := evidence.number(f.name)) is not None]
    true = any(_true(fact, value, said, before, behind) for fact, value in known)
    if known and _DENIED.search(_COMPARED.sub("", before)):
        return "that is what the facts say, and the sentence denies it" if true else ""
    if true or str(int(said.value)) in _listed(evidence):
        return ""
    if _told(said, sentence, evidence) and not (
        known and of_the_item(said.units, said.value, before, behind)
    ):
        return ""
    if said.units or facets:
        return "not what the facts say"
    facts = (evidence.number(f.name) for f in evidence.facets("number"))
    if any(fact == said.value for fact in facts) and not _COUNTED.match(behind):
        return ""
    return "this number is nowhere in the item's facts, title or text"


def _told(said: _Said, sentence: str, evidence: Evidence) -> bool:
    """Tell whether the item's own words hold a number; with its unit, where it has one."""
    if said.units:
        words = words_of(sentence[said.start : said.end])
        if any(holds(own, words) for own in evidence.own_words):
            return True
        text = evidence.item.text
        return any(
            v == said.value and units_behind(text, e) == said.units for _, e, v in numerals(text)
        )
    if said.value == 2 and _PAIR.search(evidence.own_text):
        return True
    return _counts(said, sentence, evidence)


def _counts(said: _Said, sentence: str, evidence: Evidence) -> bool:
    """Tell whether the item's own words hold a number that counts what the sentence counts.

    "Seven Samurai" are seven; the "Tab A7" has no seven speakers, and "few" are not three.
    """
    themes = (v for f in evidence.facets("tags") for v in evidence.values(f.name))
    if any(said.value in _exact(piece) for piece in (evidence.item.text, *themes)):
        return True
    title = evidence.item.title
    if not _COUNTED.match(sentence[said.end :]):
        return said.value in _exact(title)
    return bool(evidence.facets("people")) and said.value in _exact(_GLUED.sub(" ", title))


def _exact(text: str) -> frozenset[float]:
    """Return the numbers of a text but for vague ones."""
    found = numerals(text)
    return frozenset(v for start, end, v in found if not _NO_NUMBER.match(text[start:end].strip()))


def _facets(said: _Said, sentence: str, evidence: Evidence) -> list[tuple[Facet, float]]:
    """Return the facets that a number may be about, with its value in their units."""
    found = []
    for facet in evidence.facets("number"):
        for unit, by in said.units:
            if facet.unit == unit:
                found.append((facet, said.value * by))
        counted = in_unit_of(facet, said.value, sentence[said.bare :])
        if counted is not None and all(facet != f for f, _ in found):
            found.append((facet, counted))
        if facet.unit == "year" and not said.units and _YEARS[0] <= said.value <= _YEARS[1]:
            found.append((facet, said.value))
    about = [f for f in found if _named(f[0], sentence[said.end : said.end + 30])]
    return about or found


def _named(facet: Facet, behind: str) -> bool:
    """Tell whether the words behind a number say which facet it is about ("16 GB of RAM")."""
    words = re.match(r"\s*(?:of |in )?(?:\w+ )?([^\W\d]+)", behind)
    first = re.match(r"\s*(?:of |in )?([^\W\d]+)", behind)
    said = {m.group(1).lower() for m in (words, first) if m}
    names = set(facet.name.lower().split("_"))
    if "ram" in names:
        names |= {"memory"}
    if "storage" in names:
        names |= {"ssd", "disk", "drive", "flash"}
    if "screen" in names:
        names |= {"display"}
    return bool(said & names)


def _true(fact: float, value: float, said: _Said, before: str, behind: str) -> bool:
    about = _ABOUT.search(before)
    if about:
        side = about.group().lower()
        if ("under" in side or "shy" in side) and fact > value:
            return False
        if "over" in side and fact < value:
            return False
        far = "well" in side
        return far or abs(fact - value) <= max(_ABOUT_SHARE * abs(value), 0.5)
    if _BELOW.search(before) or _BEHIND_BELOW.match(behind):
        return fact <= value
    if _ABOVE.search(before) or _BEHIND_ABOVE.match(behind):
        return fact >= value
    by = max((by for _, by in said.units), default=1.0)
    # "1.2 kg" of 1,210 g and "1 TB" of 1,024 GB are true; "two hours" of 95 minutes is not.
    slack = 0.05 if by == 1 else min(0.5 * 10**-said.decimals * by, _ROUNDING * value)
    return abs(fact - value) <= slack

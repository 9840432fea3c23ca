"""Calendar years as people say them: decades, centuries, "the last ten years", "2010 to now".

Everything is read relative to a given current year. Knows no facets but calendar years.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.quantity.digits import chinese_value, lowered
from bot.quantity.numerals import numerals

Years = float | tuple[float, float]

_PART = (
    r"(?P<part>(?:very )?(?:early|mid|middle|late|beginning|start|end|latter half|first half)"
    r"(?:[\s-]*(?:to|/|and|-)[\s-]*(?:mid|late))?(?:[\s-]*(?:of )?(?:the )?)?)?"
)
_WORDS = {
    "teens": 10,
    "tens": 10,
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fourties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "eightys": 80,
    "eigthies": 80,
    "nineties": 90,
    "ninties": 90,
    "ninetees": 90,
    "ninetys": 90,
    "ninetis": 90,
    "noughties": 2000,
    "naughties": 2000,
    "aughts": 2000,
    "two thousands": 2000,
    "two-thousands": 2000,
    "two thousand tens": 2010,
}
_PREFIXES = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}
_ORDINALS = {
    "nineteenth": 19,
    "twentieth": 20,
    "twenty-first": 21,
    "twenty first": 21,
    "eighteenth": 18,
}
_DECADE = re.compile(_PART + r"(?<![\w.])['’]?(?P<digits>(?:1\d|20)\d0|\d0)\s?(?:['’]?s|ies)\b")
_DECADE_WORD = re.compile(
    _PART + rf"\b(?P<prefix>(?:{'|'.join(_PREFIXES)})[\s-])?(?P<word>{'|'.join(_WORDS)})\b"
)
_CENTURY = re.compile(
    _PART
    + r"\b(?:(?P<number>\d\d)(?:st|nd|rd|th)?"
    + rf"|(?P<word>{'|'.join(_ORDINALS)}|this|last|the current))"
    r"[\s-]century\b"
)
_LAST = re.compile(
    r"\b(?:last|past|previous|recent|latest)\s+(?P<count>[\w\s-]*?)\s*"
    r"(?P<unit>years?|yrs?|decades?|months?|mths?|weeks?|days?|century)\b(?P<or_two> or two)?"
)
_WITHIN = re.compile(r"\b(?P<this>this|last|next) (?P<unit>year|decade)\b")
_AGO = re.compile(r"(?P<count>[\w\s-]*?)\s*(?:years?|yrs?)\s+(?P<how>ago|old|back)\b")
_NOW = re.compile(r"\b(?:now|today|the present|present day|present|nowadays)\b|现在|今天|至今")
_YEAR = re.compile(r"(?<![\w.,])['’]?(?P<year>1[5-9]\d\d|20\d\d)(?!\d|['’]?s\b)")
_SHORT = re.compile(r"(?<![\w.,])['’]?(?P<year>\d\d)(?![\d.,]|['’]?s\b)")
_ZH_DECADE = re.compile(
    r"(?P<century>上世纪|本世纪|[一二]十[一]?世纪|\d\d世纪|19|20)?"
    r"(?P<first>[二三四五六七八九](?=[三四五六七八九]十)|\d0(?=\d0))?"
    r"(?P<decade>[二三四五六七八九]十|[零〇一二][零〇]|十|\d0)"
    r"年代(?P<part>初|早期|前期|中期|中|末|后期|晚期)?"
)
_ZH_CENTURY = re.compile(
    r"(?P<number>\d\d|[一二]?十[一八九]?)世纪(?!\S{0,4}年代)|(?P<word>上世纪|本世纪)"
)
_ZH_LAST = re.compile(
    r"(?:最近|近|过去|这)(?P<count>[\d零一二两三四五六七八九十几]+)年(?!代)"
    r"|(?P<within>[\d零一二两三四五六七八九十几]{1,2})年(?:以内|之内|内)"
)
_ZH_WITHIN = {"今年": 0, "去年": -1, "前年": -2}
_ZH_YEAR = re.compile(r"(?P<year>[零〇一二三四五六七八九]{4})年?")
_JOIN = re.compile(
    r"[-–—~～&/到至和或]|^\s*,\s*$"
    r"|\b(?:to|and|or|through|thru|till|until|up to|but|before)\b"
)


@dataclass(frozen=True)
class Found:
    """Years found at a place of a text; `low == high` for one year."""

    start: int
    end: int
    low: int
    high: int


def _part(low: int, high: int, part: str | None) -> tuple[int, int]:
    """Return the named part of a decade or a century: early, mid and late overlap a little."""
    words = part or ""
    step = (high - low + 1) / 10
    bounds = []
    for names, first, last in (
        (("early", "beginning", "start", "first", "初", "早", "前"), 0, 4),
        (("mid", "中"), 3, 7),
        (("late", "end", "latter", "末", "后", "晚"), 5, 9),
    ):
        if any(n in words for n in names):
            bounds.append((first, last))
    if not bounds:
        return low, high
    return int(low + bounds[0][0] * step), int(low + (bounds[-1][1] + 1) * step - 1)


def _full(two_digits: int, today: int) -> int:
    """Return the year that two digits stand for: 94 → 1994, 05 → 2005."""
    return 2000 + two_digits if two_digits <= today % 100 else 1900 + two_digits


def _decades(text: str) -> Iterator[Found]:
    for match in _DECADE.finditer(text):
        digits = match["digits"]
        low = (
            int(digits) if len(digits) == 4 else (2000 if int(digits) < 20 else 1900) + int(digits)
        )
        wide = len(digits) == 4 and low % 100 == 0 and low < 2000
        yield Found(
            match.start(), match.end(), *_part(low, low + (99 if wide else 9), match["part"])
        )
    for match in _DECADE_WORD.finditer(text):
        value = _WORDS[match["word"]]
        century = _PREFIXES.get((match["prefix"] or "").rstrip(" -"), 1900 if value >= 20 else 2000)
        low = value if value >= 1000 else century + value
        yield Found(match.start(), match.end(), *_part(low, low + 9, match["part"]))


def _centuries(text: str, today: int) -> Iterator[Found]:
    for match in _CENTURY.finditer(text):
        word = match["word"] or ""
        number = int(match["number"] or _ORDINALS.get(word, 0))
        low = (number - 1) * 100 if number else today // 100 * 100 - (100 if word == "last" else 0)
        high = min(low + 99, today) if low == today // 100 * 100 else low + 99
        yield Found(match.start(), match.end(), *_part(low, high, match["part"]))


def _counted(text: str, default: int) -> int:
    values = [v for _, _, v in numerals(text)]
    return int(values[-1]) if values else default


def _lately(match: re.Match[str]) -> int | None:
    """Return how many years "the last …" reaches back; None for "last year", one year."""
    unit, words = match["unit"], match["count"].strip()
    lone = not words and unit in ("year", "century") and "last" in match[0]
    if lone and not match["or_two"]:
        return None
    count = 2 if match["or_two"] else _counted(words, 5 if unit.endswith("s") and not words else 1)
    if unit.startswith(("w", "day")):
        return 1
    if unit.startswith(("mo", "mt")):
        return max(1, round(count / 12))
    return count * {"d": 10, "c": 100}.get(unit[0], 1)


def _relative(text: str, today: int) -> Iterator[Found]:
    for match in _LAST.finditer(text):
        back = _lately(match)
        if back is not None:
            yield Found(match.start(), match.end(), today - back, today)
    for match in _WITHIN.finditer(text):
        step = {"this": 0, "last": -1, "next": 1}[match["this"]]
        if match["unit"] == "year":
            yield Found(match.start(), match.end(), today + step, today + step)
        elif step >= 0:
            low = today // 10 * 10 + 10 * step
            yield Found(match.start(), match.end(), low, low + 9)
    for match in _AGO.finditer(text):
        year = today - _counted(match["count"], 1)
        yield Found(match.start(), match.end(), year, year)
    for match in _NOW.finditer(text):
        yield Found(match.start(), match.end(), today, today)


def _tens(words: str) -> int:
    """Return the decade of a century that Chinese words name: 九十 → 9, 一零 → 1, 十 → 1."""
    return (
        int(words[0])
        if words[0].isdigit()
        else int(chinese_value(words[0]) or 0) % 10 or (1 if words == "十" else 0)
    )


def _chinese(text: str, today: int) -> Iterator[Found]:
    for match in _ZH_DECADE.finditer(text):
        tens, head = _tens(match["decade"]), match["century"] or ""
        century = 1900 if tens >= 2 and match["decade"] not in ("二零", "二〇") else 2000
        if head:
            century = 2000 if head in ("本世纪", "20", "21世纪", "二十一世纪") else 1900
        base = century + tens * 10
        low, high = _part(base, base + 9, match["part"])
        low = century + _tens(match["first"]) * 10 if match["first"] else low
        yield Found(match.start(), match.end(), low, high)
    for match in _ZH_CENTURY.finditer(text):
        raw = match["number"]
        number = int(raw) if raw and raw.isdigit() else int(chinese_value(raw or "") or 0)
        if match["word"]:
            number = today // 100 + (1 if match["word"] == "本世纪" else 0)
        low = (number - 1) * 100
        high = min(low + 99, today) if number == today // 100 + 1 else low + 99
        yield Found(match.start(), match.end(), low, high)
    for match in _ZH_LAST.finditer(text):
        raw = match["count"] or match["within"]
        years = int(raw) if raw.isdigit() else int(chinese_value(raw) or 1)
        yield Found(match.start(), match.end(), today - years, today)
    for word, step in _ZH_WITHIN.items():
        for match in re.finditer(word, text):
            yield Found(match.start(), match.end(), today + step, today + step)
    for match in _ZH_YEAR.finditer(text):
        year = int(chinese_value(match["year"]) or 0)
        if 1500 <= year < 2100:
            yield Found(match.start(), match.end(), year, year)


def _plain(text: str, today: int) -> Iterator[Found]:
    for match in _YEAR.finditer(text):
        yield Found(match.start(), match.end(), int(match["year"]), int(match["year"]))
    for start, end, value in numerals(text):
        if value == int(value) and 1500 <= value < 2100:
            yield Found(start, end, int(value), int(value))
    for match in _SHORT.finditer(text):
        year = _full(int(match["year"]), today)
        yield Found(match.start(), match.end(), year, year)


def _all(text: str, today: int) -> list[Found]:
    """Return what is found, in order; of overlapping finds the longest, then the first kind."""
    finds = [*_decades(text), *_centuries(text, today), *_relative(text, today)]
    finds += [*_chinese(text, today), *_plain(text, today)]
    kept: list[Found] = []
    for find in sorted(finds, key=lambda f: f.start - f.end):
        if all(find.end <= k.start or find.start >= k.end for k in kept):
            kept.append(find)
    return sorted(kept, key=lambda f: f.start)


def years(span: str, today: int) -> Years | None:
    """Return the year or the range of years, both ends included, that words stand for.

    Parameters
    ----------
    span
        "nineties", "early 2000s", "1990 to 1999", "the last ten years", "九十年代", "'94".
    today
        The current year.
    """
    text = lowered(span)
    short = re.fullmatch(r"\s*(\d{4})\s*[-–—/]\s*(\d{1,2})\s*", text)
    if short:  # "1995-99", "1995-9"
        low, tail = int(short[1]), short[2]
        high = int(short[1][: 4 - len(tail)] + tail)
        return (low, high) if high > low else low
    span_of = re.fullmatch(r"(?:the )?(.+?)[\s-]+(years?|yrs?|decades?)", text.strip())
    finds = _all(text, today)
    if not finds:
        long = _counted(span_of[1], 0) if span_of else 0
        return today - long * (10 if span_of and span_of[2][0] == "d" else 1) if long else None
    first, last = finds[0], finds[0]
    if len(finds) > 1 and _JOIN.search(text[first.end : finds[1].start]):
        last = finds[1]
    low, high = min(first.low, last.low), max(first.high, last.high)
    return low if low == high else (low, high)

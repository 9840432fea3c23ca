"""Numbers as people write them: digits, English and Chinese number words, with their places.

Knows no units, no years and no facets; "k" and "grand" multiply, whatever is counted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.quantity.digits import Token, chinese_value, digits_value, tokens

_FRACTIONS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3}
_ONES = "zero one two three four five six seven eight nine".split()
_TEENS = ("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen").split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = (
    {w: i for i, w in enumerate(_ONES)}
    | {w: 10 + i for i, w in enumerate(_TEENS)}
    | {w: 20 + 10 * i for i, w in enumerate(_TENS)}
    | {"oh": 0, "fourty": 40, "fourtyfive": 45, "fiftey": 50, "tree": 3, "twelfe": 12}
)
_TENS_VALUES = frozenset(range(20, 100, 10))
_VAGUE = {"couple": 2, "pair": 2, "few": 3, "handful": 5}
_SCALES = {
    "hundred": 100,
    "hundreds": 100,
    "thousand": 1000,
    "thousands": 1000,
    "grand": 1000,
    "k": 1000,
    "mil": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "millions": 10**6,
    "billion": 10**9,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
    "dozen": 12,
    "dozens": 12,
    "万": 10**4,
    "萬": 10**4,
    "千": 1000,
    "百": 100,
    "亿": 10**8,
}
_BARE_SCALES = frozenset({"hundred", "thousand", "dozen", "million"})
_PARTS = {"half": 1 / 2, "quarter": 1 / 4, "third": 1 / 3, "quarters": 1 / 4, "thirds": 1 / 3}
_ARTICLES = frozenset({"a", "an"})


@dataclass(frozen=True)
class Numeral:
    """A number that tokens `first` to `last` (excluded) stand for.

    `value` is `mantissa * scale`; the two are apart so that "5 to 7 hundred" can share a scale.
    `digits` is the number of digits it was written with, 0 for words. `high` is set where the
    words name two neighbours ("两三").
    """

    first: int
    last: int
    value: float
    mantissa: float
    scale: float = 1.0
    digits: int = 0
    high: float | None = None


def _chinese(words: Sequence[Token], at: int) -> Numeral:
    text = words[at].text
    pair = re.fullmatch(r"([一二两三四五六七八九])([一二三四五六七八九])([十百千万]?)", text)
    if pair and chinese_value(pair[2]) == (chinese_value(pair[1]) or 0) + 1:
        scale = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4}[pair[3]]
        low, high = float(chinese_value(pair[1]) or 0), float(chinese_value(pair[2]) or 0)
        return Numeral(at, at + 1, low * scale, low, scale, high=high * scale)
    value = chinese_value(text) or 0.0
    return Numeral(at, at + 1, value, value)


def _word(words: Sequence[Token], at: int) -> str:
    return words[at].text if 0 <= at < len(words) else ""


def _below_hundred(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Return (value, next) of number words below a hundred."""
    value = _SMALL.get(_word(words, at))
    if value is None:
        return None
    at += 1
    if value in _TENS_VALUES:
        dash = at + 1 if _word(words, at) == "-" else at
        one = _SMALL.get(_word(words, dash))
        if one is not None and 0 < one < 10 and _touching(words, at, dash):
            return value + one, dash + 1
    return value, at


def _touching(words: Sequence[Token], at: int, dash: int) -> bool:
    """Whether a hyphen, if there is one, binds its neighbours ("twenty-five", not "20 - 5")."""
    return at == dash or words[at - 1].end == words[at].start


def _spoken(words: Sequence[Token], at: int, prices: bool = False) -> Numeral | None:
    """Return the numeral of English number words at a token."""
    head = _below_hundred(words, at)
    if head is None:
        return None
    value, after = head
    tens = _below_hundred(words, after) if prices and 0 < value < 10 else None
    if tens and tens[0] >= 20 and _word(words, tens[1]) not in _SCALES:  # "seven fifty"
        return Numeral(at, tens[1], value * 100.0 + tens[0], value * 100.0 + tens[0])
    if 16 <= value <= 20:  # "nineteen ninety-four", "twenty oh one"
        oh = _word(words, after) == "oh"
        rest = _below_hundred(words, after + 1 if oh else after)
        if rest and (oh or rest[0] >= 10) and _word(words, rest[1]) not in _SCALES:
            year = float(value * 100 + rest[0])
            return Numeral(at, rest[1], year, year)
    if _word(words, after) == "point":
        decimals: list[str] = []
        while (one := _SMALL.get(_word(words, after + 1 + len(decimals)))) is not None and one < 10:
            decimals.append(str(one))
        if decimals:
            number = float(f"{value}.{''.join(decimals)}")
            return Numeral(at, after + 1 + len(decimals), number, number)
    return Numeral(at, after, float(value), float(value))


def _base(words: Sequence[Token], at: int, prices: bool) -> Numeral | None:
    """Return the numeral at a token before any scale or fraction that follows it."""
    token = words[at]
    if token.kind == "digits":
        value = digits_value(token.text, prices and _word(words, at + 1) not in _SCALES)
        digits = len(re.sub(r"\D", "", token.text))
        if _word(words, at + 1) == "/" and _word(words, at + 2) in ("2", "3", "4") and value < 10:
            value /= float(words[at + 2].text)
            return Numeral(at, at + 3, value, value)
        return Numeral(at, at + 1, value, value, digits=digits)
    if token.kind == "cjk":
        return _chinese(words, at)
    if token.kind == "fraction":
        return Numeral(at, at + 1, _FRACTIONS[token.text], _FRACTIONS[token.text])
    article = token.text in _ARTICLES
    start = at + 1 if article else at
    word = _word(words, start)
    if word in _VAGUE or (word in _PARTS and not word.endswith("s")):
        number = float(_VAGUE.get(word, 0)) or _PARTS[word]
        after = start + 1
        while _word(words, after) in ("of", "a", "an"):
            after += 1
        return Numeral(at, after, number, number)
    if article or word in _BARE_SCALES:
        scaled = word in _SCALES and word != "k"
        return Numeral(at, start, 1.0, 1.0) if scaled else None
    return _spoken(words, at, prices)


def read(words: Sequence[Token], at: int, prices: bool = False) -> Numeral | None:
    """Return the longest numeral that starts at a token, or None.

    "two hundred and fifty" → 250, "one and a half" → 1.5, "1.5k" → 1500, "half a dozen" → 6,
    "three quarters" → 0.75, "a grand" → 1000. An article alone is no numeral. Among prices,
    "seven fifty" is 750 and "1.299" is 1299.
    """
    base = _base(words, at, prices)
    if base is None:
        return None
    value, after, scale = base.value, base.last, 1.0
    part = _PARTS.get(_word(words, after))
    if part is not None and value >= 1 and value == int(value) and words[after].text.endswith("s"):
        after = after + 2 if _word(words, after + 1) == "of" else after + 1
        after = after + 1 if _word(words, after) in (*_ARTICLES, "the") else after
        return Numeral(at, after, value * part, value * part)
    value, after = _plus_part(words, value, after)
    while (factor := _SCALES.get(_word(words, after))) is not None:
        scale *= factor
        after += 1
        if factor == 12 and _word(words, after) == "of":
            after += 1
    if scale > 1 and base.digits == 0 and words[at].kind != "cjk":
        rest, end = _rest(words, after, scale)
        if rest:
            return Numeral(at, end, value * scale + rest, value * scale + rest)
    if scale > 1 and _word(words, after - 1) in ("万", "萬", "千") and after < len(words):
        token = words[after]  # "1万5" is 15000
        if token.kind == "digits" and len(token.text) == 1:
            value += int(token.text) / 10
            after += 1
    high = base.high * scale if base.high is not None else None
    return Numeral(at, after, value * scale, value, scale, base.digits, high)


def _plus_part(words: Sequence[Token], value: float, after: int) -> tuple[float, int]:
    """Add "and a half", "½" or "个半" that follows a number."""
    if after < len(words) and words[after].kind == "fraction":
        return value + _FRACTIONS[words[after].text], after + 1
    halves = "".join(w.text for w in words[after : after + 3])
    if value == int(value) and re.fullmatch(r"[123]/[234]", halves):  # "1 1/2"
        return value + int(halves[0]) / int(halves[2]), after + 3
    if _word(words, after) in ("个", "個") and _word(words, after + 1) == "半":
        return value + 0.5, after + 2
    if _word(words, after) not in ("and", "&"):
        return value, after
    part = and_part(words, after)
    return (value + part[0], part[1]) if part else (value, after)


def and_part(words: Sequence[Token], at: int) -> tuple[float, int] | None:
    """Return (fraction, next) of "and a half", "and three quarters", "½" at a token."""
    if at < len(words) and words[at].kind == "fraction":
        return _FRACTIONS[words[at].text], at + 1
    start = at + 1 if _word(words, at) in ("and", "&") else at
    number = 1.0
    if _word(words, start) in _ARTICLES:
        start += 1
    elif _word(words, start) in _SMALL and _word(words, start + 1).endswith("s"):
        number = float(_SMALL[_word(words, start)])
        start += 1
    part = _PARTS.get(_word(words, start))
    if part is None or not number or _word(words, start + 1) in (*_ARTICLES, "of"):
        return None
    return number * part, start + 1


def _rest(words: Sequence[Token], after: int, scale: float) -> tuple[float, int]:
    """Return what follows a spoken scale and belongs to it: "(two hundred) and fifty"."""
    joined = _word(words, after) == "and"
    start = after + 1 if joined else after
    if start >= len(words) or words[start].kind != "word":
        return 0.0, after
    if words[start].text in _ARTICLES or words[start].text in _VAGUE:
        return 0.0, after
    rest = _spoken(words, start)
    if rest is None or rest.value >= 100:
        return 0.0, after
    value, end = rest.value, rest.last
    if _word(words, end) in _SCALES:
        if scale <= 100 or _word(words, end) not in ("hundred", "hundreds") or joined:
            return 0.0, after
        tail, tail_end = _rest(words, end + 1, 100)
        value, end = value * 100 + tail, tail_end if tail else end + 1
    return value, end


def numerals(text: str) -> tuple[tuple[int, int, float], ...]:
    """Return (start, end, value) of each number in a text, in order, none overlapping."""
    words = tokens(text)
    found: list[tuple[int, int, float]] = []
    at = 0
    while at < len(words):
        numeral = read(words, at)
        if numeral is None:
            at += 1
            continue
        last = numeral.last
        while last > at + 1 and words[last - 1].text in ("of", "a", "an", "the"):
            last -= 1
        value = numeral.value if numeral.high is None else numeral.high
        found.append((words[at].start, words[last - 1].end, value))
        at = numeral.last
    return tuple(found)

"""Tokens and written numerals: digits with separators, Chinese numerals.

Knows no number words of English, no units and no facets.
"""

import re
from dataclasses import dataclass

_CJK_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_CJK_SCALES = {"十": 10, "百": 100, "千": 1000}
_CJK_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
CJK_NUMERALS = "".join((*_CJK_DIGITS, *_CJK_SCALES, *_CJK_MYRIADS, "半", "几", "幾"))

_TOKEN = re.compile(
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?!\d))"
    r"|(?P<digits>\d+(?:[.,'’\u00a0\u202f]\d+)*)"
    rf"|(?P<cjk>[{CJK_NUMERALS}]+)"
    r"|(?P<fraction>[½¼¾⅓⅔])"
    r"|(?P<word>[^\W\d_\u3040-\u30ff\u3400-\u9fff]+)"
    r"|(?P<han>[\u3400-\u9fff])"
    r"|(?P<sign>''|\S)"
)


@dataclass(frozen=True)
class Token:
    """One word, number or sign; `text` is in lower case, `kind` the name of its pattern."""

    start: int
    end: int
    text: str
    kind: str


def lowered(text: str) -> str:
    """Return the text in lower case and half width, at the same length."""
    out = []
    for char in text:
        if "\uff01" <= char <= "\uff5e":
            char = chr(ord(char) - 0xFEE0)
        low = char.lower()
        out.append(low if len(low) == 1 else char)
    return "".join(out)


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text in order, with character offsets."""
    return tuple(
        Token(m.start(), m.end(), m.group(), str(m.lastgroup))
        for m in _TOKEN.finditer(lowered(text))
    )


def tidy(value: float) -> float:
    """Return a number without rounding noise, as an int where it is whole."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def digits_value(raw: str, dot_thousands: bool = False) -> float:
    """Return what a written number is worth: "1,299.99", "1.299,50", "1'299".

    Parameters
    ----------
    dot_thousands
        Whether a lone dot before three digits separates thousands, as a lone comma does.
    """
    raw = re.sub(r"['’\u00a0\u202f]", "", raw)
    if "," in raw and "." in raw:
        decimal = max(raw.rfind(","), raw.rfind("."))
        whole = re.sub(r"[.,]", "", raw[:decimal])
        return float(f"{whole}.{raw[decimal + 1 :]}")
    for sign, thousands in ((",", True), (".", dot_thousands)):
        groups = raw.split(sign)
        if len(groups) == 1:
            continue
        grouped = all(len(g) == 3 for g in groups[1:]) and 0 < len(groups[0]) <= 3
        if grouped and groups[0].strip("0") and (thousands or len(groups) > 2):
            return float("".join(groups))
        return float(f"{groups[0]}.{groups[1]}")
    return float(raw)


def chinese_value(text: str) -> float | None:
    """Return what Chinese numerals are worth, or None: "三千五" → 3500, "二〇一〇" → 2010."""
    if not text or not set(text) <= set(CJK_NUMERALS):
        return None
    if text == "一半":
        return 0.5
    if all(c in _CJK_DIGITS for c in text):
        return float("".join(str(_CJK_DIGITS[c]) for c in text))
    total = section = digit = 0.0
    last_scale = 1.0
    for char in text:
        if char in _CJK_DIGITS:
            digit = float(_CJK_DIGITS[char])
            last_scale = 1.0 if char in "零〇" else last_scale
        elif char in _CJK_SCALES:
            last_scale = _CJK_SCALES[char]
            section += (digit or 1.0) * last_scale
            digit = 0.0
        elif char in _CJK_MYRIADS:
            last_scale = _CJK_MYRIADS[char]
            total += (section + digit or 1.0) * last_scale
            section = digit = 0.0
        elif char == "半":
            digit += 0.5 if last_scale == 1.0 else 5.0
        else:
            digit = 3.0
    if last_scale > 10 and 0 < digit < 10:
        digit *= last_scale / 10
    return total + section + digit

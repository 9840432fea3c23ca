"""Numbers with their units in a text: "an hour and 20 minutes", "$1,299", "5 to 7 hundred".

Knows no facets and no calendar; it converts to one target unit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.quantity.digits import Token, tokens
from bot.quantity.numerals import Numeral, and_part, read
from bot.quantity.units import LONGEST_CJK, Unit, convert, foreign, named

_JOINS = frozenset("- – — ~ ～ to and or through thru till until up 到 至 / but".split())
SIGNS = tuple("$€£¥₹")


@dataclass(frozen=True)
class Amount:
    """A measured number: tokens `first` to `last`, and the unit that was said, if any."""

    first: int
    last: int
    numeral: Numeral
    value: float
    unit: Unit | None
    high: float | None = None


def _unit_at(words: Sequence[Token], at: int, dimension: str) -> tuple[Unit, int] | None:
    """Return (unit, next) if a unit of the dimension stands at a token, fillers skipped."""
    if at + 1 < len(words) and words[at].text == "-" and words[at + 1].kind == "word":
        at += 1
    while at < len(words) and words[at].text in ("个", "個", "of", "more"):
        at += 1
    if at >= len(words):
        return None
    numbered = at + 1 < len(words) and words[at + 1].kind == "digits"
    if words[at].text in SIGNS and numbered:  # "500-$700": the sign belongs to what follows
        return None
    if words[at].kind in ("han", "cjk"):
        for length in range(LONGEST_CJK, 0, -1):
            found = named("".join(w.text for w in words[at : at + length]), dimension)
            if found:
                return found, at + length
        return None
    text = words[at].text
    pair = text + words[at + 1].text if at + 1 < len(words) else ""
    if dimension == "area" and re.fullmatch(r"(sq|square|m|ft)(m|2|metres|meters|ft|feet)", pair):
        return Unit("area", 0.092903 if "f" in pair else 1), at + 2
    found = named(text, dimension)
    return (found, at + 1) if found else None


class Measures:
    """Reads the amounts of one text for one target unit."""

    def __init__(self, text: str, target: Unit | None) -> None:
        self.words = tokens(text)
        self.target = target
        self.dimension = target.dimension if target else ""
        self.foreign = False

    def amounts(self) -> list[Amount]:
        """Return the measured numbers in order."""
        found: list[Amount] = []
        at = 0
        while at < len(self.words):
            amount = self._amount(at)
            if amount is None:
                at += 1
                continue
            found.append(amount)
            at = amount.last
        return found

    def _amount(self, at: int) -> Amount | None:
        clock = self._clock(at)
        if clock is not None:
            return clock
        numeral = self._numeral(at) or self._implied(at)
        if numeral is None:
            return None
        unit, last, value = None, numeral.last, numeral.value
        found = _unit_at(self.words, last, self.dimension)
        if self._is_unit_k(numeral):
            unit, value = named("k", self.dimension), numeral.mantissa
        elif found is not None:
            unit, last = found
            value, last = self._and_part(value, last)
        elif self.dimension and self._is_foreign(last):
            self.foreign = True
        before = self.words[at - 1].text if at else ""
        if unit is None and before:
            unit = named(before, self.dimension) if before in SIGNS else None
            self.foreign |= unit is None and self.dimension != "" and before in SIGNS
        amount = Amount(at, last, numeral, value, unit, numeral.high)
        return self._compound(amount)

    def _is_foreign(self, at: int) -> bool:
        """Whether a unit of another dimension stands at a token."""
        words = self.words[at : at + LONGEST_CJK]
        if words and words[0].kind in ("han", "cjk"):
            joined = ("".join(w.text for w in words[:n]) for n in range(2, len(words) + 1))
            return any(foreign(text, self.dimension) for text in joined)
        return bool(words) and foreign(words[0].text, self.dimension)

    def _is_unit_k(self, numeral: Numeral) -> bool:
        """Whether a "k" is a unit, as in a 10k walk or a 2700K lamp, and no thousand."""
        if self.words[numeral.last - 1].text != "k" or self.target is None:
            return False
        wide = self.dimension != "length" or self.target.factor >= 1000
        return wide and named("k", self.dimension) is not None

    def _numeral(self, at: int) -> Numeral | None:
        if self.words[at].text in ("a", "an") and self.dimension:
            unit = _unit_at(self.words, at + 1, self.dimension)
            if unit is not None and len(self.words[at + 1].text) > 1:
                return Numeral(at, at + 1, 1.0, 1.0)
        return read(self.words, at, prices=self.dimension == "money")

    def _implied(self, at: int) -> Numeral | None:
        """Read "hour and a half", the article lost, as one hour and a half."""
        word = self.words[at].text
        known = len(word) > 2 and not word.endswith("s") and named(word, self.dimension)
        first = at == 0 and word.isascii() and self.dimension != "money"
        return Numeral(at, at, 1.0, 1.0) if first and known else None

    def _and_part(self, value: float, last: int) -> tuple[float, int]:
        if last < len(self.words) and self.words[last].text == "半":
            return value + 0.5, last + 1
        part = and_part(self.words, last)
        if part is None or (value < 1 and value != 0):
            return value, last
        if _unit_at(self.words, part[1], self.dimension):
            return value, last  # "an hour and half a minute"
        return value + part[0], part[1]

    def _clock(self, at: int) -> Amount | None:
        """Read "1:45" as hours and minutes, as minutes and seconds for a facet in seconds."""
        token = self.words[at]
        if token.kind != "clock" or self.dimension != "time":
            return None
        parts = [float(p) for p in token.text.split(":")]
        seconds = self.target is not None and self.target.factor < 1
        first = 1.0 if seconds and len(parts) == 2 else 60.0
        value = sum(p * first / 60**i for i, p in enumerate(parts))
        numeral = Numeral(at, at + 1, value, value)
        return Amount(at, at + 1, numeral, value, Unit("time", 1))

    def _compound(self, amount: Amount) -> Amount:
        """Add smaller units that follow: "1h45", "an hour and 20 minutes", "5 ft 10"."""
        if amount.unit is None or self.dimension not in ("time", "mass", "length"):
            return amount
        start = amount.last
        joined = start < len(self.words) and self.words[start].text in ("and", "&", ",", "零")
        start += joined
        numeral = read(self.words, start) if start < len(self.words) else None
        if numeral is None or numeral.scale > 1:
            return amount
        found = _unit_at(self.words, numeral.last, self.dimension)
        if found is not None:
            unit, last = found
        elif joined or self.dimension != "time" or amount.unit.factor != 60:
            return amount
        else:
            unit, last = Unit("time", 1), numeral.last  # "1 hour 45"
        if unit.factor >= amount.unit.factor or numeral.value * unit.factor >= amount.unit.factor:
            return amount
        value = amount.value + numeral.value * unit.factor / amount.unit.factor
        return Amount(amount.first, last, amount.numeral, value, amount.unit)

    def joined(self, first: Amount, second: Amount) -> bool:
        """Whether the words between two amounts make a range of them."""
        between = [w.text for w in self.words[first.last : second.first]]
        if between == ["/"] and second.value in (5, 10, 100):  # "8/10"
            return False
        return any(w in _JOINS for w in between)

    def worth(self, amount: Amount, value: float) -> float:
        """Return a value of an amount in the target unit."""
        if self.target is None or amount.unit is None:
            return value
        return convert(value, amount.unit, self.target)


def shared(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """Let the ends of a range share a unit and a scale: "5 to 7 hundred", "1 to 2 kg"."""
    if first.unit is None and second.unit is not None and first.value <= second.value:
        first = Amount(first.first, first.last, first.numeral, first.value, second.unit)
    elif second.unit is None and first.unit is not None and second.value >= first.value:
        if second.value <= 20 * first.value:
            second = Amount(second.first, second.last, second.numeral, second.value, first.unit)
    scale = second.numeral.scale
    if scale > 1 and first.numeral.scale == 1 and first.value <= second.numeral.mantissa:
        scaled = first.value * scale
        first = Amount(first.first, first.last, first.numeral, scaled, first.unit)
    return first, second

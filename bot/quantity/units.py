"""Units of measure: which ones a facet counts in, and how the others convert to it.

Currencies are all one dimension and are never converted. Knows no numbers and no calendar; a
facet in calendar years is `bot.quantity.years`' business.
"""

import re
from dataclasses import dataclass

from retrieval.types import Facet

# Dimension → unit's factor to the dimension's base → names. A name may stand in several
# dimensions ("pounds", "m", "g"); the facet decides which is meant.
_TABLE: dict[str, dict[float, str]] = {
    "time": {
        1 / 60: "s sec secs second seconds 秒 秒钟",
        1: "m min mins minute minutes minuets mintues mintes minuts minuites 分 分钟 分鐘",
        60: "h hr hrs hour hours houres huors ours 小时 小時 钟头 钟",
        1440: "d day days night nights 天 日 晚",
        10080: "w wk wks week weeks 周 星期 礼拜",
        20160: "fortnight fortnights",
        43800: "month months mo mos mth mths 月",
        525600: "y yr yrs year years 年 岁",
    },
    "storage": {
        0.001: "mb megs meg megabyte megabytes 兆",
        1: "gb g gig gigs gigabyte gigabytes gbs go ram",
        1000: "tb t tera teras terabyte terabytes tbs",
    },
    "mass": {
        0.001: "mg milligram milligrams 毫克",
        1: "g gr gram grams gramm gramms gramme grammes 克",
        28.3495: "oz ounce ounces",
        453.592: "lb lbs pound pounds 磅",
        500: "斤",
        1000: "kg kgs kilo kilos kilogram kilograms 公斤 千克",
        6350.29: "stone",
        10**6: "t tonne tonnes ton tons 吨",
    },
    "length": {
        1: "mm millimetre millimetres millimeter millimeters 毫米",
        10: "cm cms centimetre centimetres centimeter centimeters 厘米 公分",
        25.4: "in ins inch inches inchs inche \" ” ″ '' 英寸 寸 吋",
        304.8: "ft foot feet ' ’",
        914.4: "yd yard yards",
        1000: "m metre metres meter meters 米",
        10**6: "km kms k kilometre kilometres kilometer kilometers 公里 千米",
        1609344: "mi mile miles 英里",
    },
    "area": {
        1: "m2 m² sqm 平米 平方米 平",
        0.092903: "sqft ft2 ft²",
    },
    "volume": {
        1: "ml millilitre millilitres milliliter milliliters cc 毫升",
        10: "cl",
        1000: "l litre litres liter liters 升",
        3785.41: "gallon gallons gal",
    },
    "frequency": {1: "hz hertz", 10**3: "khz", 10**6: "mhz", 10**9: "ghz"},
    "power": {1: "w watt watts 瓦", 1000: "kw kilowatt kilowatts", 745.7: "hp horsepower 马力"},
    "charge": {1: "mah 毫安", 1000: "ah"},
    "energy": {1: "wh", 1000: "kwh"},
    "light": {1: "kelvin kelvins k"},
    "pixels": {1: "mp megapixel megapixels 万像素"},
    "money": {
        0.01: "c ct cent cents p pence 分",
        1: (
            "$ € £ ¥ ₹ usd eur gbp cny rmb jpy inr aud cad chf dollar dollars dolar dolars buck "
            "bucks euro euros pound pounds quid yuan yen rupee rupees franc francs krona kr 块 "
            "块钱 元 美元 美金 欧元 英镑 人民币 刀 塊 rs sek nok dkk pln zł zloty huf czk krw "
            "won thb baht lira rub ruble rubles brl reais zar rand hkd sgd twd nzd mxn pesos "
            "卢布 日元 港币"
        ),
    },
}
_FIRST_YEAR = 1000  # what ends before it counts no calendar years, whatever its name
# Units between which people convert without rounding errors that show.
_INEXACT = frozenset(
    {28.3495, 453.592, 6350.29, 25.4, 304.8, 914.4, 1609344, 0.092903, 3785.41, 745.7}
)
# What a unit in a schema never means, though people say it so.
_RARE = frozenset({("m", "time"), ("g", "storage"), ("t", "storage"), ("d", "time"), ("w", "time")})
# Facet names whose unit is plain even where the schema does not give it.
_NAMED = (
    (r"price|cost|fee|rate|rent|budget|price_pp", "usd"),
    (r"runtime|duration|minutes|.*_min", "minutes"),
    (r"ram|storage|memory|.*_gb", "gb"),
    (r".*_kg", "kg"),
    (r".*_g|weight", "g"),
    (r".*_in|screen", "inches"),
    (r".*_cm", "cm"),
    (r".*_mm", "mm"),
    (r".*_km", "km"),
    (r".*_m", "m"),
    (r".*_h", "h"),
    (r".*_ml", "ml"),
)


@dataclass(frozen=True)
class Unit:
    """A unit: its dimension and its worth in the dimension's base unit."""

    dimension: str
    factor: float


def _index() -> dict[str, dict[str, float]]:
    return {
        dimension: {name: factor for factor, names in rows.items() for name in names.split()}
        for dimension, rows in _TABLE.items()
    }


_UNITS = _index()
LONGEST_CJK = max(len(n) for rows in _UNITS.values() for n in rows if "\u4e00" <= n[0] <= "\u9fff")


def is_calendar(facet: Facet) -> bool:
    """Whether a number facet counts calendar years (a release, a vintage)."""
    unit = facet.unit.strip().lower()
    if facet.range is not None and not unit and facet.range[1] < _FIRST_YEAR:
        return False
    named = re.fullmatch(r"year|.*_year|year_.*|vintage|released?", facet.name.lower())
    return unit == "year" or (named is not None and unit in ("", "ad", "ce", "years"))


def lists_numbers(facet: Facet) -> bool:
    """Whether a facet's values are whole numbers, as of ranges such as "2-4"."""
    return facet.kind == "category" and bool(facet.values) and all(map(str.isdigit, facet.values))


def facet_unit(facet: Facet) -> Unit | None:
    """Return the unit that a number facet counts in, or None where it is no known measure."""
    words = re.findall(r"[^\W_]+|[$€£¥₹\"”″]", facet.unit.lower())
    for word in words if len(words) == 2 else words[:1]:  # "US dollars", but "lessons a week"
        found = _any(word)
        if found is not None:
            return found
    if facet.unit:
        return None
    for pattern, word in _NAMED:
        if re.fullmatch(pattern, facet.name.lower()):
            return _any(word)
    return None


def is_money(facet: Facet) -> bool:
    """Whether a facet counts money, in whatever currency."""
    unit = facet_unit(facet) if facet.kind == "number" else None
    return unit is not None and unit.dimension == "money"


def _any(word: str) -> Unit | None:
    if word in ("pound", "pounds"):
        return Unit("money", 1)
    for dimension, rows in _UNITS.items():
        if (word, dimension) in _RARE:
            continue
        if word in rows:
            return Unit(dimension, rows[word])
    return None


def named(word: str, dimension: str) -> Unit | None:
    """Return the unit that a word names in a dimension, or None."""
    factor = _UNITS.get(dimension, {}).get(word)
    return None if factor is None else Unit(dimension, factor)


def foreign(word: str, dimension: str) -> bool:
    """Whether a word is plainly a unit of some other dimension ("inches" for a weight)."""
    if len(word) < 2 and word not in "$€£¥₹":
        return False
    others = (rows for d, rows in _UNITS.items() if d != dimension)
    return named(word, dimension) is None and any(word in rows for rows in others)


def convert(value: float, unit: Unit, target: Unit) -> float:
    """Return a value in another unit of the same dimension.

    Conversions between systems are rounded as people would: 3 lb is 1361 g, 33 cm are 13 in.
    """
    if unit == target:
        return value
    result = value * unit.factor / target.factor
    if not {unit.factor, target.factor} & _INEXACT:
        return round(result, 6)
    return round(result, 0 if result >= 100 else 1 if result >= 1 else 3)

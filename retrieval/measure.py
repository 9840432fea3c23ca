"""Units of measure in columns' names and cells: which one a column is in, and how others convert.

Knows no facets; what people say of units in a talk is not its business.
"""

import re
from collections import Counter
from collections.abc import Iterable

# Unit → dimension, worth in the dimension's base, and the ways it is written in a catalogue.
_UNITS: dict[str, tuple[str, float, str]] = {
    "mg": ("mass", 0.001, "mg"),
    "g": ("mass", 1, "g gr gram grams gm gms gramm"),
    "kg": ("mass", 1000, "kg kgs kilo kilos kilogram kilograms"),
    "lb": ("mass", 453.592, "lb lbs pound pounds"),
    "oz": ("mass", 28.3495, "oz ounce ounces"),
    "mm": ("length", 1, "mm millimetre millimetres millimeter millimeters"),
    "cm": ("length", 10, "cm cms centimetre centimetres centimeter centimeters"),
    "inches": ("length", 25.4, "in inch inches ″ \" ''"),
    "ft": ("length", 304.8, "ft feet foot"),
    "m": ("length", 1000, "m metre metres meter meters mtr"),
    "km": ("length", 10**6, "km kilometre kilometres kilometer kilometers"),
    "miles": ("length", 1609344, "mi mile miles"),
    "ml": ("volume", 1, "ml millilitre millilitres milliliter milliliters"),
    "cl": ("volume", 10, "cl centilitre centilitres"),
    "litres": ("volume", 1000, "l lt ltr litre litres liter liters"),
    "sqm": ("area", 1, "sqm m2 m²"),
    "sqft": ("area", 0.092903, "sqft ft2 ft²"),
    "MB": ("storage", 0.001, "mb megabyte megabytes"),
    "GB": ("storage", 1, "gb gigabyte gigabytes"),
    "TB": ("storage", 1000, "tb terabyte terabytes"),
    "seconds": ("time", 1 / 60, "s sec secs second seconds"),
    "minutes": ("time", 1, "min mins minute minutes"),
    "hours": ("time", 60, "h hr hrs hour hours"),
    "days": ("time", 1440, "day days night nights"),
    "weeks": ("time", 10080, "week weeks"),
    "months": ("time", 43800, "month months mth mths"),
    "years": ("time", 525600, "year years yr yrs"),
    "mAh": ("charge", 1, "mah"),
    "Wh": ("energy", 1, "wh"),
    "kWh": ("energy", 1000, "kwh"),
    "W": ("power", 1, "w watt watts"),
    "kW": ("power", 1000, "kw"),
    "hp": ("power", 745.7, "hp bhp ps"),
    "Hz": ("frequency", 1, "hz"),
    "MHz": ("frequency", 10**6, "mhz"),
    "GHz": ("frequency", 10**9, "ghz"),
    "MP": ("pixels", 1, "mp megapixel megapixels"),
    "V": ("voltage", 1, "v volt volts"),
    "dB": ("loudness", 1, "db"),
    "lm": ("light", 1, "lm lumen lumens"),
    "kcal": ("calories", 1, "kcal cal calorie calories"),
    "%": ("share", 1, "% percent pct vol abv"),
    "stars": ("stars", 1, "star stars ★ ⭐"),
    "pages": ("pages", 1, "page pages pp"),
    "players": ("players", 1, "player players"),
    "people": ("people", 1, "people persons person guests guest pax serving servings"),
    "pieces": ("pieces", 1, "pc pcs piece pieces"),
    "USD": ("money USD", 1, "$ usd us$ dollar dollars"),
    "EUR": ("money EUR", 1, "€ eur euro euros"),
    "GBP": ("money GBP", 1, "£ gbp"),
    "INR": ("money INR", 1, "₹ inr rs rs. rupee rupees"),
    "JPY": ("money JPY", 1, "¥ jpy yen"),
    "CNY": ("money CNY", 1, "cny rmb yuan 元"),
    "CHF": ("money CHF", 1, "chf fr. sfr"),
    "SEK": ("money SEK", 1, "sek"),
    "NOK": ("money NOK", 1, "nok"),
    "DKK": ("money DKK", 1, "dkk"),
    "PLN": ("money PLN", 1, "pln zł"),
    "CZK": ("money CZK", 1, "czk kč"),
    "BRL": ("money BRL", 1, "brl r$"),
    "CAD": ("money CAD", 1, "cad c$ ca$"),
    "AUD": ("money AUD", 1, "aud a$ au$"),
    "KRW": ("money KRW", 1, "krw ₩"),
    "RUB": ("money RUB", 1, "rub ₽"),
    "TRY": ("money TRY", 1, "₺"),
}
_BY_NAME = {name: unit for unit, (_, _, names) in _UNITS.items() for name in names.split()}
# What a column's name alone may end in: shorter ones ("w", "s", "v") are words of other things.
_IN_NAMES = frozenset(
    "mg g kg lb lbs oz mm cm in inch inches ft m km miles ml cl l litres sqm m2 sqft mb gb tb "
    "seconds sec min mins minutes hours hrs h days nights weeks months mah wh kwh watts w kw hp "
    "hz mhz ghz mp kcal calories abv pct percent pages usd eur gbp inr jpy cny chf sek nok dkk "
    "pln czk brl cad aud krw rub $ € £ ₹ ¥ %".split()
)
_PERIOD = re.compile(
    r" (?:per |a )?(?:year|annum|month|week|day|night|hour|pa|pm|pp)$", re.IGNORECASE
)
MONEY_SIGNS = "$€£₹¥₩₽₺"
_WORD = re.compile(r"[^\W\d_]+[²2]?\.?|[$€£₹¥₩₽₺%★⭐″\"]|''")
_SAID = re.compile(
    r"(?P<before>[$€£₹¥]|\b(?:Rs\.?|USD|EUR|GBP|INR|CHF))\s?\d|\d\s?(?P<after>[€£₹¥])",
)


def unit_named(word: str) -> str | None:
    """Return the unit that a word or sign stands for in a cell, or None."""
    return _BY_NAME.get(word.strip().casefold()) or _BY_NAME.get(word.strip(" .").casefold())


def is_money(unit: str) -> bool:
    """Tell whether a unit is a currency."""
    return unit in _UNITS and _UNITS[unit][0].startswith("money")


def same_kind(unit: str, other: str) -> bool:
    """Tell whether two units measure the same."""
    known = unit in _UNITS and other in _UNITS
    return known and _UNITS[unit][0] == _UNITS[other][0]


def convert(value: float, unit: str, target: str) -> float:
    """Return a value in another unit; itself where the two do not measure the same."""
    if unit == target or not same_kind(unit, target):
        return value
    return float(f"{value * _UNITS[unit][1] / _UNITS[target][1]:.6g}")


def unit_of_name(column: str) -> tuple[str, str]:
    """Return a column's name without its unit, and the unit: "Weight (kg)" → "Weight", "kg"."""
    bracketed = re.fullmatch(r"(.*?)\s*[(\[]\s*(?:in\s+)?([^)\]]{1,12})\s*[)\]]\s*", column)
    if bracketed and (unit := unit_named(bracketed[2])):
        return bracketed[1] or column, unit
    head, _, last = re.sub(r"[\s_\-/]+", " ", column).strip().rpartition(" ")
    if head and last.casefold() in _IN_NAMES and (unit := unit_named(last)):
        return re.sub(r"\s+in$", "", head), unit
    return _paid(column)


def _paid(column: str) -> tuple[str, str]:
    """Return a name that holds a currency without it and without its period: "rent_eur_month"."""
    words = re.sub(r"[\s_\-/]+", " ", column).strip().split(" ")
    for place, word in enumerate(words):
        unit = unit_named(word) if len(word) == 3 else None
        if place and unit and is_money(unit):
            rest = _PERIOD.sub("", " ".join(words[:place] + words[place + 1 :]))
            return rest, unit
    return column, ""


def unit_of_cells(cells: Iterable[str]) -> str:
    """Return the unit that most of some cells have beside their number, or an empty text."""
    counts: Counter[str] = Counter()
    total = 0
    for cell in cells:
        total += 1
        units = (unit for word in _WORD.findall(cell) if (unit := unit_named(word)))
        counts.update([next(units, "")])
    unit, count = max(
        ((u, c) for u, c in counts.items() if u), key=lambda found: found[1], default=("", 0)
    )
    return unit if count >= 0.3 * total else ""


def unit_in(cell: str) -> str:
    """Return the first unit written in a cell, or an empty text."""
    return next((unit for word in _WORD.findall(cell) if (unit := unit_named(word))), "")


def currency_said(texts: Iterable[str]) -> str:
    """Return the currency in which descriptions give amounts, where a fifth of them do."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        found = _SAID.search(text)
        if found:
            counts[unit_named(found["before"] or found["after"]) or ""] += 1
    unit, count = max(counts.items(), key=lambda c: c[1], default=("", 0))
    return unit if count >= 0.2 * max(total, 1) else ""

"""The few facts of an item that a card shows, as short chips.

Knows the kinds and units of facets, not their names: it serves any catalogue.
"""

from collections.abc import Mapping

from retrieval.types import Facet, Fact, Schema

MOST_CHIPS = 6
_GRAMS = frozenset({"g", "gram", "grams"})
_MINUTES = frozenset({"min", "minute", "minutes"})
_INCHES = frozenset({"in", "inch", "inches", '"'})
# Facet names whose last word is the unit again ("ram_gb"): the rest tells what the number is of.
_UNIT_WORDS = frozenset({"gb", "tb", "mb", "g", "kg", "in", "mm", "cm", "usd", "min", "minutes"})
# Words that are said letter by letter.
_SPELLED = frozenset({"cpu", "gpu", "os", "ram", "ssd", "usb"})


def year_facet(schema: Schema) -> Facet | None:
    """Return the facet that holds the year an item is from, if the catalogue has one."""
    numbers = [f for f in schema.facets if f.kind == "number"]
    return next((f for f in numbers if f.name == "year"), None) or next(
        (f for f in numbers if f.unit == "year"), None
    )


def year_of(schema: Schema, facts: Mapping[str, Fact]) -> str:
    """Return an item's year in digits, empty where it is unknown."""
    facet = year_facet(schema)
    value = facts.get(facet.name) if facet else None
    return f"{value:.0f}" if isinstance(value, int | float) else ""


def theme_of(schema: Schema, facts: Mapping[str, Fact]) -> str:
    """Return the value of the first category facet: what an item's picture is drawn from.

    "drama" says little of a film, so another value stands before it where there is one.
    """
    facet = next((f for f in schema.facets if f.kind == "category"), None)
    values = words_of(facts.get(facet.name)) if facet else ()
    return next((v for v in values if v != "drama"), values[0] if values else "")


def byline(schema: Schema, facts: Mapping[str, Fact]) -> str:
    """Return who made an item: the first name of the first people facet, or the second category."""
    people = next((f for f in schema.facets if f.kind == "people"), None)
    if people:
        return next(iter(words_of(facts.get(people.name))), "")
    categories = [f for f in schema.facets if f.kind == "category"][1:2]
    return next((v for f in categories for v in words_of(facts.get(f.name))), "")


def label(facet: str) -> str:
    """Return a facet's name in words, without the unit that it may end in."""
    words = facet.replace("-", "_").split("_")
    if len(words) > 1 and words[-1].lower() in _UNIT_WORDS:
        words = words[:-1]
    return " ".join(w.upper() if w.lower() in _SPELLED else w for w in words)


def measure(facet: Facet, value: float) -> str:
    """Return a number in its unit as a chip writes it: "2 h 5 min", "$1,299", "1.2 kg"."""
    unit = facet.unit
    number = f"{value:g}" if abs(value) < 100_000 else f"{value:,.0f}"
    if unit in ("year", "") and facet.name == "year":
        return f"{value:.0f}"
    if unit in _MINUTES:
        hours, minutes = divmod(round(value), 60)
        parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else "")
        return " ".join(part for part in parts if part)
    if unit in ("USD", "$"):
        return f"${value:,.0f}" if float(value).is_integer() else f"${value:,.2f}"
    if unit in _GRAMS:
        return f"{value / 1000:.6g} kg" if value >= 1000 else f"{number} g"
    if unit in _INCHES:
        return f"{number}″"
    if unit.upper() in ("GB", "TB", "MB"):
        amount = (
            f"{value / 1000:g} TB"
            if unit.upper() == "GB" and value >= 1000
            else (f"{number} {unit.upper()}")
        )
        return f"{amount} {label(facet.name)}"
    return f"{number} {unit}".strip() if unit else f"{label(facet.name)} {number}"


def chips(
    schema: Schema, facts: Mapping[str, Fact], title: str = "", most: int = MOST_CHIPS
) -> tuple[str, ...]:
    """Return an item's key facts in words, at most `most`, in the order of the schema.

    The year stands in the title line and tags are themes, so neither is among them; nor is a
    word that the title says already, such as a brand.
    """
    year = year_facet(schema)
    found: list[str] = []
    for facet in schema.facets:
        value = facts.get(facet.name)
        if value is None or facet is year or facet.kind == "tags":
            continue
        if isinstance(value, int | float):
            found.append(measure(facet, float(value)))
        elif facet.kind == "people":
            names = words_of(value)
            if names and not any(f.kind == "people" for f in _before(schema, facet)):
                found.append(", ".join(names[:2]))
        else:
            found.extend(words_of(value)[:3])
    said = title.casefold()
    return tuple(dict.fromkeys(w for w in found if w.casefold() not in said))[:most]


def _before(schema: Schema, facet: Facet) -> tuple[Facet, ...]:
    return schema.facets[: schema.facets.index(facet)]


def words_of(value: Fact) -> tuple[str, ...]:
    """Return the words of a fact, one for each of its values; none of a number."""
    if value is None or isinstance(value, int | float):
        return ()
    return (value,) if isinstance(value, str) else value

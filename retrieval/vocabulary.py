"""Words that people use for common facet values and for comparing quantities.

A catalogue's YAML takes a theme by name; its own synonyms go before these.
Knows nothing of any one catalogue.
"""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

import yaml

from retrieval.words import stem_key

Theme = Literal["genres", "countries", "languages", "products", "systems", "colors"]
THEMES: tuple[Theme, ...] = get_args(Theme)
EVERYDAY = "everyday"  # words for values of any catalogue

# Unit or name of a number → (less, more); the first match counts.
_COMPARED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("year", ("older", "earlier"), ("newer", "more recent", "later")),
    ("price", ("cheaper", "less expensive", "more affordable"), ("more expensive", "pricier")),
    ("cost", ("cheaper", "less expensive"), ("more expensive", "pricier")),
    ("minutes", ("shorter",), ("longer",)),
    ("pages", ("shorter", "thinner"), ("longer", "thicker")),
    ("weight", ("lighter",), ("heavier",)),
    ("screen", ("smaller screen",), ("bigger screen", "larger screen")),
    ("ram", ("less memory",), ("more memory", "more ram")),
    ("storage", ("less storage",), ("more storage", "more space")),
    ("ratings_count", ("less known", "more obscure"), ("more popular", "better known")),
    ("votes", ("less known", "more obscure"), ("more popular", "better known")),
    ("review", ("less known", "more obscure"), ("more popular", "better known")),
    ("popularity", ("less known", "more obscure"), ("more popular", "better known")),
    ("stars", ("fewer stars",), ("more stars", "better")),
    ("score", ("worse rated",), ("better", "better rated", "higher rated")),
    ("rating", ("worse rated",), ("better", "better rated", "higher rated")),
    ("salary", ("lower paid",), ("better paid", "higher paid")),
    ("wage", ("lower paid",), ("better paid", "higher paid")),
    ("rent", ("cheaper",), ("more expensive",)),
    ("duration", ("shorter", "quicker"), ("longer",)),
    ("time", ("quicker", "shorter"), ("longer", "slower")),
    ("height", ("shorter", "lower"), ("taller", "higher")),
    ("length", ("shorter",), ("longer",)),
    ("width", ("narrower",), ("wider",)),
    ("distance", ("closer", "nearer"), ("farther", "further away")),
    ("area", ("smaller",), ("bigger", "larger")),
    ("size", ("smaller",), ("bigger", "larger")),
    ("alcohol", ("weaker",), ("stronger",)),
    ("abv", ("weaker",), ("stronger",)),
    ("calories", ("fewer calories", "lighter"), ("more calories",)),
    ("kcal", ("fewer calories", "lighter"), ("more calories",)),
    ("battery", ("smaller battery",), ("bigger battery", "longer lasting")),
    ("speed", ("slower",), ("faster",)),
    ("power", ("weaker",), ("stronger", "more powerful")),
    ("difficulty", ("easier",), ("harder",)),
    ("complexity", ("easier", "simpler"), ("harder", "more complex")),
    ("weight", ("lighter",), ("heavier",)),
    ("usd", ("cheaper",), ("more expensive",)),
    ("eur", ("cheaper",), ("more expensive",)),
    ("gbp", ("cheaper",), ("more expensive",)),
    ("inr", ("cheaper",), ("more expensive",)),
)


def comparatives(name: str, unit: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that compare a number downwards and upwards, ((), ()) if unknown."""
    where = f"{name} {unit}".casefold()
    for word, less, more in _COMPARED:
        if word in where:
            return less, more
    return (), ()


@functools.lru_cache(maxsize=1)
def _themes() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    path = Path(__file__).parent / "catalogs" / "vocabulary.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    everyday = path.with_name("everyday.yaml").read_text(encoding="utf-8")
    raw[EVERYDAY] = yaml.load(everyday, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        theme: {value: tuple(words) for value, words in values.items()}
        for theme, values in raw.items()
    }


def theme_of(name: str, values: Sequence[str]) -> Theme | None:
    """Return the theme that a facet belongs to: by its name, or if it has half of the values."""
    spelled = {stem_key(value) for value in values}
    for theme in THEMES:
        known = {stem_key(k) for k in _themes()[theme] if "+" not in k and "|" not in k}
        overlap = len(spelled & known)
        if overlap and (stem_key(theme) == stem_key(name) or overlap >= 0.5 * len(spelled)):
            return theme
    return None


def synonyms_of(theme: str, values: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return a theme's words for those of its values that are given, spelled as they are given.

    A key `a + b` needs all of its values; of `a | b` the given ones are kept.
    """
    spelled = {stem_key(value): value for value in reversed(values)}
    found: dict[str, tuple[str, ...]] = {}
    for key, words in _themes()[theme].items():
        mark = "+" if "+" in key else "|"
        parts = [spelled.get(stem_key(part)) for part in key.split(mark)]
        here = [part for part in parts if part is not None]
        if len(here) == len(parts) or (mark == "|" and here):
            ways = tuple(word for word in words if stem_key(word) not in spelled)
            found[f" {mark} ".join(here)] = (*found.get(f" {mark} ".join(here), ()), *ways)
    return {key: ways for key, ways in found.items() if ways}

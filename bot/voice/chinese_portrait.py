"""An item in a Chinese phrase: the wishes that it meets, in the order that Chinese has them.

"1999年的法国爱情片，片长101分钟，Nora Ephron执导，没有恐怖元素". A classifier and noun come
first, clauses after; names of facets come from the wordings. Knows no sentences.
"""

from collections.abc import Sequence

from bot.voice.facet_names import MAKERS, PERFORMERS
from bot.voice.phrasing import Phrases
from retrieval.types import Facet, Schema

_GENRES = frozenset({"genre", "genres"})
_ORIGINS = frozenset({"country", "countries", "origin"})
_BEFORE = frozenset({"brand", "color", "colour", "material", "cuisine"})
_FILMS = frozenset({"film", "movie", "films", "movies"})


def chinese_phrase(
    pairs: Sequence[tuple[str, str]],
    wishes: Sequence[str],
    kind: str,
    schema: Schema,
    speak: Phrases,
) -> str:
    """Return facts and free wishes as one Chinese noun phrase with clauses.

    Parameters
    ----------
    pairs
        (facet, words), the words in Chinese already; "没有…" for what is not there.
    wishes
        Free wishes in the person's words.
    kind
        What sort of thing the item is, where the catalogue has sorts, else empty.
    """
    before: list[tuple[int, str]] = []
    clauses: list[str] = []
    counter, noun = _noun(kind, schema, speak)
    for name, words in pairs:
        facet = schema.facet(name) or Facet(name, "category")
        place = _before(facet, words, noun)
        if place is not None:
            before.append(place)
        elif words != noun:
            clauses.append(chinese_clause(facet, words, speak))
    if wishes:
        clauses.append("合你说的" + speak.join([speak.quote(speak.one_value(w)) for w in wishes]))
    is_film = schema.item in _FILMS
    head = "".join(words for _, words in sorted(before, key=lambda b: b[0]))
    if is_film and head.endswith("片"):
        noun = ""
    return "，".join([f"一{counter}{head}{noun}", *clauses])


def _noun(kind: str, schema: Schema, speak: Phrases) -> tuple[str, str]:
    """Return the classifier and the noun: ("部", "电影")."""
    own = speak.noun(schema)
    counter, noun = own[:1], own[1:]
    return counter, speak.one_value(kind) if kind else noun


def _before(facet: Facet, words: str, noun: str) -> tuple[int, str] | None:
    """Return a fact that stands before the noun with its place there, or None."""
    if words.startswith(("没有", "不")):
        return None
    name = facet.name.lower()
    if facet.unit == "year":
        return 0, f"{words}年的"
    if name in _ORIGINS:
        return 1, words
    if name in _BEFORE:
        return 2, words if _ends_chinese(words) else f" {words} "
    if name in _GENRES:
        return 3, f"{words}片" if noun == "电影" and not words.endswith("片") else words
    return None


def chinese_clause(facet: Facet, words: str, speak: Phrases) -> str:
    """Return a fact as a clause behind the noun."""
    name = facet.name.lower()
    if words.startswith(("没有", "不")):
        return f"{words}元素" if name in _GENRES and words.startswith("没有") else words
    if name in PERFORMERS:
        return f"{words}主演"
    if name == "director":
        return f"{words}执导"
    if name in MAKERS:
        return f"{speak.facet(facet)}是{words}"
    if name == "language":
        return f"对白是{words}" if words != "默片" else "是默片"
    if words.startswith(speak.facet(facet)):
        return words
    gap = "" if facet.kind == "number" else "是"
    return f"{speak.facet(facet)}{gap}{words}"


def _ends_chinese(words: str) -> bool:
    return bool(words) and "\u3400" <= words[-1] <= "\u9fff"

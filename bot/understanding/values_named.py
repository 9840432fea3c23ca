"""Which values of the catalogue words name: a facet's own, another's, or a theme.

Knows the catalogue's values; nothing of a message or of wishes held.
"""

import re
from collections.abc import Iterable

from bot.quantity.quantities import count
from bot.quantity.units import lists_numbers
from bot.shelves.catalogue import Catalogue, Linked
from bot.understanding.glossary import in_english
from retrieval.types import Facet, Op, Schema

_EXACT = 99.0
_ARTICLE = re.compile(r"^(?:the|an?) ", re.IGNORECASE)
_SOME = re.compile(
    r"^(?:with )?(?:(?:a (?:bit|little|lot|touch)|lots|plenty|loads) of |(?:some|more|much) )+",
    re.IGNORECASE,
)
_SAFE = re.compile(r"\bsafe\b|\bnon-?\s?\w|\bharmless\b|\bfriendly\b|-free\b|无毒|安全", re.I)
_DANGER = re.compile(r"toxic|poison|harmful|hazard|danger|allergen|\bcontains\b|有毒", re.I)
_YOUNG = re.compile(  # "my 5 and 7 year olds", "her 8th birthday"
    r"\b(?:[1-9]|1[0-2])[- ]?(?:years?|yrs?|yo)\b[- ]?(?:olds?)?"
    r"|\b(?:[1-9]|1[0-2])(?:st|nd|rd|th) birthday|\b(?:toddlers?|preschoolers?|little ones)\b"
    r"|\b(?:four|five|six|seven|eight|nine|ten)[- ]years?[- ]olds?\b|[一二三四五六七八九十]岁",
    re.IGNORECASE,
)


def linked(facet: Facet, words: str, index: Catalogue) -> tuple[str, Linked] | None:
    """Return the values that words name: in the facet, else exactly in another category."""
    words = in_english(words) or words
    number = count(words) if lists_numbers(facet) else None
    if number is not None and str(number) in facet.values:
        words = str(number)
    own = index.values.link(facet.name, words) if facet.kind != "people" else None
    if own is not None:
        return facet.name, own
    for other in index.schema.facets:
        if other.kind == "category" and other.name != facet.name:
            found = index.values.link(other.name, words)
            if found is not None and found.score >= _EXACT:
                return other.name, found
    return None


def turned(op: Op, words: str, values: Iterable[str]) -> Op:
    """Return the operator that words mean of a danger that they say is absent: "safe for pets".

    What a catalogue files as "toxic to pets" is then not wanted.
    """
    safe = _SAFE.search(words) and any(_DANGER.search(value) for value in values)
    return ("=" if op == "!=" else "!=") if safe and op in ("=", "!=") else op


def rarest(schema: Schema, facet: str, values: tuple[str, ...]) -> str:
    """Return the value that the fewest items have; a facet lists its values by frequency."""
    known = schema.facet(facet)
    order = known.values if known else ()
    return max(values, key=lambda v: order.index(v) if v in order else -1)


def value_of(words: str, index: Catalogue, wanted: bool) -> tuple[Facet, Linked] | None:
    """Return the one facet, with the values, that a whole free phrase names exactly, or None.

    What children need is "kids" where it is wanted: "for a toddler".
    """
    exact = _exact(words, index) or _exact(_ARTICLE.sub("", words), index)
    exact = exact or _exact(_SOME.sub("", words), index)
    if wanted and not exact and young(words):
        exact = _exact("kids", index)
    firm = [pair for pair in exact if pair[0].kind != "tags"]
    return firm[0] if len(firm) == 1 else exact[0] if exact and not firm else None


def young(words: str) -> bool:
    """Tell whether words speak of a small child: "my 8 year old"."""
    return _YOUNG.search(words) is not None


def _exact(words: str, index: Catalogue) -> list[tuple[Facet, Linked]]:
    """Return the facets that a whole phrase names a value of, with the values."""
    whole = len(words)
    names = {m.facet for m in index.values.mentions(words) if m.end - m.start == whole}
    return [
        (facet, found)
        for facet in index.schema.facets
        if facet.name in names
        and (facet.kind != "people" or " " in words)
        and (found := index.values.link(facet.name, words))
        and found.score >= _EXACT
    ]

"""Which facet the words beside a name speak for: made by or played by, a country or its language.

Knows no model; it mends facets that a reading got wrong against plain words. Only facets that the
catalogue knows the name under are chosen among.
"""

import re
from collections.abc import Collection

from bot.reading import Added

_MADE = re.compile(
    r"(?:\b(?:directed|made|shot|filmed|written|helmed) by|\bdirectors?:?|(?<!opposite )\bby)"
    r"\s+(?:the )?$",
    re.IGNORECASE,
)
_MADE_AFTER = re.compile(r"\s*(?:directed|as (?:the )?director|导演的?|执导)", re.IGNORECASE)
_PLAYED = re.compile(
    r"\b(?:with|starring|stars|featuring|actors?:?|actress(?:es)?:?|played by|has)\s+(?:the )?$",
    re.IGNORECASE,
)
_PLAYED_AFTER = re.compile(r"\s*(?:acting|in (?:it|the cast)|stars|主演|演的)", re.IGNORECASE)
_SPOKEN = re.compile(
    r"(?:\b(?:in|speaks?|speaking|spoken(?: in)?|dubbed(?: in(?:to)?)?|talks?|language:?)|说|讲)"
    r"\s*$",
    re.IGNORECASE,
)
_SUBTITLES = re.compile(r"\bsubtitl\w+|\bsubs\b|\bdubbed\b|字幕|配音", re.IGNORECASE)
_SPOKEN_AFTER = re.compile(
    r"[\s-]*(?:language|speaking|spoken|dialogue|dub\w*|audio|track)|[语文話话]", re.IGNORECASE
)


def cued(text: str, one: Added, known: Collection[str]) -> Added:
    """Return a constraint on a name under the facet that the words beside it speak for.

    Parameters
    ----------
    text
        The message.
    one
        The constraint as read.
    known
        The facets that the catalogue knows the name under.
    """
    start = text.find(one.text)
    if start < 0:
        return one
    before, after = text[:start], text[start + len(one.text) :]
    facet = None
    if {"director", "cast"} <= set(known):
        if _MADE.search(before) or _MADE_AFTER.match(after):
            facet = "director"
        elif _PLAYED.search(before) or _PLAYED_AFTER.match(after):
            facet = "cast"
    elif {"country", "language"} <= set(known):
        beside = _SPOKEN.search(before) or _SPOKEN_AFTER.match(after) or _SUBTITLES.search(text)
        spoken = beside or one.text[-1:] in "语文話话"
        facet = "language" if spoken else "country"
    return one if facet is None else one.model_copy(update={"facet": facet})

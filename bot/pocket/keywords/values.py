"""Values that a message names: hints, glossed Chinese words, near spellings, people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.pocket.keywords.glossed import glossed
from bot.pocket.keywords.message import Message, Spot
from retrieval.types import Facet

_TONGUE = re.compile(r"(?:\bin|speak\w*|dubbed in|subtitled in)\s+$|(?:讲|说)$")
_TONGUE_AFTER = re.compile(
    r"^(?:[- ](?:language|speaking|dialogue|audio|dub|subtitles?|subs)|语|话)"
)
_BY = re.compile(
    r"\b(?:by|from|direct\w*(?: by)?|made by|director)\s+(?:the )?(?:director )?$|导演的?$"
)
_ORDINARY = frozenset("long good love time show young best king queen moon stone".split())
_WITH = re.compile(r"\b(?:with|w/|starring|stars|actor|actress|featuring)\s+$")
_DIRECTS = re.compile(
    r"^(?:'s)?\s*(?:direct|films? that|made\b)|^(?:导演|执导|拍的|导的|的(?:电影|片))"
)
_PERSON = r"((?:[A-Z][\w.'’-]+)(?: (?:[A-Z][\w.'’-]*|de|van|von|del|la))*)"
_PLAYS = re.compile(rf"\b(?:with|starring|stars|actor|actress|featuring|has)\s+{_PERSON}")
_MAKES = re.compile(rf"\b(?:by|directed by|director|designed by|author|from)\s+{_PERSON}")


@dataclass(frozen=True)
class Value:
    """Words that name a value of a facet."""

    facet: str
    spot: Spot
    english: str


def values(message: Message, taken: Sequence[Spot]) -> list[Value]:
    """Return the values that a message names, in its order, outside the places taken."""
    found: list[Value] = []
    places = list(taken)
    for one in (*_hinted(message), *_chinese(message), *_near(message), *_people(message)):
        if not one.spot.meets(places):
            found.append(one)
            places.append(one.spot)
    return sorted(found, key=lambda v: v.spot.start)


def _hinted(message: Message) -> Iterator[Value]:
    """Yield one facet for each hinted place, the longest places first."""
    schema = message.situation.schema
    kinds = {f.name: f.kind for f in schema.facets}
    hints = [
        h for h in message.situation.hints if kinds.get(h.facet or "") in ("category", "people")
    ]
    for hint in sorted(hints, key=lambda h: (h.start - h.end, h.start)):
        spot = Spot(hint.start, hint.end)
        words = message.words(spot)
        rival = [h.facet or "" for h in hints if (h.start, h.end) == (hint.start, hint.end)]
        person = kinds[hint.facet or ""] == "people"
        if person and " " not in words and (len(words) < 4 or words in _ORDINARY):
            continue
        if words in ("nothing", "wins"):
            continue
        yield Value(_choice(message, spot, list(dict.fromkeys(rival))), spot, hint.value)


def _choice(message: Message, spot: Spot, facets: Sequence[str]) -> str:
    """Return the facet that the words around a value speak for."""
    before, after = message.low[: spot.start], message.low[spot.end :]
    if "language" in facets and len(facets) > 1:
        spoken = _TONGUE.search(before) or _TONGUE_AFTER.match(after)
        return "language" if spoken else next(f for f in facets if f != "language")
    if "director" in facets or "cast" in facets:
        made = _BY.search(before) or _DIRECTS.match(after)
        if made and message.situation.schema.facet("director"):
            return "director"
        plays = _WITH.search(before) and message.situation.schema.facet("cast")
        return "cast" if plays or ("cast" in facets and not made) else facets[0]
    return "kind" if "kind" in facets else facets[0]


def _chinese(message: Message) -> Iterator[Value]:
    """Yield Chinese words whose English is a value of a facet, or a person."""
    facets = message.situation.schema.facets
    names = {f.name for f in facets}
    for word in glossed(message.text):
        spot = Spot(word.start, word.end)
        if word.sort == "people":
            acts = re.match(r"^(?:主?演|演的|出演)", message.low[spot.end :])
            if {"cast", "director"} <= names:
                known = (
                    "director" if not acts and _DIRECTS.match(message.low[spot.end :]) else "cast"
                )
                yield Value(known, spot, word.english)
            continue
        if word.sort == "languages" and "language" in names:
            yield Value("language", spot, word.english)
            continue
        if word.sort == "countries" and "country" in names:
            yield Value("country", spot, word.english)
            continue
        for facet in facets:
            if facet.kind == "category" and word.english.lower() in _forms(facet):
                yield Value(facet.name, spot, word.english)
                break


def _forms(facet: Facet) -> set[str]:
    synonyms = (s for forms in facet.synonyms.values() for s in forms)
    return {w.lower() for w in (*facet.values, *synonyms)}


def _near(message: Message) -> Iterator[Value]:
    """Yield words that share their stem with a value ("wooden" for wood, "softish" for soft)."""
    for match in re.finditer(r"[a-z]{4,}", message.low):
        for facet in message.situation.schema.facets:
            if facet.kind != "category" or len(facet.values) > 60:
                continue
            value = next((v for v in facet.values if _same_stem(match[0], v.lower())), None)
            if value is not None:
                yield Value(facet.name, Spot(match.start(), match.end()), value)
                break


def _same_stem(word: str, value: str) -> bool:
    if " " in value or len(value) < 4:
        return False
    short, long = sorted((word, value), key=len)
    if len(long) - len(short) > 4:
        return False
    stem = len(short) > 6 and len(long) - len(short) <= 2 and long.startswith(short[:-1])
    return long.startswith(short) or stem


def _people(message: Message) -> Iterator[Value]:
    """Yield capitalised names behind "with" or "by" that the catalogue does not know."""
    people = [f.name for f in message.situation.schema.facets if f.kind == "people"]
    if not people or message.text.isupper():
        return
    playing = "cast" if "cast" in people else people[-1]
    making = next((p for p in people if p not in ("cast", "artist", "played_by")), people[0])
    for pattern, facet in ((_PLAYS, playing), (_MAKES, making)):
        for match in pattern.finditer(message.text):
            if " " in match[1] or len(people) == 1:
                yield Value(facet, Spot(match.start(1), match.end(1)), match[1])

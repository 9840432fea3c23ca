"""Comparatives that a reading got wrong against plain words: "too old", and a bound beside one.

Knows no model.
"""

import re
from collections import Counter
from collections.abc import Sequence

from bot.llm.base import Situation
from bot.pocket.measured import measured
from bot.quantity.units import is_money
from bot.reading import Added, Compared, Reading
from bot.types import Direction
from retrieval.types import Facet, Op

_MORE = re.compile(r"\bmore (?P<word>[a-z]+)", re.IGNORECASE)
_SUPERLATIVE = re.compile(r"\b(?P<stem>[a-z]{3,})est\b", re.IGNORECASE)
_TOO = re.compile(  # "too old", "not that old", "no old stuff"
    r"\b(?:too(?: much| very)?|(?:not|no|nothing|isn['’]?t|aren['’]?t|don['’]?t)"
    r"(?: (?:not|that|so|too|much|very|any|those|these|such|all|be|want))*) (?P<word>[a-z]+)",
    re.IGNORECASE,
)
_SAME = re.compile(r"\bsame\b|一样|同样|相同", re.IGNORECASE)
_AS_COMPARED = {"best": "better", "worst": "worse", "most": "more", "least": "less"}
_DEGREE = frozenset({"too", "much", "very", "so", "really", "that", "overly", "all"})
_CHEAP = re.compile(
    r"\b(?:cheap(?:er|est|o|ish)?|inexpensive|affordable|pric(?:e?y|ier|iest)|(?:less |more |most "
    r"|least )?(?:expensive|costly)|low(?:er|est)[- ]priced?|bargains?|budget|good value)\b"
    r"|便宜|实惠|划算|性价比|省钱|[太最更很]贵",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:half|third|quarter|twice|double|times|percent) (?:of |as |the |that |its )|%"
)
_LIST = re.compile(
    r"\s*(?:,|/|&|\+|、|，|\b(?:and|or|but|plus)\b)\s*"
    r"(?:(?:and|or|but|also|much|even|way|a (?:bit|little)|slightly|maybe|ideally|preferably)\s+)*"
)
_BOUNDS = (">=", "<=", "<>", "=", "~")


def compared_rightly(
    situation: Situation, read: Sequence[Compared], added: Sequence[Added]
) -> tuple[Compared, ...]:
    """Return the comparatives of a reading as its message bears them out.

    "Too old" asks for newer ones; "too old, from 1980 on" says how new, so that nothing is left to
    compare. "The same budget" compares nothing: it is held already.
    """
    said = {m["word"].lower() for m in _TOO.finditer(situation.text)}
    bounded = {a.facet for a in added if a.op in _BOUNDS}
    found = []
    for one in read:
        if _SAME.search(one.text):
            continue
        one = _of_its_word(situation, one)
        if one.facet in bounded and one.direction in ("less", "more", "low", "high"):
            continue  # "too costly, under 2000": it says how much
        facet = situation.schema.facet(one.facet)
        way = next((w for word in said if facet and (w := _too(facet, word))), None)
        if way is None:
            found.append(one)
        elif one.facet not in bounded:
            found.append(one.model_copy(update={"direction": way}))
    return tuple(found)


def listed(
    situation: Situation, read: Sequence[Compared], added: Sequence[Added]
) -> tuple[Compared, ...]:
    """Return the comparatives of a reading with those beside them in a list: "cheaper, lighter"."""
    text = situation.text.lower()
    found = [*read]
    for one in found:  # grows: the third stands beside the second
        start = text.find(one.text.lower())
        taken = {r.facet for r in found} | {a.facet for a in added}
        if start < 0 or one.direction not in ("less", "more"):
            continue
        for direction, word, facet in _words(situation.schema.facets):
            for place in re.finditer(rf"\b{re.escape(word)}\b", text):
                apart = text[start + len(one.text) : place.start()]
                before = text[place.end() : start]
                if facet not in taken and (_LIST.fullmatch(apart) or _LIST.fullmatch(before)):
                    found.append(Compared(facet=facet, direction=direction, text=word))
                    taken.add(facet)
    return tuple(found)


def _words(facets: Sequence[Facet]) -> list[tuple[Direction, str, str]]:
    """Return the comparatives of one facet alone, with their directions."""
    numbers = [f for f in facets if f.kind == "number"]
    said: list[tuple[Direction, str, str]] = []
    for f in numbers:
        said += [("less", w.lower(), f.name) for w in f.less]
        said += [("more", w.lower(), f.name) for w in f.more]
    times = Counter(word for _, word, _ in said)
    return [one for one in said if times[one[1]] == 1]


def counted_out(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the amounts that it took for comparatives as the bounds they are.

    "Short, I have only one hour and a half" is at most that; "not too much old" is a comparison
    and no theme to avoid.
    """
    add, relative, avoid = [*reading.add], [], []
    numbers = [f for f in situation.schema.facets if f.kind == "number"]
    for one in reading.relative:
        if one.facet in measured(numbers, one.text) and not _PART.search(one.text.lower()):
            op: Op = "<=" if one.direction in ("less", "low", "min") else ">="
            add.append(Added(facet=one.facet, op=op, text=one.text))
        else:
            relative.append(one)
    for words in reading.avoid:
        rest = [w for w in re.findall(r"[a-z]+", words.lower()) if w not in _DEGREE]
        ways = {f.name: w for f in numbers if len(rest) == 1 and (w := _too(f, rest[0]))}
        known = {a.facet for a in add} | {r.facet for r in relative}
        if not ways:
            avoid.append(words)
        elif not known & set(ways):
            facet, way = next(iter(ways.items()))
            relative.append(Compared(facet=facet, direction=way, text=words))
    update = {"add": tuple(add), "relative": tuple(relative), "avoid": tuple(avoid)}
    return reading.model_copy(update=update)


def priceless(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with words of price under no facet, where a catalogue has no prices.

    What is under no facet is told to be unknown.
    """
    if any(is_money(f) for f in situation.schema.facets):
        return reading
    said = _CHEAP.search(situation.text)
    compared = [c for c in reading.relative if _CHEAP.search(c.text)]
    added = [a for a in reading.add if _CHEAP.fullmatch(a.text)]
    wished = [w for w in reading.wish if _CHEAP.fullmatch(w)]
    if said is None or not (compared or wished or added):
        return reading
    unknown = Added(facet="price", op="=", text=said.group())
    update = {
        "add": (*(a for a in reading.add if a not in added), unknown),
        "relative": tuple(c for c in reading.relative if c not in compared),
        "wish": tuple(w for w in reading.wish if w not in wished),
    }
    return reading.model_copy(update=update)


def _of_its_word(situation: Situation, one: Compared) -> Compared:
    """Return a comparative under the facet, and the way, that its own word is known for.

    "The newest" is of the year, whatever it was read of; "more short" is shorter; what is "best
    rated" is better rated, whatever counts the ratings.
    """
    first, _, rest = one.text.lower().removeprefix("the ").partition(" ")
    if one.direction in ("min", "max") and first in _AS_COMPARED:
        return _called(situation, one, f"{_AS_COMPARED[first]} {rest}".strip())
    superlative = _SUPERLATIVE.search(one.text)
    if superlative is None:
        facet = situation.schema.facet(one.facet)
        shorter = {w for m in _MORE.finditer(situation.text) for w in _compared(m["word"].lower())}
        less = facet is not None and bool(shorter & set(facet.less))
        return one.model_copy(update={"direction": "less"}) if less else one
    return _called(situation, one, f"{superlative['stem'].lower()}er")


def _called(situation: Situation, one: Compared, word: str) -> Compared:
    """Return a superlative under the one facet that a comparative is known for, if there is one."""
    known = [(f.name, "min") for f in situation.schema.facets if word in f.less]
    known += [(f.name, "max") for f in situation.schema.facets if word in f.more]
    if len(known) != 1:
        return one
    return one.model_copy(update={"facet": known[0][0], "direction": known[0][1]})


def _compared(word: str) -> set[str]:
    """Return how an adjective may be compared: short → shorter, light → lighter, big → bigger."""
    return {f"{word}er", f"{word}r", f"{word[:-1]}ier", f"{word}{word[-1:]}er"}


def _too(facet: Facet, word: str) -> Direction | None:
    """Return where "too <word>" leads: away from what the facet's own comparatives say."""
    stem = word[:-1] if word.endswith(("e", "y")) else word
    if any(w.startswith(stem) or f" {word}" in w for w in facet.more):
        return "less"
    return "more" if any(w.startswith(stem) or f" {word}" in w for w in facet.less) else None

"""Which items a message points at: by place ("the second one", "1 and 3") or by name ("the LG").

Knows no model; it mends the item numbers of a reading.
"""

import re

from bot.checking.names import everyday
from bot.llm.base import Situation
from bot.pocket.unread import places
from bot.reading import ROLES, Reading

ORDINALS = (
    r"\b(?:first|1st|former|number one)\b|#1\b|\b(?:number|no\.?|nr) ?1\b|第[一1]|头一",
    r"\b(?:second|2nd|scnd|middle|number two)\b|#2\b|\b(?:number|no\.?|nr) ?2\b|第[二2]|中间那",
    r"\b(?:third|3rd|number three)\b|#3\b|\b(?:number|no\.?|nr) ?3\b|第[三3]",
    r"\b(?:fourth|4th|number four)\b|#4\b|第[四4]",
    r"\b(?:fifth|5th|number five)\b|#5\b|第[五5]",
)
LAST = re.compile(
    r"\b(?:the last|last one|the latter|bottom one)\b|最后[一那]|最后的?[部个款台本首]",
    re.IGNORECASE,
)
SEVERAL = re.compile(
    r"\b(?:(?P<first>first|top|former)|last|latter|bottom) (?P<many>two|three|four|2|3|4|couple)\b"
    r"|(?:(?P<first_zh>前|头)|后|最后)(?P<many_zh>[两二三四234])[部个款台本首]?",
    re.IGNORECASE,
)
NUMBERS = {"two": 2, "couple": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4} | dict(
    zip("两二三四", (2, 2, 3, 4), strict=True)
)
DIGIT = re.compile(
    r"(?<![\w.,$€£'-])[1-5](?=\s*(?:$|[?,.!&]\s|[?!]|and\b|or\b|vs\b|which\b|than\b|is\b))"
)
THESE = re.compile(
    r"\b(?:it|its|it's|this|that|these|those|them|they|one|ones|both)\b|[它这那]", re.IGNORECASE
)
EITHER = re.compile(
    r"(?:^|[,:?]|\b(?:the|compare|between|is|than|or))\s*(?:the )?(?P<one>[^,:?]{2,40}?)"
    r" (?:or|and|vs\.?|versus) (?:the )?(?P<other>[^,:?.!]{2,40})",
    re.IGNORECASE,
)
WHY_NOT = re.compile(
    r"\bwhy (?:did(?:n['’]?t| not) you (?:pick|choose|show|suggest|recommend)|not) (?:me )?"
    r"(?:the |an? )?(?P<one>[^,.?!]{3,40})",
    re.IGNORECASE,
)
DESCRIBED = re.compile(r"\b(?:the|that) (?:[a-z-]+ ){1,3}?one\b(?! of)", re.IGNORECASE)
POINTING = ("answer", "compare", "accept", "explain")


def ordinals(text: str, count: int) -> list[str]:
    """Return the shown items that a message points at by their place, in its order."""
    found: list[tuple[int, int]] = []
    for index, pattern in enumerate(ORDINALS[:count]):
        found += [(m.start(), index + 1) for m in re.finditer(pattern, text, re.IGNORECASE)]
    if count:
        found += [(m.start(), count) for m in LAST.finditer(text)]
    return [f"#{n}" for _, n in sorted(found)]


def _several(text: str, count: int) -> list[str]:
    """Return the shown items that a message points at in a row: "the first two"."""
    found = SEVERAL.search(text)
    if found is None:
        return []
    many = NUMBERS.get((found["many"] or found["many_zh"]).lower(), 0)
    places = (
        range(1, many + 1)
        if found["first"] or found["first_zh"]
        else range(count - many + 1, count + 1)
    )
    return [f"#{n}" for n in places] if 0 < many <= count else []


def _digits(text: str, count: int) -> list[str]:
    """Return the shown items that bare digits point at: "who's in 2", "between 1 and 3"."""
    found = [int(m.group()) for m in DIGIT.finditer(text)]
    return [f"#{n}" for n in found] if found and max(found) <= count else []


def called(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the items that its message calls by name.

    A question or a choice is about the titles that it names; "the LG" is the one item shown whose
    title holds that word.
    """
    if any(ordinals(situation.text, len(situation.shown))):
        return reading
    if reading.act in POINTING:
        named = [r for r in reading.refers if not r.startswith("#")]
        named += _titles(situation, reading)
        named = _sides(situation, reading, named)
        enough = len(named) > (reading.act == "compare")
        beside = () if enough and not THESE.search(situation.text) else reading.refers
        if named:
            refers = tuple(dict.fromkeys((*beside, *named)))
            return reading.model_copy(update={"refers": refers})
    if reading == Reading(act="recommend"):  # a title and nothing that is wanted of it
        return reading.model_copy(update={"refers": tuple(_titles(situation, reading))})
    read = [(role, r) for role in ROLES for r in getattr(reading, role)]
    one = _distinct(situation)
    if one is None or len(read) != 1 or not re.fullmatch(r"#\d", read[0][1]):
        return reading
    return reading.model_copy(update={read[0][0]: (one,)})


def _sides(situation: Situation, reading: Reading, named: list[str]) -> list[str]:
    """Return the names with what stands beside one in an "or", or is asked for by "why not"."""
    if reading.act == "compare" and len(named) == 1:
        for found in EITHER.finditer(situation.text):
            pair = [found["one"].strip(), found["other"].strip()]
            if any(named[0] in side or side in named[0] for side in pair):
                return pair
    missed = WHY_NOT.search(situation.text)
    if reading.act == "explain" and not named and missed and not THESE.search(missed["one"]):
        return [missed["one"].strip()]
    return named


def founded(situation: Situation, reading: Reading) -> Reading:
    """Return a question or a choice without an item number that nothing in its message says.

    "Who made that one?" is about the item last spoken of; "the cricket one" is described.
    """
    text, count = situation.text, len(situation.shown)
    if reading.act == "recommend":
        return _told(situation, reading)
    lone = len(reading.refers) == 1 and re.fullmatch(r"#\d", reading.refers[0])
    if reading.act not in ("answer", "accept", "explain") or not lone or count < 2:
        return reading
    if ordinals(text, count) or _digits(text, count) or SEVERAL.search(text):
        return reading
    described = DESCRIBED.search(text)
    hinted = described and any(
        h.facet and described.start() <= h.start and h.end <= described.end()
        for h in situation.hints
    )
    if described and hinted:
        return reading.model_copy(update={"refers": (described.group(),)})
    if _distinct(situation) == lone.group():
        return reading
    title = set(_words(situation.shown[int(lone.group()[1:]) - 1]))
    said = {w for w in _words(text) if len(w) > 3}
    if any(t.startswith(w) for t in title for w in said):  # "the flip" of a "Flip6"
        return reading
    return reading.model_copy(update={"refers": () if reading.act == "accept" else ("it",)})


def _told(situation: Situation, reading: Reading) -> Reading:
    """Return a message without a dislike that none of its words tells; alone, it is small talk."""
    text, count = situation.text, len(situation.shown)
    lone = len(reading.dislikes) == 1 and re.fullmatch(r"#\d", reading.dislikes[0])
    if not lone or count < 2 or len(text.split()) < 4 or THESE.search(text):
        return reading
    if ordinals(text, count) or _digits(text, count) or _distinct(situation) or situation.hints:
        return reading
    rest = reading.model_copy(update={"dislikes": ()})
    return Reading(act="smalltalk") if rest == Reading(act="recommend") else rest


def _titles(situation: Situation, reading: Reading) -> list[str]:
    """Return the titles that a message names and its reading has no use for."""
    read = places(situation, reading)
    hints = [h for h in situation.hints if h.facet is None]
    left = [h for h in hints if not any(h.start < b and h.end > a for a, b in read)]
    return list(dict.fromkeys(situation.text[h.start : h.end] for h in left))


def _distinct(situation: Situation) -> str | None:
    """Return the one shown item of which a message holds a word that only its title has."""
    said = {w for w in _words(situation.text) if not everyday(w)}
    titles = [set(_words(title)) for title in situation.shown]
    found = {
        index
        for index, title in enumerate(titles)
        for word in title & said
        if sum(word in other for other in titles) == 1
    }
    return f"#{found.pop() + 1}" if len(found) == 1 else None


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z][a-z0-9-]+", text.lower())


def pointed(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with its item numbers as the message's ordinals say, one by one."""
    said = ordinals(situation.text, len(situation.shown))
    if not said and reading.act in ("answer", "compare"):
        said = _digits(situation.text, len(situation.shown))
    row = _several(situation.text, len(situation.shown))
    read = [(role, r) for role in ROLES for r in getattr(reading, role) if re.match(r"#", r)]
    if row and len({role for role, _ in read}) <= 1:
        role = read[0][0] if read else "refers" if reading.act in POINTING else ""
        return reading.model_copy(update={role: tuple(row)}) if role else reading
    read = [(role, r) for role, r in read if r != "#all"]
    named = any(r != "#all" for role in ROLES for r in getattr(reading, role))
    if said and reading.act in POINTING and not named:
        return reading.model_copy(update={"refers": tuple(dict.fromkeys(said))})
    if not said or len(said) != len(read) or sorted(said) == sorted(r for _, r in read):
        return reading
    right = {wrong: place for (_, wrong), place in zip(read, said, strict=True)}
    if len(right) != len(read):
        return reading
    update = {
        role: tuple(dict.fromkeys(right.get(r, r) for r in getattr(reading, role)))
        for role in ROLES
    }
    return reading.model_copy(update=update)

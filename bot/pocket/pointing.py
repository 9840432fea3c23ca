"""Which shown items a message points at by place: "the second one", "the first two", "1 and 3".

Knows no model; it mends the item numbers of a reading.
"""

import re

from bot.llm.base import Situation
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

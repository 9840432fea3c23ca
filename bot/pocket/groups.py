"""For how many a thing must do, and for what age, where a catalogue has facets that say so.

"Six people", "a party of 8", "just the two of us" name a value of a facet that lists numbers
(players, seats, guests); "my son is 5" a bound on one that counts ages. Knows no model;
`bot.pocket.settling` puts what is found here in place of what was read.
"""

import re

from bot.llm.base import Situation
from bot.quantity.units import lists_numbers
from bot.reading import Added, Reading

_N = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_PEOPLE = (
    r"people|persons?|players?|adults|friends|guests|grown-?ups|ppl|pax|heads|of us|kids|children"
)
_MANY = re.compile(
    rf"(?<! to )(?<!-)\b(?P<a>{_N})[ -](?:{_PEOPLE})\b"
    rf"|\b(?:party|group|crew|bunch|team|family|table|night) (?:of|for) (?P<b>{_N})\b"
    rf"|\b(?:we are|we['’]re|we['’]ll be|there are|there['’]s|us) (?P<c>{_N})\b(?! ?\w+ old)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(?P<solo>solo|by myself|on my own)\b", re.IGNORECASE)
_AGED = re.compile(
    r"\b(?:is|are|aged?|turn(?:s|ed|ing)?|just|only)"
    r" (?P<a>\d{1,2}|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"(?! ?[-–]? ?(?!year|yr)[a-z])"
    r"|\b(?P<b>\d{1,2})[ -]?(?:years?|yrs?|y/?o)\b(?:[ -]?olds?)?",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"player|people|person|guest|seat|serve|capacity|group|sleeps|fits|pax")
_AGES = re.compile(r"(?:.*_)?ages?(?:_.*)?")


def grouped(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the number of people and the age that its message speaks of."""
    many = [f for f in situation.schema.facets if lists_numbers(f) and _COUNTS.search(f.name)]
    ages = [f for f in situation.schema.facets if f.kind == "number" and _AGES.fullmatch(f.name)]
    if reading.act not in ("recommend", "clarify"):
        return reading
    if ages and (found := _AGED.search(situation.text)):
        words = found["a"] or found["b"]
        reading = _put(reading, Added(facet=ages[0].name, op="<=", text=words), found)
    if many and (found := _MANY.search(situation.text)):
        words = found["a"] or found["b"] or found["c"]
        reading = _put(reading, Added(facet=many[0].name, op="=", text=words), found)
    elif many and (found := _ALONE.search(situation.text)):
        reading = _put(reading, Added(facet=many[0].name, op="=", text=found["solo"]), found)
    return reading


def _put(reading: Reading, one: Added, said: re.Match[str]) -> Reading:
    """Return the reading with a constraint in place of what was read of the same words."""
    words = said.group().lower()
    add = [a for a in reading.add if a.text.lower() not in words]
    wish = tuple(w for w in reading.wish if w.lower() not in words)
    return reading.model_copy(update={"act": "recommend", "add": (*add, one), "wish": wish})

"""How many people something is for: "for the four of us", "10 girls", "we are only 8 now".

Where a facet counts whom an item holds (sleeps, seats, players), such a number is meant of it,
whatever facet the model read it in. Knows no model.
"""

import re
from collections.abc import Sequence

from bot.llm.base import Situation
from bot.quantity.quantities import count
from bot.quantity.units import lists_numbers
from bot.reading import Added
from retrieval.types import Facet, Op

_HOLDS = re.compile(
    r"(?:.*_)?(?:sleeps|guests?|capacity|persons|people|occupancy|accommodates|seats|seating|pax"
    r"|serves|servings|party_size|group_size|max_people|players)(?:_.*)?"
)
_EXACT = re.compile(r"(?:.*_)?(?:players|serves|servings)(?:_.*)?")
_NUMBER = (
    r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|[两二三四五六七八九十])"
)
_WHO = (
    r"(?:people|persons?|pers|ppl|pax|guests|adults|grown-?ups|girls|boys|lads|guys|friends|women"
    r"|men|players|students|of us|can (?:sleep|stay|sit|play))\b"
)
_ENDS = r"(?=\s*(?:$|[,.;!?]|(?:and|with|in|please)\b))"
_COMPANY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_NUMBER}(?:\s+(?:or|to|-)\s+(?P<m>\d{{1,2}}|\w+))?\s+(?:\w+\s+)?{_WHO}",
        rf"\b(?:we['’]?re|we are)(?: only| just| now| about)* {_NUMBER}\b(?: now)?{_ENDS}",
        rf"\bfor {_NUMBER} or more\b",
        rf"\b(?:party|family|group|team) of {_NUMBER}\b",
        rf"\bfor (?:the |us |all )?{_NUMBER}{_ENDS}",
        rf"\bsleep(?:s|ing)? {_NUMBER}\b",
        rf"{_NUMBER}\s*(?:个|位|口)?人",
    )
)
_MOST = 20
_FEW = 2  # so many want a place of their own size; more of them want one that is large enough


def for_company(situation: Situation, added: Sequence[Added]) -> list[Added]:
    """Return the constraints with the number of people on the facet that counts them."""
    facet = next((f for f in situation.schema.facets if _counts_people(f)), None)
    found = _said(situation.text)
    if facet is None or found is None:
        return list(added)
    start, end, words = found
    if any(one.facet == facet.name and one.op in ("<=", ">=", "<>", "!=") for one in added):
        return list(added)  # said with a bound of its own
    kept = [one for one in added if not _within(situation.text, one, start, end)]
    kept = [one for one in kept if one.facet != facet.name]
    return [*kept, Added(facet=facet.name, op=_op(facet, words), text=words)]


def _counts_people(facet: Facet) -> bool:
    numbered = facet.kind == "number" or lists_numbers(facet)
    return numbered and _HOLDS.fullmatch(facet.name.lower()) is not None


def _said(text: str) -> tuple[int, int, str] | None:
    """Return where a message says how many they are, and the number; None where it does not."""
    for pattern in _COMPANY:
        for match in pattern.finditer(text):
            words = match.groupdict().get("m") or match["n"]
            number = count(words)
            if number is not None and 1 <= number <= _MOST:
                return match.start(), match.end(), words
    return None


def _within(text: str, one: Added, start: int, end: int) -> bool:
    at = text.find(one.text)
    return at >= 0 and start <= at and at + len(one.text) <= end


def _op(facet: Facet, words: str) -> Op:
    few = (count(words) or 0) <= _FEW
    return "=" if few or facet.kind != "number" or _EXACT.fullmatch(facet.name.lower()) else ">="

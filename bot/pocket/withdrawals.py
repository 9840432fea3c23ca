"""Which held wishes a message withdraws, where its words say so plainly, or plainly do not.

Knows no model; it mends the removals of a reading.
"""

import re

from bot.llm.base import Situation
from bot.reading import Reading, Removed
from retrieval.types import Facet

_CUE = re.compile(
    r"\b(?:any|anything|either|forget|drop|dropped|scrap|skip|lose|leave|off|without|instead|rather"
    r"|actually|change|changed|switch|swap|replace|make it|make that|wait|meant|mean|correction"
    r"|scratch|never ?mind|no|not|non|nope|nah|none|neither|nor|never|stop|whatever|whichever"
    r"|wherever|whenever|matter|matters|care|mind|bother|issue|problem|fine|(?:ok|okay) with|open"
    r"|free|wider|widen|loosen|relax|ignore|remove|cancel|lift|expand|back to|everything)\b"
    r"|n['’]?t\b|不|别|没|算了|随便|无所谓|换|改|取消|去掉|放宽|都行|都可以|也行|还是|任何|哪",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|ok|okay|alright|please do|do it|go on|好|可以|行|嗯|对)",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"^\W*(?:ok\W+)?(?:and\b|also\b|plus\b|with\b|ones with\b|but also\b|oh and\b"
    r"|还要|还得|再加|而且|并且|最好)",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\b(?:any|whichever|no matter (?:which|what|the))\s+(?P<name>[a-z]+)\b"
    r"|\b(?P<other>[a-z]+) (?:doesn'?t|does not|don'?t) matter\b",
    re.IGNORECASE,
)
_CALLED = {"actor": "cast", "actress": "cast", "star": "cast", "length": "runtime", "age": "year"}


def withdrawn(situation: Situation, reading: Reading) -> tuple[Removed, ...]:
    """Return the removals of a reading that its message bears out, and those it plainly says.

    A message without a word of withdrawing only replaces values on a facet that it names anew; one
    that begins with "and" or "with" adds to them. "Yes" takes up an offer.
    """
    kept = list(reading.remove)
    offered = "?" in situation.said or "？" in situation.said
    if not _CUE.search(situation.text) and not (offered and _YES.match(situation.text)):
        replaced = set() if _ADDS.search(situation.text) else {a.facet for a in reading.add}
        kept = [r for r in kept if r.facet in replaced]
    kept = [r for r in kept if not _stands(situation, reading, r)]
    named = {a.facet for a in reading.add} | {r.facet for r in kept}
    for facet in _free(situation):
        if facet not in named:
            kept.append(Removed(facet=facet))
    return tuple(dict.fromkeys(kept))


def _stands(situation: Situation, reading: Reading, removed: Removed) -> bool:
    """Whether a removal takes back what stands though only more is ruled out ("no X either")."""
    added = {a.op for a in reading.add if a.facet == removed.facet}
    held = {c.op for c in situation.state if c.facet == removed.facet}
    hinted = any(h.facet == removed.facet and h.value == removed.value for h in situation.hints)
    return added == {"!="} and (held == {"!="} or removed.value is not None and not hinted)


def _free(situation: Situation) -> list[str]:
    """Return the facets held of which the message says that any value will do."""
    held = {c.facet for c in situation.state}
    names = [m["name"] or m["other"] for m in _ANY.finditer(situation.text)]
    facets = [f for f in situation.schema.facets if f.name in held]
    return [f.name for name in names for f in facets if _is_called(f, name.lower())]


def _is_called(facet: Facet, name: str) -> bool:
    name = _CALLED.get(name, name)
    return name in (facet.name, *facet.name.split("_")) or name.removesuffix("s") == facet.name

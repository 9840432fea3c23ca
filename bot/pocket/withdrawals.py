"""Which held wishes a message withdraws, where its words say so plainly, or plainly do not.

Knows no model; it mends the removals of a reading.
"""

import re

from bot.llm.base import Situation
from bot.reading import Reading, Removed
from retrieval.types import Facet

_CUE = re.compile(
    r"\b(?:any|anything|either|forget(?! to\b)|drop|dropped|scrap|skip|lose|leave|off|without"
    r"|instead|rather|actually|change|changed|switch|swap|replace|make it|make that|wait|meant"
    r"|mean|correction|scratch|never ?mind|no|not|non|nope|nah|none|neither|nor|never|stop"
    r"|whatever|whichever|wherever|whenever|matter|matters|care|mind|bother|issue|problem|fine"
    r"|(?:ok|okay) with|open|free|wider|widen|loosen|relax|ignore|remove|cancel|lift|expand"
    r"|back to|everything)\b"
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
_NEGATION = re.compile(
    r"\b(?:no|not|non|none|neither|nor|never|either|nothing|without)\b|n['’]?t\b|[不别没]",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"(?:\b(?:drop|forget(?: about)?|lose|scrap|skip|ditch|remove|never ?mind|leave out|no longer"
    r"|(?:doesn['’]?t|does not) (?:have|need) to be|needn['’]?t be|not necessarily)"
    r"|去掉|不用|不必|不一定要?)"
    r"\s*(?:(?:the|that|any|being|an?|from|in|with)\s+)*$",
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
    kept = [r for r in kept if not stands(situation, reading, r)]
    dropped = _dropped(situation)
    if dropped:  # "forget remote" leaves what it does not name
        changed = {r.facet for r in dropped} | {a.facet for a in reading.add}
        kept = [r for r in kept if r.facet in changed or _is_named(situation, r)]
    kept += [r for r in dropped if r.facet not in {k.facet for k in kept}]
    named = {a.facet for a in reading.add} | {r.facet for r in kept}
    for facet in _free(situation):
        if facet not in named:
            kept.append(Removed(facet=facet))
    return tuple(dict.fromkeys(kept))


def stands(situation: Situation, reading: Reading, removed: Removed) -> bool:
    """Whether a removal takes back what stands though only more is ruled out.

    "No X either" takes nothing back that it does not name; nor does a message whose only word of
    withdrawing is the "no" of something else.
    """
    added = {a.op for a in reading.add if a.facet == removed.facet}
    held = {c.op for c in situation.state if c.facet == removed.facet}
    hinted = any(h.facet == removed.facet and h.value == removed.value for h in situation.hints)
    if added == {"!="}:
        return held == {"!="} or removed.value is not None and not hinted
    denies = bool(reading.avoid) or any(a.op == "!=" for a in reading.add)
    facet = situation.schema.facet(removed.facet)
    named = hinted or facet is None or _spoken_of(facet, situation.text)
    return denies and not added and not named and not _plain_cue(situation.text)


def _is_named(situation: Situation, removed: Removed) -> bool:
    """Whether a message names the value or the facet of a removal."""
    facet = situation.schema.facet(removed.facet)
    hinted = any(h.facet == removed.facet for h in situation.hints)
    return hinted or facet is None or _spoken_of(facet, situation.text)


def _plain_cue(text: str) -> bool:
    """Whether a message has a word of withdrawing beside its "no" and "not"."""
    return _CUE.search(_NEGATION.sub(" ", text)) is not None


def _spoken_of(facet: Facet, text: str) -> bool:
    called = [name for name, of in _CALLED.items() if of == facet.name]
    words = (*facet.name.split("_"), facet.unit, *called)
    return any(re.search(rf"\b{re.escape(w)}", text, re.IGNORECASE) for w in words if len(w) > 2)


def _dropped(situation: Situation) -> list[Removed]:
    """Return the values held that a message drops by name: "drop the silent part"."""
    held = {
        (c.facet, v)
        for c in situation.state
        if c.op == "=" and isinstance(c.value, tuple)
        for v in c.value
    }
    return [
        Removed(facet=h.facet, value=h.value)
        for h in situation.hints
        if h.facet and (h.facet, h.value) in held and _DROPPED.search(situation.text[: h.start])
    ]


def _free(situation: Situation) -> list[str]:
    """Return the facets held of which the message says that any value will do."""
    held = {c.facet for c in situation.state}
    names = [m["name"] or m["other"] for m in _ANY.finditer(situation.text)]
    facets = [f for f in situation.schema.facets if f.name in held]
    return [f.name for name in names for f in facets if _is_called(f, name.lower())]


def _is_called(facet: Facet, name: str) -> bool:
    name = _CALLED.get(name, name)
    return name in (facet.name, *facet.name.split("_")) or name.removesuffix("s") == facet.name

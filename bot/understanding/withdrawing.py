"""What a message takes back: a reading's removals, linked to the wishes held.

Knows nothing of how wishes are held; `bot.memory.removals` takes them out.
"""

import re
from collections.abc import Sequence

from bot.memory.removals import ALIKE, AVOIDED, EVERYTHING, FREE_WORDS
from bot.quantity.digits import lowered
from bot.reading import Reading
from bot.shelves.catalogue import Catalogue
from bot.types import Removal, Wishes
from retrieval.types import Constraint

_INSTEAD = re.compile(
    r"\binstead\b|\bi mean[t]?\b|\brather than\b|\b(?:actually|hm+|ok|oh),? no\b(?! \w+ either)"
    r"|\bno,? (?:wait|actually|sorry)\b|\bon second thoughts?\b|\bscratch that\b"
    r"|\bchanged? my mind\b|换成|改成|而是"
)
_OF_ALL = re.compile(
    r"\b(?:you|u|ya)(?:['’]ve)? (?:have|got)\b|\bof all\b|\bthere (?:is|are)\b|\bat all\b|\bever\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:different|new|another|change of|changing|change) (?:topic|subject)\b"
    r"|\bsomething else entirely\b|换个?话题|说点别的"
)
_LEFT = re.compile(
    r"^\W*(?:(?:ok|okay|well|hm+|alright|no)\W+)*(?:leave (?:it|that)|never ?mind|nvm"
    r"|forget (?:about )?(?:it|that))\b(?! (?:part|one|the))|^\W*算了"
)
_EVERYTHING = re.compile(
    r"\b(?:everything|all (?:of )?(?:it|that|this|you know)|about me"
    r"|my (?:taste|likes|data|profile))\b|全部|所有|一切|关于我"
)


def taken_back(
    reading: Reading,
    text: str,
    held: Wishes,
    added: Sequence[Constraint],
    wish: Sequence[str],
    index: Catalogue,
) -> tuple[Removal, ...]:
    """Return what a message takes back of the wishes held.

    Parameters
    ----------
    added, wish
        What the message asks for: "a comedy instead" takes the place of the genre held.
    """
    said = lowered(text)
    out = [_removal(r.facet, r.value, held, index) for r in reading.remove]
    if _ELSEWHERE.search(said) or (added or wish) and _LEFT.search(said):
        out += [Removal(c.facet) for c in held.constraints]
        out += [Removal(part) for part in (FREE_WORDS, AVOIDED, ALIKE)]
    if _OF_ALL.search(said):  # "his oldest one you have", after the forties
        out += [Removal(r.facet) for r in reading.relative if r.direction in ("min", "max")]
    if reading.act == "reset" and _EVERYTHING.search(said):
        out.append(Removal(EVERYTHING))
    if not reading.remove and _INSTEAD.search(said):
        new = {c.facet for c in added if c.op == "="}
        old = {c.facet for c in held.constraints if c.op == "="}
        out += [Removal(name) for name in sorted(new & old)]
        if wish and held.wish:
            out.append(Removal(FREE_WORDS))
    return tuple(dict.fromkeys(r for r in out if r is not None))


def _removal(facet: str, value: str | None, held: Wishes, index: Catalogue) -> Removal | None:
    known = index.schema.facet(facet)
    if known is None:
        return Removal(FREE_WORDS, value) if value in held.wish else None
    if value is None or known.kind == "number":
        return Removal(facet, value)
    for constraint in held.constraints:
        if constraint.facet == facet and isinstance(constraint.value, tuple):
            words = ", ".join(str(v) for v in constraint.value)
            if value in constraint.value or lowered(value) == lowered(words):
                return Removal(facet, value)
    found = index.values.link(facet, value)
    return Removal(facet, found.values[0] if found else value)

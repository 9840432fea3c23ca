"""Which values of a message are alternatives and which must hold together.

Knows the message's words and asks the catalogue whether anything holds all; no dialogue history
but the wishes that an "or" goes on from.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.quantity.digits import lowered
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation
from bot.voice.wording import KINDS
from retrieval.types import Constraint, Op, Query
from retrieval.words import stem_key

_OR = re.compile(
    r"\bor\b(?! (?:so|less|more|later|newer|older|under|below|over|above|better|earlier|longer"
    r"|shorter|cheaper|higher|bigger|lighter|at least))|\beither\b|^\s*/\s*$|或|还是|要么"
)
_COMMA = re.compile(r"^\s*[,、，]\s*(?:an? |some )?$")
_AND = re.compile(r"^\s*(?:and|&|,|,? and|和|、)\s*$")
_GOES_ON = re.compile(r"^\W*(?:or\b|或者|或)")


@dataclass(frozen=True)
class Placed:
    """A span and its place in the message; `start` is -1 where the message has no such words."""

    text: str
    start: int
    end: int


# One worded constraint of a message: facet, operator, span, values, whether all must hold.
Worded = tuple[str, Op, Placed, tuple[str, ...], bool]


def place(text: str, spans: Sequence[str]) -> tuple[Placed, ...]:
    """Return each span's place; equal spans take the places in turn, the last one again."""
    low = lowered(text)
    last: dict[str, int] = {}
    out = []
    for span in spans:
        words = lowered(span)
        start = low.find(words, last.get(words, -1) + 1) if words else -1
        if start < 0:
            start = last.get(words, -1)
        last[words] = start
        out.append(Placed(span, start, start + len(span) if start >= 0 else -1))
    return tuple(out)


def without_compounds(
    worded: Sequence[Worded], text: str, index: Catalogue
) -> tuple[list[Worded], list[str]]:
    """Return the constraints without the front of a compound noun, and the words of that.

    A "laptop battery" is a battery: of two kinds of thing side by side that nothing is both of,
    the last is meant, and the other one is a word to search for.
    """
    kinds = [w for w in worded if w[0] in KINDS and w[1] == "=" and w[2].start >= 0]
    kinds.sort(key=lambda w: w[2].start)
    front = [
        a
        for a, b in zip(kinds, kinds[1:], strict=False)
        if _between(text, a[2], b[2]).isspace() and not _possible(a[0], [a[3], b[3]], index)
    ]
    return [w for w in worded if w not in front], [w[2].text for w in front]


def joined(
    worded: Sequence[Worded], text: str, conversation: Conversation, index: Catalogue
) -> tuple[Constraint, ...]:
    """Return the worded constraints of a message, alternatives put into one.

    Values of one facet are alternatives if the words between them say so ("or", "/", "either"),
    if they are two kinds in the plural ("comedies and dramas"), or if no item holds them all.
    Every other value has its own constraint, and `!=` always has. A message that begins with
    "or" goes on from the values held.

    Returns
    -------
    tuple of Constraint
        In the order of the message.
    """
    out: dict[tuple[str, int], tuple[str, ...]] = {}
    negated: list[Constraint] = []
    runs = _runs([w for w in worded if w[1] == "="], text, index)
    for first, (facet, groups) in enumerate(runs):
        if first == 0:
            groups = _with_held(facet, groups, text, conversation)
        if len(groups) > 1 and not _possible(facet, groups, index):
            groups = [tuple(dict.fromkeys(v for group in groups for v in group))]
        for place_, group in enumerate(groups):
            out[(facet, place_)] = group
    for facet, op, _, values, _ in worded:
        if op == "!=":
            negated += [Constraint(facet, "!=", (value,)) for value in values]
    positive = [Constraint(facet, "=", group) for (facet, _), group in out.items()]
    return (*positive, *negated)


def _runs(
    worded: Sequence[Worded], text: str, index: Catalogue
) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return each facet with its groups of alternatives."""
    out = []
    for facet in dict.fromkeys(w[0] for w in worded):
        own = [w for w in worded if w[0] == facet]
        links = [_between(text, a[2], b[2]) for a, b in zip(own, own[1:], strict=False)]
        joints = _joints(links, own, index)
        groups: list[tuple[str, ...]] = []
        for at, (_, _, _, values, together) in enumerate(own):
            if at and joints[at - 1]:
                groups[-1] = tuple(dict.fromkeys((*groups[-1], *values)))
            elif together:
                groups += [(value,) for value in values]
            else:
                groups.append(values)
        out.append((facet, list(dict.fromkeys(groups))))
    return out


def _between(text: str, first: Placed, second: Placed) -> str:
    known = first.start >= 0 and second.start >= first.end
    return lowered(text[first.end : second.start]) if known else ""


def _joints(links: Sequence[str], own: Sequence[Worded], index: Catalogue) -> list[bool]:
    """Return, for each pair of neighbours, whether they are alternatives.

    In a list the last link speaks for the commas before it: "comedy, drama or horror".
    """
    joints = [bool(_OR.search(words)) for words in links]
    for at in range(len(links) - 2, -1, -1):
        joints[at] = joints[at] or (joints[at + 1] and bool(_COMMA.match(links[at])))
    for at, words in enumerate(links):
        kind = index.schema.facet(own[at][0])
        plural = all(_plural(w[2].text) for w in own[at : at + 2])
        if kind is not None and kind.kind == "category" and plural and _AND.match(words):
            joints[at] = True
    return joints


def _plural(words: str) -> bool:
    return " " not in words.strip() and stem_key(words) != lowered(words).strip()


def _with_held(
    facet: str, groups: list[tuple[str, ...]], text: str, conversation: Conversation
) -> list[tuple[str, ...]]:
    """Let "or a drama" go on from the comedy that was asked for before."""
    if not groups or not _GOES_ON.match(lowered(text)):
        return groups
    held = [
        str(value)
        for c in conversation.wishes.constraints
        if c.facet == facet and c.op == "=" and isinstance(c.value, tuple)
        for value in c.value
    ]
    return [tuple(dict.fromkeys((*held, *groups[0]))), *groups[1:]]


def _possible(facet: str, groups: Sequence[tuple[str, ...]], index: Catalogue) -> bool:
    constraints = tuple(Constraint(facet, "=", group) for group in groups)
    return holds(constraints, index)


def holds(constraints: Sequence[Constraint], index: Catalogue) -> bool:
    """Return whether some item of the catalogue satisfies all constraints."""
    found = index.search(Query("", tuple(constraints), limit=1))
    return bool(found.candidates) and not found.relaxed

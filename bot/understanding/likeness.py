"""What items named ask for besides: others than theirs ("another brand"), or things of their kind.

Knows the items' facts; nothing of titles.
"""

import re
from collections.abc import Iterable, Sequence

from bot.quantity.digits import lowered
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation
from bot.voice.wording import KINDS
from retrieval.types import Constraint

_OTHER = re.compile(
    r"\b(?:another|(?:a |some )?different|(?:an|some)?other|not the same) (?P<what>[a-z]+)\b"
)
_MAKERS = frozenset({"make", "maker", "manufacturer", "company", "label"})  # a brand by other names


def others(
    text: str,
    items: Sequence[str],
    added: Iterable[Constraint],
    conversation: Conversation,
    index: Catalogue,
) -> tuple[Constraint, ...]:
    """Rule out what the items named have, where others are asked for: "another brand"."""
    found = _OTHER.search(lowered(text))
    name = found["what"].removesuffix("s") if found else ""
    facet = index.schema.facet("brand" if name in _MAKERS else name)
    if facet is None or facet.kind == "number":
        return ()
    focus = conversation.focus
    ids = items or ((focus,) if focus else conversation.shown)
    facts = [item.facts.get(facet.name) for item in index.get(ids)]
    worded = [(f,) if isinstance(f, str) else f for f in facts if isinstance(f, str | tuple)]
    values = tuple(dict.fromkeys(v for fact in worded for v in fact))
    if not values or any(c.facet == facet.name for c in added):
        return ()
    return (Constraint(facet.name, "!=", values),)


def of_a_kind(
    alike: Sequence[str], held: Iterable[Constraint], index: Catalogue
) -> tuple[Constraint, ...]:
    """Ask for the kind of thing that the items to resemble are, where no kind is asked for."""
    facet = next((f for f in index.schema.facets if f.name in KINDS), None)
    if facet is None or not alike or any(c.facet == facet.name for c in held):
        return ()
    kinds = {item.facts.get(facet.name) for item in index.get(alike)}
    kind = kinds.pop() if len(kinds) == 1 else None
    return (Constraint(facet.name, "=", (kind,)),) if isinstance(kind, str) else ()

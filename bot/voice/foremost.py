"""Which of the items compared a question is after: "which is longer?" is after the longest.

Knows the words that compare; says nothing.
"""

import re

from bot.quantity.digits import lowered
from bot.voice.saying import Scene
from retrieval.types import Facet


def foremost(scene: Scene) -> str | None:
    """Return the id of the item with the most, or least, of the one number facet asked about.

    None where no facet or no direction is asked for, a fact is missing, or two items tie.
    """
    asked = [f for name in scene.decision.asks if (f := scene.schema.facet(name))]
    if len(asked) != 1 or asked[0].kind != "number":
        return None
    facet = asked[0]
    upwards = _upwards(facet, lowered(scene.text))
    items = {id_: scene.items.get(id_) for id_ in scene.decision.about}
    facts = {id_: item.facts.get(facet.name) if item else None for id_, item in items.items()}
    numbers = {id_: f for id_, f in facts.items() if isinstance(f, int | float)}
    if upwards is None or len(numbers) < max(2, len(facts)):
        return None
    best = (max if upwards else min)(numbers.values())
    first = [id_ for id_, number in numbers.items() if number == best]
    return first[0] if len(first) == 1 else None


def _upwards(facet: Facet, text: str) -> bool | None:
    for words, upwards in ((facet.less, False), (facet.more, True)):
        if any(
            re.search(rf"\b{re.escape(w.removesuffix('er'))}(?:er|est)?\b", text) for w in words
        ):
            return upwards
    return None

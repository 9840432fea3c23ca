"""Which film of a name is meant: "the new Blade Runner", "the original True Grit".

Knows titles and years; nothing of dialogue.
"""

import re

from bot.quantity.digits import lowered
from bot.shelves.catalogue import Catalogue
from retrieval.types import Item

_NEW = re.compile(
    r"\b(?:new|newer|newest|latest|recent|modern|remake of|the remade)\s+(?:the\s+)?$"
)
_OLD = re.compile(r"\b(?:old|older|oldest|original|classic)\s+(?:the\s+)?$")


def edition(words: str, text: str, index: Catalogue) -> str | None:
    """Return the newest or the oldest work of a name, where the words before it ask for that.

    None where they do not, or only one work is called so.
    """
    if not words.strip():
        return None
    before = lowered(text).partition(lowered(words))[0]
    new, old = _NEW.search(before), _OLD.search(before)
    if not (new or old):
        return None
    named = [item for item in index.get(index.values.link_series(words)) if _year(item) is not None]
    if len(named) < 2:
        return None
    return (max if new else min)(named, key=lambda item: (_year(item) or 0, item.id)).id


def _year(item: Item) -> float | None:
    year = item.facts.get("year")
    return year if isinstance(year, int | float) else None

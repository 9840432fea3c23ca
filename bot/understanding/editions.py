"""Which film of a name is meant: "the new Blade Runner", "the original True Grit", "the original".

Knows titles and years, and what was last spoken of.
"""

import re

from bot.quantity.digits import lowered
from bot.reading import Reading
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation
from retrieval.title_words import canonical
from retrieval.types import Item

_NEWER = r"(?:new|newer|newest|latest|recent|modern)"
_OLDER = r"(?:old|older|oldest|original|classic)"
_NEW = re.compile(rf"\b(?:{_NEWER}|remake of|the remade)\s+(?:the\s+)?$")
_OLD = re.compile(rf"\b{_OLDER}\s+(?:the\s+)?$")
_BARE = re.compile(
    rf"\b(?:the|that) (?:(?P<new>{_NEWER}|remake)|(?P<old>{_OLDER})|(?P<other>other))"
    r"(?: (?:one|film|movie|version|remake))?(?=\W*(?:$|[,.;!?]|\b(?:is|was|when|who|how|where|has"
    r"|instead|please|though|then)\b))"
)


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
    return (max if new else min)(named, key=_age).id


def other_edition(
    reading: Reading, text: str, conversation: Conversation, index: Catalogue
) -> tuple[Reading, str | None]:
    """Return the work of the same name that "the original" or "the newer one" means, if any.

    It is asked about, not looked for: what was asked of the work last spoken of, where nothing is
    asked for now.
    """
    found = _BARE.search(lowered(text))
    if found is None:
        return reading, None
    focus = index.get((conversation.focus,)) if conversation.focus else ()
    named = _namesakes(focus[0], index) if focus else []
    said = (*(a.text for a in reading.add), *reading.likes, *reading.similar)
    more = [w for w in said if not w.startswith("#") and lowered(w) not in found.group()]
    if len(named) < 2 or more:
        return reading, None
    others = [item for item in named if item.id != focus[0].id]
    one = (max if found["new"] else min)(others if found["other"] else named, key=_age).id
    asked = reading.asks
    if not asked and conversation.history:
        asked = conversation.history[-1].reply.understood.asks
    return Reading(act="answer", asks=asked), one


def _namesakes(item: Item, index: Catalogue) -> list[Item]:
    """Return the works whose title an item's title is or begins with, and that go on from it."""
    words = item.title.split()
    for end in range(len(words), 0, -1):
        name = canonical(" ".join(words[:end]))
        found = index.get(index.values.link_series(name)) if name else ()
        named = [i for i in found if _year(i) is not None]
        if len(named) > 1 and any(canonical(i.title) == name for i in named):
            return named if any(i.id == item.id for i in named) else []
    return []


def _age(item: Item) -> tuple[float, str]:
    return _year(item) or 0, item.id


def _year(item: Item) -> float | None:
    year = item.facts.get("year")
    return year if isinstance(year, int | float) else None

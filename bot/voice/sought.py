"""Things looked for that are no kind in the catalogue: the "router" that only titles name.

Knows nothing of scores, and does not say anything.
"""

from bot.types import Wishes
from bot.voice.free_words import form
from bot.voice.wording import KINDS
from retrieval.lexical import words_of
from retrieval.types import Item, Schema


def things(wishes: Wishes, schema: Schema) -> tuple[str, ...]:
    """Return the free wishes that are things, where no kind of thing is asked for already.

    Works have themes in place of things, whatever a person calls them: a film "with a router".
    """
    if any(f.kind == "people" for f in schema.facets):
        return ()
    if any(c.facet in KINDS and c.op == "=" for c in wishes.constraints):
        return ()
    return tuple(w for w in wishes.wish if form(w) in ("thing", "name"))


def is_called(item: Item, thing: str) -> bool:
    """Tell whether an item's title or values name a thing, or what kind of thing it is.

    "Wifi router" is a router: the last word counts where the whole is not there.
    """
    wanted = words_of(thing)
    worded = (f for f in item.facts.values() if isinstance(f, str | tuple))
    values = (f if isinstance(f, str) else " ".join(f) for f in worded)
    said = set(words_of(" ".join((item.title, *values))))
    return bool(wanted) and (said.issuperset(wanted) or wanted[-1] in said)

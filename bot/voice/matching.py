"""Which wishes an item meets and which it does not, in words. Knows nothing of scores."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.types import Wishes
from bot.voice.phrasing import Phrases
from retrieval.constraints import satisfies
from retrieval.types import Constraint, Facet, Item, Schema
from retrieval.words import stem_key

_MOST_NAMES = 3


@dataclass(frozen=True)
class Matching:
    """The wishes of a conversation, held against one item.

    Parameters
    ----------
    met
        (facet, words) pairs: what the item has that was wished for, ("runtime", "89 minutes").
    wish
        The free wishes that the item's own themes or text hold, as the person said them.
    unmet
        (facet, words) pairs of wishes that the item does not meet, ("runtime", "at most 80
        minutes").
    absent
        (facet, words) pairs of what should not be there and is not, ("genres", "no horror").
    """

    met: tuple[tuple[str, str], ...] = ()
    wish: tuple[str, ...] = ()
    unmet: tuple[tuple[str, str], ...] = ()
    absent: tuple[tuple[str, str], ...] = ()

    def matched_words(self, schema: Schema, speak: Phrases) -> tuple[str, ...]:
        """Return the wishes met as "facet: words", then the free ones."""
        return (*_named((*self.met, *self.absent), schema, speak), *self.wish)

    def unmet_words(self, schema: Schema, speak: Phrases) -> tuple[str, ...]:
        """Return the wishes not met as "facet: words"."""
        return _named(self.unmet, schema, speak)


def _named(pairs: Sequence[tuple[str, str]], schema: Schema, speak: Phrases) -> tuple[str, ...]:
    found = []
    for name, words in pairs:
        facet = schema.facet(name)
        found.append(f"{speak.facet(facet) if facet else name}: {words}")
    return tuple(found)


def match(item: Item, wishes: Wishes, schema: Schema, speak: Phrases) -> Matching:
    """Return which wishes an item meets.

    A free wish that neither the themes nor the text hold is in neither list: it may well be met.
    So is a theme that is wished for as a constraint. Constraints that do not fit the schema raise
    `retrieval.errors.QueryError`.
    """
    met: dict[str, list[str]] = {}
    free = list(wishes.wish)
    absent: list[tuple[str, str]] = []
    unmet: list[tuple[str, str]] = []
    for constraint in wishes.constraints:
        facet = schema.facet(constraint.facet)
        if facet is None:
            continue
        theme = facet.kind == "tags" and constraint.op == "="
        if theme:
            free += [w for w in _texts(constraint) if stem_key(w) not in map(stem_key, free)]
        elif not satisfies(item, constraint, schema):
            unmet.append((facet.name, speak.constraint(constraint, schema)))
        elif constraint.op == "!=":
            absent.append((facet.name, speak.absent(constraint, schema)))
        else:
            words = met.setdefault(facet.name, [])
            words.extend(w for w in _had(item, constraint, facet, speak) if w not in words)
    for relative in wishes.relative:  # "the cheapest": its price is why
        facet = schema.facet(relative.facet)
        fact = item.facts.get(relative.facet)
        if facet and relative.direction in ("min", "max") and isinstance(fact, int | float):
            met.setdefault(facet.name, [speak.value(facet, fact)])
    pairs = tuple((name, speak.join(words, "comma")) for name, words in met.items())
    return Matching(pairs, _held(item, free, schema), tuple(unmet), tuple(absent))


def _texts(constraint: Constraint) -> tuple[str, ...]:
    value = constraint.value if isinstance(constraint.value, tuple) else ()
    return tuple(str(part) for part in value)


def _had(item: Item, constraint: Constraint, facet: Facet, speak: Phrases) -> Sequence[str]:
    """Return what the item has that satisfies a constraint, in words."""
    fact = item.facts.get(facet.name)
    if isinstance(fact, int | float) or fact is None:
        return [speak.value(facet, fact)]
    held = (fact,) if isinstance(fact, str) else fact
    wanted = constraint.value if isinstance(constraint.value, tuple) else ()
    return [speak.one_value(v) for v in held if v in wanted][:_MOST_NAMES]


def _held(item: Item, wish: Sequence[str], schema: Schema) -> tuple[str, ...]:
    tags = (f.name for f in schema.facets if f.kind == "tags")
    values = [item.facts.get(name) for name in tags]
    themes = (v for fact in values for v in (fact if isinstance(fact, tuple) else ()))
    sources = [f" {stem_key(text)} " for text in (item.title, item.text, *themes)]
    return tuple(w for w in wish if (key := stem_key(w)) and any(f" {key} " in s for s in sources))

"""What the simulation knows of a catalogue: its numbers and values, likeness, and leaks.

Likeness is counted from facts alone, so that it owes nothing to the embeddings by which the bot
ranks. Knows no person and no bot.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from bot.simulator.errors import NobodyToBe
from bot.simulator.types import Wish
from bot.simulator.words import own_words
from retrieval.constraints import satisfies, values_of
from retrieval.types import Facet, Fact, Item, Schema
from retrieval.words import STOPWORDS, plain_key, plain_words, stem_key, without_articles

FEWEST_FACTS = 3  # an item with fewer known facts cannot be asked for
_NAMED = 3  # people who make an item: the director, the first of the cast


class World:
    """A catalogue as simulated people know it.

    Parameters
    ----------
    schema
        Its schema, category values filled in.
    items
        Its items.
    """

    def __init__(self, schema: Schema, items: Iterable[Item]) -> None:
        self.schema = schema
        self.items: Mapping[str, Item] = {item.id: item for item in items}

    @cached_property
    def targets(self) -> tuple[Item, ...]:
        """The items that a person can look for without saying their title.

        Raises
        ------
        NobodyToBe
            If there are none.
        """
        found = tuple(item for item in self.items.values() if self._can_be_sought(item))
        if not found:
            raise NobodyToBe(
                f"expected an item with at least {FEWEST_FACTS} known facts, got none among "
                f"{len(self.items)}; name the facets in the catalogue's YAML"
            )
        return found

    def _can_be_sought(self, item: Item) -> bool:
        known = sum(1 for f in self.schema.facets if item.facts.get(f.name) not in (None, (), ""))
        ordinary = STOPWORDS | own_words()
        return known >= FEWEST_FACTS and not ordinary.issuperset(plain_words(item.title))

    @cached_property
    def _frequency(self) -> Counter[str]:
        """Word → how many items have it anywhere."""
        counts: Counter[str] = Counter()
        for item in self.items.values():
            facts = (str(v) for fact in item.facts.values() for v in _parts(fact))
            counts.update(set(plain_words(" ".join((item.title, item.text, *facts)))))
        return counts

    def leak(self, text: str, target: Item) -> str | None:
        """Return what of a text gives the target's title away, or None.

        That is the title itself, and every word of it that no other item of the catalogue has.
        """
        words, title = plain_words(text), without_articles(plain_key(target.title))
        if f" {title} " in f" {' '.join(words)} ":
            return target.title
        telling = (w for w in title.split() if self._frequency[w] <= 1 and w not in own_words())
        return next((w for w in telling if w in words), None)

    def common_words(self, item: Item) -> tuple[str, ...]:
        """Return words of an item's text that some, but not many, other items have, too."""
        most = max(3, len(self.items) // 25)
        own = dict.fromkeys(w for w in plain_words(item.text) if len(w) > 3 and w.isalpha())
        title = set(plain_words(item.title))
        return tuple(
            w
            for w in own
            if 3 <= self._frequency[w] <= most and w not in title and w not in STOPWORDS
        )

    def meanings(self, word: str) -> int:
        """Return how many values of the schema a word is a synonym of."""
        return sum(word in ways for f in self.schema.facets for ways in f.synonyms.values())

    def numbers(self, facet: str, within: Sequence[Wish] = ()) -> tuple[float, ...]:
        """Return the known numbers of a facet over the items that meet some wishes, ascending."""
        found = (
            item.facts.get(facet)
            for item in self.items.values()
            if all(self.meets(wish, item) for wish in within)
        )
        return tuple(sorted(float(n) for n in found if isinstance(n, int | float)))

    def spread(self, facet: str) -> float:
        """Return the distance of a number facet's quartiles, more than 0."""
        return self._spread[facet]

    @cached_property
    def _spread(self) -> dict[str, float]:
        """Number facet → the distance of its quartiles, at least a little."""
        out = {}
        for facet in self.schema.facets:
            numbers = self.numbers(facet.name) if facet.kind == "number" else ()
            if numbers:
                low, high = np.quantile(numbers, (0.25, 0.75))
                out[facet.name] = max(float(high - low), 1e-9)
        return out

    @cached_property
    def _shares(self) -> dict[tuple[str, str], float]:
        counts: Counter[tuple[str, str]] = Counter()
        for item in self.items.values():
            for facet in self.schema.facets:
                counts.update((facet.name, v) for v in set(values_of(item.facts.get(facet.name))))
        return {pair: n / len(self.items) for pair, n in counts.items()}

    def share(self, facet: str, value: str) -> float:
        """Return the share of items that have a value."""
        return self._shares.get((facet, value), 0.0)

    def meets(self, wish: Wish, item: Item) -> bool:
        """Tell whether an item meets a wish; a theme may also stand in its title or text."""
        if wish.constraint is not None and satisfies(item, wish.constraint, self.schema):
            return True
        if not wish.theme:
            return False
        constraint = wish.constraint
        words = (wish.words,) if constraint is None else [str(v) for v in _parts(constraint.value)]
        own = f" {stem_key(' '.join((item.title, item.text)))} "
        return any(f" {stem_key(w)} " in own for w in words)

    def likeness(self, one: Item, other: Item, weights: Mapping[str, float] | None = None) -> float:
        """Return how alike two items are in their facts, in [0, 1].

        The weighted mean over the facets that both have: of values the share in common, of numbers
        exp(−distance / distance of the quartiles). All weights are 1 by default.
        """
        total = weight = 0.0
        for facet in self.schema.facets:
            mine, theirs = one.facts.get(facet.name), other.facts.get(facet.name)
            if mine in (None, ()) or theirs in (None, ()):
                continue
            share = 1.0 if weights is None else weights.get(facet.name, 0.0)
            total += share * self._alike(facet, mine, theirs)
            weight += share
        return total / weight if weight else 0.0

    def _alike(self, facet: Facet, mine: Fact, theirs: Fact) -> float:
        if isinstance(mine, int | float) and isinstance(theirs, int | float):
            return math.exp(-abs(mine - theirs) / self._spread[facet.name])
        most = _NAMED if facet.kind == "people" else None
        left, right = set(values_of(mine)[:most]), set(values_of(theirs)[:most])
        return len(left & right) / len(left | right) if left | right else 0.0


def number(item: Item, facet: str) -> float | None:
    """Return an item's number of a facet, None where it has none."""
    fact = item.facts.get(facet)
    return float(fact) if isinstance(fact, int | float) else None


def _parts(value: object) -> tuple[object, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple) else (value,)

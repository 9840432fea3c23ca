"""The values that retrieval takes and gives: facets, items, constraints, queries, candidates.

All are frozen. This module knows nothing of dialogue, taste or storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FacetKind = Literal["category", "number", "people", "tags"]
Op = Literal["=", "!=", ">=", "<=", "<>", "~"]
Fact = str | float | int | tuple[str, ...] | None


@dataclass(frozen=True)
class Facet:
    """One property of a catalogue's items.

    Parameters
    ----------
    name
        The key in an item's facts.
    kind
        `category`: one or several values out of a closed list; `number`: a quantity in `unit`;
        `people`: names; `tags`: open vocabulary of themes, searched but never asked for by name.
    unit
        Unit of a number ("minutes", "USD", "year"), empty for other kinds.
    description
        A few words that tell a reader, or an LLM, what the facet is.
    values
        The catalogue's values of a category, most frequent first; empty for other kinds.
    synonyms
        Value → other ways to say it ("science fiction" → "sci-fi", "scifi").
    less, more
        Words that compare downwards and upwards ("shorter" / "longer").
    say
        How a value is said behind the item's noun, with `{value}` in it ("for {value}"); just
        `{value}` stands before the noun. Empty where the kind and the name tell.
    range
        The smallest and the largest fact of a number facet; None where no item has one.
    """

    name: str
    kind: FacetKind
    unit: str = ""
    description: str = ""
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    less: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    say: str = ""
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Schema:
    """What a catalogue's items are and which facets they have.

    `item` and `items` are the nouns ("film", "films"); `openings` are example first messages.
    """

    name: str
    facets: tuple[Facet, ...]
    item: str = "item"
    items: str = "items"
    openings: tuple[str, ...] = ()

    def facet(self, name: str) -> Facet | None:
        """Return the facet of that name, or None."""
        return next((f for f in self.facets if f.name == name), None)


@dataclass(frozen=True)
class Item:
    """One thing that can be recommended.

    `facts` maps facet names to a string, a number, a tuple of strings, or None where unknown;
    `text` is the owner's description and is untrusted.
    """

    id: str
    title: str
    text: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Constraint:
    """A hard wish: `facet op value`.

    `value` is a tuple of strings for category, people and tags facets (any of them satisfies `=`,
    none of them may occur for `!=`), a number for `= != >= <= ~` on number facets, and a pair
    (low, high), both included, for `<>`. `strict` leaves the number itself out of `>=` and `<=`:
    "over 8 GB", "under 5 inches".
    """

    facet: str
    op: Op
    value: tuple[str, ...] | float | tuple[float, float]
    strict: bool = False


@dataclass(frozen=True)
class Query:
    """What to look for.

    Parameters
    ----------
    text
        Words for the dense and the lexical search; empty means "anything that fits".
    constraints
        Hard wishes, the most important first (the last is relaxed first).
    similar
        Ids of items that the result should resemble.
    avoid
        Themes that should not occur.
    exclude
        Ids that must not be returned (shown, seen, disliked).
    limit
        How many candidates to return at most.
    """

    text: str
    constraints: tuple[Constraint, ...] = ()
    similar: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    exclude: frozenset[str] = frozenset()
    limit: int = 200


@dataclass(frozen=True)
class Candidate:
    """An item that may be recommended.

    `dense` is the cosine of query and item in [-1, 1] (0 without a query text), `lexical` the
    BM25 score divided by the best one in [0, 1], `prior` the item's popularity prior in [0, 1]
    (0 where unknown).
    """

    item: Item
    dense: float
    lexical: float
    prior: float = 0.0


@dataclass(frozen=True)
class Retrieved:
    """The candidates, best fused rank first, and the constraints that had to be given up.

    `spent` tells that items which fit everything exist, but all of them were excluded.
    """

    candidates: tuple[Candidate, ...]
    relaxed: tuple[Constraint, ...] = ()
    spent: bool = False

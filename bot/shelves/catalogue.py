"""What understanding asks of a catalogue's index; `retrieval.index.Index` answers to it.

Knows no implementation.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from retrieval.types import Item, Query, Retrieved, Schema


class Linked(Protocol):
    """The values that a span names; `all` where every one of them must hold."""

    @property
    def values(self) -> tuple[str, ...]:
        """The values as the catalogue spells them."""
        ...

    @property
    def score(self) -> float:
        """How close, 0 to 100; 100 for a value or one of its synonyms."""
        ...

    @property
    def all(self) -> bool:
        """Whether all of the values must hold, else any of them."""
        ...


class Mentioned(Protocol):
    """A place of a text that names a value; `facet` is None for a title."""

    @property
    def start(self) -> int:
        """The offset of its first character."""
        ...

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        ...

    @property
    def facet(self) -> str | None:
        """The facet of the value, None for a title."""
        ...

    @property
    def value(self) -> str:
        """The value as the catalogue spells it, an item's id for a title."""
        ...


class Names(Protocol):
    """What a catalogue's values, people and titles are called."""

    def mentions(self, text: str) -> Sequence[Mentioned]:
        """Return what a text names exactly, in order; cheap."""
        ...

    def link(self, facet: str, text: str) -> Linked | None:
        """Return the values of a facet that a span names, or None."""
        ...

    def link_person(self, text: str, facet: str | None = None) -> tuple[str, str] | None:
        """Return (facet, name) of a person, the given facet preferred, or None."""
        ...

    def link_title(self, text: str) -> tuple[str, ...]:
        """Return the ids of the items that a span may name, best first."""
        ...

    def respelled(self, word: str) -> str:
        """Return the word of titles that a word is but for a typo, else the word itself."""
        ...

    def things(self, stems: Collection[str], at_least: int = 1) -> frozenset[str]:
        """Return which stems so many products' titles are about."""
        ...

    def link_series(self, text: str) -> tuple[str, ...]:
        """Return the ids of the items whose titles are a span or begin with it."""
        ...


class Catalogue(Protocol):
    """A searchable catalogue."""

    @property
    def schema(self) -> Schema:
        """Its facets, category values filled in."""
        ...

    @property
    def values(self) -> Names:
        """Its names."""
        ...

    def get(self, ids: Sequence[str]) -> tuple[Item, ...]:
        """Return the items of those ids, in order; unknown ids are left out."""
        ...

    def search(self, query: Query) -> Retrieved:
        """Return the candidates for a query, best first, and the constraints given up."""
        ...

    def quantile(self, facet: str, q: float, within: Sequence[str] | None = None) -> float | None:
        """Return the q-quantile of a number facet over all items or some, or None."""
        ...

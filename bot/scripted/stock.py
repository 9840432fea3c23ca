"""What a catalogue truly holds: the facts that scripts are written against and replies checked by.

Made from an open index, or from a catalogue's file where the bot runs elsewhere. Knows no search.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.shelves.catalogue import Mentioned
from retrieval.constraints import values_of
from retrieval.types import Facet, Item, Schema
from retrieval.words import plain_key

if TYPE_CHECKING:
    from retrieval.index import Index
    from retrieval.values import Mention, ValueIndex

__all__ = ["Mentioned", "Stock", "stock_of_file", "stock_of_index"]


class Stock:
    """A catalogue's schema and items.

    Parameters
    ----------
    schema
        The facets, category values filled in.
    items
        Every item.
    values
        Its value index, where one is open already; else one is made when it is needed.
    """

    def __init__(
        self, schema: Schema, items: Sequence[Item], values: "ValueIndex | None" = None
    ) -> None:
        self.schema, self._values = schema, values
        self._items = {item.id: item for item in items}

    def item(self, id_: str) -> Item | None:
        """Return the item of that id."""
        return self._items.get(id_)

    def ids(self, title: str) -> tuple[str, ...]:
        """Return the ids of the items of that title; case, accents and punctuation do not count.

        An id stands for itself.
        """
        return (title,) if title in self._items else self._by_title.get(plain_key(title), ())

    def title(self, id_: str) -> str:
        """Return an item's title, or its id where it is not here."""
        item = self.item(id_)
        return item.title if item else id_

    @property
    def titles(self) -> tuple[str, ...]:
        """Return every title."""
        return tuple(item.title for item in self._items.values())

    @cached_property
    def _by_title(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for item in self._items.values():
            found[plain_key(item.title)].append(item.id)
        return {key: tuple(ids) for key, ids in found.items()}

    def known(self, facet: Facet) -> dict[str, str]:
        """Return every value of a worded facet, by its folded words."""
        return self._known[facet.name]

    @cached_property
    def _known(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for item in self._items.values():
            for name, fact in item.facts.items():
                found[name].update((plain_key(value), value) for value in values_of(fact))
        return found

    def ways(self, facet: str, value: str) -> tuple[str, ...]:
        """Return the ways to say a value: itself and the schema's synonyms of it."""
        known = self.schema.facet(facet)
        return (value, *(known.synonyms.get(value, ()) if known else ()))

    def mentions(self, text: str) -> "tuple[Mention, ...]":
        """Return what a text names of the catalogue."""
        return self._index.mentions(text)

    @cached_property
    def _index(self) -> "ValueIndex":
        if self._values is not None:
            return self._values
        from bot.shelves.shelf import Shelf

        return Shelf(self.schema, tuple(self._items.values())).values


class Stocks:
    """Catalogues by name, each asked for once.

    Parameters
    ----------
    stock_of
        Gives a catalogue, None where its facts are not at hand.
    """

    def __init__(self, stock_of: Callable[[str], "Stock | None"]) -> None:
        self._stock_of = stock_of
        self._found: dict[str, Stock | None] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> "Stock | None":
        """Return a catalogue's facts, None where they are not at hand."""
        with self._lock:
            if name not in self._found:
                self._found[name] = self._stock_of(name)
            return self._found[name]


def stock_of_index(index: "Index") -> Stock:
    """Return what an open index holds."""
    return Stock(index.schema, index.get(index.ids()), index.values)


def stock_of_file(file: Path) -> Stock:
    """Return what a catalogue's file holds; the name is that of its YAML.

    Raises
    ------
    CatalogError
        If it cannot be read.
    """
    from retrieval.catalog import load_catalog

    catalog = load_catalog(file)
    return Stock(catalog.schema, catalog.items)

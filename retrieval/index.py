"""The index of one catalogue: what the rest of the project asks for items, values and candidates.

Puts together the store (vectors, filters), BM25 and the value index; knows nothing of dialogue
and taste.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.building import open_store
from retrieval.catalog import Catalog
from retrieval.embedding import Encoder, FloatArray
from retrieval.lexical import Lexical
from retrieval.meaning import WordVectors
from retrieval.prior import priors
from retrieval.schema import with_ranges, with_values
from retrieval.search import Snapshot, search
from retrieval.store import Store, stored
from retrieval.types import Item, Query, Retrieved, Schema
from retrieval.values import ValueIndex, count_values, ranges

_VECTOR_CACHE = 50_000  # vectors kept in memory; 384 wide, that is 77 MB


@dataclass(frozen=True)
class _State:
    """All that changes when items do; swapped whole, so a reader never sees half of it."""

    schema: Schema
    snapshot: Snapshot
    values: ValueIndex


class Index:
    """A persisted, searchable catalogue. Safe to read from several threads.

    Open it with `Index.open`. Items that another process adds are seen after the next opening.
    """

    def __init__(self, store: Store, schema: Schema, encoder: Encoder) -> None:
        self._store, self._encoder = store, encoder
        self._write = threading.Lock()
        self._vectors: dict[str, FloatArray] = {}
        self._words = WordVectors(encoder, store.folder)
        self._state = self._read(schema)

    @classmethod
    def open(
        cls,
        name: str,
        home: Path,
        encoder: Encoder,
        catalog: Catalog | None = None,
        progress: bool = False,
        prune: bool = False,
    ) -> "Index":
        """Open the index of that name under `home`; build or refresh it from `catalog`.

        Parameters
        ----------
        name
            The catalogue's name; any text.
        home
            The folder of the project's state.
        encoder
            What embeds. If the index was made with another one, everything is embedded anew.
        catalog
            The source, where it is at hand: only rows that changed are embedded again.
        progress
            Whether to show a progress bar while embedding.
        prune
            Whether items that came from an earlier version of the file and are no longer in it
            are removed. Items that were upserted stay.

        Raises
        ------
        IndexStoreError
            If nothing is stored and no catalogue is given, or the folder cannot be read and
            there is no catalogue to rebuild it from, or the disk is full.
        """
        store, schema = open_store(name, home, encoder, catalog, progress=progress, prune=prune)
        return cls(store, schema, encoder)

    def _read(self, schema: Schema) -> _State:
        items = tuple(row.item for row in self._store.rows())
        schema = with_values(schema, count_values(schema, items))
        schema = with_ranges(schema, ranges(schema, items))
        by_id = {item.id: item for item in items}
        snapshot = Snapshot(schema, by_id, Lexical(items), priors(items))
        values = ValueIndex(schema, items, self._words)
        values.prepare()
        return _State(schema, snapshot, values)

    @property
    def schema(self) -> Schema:
        """The catalogue's schema, category values filled in, most frequent first."""
        return self._state.schema

    @property
    def values(self) -> ValueIndex:
        """What links words to the catalogue's values, people and titles."""
        return self._state.values

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self._state.snapshot.items)

    def get(self, ids: Sequence[str]) -> tuple[Item, ...]:
        """Return the items of those ids in that order; unknown ids are left out."""
        items = self._state.snapshot.items
        return tuple(items[i] for i in ids if i in items)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all items, in the order of first storing."""
        return tuple(self._state.snapshot.items)

    def encode(self, text: str) -> FloatArray:
        """Return the unit vector of a text, shape (d,)."""
        first: FloatArray = self._encoder.encode([text])[0]
        return first

    def vectors(self, ids: Sequence[str]) -> FloatArray:
        """Return the items' unit vectors, shape (n, d), row i of the i-th id.

        Raises
        ------
        KeyError
            If an id is unknown.
        """
        cache = self._vectors
        missing = [i for i in dict.fromkeys(ids) if i not in cache]
        fresh = self._store.vectors(missing)
        out = np.zeros((len(ids), self._encoder.dimension), dtype=np.float32)
        for row, i in zip(out, ids, strict=True):
            vector = cache.get(i)
            row[:] = fresh[i] if vector is None else vector
        if len(cache) + len(fresh) <= _VECTOR_CACHE:
            cache.update(fresh)
        return out

    def search(self, query: Query) -> Retrieved:
        """Return the candidates for a query, best first, and the constraints given up.

        Dense and lexical ranks are fused by reciprocal rank; constraints are hard until no item
        satisfies them all, then the least important ones go (tags first, then from the last).

        Raises
        ------
        QueryError
            If a constraint does not fit the schema.
        IndexStoreError
            If the store cannot be read.
        """
        return search(query, self._state.snapshot, self._store, self.encode, self.vectors)

    def quantile(self, facet: str, q: float, within: Sequence[str] | None = None) -> float | None:
        """Return the q-quantile, q in [0, 1], of a number facet over all items or some of them.

        None when none of the items has a number there.
        """
        items = self._state.snapshot.items
        chosen = items.values() if within is None else self.get(within)
        numbers = [n for n in (i.facts.get(facet) for i in chosen) if isinstance(n, int | float)]
        return float(np.quantile(numbers, q)) if numbers else None

    def upsert(self, items: Sequence[Item]) -> None:
        """Store items, replacing those of the same ids; the next search sees them."""
        from retrieval.building import refresh

        with self._write:
            rows = [stored(item, "api") for item in items]
            with self._store.unsure():
                refresh(self._store, rows, self.schema, self._encoder)
            self._forget([item.id for item in items])

    def delete(self, ids: Sequence[str]) -> None:
        """Forget items; unknown ids are no error."""
        with self._write:
            with self._store.unsure():
                self._store.remove(ids)
            self._forget(ids)

    def _forget(self, ids: Sequence[str]) -> None:
        for i in ids:
            self._vectors.pop(i, None)
        self._state = self._read(self.schema)

    def close(self) -> None:
        """Let go of the folder; the index cannot be used afterwards."""
        self._store.close()

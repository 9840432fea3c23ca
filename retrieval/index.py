"""The index of one catalogue: what the rest of the project asks for items, values and candidates.

Puts together the stored items, their segments and the value index; knows nothing of dialogue and
taste.
"""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval import building
from retrieval.building import Taken, locked
from retrieval.embedding import Encoder, FloatArray
from retrieval.errors import IndexStoreError
from retrieval.items import ItemStore, folder_of
from retrieval.meaning import WordVectors
from retrieval.search import search
from retrieval.segment import Segment
from retrieval.staging import Source, Tell, quiet
from retrieval.state import State, read_state
from retrieval.types import Item, Query, Retrieved, Schema
from retrieval.values import ValueIndex


class Index:
    """A persisted, searchable catalogue. Safe to use from several threads and processes.

    Open it with `Index.open`. What another process writes is seen at the next search.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder, self._encoder = folder, encoder
        self._write = threading.Lock()
        self._words = WordVectors(encoder, folder)
        self._store = ItemStore(folder)
        self._segments: dict[str, Segment] = {}
        self._state = self._read()

    @classmethod
    def open(
        cls,
        name: str,
        home: Path,
        encoder: Encoder,
        catalog: Source | None = None,
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
        if catalog is not None:
            take_in(name, home, encoder, catalog, progress=progress, prune=prune)
        folder = folder_of(home, name)
        store = ItemStore(folder)
        try:
            building.schema_in(store)
            if not building.is_current(store.about, encoder):
                with locked(folder):
                    building.renew(store, encoder, progress=progress)
        finally:
            store.close()
        return cls(folder, encoder)

    def _read(self) -> State:
        """Return what is stored now, for as long as anyone asks for it."""
        state = read_state(self._folder, self._words, self._segments)
        self._segments = {s.folder.name: s for s in state.snapshot.segments}
        return state

    def _current(self) -> State:
        """Return the state, read again if another process has written meanwhile."""
        if building.version_of(self._store) != self._state.version and self._write.acquire(False):
            try:
                self._state = self._read()
            finally:
                self._write.release()
        return self._state

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
        return int(np.count_nonzero(self._state.snapshot.alive))

    def get(self, ids: Sequence[str]) -> tuple[Item, ...]:
        """Return the items of those ids in that order; unknown ids are left out."""
        items = self._state.snapshot.store.get(ids)
        return tuple(items[i] for i in ids if i in items)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all items, in the order of first storing."""
        return self._state.snapshot.store.ids()

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
        snapshot = self._state.snapshot
        rows = snapshot.store.rows_of(dict.fromkeys(ids))
        places = snapshot.places(list(rows.values()))
        place_of = dict(zip(snapshot.rows(places), places.tolist(), strict=True))
        chosen = np.array([place_of[rows[i]] for i in ids], dtype=np.int64)
        if not len(chosen):
            return np.zeros((0, self._encoder.dimension), dtype=np.float32)
        return snapshot.vectors(chosen)

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
        return search(query, self._current().snapshot, self.encode)

    def quantile(self, facet: str, q: float, within: Sequence[str] | None = None) -> float | None:
        """Return the q-quantile, q in [0, 1], of a number facet over all items or some of them.

        None when none of the items has a number there.
        """
        snapshot = self._state.snapshot
        columns = [s.facets.numbers.get(facet) for s in snapshot.segments]
        if not columns or any(column is None for column in columns):
            return None
        numbers = np.concatenate([c for c in columns if c is not None])
        if within is None:
            numbers = numbers[snapshot.alive]
        else:
            rows = list(snapshot.store.rows_of(within).values())
            numbers = numbers[snapshot.places(rows)]
        known = numbers[~np.isnan(numbers)]
        return float(np.quantile(known, q)) if len(known) else None

    def upsert(self, items: Sequence[Item]) -> None:
        """Store items, replacing those of the same ids; the next search sees them."""
        with self._write:
            with locked(self._folder):
                building.upsert(self._store, self._encoder, items)
            self._state = self._read()

    def delete(self, ids: Sequence[str]) -> int:
        """Forget items; return how many there were. The next search does not see them."""
        with self._write:
            with locked(self._folder):
                gone = building.remove(self._store, ids)
            self._state = self._read()
            return gone

    def close(self) -> None:
        """Let go of the folder; the index cannot be used afterwards."""
        self._state.snapshot.store.close()
        self._store.close()


def take_in(
    name: str,
    home: Path,
    encoder: Encoder,
    source: Source,
    *,
    progress: bool = False,
    prune: bool = False,
    tell: Tell = quiet,
) -> Taken:
    """Bring the stored catalogue of that name up to date with a source; see `Index.open`.

    A file lock keeps two processes from building at the same time. A store that cannot be read is
    set aside (its folder gets the suffix `.broken`) and built again.
    """
    folder = folder_of(home, name)
    with locked(folder):
        try:
            return _taken_in(folder, encoder, source, progress=progress, prune=prune, tell=tell)
        except IndexStoreError as error:
            if error.is_disk_full or not folder.is_dir():
                raise
        aside = folder.with_name(f"{folder.name}.broken")
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        return _taken_in(folder, encoder, source, progress=progress, prune=prune, tell=quiet)


def _taken_in(
    folder: Path, encoder: Encoder, source: Source, *, progress: bool, prune: bool, tell: Tell
) -> Taken:
    store = ItemStore(folder)
    try:
        return building.take_in(store, encoder, source, progress=progress, prune=prune, tell=tell)
    finally:
        store.close()

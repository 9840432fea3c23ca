"""What titles can be found by, as keys: the whole, its stems, words, initials, trigrams, forms.

A `Titles` hands out places for keys, and names for places; `StoredTitles` does so over segments
and `MemoryTitles` over items at hand. Knows nothing of which of several titles is meant.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.facets import Mask
from retrieval.items import ItemStore
from retrieval.postings import (
    Keys,
    Places,
    Postings,
    Sorter,
    key_of,
    phrase_key,
    trigram_keys,
    write,
)
from retrieval.title_words import acronyms, canonical
from retrieval.types import Item
from retrieval.words import plain_key, stem, without_articles

_NAME = "titles"
_MAKERS = frozenset({"brand", "make", "maker", "manufacturer", "vendor", "company"})
_BRACKETED = re.compile(r"\s*\([^)]*\)\s*$")
# Kinds of keys, which keep apart what the same words stand for.
WHOLE, STEMMED, WORD, FIRST, ACRONYM, FORM, TRIGRAM = (
    key_of(f"kind of key: {kind}")
    for kind in ("whole", "stemmed", "word", "first word", "acronym", "form", "trigram")
)


class Named(NamedTuple):
    """An item's id and title, and its year, 0 where unknown."""

    id: str
    title: str
    year: float


def trigrams(key: str) -> Keys:
    """Return the keys of a canonical title's trigrams, its ends among them."""
    return trigram_keys(f" {key} ")


def keys_of(item: Item) -> tuple[set[int], Keys]:
    """Return all keys of an item's title but its trigrams, and those."""
    key = canonical(item.title)
    words = tuple(map(stem, key.split()))
    found = {WHOLE ^ phrase_key(key.split()), STEMMED ^ phrase_key(words)}
    found.update(WORD ^ key_of(word) for word in words)
    found.update(FIRST ^ key_of(word) for word in words[:1])
    found.update(ACRONYM ^ key_of(acronym) for acronym in acronyms(item.title))
    found.update(FORM ^ phrase_key(form.split()) for form in forms(item))
    return found, trigrams(key) ^ np.uint64(TRIGRAM)


def forms(item: Item) -> set[str]:
    """Return what a text may call an item: its title, or a product's without its maker."""
    out = {plain_key(item.title)}
    model = plain_key(_model(item))
    if " " in model:
        out.add(model)
    return {form for name in out for form in (name, without_articles(name)) if form}


def _model(item: Item) -> str:
    """Return a product's title without its maker and brackets: "iPad mini"; empty for others."""
    for name in _MAKERS & item.facts.keys():
        said = item.facts[name]
        makers = said if isinstance(said, tuple) else (said,)
        for maker in makers:
            if isinstance(maker, str) and item.title.lower().startswith(f"{maker.lower()} "):
                return _BRACKETED.sub("", item.title[len(maker) + 1 :])
    return ""


class TitlesWriter:
    """Takes one item after the other and writes the keys of their titles into a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.sorter = Sorter(folder)
        self.sizes = array("H")

    def add(self, item: Item) -> None:
        """Take the next item."""
        keys, parts = keys_of(item)
        place = len(self.sizes)
        self.sorter.add(keys, place)
        self.sorter.add_array(parts, place)
        self.sizes.append(min(len(parts), (1 << 16) - 1))

    def write(self, folder: Path) -> None:
        """Write the keys."""
        write(folder / _NAME, self.sorter)
        np.save(folder / f"{_NAME}.npy", np.array(self.sizes, dtype=np.uint16))


class TitleKeys:
    """The keys of one segment's titles."""

    def __init__(self, postings: Postings, sizes: NDArray[np.uint16]) -> None:
        self._postings, self._sizes = postings, sizes

    @classmethod
    def read(cls, folder: Path) -> "TitleKeys":
        """Return what a `TitlesWriter` wrote into a folder."""
        return cls(Postings.read(folder / _NAME), np.load(folder / f"{_NAME}.npy"))

    def places(self, key: int) -> NDArray[np.int32]:
        """Return the places of a key of some kind (`kind ^ key`), rising."""
        return self._postings.places(key)

    def knows(self, keys: Keys) -> NDArray[np.bool_]:
        """Tell of every key whether it is there, shape (n,)."""
        return self._postings.knows(keys)

    def likeness(self, key: str) -> NDArray[np.float32]:
        """Return every title's Dice coefficient with a canonical title's trigrams, shape (n,)."""
        shared = np.zeros(len(self._sizes), dtype=np.float32)
        wanted = trigrams(key)
        for part in wanted.tolist():
            shared[self._postings.places(part ^ TRIGRAM)] += 1
        shared *= 2
        shared /= self._sizes + np.float32(len(wanted))
        return shared


class Titles(Protocol):
    """The titles of a catalogue, each at its place."""

    def places(self, kind: int, key: int) -> Places:
        """Return the places whose titles have a key of a kind, rising."""
        ...

    def knows(self, kind: int, keys: Keys) -> NDArray[np.bool_]:
        """Tell of every key of a kind whether some title, living or not, has it."""
        ...

    def alike(self, key: str, limit: int) -> Places:
        """Return the places whose canonical titles share most trigrams with one, best first."""
        ...

    def years(self, places: Places) -> NDArray[np.float64]:
        """Return the years of places, 0 where unknown."""
        ...

    def at(self, places: Places) -> list[Named]:
        """Return the names of places, in no fixed order."""
        ...


class MemoryTitles:
    """The titles of items at hand."""

    def __init__(self, items: Iterable[Item]) -> None:
        writer = TitlesWriter()
        self._named = []
        for item in items:
            writer.add(item)
            self._named.append(Named(item.id, item.title, _year_of(item)))
        sizes = np.array(writer.sizes, dtype=np.uint16)
        self._keys = TitleKeys(Postings.gathered(writer.sorter), sizes)

    def places(self, kind: int, key: int) -> Places:
        """Return the places of a key; see `Titles`."""
        return self._keys.places(kind ^ key).astype(np.int64)

    def knows(self, kind: int, keys: Keys) -> NDArray[np.bool_]:
        """Tell which keys are there; see `Titles`."""
        return self._keys.knows(keys ^ np.uint64(kind))

    def alike(self, key: str, limit: int) -> Places:
        """Return the places of the titles most alike; see `Titles`."""
        return most_alike(self._keys.likeness(key), limit)

    def years(self, places: Places) -> NDArray[np.float64]:
        """Return the years of places; see `Titles`."""
        return np.array([self._named[n].year for n in places.tolist()], dtype=np.float64)

    def at(self, places: Places) -> list[Named]:
        """Return the names of places; see `Titles`."""
        return [self._named[n] for n in places.tolist()]


class StoredTitles:
    """The titles of a store's segments, one after the other.

    Parameters
    ----------
    store
        Where the titles themselves are.
    parts
        The keys of each segment.
    rows, years
        Of all places: their rows in the store, and their years where the catalogue has them.
    alive
        Which places stand for what is stored.
    """

    def __init__(
        self,
        store: ItemStore,
        parts: Sequence[TitleKeys],
        rows: Sequence[NDArray[np.int64]],
        years: Sequence[NDArray[np.float64] | None],
        alive: Mask,
    ) -> None:
        self._store, self._parts, self._alive = store, parts, alive
        self._rows, self._years = rows, years
        self._starts = np.cumsum([0, *map(len, rows)])[:-1]

    def places(self, kind: int, key: int) -> Places:
        """Return the places of a key; see `Titles`."""
        found = [p.places(kind ^ key) + s for p, s in zip(self._parts, self._starts, strict=True)]
        places: Places = np.concatenate([np.zeros(0, dtype=np.int64), *found])
        return places[self._alive[places]]

    def knows(self, kind: int, keys: Keys) -> NDArray[np.bool_]:
        """Tell which keys are there; see `Titles`."""
        out = np.zeros(len(keys), dtype=np.bool_)
        for part in self._parts:
            out |= part.knows(keys ^ np.uint64(kind))
        return out

    def alike(self, key: str, limit: int) -> Places:
        """Return the places of the titles most alike; see `Titles`."""
        found = [np.zeros(0, dtype=np.float32), *(p.likeness(key) for p in self._parts)]
        return most_alike(np.where(self._alive, np.concatenate(found), 0), limit)

    def years(self, places: Places) -> NDArray[np.float64]:
        """Return the years of places; see `Titles`."""
        out = np.zeros(len(places))
        for column, rows, start in zip(self._years, self._rows, self._starts, strict=True):
            here = (places >= start) & (places < start + len(rows))
            if column is not None:
                out[here] = column[places[here] - start]
        return np.nan_to_num(out)

    def at(self, places: Places) -> list[Named]:
        """Return the names of places; see `Titles`."""
        year_of: Mapping[int, float] = dict(
            zip(self._rows_of(places), self.years(places).tolist(), strict=True)
        )
        titles = self._store.titles(list(year_of))
        return [Named(id_, title, year_of[row]) for row, id_, title in titles]

    def _rows_of(self, places: Places) -> list[int]:
        out = np.zeros(len(places), dtype=np.int64)
        for rows, start in zip(self._rows, self._starts, strict=True):
            here = (places >= start) & (places < start + len(rows))
            out[here] = rows[places[here] - start]
        found: list[int] = out.tolist()
        return found


def most_alike(likeness: NDArray[np.float32], limit: int) -> Places:
    """Return the places of the highest likenesses above 0, best first, ties by place."""
    places = np.flatnonzero(likeness)
    if len(places) > limit:
        low = np.partition(likeness[places], len(places) - limit)[len(places) - limit]
        places = places[likeness[places] >= low]
    best: Places = places[np.argsort(-likeness[places], kind="stable")[:limit]]
    return best


def _year_of(item: Item) -> float:
    year = item.facts.get("year")
    return float(year) if isinstance(year, int | float) else 0.0

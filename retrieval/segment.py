"""Many items made ready for search, in a folder: vectors, facets, words; mapped into memory.

A segment never changes: what changes later goes into a newer one, and its old row is no longer
alive. Knows nothing of fusing and of how vectors are made.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import FloatArray
from retrieval.facets import Facets, FacetsWriter, Mask
from retrieval.lexical import Lexical, LexicalWriter, document, words_of
from retrieval.ordinary import OrdinaryWriter, read_ordinary
from retrieval.prior import popularity
from retrieval.title_keys import TitleKeys, TitlesWriter
from retrieval.types import Item, Schema

Places = NDArray[np.int64]

# Above this many items a first look goes to the vectors' main directions only.
_EXACT = 60_000
_COARSE = 64
_SAMPLE = 20_000
# Items that the first look hands on, for each that is wanted and at least: recall@10 is measured
# in benchmarks/README.md.
_PASSED_ON = 20
_LEAST_PASSED_ON = 4000
_GATHERED = 20_000  # up to so many fitting items are scored one by one


@dataclass(frozen=True)
class Found:
    """Places in a segment and their cosines, best first."""

    places: Places
    cosines: FloatArray


class Segment:
    """The items of one folder; place i is the i-th item that was written.

    `rows` are the items' rows in the store, rising; `popular` how often each was chosen, NaN
    where unknown; `mixed` a random number for each, the same at every start.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: NDArray[np.int64] = np.load(folder / "rows.npy")
        self.vectors: FloatArray = _mapped(folder / "vectors.npy")
        self.popular: NDArray[np.float64] = np.load(folder / "popular.npy")
        self.mixed: NDArray[np.uint64] = _mapped(folder / "mixed.npy")
        self.facets = Facets(folder)
        self.lexical = Lexical(folder, len(self.rows))
        self.titles, self.ordinary = TitleKeys.read(folder), read_ordinary(folder)
        self._coarse: FloatArray | None = None
        if (folder / "coarse.npy").is_file():
            self._coarse = _mapped(folder / "coarse.npy")
            self._directions: FloatArray = np.load(folder / "directions.npy")

    def __len__(self) -> int:
        """Return the number of items, living or not."""
        return len(self.rows)

    def places_of(self, rows: Iterable[int]) -> Places:
        """Return the places of those rows that are in this segment."""
        wanted = np.fromiter(rows, dtype=np.int64)
        places = np.searchsorted(self.rows, wanted)
        inside = places < len(self.rows)
        inside[inside] = self.rows[places[inside]] == wanted[inside]
        return places[inside]

    def nearest(self, vector: FloatArray, mask: Mask, limit: int) -> Found:
        """Return the items of a mask that are nearest to a unit vector (d,), ties by place.

        Few fitting items, or a small segment, are scored exactly; else the main directions choose
        whom to score. Nothing here depends on how rare what fits is, so no filter is a cliff.
        """
        fitting = int(np.count_nonzero(mask))
        if fitting == 0:
            return Found(np.zeros(0, np.int64), np.zeros(0, np.float32))
        if fitting <= _GATHERED or self._coarse is None:
            if self._coarse is None and fitting > 0.4 * len(self):
                cosines = self.vectors @ vector
                cosines = np.where(mask, cosines, np.float32(-2))
                places = best(cosines, min(limit, fitting))
                return Found(places, cosines[places])
            chosen = np.flatnonzero(mask)
        else:
            rough = self._coarse @ (vector @ self._directions)
            rough[~mask] = -np.inf
            chosen = best(rough, min(max(_PASSED_ON * limit, _LEAST_PASSED_ON), fitting))
            chosen.sort()
        cosines = self.vectors[chosen] @ vector
        order = best(cosines, min(limit, len(chosen)))
        return Found(chosen[order], cosines[order])


def _mapped(path: Path) -> "np.ndarray[Any, Any]":
    """Return an array that stays on disk until it is used; an empty one cannot be mapped."""
    found: np.ndarray[Any, Any] = np.load(path, mmap_mode=None if _is_empty(path) else "r")
    return found


def _is_empty(path: Path) -> bool:
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        return 0 in np.lib.format.read_array_header_1_0(file)[0]


@contextmanager
def _written(path: Path, size: int, width: int) -> Iterator[IO[bytes]]:
    """Open a file for `size` rows of `width` numbers, which are written one after the other.

    A new array that is mapped into memory would count as this process's memory.
    """
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (size, width)}
        np.lib.format.write_array_header_1_0(file, header)
        yield file


def best(scores: FloatArray, limit: int) -> Places:
    """Return the places of the highest scores, best first, ties by place."""
    if limit < len(scores):
        low = _threshold(scores, limit)
        places = np.flatnonzero(scores >= low)
        if len(places) > 4 * limit + 1000:
            places = places[np.argpartition(-scores[places], limit - 1)[:limit]]
            places.sort()
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")[:limit]
    return places[order]


def _threshold(scores: FloatArray, limit: int) -> float:
    """Return a score that at least `limit` reach, close to the highest such, from a sample."""
    if len(scores) <= 50_000:
        return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
    sample = scores[:: max(1, len(scores) // 50_000)]
    keep = min(len(sample), int(2 * limit * len(sample) / len(scores)) + 10)
    low = float(np.partition(sample, len(sample) - keep)[len(sample) - keep])
    if np.count_nonzero(scores >= low) >= limit:
        return low
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])


def write(
    folder: Path,
    schema: Schema,
    items: Iterable[tuple[int, Item, FloatArray]],
    size: int,
    width: int,
) -> None:
    """Write a segment of `size` items with vectors of `width` into an empty folder, as a stream.

    Parameters
    ----------
    folder
        Is made.
    schema
        Whose facets become columns.
    items
        Rising rows, items and unit vectors, shape (d,).
    size, width
        How many there are, and how wide the vectors.
    """
    folder.mkdir(parents=True)
    rows = np.zeros(size, dtype=np.int64)
    popular = np.full(size, np.nan)
    mixed = np.zeros(size, dtype=np.uint64)
    facets, lexical = FacetsWriter(schema), LexicalWriter(folder)
    titles, ordinary = TitlesWriter(folder), OrdinaryWriter(folder)
    with _written(folder / "vectors.npy", size, width) as vectors:
        for place, (row, item, vector) in enumerate(items):
            vectors.write(vector.astype("<f4").tobytes())
            rows[place], popular[place] = row, popularity(item)
            mixed[place] = int.from_bytes(hashlib.blake2b(item.id.encode(), digest_size=8).digest())
            facets.add(item)
            lexical.add(words_of(document(item)))
            titles.add(item)
            ordinary.add(item)
    lexical.write()
    titles.write(folder)
    ordinary.write()
    np.save(folder / "rows.npy", rows)
    np.save(folder / "popular.npy", popular)
    np.save(folder / "mixed.npy", mixed)
    facets.write(folder)
    if size > _EXACT:
        _write_coarse(folder)


def _write_coarse(folder: Path) -> None:
    """Write the vectors' coordinates along their main directions (uncentred, as cosines are)."""
    path = folder / "vectors.npy"
    vectors = _mapped(path)
    size, step = len(vectors), max(1, len(vectors) // _SAMPLE)
    sample = np.asarray(vectors[::step], dtype=np.float32)
    _, directions = np.linalg.eigh(sample.T @ sample)
    main = np.ascontiguousarray(directions[:, ::-1][:, :_COARSE], dtype=np.float32)
    with _written(folder / "coarse.npy", size, main.shape[1]) as file:
        for start in range(0, size, _SAMPLE):
            # Mapped anew for every block, so that no more than one counts as memory.
            file.write((_mapped(path)[start : start + _SAMPLE] @ main).astype("<f4").tobytes())
    np.save(folder / "directions.npy", main)

"""Keys → the places that hold them, in files that are mapped into memory.

Sorted outside memory: what was collected is parked in a file by the first bits of its keys, and
each part is sorted alone. So writing takes the same memory for a thousand items and a million, and
opening reads nothing. Knows nothing of what keys stand for.
"""

import functools
import hashlib
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]
Weights = NDArray[np.float32]
# A part's places and how often each holds its key → weights; a part holds all pairs of its keys.
Weigh = Callable[["Part"], Weights]

_HELD = 1 << 19  # pairs in memory before they are parked
_PART_BITS = 6
_PAIR = np.dtype([("key", "<u8"), ("place", "<i4"), ("times", "<u2")])
_MOST_TIMES = (1 << 16) - 1
_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15  # odd, so multiplying by it loses nothing


@functools.lru_cache(maxsize=1 << 16)
def key_of(word: str) -> int:
    """Return the key of a word, 0 or more and below 2⁶⁴, the same on every machine."""
    data = word.encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def phrase_key(words: Iterable[str]) -> int:
    """Return the key of words in a row."""
    key = 0
    for word in words:
        key = (key * _STEP + key_of(word)) & _MASK
    return key


def run_keys(words: Sequence[str], longest: int) -> list[Keys]:
    """Return the keys of all runs of 1, 2, … `longest` words, in the order of their first words."""
    single = np.fromiter(map(key_of, words), dtype=np.uint64, count=len(words))
    out: list[Keys] = [single] if len(words) else []
    while out and len(out) < longest and len(out[-1]) > 1:
        out.append(out[-1][:-1] * np.uint64(_STEP) + single[len(out) :])
    return out


def trigram_keys(text: str) -> Keys:
    """Return the keys of a text's distinct runs of three characters, rising."""
    signs = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), "<u4").astype(np.uint64)
    runs = (signs[:-2] << np.uint64(42)) | (signs[1:-1] << np.uint64(21)) | signs[2:]
    keys: Keys = np.unique(runs * np.uint64(_STEP))
    return keys


class Part:
    """Pairs of keys and places, ordered by key, then by place.

    Parameters
    ----------
    keys, starts
        Distinct keys, rising, shape (k,); where the places of each begin, and the end of the last,
        shape (k + 1,).
    places, times
        Places and how often each holds its key, shape (n,).
    """

    def __init__(self, pairs: NDArray[np.void]) -> None:
        ordered = pairs[np.argsort(pairs["key"], kind="stable")]
        self.keys, first = np.unique(ordered["key"], return_index=True)
        self.starts = np.append(first, len(ordered)).astype(np.int64)
        self.places: NDArray[np.int32] = np.ascontiguousarray(ordered["place"])
        self.times: NDArray[np.uint16] = np.ascontiguousarray(ordered["times"])

    def holders(self) -> NDArray[np.int64]:
        """Return how many places hold each key, shape (k,)."""
        return np.diff(self.starts)

    def sums(self) -> NDArray[np.int64]:
        """Return how often each key is held in all, shape (k,)."""
        total = np.concatenate(([0], np.cumsum(self.times, dtype=np.int64)))
        return total[self.starts[1:]] - total[self.starts[:-1]]


class Sorter:
    """Collects pairs in the order of their places and gives them ordered by key.

    Parameters
    ----------
    folder
        Where pairs are parked that memory does not hold; None for the system's own place.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._runs: list[NDArray[np.int64]] = []
        self._clear()

    def _clear(self) -> None:
        self._keys, self._times = array("Q"), array("H")
        # Places that were added to, and up to which key each has its own.
        self._places, self._ends = array("i"), array("q")

    def add(self, keys: Iterable[int], place: int, times: Iterable[int] | None = None) -> None:
        """Take the distinct keys of a place, and how often it holds each; places never fall.

        Either all places of a sorter come with times or none does.
        """
        self._keys.extend(keys)
        if times is not None:
            self._times.extend([min(n, _MOST_TIMES) for n in times])
        self._ended(place)

    def add_array(self, keys: Keys, place: int) -> None:
        """Take the distinct keys of a place."""
        self._keys.frombytes(keys.tobytes())
        self._ended(place)

    def _ended(self, place: int) -> None:
        self._places.append(place)
        self._ends.append(len(self._keys))
        if len(self._keys) >= _HELD:
            self._park()

    def _taken(self) -> NDArray[np.void]:
        pairs = np.empty(len(self._keys), dtype=_PAIR)
        ends = np.array([0, *self._ends], dtype=np.int64)
        pairs["key"] = self._keys
        pairs["place"] = np.repeat(np.array(self._places, dtype=np.int32), ends[1:] - ends[:-1])
        pairs["times"] = self._times if self._times else 1
        self._clear()
        return pairs

    def _park(self) -> None:
        pairs = self._taken()
        parts = (pairs["key"] >> np.uint64(64 - _PART_BITS)).astype(np.int64)
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)
        start = self._runs[-1][-1] if self._runs else 0
        self._file.write(pairs[np.argsort(parts, kind="stable")].tobytes())
        counts = np.bincount(parts, minlength=1 << _PART_BITS)
        self._runs.append(start + np.concatenate(([0], np.cumsum(counts))))

    def parts(self) -> Iterator[Part]:
        """Yield all pairs in parts of rising keys; once."""
        if self._file is not None:
            self._park()
        if self._file is None:
            yield Part(self._taken())
            return
        with self._file as file:
            for n in range(1 << _PART_BITS):
                runs = [_read(file, int(run[n]), int(run[n + 1])) for run in self._runs]
                yield Part(np.concatenate(runs))


def _read(file: IO[bytes], start: int, stop: int) -> NDArray[np.void]:
    """Return the pairs of a file from one place to another."""
    file.seek(start * _PAIR.itemsize)
    return np.frombuffer(file.read((stop - start) * _PAIR.itemsize), dtype=_PAIR)


class Postings:
    """Keys, and the places and weights of each.

    Parameters
    ----------
    keys
        Distinct keys, rising, shape (k,).
    starts
        Where the places of each key begin, and the end of the last, shape (k + 1,).
    places
        Shape (n,), rising within a key.
    weights
        Shape (n,), or empty where places have none.
    """

    def __init__(
        self, keys: Keys, starts: Places, places: NDArray[np.int32], weights: Weights
    ) -> None:
        self._keys, self._starts, self._places, self._weights = keys, starts, places, weights

    @classmethod
    def gathered(cls, sorter: Sorter) -> "Postings":
        """Return what was collected, in memory and without weights."""
        parts = list(sorter.parts())
        sizes = np.cumsum([0, *(len(p.places) for p in parts)])
        starts = [p.starts[:-1] + size for p, size in zip(parts, sizes, strict=False)]
        return cls(
            np.concatenate([p.keys for p in parts]),
            np.append(np.concatenate(starts), sizes[-1]),
            np.concatenate([p.places for p in parts]),
            np.zeros(0, dtype=np.float32),
        )

    @classmethod
    def read(cls, path: Path) -> "Postings":
        """Return what `write` wrote under that path, left on disk until it is used."""
        names = (("keys", "<u8"), ("starts", "<i8"), ("places", "<i4"), ("weights", "<f4"))
        return cls(*(_mapped(path.with_suffix(f".{name}"), kind) for name, kind in names))

    def span(self, key: int) -> slice:
        """Return where a key's places lie; an empty slice for an unknown key."""
        wanted = np.uint64(key)
        n = int(np.searchsorted(self._keys, wanted))
        if n == len(self._keys) or self._keys[n] != wanted:
            return slice(0, 0)
        return slice(int(self._starts[n]), int(self._starts[n + 1]))

    def places(self, key: int) -> NDArray[np.int32]:
        """Return the places of a key, rising, shape (n,)."""
        return self._places[self.span(key)]

    def weights(self, key: int) -> Weights:
        """Return the weights of a key's places, shape (n,)."""
        return self._weights[self.span(key)]

    def knows(self, keys: Keys) -> NDArray[np.bool_]:
        """Tell of every key whether any place holds it, shape (n,)."""
        return among(keys, self._keys)


def write(path: Path, sorter: Sorter, weigh: Weigh | None = None) -> None:
    """Write what was collected under a path, each of its files with a suffix of its own."""
    with (
        path.with_suffix(".keys").open("wb") as keys,
        path.with_suffix(".starts").open("wb") as starts,
        path.with_suffix(".places").open("wb") as places,
        path.with_suffix(".weights").open("wb") as weights,
    ):
        total = 0
        for part in sorter.parts():
            keys.write(part.keys.astype("<u8").tobytes())
            starts.write((part.starts[:-1] + total).astype("<i8").tobytes())
            places.write(part.places.astype("<i4").tobytes())
            if weigh is not None:
                weights.write(weigh(part).astype("<f4").tobytes())
            total += len(part.places)
        starts.write(np.array([total], dtype="<i8").tobytes())


class KeySet:
    """Words, of which only the keys are known.

    Parameters
    ----------
    keys
        Rising, shape (k,).
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    @classmethod
    def read(cls, path: Path) -> "KeySet":
        """Return what `write_frequent` wrote, left on disk until it is used."""
        return cls(_mapped(path, "<u8"))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and bool(
            among(np.array([key_of(word)], dtype=np.uint64), self._keys)[0]
        )


def write_frequent(path: Path, sorter: Sorter, least: int) -> None:
    """Write the keys that are held at least so often in all."""
    with path.open("wb") as file:
        for part in sorter.parts():
            file.write(part.keys[part.sums() >= least].astype("<u8").tobytes())


def among(wanted: Keys, keys: Keys) -> NDArray[np.bool_]:
    """Tell of every wanted key whether it is among rising keys, shape (n,)."""
    places = np.searchsorted(keys, wanted)
    found = places < len(keys)
    found[found] = keys[places[found]] == wanted[found]
    return found


def _mapped(path: Path, kind: str) -> NDArray[Any]:
    """Return a file's numbers, which stay on disk until they are used."""
    if not path.stat().st_size:
        return np.zeros(0, dtype=kind)
    return np.asarray(np.memmap(path, dtype=kind, mode="r"))

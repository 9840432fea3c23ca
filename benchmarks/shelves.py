"""Catalogues of any size that the benchmarks make themselves: items, vectors, queries.

Vectors are mixtures of two embeddings of bundled films and noise, as embedding a million texts
would take a day on two cores.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from retrieval.catalog import bundled_path, load_catalog
from retrieval.embedding import FloatArray, SentenceEncoder, item_text
from retrieval.types import Facet, Fact, Item, Schema

BASE = 600
QUERIES = 60
SCHEMA = Schema(
    "shelf",
    (
        Facet("category", "category"),
        Facet("brand", "category"),
        Facet("price", "number", "USD"),
        Facet("year", "number", "year"),
    ),
)


class Shelf:
    """A made-up catalogue: the same for the same seed, whatever its size."""

    def __init__(self, seed: int = 0) -> None:
        films = load_catalog(bundled_path("movies")).items[: BASE + QUERIES]
        vectors = SentenceEncoder().encode([item_text(film) for film in films])
        self._base, self._asked = vectors[:BASE], vectors[BASE:]
        self._words = [film.text.split() for film in films]
        self.questions = [" ".join(film.text.split()[:8]) for film in films[BASE:]]
        self._seed = seed
        self.width = vectors.shape[1]

    def vectors(self, start: int, stop: int) -> FloatArray:
        """Return the vectors of some items, shape (stop - start, d)."""
        random = np.random.default_rng((self._seed, start))
        size = stop - start
        pairs = random.integers(0, BASE, (size, 2))
        noise = random.standard_normal((size, self.width)).astype(np.float32) / self.width**0.5
        mixed = 0.75 * self._base[pairs[:, 0]] + 0.45 * self._base[pairs[:, 1]] + 0.35 * noise
        unit: FloatArray = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def asked(self, n: int) -> FloatArray:
        """Return the vector of the n-th question, shape (d,): that of a film not in the base."""
        found: FloatArray = self._asked[n]
        return found

    def item(self, n: int) -> Item:
        """Return the n-th item."""
        words = self._words[n % len(self._words)]
        first = n * 7 % max(1, len(words) - 8)
        facts: dict[str, Fact] = {
            "category": (f"category {int((n * 2654435761 % 1000) ** 0.5)}",),
            "brand": (f"brand {n * 40503 % 997}",),
            "price": float(n * 48271 % 100_000) / 100,
            "year": 1950 + n * 16807 % 75,
        }
        return Item(f"i{n}", f"Item {n}", " ".join(words[first : first + 12]), facts)

    def rows(self, size: int, block: int = 10_000) -> Iterator[tuple[int, Item, FloatArray]]:
        """Yield row, item and vector of the first `size` items."""
        for start in range(0, size, block):
            vectors = self.vectors(start, min(start + block, size))
            for n, vector in enumerate(vectors, start=start):
                yield n + 1, self.item(n), vector


def percentile(times_s: Sequence[float], q: float) -> float:
    """Return a percentile of times, in milliseconds."""
    return float(np.percentile(times_s, q)) * 1000

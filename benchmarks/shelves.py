"""Catalogues of any size that the benchmarks make themselves: items, vectors, queries.

Vectors are mixtures of two embeddings of bundled films and noise, as embedding a million texts
would take a day on two cores.
"""

import csv
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from retrieval.catalog import bundled_path, load_catalog
from retrieval.embedding import FloatArray, SentenceEncoder, item_text
from retrieval.types import Facet, Fact, Item, Schema

BASE = 600
QUERIES = 60
NOISES = 4096
YAML = """name: shelf
id: id
title: title
text: text
facets:
  category: {kind: category}
  brand: {kind: category}
  price: {kind: number, unit: USD}
  year: {kind: number, unit: year}
"""
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
    """A made-up catalogue, the same in every run; as an encoder it composes its items' vectors."""

    def __init__(self) -> None:
        films = load_catalog(bundled_path("movies")).items[: BASE + QUERIES]
        self.real = SentenceEncoder()
        self._base = self.real.encode([item_text(film) for film in films[:BASE]])
        self._texts = [film.text.split() for film in films]
        self._words = sorted({w.strip(".,;:!?'\"").title() for text in self._texts for w in text})
        self.questions = [" ".join(film.text.split()[:8]) for film in films[BASE:]]
        self.name, self.dimension = self.real.name, self.real.dimension
        self._noise = np.random.default_rng(0).standard_normal((NOISES, self.dimension))
        self._noise /= self.dimension**0.5

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return composed unit vectors, shape (n, d); the same text gives the same one."""
        seeds = np.array([zlib.crc32(text.encode()) for text in texts], dtype=np.uint64)
        first, second, noise = (
            (seeds * np.uint64(step) >> np.uint64(20)) % np.uint64(size)
            for step, size in ((48271, BASE), (69621, BASE), (40503, NOISES))
        )
        mixed = 0.75 * self._base[first] + 0.45 * self._base[second] + 0.35 * self._noise[noise]
        mixed += 0.01 * np.sin(seeds[:, None] % np.uint64(9973) * np.arange(1, 1 + self.dimension))
        unit: FloatArray = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def item(self, n: int) -> Item:
        """Return the n-th item."""
        words = self._texts[n % len(self._texts)]
        first = n * 7 % max(1, len(words) - 8)
        brand = f"Brand{n * 40503 % 997}"
        named = [self._words[n * step % len(self._words)] for step in (1, 7919, 104729)]
        facts: dict[str, Fact] = {
            "category": (f"category {int((n * 2654435761 % 1000) ** 0.5)}",),
            "brand": (brand,),
            "price": float(n * 48271 % 100_000) / 100,
            "year": 1950 + n * 16807 % 75,
        }
        title = " ".join((brand, *named, str(n % 10_000)))
        return Item(f"i{n}", title, " ".join(words[first : first + 12]), facts)

    def rows(
        self, first: int, stop: int, block: int = 10_000
    ) -> Iterator[tuple[int, Item, FloatArray]]:
        """Yield row, item and vector of some items."""
        for start in range(first, stop, block):
            items = [self.item(n) for n in range(start, min(start + block, stop))]
            vectors = self.encode([item_text(item) for item in items])
            for n, (item, vector) in enumerate(zip(items, vectors, strict=True), start=start + 1):
                yield n, item, vector

    def write(self, path: Path, size: int) -> None:
        """Write the first items as CSV, and the YAML beside it."""
        path.with_suffix(".yaml").write_text(YAML, encoding="utf-8")
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(("id", "title", "text", *(f.name for f in SCHEMA.facets)))
            for n in range(size):
                item = self.item(n)
                facts = (f[0] if isinstance(f, tuple) else f for f in item.facts.values())
                out.writerow((item.id, item.title, item.text, *facts))


def percentile(times_s: Sequence[float], q: float) -> float:
    """Return a percentile of times, in milliseconds."""
    return float(np.percentile(times_s, q)) * 1000

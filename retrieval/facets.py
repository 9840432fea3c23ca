"""The facts of many items as columns: a constraint becomes a mask over all of them at once.

A number facet is one array; of a worded facet every value has the list of its rows. So a filter
costs the same whether it lets one item through or all. Knows nothing of how masks are used.
"""

import json
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.constraints import bounds_of, check, values_of
from retrieval.types import Constraint, Item, Schema

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Postings:
    """The values of a worded facet; the rows of value i are `rows[offsets[i]:offsets[i + 1]]`."""

    values: Mapping[str, int]
    offsets: NDArray[np.int64]
    rows: Rows

    def of(self, value: str) -> Rows:
        """Return the rows that hold a value."""
        place = self.values.get(value)
        if place is None:
            return self.rows[:0]
        return self.rows[self.offsets[place] : self.offsets[place + 1]]


class Facets:
    """The columns of one segment of `size` items, read from the folder that `write` filled."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "facets.json").read_text(encoding="utf-8"))
        self.size: int = about["size"]
        self.numbers: dict[str, Numbers] = {
            name: np.load(folder / file) for name, file in about["numbers"].items()
        }
        self.postings: dict[str, Postings] = {
            name: Postings(
                {value: n for n, value in enumerate(found["values"])},
                np.load(folder / f"{found['file']}-offsets.npy"),
                np.load(folder / f"{found['file']}-rows.npy"),
            )
            for name, found in about["worded"].items()
        }

    def mask(self, constraint: Constraint, schema: Schema) -> Mask:
        """Return which items satisfy a constraint, shape (size,); see `constraints.satisfies`.

        Raises
        ------
        QueryError
            If the constraint does not fit the schema.
        """
        facet = check(constraint, schema)
        value = constraint.value
        if facet.kind == "number":
            numbers = self.numbers.get(facet.name)
            if numbers is None:
                return np.full(self.size, constraint.op == "!=")
            return _number_mask(numbers, constraint, bounds_of(facet, constraint))
        held = np.zeros(self.size, dtype=np.bool_)
        postings = self.postings.get(facet.name)
        for wanted in value if isinstance(value, tuple) and postings else ():
            held[postings.of(str(wanted))] = True  # type: ignore[union-attr]
        return held if constraint.op == "=" else ~held

    def counts(self, name: str, alive: Mask) -> Counter[str]:
        """Return how many living items hold each value of a worded facet; none of those without."""
        found = self.postings.get(name)
        if found is None or not len(found.rows):
            return Counter()
        sums = np.concatenate(([0], np.cumsum(alive[found.rows], dtype=np.int64)))
        held = sums[found.offsets[1:]] - sums[found.offsets[:-1]]
        return Counter({v: int(n) for v, n in zip(found.values, held, strict=True) if n})


def _number_mask(numbers: Numbers, constraint: Constraint, bounds: tuple[float, float]) -> Mask:
    inside: Mask = (numbers >= bounds[0]) & (numbers <= bounds[1])
    return ~inside if constraint.op == "!=" else inside


class FacetsWriter:
    """Collects the facts of items in order and writes them as columns."""

    def __init__(self, schema: Schema) -> None:
        self._size = 0
        self._numbers = {f.name: array("d") for f in schema.facets if f.kind == "number"}
        self._values: dict[str, dict[str, int]] = {
            f.name: {} for f in schema.facets if f.kind != "number"
        }
        self._pairs = {name: (array("i"), array("i")) for name in self._values}

    def add(self, item: Item) -> None:
        """Take the next item."""
        for name, numbers in self._numbers.items():
            fact = item.facts.get(name)
            numbers.append(float(fact) if isinstance(fact, int | float) else float("nan"))
        for name, known in self._values.items():
            codes, rows = self._pairs[name]
            for value in dict.fromkeys(values_of(item.facts.get(name))):
                codes.append(known.setdefault(value, len(known)))
                rows.append(self._size)
        self._size += 1

    def write(self, folder: Path) -> None:
        """Write the columns into a folder."""
        numbers: dict[str, str] = {}
        for n, (name, column) in enumerate(self._numbers.items()):
            numbers[name] = f"number-{n}.npy"
            np.save(folder / numbers[name], np.array(column, dtype=np.float64))
        worded: dict[str, object] = {}
        for n, (name, known) in enumerate(self._values.items()):
            codes, rows = (np.array(a, dtype=np.int32) for a in self._pairs[name])
            order = np.argsort(codes, kind="stable")
            counts = np.bincount(codes, minlength=len(known))
            offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
            np.save(folder / f"worded-{n}-rows.npy", rows[order])
            np.save(folder / f"worded-{n}-offsets.npy", offsets)
            worded[name] = {"file": f"worded-{n}", "values": list(known)}
        about = {"size": self._size, "numbers": numbers, "worded": worded}
        text = json.dumps(about, ensure_ascii=False)
        (folder / "facets.json").write_text(text, encoding="utf-8", errors="surrogatepass")

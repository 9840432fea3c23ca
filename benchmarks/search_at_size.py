"""A catalogue of any size, taken in and searched: `python -m benchmarks.search_at_size [--size N]`.

Makes its own catalogue (see `benchmarks.shelves`) as a CSV file and takes it in as `concierge
index` does, but for the vectors, which are composed. Measures time and memory of that, then of
opening, of top-100 search under filters that let 100 %, 50 %, 10 %, 1 % and 0.1 % through, of
titles, and how many of the ten exactly nearest items are among the first ten found. With `--home`
what was taken in stays, and `concierge talk --catalog shelf` can be had on it; `--only` does one of
the two halves, so that a process's memory is that of one. `--direct` stores the items and writes
their segment without a file and without Chroma's store of vectors. `--chroma` measures Chroma's own
filtered search over the same vectors beside it.
"""

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shelves import QUERIES, SCHEMA, Shelf, percentile
from retrieval import building
from retrieval.catalog import CatalogFile
from retrieval.embedding import FloatArray, item_text
from retrieval.facets import Mask
from retrieval.index import Index, take_in
from retrieval.items import ItemStore, digests_of, folder_of
from retrieval.keeping import Segments
from retrieval.schema import to_json
from retrieval.segment import Segment, write
from retrieval.types import Constraint, Query

SHARES = (1.0, 0.5, 0.1, 0.01, 0.001)
WARM = 5
BLOCK = 20_000
NAME = "shelf"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", choices=("index", "search"))
    parser.add_argument("--direct", action="store_true")
    parser.add_argument("--chroma", action="store_true")
    options = parser.parse_args()
    shelf = Shelf()
    home = options.home or Path(tempfile.mkdtemp(prefix="search-at-size-"))
    try:
        print(f"{options.size:,} items, {shelf.dimension} wide, {QUERIES} questions a row, top 100")
        if options.only != "search":
            (writing if options.direct else taking_in)(shelf, home, options.size)
        if options.only != "index":
            searching(shelf, home)
        if options.chroma:
            chroma(shelf, home / "chroma", options.size)
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)


def taking_in(shelf: Shelf, home: Path, size: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{NAME}.csv"
    shelf.write(path, size)
    print(f"written, memory {resident()} MB", flush=True)
    for what in ("taken in", "again, unchanged"):
        started = time.perf_counter()
        taken = take_in(NAME, home, shelf, CatalogFile(path))
        took = time.perf_counter() - started
        print(
            f"{what}: {taken.held:,} items in {took:.0f} s, peak memory {peak()} MB, "
            f"now {resident()} MB",
            flush=True,
        )


def writing(shelf: Shelf, home: Path, size: int) -> None:
    """Store the items, then write the next of two segments: a call each, as it takes minutes."""
    store = ItemStore(folder_of(home, NAME))
    half = size // 2
    started = time.perf_counter()
    if not len(store):
        with store.transaction():
            for n in range(size):
                item = shelf.item(n)
                store.put(item, digests_of(item), "file", 1 if n < half else 2)
        print(f"stored in {time.perf_counter() - started:.0f} s, peak {peak()} MB", flush=True)
    started = time.perf_counter()
    version = building.version_of(store) + 1
    first, stop = (0, half) if version == 1 else (half, size)
    folder = store.folder / f"segment-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, SCHEMA, shelf.rows(first, stop), stop - first, shelf.dimension)
    segments = Segments("segment-1", 1, folder.name if version == 2 else "")
    made = {"encoder": shelf.name, "format": building.FORMAT, "version": str(version)}
    with store.transaction():
        store.note({**made, "schema": json.dumps(to_json(SCHEMA))})
        store.note({"segments": json.dumps(asdict(segments))})
    took = time.perf_counter() - started
    print(f"{stop - first:,} written in {took:.0f} s, peak memory {peak()} MB, now {resident()} MB")
    store.close()


def searching(shelf: Shelf, home: Path) -> None:
    before, started = resident(), time.perf_counter()
    index = Index.open(NAME, home, shelf.real)
    took = time.perf_counter() - started
    print(f"opened in {took:.2f} s, {resident() - before} MB more")
    asked = asked_by(shelf)
    segments = [Segment(folder) for folder in sorted(folder_of(home, NAME).glob("segment-*"))]
    print(f"{'let through':>12} {'median':>9} {'p95':>9} {'recall@10':>10}")
    for share in SHARES:
        constraint = Constraint("price", "<=", 1000 * share)

        def ask(n: int, c: Constraint = constraint) -> None:
            index.search(Query(shelf.questions[n], (c,), limit=100))

        median, late = timed(ask)
        masks = [segment.facets.mask(constraint, index.schema) for segment in segments]
        near = [nearest(segments, masks, vector) for vector in asked]
        exact = exactly(segments, masks, asked)
        recalls = [len(e & n) / len(e) for e, n in zip(exact, near, strict=True)]
        print(f"{share:12.1%} {median:8.1f}m {late:8.1f}m {np.mean(recalls):10.3f}", flush=True)
    titles = [shelf.item(n * len(index) // QUERIES).title for n in range(QUERIES)]
    values = index.values
    for what, do in (
        ("whole titles", lambda n: values.link_title(titles[n])),
        ("misspelled titles", lambda n: values.link_title(titles[n].replace("e", "ee", 1))),
        ("half titles", lambda n: values.link_title(" ".join(titles[n].split()[:2]))),
        ("mentions in a line", lambda n: values.mentions(f"Like {titles[n]}, but cheaper?")),
    ):
        median, late = timed(do)
        print(f"{what}: median {median:.1f} ms, 95th percentile {late:.1f} ms")
    print(f"resident after all {resident()} MB, of which mapped {mapped()} MB")
    index.close()


def timed(ask: Callable[[int], object]) -> tuple[float, float]:
    """Return the median and the 95th percentile of asking all questions, in milliseconds."""
    times = []
    for n in range(-WARM, QUERIES):
        began = time.perf_counter()
        ask(n % QUERIES)
        if n >= 0:
            times.append(time.perf_counter() - began)
    return percentile(times, 50), percentile(times, 95)


def asked_by(shelf: Shelf) -> FloatArray:
    """Return the vectors of all questions, shape (q, d); embedding them is not measured."""
    return np.concatenate([shelf.real.encode([question]) for question in shelf.questions])


Place = tuple[int, int]  # the number of a segment, and a place in it


def nearest(segments: list[Segment], masks: list[Mask], vector: FloatArray) -> set[Place]:
    """Return the places of the ten items that a search finds nearest."""
    found = [s.nearest(vector, m, 100) for s, m in zip(segments, masks, strict=True)]
    scored = [
        (-cosine, (n, place))
        for n, part in enumerate(found)
        for place, cosine in zip(part.places.tolist(), part.cosines.tolist(), strict=True)
    ]
    return {place for _, place in sorted(scored)[:10]}


def exactly(segments: list[Segment], masks: list[Mask], asked: FloatArray) -> list[set[Place]]:
    """Return the places of the ten nearest items of a mask for every question, in one pass."""
    best: list[list[tuple[float, Place]]] = [[] for _ in asked]
    for n, (segment, mask) in enumerate(zip(segments, masks, strict=True)):
        for start in range(0, len(segment), BLOCK):
            places = start + np.flatnonzero(mask[start : start + BLOCK])
            scores = segment.vectors[places] @ asked.T
            for held, column in zip(best, scores.T, strict=True):
                first = np.argsort(-column, kind="stable")[:10]
                held += [(-float(column[i]), (n, int(places[i]))) for i in first]
                held.sort()
                del held[10:]
    return [{place for _, place in held} for held in best]


def chroma(shelf: Shelf, folder: Path, size: int) -> None:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    held = client.create_collection("items", configuration={"hnsw": {"space": "cosine"}})
    started = time.perf_counter()
    for start in range(0, size, 1000):
        stop = min(start + 1000, size)
        items = [shelf.item(n) for n in range(start, stop)]
        held.add(
            ids=[i.id for i in items],
            embeddings=shelf.encode([item_text(i) for i in items]),
            metadatas=[{"price": float(i.facts["price"])} for i in items],  # type: ignore[arg-type]
        )
    print(f"Chroma: added in {time.perf_counter() - started:.0f} s", flush=True)
    asked = asked_by(shelf)
    for share in SHARES:

        def ask(n: int, most: float = 1000 * share) -> None:
            where: dict[str, Any] = {"price": {"$lte": most}}
            held.query(
                query_embeddings=asked[n][None, :],
                n_results=100,
                where=where,
                include=["distances"],
            )

        median, late = timed(ask)
        print(f"{share:12.1%} {median:8.1f}m {late:8.1f}m", flush=True)


def resident() -> int:
    return status("VmRSS")


def mapped() -> int:
    return status("RssFile")


def status(key: str) -> int:
    """Return a figure of this process's memory, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) // 1024


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()

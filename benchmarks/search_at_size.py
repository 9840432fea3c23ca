"""Filtered search over many items: `python -m benchmarks.search_at_size [--size N] [--chroma]`.

Makes its own catalogue (see `benchmarks.shelves`), writes it as one segment, and measures opening,
memory, top-100 search under filters that let 100 %, 50 %, 10 %, 1 % and 0.1 % through, and how many
of the ten exactly nearest items are among the first ten found. `--chroma` measures Chroma's own
filtered search over the same vectors beside it.
"""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shelves import QUERIES, SCHEMA, Shelf, percentile
from retrieval.facets import Mask
from retrieval.items import ItemStore, digests_of
from retrieval.prior import Priors
from retrieval.search import Snapshot, search
from retrieval.segment import Segment, write
from retrieval.types import Constraint, Query

SHARES = (1.0, 0.5, 0.1, 0.01, 0.001)
WARM = 5
BLOCK = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--chroma", action="store_true")
    options = parser.parse_args()
    shelf = Shelf()
    folder = Path(tempfile.mkdtemp(prefix="search-at-size-"))
    try:
        print(f"{options.size:,} items, {shelf.width} wide, {QUERIES} questions a row, top 100")
        run(shelf, folder, options.size)
        if options.chroma:
            chroma(shelf, folder / "chroma", options.size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(shelf: Shelf, folder: Path, size: int) -> None:
    store = ItemStore(folder)
    started = time.perf_counter()
    with store.transaction():
        for n in range(size):
            item = shelf.item(n)
            store.put(item, digests_of(item), "file", 1)
    print(f"items stored in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    write(folder / "segment", SCHEMA, shelf.rows(size), size, shelf.width)
    print(f"segment written in {time.perf_counter() - started:.0f} s, peak memory {peak()} MB")
    started = time.perf_counter()
    before = resident()
    segment = Segment(folder / "segment")
    alive = np.ones(size, dtype=np.bool_)
    snapshot = Snapshot(SCHEMA, store, (segment,), alive, Priors(segment.popular))
    took = time.perf_counter() - started
    print(f"segment opened in {took:.2f} s, {resident() - before} MB more")
    print(f"{'let through':>12} {'median':>9} {'p95':>9} {'recall@10':>10}")
    for share in SHARES:
        times = []
        constraint = Constraint("price", "<=", 1000 * share)
        for n in range(-WARM, QUERIES):
            vector = shelf.asked(n % QUERIES)
            query = Query(shelf.questions[n % QUERIES], (constraint,), limit=100)
            began = time.perf_counter()
            search(query, snapshot, lambda _, v=vector: v)  # type: ignore[misc]
            if n >= 0:
                times.append(time.perf_counter() - began)
        mask = snapshot.mask(constraint)
        nearest = [segment.nearest(shelf.asked(n), mask, 100).places[:10] for n in range(QUERIES)]
        exact = exactly(segment, shelf, mask)
        recalls = [len(e & set(f.tolist())) / len(e) for e, f in zip(exact, nearest, strict=True)]
        line = f"{percentile(times, 50):8.1f}m {percentile(times, 95):8.1f}m"
        print(f"{share:12.1%} {line} {np.mean(recalls):10.3f}", flush=True)
    print(f"resident after the search {resident()} MB, of which mapped {mapped()} MB")
    store.close()


def exactly(segment: Segment, shelf: Shelf, mask: Mask) -> list[set[int]]:
    """Return the places of the ten nearest items of a mask for every question, in one pass."""
    asked = np.stack([shelf.asked(n) for n in range(QUERIES)]).T
    scores = np.zeros((0, QUERIES), dtype=np.float32)
    places = np.zeros((0, QUERIES), dtype=np.int64)
    for start in range(0, len(segment), BLOCK):
        part = segment.vectors[start : start + BLOCK] @ asked
        part[~mask[start : start + BLOCK]] = -2
        here = np.argpartition(-part, 10, axis=0)[:10]
        scores = np.concatenate([scores, np.take_along_axis(part, here, axis=0)])
        places = np.concatenate([places, here + start])
        kept = np.argsort(-scores, axis=0, kind="stable")[:10]
        scores = np.take_along_axis(scores, kept, axis=0)
        places = np.take_along_axis(places, kept, axis=0)
    return [
        set(column[held].tolist()) for column, held in zip(places.T, (scores > -2).T, strict=True)
    ]


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
            embeddings=shelf.vectors(start, stop),
            metadatas=[{"price": float(i.facts["price"])} for i in items],  # type: ignore[arg-type]
        )
    print(f"Chroma: added in {time.perf_counter() - started:.0f} s", flush=True)
    for share in SHARES:
        times = []
        for n in range(-WARM, QUERIES):
            where: dict[str, Any] = {"price": {"$lte": 1000 * share}}
            began = time.perf_counter()
            held.query(
                query_embeddings=shelf.asked(n % QUERIES)[None, :],
                n_results=100,
                where=where,
                include=["distances"],
            )
            if n >= 0:
                times.append(time.perf_counter() - began)
        print(
            f"{share:12.1%} {percentile(times, 50):8.1f}m {percentile(times, 95):8.1f}m", flush=True
        )


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

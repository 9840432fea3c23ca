"""What ranking costs: `python -m benchmarks.ranking_cost`.

One event into the tracker, the ranking of 200 candidates, and the cosine of one interest with
1,000 to 1,000,000 items: time (median of the repeats) and memory. Vectors are random, as times do
not depend on what they hold; the tracker is the shipped one.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch

from ranking.plot import Line, draw
from ranking.score import ScoreWeights, rank
from ranking.tracker import load_tracker
from ranking.vectors import cosine, unit
from retrieval.types import Candidate, Item

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
REPEATS = 9


def median_ms(run: Callable[[], object], repeats: int = REPEATS) -> float:
    run()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ranking_cost", description=__doc__)
    home = Path(os.environ.get("CONCIERGE_HOME", Path.home() / ".concierge"))
    parser.add_argument("--out", type=Path, default=home / "benchmarks" / "ranking_cost")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    tracker = load_tracker()
    width = tracker.config.space
    random = torch.Generator().manual_seed(0)
    vectors = unit(torch.randn(200, width, generator=random))
    state = tracker.update(tracker.start(), vectors[0], "liked")
    interest = tracker.interest(state)
    assert interest is not None
    some = [Candidate(Item(str(n), "", "", {}), 0.5, 0.5) for n in range(200)]
    weights = ScoreWeights()
    print(f"{given.threads} threads, vectors of width {width}, median of {REPEATS}\n")
    print("| what | time | to reach |\n|---|---|---|")
    event = median_ms(lambda: tracker.update(state, vectors[1], "liked", 60.0), 200)
    print(f"| one event into the tracker | {event:.2f} ms | 2 ms |")
    ranked = median_ms(lambda: rank(some, vectors, vectors[2], interest, weights, 10), 50)
    print(f"| 200 candidates ranked, 10 chosen | {ranked:.2f} ms | 10 ms |")
    whole = median_ms(lambda: rank(some, vectors, vectors[2], interest, weights, 200), 5)
    print(f"| 200 candidates ranked, 200 chosen | {whole:.2f} ms | 10 ms |\n")
    print("| items | product with unit vectors | cosine of any vectors | vectors in memory |")
    print("|---|---|---|---|")
    products, cosines = [], []
    for size in SIZES:
        items = unit(torch.randn(size, width, generator=random))
        products.append((float(size), median_ms(lambda m=items: m @ interest)))  # type: ignore[misc]
        cosines.append(
            (float(size), median_ms(lambda m=items: cosine(interest[None], m), 3))  # type: ignore[misc]
        )
        megabytes = items.numel() * items.element_size() / 1e6
        print(
            f"| {size:,} | {products[-1][1]:.2f} ms | {cosines[-1][1]:.2f} ms | "
            f"{megabytes:,.1f} MB |",
            flush=True,
        )
    given.out.mkdir(parents=True, exist_ok=True)
    memory = tuple((float(s), s * width * 4 / 1e6) for s in SIZES)
    lines = [
        Line("product with unit vectors, ms", tuple(products)),
        Line("cosine of any vectors, ms", tuple(cosines)),
        Line("vectors in memory, MB", memory),
    ]
    draw(given.out / "cost.svg", "Scoring a whole catalogue", "items", "ms, MB", lines, log=True)
    print(f"\nThe picture is in {given.out / 'cost.svg'}")


if __name__ == "__main__":
    main()

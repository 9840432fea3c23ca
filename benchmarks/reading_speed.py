"""How fast the embedded LLM reads and writes: `python -m benchmarks.reading_speed`.

Reads the hand-made test messages of films and electronics one at a time and in batches of 16, and
writes reasons for the test briefs in batches of three; prints medians and their ratio. Single and
batched reading take turns, so that other work on the machine slows both alike.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import torch

from bot.llm.base import Situation
from bot.llm.pocket import PocketLLM
from bot.pocket.catalogues import Catalogues, situation_of
from bot.pocket.data import data_folder
from bot.pocket.evaluate import TESTSETS, lines
from bot.pocket.examples import brief_of
from bot.pocket.weights import FOLDER
from retrieval.embedding import SentenceEncoder

T = TypeVar("T")
BATCH = 16
MOST = 192


def main(argv: Sequence[str] | None = None) -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading_speed", description=__doc__)
    parser.add_argument("--weights", type=Path, default=FOLDER)
    parser.add_argument("--quantize", default="nf4", choices=("nf4", "int8", "none"))
    args = parser.parse_args(argv)
    llm = PocketLLM(args.weights, args.quantize)
    situations = _situations()
    llm.read(situations[:BATCH])
    single: list[float] = []
    together: list[float] = []
    for batch in _batches(situations, BATCH):
        single += [_timed(llm.read, [one]) for one in batch]
        together.append(_timed(llm.read, batch) / len(batch))
    rows = (TESTSETS / "reasons.jsonl").read_text(encoding="utf-8").splitlines()
    briefs = [brief_of(json.loads(row)) for row in rows]
    threes = [_timed(llm.write, three, 3) for three in _batches(briefs, 3)]
    one, many = statistics.median(single), statistics.median(together)
    say = sys.stdout.write
    say(f"{len(situations)} test messages, {torch.get_num_threads()} threads, {args.quantize}\n")
    say(f"reading, one at a time: median {one:.0f} ms, 95th percentile {_p95(single):.0f} ms\n")
    say(
        f"reading, batches of {BATCH}: median {many:.0f} ms each, {one / many:.1f} times the rate\n"
    )
    say(f"three reasons in one batch: median {statistics.median(threes):.0f} ms\n")


def _situations() -> list[Situation]:
    catalogues = Catalogues(SentenceEncoder())
    rows = [row for name in ("films", "electronics") for row in lines(name, data_folder())]
    return [situation_of(row, catalogues.of(row.get("schema", "movies"))) for row in rows[:MOST]]


def _batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _timed(work: Callable[..., object], *given: object) -> float:
    """Return how many milliseconds a call takes."""
    start = time.perf_counter()
    work(*given)
    return (time.perf_counter() - start) * 1000


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()

"""Next item on MovieLens-1M: `python -m benchmarks.ml1m`.

Leave-one-out: everyone's last film is the question, the one before it chooses the weights, the
rest trains. All 3,416 films compete, but for those of the history. Three seeds of the tracker with
item vectors, beside popularity and a GRU4Rec of the same split. A run that was killed goes on
where it was; the table is printed and kept in the output folder.
"""

import argparse
import json
import os
import time
from pathlib import Path
from statistics import fmean, stdev

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed

from benchmarks.gru4rec import GRU4Rec, Point, fit
from ranking.checkpoint import load_tracker, save_tracker
from ranking.evaluate import cache_folder, data_folder
from ranking.evaluation import Case, Result, cases, evaluate
from ranking.learning import Recipe, learn
from ranking.plot import Line, draw
from ranking.recommenders import Popularity, Tracked, likes
from ranking.sessions import Corpus, embed
from ranking.sources import movielens_1m
from ranking.splits import Split, leave_last_out
from ranking.training import CURVE
from retrieval.embedding import SentenceEncoder, item_text

REFERENCES = (
    ("GRU4Rec, published", 0.2962, 0.1693),
    ("SASRec, published", 0.3181, 0.1902),
    ("LRURec, published", 0.3264, 0.1930),
)


def ours(
    corpus: Corpus, split: Split, recipe: Recipe, seed: int, out: Path, given: argparse.Namespace
) -> tuple[Tracked, list[Point]]:
    """Train one seed, or take it from the folder if it is there already."""
    folder = out / f"seed-{seed}"
    if not (folder / "config.json").is_file():
        save_tracker(learn(corpus, split, folder, recipe, "", seed, accelerator(given)), folder)
    log = map(json.loads, (folder / CURVE).read_text(encoding="utf-8").splitlines())
    curve = [Point(row["step"], row["seconds"], row["score"]) for row in log]
    return Tracked(load_tracker(folder), corpus, f"tracker, seed {seed}"), curve


def peer(corpus: Corpus, split: Split, given: argparse.Namespace) -> tuple[GRU4Rec, list[Point]]:
    """Train the GRU4Rec; it is short enough to start anew after a kill."""
    set_seed(0)
    asked = cases(split.validation, corpus)

    def score(model: GRU4Rec) -> float:
        return evaluate(model, asked, corpus, progress=False).ndcg10.mean

    model = GRU4Rec(corpus)
    return model, fit(model, split.train, given.peer_epochs, 0, score, accelerator(given))


def accelerator(given: argparse.Namespace) -> Accelerator:
    return Accelerator(mixed_precision=given.precision, cpu=given.device == "cpu")


def report(ours: list[Result], others: list[Result], lines: list[str]) -> str:
    rows = ["| | HR@10 | NDCG@10 |", "|---|---|---|"]
    for name in ("hr10", "ndcg10"):
        values = [getattr(r, name).mean for r in ours]
        spread = stdev(values) if len(values) > 1 else 0.0
        lines.append(f"{name}: mean {fmean(values):.4f}, standard deviation {spread:.4f}")
    rows += [f"| {r.name} | {r.hr10.mean:.4f} | {r.ndcg10.mean:.4f} |" for r in (*ours, *others)]
    rows += [f"| {name} | {hr:.4f} | {n:.4f} |" for name, hr, n in REFERENCES]
    return "\n".join([*rows, "", *lines, ""])


def reached(curve: list[Point], score: float) -> str:
    point = next((p for p in curve if p.score >= score), None)
    return "not reached" if point is None else f"{point.seconds:.0f} s"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ml1m", description=__doc__)
    home = Path(os.environ.get("CONCIERGE_HOME", Path.home() / ".concierge"))
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--out", type=Path, default=home / "benchmarks" / "ml1m")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--peer-epochs", type=int, default=100)
    parser.add_argument("--device", choices=["auto", "cpu"], default="auto")
    parser.add_argument("--precision", choices=["bf16", "no"], default="bf16")
    parser.add_argument("--people", type=int, help="first people only, for a quick look")
    given = parser.parse_args()
    source = movielens_1m(given.data / "ml-1m")
    texts = [item_text(item) for item in source.items]
    vectors = embed(texts, SentenceEncoder(), cache_folder(), source.name)
    corpus = Corpus(source.name, source.items, vectors)
    split = leave_last_out(source.test[: given.people])
    asked: tuple[Case, ...] = cases(split.test, corpus)
    threads = torch.get_num_threads()
    lines = [
        f"{len(asked)} people, {len(corpus.items)} items, {given.epochs} epochs, {given.precision} "
        f"on {accelerator(given).device}, {threads} threads, "
        f"{time.strftime('%Y-%m-%d')}"
    ]
    recipe = Recipe(epochs=given.epochs)
    trained = [ours(corpus, split, recipe, seed, given.out, given) for seed in given.seeds]
    gru, gru_curve = peer(corpus, split, given)
    results = [evaluate(tracker, asked, corpus) for tracker, _ in trained]
    popularity = Popularity(corpus, likes(split.train))
    others = [evaluate(row, asked, corpus) for row in (gru, popularity)]
    goal = max(point.score for point in gru_curve)
    lines += [
        f"GRU4Rec's best validation NDCG@10, {goal:.4f}, took it {reached(gru_curve, goal)} of "
        f"training and the tracker {', '.join(reached(curve, goal) for _, curve in trained)}"
    ]
    table = report(results, others, lines)
    given.out.mkdir(parents=True, exist_ok=True)
    curves = [(r.name, c) for r, (_, c) in zip(results, trained, strict=True)]
    draw(
        given.out / "curves.svg",
        "Validation NDCG@10 on ML-1M",
        "seconds of training",
        "NDCG@10",
        [
            Line(n, tuple((p.seconds, p.score) for p in c))
            for n, c in (*curves, (gru.name, gru_curve))
        ],
    )
    (given.out / "table.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()

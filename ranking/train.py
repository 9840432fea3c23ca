"""`python -m ranking.train`: train the text-only tracker that ships.

The composition root of training: data sets and bundled catalogues become feeds, an encoder makes
their vectors. With `ranking.evaluate` the one place where ranking takes an encoder and
catalogues from `retrieval`.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from accelerate import Accelerator

from ranking.evaluate import cache_folder, data_folder
from ranking.evaluation import cases, evaluate
from ranking.feeds import Feed, Recorded
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.objectives import NextLiked
from ranking.recommenders import Tracked
from ranking.sessions import Corpus, Session, TextEncoder, embed
from ranking.simulation import Simulator
from ranking.sources import Source, opendialkg, redial
from ranking.tracker import save_tracker
from ranking.training import TrainConfig, train
from retrieval.catalog import BUNDLED, bundled_path, load_catalog
from retrieval.embedding import SentenceEncoder, item_text
from retrieval.types import Item

Embedder = Callable[[str, Sequence[Item]], Corpus]
# Every sixth person of ReDial's training conversations is kept for validation.
HELD_BACK = 6


def embedder(encoder: TextEncoder, cache: Path) -> Embedder:
    """Return what makes a corpus of items."""

    def corpus(name: str, items: Sequence[Item]) -> Corpus:
        vectors = embed([item_text(item) for item in items], encoder, cache, name)
        return Corpus(name, tuple(items), vectors)

    return corpus


def terse(item: Item) -> Item:
    """Return the item with title, year and genres only, as poorer catalogues describe theirs."""
    facts = {name: fact for name, fact in item.facts.items() if name in ("year", "genres")}
    return replace(item, text="", facts=facts)


def feeds(source: Source, data: Path, corpus: Embedder) -> list[tuple[Feed, float]]:
    """Return the feeds with their shares of the batches.

    Real sessions make two thirds: ReDial's over full and over terse texts, OpenDialKG's.
    Simulated ones over ReDial's films and the bundled catalogues make one third.
    """
    people = [s for s in source.train if not held_back(s)]
    dialogues = opendialkg(data / "opendialkg")
    full = corpus(source.name, source.items)
    out: list[tuple[Feed, float]] = [
        (Recorded(full, people), 0.30),
        (Recorded(corpus("terse", [terse(item) for item in source.items]), people), 0.20),
        (Recorded(corpus(dialogues.name, dialogues.items), dialogues.train), 0.15),
        (Simulator(full, ("genres",)), 0.15),
    ]
    for name in BUNDLED:
        catalog = load_catalog(bundled_path(name))
        worded = [f.name for f in catalog.schema.facets if f.kind in ("category", "tags")]
        out.append((Simulator(corpus(name, catalog.items), worded), 0.10))
    return out


def held_back(session: Session) -> bool:
    """Tell whether a ReDial session validates instead of training."""
    return int(session.user) % HELD_BACK == 0


def validation(source: Source, corpus: Embedder) -> Callable[[InterestTracker], float]:
    """Return what scores a tracker: the MRR on people held back, full and terse texts."""
    people = [s for s in source.train if held_back(s)]
    spaces = [corpus(source.name, source.items)]
    spaces.append(corpus("terse", [terse(item) for item in source.items]))
    asked = [(space, cases(people, space)) for space in spaces]

    def score(tracker: InterestTracker) -> float:
        each = [evaluate(Tracked(tracker, c), q, c, progress=False).mrr.mean for c, q in asked]
        return sum(each) / len(each)

    return score


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m ranking.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="takes checkpoints and weights")
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--cache", type=Path, default=cache_folder())
    parser.add_argument("--steps", type=int, default=TrainConfig.steps)
    parser.add_argument("--seed", type=int, default=TrainConfig.seed)
    parser.add_argument("--precision", default="no", choices=["no", "bf16", "fp16"])
    given = parser.parse_args(arguments)
    encoder = SentenceEncoder()
    corpus = embedder(encoder, given.cache)
    source = redial(given.data / "redial")
    start = InterestTracker(TrackerConfig(encoder.dimension, encoder.dimension, encoder.name))
    tracker = train(
        NextLiked(start, feeds(source, given.data, corpus)),
        TrainConfig(steps=given.steps, seed=given.seed),
        given.out,
        validation(source, corpus),
        Accelerator(mixed_precision=given.precision),
    )
    save_tracker(tracker, given.out)
    sys.stdout.write(f"the tracker is in {given.out}\n")


if __name__ == "__main__":
    main()

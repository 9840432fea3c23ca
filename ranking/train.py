"""`python -m ranking.train`: train the text-only tracker that ships.

The composition root of training: data sets and bundled catalogues become feeds, an encoder makes
their vectors. With `ranking.evaluate` the one place where ranking takes an encoder and
catalogues from `retrieval`.
"""

import argparse
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import Tensor

from ranking.evaluate import cache_folder, data_folder
from ranking.evaluation import cases, evaluate
from ranking.feeds import Feed, Recorded
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.objectives import NextLiked
from ranking.recommenders import Tracked
from ranking.renown import teach_renown
from ranking.sessions import Corpus, Session, TextEncoder, embed
from ranking.simulation import Simulator
from ranking.sources import Source, opendialkg, redial, redial_mentions
from ranking.tracker import save_tracker
from ranking.training import TrainConfig, train
from retrieval.catalog import BUNDLED, bundled_path, load_catalog
from retrieval.embedding import SentenceEncoder, item_text
from retrieval.types import Item

Embedder = Callable[[str, Sequence[Item]], Corpus]
# Every sixth person of ReDial's training conversations is kept for validation.
HELD_BACK = 6
# What the last item weighs at the start; of .3 to 1.5, 1 did best on people held back and on long
# simulated histories taken together.
LAST = 1.0
LONG_HISTORIES = 150  # simulated ones that validate beside real people
CHAINED = 0.3  # share of ReDial's sessions that end a long history
RENOWN = 768  # width of the layer that reads renown


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


@dataclass(frozen=True)
class Spaces:
    """The catalogues that sessions are over, with their texts' vectors.

    `full` and `terse` are ReDial's films, described fully or by title, year and genres only.
    """

    full: Corpus
    terse: Corpus
    dialogues: Corpus
    bundled: tuple[tuple[Corpus, tuple[str, ...]], ...]  # with the facets that tastes are made of


def spaces(source: Source, dialogues: Source, corpus: Embedder) -> Spaces:
    """Embed the catalogues."""
    bundled = []
    for name in BUNDLED:
        catalog = load_catalog(bundled_path(name))
        worded = tuple(f.name for f in catalog.schema.facets if f.kind in ("category", "tags"))
        bundled.append((corpus(name, catalog.items), worded))
    return Spaces(
        corpus(source.name, source.items),
        corpus("terse", [terse(item) for item in source.items]),
        corpus(dialogues.name, dialogues.items),
        tuple(bundled),
    )


def renown(mentions: Mapping[str, int], over: Spaces) -> tuple[Tensor, Tensor]:
    """Return texts (n, d), and how well known what they tell of is, (n,), in [0, 1].

    A film is as well known as its mentions in ReDial say, on a logarithmic scale, in whichever
    catalogue it is; films that are not in ReDial are left out. A catalogue without any film of
    it holds nothing that people speak of there: its items count as unknown.
    """
    most = max(mentions.values())
    by_name = {_name(item): mentions.get(item.id, 0) for item in over.full.items}
    texts, shares = [], []
    for corpus in (over.full, over.terse, over.dialogues, *(c for c, _ in over.bundled)):
        found = [by_name.get(_name(item)) for item in corpus.items]
        strange = all(count is None for count in found)
        rows = [n for n, count in enumerate(found) if strange or count is not None]
        texts.append(corpus.vectors[rows])
        shares.append(torch.tensor([math.log1p(found[n] or 0) / math.log1p(most) for n in rows]))
    return torch.cat(texts), torch.cat(shares)


def _name(item: Item) -> tuple[str, object]:
    return "".join(filter(str.isalnum, item.title.casefold())), item.facts.get("year")


def feeds(
    tracker: InterestTracker, source: Source, dialogues: Source, over: Spaces
) -> list[tuple[Feed, float]]:
    """Return the feeds with their shares of the batches, in the tracker's space.

    Real sessions make two thirds: ReDial's over full and over terse texts, OpenDialKG's.
    Simulated ones over ReDial's films and the bundled catalogues make one third.
    """
    people = [s for s in source.train if not held_back(s)]

    def bent(corpus: Corpus) -> Corpus:
        vectors = tracker.vectors([item.id for item in corpus.items], corpus.vectors)
        return replace(corpus, vectors=vectors)

    def simulator(corpus: Corpus, facets: Sequence[str]) -> Simulator:
        return Simulator(bent(corpus), facets, known(tracker, corpus))

    return [
        (Recorded(bent(over.full), people, chained=CHAINED), 0.30),
        (Recorded(bent(over.terse), people, chained=CHAINED), 0.20),
        (Recorded(bent(over.dialogues), dialogues.train), 0.15),
        (simulator(over.full, ("genres",)), 0.15),
        *((simulator(corpus, facets), 0.10) for corpus, facets in over.bundled),
    ]


def known(tracker: InterestTracker, corpus: Corpus) -> Tensor | None:
    """Return how well known a corpus's items are, (n,), or None if the tracker reads no renown."""
    with torch.no_grad():
        return None if tracker.renown is None else tracker.renown.known(corpus.vectors)


def held_back(session: Session) -> bool:
    """Tell whether a ReDial session validates instead of training."""
    return int(session.user) % HELD_BACK == 0


def validation(
    tracker: InterestTracker, source: Source, over: Spaces
) -> Callable[[InterestTracker], float]:
    """Return what scores a tracker: the MRR, over full and over terse texts.

    Asked are people held back, and, as they say little each, simulated long histories as well.
    """
    people = [s for s in source.train if held_back(s)]
    asked = []
    for space in (over.full, over.terse):
        long = Simulator(space, ("genres",), known(tracker, space), long=1.0)
        histories = long.draw(np.random.default_rng(0), LONG_HISTORIES)
        ends = [replace(h, first_target=len(h.events) - 4) for h in histories]
        asked += [(space, cases(people, space)), (space, cases(ends, space))]

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
    parser.add_argument("--renown-steps", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=TrainConfig.seed)
    parser.add_argument("--precision", default="no", choices=["no", "bf16", "fp16"])
    given = parser.parse_args(arguments)
    encoder = SentenceEncoder()
    source, dialogues = redial(given.data / "redial"), opendialkg(given.data / "opendialkg")
    over = spaces(source, dialogues, embedder(encoder, given.cache))
    set_seed(given.seed)
    width = encoder.dimension
    start = InterestTracker(TrackerConfig(width, width, encoder.name, renown=RENOWN))
    held = {s.user for s in source.train if held_back(s)}
    texts, mentioned = renown(redial_mentions(given.data / "redial", held), over)
    explained = teach_renown(start, texts, mentioned, given.renown_steps, given.seed)
    sys.stdout.write(f"renown: {explained:.0%} of its variance are read from {len(texts)} texts\n")
    start.lean_on_last(LAST)
    tracker = train(
        NextLiked(start, feeds(start, source, dialogues, over)),
        TrainConfig(steps=given.steps, seed=given.seed),
        given.out,
        validation(start, source, over),
        Accelerator(mixed_precision=given.precision),
    )
    save_tracker(tracker, given.out)
    sys.stdout.write(f"the tracker is in {given.out}\n")


if __name__ == "__main__":
    main()

"""`python -m ranking.evaluate`: the shipped tracker against its baselines, full ranking.

The composition root of evaluation: the one place, with `ranking.train`, where ranking takes an
encoder from `retrieval`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ranking.evaluation import Case, Result, cases, evaluate, gain, table
from ranking.recommenders import (
    LastItem,
    MeanOfLiked,
    Popularity,
    Recommender,
    Tracked,
    WithPrior,
    likes,
)
from ranking.sessions import Corpus, Session, embed
from ranking.sources import Source, movielens_1m, movielens_small, redial
from ranking.tracker import SHIPPED, load_tracker
from retrieval.embedding import SentenceEncoder, item_text

SETS = {"redial": redial, "ml-latest-small": movielens_small, "ml-1m": movielens_1m}
# Weight of the log popularity in [0, 1] beside a cosine, the same for every recommender.
PRIOR = 0.2


def data_folder() -> Path:
    """Return the folder of the data sets: `$CONCIERGE_DATA`, else `../shared/data`."""
    return Path(os.environ.get("CONCIERGE_DATA", Path(__file__).parents[2] / "shared" / "data"))


def cache_folder() -> Path:
    """Return where embedded texts are kept: `embeddings` under `$CONCIERGE_HOME`."""
    home = os.environ.get("CONCIERGE_HOME", Path.home() / ".concierge")
    return Path(home) / "embeddings"


def compare(source: Source, corpus: Corpus, weights: Path, limit: int | None) -> str:
    """Measure tracker and baselines on one data set; return the report as Markdown."""
    questions = cases(source.test, corpus)[:limit]
    tracked = Tracked(load_tracker(weights), corpus)
    counted = source.train or tuple(
        Session(s.user, s.events[: s.first_target]) for s in source.test
    )
    popularity = Popularity(corpus, likes(counted))
    mean = MeanOfLiked(corpus)
    rows: list[Recommender] = [tracked, mean, LastItem(corpus), popularity]
    rows += [WithPrior(tracked, popularity, PRIOR), WithPrior(mean, popularity, PRIOR)]
    if source.mentions:  # what the shipped tracker's renown was learned from
        rows.insert(4, Popularity(corpus, source.mentions, "mentions"))
    results = [evaluate(row, questions, corpus) for row in rows]
    people = len({case.user for case in questions})
    head = (
        f"### {source.name}: {len(questions)} cases of {people} people, {len(corpus.items)} items"
    )
    return "\n".join([head, "", table(results), "", *_gains(results, questions), ""])


def _gains(results: Sequence[Result], questions: Sequence[Case]) -> list[str]:
    return [
        f"MRR of {results[0].name} less that of {other.name}: {gain(results[0], other, questions)}"
        for other in results[1:]
        if "prior" not in other.name
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m ranking.evaluate", description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS), choices=[*SETS, []])
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--cache", type=Path, default=cache_folder())
    parser.add_argument("--limit", type=int, help="first cases only")
    given = parser.parse_args(arguments)
    encoder = SentenceEncoder()
    for name in given.sets:
        source = SETS[name](given.data / name)
        texts = [item_text(item) for item in source.items]
        corpus = Corpus(name, source.items, embed(texts, encoder, given.cache, name))
        sys.stdout.write(compare(source, corpus, given.weights, given.limit) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

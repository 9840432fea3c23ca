"""Will this person like it: `python -m benchmarks.will_like`, on ml-latest-small.

A rating of 4 or more is a like. Ratings are split by time over all people: the first 70 % train the
tracker, the next 10 % the weights that join its opinion with the biases, the last 20 % are asked
for. Every rating is predicted from what was known just before it, the person's own earlier ratings
included, also those within the last 20 %; no rating of the same second is known.

The bias-only baseline sees how people and films were rated so far, on average and in number. The
tracker joins those with what its LSTM makes of the person's history: one trained here to tell
likes from the rest (learned item vectors beside text), and the shipped, text-only one.
"""

import argparse
import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.metrics import roc_curve as curve_of
from torch import Tensor, nn

from benchmarks.films import described, embedded
from ranking.evaluate import cache_folder, data_folder
from ranking.learning import frequent
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.objectives import NextItem
from ranking.plot import Line, draw
from ranking.sessions import Corpus, Session, collate
from ranking.sources import movielens_small
from ranking.tracker import load_tracker
from ranking.training import TrainConfig, train
from ranking.types import Event, EventKind
from retrieval.embedding import SentenceEncoder

Floats = NDArray[np.float64]
TRAIN, JOIN = 0.7, 0.8
LIKE = 4.0
PRIOR = 5.0  # how many average ratings a mean starts from
ARTICLES = "the founding articles | .85 | .90 | .80 | .84 | .85"


class WillLike(NextItem):
    """Tell likes from the rest: a logistic loss on the interest before an event and its item."""

    def __init__(self, tracker: InterestTracker, corpus: Corpus, sessions: list[Session]) -> None:
        super().__init__(tracker, corpus, sessions, sessions_a_step=32, forget=0.1)
        self.bias = nn.Embedding(len(corpus.items), 1)
        self.scale = nn.Parameter(torch.tensor(4.0))
        nn.init.zeros_(self.bias.weight)

    def read(self, rows: Tensor, kinds: Tensor, buckets: Tensor) -> tuple[Tensor, Tensor]:
        """Return the interest after each event, and the items' vectors, both (b, t, k)."""
        assert self.tracker.items is not None
        vectors = self.tracker.items(self._text, self._rows, 0.1 if self.training else 0.0)
        items = vectors[rows]
        return self.tracker(items, kinds, buckets).float(), items

    def odds(self, interest: Tensor, items: Tensor, rows: Tensor) -> Tensor:
        """Return the log odds that somebody of these interests likes these items, (b, t)."""
        odds: Tensor = self.scale * (interest * items).sum(-1) + self.bias(rows)[..., 0]
        return odds

    def forward(self, *batch: Tensor) -> Tensor:
        rows, kinds, buckets, valid = batch
        interest, items = self.read(rows, kinds, buckets)
        odds = self.odds(interest[:, :-1], items[:, 1:], rows[:, 1:])
        liked = (kinds[:, 1:] == 0).float()
        each = nn.functional.binary_cross_entropy_with_logits(odds, liked, reduction="none")
        return each[valid[:, 1:]].mean() + 0.02 * self.bias.weight.square().mean()


@dataclass(frozen=True)
class Ratings:
    """All ratings in time order; rows of equal length."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    stars: Floats
    times: Floats

    @property
    def liked(self) -> NDArray[np.int64]:
        return (self.stars >= LIKE).astype(np.int64)


def read(file: Path, corpus: Corpus) -> Ratings:
    """Read user, item, rating, time, whatever the columns are called, in the order of time."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))[1:]
    rows = sorted((r for r in rows if r[1] in corpus.rows), key=lambda r: float(r[3]))
    users, items, stars, times = zip(*rows, strict=True)
    return Ratings(users, items, np.array(stars, float), np.array(times, float))


def biases(ratings: Ratings) -> Floats:
    """Return what was known of person and film before each rating, shape (n, 7)."""
    sums: dict[str, Floats] = defaultdict(lambda: np.zeros(3))
    whole = np.array([1.0, 3.5, 0.5]) * PRIOR
    out = np.zeros((len(ratings.users), 7))
    waiting: list[tuple[str, Floats]] = []
    for n, (user, item) in enumerate(zip(ratings.users, ratings.items, strict=True)):
        if n and ratings.times[n] != ratings.times[n - 1]:
            for key, told in waiting:
                sums[key] += told
            waiting.clear()
        person, film = sums[f"u{user}"], sums[f"i{item}"]
        means = [(s + whole)[1:] / (s + whole)[0] for s in (person, film)]
        out[n] = [
            *means[0],
            *means[1],
            np.log1p(person[0]),
            np.log1p(film[0]),
            means[0][1] + means[1][1],
        ]
        told = np.array([1.0, ratings.stars[n], float(ratings.liked[n])])
        waiting += [(f"u{user}", told), (f"i{item}", told)]
    return out


def opinions(
    ratings: Ratings, corpus: Corpus, taught: WillLike, shipped: InterestTracker
) -> Floats:
    """Return both trackers' opinions before each rating, shape (n, 2); 0 without a history."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for n, user in enumerate(ratings.users):
        rows_of[user].append(n)
    text = shipped.vectors([i.id for i in corpus.items], corpus.vectors)
    out = np.zeros((len(ratings.users), 2))
    taught.eval()
    for rows in rows_of.values():
        batch = collate([[event(ratings, n) for n in rows]], corpus)
        times = ratings.times[rows]
        # How many events were known before each: those of the same second were not.
        known = torch.from_numpy(np.searchsorted(times, times, side="left"))
        asked = known > 0
        last = known[asked] - 1
        with torch.no_grad():
            interest, items = taught.read(batch.rows, batch.kinds, batch.buckets)
            odds = taught.odds(interest[0, last], items[0, asked], batch.rows[0, asked])
            vectors = text[batch.rows]
            near = shipped(vectors, batch.kinds, batch.buckets)[0, last] * vectors[0, asked]
        told = np.array(rows)[asked.numpy()]
        out[told, 0], out[told, 1] = odds.numpy(), near.sum(-1).numpy()
    return out


def event(ratings: Ratings, n: int) -> Event:
    kind: EventKind = (
        "liked" if ratings.liked[n] else "disliked" if ratings.stars[n] <= 2.5 else "seen"
    )
    return Event(ratings.items[n], kind, ratings.times[n])


def judged(name: str, chance: Floats, liked: NDArray[np.int64], groups: NDArray[np.int64]) -> str:
    """Return a row of the table, with 95 % intervals from drawing people with replacement."""
    measures = (accuracy_score, precision_score, recall_score, f1_score)
    said = (chance >= 0.5).astype(int)
    point = [float(m(liked, said)) for m in measures] + [float(roc_auc_score(liked, chance))]
    random = np.random.default_rng(0)
    by_person = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    drawn = []
    for _ in range(500):
        chosen = random.integers(len(by_person), size=len(by_person))
        rows = np.concatenate([by_person[i] for i in chosen])
        of, to = liked[rows], said[rows]
        drawn.append([*(m(of, to) for m in measures), roc_auc_score(of, chance[rows])])
    low, high = np.quantile(np.array(drawn), [0.025, 0.975], axis=0)
    cells = [f"{p:.3f} [{a:.3f}, {b:.3f}]" for p, a, b in zip(point, low, high, strict=True)]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.will_like", description=__doc__)
    home = Path(os.environ.get("CONCIERGE_HOME", Path.home() / ".concierge"))
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--out", type=Path, default=home / "benchmarks" / "will_like")
    parser.add_argument("--epochs", type=int, default=12)
    given = parser.parse_args()
    folder = given.data / "ml-latest-small"
    corpus = embedded(
        "ml-latest-small",
        described(movielens_small(folder).items),
        SentenceEncoder(),
        cache_folder(),
    )
    ratings = read(folder / "ratings.csv", corpus)
    users, count = ratings.users, len(ratings.users)
    train_end, join_end = int(TRAIN * count), int(JOIN * count)
    by_user: dict[str, list[Event]] = defaultdict(list)
    for n in range(train_end):
        by_user[users[n]].append(event(ratings, n))
    sessions = [Session(user, tuple(events)) for user, events in by_user.items()]
    set_seed(0)
    ids = frequent(sessions, 3, corpus)
    shape = TrackerConfig(corpus.vectors.shape[1], 128, "", 64, ids, dropout=0.3)
    taught = WillLike(InterestTracker(shape), corpus, sessions)
    steps = given.epochs * taught.steps_an_epoch
    train(
        taught,
        TrainConfig(steps, 2e-3, weight_decay=0.05, anchor=0.0, checkpoint_every=steps),
        given.out / "run",
        accelerator=Accelerator(cpu=True),
    )
    known = biases(ratings)
    with_taste = np.hstack([known, opinions(ratings, corpus, taught, load_tracker())])
    people = np.unique(np.array(users[join_end:]), return_inverse=True)[1]
    liked = ratings.liked
    asked = liked[join_end:]
    print(
        f"ml-latest-small: {count - join_end} ratings of {people.max() + 1} people asked for, "
        f"{asked.mean():.1%} of them likes; people drawn with replacement for 95 % intervals\n"
    )
    print("| | accuracy | precision | recall | F1 | AUC |\n|---|---|---|---|---|---|")
    lines = []
    # What has no training of its own may join on all that came before the questions.
    for name, features, start in (
        ("biases alone", known, 0),
        ("biases and trackers", with_taste, train_end),
    ):
        joint = HistGradientBoostingClassifier(
            max_iter=150,
            learning_rate=0.05,
            max_leaf_nodes=15,
            l2_regularization=1.0,
            random_state=0,
        )
        joint.fit(features[start:join_end], liked[start:join_end])
        chance = joint.predict_proba(features[join_end:])[:, 1]
        print(judged(name, chance, asked, people), flush=True)
        false, true, _ = curve_of(asked, chance, drop_intermediate=True)
        lines.append(Line(name, tuple(zip(false.tolist(), true.tolist(), strict=True))))
    print(f"| {ARTICLES} |")
    lines.append(Line("chance", ((0.0, 0.0), (1.0, 1.0))))
    given.out.mkdir(parents=True, exist_ok=True)
    draw(
        given.out / "roc.svg",
        "Will this person like it",
        "false positives",
        "true positives",
        lines,
    )
    print(f"\nThe ROC picture is in {given.out / 'roc.svg'}")


if __name__ == "__main__":
    main()

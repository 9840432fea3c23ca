"""Training learns what can be learned, and only that; it resumes and stops as it should."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from ranking.errors import CheckpointMismatch, TrainingDiverged
from ranking.evaluation import cases, evaluate
from ranking.feeds import Recorded
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.objectives import NextLiked
from ranking.recommenders import Tracked
from ranking.sessions import Corpus, Session
from ranking.training import CURVE, TrainConfig, train
from ranking.types import Event
from ranking.vectors import unit
from retrieval.types import Item

COUNT, DIM = 40, 16
QUICK = TrainConfig(
    steps=60,
    learning_rate=0.01,
    anchor=0,
    average=0.8,
    checkpoint_every=20,
)


def corpus() -> Corpus:
    random = torch.Generator().manual_seed(1)
    items = tuple(Item(str(n), "", "", {}) for n in range(COUNT))
    return Corpus("toy", items, unit(torch.randn(COUNT, DIM, generator=random)))


def sessions(seed: int, learnable: bool) -> list[Session]:
    """Likes that follow a fixed permutation of the items, or nothing at all."""
    random = np.random.default_rng(seed)
    follows = np.random.default_rng(7).permutation(COUNT)
    out = []
    for n in range(150):
        item = int(random.integers(COUNT))
        events = []
        for _ in range(4):
            events.append(Event(str(item), "liked"))
            item = int(follows[item]) if learnable else int(random.integers(COUNT))
        out.append(Session(str(n), tuple(events)))
    return out


def tracker() -> InterestTracker:
    torch.manual_seed(0)
    return InterestTracker(TrackerConfig(DIM, DIM))


def objective(feed: Recorded) -> NextLiked:
    return NextLiked(tracker(), [(feed, 1.0)], sessions=16, temperature=0.2)


def hit_rate(model: InterestTracker, held_out: list[Session]) -> float:
    space = corpus()
    return evaluate(Tracked(model, space), cases(held_out, space), space, False).hr10.mean


def test_training_learns_a_rule_and_finds_none_in_noise(tmp_path: Path) -> None:
    space = corpus()
    rule, chance = Recorded(space, sessions(1, True)), Recorded(space, sessions(1, False))
    ruled = train(objective(rule), QUICK, tmp_path / "a", progress=False)
    noise = train(objective(chance), QUICK, tmp_path / "b", progress=False)
    held_out = sessions(2, True)
    before = hit_rate(tracker(), held_out)
    assert hit_rate(ruled, held_out) > before + 0.3
    assert hit_rate(ruled, held_out) > 0.7
    assert hit_rate(noise, sessions(2, False)) < 0.4


def test_a_run_that_was_killed_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    feed = Recorded(corpus(), sessions(1, True))
    whole = train(objective(feed), QUICK, tmp_path / "whole", progress=False)

    class Killed(RuntimeError):
        pass

    def die_at_the_second(_: InterestTracker) -> float:
        seen.append(1)
        if len(seen) == 2:
            raise Killed
        return float(len(seen))

    seen: list[int] = []
    with pytest.raises(Killed):
        train(objective(feed), QUICK, tmp_path / "cut", die_at_the_second, progress=False)
    resumed = train(objective(feed), QUICK, tmp_path / "cut", progress=False)
    for (name, a), b in zip(whole.state_dict().items(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-6), name
    steps = [json.loads(line)["step"] for line in (tmp_path / "cut" / CURVE).open()]
    assert steps == [20, 40, 60]


def test_the_best_validated_weights_are_returned(tmp_path: Path) -> None:
    feed = Recorded(corpus(), sessions(1, True))
    scores = iter([0.1, 0.9, 0.2])
    kept: list[dict[str, torch.Tensor]] = []

    def validate(model: InterestTracker) -> float:
        kept.append({k: v.clone() for k, v in model.state_dict().items()})
        return next(scores)

    best = train(objective(feed), QUICK, tmp_path, validate, progress=False)
    assert torch.equal(best.theta0, kept[1]["theta0"])
    assert not torch.equal(best.theta0, kept[2]["theta0"])


def test_a_checkpoint_of_other_settings_is_refused(tmp_path: Path) -> None:
    feed = Recorded(corpus(), sessions(1, True))
    train(objective(feed), QUICK, tmp_path, progress=False)
    other = TrainConfig(steps=61)
    with pytest.raises(CheckpointMismatch, match="'steps': 60.*'steps': 61.*another folder"):
        train(objective(feed), other, tmp_path, progress=False)


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_checkpoint(tmp_path: Path) -> None:
    space = corpus()

    class Poisoned(Recorded):
        draws = 0

        def draw(self, random: np.random.Generator, count: int):  # noqa: ANN202
            Poisoned.draws += 1
            if Poisoned.draws == 30:
                space.vectors[:] = math.nan
            return super().draw(random, count)

    feed = Poisoned(space, sessions(1, True))
    with pytest.raises(TrainingDiverged, match=r"step 29.*got loss nan.*last checkpoint is kept"):
        train(objective(feed), QUICK, tmp_path, progress=False)
    assert [path.name for path in tmp_path.glob("checkpoint*")] == ["checkpoint-0000020"]


def test_an_exploding_loss_stops(tmp_path: Path) -> None:
    feed = Recorded(corpus(), sessions(1, True))
    wild = TrainConfig(steps=60, learning_rate=500.0, anchor=1.0, clip=1e9)
    with pytest.raises(TrainingDiverged, match="lower the learning rate"):
        train(objective(feed), wild, tmp_path, progress=False)


def test_recorded_feeds_are_functions_of_the_generator_and_keep_two_events(tmp_path: Path) -> None:
    feed = Recorded(corpus(), sessions(1, True), drop=0.9)
    one = feed.draw(np.random.default_rng(3), 20)
    assert one == feed.draw(np.random.default_rng(3), 20)
    assert all(len(session.events) >= 2 for session in one)

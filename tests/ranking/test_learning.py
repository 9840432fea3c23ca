"""Item vectors are learned from what can be learned; they are resumed, split and scored right."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from torch.nn.functional import cross_entropy

from ranking.checkpoint import load_tracker, save_tracker
from ranking.errors import DataError, DimensionMismatch, TrainingDiverged
from ranking.evaluation import cases, evaluate
from ranking.learning import TARGETS, Recipe, learn
from ranking.loss import next_item_loss
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.objectives import NextItem
from ranking.recommenders import Tracked
from ranking.sessions import Corpus, Session, collate
from ranking.splits import leave_last_out
from ranking.training import TrainConfig, train
from ranking.types import Event
from ranking.vectors import unit
from retrieval.types import Item

COUNT, DIM = 40, 8
QUICK = Recipe(
    epochs=12,
    hidden_dim=32,
    width=16,
    dropout=0.0,
    learning_rate=0.02,
    average=0.8,
    sessions_a_step=16,
    epochs_a_check=6,
)


def corpus() -> Corpus:
    random = torch.Generator().manual_seed(1)
    items = tuple(Item(str(n), "", "", {}) for n in range(COUNT))
    return Corpus("toy", items, unit(torch.randn(COUNT, DIM, generator=random)))


def walks(learnable: bool, people: int = 120) -> list[Session]:
    """Everyone walks along a fixed cycle through the items, or anywhere."""
    random = np.random.default_rng(3)
    cycle = np.random.default_rng(7).permutation(COUNT)
    out = []
    for person in range(people):
        start = int(random.integers(COUNT))
        path = [cycle[(start + n) % COUNT] for n in range(8)]
        path = path if learnable else random.permutation(COUNT)[:8]
        events = tuple(Event(str(item), "liked", float(n)) for n, item in enumerate(path))
        out.append(Session(str(person), events))
    return out


def cpu() -> Accelerator:
    return Accelerator(cpu=True)


def hit_rate(tracker: InterestTracker, sessions: list[Session]) -> float:
    space = corpus()
    asked = cases(leave_last_out(sessions).test, space)
    return evaluate(Tracked(tracker, space), asked, space, progress=False).hr10.mean


def test_item_vectors_learn_a_rule_and_find_none_in_noise(tmp_path: Path) -> None:
    ruled, noise = walks(True), walks(False)
    space = corpus()
    one = learn(space, leave_last_out(ruled), tmp_path / "a", QUICK, "", 0, cpu(), progress=False)
    two = learn(space, leave_last_out(noise), tmp_path / "b", QUICK, "", 0, cpu(), progress=False)
    assert hit_rate(one, ruled) > 0.9
    assert hit_rate(two, noise) < 0.5


def test_a_learning_that_was_killed_goes_on_to_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, split = corpus(), leave_last_out(walks(True))
    recipe = Recipe(**{**QUICK.__dict__, "dropout": 0.3, "forget": 0.2})
    whole = learn(space, split, tmp_path / "whole", recipe, "", 0, cpu(), progress=False)

    class Killed(RuntimeError):
        pass

    real, asked = evaluate, []

    def die_at_the_second(*args: object, **options: object) -> object:
        asked.append(1)
        if len(asked) == 2:
            raise Killed
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("ranking.learning.evaluate", die_at_the_second)
    with pytest.raises(Killed):
        learn(space, split, tmp_path / "cut", recipe, "", 0, cpu(), progress=False)
    monkeypatch.setattr("ranking.learning.evaluate", real)
    resumed = learn(space, split, tmp_path / "cut", recipe, "", 0, cpu(), progress=False)
    for (name, a), b in zip(whole.state_dict().items(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-6), name
    assert "<polyline" in (tmp_path / "cut" / "curve.svg").read_text()


def test_vectors_that_are_no_numbers_stop_the_training_by_name(tmp_path: Path) -> None:
    space = corpus()
    space.vectors[3] = math.nan
    with pytest.raises(TrainingDiverged, match="got loss nan"):
        learn(space, leave_last_out(walks(True)), tmp_path, QUICK, "", 0, cpu(), progress=False)


def test_sessions_over_other_items_are_refused(tmp_path: Path) -> None:
    foreign = [Session("u", (Event("x", "liked"), Event("y", "liked"), Event("z", "liked")))]
    with pytest.raises(DataError, match="two or more items of 'toy', got none"):
        learn(corpus(), leave_last_out(foreign), tmp_path, QUICK, "", 0, cpu(), progress=False)


def test_a_dislike_lowers_the_neighbours_of_its_item(tmp_path: Path) -> None:
    """People like one half of the items and dislike some of the other."""
    random = np.random.default_rng(0)
    sessions = []
    for person in range(150):
        half = int(random.integers(2))
        own, other = (np.arange(20) + 20 * side for side in (half, 1 - half))
        liked = [Event(str(i), "liked") for i in random.permutation(own)[:6]]
        hated = [Event(str(i), "disliked") for i in random.permutation(other)[:2]]
        sessions.append(Session(str(person), (*liked[:3], *hated, *liked[3:])))
    space = corpus()
    tracker = learn(space, leave_last_out(sessions), tmp_path, QUICK, "", 0, cpu(), progress=False)
    recommender = Tracked(tracker, space)
    start = (Event("1", "liked"), Event("25", "liked"))
    before, after = recommender.scores([start, (*start, Event("30", "disliked"))])
    neighbours = [n for n in range(20, COUNT) if n not in (25, 30)]
    fall = (after - before)[neighbours].mean() - (after - before)[:20].mean()
    assert after[neighbours].mean() < before[neighbours].mean()
    assert fall < 0


def small(width: int = 5) -> InterestTracker:
    torch.manual_seed(0)
    return InterestTracker(TrackerConfig(DIM, 6, "words", width, ("0", "1"))).eval()


def test_an_item_without_interactions_is_placed_by_its_text_alone() -> None:
    tracker, text = small(), corpus().vectors[:2]
    (known, new) = tracker.vectors(["0", "unheard of"], text)
    assert tracker.items is not None
    alone = tracker.items.project(text)
    assert torch.allclose(new, alone[1]) and not torch.allclose(known, alone[0])


def test_a_text_only_tracker_takes_the_texts_directions_as_they_are() -> None:
    tracker = InterestTracker(TrackerConfig(DIM, DIM))
    text = 3 * corpus().vectors[:2]
    assert torch.allclose(tracker.vectors(["a", "b"], text), corpus().vectors[:2], atol=1e-6)
    with pytest.raises(DimensionMismatch, match=r"shape \(1, 8\), got \(2, 8\)"):
        tracker.vectors(["a"], text)


def test_item_vectors_are_saved_with_their_items(tmp_path: Path) -> None:
    save_tracker(small(), tmp_path)
    loaded = load_tracker(tmp_path)
    assert loaded.config == small().config
    ids, text = ["1", "0", "x"], corpus().vectors[:3]
    assert torch.allclose(loaded.vectors(ids, text), small().vectors(ids, text), atol=1e-3)


def test_an_event_updates_the_state_as_the_whole_history_does() -> None:
    tracker = small()
    vectors = tracker.vectors(["0", "1"], corpus().vectors[:2])
    state = tracker.update(tracker.start(), vectors[0], "liked")
    state = tracker.update(state, vectors[1], "disliked")
    batch = collate([[Event("0", "liked"), Event("1", "disliked")]], corpus())
    whole = tracker(vectors[batch.rows], batch.kinds, batch.buckets)
    interest = tracker.interest(state)
    assert interest is not None and torch.allclose(interest, whole[0, -1], atol=1e-5)


def history(*items: str) -> list[Event]:
    return [Event(item.lstrip("-"), "disliked" if item[0] == "-" else "liked") for item in items]


def losses(events: list[Event], smoothing: float = 0.0) -> float:
    random = torch.Generator().manual_seed(5)
    interest = unit(torch.randn(1, len(events), DIM, generator=random))
    batch = collate([events], corpus())
    return float(next_item_loss(interest, corpus().vectors, batch, 0.5, smoothing))


def test_the_loss_is_the_cross_entropy_among_items_that_are_new() -> None:
    interest = unit(torch.randn(1, 3, DIM, generator=torch.Generator().manual_seed(5)))
    scores = interest[0] @ corpus().vectors.T / 0.5
    first, second = scores[0].clone(), scores[1].clone()
    first[0], second[[0, 4]] = -math.inf, -math.inf
    expected = (
        cross_entropy(first[None], torch.tensor([4]))
        + cross_entropy(second[None], torch.tensor([9]))
    ) / 2
    assert losses(history("0", "4", "9")) == pytest.approx(float(expected), abs=1e-5)


def test_dislikes_and_repeats_are_no_targets() -> None:
    interest = unit(torch.randn(1, 4, DIM, generator=torch.Generator().manual_seed(5)))
    scores = interest[0, 1] @ corpus().vectors.T / 0.5
    scores[[0, 4]] = -math.inf
    only = float(cross_entropy(scores[None], torch.tensor([9])))
    assert losses(history("0", "-4", "9", "0")) == pytest.approx(only, abs=1e-5)
    assert losses(history("0", "-4", "0")) == 0.0


def test_smoothing_shares_the_target_out_over_all_items() -> None:
    interest = unit(torch.randn(1, 2, DIM, generator=torch.Generator().manual_seed(5)))
    scores = interest[0, 0] @ corpus().vectors.T / 0.5
    total = torch.logsumexp(torch.cat([scores[1:]]), 0)
    expected = 0.9 * (total - scores[4]) + 0.1 * (total - scores.mean())
    assert losses(history("0", "4"), 0.1) == pytest.approx(float(expected), abs=1e-5)


def test_every_session_comes_once_an_epoch_whatever_the_number_of_processes() -> None:
    sessions = [Session(str(n), tuple(history(*map(str, range(n, n + 2))))) for n in range(20)]
    objective = NextItem(small(), corpus(), sessions, sessions_a_step=3)
    assert objective.steps_an_epoch == 7
    alone = [objective.batch(0, step, 0, 1)[0][:, 0].tolist() for step in range(7)]
    assert sorted(sum(alone, [])) == list(range(20))
    shared = [objective.batch(0, n // 2, n % 2, 2)[0][:, 0].tolist() for n in range(7)]
    assert shared == alone


def test_the_last_two_likes_are_kept_for_measuring() -> None:
    events = tuple(history("0", "1", "-2", "3", "-4"))
    split = leave_last_out([Session("u", events), Session("v", events[:2])])
    assert [s.events for s in split.train] == [events[:1], events[:2]]
    (asked,) = cases(split.validation, corpus(), TARGETS)
    assert (asked.target, [e.item for e in asked.history]) == ("1", ["0"])
    (last,) = cases(split.test, corpus(), TARGETS)
    assert (last.target, [e.item for e in last.history]) == ("3", ["0", "1", "2"])


def test_every_checkpoint_is_validated(tmp_path: Path) -> None:
    objective = NextItem(small(), corpus(), walks(True, 10), sessions_a_step=5)
    loop = TrainConfig(steps=4, anchor=0.0, checkpoint_every=2)
    scores: list[int] = []

    def validate(tracker: InterestTracker) -> float:
        scores.append(1)
        return 0.0

    train(objective, loop, tmp_path, validate, cpu(), progress=False)
    assert len(scores) == 2

"""The tracker: state, replay, what dislikes and drift do, and its files."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from ranking.checkpoint import CONFIG, WEIGHTS
from ranking.errors import DimensionMismatch, WeightsCorrupt, WeightsMissing
from ranking.lstm import time_bucket
from ranking.sessions import Corpus, collate
from ranking.tracker import (
    SHIPPED,
    InterestTracker,
    TrackerConfig,
    load_tracker,
    replay,
    save_tracker,
)
from ranking.types import KINDS, Event, EventKind
from ranking.vectors import cosine, unit
from retrieval.types import Item

D = 32


def fresh() -> InterestTracker:
    return InterestTracker(TrackerConfig(D, D)).eval().requires_grad_(False)


def scrambled() -> InterestTracker:
    """A tracker with every weight moved, so that no term is zero."""
    tracker = fresh()
    random = torch.Generator().manual_seed(0)
    for parameter in tracker.parameters():
        parameter += 0.1 * torch.randn(parameter.shape, generator=random)
    return tracker


def shipped() -> InterestTracker:
    return load_tracker(SHIPPED)


def clusters(dimension: int, seed: int = 0) -> Tensor:
    """Five clusters of six unit vectors around a shared centre, shape (5, 6, d).

    Like embedded descriptions: all resemble each other a little, neighbours much more.
    """
    random = torch.Generator().manual_seed(seed)
    shared = torch.randn(dimension, generator=random)
    centres = unit(torch.randn(5, 1, dimension, generator=random)) * 1.2
    noise = unit(torch.randn(5, 6, dimension, generator=random)) * 0.8
    return unit(unit(shared) + centres + noise)


def interest(tracker: InterestTracker, *events: tuple[Tensor, EventKind]) -> Tensor:
    state = tracker.start()
    for vector, kind in events:
        state = tracker.update(state, vector, kind)
    out = tracker.interest(state)
    assert out is not None
    return out


def place(interest: Tensor, item: Tensor, among: Tensor) -> int:
    """Return how many of the items are nearer to the interest than this one."""
    mine = cosine(interest[None], item[None]).item()
    return int((cosine(interest[None], among)[0] > mine).sum())


TRACKERS = pytest.mark.parametrize("make", [fresh, scrambled, shipped])
GOOD_TRACKERS = pytest.mark.parametrize("make", [fresh, shipped])


@TRACKERS
def test_an_empty_history_has_no_interest(make) -> None:
    tracker = make()
    assert tracker.interest(tracker.start()) is None


@TRACKERS
def test_the_interest_is_a_unit_vector_whatever_the_lengths_of_the_items(make) -> None:
    tracker = make()
    vector = clusters(tracker.config.item_dim)[0, 0]
    one, other = interest(tracker, (vector, "liked")), interest(tracker, (9 * vector, "liked"))
    assert one.norm().item() == pytest.approx(1, abs=1e-5)
    assert torch.allclose(one, other, atol=1e-5)


@TRACKERS
def test_updating_event_by_event_equals_replay_and_equals_a_padded_batch(make) -> None:
    tracker = make()
    vectors = clusters(tracker.config.item_dim).flatten(0, 1)[: len(KINDS)]
    gaps = [0.0, 5.0, 90.0, 4000.0, 1e5, 1e6, 1e8]
    times = torch.tensor(gaps, dtype=torch.float64).cumsum(0).tolist()
    ids = [str(n) for n in range(len(KINDS))]
    events = [Event(i, k, t) for i, k, t in zip(ids, KINDS, times, strict=True)]
    state = tracker.start()
    for event, vector, gap in zip(events, vectors, gaps, strict=True):
        before = state
        state = tracker.update(state, vector, event.kind, gap)
        assert state is not before and state.events == before.events + 1
    stepwise = tracker.interest(state)
    replayed = tracker.interest(replay(tracker, events, vectors))
    corpus = Corpus("c", tuple(Item(i, i, "", {}) for i in ids), vectors)
    batch = collate([events[:2], events], corpus)
    padded = tracker(vectors[batch.rows], batch.kinds, batch.buckets)
    assert torch.allclose(stepwise, replayed, atol=1e-6)
    assert torch.allclose(stepwise, padded[1, -1], atol=1e-5)


@TRACKERS
def test_an_update_leaves_the_state_before_as_it_was(make) -> None:
    tracker = make()
    vectors = clusters(tracker.config.item_dim)
    state = tracker.update(tracker.start(), vectors[0, 0], "liked")
    hidden, cell = state.hidden.clone(), state.cell.clone()
    tracker.update(state, vectors[1, 0], "disliked", 60.0)
    assert torch.equal(hidden, state.hidden) and torch.equal(cell, state.cell)


@TRACKERS
def test_the_state_does_not_grow_with_the_history(make) -> None:
    tracker = make()
    vectors = clusters(tracker.config.item_dim).flatten(0, 1)
    sizes = set()
    state = tracker.start()
    for vector in vectors:
        state = tracker.update(state, vector, "viewed", 10.0)
        sizes.add((state.hidden.shape, state.cell.shape, state.last.shape))
    assert len(sizes) == 1 and state.events == len(vectors)


@GOOD_TRACKERS
@pytest.mark.parametrize("history", [(), (0,), (0, 1, 2)])
def test_after_a_dislike_the_neighbours_of_the_disliked_item_fall(make, history) -> None:
    tracker = make()
    items = clusters(tracker.config.item_dim)
    liked = [(items[c, 0], "liked") for c in history] or [(items[4, 0], "mentioned")]
    before = interest(tracker, *liked)
    after = interest(tracker, *liked, (items[3, 0], "disliked"))
    among = items.flatten(0, 1)
    falls = [
        place(after, neighbour, among) - place(before, neighbour, among)
        for neighbour in items[3, 1:]
    ]
    assert all(fall >= 0 for fall in falls) and sum(falls) > 0


@GOOD_TRACKERS
def test_a_dislike_within_the_own_taste_pushes_its_neighbours_below_those_of_the_likes(
    make,
) -> None:
    tracker = make()
    items = clusters(tracker.config.item_dim)
    taste = interest(
        tracker, (items[0, 0], "liked"), (items[1, 0], "liked"), (items[1, 1], "disliked")
    )
    near_liked = cosine(taste[None], items[0, 1:])[0].mean()
    near_disliked = cosine(taste[None], items[1, 2:])[0].mean()
    assert near_disliked < near_liked


@GOOD_TRACKERS
def test_what_was_passed_over_counts_less_than_what_was_liked(make) -> None:
    tracker = make()
    items = clusters(tracker.config.item_dim)
    start = (items[2, 0], "liked")
    liked = interest(tracker, start, (items[0, 0], "liked"))
    ignored = interest(tracker, start, (items[0, 0], "ignored"))
    near = items[0, 1:].mean(0)
    assert cosine(ignored[None], near[None]) < cosine(liked[None], near[None])


@GOOD_TRACKERS
def test_an_old_love_fades_against_three_recent_ones(make) -> None:
    tracker = make()
    items = clusters(tracker.config.item_dim)
    old = [(items[0, 0], "liked")]
    recent = [(items[1, n], "liked") for n in range(3)]
    taste = interest(tracker, *old, *recent)
    near_old = cosine(taste[None], items[0, 1:])[0].mean()
    near_recent = cosine(taste[None], items[1, 3:])[0].mean()
    alone = cosine(interest(tracker, *old)[None], items[0, 1:])[0].mean()
    assert near_recent > near_old
    assert near_old < alone


@GOOD_TRACKERS
def test_likes_draw_the_interest_to_their_neighbours(make) -> None:
    tracker = make()
    items = clusters(tracker.config.item_dim)
    for c in range(5):
        taste = interest(tracker, (items[c, 0], "liked"), (items[c, 1], "liked"))
        nearness = cosine(taste[None], items[:, 2:].flatten(0, 1))[0].view(5, 4).mean(1)
        assert int(nearness.argmax()) == c


def test_events_and_vectors_must_fit_each_other_and_the_tracker() -> None:
    tracker = fresh()
    with pytest.raises(DimensionMismatch, match=r"shape \(32,\), got \(31,\)"):
        tracker.update(tracker.start(), torch.ones(31), "liked")
    with pytest.raises(DimensionMismatch, match="each of the 1 events, got 2"):
        replay(tracker, [Event("a", "liked")], torch.ones(2, D))


@pytest.mark.parametrize(
    ("dt_s", "bucket"),
    [(0, 0), (-5, 0), (float("nan"), 0), (1, 1), (60, 1), (61, 2), (1e5, 5), (1e9, 8)],
)
def test_times_fall_into_buckets(dt_s, bucket) -> None:
    assert time_bucket(dt_s) == bucket


def test_a_saved_tracker_comes_back_as_it_was_but_for_half_precision(tmp_path: Path) -> None:
    tracker = scrambled()
    save_tracker(tracker, tmp_path / "new" / "folder")
    loaded = load_tracker(tmp_path / "new" / "folder")
    assert loaded.config == tracker.config
    items = clusters(D)
    events = ((items[0, 0], "liked"), (items[1, 0], "disliked"))
    same = cosine(interest(tracker, *events)[None], interest(loaded, *events)[None]).item()
    assert same > 0.9999


def test_weights_that_were_altered_are_refused(tmp_path: Path) -> None:
    save_tracker(fresh(), tmp_path)
    path = tmp_path / WEIGHTS
    blob = bytearray(path.read_bytes())
    blob[-1] ^= 1
    path.write_bytes(bytes(blob))
    with pytest.raises(WeightsCorrupt, match=r"SHA-256 .* got .*train anew"):
        load_tracker(tmp_path)


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    save_tracker(fresh(), tmp_path)
    config = json.loads((tmp_path / CONFIG).read_text())
    (tmp_path / CONFIG).write_text(json.dumps({**config, "hidden_dim": 16}))
    with pytest.raises(WeightsCorrupt, match="hidden_dim=16"):
        load_tracker(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"model": "something else"}', "\0"])
def test_a_config_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    save_tracker(fresh(), tmp_path)
    (tmp_path / CONFIG).write_text(text)
    with pytest.raises(WeightsCorrupt, match="config.json"):
        load_tracker(tmp_path)


@pytest.mark.parametrize("missing", [CONFIG, WEIGHTS])
def test_missing_files_are_named_with_a_remedy(tmp_path: Path, missing: str) -> None:
    save_tracker(fresh(), tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(WeightsMissing, match=f"{missing} is missing; reinstall"):
        load_tracker(tmp_path)


def test_the_shipped_tracker_is_for_the_default_encoder() -> None:
    assert shipped().config.encoder == "all-MiniLM-L6-v2"
    assert shipped().config.item_dim == 384

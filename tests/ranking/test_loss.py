"""The losses on hand-worked batches."""

import math

import pytest
import torch

from ranking.loss import (
    DISLIKED_WEIGHT,
    NEXT_FADES,
    PUSH_SCALE,
    _target_weights,
    next_liked_loss,
    push_loss,
)
from ranking.sessions import Batch, Corpus, collate
from ranking.types import Event, EventKind
from ranking.vectors import unit
from retrieval.types import Item

ITEMS = torch.eye(4)


def batch(*sessions: list[tuple[int, EventKind]]) -> Batch:
    corpus = Corpus("c", tuple(Item(str(n), "", "", {}) for n in range(4)), ITEMS)
    return collate([[Event(str(i), kind) for i, kind in session] for session in sessions], corpus)


def test_the_targets_of_a_moment_are_the_likes_that_follow_the_nearest_first() -> None:
    weights = _target_weights(batch([(0, "seen"), (1, "liked"), (2, "disliked"), (3, "bought")]))
    expected = [[0, 1, 0, NEXT_FADES], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert torch.allclose(weights[0], torch.tensor(expected))


def test_an_item_that_has_occurred_is_no_target() -> None:
    weights = _target_weights(batch([(0, "seen"), (1, "liked"), (0, "liked"), (2, "liked")]))
    assert weights[0, 0].tolist() == pytest.approx([0, 1, 0, NEXT_FADES**2])
    assert weights[0, 2].tolist() == [0, 0, 0, 1]


def test_padding_is_no_target_and_has_none() -> None:
    weights = _target_weights(batch([(0, "liked")], [(1, "liked"), (2, "liked"), (3, "liked")]))
    assert weights[0].sum() == 0
    assert weights[1].sum() == pytest.approx(1 + NEXT_FADES + 1)


def test_the_past_does_not_compete() -> None:
    # After item 0, items 1 to 3 compete and the interest prefers none of them: ln 3.
    interest = unit(torch.ones(1, 2, 4))
    loss, moments = next_liked_loss(interest, ITEMS, batch([(0, "liked"), (1, "liked")]), 1.0)
    assert (loss.item(), moments) == (pytest.approx(math.log(3), abs=1e-5), 1)


def test_a_disliked_item_competes_with_its_weight() -> None:
    interest = unit(torch.ones(1, 2, 4))
    loss, _ = next_liked_loss(interest, ITEMS, batch([(0, "disliked"), (1, "liked")]), 1.0)
    assert loss.item() == pytest.approx(math.log(3 + DISLIKED_WEIGHT), abs=1e-5)


def test_the_loss_is_lower_the_nearer_the_interest_is_to_the_target() -> None:
    pair = batch([(0, "liked"), (1, "liked")])
    right, _ = next_liked_loss(ITEMS[1].expand(1, 2, 4), ITEMS, pair, 0.1)
    wrong, _ = next_liked_loss(ITEMS[2].expand(1, 2, 4), ITEMS, pair, 0.1)
    assert right < 0.01 < wrong


def test_a_batch_without_likes_costs_nothing_but_has_a_gradient_path() -> None:
    interest = unit(torch.ones(1, 2, 4)).requires_grad_()
    loss, moments = next_liked_loss(interest, ITEMS, batch([(0, "seen"), (1, "disliked")]), 0.1)
    loss.backward()
    assert (loss.item(), moments) == (0, 0)


def test_a_dislike_that_draws_the_interest_nearer_costs_and_one_that_pushes_does_not() -> None:
    pair = batch([(0, "liked"), (1, "disliked")])
    items = ITEMS[pair.rows]
    nearer = torch.stack([ITEMS[0], ITEMS[1]])[None]
    away = torch.stack([ITEMS[1], ITEMS[0]])[None]
    assert push_loss(nearer, items, pair).item() == pytest.approx(1 + PUSH_SCALE, abs=1e-3)
    assert push_loss(away, items, pair).item() == pytest.approx(0, abs=1e-6)
    assert push_loss(away, items, batch([(0, "liked"), (1, "liked")])).item() == 0

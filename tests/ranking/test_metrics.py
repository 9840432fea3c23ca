"""Metrics on hand-worked cases, ties among them."""

import numpy as np
import pytest
import torch

from ranking.metrics import bootstrap, hit_rate, ndcg, ranks, reciprocal_rank


def test_the_best_scored_target_has_rank_one() -> None:
    scores = torch.tensor([[0.1, 0.9, 0.5]])
    assert ranks(scores, torch.tensor([1]), torch.zeros(1, 3, dtype=torch.bool)).tolist() == [1]


def test_masked_items_do_not_compete() -> None:
    scores = torch.tensor([[0.1, 0.9, 0.5], [0.1, 0.9, 0.5]])
    masked = torch.tensor([[False, True, False], [False, False, False]])
    assert ranks(scores, torch.tensor([2, 2]), masked).tolist() == [1, 2]


def test_items_that_tie_share_their_mean_rank() -> None:
    # One better, then three equals at ranks 2, 3 and 4: each has rank 3.
    scores = torch.tensor([[5.0, 1.0, 1.0, 1.0, 0.0]])
    assert ranks(scores, torch.tensor([3]), torch.zeros(1, 5, dtype=torch.bool)).tolist() == [3]


def test_a_constant_scorer_gets_the_rank_of_chance() -> None:
    assert ranks(
        torch.zeros(1, 9), torch.tensor([4]), torch.zeros(1, 9, dtype=torch.bool)
    ).tolist() == [5]


def test_hits_gains_and_reciprocals_of_known_ranks() -> None:
    rank = np.array([1.0, 2.5, 3.0, 10.0, 10.5])
    assert hit_rate(rank, 10).tolist() == [1, 1, 1, 1, 0]
    assert ndcg(rank, 10) == pytest.approx([1, 1 / np.log2(3.5), 0.5, 1 / np.log2(11), 0])
    assert reciprocal_rank(rank) == pytest.approx([1, 0.4, 1 / 3, 0.1, 1 / 10.5])


def test_the_interval_of_constant_values_is_a_point() -> None:
    estimate = bootstrap(np.full(8, 0.25), [str(i) for i in range(8)])
    assert (estimate.mean, estimate.low, estimate.high) == (0.25, 0.25, 0.25)


def test_cases_of_one_person_count_as_one_draw() -> None:
    values = np.array([0.0] * 50 + [1.0] * 50)
    alone = bootstrap(values, [str(i) for i in range(100)])
    two_people = bootstrap(values, ["a"] * 50 + ["b"] * 50)
    assert two_people.high - two_people.low > 3 * (alone.high - alone.low)
    assert alone == bootstrap(values, [str(i) for i in range(100)])


def test_no_cases_give_no_number() -> None:
    assert np.isnan(bootstrap(np.zeros(0), []).mean)

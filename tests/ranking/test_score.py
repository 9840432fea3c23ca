"""Scores decompose exactly, and MMR orders hand-worked cases."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from ranking.errors import DimensionMismatch
from ranking.score import ScoreWeights, rank
from retrieval.types import Candidate, Item

PLAIN = ScoreWeights(query=1.0, interest=1.0, prior=1.0, diversity=0.0, lexical=0.0)


def candidate(id_: str, prior: float = 0.0, lexical: float = 0.0) -> Candidate:
    return Candidate(Item(id_, id_.upper(), "", {}), dense=0.0, lexical=lexical, prior=prior)


def vectors(*rows: tuple[float, ...]) -> Tensor:
    return torch.tensor(rows)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 30), limit=st.integers(0, 12))
def test_a_score_is_exactly_the_sum_of_its_terms_and_never_rises(
    seed: int, count: int, limit: int
) -> None:
    random = torch.Generator().manual_seed(seed)
    items = torch.randn(count, 8, generator=random)
    query, interest = torch.randn(2, 8, generator=random)
    disliked = torch.randn(2, 8, generator=random)
    candidates = [candidate(f"i{n}", prior=n / 31, lexical=(n % 3) / 2) for n in range(count)]
    weights = ScoreWeights(diversity=0.3, dislike_floor=0.1)
    ranked = rank(candidates, items, query, interest, weights, limit, disliked)
    assert len(ranked) == min(count, limit)
    assert len({r.candidate.item.id for r in ranked}) == len(ranked)
    for r in ranked:
        assert r.score == r.why.query + r.why.interest + r.why.prior - r.why.penalty
        assert r.why.penalty >= 0
    scores = [r.score for r in ranked]
    assert all(a >= b - 1e-5 for a, b in zip(scores, scores[1:], strict=False))


def test_each_term_is_its_weight_times_its_cosine() -> None:
    ranked = rank(
        [candidate("a", prior=0.5, lexical=1.0)],
        vectors((3.0, 4.0)),
        query=torch.tensor([1.0, 0.0]),
        interest=torch.tensor([0.0, 2.0]),
        weights=ScoreWeights(query=2, interest=0.5, prior=0.1, diversity=0, lexical=0.25),
        limit=5,
    )
    (only,) = ranked
    assert only.why.query == pytest.approx(2 * 0.6 + 0.25)
    assert only.why.interest == pytest.approx(0.4)
    assert only.why.prior == pytest.approx(0.05)
    assert only.why.penalty == 0


def test_mmr_takes_a_different_item_before_a_near_copy() -> None:
    # a and b point the same way, c at a right angle to them. Query scores: a .8, b .8, c .6.
    # After a, b pays .5 · 1 and c pays .5 · 0: c (.6) comes before b (.3).
    ranked = rank(
        [candidate("b"), candidate("c"), candidate("a")],
        vectors((1.0, 0.0), (0.0, 1.0), (1.0, 0.0)),
        query=torch.tensor([0.8, 0.6]),
        interest=None,
        weights=ScoreWeights(query=1, diversity=0.5, lexical=0),
        limit=3,
    )
    assert [r.candidate.item.id for r in ranked] == ["a", "c", "b"]
    assert [r.score for r in ranked] == pytest.approx([0.8, 0.6, 0.3])
    assert [r.why.penalty for r in ranked] == pytest.approx([0.0, 0.0, 0.5])


def test_without_diversity_the_order_is_by_score_and_ties_go_to_the_smaller_id() -> None:
    same = [candidate(id_) for id_ in ("m", "b", "z", "a")]
    ranked = rank(same, torch.ones(4, 3), torch.ones(3), None, PLAIN, limit=4)
    assert [r.candidate.item.id for r in ranked] == ["a", "b", "m", "z"]


def test_the_order_does_not_depend_on_the_order_of_the_candidates() -> None:
    random = torch.Generator().manual_seed(3)
    items = torch.randn(20, 6, generator=random)
    query = torch.randn(6, generator=random)
    candidates = [candidate(f"i{n:02}") for n in range(20)]
    shuffle = torch.randperm(20, generator=random).tolist()
    weights = ScoreWeights(diversity=0.4)
    one = rank(candidates, items, query, None, weights, 10)
    other = rank([candidates[n] for n in shuffle], items[shuffle], query, None, weights, 10)
    assert [r.candidate.item.id for r in one] == [r.candidate.item.id for r in other]


def test_with_an_empty_history_query_and_prior_decide() -> None:
    candidates = [candidate("plain"), candidate("famous", prior=1.0), candidate("fitting")]
    items = vectors((0.0, 1.0), (0.0, 1.0), (1.0, 0.0))
    ranked = rank(candidates, items, torch.tensor([1.0, 0.0]), None, PLAIN, 3)
    assert {r.why.interest for r in ranked} == {0.0}
    assert [r.candidate.item.id for r in ranked] == ["famous", "fitting", "plain"]


def test_without_a_query_interest_alone_decides() -> None:
    candidates = [candidate("far"), candidate("near")]
    ranked = rank(
        candidates, vectors((0.0, 1.0), (1.0, 0.0)), None, torch.tensor([1.0, 0.1]), PLAIN, 2
    )
    assert [r.candidate.item.id for r in ranked] == ["near", "far"]
    assert all(r.why.query == 0 for r in ranked)


def test_what_resembles_a_disliked_item_pays_and_what_does_not_pays_nothing() -> None:
    candidates = [candidate("alike"), candidate("other")]
    items = vectors((1.0, 0.0), (0.0, 1.0))
    weights = ScoreWeights(query=1, diversity=0, dislike=0.5, dislike_floor=0.5)
    ranked = rank(candidates, items, torch.ones(2), None, weights, 2, disliked=vectors((1.0, 0.0)))
    assert [(r.candidate.item.id, r.why.penalty) for r in ranked] == [("other", 0), ("alike", 0.5)]


def test_wishes_in_words_are_handed_through() -> None:
    (only,) = rank(
        [candidate("a")], torch.ones(1, 2), None, None, PLAIN, 1,
        matched={"a": ("comedy",)}, unmet={"a": ("short",), "b": ("x",)},
    )  # fmt: skip
    assert (only.why.matched, only.why.unmet) == (("comedy",), ("short",))


def test_vectors_that_do_not_fit_the_candidates_are_refused() -> None:
    with pytest.raises(DimensionMismatch, match="each of the 1 candidates, got 2"):
        rank([candidate("a")], torch.ones(2, 3), None, None, PLAIN, 1)
    with pytest.raises(DimensionMismatch, match="3 and 4|4 and 3"):
        rank([candidate("a")], torch.ones(1, 3), torch.ones(4), None, PLAIN, 1)


def test_weights_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="diversity"):
        ScoreWeights(diversity=-0.1)
    with pytest.raises(ValueError, match="dislike_floor"):
        ScoreWeights(dislike_floor=1.0)


def test_a_zero_vector_scores_zero_rather_than_nan() -> None:
    (only,) = rank([candidate("a")], torch.zeros(1, 2), torch.ones(2), torch.ones(2), PLAIN, 1)
    assert only.score == 0.0


def test_the_interest_may_live_in_another_space_than_the_query() -> None:
    interest, tastes = torch.tensor([1.0, 0.0]), torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.6, 0.8]])
    some = [candidate(id_) for id_ in "abc"]
    weights = ScoreWeights(query=0, interest=1, prior=0, lexical=0, diversity=0)
    ranked = rank(some, torch.eye(3), None, interest, weights, 3, tastes=tastes)
    assert [r.candidate.item.id for r in ranked] == ["b", "c", "a"]
    assert [r.why.interest for r in ranked] == [pytest.approx(x) for x in (1.0, 0.6, 0.0)]

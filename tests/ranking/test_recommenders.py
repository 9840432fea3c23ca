"""One contract suite over everything that is compared, and full ranking on hand-worked cases."""

import pytest
import torch

from ranking.evaluation import Case, cases, evaluate, gain, table
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.recommenders import (
    LastItem,
    MeanOfLiked,
    Popularity,
    Recommender,
    Tracked,
    WithPrior,
    likes,
)
from ranking.sessions import Corpus, Session
from ranking.types import Event
from retrieval.types import Item

IDS = ("a", "b", "c", "d")
CORPUS = Corpus(
    "toy",
    tuple(Item(id_, "", "", {}) for id_ in IDS),
    torch.tensor([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
)
COUNTED = [
    Session("u", (Event("c", "liked"), Event("d", "disliked"))),
    Session("v", (Event("c", "liked"), Event("a", "bought"))),
]
MAKERS = {
    "tracked": lambda: Tracked(InterestTracker(TrackerConfig(3, 3)).eval(), CORPUS),
    "mean": lambda: MeanOfLiked(CORPUS),
    "last": lambda: LastItem(CORPUS),
    "popularity": lambda: Popularity(CORPUS, likes(COUNTED)),
    "prior": lambda: WithPrior(MeanOfLiked(CORPUS), Popularity(CORPUS, likes(COUNTED)), 0.2),
}
HISTORIES = (
    (Event("a", "liked"),),
    (Event("d", "disliked"),),
    (Event("a", "liked", 1.0), Event("b", "seen", 2.0), Event("d", "disliked", 9.0)),
)


@pytest.fixture(params=MAKERS)
def recommender(request) -> Recommender:
    return MAKERS[request.param]()


def test_every_history_gets_a_finite_score_for_every_item(recommender) -> None:
    scores = recommender.scores(HISTORIES)
    assert scores.shape == (3, 4) and bool(scores.isfinite().all())


def test_a_history_scores_the_same_alone_and_in_a_batch(recommender) -> None:
    together = recommender.scores(HISTORIES)
    alone = torch.cat([recommender.scores([history]) for history in HISTORIES])
    assert torch.allclose(together, alone, atol=1e-6)


def test_every_recommender_has_its_own_name() -> None:
    assert len({make().name for make in MAKERS.values()}) == len(MAKERS)


def test_the_mean_of_liked_takes_likes_only_and_all_if_there_are_none() -> None:
    both = MeanOfLiked(CORPUS).scores([HISTORIES[2], (Event("c", "seen"), Event("d", "seen"))])
    assert both[0].tolist() == pytest.approx([1, 0.8, 0, 0])
    assert both[1].tolist() == pytest.approx([0, 0.6 * 2**-0.5, 2**-0.5, 2**-0.5])


def test_the_last_item_is_the_last_one_not_spoken_against() -> None:
    assert LastItem(CORPUS).scores([HISTORIES[2]])[0].tolist() == pytest.approx([0.8, 1, 0.6, 0])
    assert LastItem(CORPUS).scores([HISTORIES[1]])[0].tolist() == [0, 0, 0, 1]


def test_popularity_counts_likes_and_purchases() -> None:
    assert Popularity(CORPUS, likes(COUNTED)).scores(HISTORIES[:1])[0].tolist() == [1, 0, 2, 0]


def test_the_prior_is_added_to_the_scores() -> None:
    with_prior = MAKERS["prior"]().scores(HISTORIES[:1])[0]
    plain = MeanOfLiked(CORPUS).scores(HISTORIES[:1])[0]
    added = torch.log1p(torch.tensor([1.0, 0, 2, 0])) / torch.log(torch.tensor(3.0)) * 0.2
    assert torch.allclose(with_prior, plain + added)


def test_a_case_is_a_new_liked_item_with_a_history() -> None:
    session = Session(
        "u",
        (
            Event("a", "liked"),
            Event("gone", "liked"),
            Event("b", "disliked"),
            Event("c", "liked"),
            Event("a", "liked"),
        ),
    )
    (only,) = cases([session], CORPUS)
    assert (only.target, only.masked) == ("c", frozenset("ab"))
    assert [event.item for event in only.history] == ["a", "b"]


def test_only_events_from_the_first_target_on_are_asked_for() -> None:
    events = tuple(Event(id_, "liked") for id_ in IDS)
    assert [c.target for c in cases([Session("u", events, 3)], CORPUS)] == ["d"]
    assert [c.target for c in cases([Session("u", events)], CORPUS)] == ["b", "c", "d"]
    unknown_before = (Event("gone", "liked"), *events)
    assert [c.target for c in cases([Session("u", unknown_before, 4)], CORPUS)] == ["d"]


def test_unknown_items_after_the_first_target_do_not_move_it() -> None:
    events = (Event("a", "liked"), Event("b", "liked"), Event("gone", "liked"), Event("c", "liked"))
    assert [c.target for c in cases([Session("u", events, 2)], CORPUS)] == ["c"]


def test_full_ranking_of_hand_worked_cases() -> None:
    # After a: b .8 is first, c and d tie at 0 for the second and third place.
    questions = tuple(
        Case(user, (Event("a", "liked"),), target, frozenset("a"))
        for user, target in (("u", "b"), ("v", "c"))
    )
    result = evaluate(LastItem(CORPUS), questions, CORPUS, progress=False)
    assert result.ranks.tolist() == [1, 2.5]
    assert result.mrr.mean == pytest.approx((1 + 0.4) / 2)
    assert result.hr10.mean == 1
    better = gain(result, result, questions)
    assert (better.mean, better.low, better.high) == (0, 0, 0)
    assert "| last item | 1.0000 [1.0000, 1.0000] |" in table([result])

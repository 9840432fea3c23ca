"""Padding, caching of embedded texts, and simulated sessions."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from ranking.errors import DimensionMismatch
from ranking.feeds import Recorded, draw_batch
from ranking.sessions import Corpus, Session, collate, embed
from ranking.simulation import Simulator
from ranking.types import KINDS, Event
from ranking.vectors import unit
from retrieval.types import Item


def corpus(count: int = 60, dimension: int = 24) -> Corpus:
    """Three genres of items around their own centres."""
    random = torch.Generator().manual_seed(2)
    centres = torch.randn(3, dimension, generator=random)
    genre = torch.arange(count) % 3
    vectors = unit(centres[genre] + 0.7 * torch.randn(count, dimension, generator=random))
    items = (Item(f"i{n}", "", "", {"genres": (f"g{n % 3}",)}) for n in range(count))
    return Corpus("toy", tuple(items), vectors)


def test_histories_are_padded_with_times_in_buckets() -> None:
    batch = collate(
        [
            (Event("i5", "disliked", 100.0),),
            (Event("i0", "liked", 50.0), Event("i1", "seen", 55.0)),
        ],
        corpus(),
    )
    assert batch.rows.tolist() == [[5, 0], [0, 1]]
    assert batch.valid.tolist() == [[True, False], [True, True]]
    assert batch.kinds[0, 0] == KINDS.index("disliked")
    assert batch.buckets.tolist() == [[0, 0], [0, 1]]
    assert batch.lengths == (1, 2)


def test_a_session_drops_events_that_the_corpus_does_not_know() -> None:
    session = Session("u", (Event("i1", "liked"), Event("gone", "liked")))
    assert [event.item for event in session.known(corpus()).events] == ["i1"]


def test_a_corpus_needs_one_vector_an_item() -> None:
    with pytest.raises(DimensionMismatch, match="expected 1 vectors.* got 2"):
        Corpus("c", (Item("a", "", "", {}),), torch.ones(2, 3))


class Counting:
    """An encoder that counts how many texts it was given."""

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.seen = 0

    def encode(self, texts):  # noqa: ANN001, ANN201
        self.seen += len(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_a_batch_renumbers_its_items_among_their_competitors() -> None:
    space = corpus()
    session = Session("u", tuple(Event(f"i{n}", "liked") for n in (40, 7, 3, 22, 9)))
    feed = Recorded(space, [session], drop=0.0)
    batch, vectors = draw_batch(feed, np.random.default_rng(0), 4, max_events=3, competitors=10)
    assert batch.rows.shape == (4, 3) and 10 <= len(vectors) <= 15
    windows = {(40, 7, 3), (7, 3, 22), (3, 22, 9)}
    for rows in batch.rows:
        found = (space.vectors @ vectors[rows].T).argmax(0).tolist()
        assert tuple(found) in windows


def test_a_chained_session_comes_after_others_as_one_history_in_time_order() -> None:
    sessions = [
        Session(f"u{n}", tuple(Event(f"i{5 * n + k}", "liked", 7.0 * k) for k in range(4)))
        for n in range(6)
    ]
    alone = Recorded(corpus(), sessions, drop=0.0).draw(np.random.default_rng(0), 20)
    assert {len(session.events) for session in alone} == {4}
    chained = Recorded(corpus(), sessions, drop=0.0, chained=1.0)
    long = chained.draw(np.random.default_rng(0), 20)
    assert all(len(session.events) >= 8 for session in long)
    for session in long:
        times = [event.time_s for event in session.events]
        assert times == sorted(times)
        last = session.events[-4:]
        assert any([e.item for e in s.events] == [e.item for e in last] for s in sessions)
    gaps = {session.events[4].time_s - session.events[3].time_s > 0 for session in long}
    assert gaps == {True, False}  # when the last visit was is known of some, not of all


def test_texts_are_embedded_once_for_each_encoder(tmp_path: Path) -> None:
    encoder = Counting()
    texts = [str(10**n) for n in range(4)] * 100
    first = embed(texts, encoder, tmp_path)
    again = embed(texts, encoder, tmp_path)
    assert encoder.seen == 400 and torch.equal(first, again)
    assert first[:4, 0].tolist() == [1, 2, 3, 4]
    other = Counting("other")
    embed(texts, other, tmp_path)
    embed([*texts[1:], "new"], encoder, tmp_path)
    assert (other.seen, encoder.seen) == (400, 800)


def test_simulated_sessions_are_functions_of_the_generator() -> None:
    simulator = Simulator(corpus(), ("genres",))
    one = simulator.draw(np.random.default_rng(5), 8)
    assert one == simulator.draw(np.random.default_rng(5), 8)
    assert one != simulator.draw(np.random.default_rng(6), 8)


def test_simulated_people_meet_no_item_twice_and_time_goes_on() -> None:
    for session in Simulator(corpus(), ("genres",)).draw(np.random.default_rng(0), 50):
        items = [event.item for event in session.events]
        times = [event.time_s for event in session.events]
        assert len(set(items)) == len(items) >= 3
        assert times == sorted(times)


def test_simulated_people_come_upon_what_is_well_known_more_often() -> None:
    space = corpus()
    known = torch.zeros(60)
    known[:6] = 1.0

    def share(simulator: Simulator) -> float:
        sessions = simulator.draw(np.random.default_rng(3), 60)
        rows = [space.rows[event.item] for session in sessions for event in session.events]
        return float(np.mean([row < 6 for row in rows]))

    assert share(Simulator(space, ("genres",), known)) > 2 * share(Simulator(space, ("genres",)))


def test_simulated_people_are_reminded_by_the_item_liked_last() -> None:
    space = corpus()
    near, far = [], []
    for session in Simulator(space, ("genres",)).draw(np.random.default_rng(4), 300):
        liked = [space.rows[e.item] for e in session.events if e.kind == "liked"]
        alike = space.vectors[liked] @ space.vectors[liked].T
        near += alike.diagonal(1).tolist()
        far += alike.diagonal(3).tolist()
    assert np.mean(near) > np.mean(far) + 0.02


def test_simulated_likes_resemble_each_other_more_than_likes_and_dislikes_do() -> None:
    space = corpus()
    kinds: Counter[str] = Counter()
    within, across = [], []
    for session in Simulator(space, ("genres",)).draw(np.random.default_rng(1), 150):
        kinds.update(event.kind for event in session.events)
        rows = {k: [space.rows[e.item] for e in session.events if e.kind == k] for k in KINDS}
        liked, disliked = space.vectors[rows["liked"]], space.vectors[rows["disliked"]]
        if len(liked) > 1 and len(disliked):
            same = liked @ liked.T
            within.append(((same.sum() - len(liked)) / (len(liked) * (len(liked) - 1))).item())
            across.append((liked @ disliked.T).mean().item())
    assert set(kinds) == set(KINDS) and kinds.most_common(1)[0][0] == "liked"
    assert np.mean(within) > np.mean(across) + 0.05

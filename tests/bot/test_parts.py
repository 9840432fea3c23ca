"""The parts around the turn: loading, catalogues, taste, ranking, settings."""

import threading

import pytest
import torch
from pydantic import ValidationError

from bot.errors import UnknownCatalog
from bot.memory.feedback import with_feedback
from bot.memory.taste import Taste
from bot.ordering import rank_found
from bot.running.loading import Later
from bot.settings import Settings
from bot.shelves.catalogs import Catalogs, Given
from bot.shelves.rooms import Room
from bot.shelves.shelf import FILMS, films
from bot.types import Conversation, Relative, Understood, Wishes
from bot.voice.matching import match
from bot.voice.phrasing import phrases
from ranking.lstm import TrackerConfig
from ranking.score import ScoreWeights
from ranking.tracker import InterestTracker
from ranking.types import Event
from retrieval.catalog import Catalog
from retrieval.embedding import HashEncoder, item_text
from retrieval.fakes import tiny_catalog
from retrieval.index import Index
from retrieval.types import Constraint, Query

ITEMS = {item.id: item for item in films()}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    encoder = HashEncoder()
    index = Index.open("films", tmp_path_factory.mktemp("home"), encoder, Catalog(FILMS, films()))
    config = TrackerConfig(item_dim=encoder.dimension, hidden_dim=16)
    yield Room(index, Taste(InterestTracker(config).eval(), index))
    index.close()


def test_a_part_is_made_once_however_many_ask():
    made = []
    later = Later("part", lambda: made.append(1) or "it")
    threads = [threading.Thread(target=later.get) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert later.get() == "it" and made == [1] and later.ready


def test_a_part_that_cannot_be_made_tells_everyone_and_may_be_tried_again():
    tries = []

    def make():
        tries.append(1)
        if len(tries) < 3:
            raise OSError("no such file")
        return "it"

    later = Later("part", make)
    assert later.start().exception() is not None and not later.ready
    with pytest.raises(OSError, match="no such file"):
        later.get()
    assert later.get() == "it"


def test_catalogues_open_at_first_use_and_unknown_ones_are_named(tmp_path):
    asked = []
    catalogs = Catalogs(tmp_path, lambda: asked.append(1) or HashEncoder())
    assert list(catalogs) == ["movies", "electronics"] and "nonsense" not in catalogs
    for bad in ("nonsense", "", "../movies"):
        with pytest.raises(UnknownCatalog, match="movies, electronics"):
            catalogs[bad]
    assert not asked
    Index.open("mine", tmp_path, HashEncoder(), tiny_catalog()).close()
    assert list(catalogs) == ["movies", "electronics", "mine"] and len(catalogs) == 3
    assert len(catalogs["mine"]) == 12 and catalogs["mine"] is catalogs["mine"]
    catalogs.close()


def test_given_catalogues_name_those_that_exist(room):
    with pytest.raises(UnknownCatalog, match="films"):
        Given({"films": room.index})["nonsense"]


def test_the_taste_of_a_grown_history_equals_the_one_played_from_the_start(room):
    events = tuple(
        Event(i, kind, n * 100.0)
        for n, (i, kind) in enumerate(
            [("alien", "liked"), ("heat", "disliked"), ("gone", "liked"), ("parasite", "seen")]
        )
    )
    grown = [room.taste.interest(events[: n + 1]) for n in range(len(events))][-1]
    fresh = Taste(room.taste._tracker, room.index).interest(events)
    assert torch.allclose(grown, fresh, atol=1e-6)
    assert room.taste.interest(()) is None and room.taste.points(()) == ()
    assert 0 < sum(p.p for p in room.taste.points(events)) <= 1.0 + 1e-6


def test_matching_says_what_is_met_what_not_and_what_is_rightly_absent():
    wishes = Wishes(
        constraints=(
            Constraint("genres", "=", ("horror",)),
            Constraint("runtime", "<=", 100.0),
            Constraint("genres", "!=", ("romance",)),
            Constraint("cast", "=", ("Sigourney Weaver",)),
        ),
        wish=("space", "funny"),
    )
    held = match(ITEMS["alien"], wishes, FILMS, phrases("en"))
    assert held.met == (("genres", "horror"), ("cast", "Sigourney Weaver"))
    assert held.unmet == (("runtime", "at most 100 minutes"),)
    assert held.absent == (("genres", "no romance"),) and held.wish == ("space",)
    assert held.matched_words(FILMS, phrases("en")) == (
        "genres: horror",
        "cast: Sigourney Weaver",
        "genres: no romance",
        "space",
    )


def test_without_words_or_taste_the_order_of_retrieval_stands(room):
    talk = Conversation("s", "films")
    found = room.index.search(Query(""))
    ranked = rank_found(
        talk, Understood("recommend"), Query(""), found, room, ScoreWeights(), usual=4
    )
    assert [r.candidate.item.id for r in ranked] == [c.item.id for c in found.candidates[:4]]


def test_items_near_a_disliked_one_or_an_avoided_theme_fall(room):
    words = "science fiction horror"
    found = room.index.search(Query(words))

    def place(talk, query):
        understood = Understood("recommend")
        ranked = rank_found(talk, understood, query, found, room, ScoreWeights(), usual=10)
        return [r.candidate.item.id for r in ranked].index("alien")

    nobody = Conversation("s", "films")
    plain = place(nobody, Query(words))
    like_alien = Query(words, avoid=(item_text(ITEMS["alien"]),))
    assert place(Conversation("s", "films", dislikes=("alien",)), Query(words)) > plain
    assert place(nobody, like_alien) > plain


def test_items_without_the_number_come_last_in_a_superlative(tmp_path):
    encoder = HashEncoder()
    index = Index.open("tiny", tmp_path, encoder, tiny_catalog())
    taste = Taste(InterestTracker(TrackerConfig(item_dim=encoder.dimension, hidden_dim=8)), index)
    talk = Conversation("s", "tiny", wishes=Wishes(relative=(Relative("year", "max"),)))
    query = Query("", limit=100)
    ranked = rank_found(
        talk,
        Understood("recommend", count=10),
        query,
        index.search(query),
        Room(index, taste),
        ScoreWeights(),
    )
    years = [r.candidate.item.facts["year"] for r in ranked]
    assert years == sorted(years, reverse=True) and years[0] == 2019
    index.close()


def test_like_and_dislike_replace_each_other():
    talk = with_feedback(Conversation("s", "films"), "a", "like", 1.0)
    assert (talk.likes, talk.dislikes) == (("a",), ())
    talk = with_feedback(talk, "a", "dislike", 2.0)
    assert (talk.likes, talk.dislikes) == ((), ("a",))
    talk = with_feedback(talk, "a", "bought", 3.0)
    assert (talk.likes, talk.dislikes) == (("a",), ())
    assert with_feedback(talk, "a", "bought", 4.0) is talk
    assert [e.kind for e in talk.events] == ["liked", "disliked", "bought"]


def test_settings_come_from_the_environment_and_bad_ones_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    monkeypatch.setenv("CONCIERGE_COUNT", "5")
    monkeypatch.setenv("CONCIERGE_DATA", "ignored")
    settings = Settings()
    assert settings.home == tmp_path and settings.count == 5
    assert Settings(count=2).count == 2
    monkeypatch.setenv("CONCIERGE_COUNT", "99")
    with pytest.raises(ValidationError, match="count"):
        Settings()
    monkeypatch.setenv("CONCIERGE_COUNT", "3")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("CONCIERGE_HOME")
    assert Settings().home == tmp_path / "data" / "concierge"

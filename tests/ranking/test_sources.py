"""The data sets' files become items and sessions."""

import json
from pathlib import Path

import pytest

from ranking.errors import DataError
from ranking.sources import (
    movielens_1m,
    movielens_small,
    opendialkg,
    redial,
    redial_mentions,
)
from ranking.types import Event


def write(path: Path, *lines: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
    path.write_text(text, encoding="utf-8")


def film(name: str) -> dict[str, object]:
    return {
        "name": name, "genre": ["crime"], "plot": "A plot.", "director": ["D"],
        "star": ["S", "T", "U", "V"],
    }  # fmt: skip


def conversation(number: int, texts: list[str], labels: dict[str, tuple[int, int]]) -> dict:
    return {
        "conversationId": str(number),
        "initiatorWorkerId": 7,
        "messages": [{"text": text} for text in texts],
        "initiatorQuestions": {
            id_: {"suggested": 0, "seen": seen, "liked": liked}
            for id_, (seen, liked) in labels.items()
        },
    }


@pytest.fixture
def redial_folder(tmp_path: Path) -> Path:
    facts = {str(n): film(f"Film &amp; {n}  (199{n})") for n in range(1, 6)}
    write(tmp_path / "movie_facts.json", json.dumps(facts))
    told = conversation(
        1,
        ["@3 and @1", "seen @2? or @4 or @9", "@1 again, @5"],
        {"1": (1, 1), "2": (0, 0), "3": (1, 2), "4": (2, 2), "9": (1, 1)},
    )
    alone = conversation(2, ["only @1"], {"1": (1, 1)})
    unlabelled = conversation(3, ["@1 @2"], {}) | {"initiatorQuestions": None}
    other = conversation(4, ["@1 @2"], {"1": (1, 1), "2": (1, 1)})
    write(tmp_path / "valid_a.jsonl", told, alone, unlabelled)
    write(tmp_path / "valid_b_merged_turns.jsonl", told, other)
    mentions = ("1,Film 1,9", "2,Film 2,4", "3,Film 3,1", "4,Film 4,0")
    write(tmp_path / "movies_with_mentions.csv", "movieId,movieName,nbMentions", *mentions)
    return tmp_path


def test_redial_events_come_in_the_order_of_mention_with_the_seekers_labels(redial_folder) -> None:
    (session,) = redial(redial_folder).test
    assert session.events == (
        Event("3", "seen"),
        Event("1", "liked"),
        Event("2", "disliked"),
        Event("4", "mentioned"),
    )
    assert session.user == "7"


def test_redial_never_trains_on_a_conversation_that_it_measures_on(redial_folder) -> None:
    (session,) = redial(redial_folder).train
    assert [event.item for event in session.events] == ["1", "2"]


def test_mentions_in_what_is_held_out_do_not_count(redial_folder) -> None:
    # valid_a speaks four times of film 1, twice of 2, and more often than it is said to of 4.
    counted = redial(redial_folder).mentions
    assert [counted[id_] for id_ in "1234"] == [5, 2, 0, 0]
    assert [redial_mentions(redial_folder, without={"7"})[id_] for id_ in "12"] == [4, 1]


def test_redial_items_have_clean_titles_and_facts(redial_folder) -> None:
    item = redial(redial_folder).items[0]
    assert (item.title, item.facts["year"], item.text) == ("Film & 1", 1991, "A plot.")
    assert item.facts["cast"] == ("S", "T", "U")


def test_opendialkg_mentions_lead_to_what_was_recommended(tmp_path) -> None:
    info = {
        "0": {"name": "Heat", "year": "1995", "actor": ["A", "A", "B"], "genre": ["Crime"]},
        "1": {"name": "Ronin", "year": "n/a"},
        "2": {"name": "Unspoken of"},
    }
    write(tmp_path / "id2info.json", json.dumps(info))
    write(
        tmp_path / "train_data_processed.jsonl",
        {"dialog_id": 0, "entity": ["Heat", "Nobody"], "rec": ["Ronin"]},
        {"dialog_id": 0, "entity": ["Heat", "Ronin"], "rec": ["Heat"]},
        {"dialog_id": 1, "entity": [], "rec": ["Ronin"]},
    )
    source = opendialkg(tmp_path)
    (session,) = source.train
    assert session.events == (Event("0", "mentioned"), Event("1", "liked"))
    assert [item.title for item in source.items] == ["Heat", "Ronin"]
    assert source.items[0].facts["cast"] == ("A", "B")
    assert (source.items[0].facts["year"], source.items[1].facts["year"]) == (1995, None)


def test_movielens_ratings_become_kinds_and_the_last_like_is_the_target(tmp_path) -> None:
    write(
        tmp_path / "movies.csv",
        "item_id,title,genres",
        '1,"Godfather, The (1972)",Crime|Drama',
        "2,Heat (1995),(no genres listed)",
        "3,Up,Animation",
    )
    write(
        tmp_path / "ratings.csv",
        "user_id,item_id,rating,timestamp",
        "9,3,2.5,30",
        "9,1,4.0,10",
        "9,2,3.5,15",
        "9,2,4.5,20",
        "8,1,5.0,1",
    )
    source = movielens_small(tmp_path)
    (session,) = source.test
    assert [(e.item, e.kind) for e in session.events] == [
        ("1", "liked"),
        ("2", "seen"),
        ("2", "liked"),
    ]
    assert session.first_target == 2
    assert (source.items[0].title, source.items[0].facts) == (
        "The Godfather",
        {"year": 1972, "genres": ("crime", "drama")},
    )
    assert source.items[1].facts["genres"] == ()


def test_movielens_1m_is_leave_one_out_over_the_films_that_occur(tmp_path) -> None:
    (tmp_path / "movies.dat").write_bytes(
        "1::Léon (1994)::Crime\n2::B (1990)::Drama\n3::C (1991)::War\n".encode("latin-1")
    )
    write(tmp_path / "sequences.txt", "1 2 1", "2 1 2")
    source = movielens_1m(tmp_path)
    assert [item.title for item in source.items] == ["Léon", "B"]
    assert source.test[0].events == (Event("2", "liked"), Event("1", "liked"))
    assert source.test[0].first_target == 1


def test_a_missing_or_broken_file_is_named(tmp_path) -> None:
    with pytest.raises(DataError, match=r"movie_facts.json.*CONCIERGE_DATA"):
        redial(tmp_path)
    write(tmp_path / "movie_facts.json", "{")
    with pytest.raises(DataError, match="expected JSON in .*movie_facts.json"):
        redial(tmp_path)
    write(tmp_path / "movie_facts.json", "{}")
    write(tmp_path / "valid_a.jsonl", {"conversationId": "1"}, "{")
    with pytest.raises(DataError, match="line 2"):
        redial(tmp_path)

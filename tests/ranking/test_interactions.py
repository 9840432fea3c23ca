"""Rows of interactions become sessions; what is broken is left out with its line and reason."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ranking.errors import DataError
from ranking.interactions import (
    Interaction,
    interactions,
    rows_without_names,
    sessions,
    split_known,
)
from ranking.types import Event


def one(**row: object) -> Interaction:
    (found,), skipped = interactions([(2, row)])
    assert not skipped
    return found


def reason(**row: object) -> str:
    found, (skipped,) = interactions([(7, row)])
    assert not found and skipped.line == 7
    return skipped.reason


@pytest.mark.parametrize(
    "names",
    [
        ("userId", "movieId", "rating", "timestamp"),
        ("user_id", "item_id", "rating", "timestamp"),
        ("User", "Item", "Stars", "Date"),
        ("customer_id", "product id", "score", "created_at"),
        ("reviewerID", "asin", "overall", "unixReviewTime"),
    ],
)
def test_columns_are_known_by_their_usual_names(names: tuple[str, ...]) -> None:
    row = dict(zip(names, ("ann", "heat", "4", "86400"), strict=True))
    assert one(**row) == Interaction(2, "ann", "heat", 86400.0, rating=4.0)


def test_a_file_without_users_or_items_is_refused_with_its_columns() -> None:
    with pytest.raises(DataError, match="names the item.*got the columns user, when"):
        interactions([(2, {"user": "a", "when": "1"})])


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("liked", "liked"),
        ("Thumbs-up", "liked"),
        ("purchase", "bought"),
        ("add_to_cart", "mentioned"),
        ("view", "viewed"),
        ("skip", "ignored"),
    ],
)
def test_kinds_are_known_by_their_usual_words(word: str, kind: str) -> None:
    assert one(user="a", item="b", event=word).kind == kind


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("86400", 86400.0),
        (1262304000000, 1262304000.0),
        ("2010-01-01 00:00:00", 1262304000.0),
        ("2010-01-01T02:00:00+02:00", 1262304000.0),
        (datetime(2010, 1, 1, tzinfo=UTC), 1262304000.0),
        (date(2010, 1, 1), 1262304000.0),
    ],
)
def test_times_are_unix_seconds_milliseconds_or_dates(time: object, seconds: float) -> None:
    assert one(user="a", item="b", time=time).time_s == seconds


def test_ids_that_became_numbers_are_whole_again() -> None:
    assert one(user=12.0, item=7, rating=3.5) == Interaction(2, "12", "7", rating=3.5)


def test_broken_rows_say_what_was_expected_and_what_came() -> None:
    assert "got '' and 'b'" in reason(user="", item="b")
    assert "a number as rating, got 'lots'" in reason(user="a", item="b", rating="lots")
    assert "a number as rating, got 'nan'" in reason(user="a", item="b", rating="nan")
    assert "a kind such as like, dislike" in reason(user="a", item="b", event="zap")
    assert "a time as Unix seconds" in reason(user="a", item="b", time="yesterday")
    assert "something in rating or text" in reason(user="a", item="b", rating="", text="")


def test_rows_that_the_file_reader_gave_up_are_passed_on() -> None:
    found, skipped = interactions([(3, "expected 4 cells, got 1"), (4, {"user": "a", "item": "b"})])
    assert [i.line for i in found] == [4]
    assert (skipped[0].line, skipped[0].reason) == (3, "expected 4 cells, got 1")


def test_the_double_colon_file_of_movielens_is_read_by_position(tmp_path: Path) -> None:
    file = tmp_path / "ratings.dat"
    file.write_text("1::1193::5::978300760\n\n1::661::3::978302109\n")
    found, skipped = interactions(rows_without_names(file))
    assert [(i.line, i.item, i.rating) for i in found] == [(1, "1193", 5.0), (3, "661", 3.0)]
    assert not skipped


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ratings\.dat.*check the path"):
        list(rows_without_names(tmp_path / "ratings.dat"))


def test_items_that_the_catalogue_lacks_are_told_by_line() -> None:
    rows = [Interaction(2, "a", "heat"), Interaction(3, "a", "gone")]
    known, unknown = split_known(rows, {"heat"}, "movies")
    assert [i.item for i in known] == ["heat"]
    assert [(s.line, s.reason) for s in unknown] == [(3, "movies has no item 'gone'")]


def test_ratings_below_the_persons_own_mean_are_dislikes() -> None:
    strict = [
        Interaction(2, "ann", "x", 1.0, rating=1.0),
        Interaction(3, "ann", "y", 2.0, rating=3.0),
    ]
    mild = [
        Interaction(4, "bob", "x", 1.0, rating=3.0),
        Interaction(5, "bob", "y", 2.0, rating=5.0),
    ]
    ann, bob = sessions([*strict, *mild])
    assert [e.kind for e in ann.events] == ["disliked", "liked"]
    assert [e.kind for e in bob.events] == ["disliked", "liked"]


def test_equal_ratings_and_rows_that_only_say_who_and_what_are_likes() -> None:
    (same,) = sessions([Interaction(2, "a", "x", rating=2.0), Interaction(3, "a", "y", rating=2.0)])
    assert [e.kind for e in same.events] == ["liked", "liked"]
    (bare,) = sessions([Interaction(2, "a", "x")])
    assert bare.events == (Event("x", "liked", 0.0),)


def test_sessions_are_in_time_order_and_rows_of_one_time_keep_theirs() -> None:
    rows = [
        Interaction(n, "a", item, time)
        for n, (item, time) in enumerate([("x", 5), ("y", 1), ("z", 1)])
    ]
    (session,) = sessions(rows)
    assert [event.item for event in session.events] == ["y", "z", "x"]

"""For how many, and for what age."""

import pytest

from bot.llm.base import Situation
from bot.pocket.settling import settle
from bot.reading import Added, Reading
from retrieval.types import Facet, Schema

GAMES = Schema(
    "games",
    (
        Facet("players", "category", values=("1", "2", "3", "4", "5", "6", "8")),
        Facet("age", "number", range=(4.0, 14.0)),
        Facet("price", "number", "USD", range=(10.0, 90.0)),
    ),
)


def settled(text: str, **fields: object) -> Reading:
    reading = Reading.model_validate({"act": "recommend", **fields})
    return settle(Situation(GAMES, text), reading)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("something for six people", "six"),
        ("a 4-player game", "4"),
        ("we're 5", "5"),
        ("just the two of us", "two"),
        ("a party of 8", "8"),
        ("solo please", "solo"),
    ],
)
def test_a_number_of_people_is_what_a_thing_must_do_for(text: str, words: str) -> None:
    assert settled(text).add == (Added(facet="players", op="=", text=words),)


@pytest.mark.parametrize("text", ["my daughter is 5", "for a 5 year old", "they're aged 5"])
def test_an_age_is_a_bound_and_no_number_of_people(text: str) -> None:
    wrong = {"facet": "players", "op": "=", "text": "5"}
    (one,) = settled(text, add=[wrong]).add
    assert (one.facet, one.op, one.text[0]) == ("age", "<=", "5")


def test_other_numbers_are_left_alone() -> None:
    price = Added(facet="price", op="<=", text="40 dollars")
    assert settled("under 40 dollars", add=[price]).add == (price,)

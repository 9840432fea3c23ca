"""How many people something is for goes to the facet that counts them."""

import pytest

from bot.llm.base import Situation
from bot.pocket.company import for_company
from bot.reading import Added
from retrieval.types import Facet, Schema

COTTAGES = Schema(
    name="cottages",
    facets=(
        Facet("sleeps", "number", range=(2, 14)),
        Facet("bedrooms", "number", range=(1, 6)),
        Facet("price", "number", unit="GBP", range=(360, 2600)),
    ),
)


@pytest.mark.parametrize(
    ("text", "read", "wanted"),
    [
        ("hen do!!! 10 girls, hot tub", [("bedrooms", "=", "10")], [("sleeps", ">=", "10")]),
        ("we're only 8 now", [("sleeps", "=", "8")], [("sleeps", ">=", "8")]),
        ("somewhere for one or two people", [("bedrooms", "=", "two")], [("sleeps", "=", "two")]),
        ("a cottage for 4", [], [("sleeps", ">=", "4")]),
        ("四个人住", [("sleeps", "=", "四")], [("sleeps", ">=", "四")]),
        ("a family of 5 and 3 bedrooms", [("bedrooms", "=", "3")],
         [("bedrooms", "=", "3"), ("sleeps", ">=", "5")]),
        ("at most 6 people", [("sleeps", "<=", "6")], [("sleeps", "<=", "6")]),
        ("for 600 pounds", [("price", "<=", "600")], [("price", "<=", "600")]),
        ("two bedrooms", [("bedrooms", "=", "two")], [("bedrooms", "=", "two")]),
    ],
)  # fmt: skip
def test_a_number_of_people_is_of_the_facet_that_counts_them(text, read, wanted):
    added = [Added(facet=f, op=op, text=words) for f, op, words in read]
    found = for_company(Situation(COTTAGES, text), added)
    assert [(one.facet, one.op, one.text) for one in found] == wanted


def test_players_are_exactly_so_many():
    games = Schema(name="g", facets=(Facet("players", "category", values=("2", "3", "4", "5")),))
    found = for_company(Situation(games, "something for 5 players"), [])
    assert [(one.facet, one.op) for one in found] == [("players", "=")]

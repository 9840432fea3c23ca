"""Comparatives, amounts and prices that a reading mixes up."""

import pytest

from bot.llm.base import Situation
from bot.pocket.comparing import listed
from bot.pocket.settling import settle
from bot.reading import Added, Compared, Reading
from retrieval.types import Facet, Schema

FILMS = Schema(
    "films",
    (
        Facet("genres", "category", values=("comedy", "western")),
        Facet("year", "number", unit="year", less=("older",), more=("newer",)),
        Facet("runtime", "number", unit="minutes", less=("shorter",), more=("longer",)),
    ),
    item="film",
    items="films",
)


def read(text: str, **reading: object) -> Reading:
    return settle(Situation(FILMS, text), Reading.model_validate({"act": "recommend", **reading}))


def test_an_amount_read_as_a_comparison_is_a_bound():
    text = "it must be short, I have only one hour and half"
    short = Compared(facet="runtime", direction="less", text="one hour and half")
    found = read(text, relative=(short,))
    assert found.relative == ()
    assert found.add == (Added(facet="runtime", op="<=", text="one hour and half"),)


def test_too_old_is_a_comparison_and_no_theme():
    found = read("I not like film too much old", avoid=("too much old",))
    assert found.avoid == ()
    assert [(c.facet, c.direction) for c in found.relative] == [("year", "more")]


@pytest.mark.parametrize("word", ["cheapest", "cheap", "affordable"])
def test_a_price_where_there_are_none_is_told(word: str):
    compared = Compared(facet="year", direction="min", text=word)
    found = read(f"the {word} western", relative=(compared,))
    assert found.relative == ()
    assert Added(facet="price", op="=", text=word) in found.add


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cheaper, lighter, newer", ["price", "weight_g", "year"]),
        ("cheaper and a bit lighter please", ["price", "weight_g"]),
        ("cheaper, but the newer one was nice", ["price"]),
    ],
)
def test_comparatives_in_a_list_are_all_meant(text, wanted):
    facets = (
        Facet("price", "number", "USD", less=("cheaper",), more=("pricier",)),
        Facet("weight_g", "number", "g", less=("lighter",), more=("heavier",)),
        Facet("year", "number", "year", less=("older",), more=("newer",)),
    )
    said = Situation(Schema(name="laptops", facets=facets), text)
    read = (Compared(facet="price", direction="less", text="cheaper"),)
    assert [one.facet for one in listed(said, read, ())] == wanted

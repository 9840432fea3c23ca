"""Facets of yes and no are named by what they say."""

import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.flags import flagged
from bot.pocket.settling import settle
from bot.reading import Added, Reading
from retrieval.types import Facet, Schema

COTTAGES = Schema(
    name="cottages",
    facets=(
        Facet("dogs_allowed", "category", values=("yes", "no")),
        Facet("hot_tub", "category", values=("no", "yes")),
        Facet("step_free", "category", values=("yes", "no")),
        Facet("region", "category", values=("Devon", "Kent")),
    ),
)


def read(text, **fields):
    found = flagged(Situation(COTTAGES, text), Reading(act="recommend", **fields))
    return {(one.facet, one.op) for one in found}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("somewhere we can bring the dog", {("dogs_allowed", "=")}),
        ("two dogs and a hot tub please", {("dogs_allowed", "="), ("hot_tub", "=")}),
        ("a place without a hot tub", {("hot_tub", "!=")}),
        ("no steps, my mother is 90", {("step_free", "=")}),
        ("we don't need a hot tub", set()),
        ("hot tub or not, I don't care", set()),
        ("something in Devon", set()),
    ],
)
def test_a_facet_of_yes_and_no_is_named_by_a_word_of_its_name(text, wanted):
    assert read(text) == wanted


def test_what_was_read_already_is_not_added_again():
    assert read("no dogs", add=(Added(facet="dogs_allowed", op="!=", text="dogs"),)) == set()


def test_a_free_wish_that_ends_with_a_yes_or_no_of_the_catalogue_is_that():
    shop = Schema(
        name="c", facets=(Facet("features", "category", values=("dogs allowed", "wifi")),)
    )
    text = "we have a big dog"
    situation = Situation(shop, text, hints=(Hint(14, 17, "features", "dogs allowed"),))
    found = settle(situation, Reading(act="recommend", wish=("big dog",)))
    assert [(one.facet, one.op, one.text) for one in found.add] == [("features", "=", "dog")]
    assert found.wish == ()

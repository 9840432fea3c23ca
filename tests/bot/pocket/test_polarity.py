"""A named value is wanted or turned down as the words right before it say."""

import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.polarity import denied, passed_over
from bot.reading import Added, Reading
from retrieval.types import Facet, Schema


@pytest.mark.parametrize(
    "text",
    [
        "my girlfriend hates horror, so something else",
        "we don't like horror",
        "my dad doesn’t watch horror",
        "never liked it, and I can't stand horror",
        "she avoids watching any horror",
        "anything but horror",
        "we are sick of horror",
    ],
)
def test_a_value_that_somebody_dislikes_is_passed_over(text):
    assert denied(text, Added(facet="genres", op="=", text="horror")).op == "!="


@pytest.mark.parametrize(
    "text", ["some horror please", "she doesn't hate horror", "I never watched a horror film"]
)
def test_a_value_that_nobody_dislikes_is_wanted(text):
    assert denied(text, Added(facet="genres", op="=", text="horror")).op == "="


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a long story, and nothing with horror in it", [("genres", "!=")]),
        ("I have seen no end of horror", []),
        ("my son sleeps at last. horror, then", []),
    ],
)
def test_a_known_value_that_is_plainly_denied_is_passed_over_though_nobody_read_it(text, wanted):
    films = Schema(name="films", facets=(Facet("genres", "category", values=("horror",)),))
    hint = Hint(text.index("horror"), text.index("horror") + 6, "genres", "horror")
    found = passed_over(Situation(films, text, hints=(hint,)), Reading(act="recommend"))
    assert [(one.facet, one.op) for one in found] == wanted

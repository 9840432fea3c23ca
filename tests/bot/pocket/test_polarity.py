"""A named value is wanted or turned down as the words right before it say."""

import pytest

from bot.pocket.polarity import denied
from bot.reading import Added


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
def test_a_value_that_somebody_dislikes_is_turned_down(text):
    assert denied(text, Added(facet="genres", op="=", text="horror")).op == "!="


@pytest.mark.parametrize(
    "text", ["some horror please", "she doesn't hate horror", "I never watched a horror film"]
)
def test_a_value_that_nobody_dislikes_is_wanted(text):
    assert denied(text, Added(facet="genres", op="=", text="horror")).op == "="

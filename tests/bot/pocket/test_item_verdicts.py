"""Each verdict goes to the item of its clause."""

import pytest

from bot.llm.base import Situation
from bot.pocket.verdicts import judged
from bot.reading import Reading
from retrieval.types import Facet, Schema

FILMS = Schema(name="films", facets=(Facet("genres", "category", values=("drama",)),))
SHOWN = ("Alien", "Heat", "Up")


def read(text, **fields):
    return judged(Situation(FILMS, text, shown=SHOWN), Reading(act="recommend", **fields))


@pytest.mark.parametrize(
    ("text", "likes", "dislikes"),
    [
        ("the first was boring but I loved the third", ("#3",), ("#1",)),
        ("second one's brilliant, first was meh. more please", ("#2",), ("#1",)),
        ("didn't like the second one", (), ("#2",)),
        ("第一部太闷 第三部我喜欢", ("#3",), ("#1",)),
        ("I could not finish the last one", (), ("#3",)),
        ("more like the second one", (), ()),
        ("the second would be great if it was shorter", (), ()),
        ("the second one looks lovely", (), ()),
        ("what else?", (), ()),
    ],
)
def test_a_verdict_is_of_the_item_its_clause_points_at(text, likes, dislikes):
    found = read(text)
    assert (found.likes, found.dislikes) == (likes, dislikes)


def test_verdicts_read_the_wrong_way_round_are_turned():
    found = read("hated the first, loved the second", likes=("#1",), dislikes=("#2",))
    assert (found.likes, found.dislikes) == (("#2",), ("#1",))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("saw both, anything else?", ("#all",)),
        ("I have seen all of these", ("#all",)),
        ("seen them all, dig deeper", ("#all",)),
        ("I have seen all the Bond films", ()),
    ],
)
def test_all_that_is_shown_may_have_been_seen(text, seen):
    assert read(text).seen == seen

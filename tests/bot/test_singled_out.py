"""Which item, and which range between items, a message singles out without naming it."""

from dataclasses import replace

import pytest

from bot.reading import Reading
from bot.shelves.shelf import FILMS, Shelf, films
from bot.types import Conversation, Exchange, Reply, Understood
from bot.understanding.linking import link
from retrieval.types import Constraint, Item

SHELF = Shelf()
SHOWN = Conversation("c", "films", shown=("heat", "parasite", "airplane"))


def understood(text: str, conversation: Conversation = SHOWN, **reading: object) -> Understood:
    return link(Reading.model_validate({"act": "recommend", **reading}), text, conversation, SHELF)


@pytest.mark.parametrize(
    ("text", "facet", "ends"),
    [
        ("something between those two", "year", (1980, 2019)),
        ("something between the first two in length", "runtime", (132, 170)),
        ("between the second and the third, length wise", "runtime", (88, 132)),
        ("介于这两部之间的", "year", (1980, 2019)),
    ],
)
def test_what_lies_between_items_is_a_range(text: str, facet: str, ends: tuple[int, int]):
    found = understood(text, act="compare", refers=("#all",))
    assert found.act == "recommend"
    assert found.add == (Constraint(facet, "<>", ends),)
    assert found.refers == ()


def test_those_two_are_the_ones_just_compared():
    said = Reply("", "compare", 1, understood=Understood("compare", refers=("alien", "heat")))
    talk = replace(SHOWN, history=(Exchange("alien or heat?", said),))
    found = understood("something between those two", talk)
    assert found.add == (Constraint("year", "<>", (1979, 1995)),)


@pytest.mark.parametrize(
    "text", ["what's the difference between the first two", "I can't choose between those two"]
)
def test_a_difference_between_items_is_no_range(text: str):
    assert understood(text, act="compare", refers=("#1", "#2")).act == "compare"


@pytest.mark.parametrize(
    ("text", "act", "item", "meant"),
    [
        ("who directed the older one?", "answer", "airplane", "answer"),
        ("I'll take the shorter one", "recommend", "airplane", "accept"),
        ("the newest of them", "recommend", "parasite", "answer"),
        ("how much is the longest one", "compare", "heat", "answer"),
    ],
)
def test_a_comparative_singles_out_one_of_those_shown(text: str, act: str, item: str, meant: str):
    found = understood(text, act=act)
    assert (found.act, found.refers) == (meant, (item,))


@pytest.mark.parametrize("text", ["the newest thriller", "something newer", "newer ones please"])
def test_a_comparative_that_looks_for_more_singles_out_nothing(text: str):
    assert understood(text).refers == ()


def test_the_one_with_a_fact_is_the_one_shown_that_has_it():
    add = [{"facet": "year", "op": "=", "text": "1995"}]
    found = understood("the one from 1995", add=add)
    assert (found.act, found.refers, found.add) == ("answer", ("heat",), ())


def test_a_fact_of_none_of_those_shown_is_a_wish():
    add = [{"facet": "year", "op": "=", "text": "1979"}]
    found = understood("the one from 1979", add=add)
    assert (found.act, found.refers) == ("recommend", ())


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("who directed groundhog dey?", "groundhog-day"),
        ("that groundhog movie, is it any good?", "groundhog-day"),
        ("how long is the one called sleeples in seatle", "sleepless-in-seattle"),
    ],
)
def test_half_a_title_or_a_misspelt_one_is_found_in_a_question(text: str, item: str):
    nobody = Conversation("c", "films")
    assert understood(text, nobody, act="answer", asks=("director",)).refers == (item,)


def test_a_superlative_is_no_title():
    nobody = Conversation("c", "films")
    assert understood("the longest one, and of those the newest", nobody, act="answer").refers == ()


def test_a_question_without_a_title_names_nothing():
    assert understood("who directed it?", act="answer", refers=("it",)).refers == ("heat",)


def remade() -> Shelf:
    alien = next(item for item in films() if item.id == "alien")
    new = Item("alien-2030", "Alien", "", {**alien.facts, "year": 2030})
    return Shelf(FILMS, (*films(), new))


@pytest.mark.parametrize(
    ("text", "focus", "item"),
    [
        ("and the original, when was it released?", "alien-2030", "alien"),
        ("the newer one", "alien", "alien-2030"),
        ("what about the other one?", "alien", "alien-2030"),
    ],
)
def test_the_original_is_the_older_work_of_the_name_last_spoken_of(text, focus, item):
    asked = Reply("", "answer", 1, understood=Understood("answer", asks=("director",)))
    talk = Conversation("c", "films", focus=focus, history=(Exchange("who made it?", asked),))
    found = link(Reading(act="recommend"), text, talk, remade())
    assert (found.act, found.refers, found.asks) == ("answer", (item,), ("director",))


def test_the_original_of_a_film_without_namesakes_is_left_to_the_reading():
    talk = replace(SHOWN, focus="heat")
    assert understood("the original", talk).refers == ()

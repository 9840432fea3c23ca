"""Things that only titles name are found in a message that its reading passed over."""

import pytest

from bot.reading import Reading
from bot.shelves.shelf import Shelf
from bot.turn import understand
from bot.types import Conversation, Wishes
from bot.understanding.linking import link
from bot.understanding.values_named import turned
from retrieval.titles import head_of
from retrieval.types import Constraint, Facet, Item, Schema

JOBS = Shelf(
    Schema("jobs", (Facet("city", "category", values=("Munich", "Leeds")),), "job", "jobs"),
    [
        Item("1", "Accountant", "", {"city": "Munich"}),
        Item("2", "Lead Accountant (m/f)", "", {"city": "Leeds"}),
        Item("3", "Registered Nurse – Leeds", "", {"city": "Leeds"}),
        Item("4", "Forklift Driver", "", {"city": "Munich"}),
    ],
)
TALK = Conversation("c", "jobs")


def wishes(text, **reading):
    return link(Reading.model_validate({"act": "recommend", **reading}), text, TALK, JOBS).wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("accountant in munich", ("accountant",)),
        ("is there any nurse work?", ("nurse",)),
        ("show me a good driver job", ("driver",)),
        ("no nurse jobs please", ()),
        ("my accountant is in munich", ()),
        ("something in munich", ()),
    ],
)
def test_a_thing_that_titles_are_about_is_looked_for(text, wish):
    assert wishes(text) == wish


def test_a_word_of_several_titles_is_no_title_though_one_item_is_called_just_that():
    found = link(Reading(act="recommend", refers=("accountant",)), "accountant", TALK, JOBS)
    assert (found.refers, found.wish) == ((), ("accountant",))


def test_what_was_read_as_a_wish_is_not_looked_for_again():
    assert wishes("a nurse in leeds", wish=("nurse",)) == ("nurse",)


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Registered Nurse – Leeds", "nurse"),
        ("Lead Accountant (m/f)", "accountant"),
        ("Cotton Curtains, pack of 2", "curtain"),
        ("2001", ""),
    ],
)
def test_the_head_of_a_title_is_the_noun_of_its_first_part(title, head):
    assert head_of(title) == head


class Reader:
    """An LLM that takes down what it was given to read."""

    name = "reader"

    def read(self, situations):
        self.given = situations[0]
        return (Reading(act="recommend"),)


def test_what_follows_a_new_start_is_read_without_what_stood_before():
    held = Wishes(constraints=(Constraint("city", "=", ("Leeds",)),))
    talk = Conversation("c", "jobs", wishes=held, shown=("3",))
    reader = Reader()
    found = understand(talk, "haha ok. start over. accountant in munich", reader, JOBS)
    assert (found.act, found.wish) == ("reset", ("accountant",))
    assert (reader.given.text, reader.given.state, reader.given.shown) == (
        "accountant in munich",
        (),
        (),
    )
    understand(talk, "start over, please", reader, JOBS)
    assert reader.given.text == "start over, please"


@pytest.mark.parametrize(
    ("op", "words", "meant"),
    [
        ("=", "safe for pets", "!="),
        ("=", "non-toxic", "!="),
        ("!=", "poisonous for pets", "!="),
        ("!=", "safe for cats", "="),
    ],
)
def test_what_is_safe_is_without_the_danger_that_a_catalogue_tells(op, words, meant):
    assert turned(op, words, ("toxic to pets",)) == meant
    assert turned(op, words, ("evergreen",)) == op

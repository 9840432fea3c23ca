"""The bot's own words: complete in both languages, varied, and the same in a replay."""

import string

import pytest

from bot.shelves.shelf import FILMS, films
from bot.voice.phrasing import LANGUAGES, Seed, phrases
from retrieval.schema import with_values
from retrieval.types import Constraint, Facet, Schema
from retrieval.values import count_values

SCHEMA = with_values(FILMS, count_values(FILMS, films()))


def fields(line):
    return {name.lower() for _, name, _, _ in string.Formatter().parse(line) if name}


def test_every_language_has_every_line_and_asks_for_nothing_more():
    english = phrases("en").tables
    nouns = {"item", "items", "noun", "suggestions"}
    for language in LANGUAGES:
        tables = phrases(language).tables
        assert set(tables) == set(english)
        for section in ("lines", "reason"):
            assert set(tables[section]) == set(english[section])
            for key, lines in tables[section].items():
                asked = set().union(*(fields(line) for line in english[section][key]))
                assert all(fields(line) <= asked | nouns for line in lines), key
        assert set(tables["wish"]) == set(english["wish"])


def test_a_language_that_is_not_spoken_is_answered_in_english():
    assert phrases("tlh").language == "en"


def test_the_same_turn_is_worded_the_same_and_the_next_one_otherwise():
    speak = phrases("en")
    said = [speak.say("thanks", Seed("abc", turn), items="films") for turn in range(3)]
    assert said == [speak.say("thanks", Seed("abc", turn), items="films") for turn in range(3)]
    assert len(set(said)) == 3


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (Constraint("genres", "=", ("comedy",)), "comedy"),
        (Constraint("genres", "=", ("comedy", "drama")), "comedy or drama"),
        (Constraint("genres", "!=", ("horror",)), "no horror"),
        (Constraint("runtime", "<=", 120.0), "at most 120 minutes"),
        (Constraint("runtime", "~", 90.0), "around 90 minutes"),
        (Constraint("runtime", "<>", (90.0, 120.0)), "90 to 120 minutes"),
        (Constraint("year", "<>", (1990.0, 1999.0)), "1990 to 1999"),
        (Constraint("year", ">=", 2016.0), "2016 or later"),
        (Constraint("year", "=", 1994.0), "from 1994"),
        (Constraint("director", "=", ("Nora Ephron",)), "directed by Nora Ephron"),
        (Constraint("cast", "=", ("Tom Hanks",)), "with Tom Hanks"),
        (Constraint("cast", "!=", ("Tom Hanks",)), "without Tom Hanks"),
    ],
)
def test_wishes_are_said_as_people_say_them(constraint, words):
    assert phrases("en").constraint(constraint, SCHEMA) == words


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (Constraint("genres", "=", ("comedy", "drama")), "喜剧或剧情"),
        (Constraint("genres", "!=", ("horror",)), "不要恐怖"),
        (Constraint("runtime", "<=", 120.0), "片长不超过120分钟"),
        (Constraint("year", "<>", (1990.0, 1999.0)), "1990到1999年"),
    ],
)
def test_wishes_are_said_in_chinese(constraint, words):
    assert phrases("zh").constraint(constraint, SCHEMA) == words


def test_a_bound_in_grams_is_said_in_kilograms_to_the_gram():
    shop = Schema("shop", (Facet("weight_g", "number", "g"),))
    wish = Constraint("weight_g", "<=", 1249.0)
    assert phrases("en").constraint(wish, shop) == "at most 1.249 kg"


def test_numbers_carry_their_units_and_items_their_noun():
    speak = phrases("en")
    price = Facet("price", "number", "USD")
    assert speak.value(price, 1299) == "$1,299"
    assert speak.value(price, None) == ""
    assert speak.facet(Facet("ram_gb", "number", "GB")) == "memory"
    assert speak.facet(Facet("battery_mah", "number", "mAh")) == "battery"
    assert speak.some(1, SCHEMA) == "one film"
    assert speak.some(3, SCHEMA) == "three films"
    assert speak.some(12, SCHEMA) == "12 films"
    assert phrases("zh").some(2, SCHEMA) == "两部电影"
    assert phrases("zh").some(2, Schema("x", ())) == "两个"


def test_braces_in_a_catalogues_words_are_only_words():
    assert phrases("en").say("about", Seed("s", 0), title="{x}", text="{0}") in (
        "{x}: {0}",
        "In a nutshell, {x}: {0}",
    )


def test_a_theme_is_said_in_chinese_where_it_was_asked_for_in_chinese():
    assert phrases("zh").one_value("space") == "太空"
    assert phrases("zh").one_value("Tom Hanks") == "Tom Hanks"
    assert phrases("en").one_value("space") == "space"

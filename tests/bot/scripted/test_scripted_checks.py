"""Expectations held against turns: items, meaning, text, latency."""

import pytest
from scripted_turns import moment, recommended

from bot.scripted.checks import failures
from bot.scripted.facet_tests import Before, failing
from bot.scripted.form import Expect, FacetTest
from bot.scripted.moment import Held
from bot.scripted.numbers_mentioned import mentions_number
from bot.scripted.reply_checks import sentences
from retrieval.types import Constraint

COMEDIES = ("groundhog-day", "sleepless-in-seattle")  # 101 and 105 minutes, both 1993
LONGER = ("you-ve-got-mail", "forrest-gump")  # 119 and 142 minutes, 1998 and 1994


def missed(expect, turn):
    """Return where a turn does not meet an expectation; claims aside."""
    return [f.where for f in failures(Expect.model_validate(expect), turn)]


def holds(expect, turn):
    return not missed(expect, turn)


@pytest.mark.parametrize(
    ("test", "fact", "met"),
    [
        ({"has": "Comedy"}, ("comedy", "drama"), True),
        ({"has": ["comedy", "war"]}, ("comedy", "drama"), False),
        ({"has_any": ["war", "drama"]}, ("comedy", "drama"), True),
        ({"has_not": "war"}, ("comedy",), True),
        ({"has_not": ["war", "comedy"]}, ("comedy",), False),
        ({"has": "laptop"}, "laptop", True),
        ({"is": "comedy"}, ("comedy", "drama"), False),
        ({"is": ["drama", "comedy"]}, ("comedy", "drama"), True),
        ({"is": 1990}, 1990, True),
        ({"between": [1990, 1999]}, 1999, True),
        ({"between": [1990, 1999]}, 2000, False),
        ({"at_most": 120}, 120, True),
        ({"at_least": 120}, 119.5, False),
        ({"at_least": 1, "at_most": 3}, 4, False),
        ({"less_than": 100}, 100, False),
        ({"less_than": "previous"}, 119, True),
        ({"less_than": "previous"}, 120, False),
        ({"more_than": "previous"}, 101, True),
        ({"more_than": "previous"}, 100, False),
        ({"known": True}, None, False),
        ({"known": False}, None, True),
        ({"at_most": 120}, None, False),
        ({"has": "comedy"}, None, False),
        ({"has_not": "comedy"}, None, True),
    ],
)
def test_a_fact_meets_a_test_or_not(test, fact, met):
    assert (not failing(FacetTest.model_validate(test), fact, Before(100, 120))) == met


def test_without_items_before_nothing_is_less_or_more_than_before():
    (said,) = failing(FacetTest.model_validate({"less_than": "previous"}), 5, Before())
    assert "no item with a known value was shown" in said


def test_the_act_is_one_of_those_accepted():
    assert holds({"act": "recommend"}, moment(*COMEDIES))
    assert holds({"act": ["clarify", "recommend"]}, moment(*COMEDIES))
    assert missed({"act": "clarify"}, moment(*COMEDIES)) == ["act"]


def test_items_are_counted():
    for count in ({"min": 2}, {"max": 2}, {"is": 2}, {"min": 1, "max": 3}):
        assert holds({"items": {"count": count}}, moment(*COMEDIES))
    for count in ({"min": 3}, {"max": 1}, {"is": 3}, {"is": 0}, {"max": 0}):
        assert missed({"items": {"count": count}}, moment(*COMEDIES)) == ["items.count"]


def test_every_some_none_and_first_look_at_the_facts():
    turn = moment("heat", *COMEDIES)
    comedy, crime = {"genres": {"has": "comedy"}}, {"genres": {"has": "crime"}}
    assert holds({"items": {"some": comedy, "first": crime}}, turn)
    assert missed({"items": {"every": comedy}}, turn) == ["items.every.genres"]
    assert missed({"items": {"first": comedy}}, turn) == ["items.first.genres"]
    assert missed({"items": {"none": crime}}, turn) == ["items.none.genres"]
    assert holds({"items": {"none": {"genres": {"has": "war"}}}}, turn)
    both = {"genres": {"has": "crime"}, "year": {"is": 1993}}
    assert missed({"items": {"some": both}}, turn) == ["items.some"]
    assert (
        missed({"items": {"none": both}}, turn) == ["items.none.genres"] + ["items.none.year"] * 2
    )


def test_where_no_items_came_only_what_must_not_be_there_holds():
    turn = moment()
    comedy = {"genres": {"has": "comedy"}}
    for name in ("every", "some", "first"):
        assert missed({"items": {name: comedy}}, turn) == [f"items.{name}"]
    assert missed({"items": {"max": {"year": {"at_most": 1}}}}, turn) == ["items.max.year"]
    assert missed({"items": {"titles": {"include": ["Heat"]}}}, turn) == ["items.titles.include"]
    assert holds({"items": {"none": comedy, "none_of": "shown", "count": {"is": 0}}}, turn)
    assert holds({"items": {"titles": {"exclude": ["Heat"]}}}, turn)


def test_shorter_is_measured_against_what_was_shown_before():
    shorter = {"items": {"max": {"runtime": {"less_than": "previous"}}, "none_of": "shown"}}
    assert holds(shorter, moment(*COMEDIES, before=LONGER))
    assert missed(shorter, moment(*LONGER, before=COMEDIES)) == ["items.max.runtime"]
    assert "items.none_of" in missed(shorter, moment("forrest-gump", before=LONGER))
    newer = {"items": {"min": {"year": {"more_than": "previous"}}}}
    assert holds(newer, moment(*LONGER, before=COMEDIES))
    assert missed(newer, moment(*LONGER, before=LONGER)) == ["items.min.year"]


def test_titles_are_found_without_case_and_marks():
    turn = moment("you-ve-got-mail", "airplane")
    assert holds({"items": {"titles": {"include": ["youve got mail", "Airplane"]}}}, turn)
    assert missed({"items": {"titles": {"exclude": ["airplane!"]}}}, turn) == [
        "items.titles.exclude"
    ]


def test_a_wish_is_understood_by_this_turn_or_before_it():
    include = {"include": [["genres", "=", "comedy"], ["year", "<>", [1990, 1999]]]}
    expect = {"understood": {"constraints": {**include, "facets": ["genres", "year"]}}}
    genres, years = ("genres", "=", ("comedy",)), ("year", "<>", (1990, 1999))
    assert holds(expect, moment(add=(genres, years)))
    held = Held((Constraint(*years),))
    assert holds(expect, moment(add=(genres,), held=held))
    two = Held((Constraint("year", ">=", 1990.0), Constraint("year", "<=", 1999)))
    assert holds(expect, moment(add=(genres,), held=two))
    assert missed(expect, moment(add=(genres,))) == [
        "understood.constraints.include",
        "understood.constraints.facets",
    ]


def test_values_operators_and_numbers_must_be_those_expected():
    turn = moment(
        add=(
            ("genres", "=", ("comedy", "drama")),
            ("genres", "!=", ("horror",)),
            ("runtime", "<=", 120),
        )
    )

    def included(*wanted):
        return holds({"understood": {"constraints": {"include": [list(wanted)]}}}, turn)

    assert included("genres", "=", "Drama") and included("genres", "!=", "horror")
    assert included("genres", "=", ["drama", "comedy"]) and included("runtime", "<=", 120)
    assert not included("genres", "=", "horror") and not included("genres", "!=", "comedy")
    assert not included("runtime", "<=", 121) and not included("runtime", ">=", 120)
    assert not included("runtime", "=", 120) and not included("runtime", "<>", [0, 120])
    absent = {"exclude": [["genres", "=", "drama"]], "without": ["runtime"]}
    assert len(missed({"understood": {"constraints": absent}}, turn)) == 2


def test_tastes_are_named_by_title(stock):
    turn = moment(likes=("heat",), held=Held(dislikes=("alien",)), stock=stock)
    meant = {"likes": {"include": ["Heat"]}, "dislikes": {"include": ["alien"]}}
    assert holds({"understood": meant, "grounded": False}, turn)
    wrong = {"likes": {"exclude": ["Heat"]}, "seen": {"include": ["Alien"]}}
    assert missed({"understood": wrong, "grounded": False}, turn) == [
        "understood.likes.exclude",
        "understood.seen.include",
    ]


def test_a_theme_that_was_linked_is_still_a_wish(stock):
    free = moment(wish=("a heist",))
    linked = moment(add=(("keywords", "=", ("heist",)),), stock=stock)
    for turn in (free, linked):
        assert holds({"understood": {"wish": {"mentions": "Heist"}}}, turn)
        assert missed({"understood": {"wish": {"mentions": "space"}}}, turn) == ["understood.wish"]


def test_facts_are_mentioned_in_the_ways_people_say_them(stock):
    def says(reference, text, **given):
        turn = moment(act="answer", said=text, before=("heat", "parasite"), stock=stock, **given)
        return holds({"reply": {"mentions": reference}, "grounded": False}, turn)

    assert says("items[0].director", "It is by michael mann.")
    assert says("shown[1].director", "Bong Joon-ho made it.")
    assert not says("shown[1].director", "Michael Mann made it.")
    assert says("items[0].runtime", "Nearly three hours: 2 hours and 50 minutes.")
    assert says("items[0].runtime", "170 minutes") and not says("items[0].runtime", "1170 minutes")
    assert says("items[0].cast", "with Robert De Niro") and says("items[0].title", "“Heat”")
    assert says("shown[1].country", "It is Korean.") and says("shown[1].genres", "一部喜剧")
    assert not says("items[7].director", "Michael Mann")


def test_items_are_this_turns_and_shown_are_those_before(stock):
    turn = moment("alien", said="Alien", before=("heat",), stock=stock)
    assert holds({"reply": {"mentions": "items[0].title", "not": "shown[0].title"}}, turn)


@pytest.mark.parametrize(
    ("expect", "text", "met"),
    [
        ({"mentions": ["comedy", "ninet"]}, "A Comedy of the nineties.", True),
        ({"mentions": "medy"}, "A comedy.", False),
        ({"mentions": "1,299"}, "It is $1299.", True),
        ({"mentions": "129"}, "It is $1,299.", False),
        ({"mentions_any": ["a", "laptop"]}, "Two laptops.", True),
        ({"mentions_any": ["camera", "phone"]}, "Two laptops.", False),
        ({"not": "war"}, "A warm one.", True),
        ({"not": ["warm", "cold"]}, "A warm one.", False),
        ({"mentions": "电影"}, "三部电影。", True),
        ({"matches": "tw?o"}, "TWO of them", True),
        ({"matches": "^of"}, "two of them", False),
        ({"question": True}, "What would you like?", True),
        ({"question": False}, "你想看什么？", False),
        ({"max_sentences": 1}, "One. Two.", False),
        ({"language": "zh"}, "给你三部电影。", True),
        ({"language": "en"}, "给你三部电影。", False),
    ],
)
def test_a_text_is_as_expected_or_not(expect, text, met):
    assert holds({"reply": expect}, moment(said=text)) == met


def test_marks_within_titles_are_not_those_of_the_reply():
    turn = moment("airplane", said="Airplane! is funny.")
    assert holds({"reply": {"max_sentences": 1, "question": False}}, turn)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("One.", 1),
        ("One. Two! Three?", 3),
        ("Two of them:\n1. Heat (1995): Tense.\n2. Alien (1979): A classic", 3),
        ("By J. R. R. Tolkien and Mr. Smith, 2.5 hours.", 1),
        ("“Really?” he said…", 2),
        ("一。二！三？", 3),
        ("", 0),
    ],
)
def test_sentences_are_counted(text, n):
    assert sentences(text) == n


@pytest.mark.parametrize(
    ("text", "number", "unit", "met"),
    [
        ("It runs 1 hour 29 minutes.", 89, "minutes", True),
        ("1h 29min", 89, "minutes", True),
        ("片长1小时29分钟", 89, "minutes", True),
        ("two hours", 120, "minutes", True),
        ("two hours", 121, "minutes", False),
        ("$1,299", 1299, "USD", True),
        ("1.4 kg", 1390, "g", True),
        ("1 TB", 1024, "GB", True),
        ("from 1989", 89, "minutes", False),
    ],
)
def test_a_number_is_stated_in_any_unit(text, number, unit, met):
    assert mentions_number(text, number, unit) == met


def test_a_turn_may_be_too_slow():
    assert holds({"latency": {"max_ms": 5}}, moment())
    assert missed({"latency": {"max_ms": 4.9}}, moment()) == ["latency"]


def test_a_failure_says_what_was_expected_and_what_came():
    turn = moment("heat")
    (found,) = failures(
        Expect.model_validate({"items": {"every": {"year": {"at_most": 1990}}}}), turn
    )
    assert str(found) == "items.every.year: expected at most 1990, got 1995 (Heat)"
    assert recommended("heat").title == "Heat"

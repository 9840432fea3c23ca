"""Linking: what a reading means in terms of a catalogue."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory.removals import ALIKE, AVOIDED, EVERYTHING, FREE_WORDS
from bot.reading import Reading
from bot.shelves.shelf import FILMS, Shelf, films
from bot.types import Conversation, Exchange, Relative, Removal, Reply, Understood, Wishes
from bot.understanding.glossary import in_english
from bot.understanding.linking import link
from retrieval.types import Constraint, Facet, Item, Schema

SHELF = Shelf()
NOBODY = Conversation("c", "films")
SHOWN = replace(NOBODY, shown=("heat", "parasite", "airplane"), ever_shown=("heat", "parasite"))


def understood(text: str, conversation: Conversation = NOBODY, **reading: object) -> Understood:
    """Link a reading of a message against the twelve films."""
    return link(Reading.model_validate({"act": "recommend", **reading}), text, conversation, SHELF)


def add(*constraints: tuple[str, str, str]) -> list[dict[str, str]]:
    """Return constraints as a reading has them."""
    return [{"facet": f, "op": o, "text": t} for f, o, t in constraints]


def test_values_become_those_of_the_catalogue():
    found = understood(
        "a funny Korean film by bong joon ho",
        add=add(
            ("genres", "=", "funny"), ("country", "=", "Korean"), ("director", "=", "bong joon ho")
        ),
    )
    assert found.add == (
        Constraint("genres", "=", ("comedy",)),
        Constraint("country", "=", ("South Korea",)),
        Constraint("director", "=", ("Bong Joon-ho",)),
    )
    assert found.unlinked == ()


def test_a_synonym_of_two_values_asks_for_both():
    found = understood("a romcom", add=add(("genres", "=", "romcom")))
    assert found.add == (
        Constraint("genres", "=", ("romance",)),
        Constraint("genres", "=", ("comedy",)),
    )


def test_a_synonym_of_two_values_excludes_the_rarer_one():
    found = understood("no romcoms", add=add(("genres", "!=", "romcoms")))
    assert found.add == (Constraint("genres", "!=", ("romance",)),)


@pytest.mark.parametrize(
    "text",
    [
        "comedies or thrillers",
        "a comedy/thriller",
        "either comedies or, failing that, thrillers",
        "comedies and thrillers",
    ],
)
def test_alternatives_share_one_constraint(text: str):
    first = "comedies" if "comedies" in text else "comedy"
    second = "thrillers" if "thrillers" in text else "thriller"
    found = understood(text, add=add(("genres", "=", first), ("genres", "=", second)))
    assert found.add == (Constraint("genres", "=", ("comedy", "thriller")),)


def test_the_last_word_of_a_list_speaks_for_its_commas():
    found = understood(
        "horror, crime or fantasy",
        add=add(("genres", "=", "horror"), ("genres", "=", "crime"), ("genres", "=", "fantasy")),
    )
    assert found.add == (Constraint("genres", "=", ("horror", "crime", "fantasy")),)


def test_values_that_belong_together_must_all_hold():
    found = understood(
        "a romantic comedy with Tom Hanks and Meg Ryan",
        add=add(
            ("genres", "=", "romantic"),
            ("genres", "=", "comedy"),
            ("cast", "=", "Tom Hanks"),
            ("cast", "=", "Meg Ryan"),
        ),
    )
    assert [c.value for c in found.add] == [
        ("romance",),
        ("comedy",),
        ("Tom Hanks",),
        ("Meg Ryan",),
    ]


def test_values_that_nothing_holds_together_are_alternatives():
    found = understood(
        "something by Ridley Scott and Michael Mann",
        add=add(("director", "=", "Ridley Scott"), ("director", "=", "Michael Mann")),
    )
    assert found.add == (Constraint("director", "=", ("Ridley Scott", "Michael Mann")),)


def test_a_message_that_begins_with_or_goes_on_from_what_is_held():
    held = replace(NOBODY, wishes=Wishes((Constraint("genres", "=", ("comedy",)),)))
    found = understood("or a thriller", held, add=add(("genres", "=", "thriller")))
    assert found.add == (Constraint("genres", "=", ("comedy", "thriller")),)


def test_each_unwanted_value_has_a_constraint_of_its_own():
    found = understood(
        "no horror or war", add=add(("genres", "!=", "horror"), ("genres", "!=", "crime"))
    )
    assert found.add == (
        Constraint("genres", "!=", ("horror",)),
        Constraint("genres", "!=", ("crime",)),
    )


def test_a_person_is_found_in_the_role_they_have():
    found = understood("with ridley scott", add=add(("cast", "=", "ridley scott")))
    assert found.add == (Constraint("director", "=", ("Ridley Scott",)),)


def test_a_value_of_another_facet_finds_its_place():
    found = understood("a Korean movie", add=add(("genres", "=", "Korean")))
    assert found.add == (Constraint("country", "=", ("South Korea",)),)


def test_numbers_take_the_words_around_them_into_account():
    found = understood(
        "after 2005, under two hours",
        add=add(("year", ">=", "2005"), ("runtime", "<=", "two hours")),
    )
    assert found.add == (Constraint("year", ">=", 2006), Constraint("runtime", "<=", 120, True))


def test_two_decades_become_the_range_that_holds_them():
    found = understood("from the 80s or 90s", add=add(("year", "<>", "80s"), ("year", "<>", "90s")))
    assert found.add == (Constraint("year", "<>", (1980, 1999)),)


def test_a_range_that_is_not_wanted_becomes_its_years():
    found = understood("nothing from the 90s", add=add(("year", "!=", "90s")))
    assert [c.value for c in found.add] == list(range(1990, 2000))
    assert {c.op for c in found.add} == {"!="}


def test_a_title_in_place_of_a_number_lends_its_own():
    found = understood("newer than Blade Runner", add=add(("year", ">=", "Blade Runner")))
    assert found.add == (Constraint("year", ">=", 1983),)


def test_a_measure_that_nothing_has_exactly_means_about_that_much():
    drive = Schema("drives", (Facet("storage_gb", "number", unit="GB"),))
    shelf = Shelf(drive, [Item("a", "A", "", {"storage_gb": 1024}), Item("b", "B", "", {})])
    reading = Reading.model_validate({"act": "recommend", "add": add(("storage_gb", "=", "1 TB"))})
    assert link(reading, "with 1 TB", NOBODY, shelf).add == (
        Constraint("storage_gb", "<>", (950, 1050)),
    )


def test_the_twenties_are_this_century_where_nothing_is_older():
    shelf = Shelf(
        Schema("phones", (Facet("year", "number", unit="year"),)),
        [Item("a", "A", "", {"year": 2015}), Item("b", "B", "", {"year": 2021})],
    )
    reading = Reading.model_validate({"act": "recommend", "add": add(("year", "<>", "20s"))})
    assert link(reading, "one from the 20s", NOBODY, shelf).add == (
        Constraint("year", "<>", (2020, 2029)),
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("#2", ("parasite",)),
        ("#all", ("heat", "parasite", "airplane")),
        ("#7", ()),
        ("the second one", ("parasite",)),
        ("the last one", ("airplane",)),
        ("第一部", ("heat",)),
        ("最后一部", ("airplane",)),
        ("those", ("heat", "parasite", "airplane")),
        ("it", ("heat",)),
        ("blade runner", ("blade-runner",)),
        ("Parasit", ("parasite",)),
        ("异形", ("alien",)),
        (
            "lord of the rings",
            (
                "the-lord-of-the-rings-the-two-towers",
                "the-lord-of-the-rings-the-return-of-the-king",
            ),
        ),
    ],
)
def test_references_become_ids(words: str, expected: tuple[str, ...]):
    assert understood(f"I liked {words}", SHOWN, likes=[words]).likes == expected


def test_it_means_the_item_last_spoken_of():
    assert understood("more like it", replace(SHOWN, focus="parasite"), similar=["it"]).similar == (
        "parasite",
    )


def test_an_unknown_title_is_told_and_still_counts_in_the_search():
    found = understood("like Zorglub and no Quux", similar=["Zorglub"], dislikes=["Quux"])
    assert found.similar == found.dislikes == ()
    assert found.unlinked == ("Quux", "Zorglub")
    assert found.wish == ("Zorglub",)


def test_values_that_are_not_in_the_catalogue_are_told_and_searched_for():
    found = understood(
        "steampunk, no splatter",
        add=add(("genres", "=", "steampunk"), ("genres", "!=", "splatter")),
    )
    assert found.add == ()
    assert found.unlinked == ("steampunk", "splatter")
    assert (found.wish, found.avoid) == (("steampunk",), ("splatter",))


def test_a_facet_that_the_catalogue_lacks_becomes_free_words():
    found = understood("a red one", add=add(("colour", "=", "red")))
    assert (found.add, found.unlinked, found.wish) == ((), ("red",), ("red",))


def test_that_directors_films_are_those_of_the_item_meant():
    found = understood("that director's other films", SHOWN, add=add(("director", "=", "#2")))
    assert found.add == (Constraint("director", "=", ("Bong Joon-ho",)),)


def test_him_is_the_one_that_the_last_answer_named():
    answer = Reply("It stars Robert De Niro.", "answer", 1)
    talk = replace(SHOWN, focus="heat", history=(Exchange("who is in it?", answer),))
    found = understood("more with him", talk, add=add(("cast", "=", "him")))
    assert found.add == (Constraint("cast", "=", ("Robert De Niro",)),)


def test_him_is_the_one_that_was_asked_for_when_no_one_else_was_named():
    held = Wishes((Constraint("cast", "=", ("Tom Hanks",)),))
    found = understood("not with him", replace(SHOWN, wishes=held), add=add(("cast", "!=", "him")))
    assert found.add == (Constraint("cast", "!=", ("Tom Hanks",)),)


def test_themes_that_are_tags_become_constraints_and_stay_in_the_wish():
    found = understood("a heist, no spoof", wish=["heist"], avoid=["spoof"])
    assert found.add == (
        Constraint("keywords", "=", ("heist",)),
        Constraint("keywords", "!=", ("spoof",)),
    )
    assert (found.wish, found.avoid) == (("heist",), ("spoof",))


def test_themes_that_are_values_become_constraints_only():
    found = understood("scary, not romantic", wish=["scary"], avoid=["romantic"])
    assert found.add == (
        Constraint("genres", "=", ("horror",)),
        Constraint("genres", "!=", ("romance",)),
    )
    assert (found.wish, found.avoid) == ((), ())


def test_relatives_know_their_anchor_and_factor():
    found = understood(
        "half as long as the second",
        SHOWN,
        relative=[
            {"facet": "runtime", "direction": "less", "text": "half as long", "anchor": "#2"}
        ],
    )
    assert found.relative == (Relative("runtime", "less", "parasite", 0.5),)


def test_a_comparison_of_no_number_becomes_a_theme():
    found = understood(
        "funnier",
        relative=[{"facet": "genres", "direction": "more", "text": "funnier", "anchor": None}],
    )
    assert (found.relative, found.wish) == ((), ("funnier",))


def test_removals_name_values_as_the_catalogue_does():
    held = replace(NOBODY, wishes=Wishes((Constraint("genres", "=", ("comedy",)),)))
    found = understood(
        "not funny after all, any year", held, remove=[{"facet": "genres", "value": "funny"}]
    )
    assert found.remove == (Removal("genres", "comedy"),)


def test_another_topic_takes_back_every_wish():
    held = Wishes(constraints=(Constraint("genres", "=", ("comedy",)),), wish=("gentle",))
    found = understood("different topic, a film from korea", replace(SHOWN, wishes=held))
    assert {r.facet for r in found.remove} == {"genres", FREE_WORDS, AVOIDED, ALIKE}


def test_instead_replaces_the_wish_of_the_same_facet():
    held = replace(
        NOBODY,
        wishes=Wishes((Constraint("genres", "=", ("comedy",)),), wish=("about dogs",)),
    )
    found = understood(
        "a thriller about space instead", held, add=add(("genres", "=", "thriller")), wish=["space"]
    )
    assert found.remove == (Removal("genres"), Removal(FREE_WORDS))


def test_forgetting_everything_is_more_than_a_new_start():
    assert understood("start over", act="reset").remove == ()
    assert understood("forget everything about me", act="reset").remove == (Removal(EVERYTHING),)


def test_a_count_and_what_is_asked_are_kept():
    found = understood("a couple of films", count="a couple", asks=["runtime", "text", "colour"])
    assert (found.count, found.asks) == (2, ("runtime", "text"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a comedy please", "en"),
        ("推荐一部喜剧", "zh"),
        ("推荐几部像 Blade Runner 一样的电影", "zh"),
        ("something like 卧虎藏龙 for two people", "en"),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: str):
    assert understood(text).language == language


def test_a_number_alone_keeps_the_language_of_the_talk():
    last = Reply("好的", "recommend", 1, understood=Understood("recommend", language="zh"))
    talk = replace(NOBODY, history=(Exchange("喜剧", last),))
    assert understood("90", talk).language == "zh"


def test_chinese_words_name_the_same_values():
    found = understood(
        "推荐一部两个小时以内的韩国恐怖片, 要治愈的",
        add=add(("runtime", "<=", "两个小时"), ("country", "=", "韩国"), ("genres", "=", "恐怖片")),
        wish=["治愈"],
        count="一部",
    )
    assert set(found.add) == {
        Constraint("runtime", "<=", 120),
        Constraint("country", "=", ("South Korea",)),
        Constraint("genres", "=", ("horror",)),
        Constraint("keywords", "=", ("feel-good",)),
    }
    assert (found.wish, found.count, found.unlinked) == (("feel-good",), 1, ())


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("关于太空的电影", "space"),
        ("时间旅行", "time travel"),
        ("太空冒险", "space adventure"),
        ("《盗梦空间》", "Inception"),
        ("comedy", None),
        ("量子色动力学", None),
    ],
)
def test_the_glossary_knows_phrases_of_known_words(chinese: str, english: str | None):
    assert in_english(chinese) == english


WORDS = st.sampled_from(
    [
        "comedy",
        "Tom Hanks",
        "him",
        "#1",
        "#9",
        "the 90s",
        "Alien",
        "zzz",
        "2 hours",
        "韩国",
        "",
        "or",
    ]
)
FACETS = st.sampled_from([*(f.name for f in FILMS.facets), "colour", "act"])


@given(
    adds=st.lists(
        st.tuples(FACETS, st.sampled_from(["=", "!=", "<=", "<>", "~"]), WORDS), max_size=4
    ),
    words=st.lists(WORDS, max_size=3),
    shown=st.lists(st.sampled_from([f.id for f in films()]), max_size=3, unique=True),
)
def test_any_reading_links_to_what_the_catalogue_can_search_for(
    adds: list[tuple[str, str, str]], words: list[str], shown: list[str]
):
    from retrieval.constraints import check

    talk = replace(NOBODY, shown=tuple(shown))
    text = " or ".join([t for _, _, t in adds] + words)
    found = understood(
        text, talk, add=add(*adds), wish=words, avoid=words, likes=words, similar=words, seen=words
    )
    known = {f.id for f in films()}
    for constraint in found.add:
        check(constraint, SHELF.schema)
    assert {*found.likes, *found.similar, *found.seen} <= known


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("the korean one", "parasite"),
        ("the al pacino one", "heat"),
        ("the michael mann", "heat"),
        ("airplane", "airplane"),
        ("the zucker", "airplane"),
    ],
)
def test_an_item_shown_is_found_by_what_it_is(words: str, item: str):
    assert understood(words, SHOWN, refers=[words]).refers == (item,)


def test_words_that_describe_several_items_shown_describe_none_of_them():
    assert understood("the thriller", SHOWN, refers=["the thriller"]).refers == ()


def test_another_director_is_none_of_those_named():
    found = understood("like Heat but from another director", similar=["Heat"])
    assert found.add == (Constraint("director", "!=", ("Michael Mann",)),)
    shown = replace(SHOWN, focus="parasite")
    assert understood("a different country", shown).add == (
        Constraint("country", "!=", ("South Korea",)),
    )


def test_what_is_no_facet_has_no_others():
    assert understood("another film", replace(SHOWN, focus="heat")).add == ()


def test_it_is_the_one_last_spoken_of_though_all_were_read():
    talk = replace(SHOWN, focus="heat")
    assert understood("is it long?", talk, refers=["#all"]).refers == ()
    assert understood("which of them is long?", talk, refers=["#all"]).refers == SHOWN.shown
    assert understood("is it long?", SHOWN, refers=["#all"]).refers == SHOWN.shown


def test_a_value_is_not_wanted_and_unwanted_at_once():
    found = understood(
        "a comedy, nothing funny", add=add(("genres", "=", "comedy"), ("genres", "!=", "funny"))
    )
    assert found.add == (Constraint("genres", "=", ("comedy",)),)


@pytest.mark.parametrize(
    ("text", "reading", "constraint"),
    [
        (
            "anything from the director of Parasite?",
            {"add": add(("director", "=", "Parasite"))},
            Constraint("director", "=", ("Bong Joon-ho",)),
        ),
        (
            "more by whoever made parasite",
            {"similar": ("parasite",)},
            Constraint("director", "=", ("Bong Joon-ho",)),
        ),
        (
            "something with the lead actress from parasite",
            {"similar": ("parasite",)},
            Constraint("cast", "=", ("Song Kang-ho",)),
        ),
        (
            "the parasite director's other films",
            {"wish": ("parasite director",)},
            Constraint("director", "=", ("Bong Joon-ho",)),
        ),
    ],
)
def test_people_may_be_named_by_their_works(text, reading, constraint):
    found = understood(text, **reading)
    assert found.add == (constraint,)
    assert found.similar == found.wish == found.unlinked == ()


def test_a_work_by_itself_stays_a_work():
    found = understood("something like Parasite, from the same director", similar=("Parasite",))
    assert found.similar and found.add == ()


@pytest.mark.parametrize(
    ("text", "op", "strict"),
    [
        ("under 90 minutes", "<=", True),
        ("more than 90 minutes", ">=", True),
        ("shorter than 90 minutes", "<=", True),
        ("at most 90 minutes", "<=", False),
        ("no more than 90 minutes", "<=", False),
        ("nothing over 90 minutes", "<=", False),
        ("not under 90 minutes", ">=", False),
    ],
)
def test_under_and_over_leave_their_number_out(text, op, strict):
    found = understood(text, add=add(("runtime", op, "90 minutes")))
    assert found.add == (Constraint("runtime", op, 90.0, strict),)


def test_more_of_a_genre_is_that_genre():
    relative = {"facet": "genres", "direction": "more", "text": "with more comedy"}
    assert understood("with more comedy", relative=[relative]).add == (
        Constraint("genres", "=", ("comedy",)),
    )


def test_neither_of_them_rules_out_whom_was_asked_for():
    asked = Understood("recommend", add=(Constraint("director", "=", ("Michael Mann",)),))
    before = replace(NOBODY, history=(Exchange("by Mann", Reply("", "recommend", 1, (), asked)),))
    found = understood("something by neither of them", before)
    assert found.add == (Constraint("director", "!=", ("Michael Mann",)),)


def test_an_item_shown_earlier_is_found_by_what_it_is_about():
    text = "the Korean one"
    before = replace(NOBODY, shown=("heat", "airplane"), ever_shown=("parasite", "heat"))
    assert understood(text, before, act="answer", refers=(text,)).refers == ("parasite",)


@pytest.mark.parametrize("which", ["new", "old"])
def test_the_new_one_of_a_name_is_the_newest(which):
    text = f"the {which} Lord of the Rings"
    found = understood(text, act="answer", refers=("Lord of the Rings",))
    rings = [i for i in films() if i.title.startswith("The Lord of the Rings")]
    wanted = (max if which == "new" else min)(rings, key=lambda i: i.facts["year"])
    assert found.refers == (wanted.id,)


def test_what_else_did_he_make_asks_for_the_maker():
    found = understood("loved Parasite! what else did he make?", likes=("Parasite",))
    assert found.add == (Constraint("director", "=", ("Bong Joon-ho",)),)
    assert found.likes == ("parasite",)


def test_of_a_compound_noun_the_last_word_is_the_thing():
    both = ("Batteries", "Laptops")
    items = [Item(str(n), f"Thing {n}", "", {"category": c}) for n, c in enumerate(both)]
    shop = Shelf(Schema("shop", (Facet("category", "category", values=both),)), items)
    reading = Reading.model_validate(
        {
            "act": "recommend",
            "add": add(("category", "=", "battery"), ("category", "=", "laptop")),
        }
    )
    found = link(reading, "a laptop battery", NOBODY, shop)
    assert found.add == (Constraint("category", "=", ("Batteries",)),)
    assert found.wish == ("laptop",)
    either = link(reading, "a laptop or a battery", NOBODY, shop)
    assert set(either.add[0].value) == {"Batteries", "Laptops"}


def test_leaving_it_for_something_else_takes_the_wishes_back():
    held = replace(NOBODY, wishes=Wishes(constraints=(Constraint("genres", "=", ("comedy",)),)))
    found = understood("ok leave it. a western", held, add=add(("genres", "=", "western")))
    assert Removal("genres") in found.remove

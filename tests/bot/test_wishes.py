"""Wishes over a conversation: the newest holds, nothing contradicts, nothing is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.memory.bounds import ends
from bot.memory.removals import ALIKE, AVOIDED, EVERYTHING, FREE_WORDS
from bot.memory.wishes import MOST_COUNT, query, update
from bot.shelves.shelf import FILMS, Shelf, films
from bot.types import Conversation, Exchange, Relative, Removal, Reply, Understood, Wishes
from ranking.types import Event
from retrieval.types import Constraint, Facet, Item, Op, Schema

SHELF = Shelf()
NOBODY = Conversation("c", "films")
COMEDY = Constraint("genres", "=", ("comedy",))
NO_COMEDY = Constraint("genres", "!=", ("comedy",))
NINETIES = Constraint("year", "<>", (1990, 1999))


def after(conversation: Conversation, **parts: object) -> Conversation:
    """Return the conversation after a message that means this."""
    understood = Understood(**{"act": "recommend", **parts})  # type: ignore[arg-type]
    return update(conversation, understood, SHELF, 100.0)


def held(*constraints: Constraint, **parts: object) -> Conversation:
    """Return a conversation that holds these wishes."""
    wishes = Wishes(constraints, **parts)  # type: ignore[arg-type]
    return replace(NOBODY, wishes=wishes)


def test_wishes_add_up_over_turns():
    second = after(after(NOBODY, add=(COMEDY,)), add=(NINETIES,), wish=("feel-good",))
    assert set(second.wishes.constraints) == {COMEDY, NINETIES}
    assert second.wishes.wish == ("feel-good",)


def test_the_conversation_before_is_left_as_it_was():
    before = held(COMEDY)
    after(before, add=(NO_COMEDY,), likes=("heat",))
    assert before == held(COMEDY)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([("<=", 120)], ("<=", 90), [("<=", 90)]),
        ([("<=", 120)], (">=", 60), [("<=", 120), (">=", 60)]),
        ([(">=", 100)], ("<=", 90), [("<=", 90)]),
        ([("<>", (60, 120))], ("<=", 90), [(">=", 60), ("<=", 90)]),
        ([("<>", (100, 120))], ("<=", 90), [("<=", 90)]),
        ([("<=", 90)], ("<>", (100, 120)), [("<>", (100, 120))]),
        ([("<=", 90), (">=", 60)], ("=", 75), [("=", 75)]),
        ([("~", 90)], ("<=", 100), [("<=", 100)]),
        ([("=", 90)], (">=", 80), [(">=", 80)]),
        ([("=", 90)], ("!=", 90), [("!=", 90)]),
        ([("!=", 90)], ("=", 90), [("=", 90)]),
        ([("!=", 90)], ("<=", 100), [("!=", 90), ("<=", 100)]),
    ],
)
def test_the_newest_bound_of_a_side_holds(
    old: list[tuple[Op, float]], new: tuple[Op, float], expected: list[tuple[Op, float]]
):
    before = held(*(Constraint("runtime", op, value) for op, value in old))
    found = after(before, add=(Constraint("runtime", *new),)).wishes.constraints
    assert {(c.op, c.value) for c in found} == set(expected)


def test_what_is_no_longer_wanted_leaves_what_was_wanted_and_the_other_way_round():
    both = held(Constraint("genres", "=", ("comedy", "drama")))
    assert after(both, add=(NO_COMEDY,)).wishes.constraints == (
        NO_COMEDY,
        Constraint("genres", "=", ("drama",)),
    )
    assert after(held(NO_COMEDY), add=(COMEDY,)).wishes.constraints == (COMEDY,)


def test_a_value_that_cannot_go_with_the_held_one_replaces_it():
    scott = Constraint("director", "=", ("Ridley Scott",))
    mann = Constraint("director", "=", ("Michael Mann",))
    assert after(held(scott), add=(mann,)).wishes.constraints == (mann,)


def test_a_value_that_can_go_with_the_held_one_joins_it():
    romance = Constraint("genres", "=", ("romance",))
    assert set(after(held(COMEDY), add=(romance,)).wishes.constraints) == {COMEDY, romance}


def test_alternatives_take_the_place_of_the_value_that_they_hold():
    either = Constraint("genres", "=", ("comedy", "thriller"))
    assert after(held(COMEDY), add=(either,)).wishes.constraints == (either,)


@pytest.mark.parametrize(
    ("removal", "left"),
    [
        (Removal("genres"), {NINETIES}),
        (Removal("genres", "comedy"), {NINETIES}),
        (Removal("genres", "horror"), {COMEDY, NINETIES}),
        (Removal("year"), {COMEDY}),
        (Removal("year", "1990, 1999"), {COMEDY}),
        (Removal(EVERYTHING), set()),
    ],
)
def test_a_wish_can_be_withdrawn(removal: Removal, left: set[Constraint]):
    assert set(after(held(COMEDY, NINETIES), remove=(removal,)).wishes.constraints) == left


def test_one_of_several_values_can_be_withdrawn():
    either = Constraint("genres", "=", ("comedy", "thriller"))
    found = after(held(either), remove=(Removal("genres", "thriller"),))
    assert found.wishes.constraints == (COMEDY,)


def test_a_theme_that_is_withdrawn_leaves_the_free_words_too():
    heist = Constraint("keywords", "=", ("heist",))
    found = after(held(heist, wish=("heist", "tense")), remove=(Removal("keywords", "heist"),))
    assert (found.wishes.constraints, found.wishes.wish) == ((), ("tense",))


def test_free_words_can_be_withdrawn_alone():
    found = after(held(COMEDY, wish=("dogs",)), remove=(Removal(FREE_WORDS),), wish=("space",))
    assert (found.wishes.constraints, found.wishes.wish) == ((COMEDY,), ("space",))


def test_what_to_avoid_and_what_to_resemble_can_be_withdrawn():
    before = held(avoid=("sad", "gore"), similar=("heat", "alien"))
    found = after(before, remove=(Removal(AVOIDED, "sad"), Removal(ALIKE, "alien"))).wishes
    assert (found.avoid, found.similar) == (("gore",), ("heat",))


def test_what_is_to_be_avoided_is_no_longer_wished_for():
    found = after(
        held(wish=("violent", "tense"), avoid=("sad",)), avoid=("violent",), wish=("sad",)
    )
    assert (found.wishes.wish, found.wishes.avoid) == (("tense", "sad"), ("violent",))


def test_shorter_is_shorter_than_all_shown_where_enough_is_left():
    talk = replace(NOBODY, shown=("parasite", "heat", "forrest-gump"))
    found = after(talk, relative=(Relative("runtime", "less"),))
    assert found.wishes.constraints == (Constraint("runtime", "<=", 131),)


def test_shorter_is_below_the_median_where_little_is_left():
    shown = ("groundhog-day", "heat", "sleepless-in-seattle")
    talk = replace(NOBODY, shown=shown, ever_shown=shown)
    found = after(talk, relative=(Relative("runtime", "less"),))
    assert found.wishes.constraints == (Constraint("runtime", "<=", 104),)


def test_newer_than_one_item_compares_with_that_item():
    talk = replace(NOBODY, shown=("heat", "alien"))
    found = after(talk, relative=(Relative("year", "more", "alien"),))
    assert found.wishes.constraints == (Constraint("year", ">=", 1980),)


def test_a_factor_multiplies_what_it_is_compared_with():
    talk = replace(NOBODY, shown=("heat",))
    found = after(talk, relative=(Relative("runtime", "less", "heat", 0.5),))
    assert found.wishes.constraints == (Constraint("runtime", "<=", 85),)


def test_a_comparison_replaces_the_bound_held_and_keeps_the_other_side():
    talk = replace(held(NINETIES), shown=("groundhog-day",))
    found = after(talk, relative=(Relative("year", "more"),))
    assert set(found.wishes.constraints) == {
        Constraint("year", "<=", 1999),
        Constraint("year", ">=", 1994),
    }


def test_shorter_without_anything_shown_is_short():
    found = after(NOBODY, relative=(Relative("runtime", "less"),))
    (bound,) = found.wishes.constraints
    assert bound.op == "<=" and 101 <= bound.value <= 119


def test_recent_means_the_last_eight_years_of_what_fits():
    found = after(NOBODY, add=(COMEDY,), relative=(Relative("year", "high"),))
    assert Constraint("year", ">=", 2011) in found.wishes.constraints
    crime = after(
        NOBODY, add=(Constraint("genres", "=", ("crime",)),), relative=(Relative("year", "high"),)
    )
    assert Constraint("year", ">=", 1987) in crime.wishes.constraints


def phones() -> Shelf:
    """Return a shelf of phones and laptops with prices."""
    rows = [("phone", p) for p in (100, 200, 300, 400, 500)]
    rows += [("laptop", p) for p in (1000, 1500, 2000, 2500, 3000)]
    facets = (Facet("kind", "category"), Facet("price", "number", unit="USD"))
    items = [
        Item(f"{kind}-{price}", f"{kind} {price}", "", {"kind": kind, "price": price})
        for kind, price in rows
    ]
    return Shelf(Schema("things", facets), items)


def test_cheap_follows_the_other_wishes():
    shelf = phones()
    cheap = Relative("price", "low")
    laptop = Understood("recommend", (Constraint("kind", "=", ("laptop",)),), relative=(cheap,))
    first = update(NOBODY, laptop, shelf, 0.0)
    assert Constraint("price", "<=", 1700) in first.wishes.constraints
    phone = Understood("recommend", (Constraint("kind", "=", ("phone",)),))
    second = update(first, phone, shelf, 0.0)
    assert set(second.wishes.constraints) == {
        Constraint("kind", "=", ("phone",)),
        Constraint("price", "<=", 240),
    }
    assert second.wishes.relative == (cheap,)


def test_a_number_says_better_than_cheap_what_is_meant():
    shelf = phones()
    both = Understood(
        "recommend", (Constraint("price", "<=", 450),), relative=(Relative("price", "low"),)
    )
    first = update(NOBODY, both, shelf, 0.0)
    assert first.wishes == Wishes((Constraint("price", "<=", 450),))
    later = update(first, Understood("recommend", relative=(Relative("price", "low"),)), shelf, 0.0)
    (bound,) = later.wishes.constraints
    assert bound.op == "<=" and bound.value < 450


def test_superlatives_are_kept_for_the_ranking():
    found = after(NOBODY, relative=(Relative("year", "max"),))
    assert found.wishes == Wishes(relative=(Relative("year", "max"),))
    again = after(found, relative=(Relative("year", "min"),))
    assert again.wishes.relative == (Relative("year", "min"),)
    assert after(found, remove=(Removal("year"),)).wishes.relative == ()


def test_a_superlative_goes_with_a_range():
    found = after(NOBODY, add=(NINETIES,), relative=(Relative("year", "max"),))
    assert found.wishes == Wishes((NINETIES,), (Relative("year", "max"),))


def test_the_most_important_wish_comes_first():
    wishes = after(
        held(Constraint("country", "=", ("United States",)), COMEDY),
        add=(
            Constraint("keywords", "=", ("feel-good",)),
            Constraint("runtime", "<=", 120),
            Constraint("genres", "!=", ("horror",)),
        ),
        relative=(Relative("year", "low"),),
    ).wishes
    assert [(c.facet, c.op) for c in wishes.constraints] == [
        ("genres", "!="),
        ("runtime", "<="),
        ("genres", "="),
        ("keywords", "="),
        ("country", "="),
        ("year", "<="),
    ]


def test_taste_makes_events_once():
    told = {"likes": ("heat",), "dislikes": ("alien",), "seen": ("heat", "parasite")}
    once = after(NOBODY, **told)
    assert once.events == (
        Event("parasite", "seen", 100.0),
        Event("heat", "liked", 100.0),
        Event("alien", "disliked", 100.0),
    )
    assert after(once, **told).events == once.events


def test_the_newest_word_on_an_item_holds():
    found = after(after(NOBODY, likes=("heat",)), dislikes=("heat",))
    assert (found.likes, found.dislikes) == ((), ("heat",))


def test_items_are_passed_over_only_when_others_are_asked_for():
    talk = replace(NOBODY, shown=("heat", "alien"), likes=("heat",))
    assert after(talk).events == (Event("alien", "ignored", 100.0),)
    assert after(talk, add=(COMEDY,)).events == ()
    assert after(talk, act="smalltalk").events == ()


def test_the_item_spoken_of_is_in_focus():
    talk = replace(NOBODY, shown=("heat", "alien"))
    assert after(talk, act="answer", refers=("alien",)).focus == "alien"
    assert after(talk, act="compare", refers=("heat", "alien")).focus is None


def test_a_count_holds_for_one_turn_and_is_bounded():
    assert after(NOBODY, count=5).wishes.count == 5
    assert after(after(NOBODY, count=5)).wishes.count == Wishes().count
    assert after(NOBODY, count=500).wishes.count == MOST_COUNT


def test_a_new_start_keeps_the_taste_unless_everything_is_to_be_forgotten():
    talk = after(held(COMEDY), likes=("heat",), dislikes=("alien",), seen=("airplane",))
    talk = replace(talk, shown=("parasite",), ever_shown=("parasite",))
    fresh = after(talk, act="reset")
    assert fresh.wishes == Wishes() and fresh.shown == fresh.ever_shown == ()
    assert (fresh.likes, fresh.dislikes, fresh.seen) == (("heat",), ("alien",), ("airplane",))
    forgotten = after(talk, act="reset", remove=(Removal(EVERYTHING),))
    assert forgotten.likes == forgotten.dislikes == forgotten.seen == forgotten.events == ()


def test_undo_is_left_to_those_who_keep_the_history():
    talk = replace(held(COMEDY), shown=("heat",))
    assert after(talk, act="undo") == talk


def test_a_disliked_item_is_nothing_to_resemble():
    found = after(after(NOBODY, similar=("heat",)), dislikes=("heat",))
    assert found.wishes.similar == ()


def test_the_query_leaves_out_what_is_known_and_says_the_wishes_in_words():
    talk = replace(
        held(COMEDY, NINETIES, wish=("tense",), avoid=("sad",), similar=("heat",)),
        ever_shown=("alien",),
        seen=("airplane",),
        dislikes=("the-host",),
        likes=("parasite",),
    )
    found = query(talk, FILMS)
    assert found.text == "tense comedy"
    assert found.constraints == (COMEDY, NINETIES)
    assert (found.similar, found.avoid) == (("heat",), ("sad",))
    assert found.exclude == {"alien", "airplane", "the-host", "parasite", "heat"}


NUMBERS = st.integers(1, 300)
BOUNDS = st.one_of(
    st.builds(
        Constraint, st.just("runtime"), st.sampled_from(["=", "!=", ">=", "<=", "~"]), NUMBERS
    ),
    st.builds(lambda a, b: Constraint("runtime", "<>", (min(a, b), max(a, b))), NUMBERS, NUMBERS),
)
WORDED = st.builds(
    Constraint,
    st.just("genres"),
    st.sampled_from(["=", "!="]),
    st.sampled_from(["comedy", "drama", "horror", "crime", "thriller"]).map(lambda v: (v,)),
)
MESSAGES = st.builds(
    Understood,
    st.just("recommend"),
    add=st.lists(st.one_of(BOUNDS, WORDED), max_size=3, unique_by=lambda c: c.facet).map(tuple),
    relative=st.lists(
        st.builds(
            Relative,
            st.sampled_from(["runtime", "year"]),
            st.sampled_from(["less", "more", "low", "high", "min", "max"]),
        ),
        max_size=1,
    ).map(tuple),
    wish=st.lists(st.sampled_from(["tense", "sad", "dogs"]), max_size=2).map(tuple),
    avoid=st.lists(st.sampled_from(["violent", "sad"]), max_size=1).map(tuple),
)
SHOWN = st.lists(st.sampled_from([f.id for f in films()]), max_size=3, unique=True)


@settings(max_examples=60)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=5), shown=SHOWN)
def test_no_two_bounds_ever_contradict_one_another(messages: list[Understood], shown: list[str]):
    talk = replace(NOBODY, shown=tuple(shown))
    for message in messages:
        talk = update(talk, message, SHELF, 0.0)
        bounds = [c for c in talk.wishes.constraints if c.facet == "runtime" and c.op != "!="]
        assert len({c.op for c in bounds}) == len(bounds) <= 2
        if bounds:
            assert max(ends(c)[0] for c in bounds) <= min(ends(c)[1] for c in bounds)
        wanted = {
            v
            for c in talk.wishes.constraints
            if c.op == "=" and c.facet == "genres"
            for v in c.value
        }
        unwanted = {
            v
            for c in talk.wishes.constraints
            if c.op == "!=" and c.facet == "genres"
            for v in c.value
        }
        assert not wanted & unwanted
        assert not set(talk.wishes.wish) & set(talk.wishes.avoid)


@settings(max_examples=60)
@given(before=st.lists(MESSAGES, max_size=3), message=MESSAGES, shown=SHOWN)
def test_saying_the_same_again_changes_no_wish(
    before: list[Understood], message: Understood, shown: list[str]
):
    talk = replace(NOBODY, shown=tuple(shown))
    for earlier in before:
        talk = update(talk, earlier, SHELF, 0.0)
    once = update(talk, message, SHELF, 0.0)
    assert update(once, message, SHELF, 0.0).wishes == once.wishes


@settings(max_examples=60)
@given(messages=st.lists(MESSAGES, max_size=5))
def test_every_wish_held_can_be_searched_for(messages: list[Understood]):
    talk = NOBODY
    for message in messages:
        talk = update(talk, message, SHELF, 0.0)
    SHELF.search(query(talk, SHELF.schema))


def test_another_kind_of_thing_leaves_behind_what_nothing_of_it_has():
    schema = Schema(
        "shop",
        (Facet("kind", "category", values=("curtain", "watch")), Facet("fabric", "category")),
    )
    items = (
        Item("1", "Blue Curtain", "", {"kind": "curtain", "fabric": "cotton"}),
        Item("2", "Old Watch", "", {"kind": "watch", "fabric": "leather"}),
    )
    shop = Shelf(schema, items)
    cotton, watch = Constraint("fabric", "=", ("cotton",)), Constraint("kind", "=", ("watch",))
    before = held(Constraint("kind", "=", ("curtain",)), cotton)
    later = update(before, Understood("recommend", add=(watch,)), shop, 100.0)
    assert later.wishes.constraints == (watch,)
    both = update(before, Understood("recommend", add=(watch, cotton)), shop, 100.0)
    assert set(both.wishes.constraints) == {watch, cotton}


def test_films_to_resemble_take_back_a_person_that_none_of_them_has():
    actor = Constraint("cast", "=", ("Leslie Nielsen",))
    assert after(held(actor, COMEDY), similar=("heat",)).wishes.constraints == (COMEDY,)
    assert after(held(actor), similar=("airplane",)).wishes.constraints == (actor,)
    assert actor in after(NOBODY, add=(actor,), similar=("heat",)).wishes.constraints


def test_words_named_in_vain_are_searched_for_once():
    asked = Understood("recommend", wish=("Galactic Bob", "robots"), unlinked=("Galactic Bob",))
    talk = after(NOBODY, wish=("Galactic Bob", "robots"), unlinked=("Galactic Bob",))
    talk = replace(talk, history=(Exchange("", Reply("", "recommend", 1, (), asked)),))
    assert after(talk, add=(COMEDY,)).wishes.wish == ("robots",)


def test_a_strict_bound_stays_strict_beside_another():
    over = Constraint("runtime", ">=", 60.0, strict=True)
    talk = after(held(over), add=(Constraint("runtime", "<=", 120.0),))
    assert over in talk.wishes.constraints


def test_one_of_the_alternatives_held_is_chosen():
    both = Constraint("genres", "=", ("thriller", "comedy"))
    found = after(held(both), add=(COMEDY,)).wishes
    assert found.constraints == (COMEDY,)


def test_what_nothing_has_is_forgotten_once_it_was_told():
    found = after(held(Constraint("year", "=", 2087), COMEDY), wish=("warm",)).wishes
    assert found.constraints == (COMEDY,)


def test_a_comparison_outranks_what_was_asked_for_before():
    talk = replace(held(COMEDY), shown=("heat",))
    found = after(talk, relative=(Relative("runtime", "less"),)).wishes
    assert [c.facet for c in found.constraints] == ["runtime", "genres"]

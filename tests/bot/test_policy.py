"""What the bot does next: recommending by default, one question at most, nothing pretended."""

from dataclasses import replace

import pytest

from bot.policy import choose_act, decide, wanted
from bot.types import Conversation, Exchange, Removal, Reply, Understood, Wishes
from ranking.types import Ranked, Why
from retrieval.types import Candidate, Constraint, Item, Retrieved

COMEDY = Constraint("genres", "=", ("comedy",))
TALK = Conversation("s", "films")
WISHING = replace(TALK, wishes=Wishes(constraints=(COMEDY,)))
SHOWN = replace(TALK, shown=("a", "b", "c"))


def ranked(*ids):
    why = Why(0.5, 0.0, 0.0)
    return tuple(Ranked(Candidate(Item(i, i, "", {}), 0.5, 0.0), 0.5, why) for i in ids)


def test_a_question_back_is_asked_when_nothing_at_all_is_known():
    assert choose_act(TALK, Understood("clarify"), TALK) == "clarify"


@pytest.mark.parametrize(
    ("before", "understood", "after"),
    [
        (TALK, Understood("clarify"), WISHING),
        (TALK, Understood("clarify"), replace(TALK, likes=("a",))),
        (TALK, Understood("clarify", unlinked=("zorb",)), TALK),
        (replace(TALK, asked=True), Understood("clarify"), TALK),
    ],
)
def test_with_anything_to_go_on_or_once_asked_the_bot_recommends(before, understood, after):
    assert choose_act(before, understood, after) == "recommend"


@pytest.mark.parametrize(
    "understood",
    [
        Understood("smalltalk", add=(COMEDY,)),
        Understood("smalltalk", likes=("a",)),
        Understood("decline", remove=(Removal("genres"),)),
    ],
)
def test_small_talk_with_a_wish_in_it_is_a_wish(understood):
    assert choose_act(TALK, understood, TALK) == "recommend"


@pytest.mark.parametrize("act", ["answer", "compare", "explain", "accept", "reset", "handoff"])
def test_other_acts_stand(act):
    assert choose_act(WISHING, Understood(act), WISHING) == act


@pytest.mark.parametrize(("said", "shown"), [(None, 3), (1, 1), (0, 1), (7, 7), (99, 10)])
def test_the_number_of_items_stays_between_one_and_ten(said, shown):
    assert wanted(Understood("recommend", count=said), 3) == shown


def test_what_was_given_up_is_handed_on_to_be_said():
    found = Retrieved((), relaxed=(COMEDY,))
    assert decide("recommend", Understood("recommend"), WISHING, found, ranked("a")).relaxed == (
        COMEDY,
    )


def test_finding_nothing_is_told_as_wishes_that_cannot_be_met_or_as_the_end_of_the_list():
    nothing = Retrieved(())
    assert decide("recommend", Understood("recommend"), WISHING, nothing).trouble == "impossible"
    assert decide("recommend", Understood("recommend"), TALK, nothing).trouble == "nothing_left"


def test_an_item_asked_for_by_name_is_known_as_such():
    understood = Understood("recommend", refers=("a",))
    assert decide("recommend", understood, TALK, Retrieved(()), ranked("a", "b")).named
    assert not decide("recommend", understood, TALK, Retrieved(()), ranked("b")).named


@pytest.mark.parametrize("act", ["answer", "compare", "accept"])
def test_a_reference_to_nothing_is_trouble(act):
    assert decide(act, Understood(act), TALK).trouble == "nothing_shown"
    missing = Understood(act, unlinked=("Zorb",))
    assert decide(act, missing, TALK).trouble == "unknown_title"


def test_a_question_without_a_reference_is_about_the_focus_or_else_all_shown():
    asking = Understood("answer", asks=("cast",))
    assert decide("answer", asking, SHOWN).about == ("a", "b", "c")
    assert decide("answer", asking, replace(SHOWN, focus="b")).about == ("b",)


def test_picking_one_of_three_without_saying_which_is_asked_about():
    assert decide("accept", Understood("accept"), SHOWN).trouble == "which_one"
    assert decide("accept", Understood("accept"), replace(SHOWN, focus="b")).about == ("b",)
    assert decide("accept", Understood("accept"), replace(TALK, shown=("a",))).about == ("a",)


def test_one_item_is_compared_with_the_others_shown():
    understood = Understood("compare", refers=("a",), asks=("year",))
    decision = decide("compare", understood, SHOWN)
    assert decision.about == ("a", "b", "c") and decision.asks == ("year",)


def test_an_explanation_of_no_item_is_about_the_person():
    assert decide("explain", Understood("explain"), SHOWN).about == ()
    assert decide("explain", Understood("explain", refers=("b",)), SHOWN).about == ("b",)


def test_these_are_the_items_that_were_spoken_of_one_by_one():
    def asked(item):
        return Exchange("", Reply("", "answer", 1, (), Understood("answer", refers=(item,))))

    talk = replace(TALK, shown=("b",), history=(asked("a"), asked("b")))
    assert decide("compare", Understood("compare"), talk).about == ("a", "b")

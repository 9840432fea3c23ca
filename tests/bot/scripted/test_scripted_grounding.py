"""Every turn is held against the catalogue: what is true passes, what is not is named."""

from dataclasses import replace

import pytest
from scripted_turns import moment, recommended

from bot.scripted.checks import failures
from bot.scripted.form import Expect
from bot.scripted.moment import Held


def claims(turn):
    return [str(f) for f in failures(Expect(), turn)]


def with_item(item, stock, **given):
    turn = moment(stock=stock, **given)
    return replace(turn, reply=replace(turn.reply, items=(item,)))


def test_items_must_be_the_catalogues_with_its_facts(stock):
    assert claims(with_item(recommended("heat", "A heist."), stock)) == []
    (found,) = claims(with_item(recommended("heat", "A heist.", year=1996), stock))
    assert "year: 1995, got 1996" in found
    stranger = replace(recommended("heat", "A heist."), id="nowhere", title="Nowhere")
    assert "items of the catalogue films" in claims(with_item(stranger, stock))[0]
    renamed = replace(recommended("heat", "A heist."), title="Hot")
    assert "the title 'Heat'" in claims(with_item(renamed, stock))[0]


def test_reasons_pass_the_projects_own_checker(stock):
    for true in ("It runs 170 minutes.", "A thriller by Michael Mann.", "With Al Pacino."):
        assert claims(with_item(recommended("heat", true), stock)) == []
    for false in ("It runs 90 minutes.", "With Tom Hanks.", "It won an Oscar."):
        (found,) = claims(with_item(recommended("heat", false), stock))[:1]
        assert found.startswith("grounded: expected a supported") and "Heat" in found


def test_the_persons_own_words_may_be_repeated(stock):
    item = recommended("heat", "It keeps to your 200 minutes.")
    assert claims(with_item(item, stock)) != []
    assert claims(with_item(item, stock, text="at most 200 minutes")) == []
    liked = recommended("the-host", "It is close to Parasite, which you liked.")
    assert claims(with_item(liked, stock, held=Held(likes=("parasite",)))) == []


def test_whom_an_item_shall_be_without_may_be_named(stock):
    item = recommended("heat", "A thriller without Tom Hanks.")
    turn = with_item(item, stock, text="no hanks", add=(("cast", "!=", ("Tom Hanks",)),))
    assert claims(turn) == []
    assert claims(with_item(item, stock, add=(("cast", "=", ("Tom Hanks",)),))) != []
    lead = "I have nothing left for a film with Tom Hanks."
    wished = moment(said=lead, add=(("cast", "=", ("Tom Hanks",)),), stock=stock)
    assert claims(wished) == [] and claims(moment(said=lead, stock=stock)) != []


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("Michael Mann directed Heat.", True),
        ("Heat was directed by Nora Ephron.", False),
        ("Heat runs 170 minutes.", True),
        ("Heat runs 150 minutes.", False),
        ("I don't know the price of Heat.", True),
        ("Alien (117 minutes), Heat (170 minutes).", True),
        ("Alien (117 minutes), Heat (175 minutes).", False),
        ("Heat stars Al Pacino and Robert De Niro.", True),
        ("The genres of Heat: crime and thriller.", True),
        ("The genres of Heat: crime and comedy.", False),
        ("No, Heat is not a comedy.", True),
    ],
)
def test_answers_are_checked_line_by_line(stock, said, true):
    turn = moment(act="answer", said=said, before=("heat", "alien"), stock=stock)
    assert (claims(turn) == []) == true


def test_names_that_have_no_part_in_the_talk_are_not_grounded(stock):
    strange = "I know nothing of Bill Murray or Blade Runner."
    found = claims(moment(act="smalltalk", said=strange, stock=stock))
    assert len(found) == 2 and "Bill Murray" in found[0] and "Blade Runner" in found[1]
    asked = moment(act="smalltalk", said=strange, text="bill murray in blade runner?", stock=stock)
    assert claims(asked) == []
    suggested = "What would you like? “Something like Blade Runner”, say."
    assert claims(moment(act="clarify", said=suggested, stock=stock)) == []


def test_without_a_catalogue_or_when_told_so_nothing_is_checked(stock):
    lie = recommended("heat", "With Tom Hanks.")
    assert claims(with_item(lie, None)) == []
    assert failures(Expect(grounded=False), with_item(lie, stock)) == ()

import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.settling import settle
from bot.reading import Added, Reading, Removed
from retrieval.types import Constraint, Facet, Schema

FILMS = Schema(
    "films",
    (
        Facet("genres", "category", values=("comedy", "mystery", "thriller")),
        Facet("country", "category", values=("Senegal", "Mali", "Burkina Faso")),
        Facet("runtime", "number", unit="minutes"),
        Facet("cast", "people"),
    ),
)
STATE = (
    Constraint("genres", "=", ("mystery",)),
    Constraint("runtime", "<=", 90.0),
    Constraint("cast", "=", ("Tom Hanks",)),
)


def settled(
    text: str, *, said: str = "", hints: tuple[Hint, ...] = (), **fields: object
) -> Reading:
    reading = Reading.model_validate({"act": "recommend", **fields})
    return settle(Situation(FILMS, text, said=said, state=STATE, hints=hints), reading)


@pytest.mark.parametrize("text", ["and animated", "she hates long films", "something with songs"])
def test_a_wish_that_no_word_withdraws_is_held(text: str) -> None:
    assert settled(text, remove=[{"facet": "runtime", "value": "90"}]).remove == ()


@pytest.mark.parametrize(
    "text", ["length doesn't matter", "forget the 90 minutes", "longer is fine", "片长不限"]
)
def test_a_wish_that_words_withdraw_is_gone(text: str) -> None:
    (gone,) = settled(text, remove=[{"facet": "runtime"}]).remove
    assert gone.facet == "runtime"


def test_yes_takes_up_an_offer() -> None:
    taken = settled("yes", said="Shall I drop the 90 minutes?", remove=[{"facet": "runtime"}])
    assert taken.remove == (Removed(facet="runtime"),)
    assert settled("yes", said="Enjoy it.", remove=[{"facet": "runtime"}]).remove == ()


def test_and_adds_where_a_new_value_replaces() -> None:
    comedy = Added(facet="genres", op="=", text="comedy")
    gone = {"remove": [{"facet": "genres", "value": "mystery"}], "add": [comedy]}
    assert settled("and with comedy in it", **gone).remove == ()
    assert settled("a comedy please", **gone).remove != ()


@pytest.mark.parametrize("text", ["under 2.5 hrs, any actor", "actor doesn't matter"])
def test_any_value_of_a_held_facet_withdraws_it(text: str) -> None:
    assert settled(text).remove == (Removed(facet="cast"),)


def test_the_members_of_a_list_go_together() -> None:
    text = "Senegal, Mali or Burkina Faso"
    hints = tuple(
        Hint(text.index(v), text.index(v) + len(v), "country", v)
        for v in ("Senegal", "Mali", "Burkina Faso")
    )
    one = Added(facet="country", op="=", text="Senegal")
    found = settled(text, hints=hints, add=[one]).add
    assert [a.text for a in found] == ["Senegal", "Mali", "Burkina Faso"]


def test_a_value_named_in_place_of_one_withdrawn_is_wanted() -> None:
    hints = (Hint(11, 19, "genres", "thriller"),)
    found = settled(
        "actually a thriller instead",
        hints=hints,
        remove=[{"facet": "genres", "value": "mystery"}],
    )
    assert found.add == (Added(facet="genres", op="=", text="thriller"),)


def test_ruling_out_more_takes_nothing_back() -> None:
    state = (Constraint("country", "!=", ("Mali",)),)
    reading = Reading.model_validate(
        {
            "act": "recommend",
            "add": [{"facet": "country", "op": "!=", "text": "Senegal"}],
            "remove": [{"facet": "country", "value": "Mali"}],
        }
    )
    assert settle(Situation(FILMS, "no Senegal either", state=state), reading).remove == ()


def test_ruling_something_out_takes_back_no_wanted_value() -> None:
    more = Added(facet="genres", op="!=", text="comedy")
    wrong = Removed(facet="genres", value="mystery")
    assert settled("no comedy either", add=(more,), remove=(wrong,)).remove == ()

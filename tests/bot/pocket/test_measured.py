from dataclasses import replace

import pytest

from bot.llm.base import Situation
from bot.pocket.measured import latest
from bot.pocket.settling import settle
from bot.reading import Added, Reading
from retrieval.types import Constraint, Facet, Schema

DEVICES = Schema(
    "devices",
    (
        Facet("kind", "category", values=("laptop", "phone")),
        Facet("price", "number", unit="USD", range=(59, 5399)),
        Facet("year", "number", unit="year", range=(2016, 2025)),
        Facet("ram_gb", "number", unit="GB", range=(2, 128)),
        Facet("storage_gb", "number", unit="GB", range=(16, 2000)),
        Facet("screen_in", "number", unit="inches", range=(2, 18)),
        Facet("weight_g", "number", unit="g", range=(5, 3300)),
    ),
)
FILMS = Schema(
    "films",
    (
        Facet("year", "number", unit="year", range=(1902, 2025)),
        Facet("runtime", "number", unit="minutes", range=(14, 321)),
    ),
)


def settled(
    schema: Schema, text: str, facet: str, words: str, op: str = "<=", said: str = ""
) -> tuple[Added, ...]:
    reading = Reading(act="recommend", add=(Added(facet=facet, op=op, text=words),))
    return settle(Situation(schema, text, said=said), reading).add


@pytest.mark.parametrize(
    ("text", "read", "words", "facet"),
    [
        ("under 3 pounds", "price", "3", "weight_g"),
        ("只看1.3公斤以下的", "price", "1.3", "weight_g"),
        ("at least 512 gb", "ram_gb", "512 gb", "storage_gb"),
        ("under 15 inches", "weight_g", "15", "screen_in"),
        ("800 max", "ram_gb", "800", "price"),
        ("150 tops", "screen_in", "150", "price"),
        ("1000 and up", "weight_g", "1000", "price"),
        ("at least 16", "ram_gb", "16", "ram_gb"),
        ("512 at least", "storage_gb", "512", "storage_gb"),
    ],
)
def test_a_number_is_meant_of_the_facet_that_it_fits(
    text: str, read: str, words: str, facet: str
) -> None:
    (one,) = settled(DEVICES, text, read, words)
    assert one.facet == facet


def test_a_bare_number_stays_where_it_was_asked_for() -> None:
    (one,) = settled(DEVICES, "900 at most", "weight_g", "900", said="What weight may it have?")
    assert one.facet == "weight_g"


@pytest.mark.parametrize("words", ["1985 to 1995", "60s or 70s", "nineties", "八十年代"])
def test_years_are_no_running_times(words: str) -> None:
    (one,) = settled(FILMS, f"made in the {words}", "runtime", words, "<>")
    assert one.facet == "year"


def test_a_year_out_of_a_running_times_range_is_a_year() -> None:
    (one,) = settled(FILMS, "since 2014", "runtime", "2014", ">=")
    assert (one.facet, one.op) == ("year", ">=")


def test_without_ranges_nothing_is_moved() -> None:
    bare = Schema("devices", tuple(replace(f, range=None) for f in DEVICES.facets))
    (one,) = settled(bare, "800 max", "ram_gb", "800")
    assert one.facet == "ram_gb"


def test_the_number_of_an_ordinal_is_no_quantity() -> None:
    assert settled(DEVICES, "第1款多少钱", "screen_in", "1", "=") == ()


@pytest.mark.parametrize(
    ("text", "words", "op"),
    [
        ("none over 2 hours", "2 hours", "<="),
        ("a western longer than two hours", "two hours", ">="),
        ("nothing before 1980", "1980", ">="),
        ("nothign b4 1980", "1980", ">="),
        ("not before 1980", "1980", ">="),
        ("no less than 90 minutes", "90 minutes", ">="),
        ("no longer than 90 minutes", "90 minutes", "<="),
    ],
)
def test_a_denied_side_is_the_other_side(text: str, words: str, op: str) -> None:
    facet = "year" if words.startswith("19") else "runtime"
    wrong = "<=" if op == ">=" else ">="
    (one,) = settled(FILMS, text, facet, words, wrong)
    assert one.op == op


def test_a_kind_that_was_named_but_not_read_is_wanted() -> None:
    from bot.llm.base import Hint

    hint = Hint(7, 12, "kind", "phone")
    situation = Situation(DEVICES, "i need phone", hints=(hint,))
    assert settle(situation, Reading(act="clarify")).add == (
        Added(facet="kind", op="=", text="phone"),
    )
    laptop = (Constraint("kind", "=", ("laptop",)),)
    assert settle(replace(situation, state=laptop), Reading(act="recommend")).add  # another kind
    beside = (Hint(18, 23, "kind", "phone"),)
    spoken = Situation(DEVICES, "it syncs with any phone", state=laptop, hints=beside)
    assert settle(spoken, Reading(act="recommend")).add == ()


def test_a_kind_within_another_values_words_is_wanted_too() -> None:
    from bot.llm.base import Hint

    text = "android phone"
    hints = (Hint(0, 7, "os", "Android"), Hint(8, 13, "kind", "phone"))
    schema = Schema("devices", (*DEVICES.facets, Facet("os", "category", values=("Android",))))
    read = Reading(act="recommend", add=(Added(facet="os", op="=", text=text),))
    assert {a.facet for a in settle(Situation(schema, text, hints=hints), read).add} == {
        "os",
        "kind",
    }


@pytest.mark.parametrize(
    ("text", "read", "words", "facet", "op"),
    [
        ("1300 is ok as well", "price", "1300", "weight_g", "<="),
        ("make it 1000", "weight_g", "1000", "price", "<="),
        ("at least 1000, no less", "price", "1000", "price", ">="),
        ("a price of 1300", "price", "1300", "price", "="),
        ("1300 or 900", "price", "1300", "price", "="),
    ],
)
def test_a_bare_number_takes_the_place_of_the_held_one_that_it_is_near(
    text: str, read: str, words: str, facet: str, op: str
) -> None:
    held = (Constraint("weight_g", "<=", 1250), Constraint("price", "<=", 900))
    reading = Reading(act="recommend", add=(Added(facet=read, op="=", text=words),))
    (one,) = settle(Situation(DEVICES, text, state=held), reading).add
    assert (one.facet, one.op) == (facet, op)


@pytest.mark.parametrize("words", ["'83", "1955 and 65"])
def test_short_years_are_years(words: str) -> None:
    (one,) = settled(FILMS, f"from {words}", "runtime", words, "=")
    assert one.facet == "year"


@pytest.mark.parametrize(
    ("text", "read", "kept"),
    [
        ("under 800, well, 900 at most", [("<=", "800"), ("<=", "900")], ["900"]),
        ("at least 256 but 512 would be nicer", [(">=", "256"), (">=", "512")], ["256"]),
        ("over 100 and under 300", [(">=", "100"), ("<=", "300")], ["100", "300"]),
        ("512 would be nice", [(">=", "512")], ["512"]),
    ],
)
def test_the_last_bound_of_a_side_mends_the_one_before(text, read, kept):
    added = [Added(facet="storage_gb", op=op, text=words) for op, words in read]
    assert [one.text for one in latest(text, added)] == kept

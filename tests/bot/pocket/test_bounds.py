import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.settling import settle
from bot.reading import Added, Reading
from retrieval.types import Facet, Schema

SCHEMA = Schema(
    "devices",
    (
        Facet("kind", "category", values=("laptop", "phone", "camera")),
        Facet("brand", "category", values=("Samsung", "Sony")),
        Facet("price", "number", unit="USD"),
        Facet("ram_gb", "number", unit="GB"),
        Facet("storage_gb", "number", unit="GB"),
    ),
)


def _settled(text: str, *add: Added, hints: tuple[Hint, ...] = (), **fields: object) -> Reading:
    reading = Reading.model_validate({"act": "recommend", "add": add, **fields})
    return settle(Situation(SCHEMA, text, hints=hints), reading)


@pytest.mark.parametrize(
    ("text", "words", "op"),
    [
        ("the fancy ones, 1000 and up", "1000", ">="),
        ("at least 1000", "1000", ">="),
        ("1000 or less please", "1000", "<="),
        ("nothing over 1000", "1000", "<="),
        ("1000 tops", "1000", "<="),
        ("i can't spend more than 1000", "1000", "<="),
        ("anything over 1000 is too dear", "1000", "<="),
        ("my partner falls asleep at anything over 1000", "1000", "<="),
        ("can't do less than 1000", "1000", ">="),
        ("i don't mind over 1000", "1000", ">="),
        ("i hate cheap ones, over 1000 please", "1000", ">="),
        ("1000以内的", "1000", "<="),
        ("1000以上的", "1000", ">="),
    ],
)
def test_words_beside_a_number_say_its_bound(text: str, words: str, op: str) -> None:
    wrong = "<=" if op == ">=" else ">="
    (one,) = _settled(text, Added(facet="price", op=wrong, text=words)).add
    assert one.op == op


def test_a_number_belongs_to_the_facet_named_beside_it() -> None:
    text = "min 8gb ram, min 256gb storage"
    read = _settled(
        text,
        Added(facet="ram_gb", op=">=", text="8gb"),
        Added(facet="ram_gb", op=">=", text="256gb"),
    )
    assert [(a.facet, a.text) for a in read.add] == [("ram_gb", "8gb"), ("storage_gb", "256gb")]


def test_a_known_value_beside_a_read_one_is_not_dropped() -> None:
    hints = (Hint(6, 10, "brand", "Sony"), Hint(11, 18, "kind", "camera"))
    read = _settled("three sony cameras", Added(facet="brand", op="=", text="sony"), hints=hints)
    assert {(a.facet, a.text) for a in read.add} == {("brand", "sony"), ("kind", "cameras")}


def test_a_known_value_elsewhere_in_the_message_is_left_alone() -> None:
    hints = (Hint(3, 8, "kind", "phone"), Hint(24, 28, "brand", "Sony"))
    read = _settled(
        "my phone died, i want a sony", Added(facet="brand", op="=", text="sony"), hints=hints
    )
    assert [a.facet for a in read.add] == ["brand"]


def test_a_misspelt_value_among_the_wishes_is_a_constraint() -> None:
    read = _settled("a samsng thing", wish=("samsng",))
    assert [(a.facet, a.text) for a in read.add] == [("brand", "samsng")] and read.wish == ()


def test_a_year_is_no_running_time_whatever_stands_before_it() -> None:
    facets = (Facet("runtime", "number", unit="minutes"), Facet("year", "number", unit="year"))
    reading = Reading(act="recommend", add=(Added(facet="runtime", op=">=", text="since 2014"),))
    situation = Situation(Schema("films", facets), "thrillers, say since 2014")
    assert settle(situation, reading).add[0].facet == "year"


def test_a_facet_named_behind_one_number_says_nothing_of_the_next() -> None:
    ram = Added(facet="ram_gb", op="=", text="32gb")
    storage = Added(facet="storage_gb", op="=", text="1tb")
    assert _settled("gaming laptop 32gb ram 1tb", ram, storage).add == (ram, storage)


@pytest.mark.parametrize(
    "text",
    ["i've had it with Sony", "so tired of the Sony ones", "spare me Sony", "i'm done with Sony"],
)
def test_what_one_is_weary_of_is_turned_down(text: str) -> None:
    (one,) = _settled(text, Added(facet="brand", op="=", text="Sony")).add
    assert one.op == "!="
    found = _settled(text, wish=("Sony",))
    assert (found.wish, found.avoid) == ((), ("Sony",))

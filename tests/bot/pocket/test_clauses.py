import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.settling import settle
from bot.reading import Added, Compared, Reading
from retrieval.types import Facet, Schema

DEVICES = Schema(
    "devices",
    (
        Facet("kind", "category", values=("laptop", "phone", "tablet")),
        Facet("brand", "category", values=("Apple", "LG", "Samsung", "Sony")),
        Facet("os", "category", values=("Android", "iPadOS")),
        Facet("price", "number", unit="USD", range=(59, 5399), less=("cheaper",)),
        Facet("year", "number", unit="year", range=(2016, 2025), less=("older",), more=("newer",)),
        Facet("ram_gb", "number", unit="GB", range=(2, 128)),
        Facet("storage_gb", "number", unit="GB", range=(16, 2000)),
    ),
    item="device",
    items="devices",
)
SHOWN = ("Dell XPS 17", "LG Gram 17", "HP Pavilion 17")


def hinted(text: str, **facets: tuple[str, str]) -> tuple[Hint, ...]:
    """Return hints: word → (facet, value)."""
    return tuple(
        Hint(text.find(word), text.find(word) + len(word), facet, value)
        for word, (facet, value) in facets.items()
    )


def settled(text: str, *added: Added, hints: tuple[Hint, ...] = (), **rest: object) -> Reading:
    reading = Reading.model_validate({"act": "recommend", "add": added, **rest})
    return settle(Situation(DEVICES, text, shown=SHOWN, hints=hints), reading)


def said(reading: Reading) -> set[tuple[str, str, str]]:
    return {(a.facet, a.op, a.text) for a in reading.add}


def test_a_clause_that_says_only_an_amount_is_a_wish() -> None:
    price = Added(facet="price", op="<=", text="1700 bucks")
    found = settled("16 gigs of ram minimum, no more than 1700 bucks", price)
    assert said(found) == {("ram_gb", ">=", "16 gigs"), ("price", "<=", "1700 bucks")}


def test_a_clause_that_says_only_a_value_is_a_wish_or_its_denial() -> None:
    text = "android, 2023 or newer, at least 256gb storage, not samsung"
    hints = hinted(text, android=("os", "Android"), samsung=("brand", "Samsung"))
    assert said(settled(text, hints=hints)) == {
        ("os", "=", "android"),
        ("year", ">=", "2023"),
        ("storage_gb", ">=", "256gb"),
        ("brand", "!=", "samsung"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "my brother swears by samsung, so what do i know",
        "the 2nd one, but nicer",
        "we were married in 2019, you see",
    ],
)
def test_a_clause_that_says_more_is_left_to_the_model(text: str) -> None:
    hints = hinted(text, samsung=("brand", "Samsung")) if "samsung" in text else ()
    assert settled(text, hints=hints).add == ()


def test_the_name_of_a_product_line_stands_for_all_that_it_is() -> None:
    text = "whats the cheapest ipad"
    hints = (Hint(19, 23, "kind", "tablet"), Hint(19, 23, "brand", "Apple"))
    found = settled(text, Added(facet="kind", op="=", text="ipad"), hints=hints)
    assert said(found) == {("kind", "=", "ipad"), ("brand", "=", "ipad")}


def test_a_product_line_turned_down_turns_down_its_maker() -> None:
    hints = (Hint(3, 8, "kind", "tablet"), Hint(3, 8, "brand", "Apple"))
    found = settled("no ipads!", Added(facet="kind", op="!=", text="ipads"), hints=hints)
    assert said(found) == {("brand", "!=", "ipads")}


def test_a_value_among_other_words_of_a_wish_may_be_misspelt() -> None:
    found = settled("a samsng gizmo", wish=("samsng gizmo",))
    assert said(found) == {("brand", "=", "samsng")} and found.wish == ("gizmo",)


def test_the_item_called_by_a_word_of_its_title_is_meant() -> None:
    assert settled("and what does the LG cost?", act="answer", refers=("#1",)).refers == ("#2",)
    assert settled("what does the first cost?", act="answer", refers=("#3",)).refers == ("#1",)


def test_titles_that_a_comparison_names_are_compared() -> None:
    text = "which is lighter, the Pinebook or the Lemur?"
    hints = (Hint(22, 30, None, "Pine64 Pinebook"), Hint(38, 43, None, "System76 Lemur"))
    found = settled(text, act="compare", refers=("Pinebook",), hints=hints)
    assert set(found.refers) == {"Pinebook", "Lemur"}


@pytest.mark.parametrize("text", ["too many lol. just give me the best one", "just one please"])
def test_just_one_is_one(text: str) -> None:
    assert settled(text).count is not None


def test_just_one_hour_is_no_count() -> None:
    assert settled("it may take just one hour").count is None


@pytest.mark.parametrize("text", ["hmm nah undo that", "Undo!", "please undo the last step"])
def test_undo_is_undo(text: str) -> None:
    assert settled(text).act == "undo"


def test_too_old_asks_for_newer_ones() -> None:
    wrong = Compared(facet="year", direction="less", text="too old")
    assert [r.direction for r in settled("too old", relative=(wrong,)).relative] == ["more"]


def test_a_bound_says_how_new_so_that_nothing_is_compared() -> None:
    wrong = Compared(facet="year", direction="less", text="too old")
    since = Added(facet="year", op=">=", text="2020")
    found = settled("too old, at least from 2020 onwards", since, relative=(wrong,))
    assert found.relative == () and said(found) == {("year", ">=", "2020")}


def test_a_question_about_a_title_is_about_no_item_shown_unless_it_points_there() -> None:
    hints = (Hint(12, 21, None, "Apple iPad mini"),)
    why = settled("why not the iPad mini?", act="explain", refers=("#1",), hints=hints)
    assert why.refers == ("iPad mini",)
    both = settled("is that the iPad mini?", act="answer", refers=("#1",), hints=hints)
    assert both.refers == ("#1", "iPad mini")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a sony gizmo under 300", ("gizmo",)),
        ("a sony one please", ()),
        ("some sony device", ()),
        ("sony devices", ()),
        ("sony, and a quiet night", ()),
    ],
)
def test_the_noun_behind_a_value_is_looked_for(text: str, wish: tuple[str, ...]) -> None:
    assert settled(text, Added(facet="brand", op="=", text="sony")).wish == wish


@pytest.mark.parametrize("text", ["第一款多少钱？", "the first, how much", "how much is the LG?"])
def test_how_much_asks_for_the_price(text: str) -> None:
    assert settled(text, act="answer", refers=("#1",), asks=("year",)).asks == ("price",)


def test_how_much_memory_does_not() -> None:
    asked = settled("how much ram does it have", act="answer", refers=("#1",), asks=("ram_gb",))
    assert asked.asks == ("ram_gb",)


def test_more_like_those_resembles_what_is_liked() -> None:
    assert settled("i love my Gram, more like that please", likes=("Gram",)).similar == ("Gram",)
    assert settled("i love my Gram", likes=("Gram",)).similar == ()


def test_a_limit_is_a_wish_whatever_stands_beside_it():
    text = "nothing before 2019 he says, and i want a laptop"
    situation = Situation(DEVICES, text, hints=hinted(text, laptop=("kind", "laptop")))
    added = (Added(facet="kind", op="=", text="laptop"),)
    found = settle(situation, Reading(act="recommend", add=added))
    assert Added(facet="year", op=">=", text="2019") in found.add


@pytest.mark.parametrize("text", ["it mustn't cost more than $500", "it can't be over $500"])
def test_what_must_not_be_more_is_at_most(text: str):
    added = (Added(facet="price", op=">=", text="$500"),)
    found = settle(Situation(DEVICES, text), Reading(act="recommend", add=added))
    assert found.add == (Added(facet="price", op="<=", text="$500"),)

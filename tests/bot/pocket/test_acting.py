"""What a message does, where its words say so more plainly than its reading."""

import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.settling import settle
from bot.reading import Added, Compared, Reading
from retrieval.types import Constraint, Facet, Schema

DEVICES = Schema(
    "devices",
    (
        Facet("kind", "category", values=("phone", "laptop")),
        Facet("brand", "category", values=("Google", "Samsung")),
        Facet("os", "category", values=("Windows", "macOS")),
        Facet("price", "number", unit="USD", less=("cheaper",), more=("more expensive",)),
        Facet("year", "number", unit="year", less=("older",), more=("newer", "more recent")),
        Facet("weight_g", "number", unit="g", less=("lighter",), more=("heavier",)),
    ),
    item="device",
    items="devices",
)
SHOWN = ("Google Pixel 6a", "Sony Xperia 5", "Nokia X30")


def hint(text: str, word: str, facet: str, value: str) -> Hint:
    start = text.index(word)
    return Hint(start, start + len(word), facet, value)


def read(text: str, *hints: Hint, state: tuple[Constraint, ...] = (), **reading: object) -> Reading:
    situation = Situation(DEVICES, text, state=state, shown=SHOWN, hints=hints)
    return settle(situation, Reading.model_validate(reading))


def test_which_is_the_newest_of_a_kind_looks_for_one():
    text = "which is the newest google phone under 500 dollars?"
    hints = (hint(text, "google", "brand", "Google"), hint(text, "phone", "kind", "phone"))
    found = read(text, *hints, act="compare", refers=("#all",), asks=("year",))
    assert found.act == "recommend"
    assert found.refers == ()
    assert found.relative == (Compared(facet="year", direction="max", text="newest"),)
    assert {a.facet for a in found.add} == {"brand", "kind", "price"}


@pytest.mark.parametrize("text", ["which is newer?", "which of these is the newest phone?"])
def test_a_comparison_of_what_is_shown_stays_one(text):
    hints = (hint(text, "phone", "kind", "phone"),) if "phone" in text else ()
    assert read(text, *hints, act="compare", refers=("#all",), asks=("year",)).act == "compare"


@pytest.mark.parametrize("text", ["and older than those?", "something older than these"])
def test_what_is_to_go_beyond_those_shown_is_a_wish(text):
    found = read(text, act="compare", refers=("#all",), asks=("year",))
    assert found.act == "recommend"
    assert [(r.facet, r.direction) for r in found.relative] == [("year", "less")]


def test_what_is_to_be_had_here_is_asked_back():
    assert read("so what kind of stuff do you have?", act="recommend").act == "clarify"


def test_what_was_it_called_takes_nothing():
    assert read("what was it called again", act="accept", refers=("#2",)).act == "answer"


@pytest.mark.parametrize("text", ["好，就看这部", "就买它吧", "就这个"])
def test_a_choice_in_chinese_is_one(text):
    assert read(text, act="recommend").act == "accept"


def test_an_item_number_that_nothing_says_is_dropped():
    assert read("sold", act="accept", refers=("#2",)).refers == ()
    assert read("who made that one", act="answer", refers=("#2",)).refers == ("it",)
    assert read("sold, the second one", act="accept", refers=("#2",)).refers == ("#2",)
    assert read("is the xperia any good", act="answer", refers=("#2",)).refers == ("#2",)


def test_an_item_that_is_described_is_meant_by_its_description():
    text = "the samsung one"
    found = read(text, hint(text, "samsung", "brand", "Samsung"), act="answer", refers=("#1",))
    assert found.refers == ("the samsung one",)


def test_how_much_it_weighs_is_no_question_of_price():
    assert read("how much does it weigh?", act="answer", asks=("weight_g",)).asks == ("weight_g",)
    assert read("how much is it?", act="answer", asks=("text",)).asks == ("price",)


def test_both_sides_of_an_or_are_compared():
    text = "which weighs less, the Pixel 6a or the Lemur Pro?"
    start = text.index("Pixel 6a")
    title = Hint(start, start + 8, None, "Google Pixel 6a")
    found = read(text, title, act="compare", refers=("#1",), asks=("weight_g",))
    assert found.refers == ("Pixel 6a", "Lemur Pro")


def test_the_same_budget_compares_nothing():
    same = {"facet": "price", "direction": "less", "text": "same budget"}
    assert read("a tablet, same budget", act="recommend", relative=[same]).relative == ()


def test_a_known_word_with_a_typo_is_found_though_nobody_read_it():
    for typo in ("gogle", "samsng"):
        found = read(f"wat abot {typo} ones", act="recommend")
        assert found.add == (Added(facet="brand", op="=", text=typo),)
    assert read("wat abot goggles", act="recommend").add == ()


def test_a_denial_takes_nothing_back_that_it_does_not_name():
    text = "and not a mac"
    found = read(
        text,
        hint(text, "mac", "os", "macOS"),
        state=(Constraint("os", "!=", ("Windows",)),),
        act="recommend",
        add=[{"facet": "brand", "op": "!=", "text": "mac"}],
        remove=[{"facet": "os", "value": "Windows"}],
    )
    assert found.remove == ()


def test_what_is_dropped_by_name_goes():
    text = "ok drop the windows part"
    found = read(
        text,
        hint(text, "windows", "os", "Windows"),
        state=(Constraint("os", "=", ("Windows",)),),
        act="recommend",
    )
    assert [(r.facet, r.value) for r in found.remove] == [("os", "Windows")]


def test_an_amount_is_no_dislike():
    found = read("phones, nothing before 2020", act="recommend", dislikes=("before 2020",))
    assert found.dislikes == ()
    assert found.add == (Added(facet="year", op=">=", text="2020"),)


def test_a_time_that_something_took_is_no_year():
    added = [{"facet": "year", "op": "=", "text": "three years"}]
    assert read("three years and he just left", act="recommend", add=added).add == ()
    assert read("from the last three years", act="recommend", add=added).add != ()


def test_a_dislike_that_no_word_tells_is_small_talk():
    found = read("lol my cat walked over the keyboard", act="recommend", dislikes=("#2",))
    assert found.act == "smalltalk"
    assert read("nah, not keen on that one", act="recommend", dislikes=("#2",)).dislikes == ("#2",)


@pytest.mark.parametrize("text", ["not that old", "no not that old stuff", "too old"])
def test_what_is_not_to_be_old_is_to_be_newer(text):
    old = {"facet": "year", "direction": "low", "text": "old"}
    (found,) = read(text, act="recommend", relative=[old]).relative
    assert found.direction == "more"


def test_just_give_me_one_asks_for_one():
    found = read("just give me one", act="accept", refers=("#1",))
    assert (found.act, found.count) == ("recommend", "one")


def test_another_kind_is_taken_where_it_is_asked_for():
    held = (Constraint("kind", "=", ("laptop",)),)
    for text, kinds in (("show me phones", ["kind"]), ("something with a phone jack", [])):
        named = hint(text, "phone", "kind", "phone")
        assert [a.facet for a in read(text, named, state=held, act="recommend").add] == kinds


def test_starting_over_with_a_wish_is_both() -> None:
    text = "start again. just a phone"
    found = read(text, hint(text, "phone", "kind", "phone"), act="recommend",
                 add=[{"facet": "kind", "op": "=", "text": "phone"}])  # fmt: skip
    assert found.act == "reset"
    assert found.add == (Added(facet="kind", op="=", text="phone"),)


def test_side_by_side_is_a_comparison() -> None:
    found = read("put the first two side by side", act="accept", refers=["#1", "#2"])
    assert (found.act, found.refers) == ("compare", ("#1", "#2"))


def test_do_they_come_cheaper_looks_for_others() -> None:
    found = read("do they come in something cheaper?", act="compare", refers=["#all"])
    assert found.act == "recommend"
    assert found.relative == (Compared(facet="price", direction="less", text="cheaper"),)


@pytest.mark.parametrize(
    ("text", "wrong", "facet", "direction"),
    [
        ("the newest ones", ("price", "max", "newest"), "year", "max"),
        ("more light please", ("weight_g", "more", "more light"), "weight_g", "less"),
    ],
)
def test_a_comparative_is_of_the_facet_that_knows_its_word(text, wrong, facet, direction) -> None:
    compared = dict(zip(("facet", "direction", "text"), wrong, strict=True))
    (one,) = read(text, act="recommend", relative=[compared]).relative
    assert (one.facet, one.direction) == (facet, direction)


def test_a_title_called_awful_is_disliked() -> None:
    found = read("Heat on the other hand I found dreadful", act="recommend", seen=["Heat"])
    assert (found.seen, found.dislikes) == ((), ("Heat",))
    found = read("Heat was not boring at all", act="recommend", likes=["Heat"])
    assert found.likes == ("Heat",)


def test_above_two_thousand_is_a_price_where_things_cost_so_much() -> None:
    prices = Facet("price", "number", unit="USD", range=(100.0, 5000.0))
    schema = Schema("cameras", (prices, Facet("year", "number", unit="year")))
    wrong = Added(facet="year", op=">=", text="2000")
    (one,) = settle(Situation(schema, "above 2000"), Reading(act="recommend", add=(wrong,))).add
    assert (one.facet, one.op) == ("price", ">=")


def test_taking_it_is_a_choice() -> None:
    assert read("great taking it", act="smalltalk").act == "accept"


def test_the_noun_behind_a_superlative_is_looked_for() -> None:
    compared = {"facet": "price", "direction": "min", "text": "cheapest"}
    assert read("cheapest router you have?", act="recommend", relative=[compared]).wish == (
        "router",
    )


def test_how_much_is_said_leaves_nothing_to_compare() -> None:
    bound = {"facet": "price", "op": "<=", "text": "2000 dollars"}
    compared = {"facet": "price", "direction": "less", "text": "too costly"}
    text = "too costly, under 2000 dollars only"
    assert read(text, act="recommend", add=[bound], relative=[compared]).relative == ()


def test_a_thing_that_is_needed_is_no_case_for_a_colleague():
    text = "my old laptop died!! need a replacement laptop"
    found = read(text, hint(text, "laptop", "kind", "laptop"), hint2(text), act="handoff")
    assert found.act == "recommend"
    assert [(a.facet, a.text) for a in found.add] == [("kind", "laptop")]
    assert read("i need a refund for my laptop", act="handoff").act == "handoff"


def hint2(text: str) -> Hint:
    start = text.rindex("laptop")
    return Hint(start, start + 6, "kind", "laptop")


def test_what_was_not_shown_is_not_taken_but_asked_for():
    text = "ok then the galaxy a5"
    title = Hint(text.index("galaxy"), len(text), None, "Galaxy A5")
    assert read(text, title, act="accept", refers=("galaxy a5",)).act == "recommend"
    text = "samsung!!"
    found = read(text, hint(text, "samsung", "brand", "Samsung"), act="accept", refers=("#1",))
    assert (found.act, found.add[0].text) == ("recommend", "samsung")


def test_which_of_these_is_cheaper_compares_what_is_shown():
    cheaper = Compared(facet="price", direction="min", text="less expensive")
    found = read("the cheaper of these", act="recommend", relative=(cheaper,))
    assert (found.act, found.asks) == ("compare", ("price",))


def test_the_most_of_all_is_looked_for_and_not_compared():
    found = read("which is the cheapest you have?", act="compare", refers=("#all",))
    assert found.act == "recommend"
    assert (found.relative[0].facet, found.relative[0].direction) == ("price", "min")


def test_only_a_thing_is_no_denial_of_it():
    text = "only the samsung please, not other"
    hints = (hint(text, "samsung", "brand", "Samsung"),)
    (one,) = read(
        text, *hints, act="recommend", add=(Added(facet="brand", op="!=", text="samsung"),)
    ).add
    assert one.op == "="


def test_who_wants_another_item_for_a_broken_one_looks_for_it() -> None:
    text = "my laptop battery died, I need a replacement"
    hints = (hint(text, "laptop", "kind", "laptop"),)
    read = settle(Situation(DEVICES, text, hints=hints), Reading(act="handoff"))
    assert read.act == "recommend" and [a.facet for a in read.add] == ["kind"]
    text = "the laptop you sent died, I need a replacement"
    assert settle(Situation(DEVICES, text), Reading(act="handoff")).act == "handoff"


@pytest.mark.parametrize("text", ["ok just one, best you have", "just give me a single one"])
def test_a_single_one_is_a_count_and_no_choice(text: str):
    found = read(text, act="accept")
    assert found.act == "recommend" and found.count


def test_the_one_thing_taken_is_a_choice():
    assert read("just the one, I'll take it", act="accept").act == "accept"


@pytest.mark.parametrize("text", ["idk whatever", "surprise me", "you choose"])
def test_no_preference_is_no_question_about_the_person(text: str):
    assert read(text, act="explain") == Reading(act="recommend")


def test_thinking_about_it_chooses_nothing():
    assert read("I'll think about it", act="accept").act == "smalltalk"


def test_makers_asked_for_are_no_comparison_of_those_shown():
    text = "of the brand Google or Samsung, it is more known"
    hints = (hint(text, "Google", "brand", "Google"), hint(text, "Samsung", "brand", "Samsung"))
    found = read(text, *hints, act="compare", refers=("#1", "#2"), asks=("price",))
    assert (found.act, found.refers) == ("recommend", ())
    assert {a.text for a in found.add} == {"Google", "Samsung"}


def test_another_kind_with_a_superlative_is_looked_for():
    text = "back to laptops, which is the cheapest"
    held = (Constraint("kind", "=", ("phone",)),)
    hints = (hint(text, "laptops", "kind", "laptop"),)
    found = read(text, *hints, state=held, act="compare", refers=("#all",), asks=("price",))
    assert found.act == "recommend"
    assert [(a.facet, a.text) for a in found.add] == [("kind", "laptops")]


@pytest.mark.parametrize(
    "text",
    [
        "can i speak to someone about bringing 3 dogs instead of 2",
        "I'd like to talk to a real person please",
        "let me speak with customer service",
    ],
)
def test_who_asks_for_a_person_gets_one_whatever_it_is_about(text):
    found = settle(Situation(DEVICES, text, shown=SHOWN), Reading(act="recommend"))
    assert found.act == "handoff"


def test_taking_an_item_by_its_name_is_a_choice_though_it_was_shown_before():
    text = "thank you very much, we take the Nokia X20"
    hints = (Hint(text.index("Nokia"), len(text), None, "Nokia X20"),)
    situation = Situation(DEVICES, text, shown=SHOWN, hints=hints)
    for read in (Reading(act="recommend"), Reading(act="accept", refers=("Nokia X20",))):
        assert settle(situation, read).act == "accept"

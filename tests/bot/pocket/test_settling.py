from bot.llm.base import Hint, Situation
from bot.pocket.pointing import ordinals
from bot.pocket.settling import settle
from bot.reading import Added, Compared, Reading
from retrieval.types import Facet, Schema

SCHEMA = Schema(
    "films",
    (
        Facet("genres", "category", values=("comedy", "horror", "thriller")),
        Facet("country", "category", values=("South Korea",)),
        Facet("year", "number", unit="year"),
        Facet("runtime", "number", unit="minutes"),
        Facet("director", "people"),
        Facet("cast", "people"),
    ),
)


def read(text: str, *added: Added, hints: tuple[Hint, ...] = (), **rest: object) -> Reading:
    reading = Reading.model_validate({"act": "recommend", "add": added, **rest})
    shown = ("Airplane!", "Groundhog Day", "Hot Fuzz")
    return settle(Situation(SCHEMA, text, shown=shown, hints=hints), reading)


def test_words_the_catalogue_knows_go_to_their_facet() -> None:
    hint = Hint(0, 6, "country", "South Korea")
    found = read("korean films", Added(facet="genres", op="=", text="korean"), hints=(hint,))
    assert found.add == (Added(facet="country", op="=", text="korean"),)


def test_a_decade_is_a_year_and_a_length_a_runtime() -> None:
    decade = read("from the 90s", Added(facet="genres", op="=", text="90s"))
    assert decade.add == (Added(facet="year", op="<>", text="90s"),)
    whole = read("from the 2000s", Added(facet="runtime", op="=", text="2000s"))
    assert whole.add == (Added(facet="year", op="<>", text="2000s"),)
    length = read("under two hours", Added(facet="genres", op="<=", text="two hours"))
    assert length.add == (Added(facet="runtime", op="<=", text="two hours"),)


def test_a_word_that_is_no_value_of_the_facet_is_a_free_wish() -> None:
    assert read("a tense film", Added(facet="genres", op="=", text="tense")).wish == ("tense",)
    assert read("not violent", Added(facet="genres", op="!=", text="violent")).avoid == ("violent",)


def test_a_misspelt_value_stays_where_it_was_read() -> None:
    added = Added(facet="genres", op="=", text="horor")
    assert read("horor film", added).add == (added,)


def test_ordinals_say_which_item_is_meant() -> None:
    assert ordinals("the 2nd one and the last", 3) == ["#2", "#3"]
    assert read("more like the second one", similar=("#1",)).similar == ("#2",)


def test_without_evidence_the_reading_stays_as_it_was() -> None:
    assert read("more like it", similar=("#1",)).similar == ("#1",)


def test_a_question_that_names_its_facet_is_about_it() -> None:
    found = read("who directed the second one?", refers=("#2",), asks=("cast",))
    assert found.asks == ("director",)


def test_items_in_a_row_are_meant_together() -> None:
    found = read("compare the first two", refers=("#1", "#3"))
    assert found.refers == ("#1", "#2")
    assert read("seen the last two", seen=("#all",)).seen == ("#2", "#3")
    assert read("前两部看过了", seen=("#1",)).seen == ("#1", "#2")
    assert read("the first two acts drag", likes=("#1",), seen=("#2",)).likes == ("#1",)


SHOP = Schema(
    "shop",
    (
        Facet("brand", "category", values=("Asus", "Netgear")),
        Facet("category", "category", values=("Towels", "Routers", "Batteries")),
        Facet("price", "number", unit="INR", less=("cheaper",), more=("more expensive",)),
        Facet("rating", "number", less=("worse rated",), more=("better", "better rated")),
        Facet("ratings_count", "number", less=("less known",), more=("more popular",)),
        Facet("authors", "people"),
    ),
    item="product",
    items="products",
)


def shop(text: str, *hints: Hint, **reading: object) -> Reading:
    found = Reading.model_validate({"act": "recommend", **reading})
    return settle(Situation(SHOP, text, hints=hints), found)


def hint(text: str, word: str, facet: str, value: str) -> Hint:
    start = text.index(word)
    return Hint(start, start + len(word), facet, value)


def test_a_short_noun_with_a_letter_missing_is_its_value() -> None:
    found = shop("cotton bath towl", wish=("towl",))
    assert found.add == (Added(facet="category", op="=", text="towl"),)
    assert found.wish == ()


def test_a_maker_inside_the_words_read_as_a_kind_is_wished_for_too() -> None:
    text = "show me asus routers"
    hints = (hint(text, "asus", "brand", "Asus"), hint(text, "routers", "category", "Routers"))
    found = shop(text, *hints, add=(Added(facet="category", op="=", text="asus routers"),))
    assert {(a.facet, a.text) for a in found.add} == {
        ("category", "asus routers"),
        ("brand", "asus"),
    }


def test_two_parts_of_one_name_are_one_person() -> None:
    text = "gorge orwell novels"
    parts = (
        Added(facet="authors", op="=", text="gorge"),
        Added(facet="authors", op="=", text="orwell"),
    )
    found = shop(text, hint(text, "orwell", "authors", "George Orwell"), add=parts)
    assert found.add == (Added(facet="authors", op="=", text="gorge orwell"),)


def test_what_is_best_rated_is_best_by_its_rating() -> None:
    read_as = Compared(facet="ratings_count", direction="max", text="best rated")
    (one,) = shop("best rated ones", relative=(read_as,)).relative
    assert (one.facet, one.direction) == ("rating", "max")
    read_as = Compared(facet="rating", direction="max", text="most popular")
    (one,) = shop("the most popular", relative=(read_as,)).relative
    assert one.facet == "ratings_count"


def test_books_from_a_year_are_of_that_year() -> None:
    assert read("from 2016", Added(facet="year", op=">=", text="2016")).add[0].op == "="
    assert read("from 2016 on", Added(facet="year", op="=", text="2016")).add[0].op == ">="


def test_where_nothing_has_a_price_no_other_number_answers_for_it() -> None:
    found = read("how much does it cost", act="answer", refers=("#1",), asks=("runtime",))
    assert found.asks == ()


def test_nobody_is_called_nothing() -> None:
    found = shop(
        "just two, nothing by orwell", add=(Added(facet="authors", op="=", text="nothing"),)
    )
    assert (found.add, found.wish) == ((), ())


def test_the_lead_of_an_item_by_its_place_is_its_fact() -> None:
    assert read("something with the same lead as the first").add == (
        Added(facet="cast", op="=", text="#1"),
    )
    assert read("anything else with the director of the last one?").add == (
        Added(facet="director", op="=", text="#3"),
    )

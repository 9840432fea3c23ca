from bot.llm.base import Hint, Situation
from bot.pocket.pointing import ordinals
from bot.pocket.settling import settle
from bot.reading import Added, Reading
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

"""Facts and wishes put together as English: by facet, by kind, whatever the catalogue."""

import pytest

from bot.voice.free_words import form, turned, written
from bot.voice.phrase import article, is_plural, numbered, words
from bot.voice.portrait import Portrait
from bot.voice.told import told
from bot.voice.wording import handy
from retrieval.types import Facet

FILM = {
    "genres": Facet("genres", "category"),
    "year": Facet("year", "number", "year"),
    "runtime": Facet("runtime", "number", "minutes"),
    "director": Facet("director", "people"),
    "cast": Facet("cast", "people"),
    "country": Facet("country", "category"),
    "language": Facet("language", "category"),
}
LAPTOP = {
    "kind": Facet("kind", "category"),
    "brand": Facet("brand", "category"),
    "price": Facet("price", "number", "USD"),
    "ram_gb": Facet("ram_gb", "number", "GB"),
    "screen_in": Facet("screen_in", "number", "inches"),
    "weight_g": Facet("weight_g", "number", "g"),
    "os": Facet("os", "category"),
}


def portrait(noun, facets, pairs, wishes=()):
    works = any(f.kind == "people" for f in facets.values())
    parts = told([(facets[name], said) for name, said in pairs], wishes, noun, works)
    return Portrait(noun, parts)


@pytest.mark.parametrize(
    ("pairs", "wishes", "said"),
    [
        (
            [("genres", "science fiction"), ("runtime", "101 minutes"), ("genres", "no horror")],
            ["tense"],
            "a tense 101-minute science fiction film with no horror",
        ),
        ([("director", "Nora Ephron")], [], "a film by Nora Ephron"),
        (
            [("director", "Nora Ephron"), ("cast", "Tom Hanks")],
            [],
            "a film by Nora Ephron, with Tom Hanks",
        ),
        ([("country", "South Korea"), ("year", "2019")], [], "a 2019 South Korean film"),
        ([("year", "1994")], [], "a film from 1994"),
        ([("country", "United States")], [], "an American film"),
        ([("language", "French")], ["feel-good"], "a feel-good film in French"),
        ([("language", "French")], ["greed"], "a French-language film about greed"),
        ([("country", "France"), ("language", "French")], [], "a French film"),
        ([("country", "Cuba"), ("language", "Spanish")], [], "a Cuban film in Spanish"),
        ([("country", "Freedonia")], [], "a film from Freedonia"),
        ([("runtime", "90 minutes"), ("year", "1941")], [], "a 90-minute film from 1941"),
        ([("genres", "romance"), ("genres", "comedy")], [], "a romantic comedy"),
        ([("genres", "romance")], ["silent"], "a silent romance"),
        ([("language", "Silent")], [], "a silent film"),
        ([("genres", "animation")], [], "an animated film"),
        ([("genres", "comedy")], [], "a comedy"),
        ([], ["for date night"], "a film for date night"),
        ([], ["set in Paris"], "a film set in Paris"),
        ([("genres", "drama")], ["based on a true story"], "a drama based on a true story"),
        ([], ["friendship"], "a film about friendship"),
        ([], ["twist ending"], "a film filed under “twist ending”"),
        ([], ["New York"], "a film filed under “New York”"),
        ([], ["the beatles"], "a film filed under “the beatles”"),
        ([("cast", "without Tom Hanks")], [], "a film without Tom Hanks"),
        ([("runtime", "runtime not 90 minutes")], ["quiet"], "a quiet film"),
    ],
)
def test_a_film_is_told_as_one_would_say_it(pairs, wishes, said):
    assert words(portrait("film", FILM, pairs, wishes).noun_phrase(short=True)) == said


@pytest.mark.parametrize(
    ("noun", "pairs", "wishes", "said"),
    [
        (
            "laptop",
            [("price", "$899"), ("weight_g", "1.2 kg"), ("ram_gb", "16 GB")],
            [],
            "an $899 laptop with 16 GB of RAM, weighing 1.2 kg",
        ),
        ("laptop", [("brand", "HP"), ("kind", "laptop")], ["gaming"], "an HP laptop for gaming"),
        ("laptop", [], ["battery life"], "a laptop with good battery life"),
        ("laptop", [], ["long battery life"], "a laptop with long battery life"),
        ("phone", [], ["keyboard"], "a phone with a good keyboard"),
        ("headphones", [("brand", "Sony"), ("price", "$99")], [], "$99 Sony headphones"),
        ("phone", [("os", "Android"), ("screen_in", "6 inches")], [],
         "an Android phone with a 6-inch screen"),
    ],
)  # fmt: skip
def test_a_device_is_told_as_one_would_say_it(noun, pairs, wishes, said):
    assert words(portrait(noun, LAPTOP, pairs, wishes).noun_phrase()) == said


def test_facets_that_no_rule_knows_are_told_in_a_form_that_is_right_for_any():
    facets = {
        "seats": Facet("seats", "number"),
        "rating": Facet("rating", "number"),
        "pages": Facet("pages", "number", "pages"),
        "composer": Facet("composer_of_score", "people"),
        "terrace": Facet("terrace", "category"),
        "cuisine": Facet("cuisine", "category"),
        "audience": Facet("audience", "category", say="for {value}"),
        "amenities": Facet("amenities", "category"),
    }
    hotel = portrait("hotel", facets, [("amenities", "pool"), ("amenities", "sauna")])
    assert words(hotel.noun_phrase()) == "a hotel with pool and sauna"
    pairs = [
        ("cuisine", "Italian"),
        ("rating", "4.5"),
        ("seats", "40"),
        ("terrace", "yes"),
        ("audience", "families"),
    ]
    said = words(portrait("restaurant", facets, pairs).noun_phrase())
    assert said == ("an Italian restaurant for families with a rating of 4.5, 40 seats and terrace")
    book = portrait("book", facets, [("pages", "320 pages"), ("composer", "A B")])
    assert words(book.noun_phrase()) == "a book whose composer of score is A B with 320 pages"


def test_what_is_too_much_for_one_noun_follows_it():
    film = [("country", "France"), ("language", "French"), ("cast", "Nick Nolte")]
    many = portrait("film", FILM, [*film, ("runtime", "100 minutes")], ["greed"])
    assert words(many.core()) == "a 100-minute French film about greed, with Nick Nolte"
    assert many.more() == ()
    person = [*film[:2], ("director", "A B"), film[2]]
    assert words(portrait("film", FILM, person, ["greed"]).more()) == "features Nick Nolte"
    few = portrait("film", FILM, [("director", "Nora Ephron"), ("cast", "Tom Hanks")])
    assert words(few.core()) == "a film by Nora Ephron, with Tom Hanks"
    assert few.more() == ()


def test_what_was_asked_for_leaves_out_what_the_person_gave_no_words_for():
    film = portrait("film", FILM, [("genres", "comedy"), ("runtime", "89 minutes")], ["puppies"])
    assert words(film.asked(short=True)) == "a comedy about puppies"
    assert words(film.rest()) == "runs 89 minutes"
    assert portrait("film", FILM, [("runtime", "89 minutes")]).asked() == ()
    dated = portrait("film", FILM, [("country", "Japan"), ("year", "1968")])
    assert words(dated.noun_phrase()) == "a 1968 Japanese film"
    assert words(dated.rest()) == "is from 1968"


def test_a_predicate_agrees_with_the_noun():
    pairs = [("brand", "Sony"), ("price", "$99"), ("weight_g", "200 g")]
    many = portrait("headphones", LAPTOP, pairs)
    assert words(many.predicate()) == "are Sony headphones, cost $99 and weigh 200 g"
    one = portrait("film", FILM, [("cast", "Tom Hanks"), ("genres", "no horror")])
    assert words(one.does()) == "features Tom Hanks and has no horror"


def test_articles_follow_the_sound():
    said = [
        "hour",
        "university",
        "8 GB",
        "1994 film",
        "HP laptop",
        "unusual film",
        "OnePlus",
        "lgbt",
    ]
    assert [article((w,)) for w in said] == ["an", "a", "an", "a", "an", "an", "a", "an"]


def test_nouns_and_lines_agree():
    assert [is_plural(n) for n in ("headphones", "film", "series", "running shoes")] == [
        True,
        False,
        False,
        True,
    ]
    assert numbered("[This is|These are] it", True) == "These are it"


def test_a_free_wish_is_told_by_its_form_and_turned_to_the_person():
    forms = [form(w) for w in ("tense", "pet-friendly", "for date night", "heat wave", "gershwin")]
    assert forms == ["adjective", "adjective", "behind", "thing", "name"]
    assert turned("for my mother") == "for your mother"


def test_units_are_those_that_people_say():
    assert [handy(w) for w in ("1240 g", "900 g", "1024 GB", "1500 GB", "89 minutes")] == [
        "1.24 kg",
        "900 g",
        "1 TB",
        "1500 GB",
        "89 minutes",
    ]


@pytest.mark.parametrize(
    ("wish", "text", "form"),
    [
        ("vienna", "", "Vienna"),
        ("new york", "", "New York"),
        ("dracula", "The count, Dracula, sails west.", "Dracula"),
        ("lawnmower", "Mayhem with a lawnmower.", "lawnmower"),
        ("tense", "", "tense"),
    ],
)
def test_names_are_written_with_capitals(wish, text, form):
    assert written(wish, text) == form

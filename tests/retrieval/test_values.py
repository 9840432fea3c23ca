"""Words → values: mentions in a message, links of spans, people and titles."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.catalog import bundled_path, load_catalog
from retrieval.embedding import HashEncoder
from retrieval.fakes import tiny_catalog
from retrieval.meaning import WordVectors
from retrieval.types import Facet, Item, Schema
from retrieval.values import ValueIndex
from retrieval.words import stem, tokens


@pytest.fixture(scope="module")
def tiny():
    catalog = tiny_catalog()
    return ValueIndex(catalog.schema, catalog.items, WordVectors(HashEncoder()))


@pytest.fixture(scope="module")
def films():
    """The real films, with an encoder that knows no meaning, so that only words count."""
    catalog = load_catalog(bundled_path("movies"))
    return ValueIndex(catalog.schema, catalog.items, WordVectors(HashEncoder()))


@pytest.fixture(scope="module")
def devices():
    catalog = load_catalog(bundled_path("electronics"))
    return ValueIndex(catalog.schema, catalog.items, WordVectors(HashEncoder()))


def _found(values, text):
    return {(text[m.start : m.end], m.facet, m.value) for m in values.mentions(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a funny film", {("funny", "genres", "comedy")}),
        ("SCARY films!", {("SCARY", "genres", "horror")}),
        ("some comedies", {("comedies", "genres", "comedy")}),
        ("sci-fi, scifi or sci fi",
         {(s, "genres", "science fiction") for s in ("sci-fi", "scifi", "sci fi")}),
        ("a romcom", {("romcom", "genres", "romance"), ("romcom", "genres", "comedy")}),
        ("Korean", {("Korean", "country", "South Korea"), ("Korean", "language", "Korean")}),
        ("about haunted houses", {("haunted houses", "keywords", "haunted house")}),
        ("with Tom Banks", {("Tom Banks", "cast", "Tom Banks")}),
        ("tom banks' best", {("tom banks", "cast", "Tom Banks")}),
        ("anything by Marlowe?", {("Marlowe", "director", "Ann Marlowe")}),
        ("helene dubois", {("helene dubois", "director", "Hélène Dubois")}),
        ("like ete a nimes", {("ete a nimes", None, "film-10")}),
        ("Star Drift part ii", {("Star Drift part ii", None, "film-5")}),
        ("the long heist", {("the long heist", None, "film-1"), ("heist", "keywords", "heist")}),
        ("harbour lights", {("harbour lights", None, "film-3")}),
        ("", set()),
        ("nothing of the kind", set()),
        ("\x00\u200b🎬 …", set()),
    ],
)  # fmt: skip
def test_mentions(tiny, text, expected):
    assert _found(tiny, text) == expected


@pytest.mark.parametrize(
    ("text", "is_title"),
    [
        ("did you like Her?", True),
        ('have you seen "her"', True),
        ("her", True),
        ("Her, of course", True),
        ("I want to cheer her up", False),
        ("Her taste is odd", False),
        ("GIVE HER ONE", False),
    ],
)
def test_a_title_that_is_an_ordinary_word_must_stand_out(tiny, text, is_title):
    assert any(m.facet is None for m in tiny.mentions(text)) is is_title


def test_mentions_of_one_facet_do_not_overlap_and_the_longest_wins(tiny):
    text = "star drift part iii"
    assert _found(tiny, text) == {("star drift part iii", None, "film-6")}


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80))
def test_any_text_can_be_read(tiny, text):
    for mention in tiny.mentions(text):
        assert 0 <= mention.start < mention.end <= len(text)
    tiny.link_title(text)
    tiny.link_person(text)
    tiny.link("genres", text)


@pytest.mark.parametrize(
    ("facet", "text", "values", "all_"),
    [
        ("genres", "comedy", ("comedy",), False),
        ("genres", "Comedies", ("comedy",), False),
        ("genres", "funny films", ("comedy",), False),
        ("genres", "a scary movie", ("horror",), False),
        ("genres", "rom-com", ("romance", "comedy"), True),
        ("genres", "comdy", ("comedy",), False),
        ("genres", "thriler", ("thriller",), False),
        ("genres", "dark comedy", ("comedy",), False),
        ("country", "korean", ("South Korea",), False),
        ("country", "South Koreaa", ("South Korea",), False),
        ("keywords", "haunted houses", ("haunted house",), False),
        ("director", "marlow", ("Ann Marlowe",), False),
    ],
)
def test_a_span_links_to_its_values(tiny, facet, text, values, all_):
    link = tiny.link(facet, text)
    assert link.values == values
    assert link.all is all_
    assert 85.0 <= link.score <= 100.0


@pytest.mark.parametrize(
    ("facet", "text"),
    [("genres", "bananas"), ("genres", ""), ("genres", "the"), ("year", "1999"), ("no", "comedy"),
     ("country", "new"), ("director", "Tom Banks"), ("director", "him")],
)  # fmt: skip
def test_what_names_nothing_links_to_nothing(tiny, facet, text):
    assert tiny.link(facet, text) is None


def test_meaning_links_what_spelling_cannot():
    class Meanings(HashEncoder):
        def encode(self, texts):
            return super().encode(["frightful" if t in ("eerie", "horror") else t for t in texts])

    catalog = tiny_catalog()
    values = ValueIndex(catalog.schema, catalog.items, WordVectors(Meanings()))
    assert values.link("genres", "eerie").values == ("horror",)
    assert values.link("genres", "quirky") is None


def test_word_vectors_are_kept_for_the_next_start(tmp_path):
    WordVectors(HashEncoder(), tmp_path).of(["a", "b"])

    class Silent(HashEncoder):
        def encode(self, texts):
            raise AssertionError(f"asked for {texts}")

    assert WordVectors(Silent(), tmp_path).of(["b", "a"]).shape == (2, 256)
    next(tmp_path.iterdir()).write_bytes(b"damaged")
    assert WordVectors(HashEncoder(), tmp_path).of(["a"]).shape == (1, 256)


def test_a_synonym_of_several_values_may_mean_any_of_them():
    facet = Facet("land", "category", synonyms={"Sweden | Norway": ("nordic",)})
    items = [Item("1", "A", "", {"land": "Sweden"}), Item("2", "B", "", {"land": "Norway"})]
    values = ValueIndex(Schema("x", (facet,)), items, WordVectors(HashEncoder()))
    link = values.link("land", "nordic")
    assert link.values == ("Sweden", "Norway")
    assert not link.all


def test_values_that_differ_only_in_signs_stay_apart():
    items = [Item(v, v, "", {"lang": v}) for v in ("C", "C++", "C#")]
    values = ValueIndex(
        Schema("x", (Facet("lang", "category"),)), items, WordVectors(HashEncoder())
    )
    for value in ("C", "C++", "C#"):
        assert values.link("lang", value.lower()).values == (value,)


@pytest.mark.parametrize(
    ("text", "facet", "person"),
    [
        ("Tom Banks", None, ("cast", "Tom Banks")),
        ("tom bankss", None, ("cast", "Tom Banks")),
        ("Pike", "cast", ("director", "Joe Pike")),
        ("ha-rin kim", None, ("cast", "Kim Ha-rin")),
        ("Kim", "cast", ("cast", "Kim Ha-rin")),
        ("Dubois's", "director", ("director", "Hélène Dubois")),
        ("him", "cast", None),
        ("", None, None),
        ("Zaphod Beeblebrox", None, None),
    ],
)
def test_a_person_is_found_in_the_facet_that_has_them(tiny, text, facet, person):
    assert tiny.link_person(text, facet) == person


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tarantino", "Quentin Tarantino"),
        ("scorcese", "Martin Scorsese"),
        ("spielburg", "Steven Spielberg"),
        ("Bong", "Bong Joon-ho"),
        ("kar-wai wong", "Wong Kar-wai"),
        ("miyasaki", "Hayao Miyazaki"),
        ("almodovar", "Pedro Almodóvar"),
        ("Hitchcok", "Alfred Hitchcock"),
    ],
)
def test_directors_as_people_write_them(films, text, name):
    assert films.link_person(text, "director") == ("director", name)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("star drift", ("film-4",)),
        ("Star Drift 2", ("film-5",)),
        ("star drift three", ()),
        ("star drift part 3", ("film-6",)),
        ("harbour lights", ("film-3", "film-2")),
        ("Harbour Lights (1988)", ("film-2",)),
        ("harbor lights", ("film-3", "film-2")),
        ("long heist", ("film-1",)),
        ("haunting", ("film-11",)),
        ("drift", ("film-4", "film-5", "film-6")),
        ("star drift 4", ()),
        ("the", ()),
        ("", ()),
        ("gone with the wind", ()),
    ],
)
def test_titles_as_people_write_them(tiny, text, ids):
    assert tiny.link_title(text) == ids


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("lord of the rings", "the-lord-of-the-rings-the-fellowship-of-the-ring-2001", 3),
        ("lotr", "the-lord-of-the-rings-the-fellowship-of-the-ring-2001", 3),
        ("amelie", "amelie-2001", 1),
        ("shawshank redemtion", "the-shawshank-redemption-1994", 1),
        ("spiderman", "spider-man-2002", 1),
        ("se7en", "seven-1995", 1),
        ("dr strangelove", "dr-strangelove-1964", 1),
        ("aliens", "aliens-1986", 1),
        ("alien", "alien-1979", 1),
        ("oceans eleven", "oceans-eleven-2001", 1),
        ("terminator 2", "terminator-2-judgment-day-1991", 1),
    ],
)
def test_films_as_people_write_them(films, text, first, count):
    found = films.link_title(text)
    assert found[:1] == (first,)
    assert len(found) == count


@pytest.mark.parametrize(
    ("facet", "text", "values"),
    [
        ("kind", "notebook", ("laptop",)),
        ("kind", "earbuds", ("headphones",)),
        ("kind", "smartphones", ("phone",)),
        ("kind", "gaming laptop", ("laptop",)),
        ("brand", "bose", ("Bose",)),
        ("brand", "b&w", ("Bowers & Wilkins",)),
        ("brand", "anker", ("Anker Soundcore",)),
        ("os", "mac os", ("macOS",)),
        ("os", "windows 11", ("Windows",)),
        ("os", "chrome os", ("ChromeOS",)),
    ],
)
def test_devices_as_people_call_them(devices, facet, text, values):
    assert devices.link(facet, text).values == values


def test_half_a_products_name_gives_the_newest_first(devices):
    catalog = {i.id: i for i in load_catalog(bundled_path("electronics")).items}
    years = [catalog[i].facts["year"] for i in devices.link_title("macbook air")]
    assert len(years) > 1
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize(
    ("facet", "text", "value"),
    [
        ("country", "korean", "South Korea"),
        ("country", "british", "United Kingdom"),
        ("country", "English", "United Kingdom"),
        ("country", "bollywood", "India"),
        ("language", "Korean", "Korean"),
        ("language", "farsi", "Persian"),
        ("genres", "hilarious", "comedy"),
        ("genres", "whodunit", "mystery"),
        ("genres", "doc", "documentary"),
        ("genres", "biopics", "biography"),
        ("genres", "cartoons", "animation"),
        ("genres", "kid-friendly", "family"),
        ("genres", "sf", "science fiction"),
    ],
)
def test_film_words_mean_what_people_mean(films, facet, text, value):
    assert films.link(facet, text).values == (value,)


@pytest.mark.parametrize(
    ("word", "single"),
    [("comedies", "comedy"), ("boxes", "box"), ("films", "film"), ("glass", "glass"),
     ("series", "series"), ("bus", "bus"), ("movies", "movie"), ("wishes", "wish"), ("is", "is")],
)  # fmt: skip
def test_plurals_become_singular(word, single):
    assert stem(word) == stem(single)


def test_words_know_their_places_and_each_cjk_sign_is_a_word():
    text = "Amélie's 映画 & Co."
    assert [(text[t.start : t.end], t.plain, t.name) for t in tokens(text)] == [
        ("Amélie's", "amelies", "amelie"),
        ("映", "映", "映"),
        ("画", "画", "画"),
        ("&", "and", "and"),
        ("Co", "co", "co"),
    ]


def test_a_product_is_known_without_its_maker(devices):
    found = _found(devices, "is the Lemur Pro lighter than an iPad mini?")
    assert {text for text, facet, _ in found if facet is None} == {"Lemur Pro", "iPad mini"}


def test_everyday_words_name_the_values_of_any_shop():
    schema = Schema("inns", (Facet("features", "category", values=("pets", "pool")),))
    items = [Item("a", "Inn", "", {"features": ("pets", "pool")})]
    index = ValueIndex(schema, items, WordVectors(HashEncoder()))
    assert [m.value for m in index.mentions("may my dog come?")] == ["pets"]
    assert index.link("features", "puppy").values == ("pets",)


def test_the_themes_of_works_are_taken_by_their_own_words_alone():
    facets = (Facet("director", "people"), Facet("keywords", "tags"))
    items = [Item("a", "Film", "", {"director": ("Ann Lee",), "keywords": ("pets",)})]
    index = ValueIndex(Schema("films", facets), items, WordVectors(HashEncoder()))
    assert all(m.facet is None for m in index.mentions("a film about a dog"))

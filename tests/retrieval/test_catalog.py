"""Catalogue files: every format, every breakage, and what is inferred without a YAML."""

import gzip
import json
import random

import pytest

from retrieval.catalog import BUNDLED, CatalogFile, bundled_path, load_catalog
from retrieval.errors import CatalogError
from retrieval.facts import BadFact, read_fact, read_number
from retrieval.schema import parse_schema

SCHEMA = """
noun: book
nouns: books
id: isbn
title: name
text: about
facets:
  genre: {kind: category, separator: "|", synonyms: {fantasy: [wizards]}}
  pages: {kind: number, unit: pages, less: [shorter], more: [longer]}
  author: {kind: people}
"""
ROWS = [
    {"isbn": "1", "name": "Dawn", "about": "A start.", "genre": "fantasy|war", "pages": "300",
     "author": "Ann Lee"},
    {"isbn": "2", "name": "Dusk", "about": "", "genre": "Fantasy", "pages": "", "author": "Bo Li"},
]  # fmt: skip


def _csv(rows, delimiter=","):
    lines = [delimiter.join(rows[0]), *(delimiter.join(row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


def _write(tmp_path, name, content, schema=SCHEMA):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if schema:
        (tmp_path / "books.yaml").write_text(schema, encoding="utf-8")
    return path


def _parquet(path, rows):
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("books.csv", _csv(ROWS)),
        ("books.csv", "\ufeff" + _csv(ROWS, ";").replace("\n", "\r\n")),
        ("books.tsv", _csv(ROWS, "\t")),
        ("books.jsonl", "\n".join(map(json.dumps, ROWS)) + "\n\n"),
        ("books.csv.gz", gzip.compress(_csv(ROWS).encode())),
        ("books.jsonl.gz", gzip.compress("\n".join(map(json.dumps, ROWS)).encode())),
        ("books.parquet", None),
    ],
)
def test_every_format_gives_the_same_items(tmp_path, name, content):
    path = _write(tmp_path, name, content or b"")
    if content is None:
        _parquet(path, ROWS)
    catalog = load_catalog(path)
    dawn, dusk = catalog.items
    assert (dawn.id, dawn.title, dawn.text) == ("1", "Dawn", "A start.")
    assert dawn.facts == {"genre": ("Fantasy", "war"), "pages": 300, "author": "Ann Lee"}
    assert dusk.facts == {"genre": ("Fantasy",), "pages": None, "author": "Bo Li"}
    assert catalog.bad_rows == ()
    assert catalog.schema.facet("genre").values == ("Fantasy", "war")
    assert catalog.schema.item == "book"
    assert catalog.schema.name == "books"
    assert load_catalog(path, name="shop").schema.name == "shop"


def test_broken_json_lines_are_reported_and_the_rest_goes_in(tmp_path):
    lines = [json.dumps(ROWS[0]), "{oops", "[1, 2]", json.dumps(ROWS[1])]
    catalog = load_catalog(_write(tmp_path, "books.jsonl", "\n".join(lines)))
    assert [i.id for i in catalog.items] == ["1", "2"]
    assert [b.line for b in catalog.bad_rows] == [2, 3]
    assert "not JSON" in catalog.bad_rows[0].reason
    assert "list" in catalog.bad_rows[1].reason


def test_rows_of_the_wrong_shape_are_reported_with_their_line(tmp_path):
    text = (
        "isbn,name,about,genre,pages,author\n"
        '1,Dawn,"two\nlines",war,300,Ann\n'
        "2,Dusk,too few\n"
        ",No id,,war,1,Ann\n"
        "4,,no title,war,1,Ann\n"
        "5,Noon,,war,many,Ann\n"
        "6,Eve,,war,10,Ann\n"
    )
    catalog = load_catalog(_write(tmp_path, "books.csv", text))
    assert [i.id for i in catalog.items] == ["1", "5", "6"]
    assert catalog.items[1].facts["pages"] is None
    assert catalog.items[0].text == "two lines"
    reasons = {b.line: b.reason for b in catalog.bad_rows}
    assert set(reasons) == {4, 5, 6, 7}
    assert "expected 6 cells, got 3" in reasons[4]
    assert reasons[5].startswith("id:")
    assert reasons[6].startswith("title:")
    assert reasons[7] == "pages: expected a number, got 'many'; left empty"
    assert [b.line for b in catalog.bad_rows if b.kept] == [7]


def test_of_two_rows_with_one_id_the_last_stands_and_the_first_is_reported(tmp_path):
    rows = [ROWS[0], {**ROWS[1], "isbn": "1"}]
    catalog = load_catalog(_write(tmp_path, "books.jsonl", "\n".join(map(json.dumps, rows))))
    assert [i.title for i in catalog.items] == ["Dusk"]
    assert catalog.bad_rows[0].line == 1
    assert "line 2" in catalog.bad_rows[0].reason


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("books.csv", b"", "an empty file"),
        ("books.csv", b"  \n \n", "an empty file"),
        ("books.csv", b"isbn,name,about,genre,pages,author\n", "at least one usable row"),
        ("books.csv", b"isbn,name\n1,Dawn\n", "a column 'genre' for genre"),
        ("books.jsonl", b"{oops\n", "not JSON"),
        ("books.jsonl", b'{"isbn": "1", "name": ""}\n', "a column"),
        ("books.csv.gz", b"not gzip", "a gzip file"),
        ("books.parquet", b"not parquet", "a Parquet file"),
        ("books.xlsx", b"PK\x03\x04", "Save the sheet as CSV"),
        ("books.csv", b"\x00\x01\x02" * 50, "no text"),
        ("books.json", b'{"a": [1, 2}', "not JSON"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, name, content, says):
    with pytest.raises(CatalogError) as caught:
        load_catalog(_write(tmp_path, name, content))
    assert says in str(caught.value)
    assert name in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CatalogError, match="no such file"):
        load_catalog(tmp_path / "gone.csv")
    with pytest.raises(CatalogError, match="movies, electronics"):
        bundled_path("songs")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("facets: [", "line"),
        ("", "dictionary"),
        ("facets: {genre: {kind: colour}}", "facets.genre.kind"),
        ("facets: {}\nidd: x", "idd"),
        ("facets: {genre: {kind: category, vocabulary: birds}}", "vocabulary"),
    ],
)
def test_a_broken_yaml_says_where(tmp_path, text, says):
    path = tmp_path / "books.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=says):
        parse_schema(path, "books")
    with pytest.raises(CatalogError, match="no such file"):
        parse_schema(tmp_path / "gone.yaml", "gone")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (3, 3),
        (2.50, 2.5),
        ("1,299.00", 1299),
        ("$1,299", 1299),
        ("1.299,50 €", 1299.5),
        ("1.299", 1.299),
        ("12,5", 12.5),
        ("Rs. 1,49,999", 149999),
        ("16 GB", 16),
        ('13.3"', 13.3),
        ("-4", -4),
        ("90 min", 90),
        ("1 234", 1234),
    ],
)
def test_numbers_are_read_as_people_write_them(cell, number):
    assert read_number(cell) == number


@pytest.mark.parametrize("cell", ["many", "1-2", True, [1], float("inf"), "12 and 13", "", "x9"])
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(BadFact):
        read_number(cell)


@pytest.mark.parametrize("cell", [None, "", " n/a ", "NaN", float("nan"), [], [None, ""], "-"])
def test_what_says_nothing_is_missing(cell):
    assert read_fact(cell, "category") is None
    assert read_fact(cell, "number") is None


def test_lists_come_from_lists_from_json_from_python_and_from_separators():
    for cell in (["a", "b"], '["a", "b"]', "['a', 'b']", "a | b", ["a", "b", "a", None]):
        assert read_fact(cell, "category", "|") == ("a", "b")
    assert read_fact("a | b", "category") == "a | b"
    assert read_fact("[unclear", "category") == "[unclear"
    assert read_fact(7.0, "category") == "7"
    with pytest.raises(BadFact):
        read_fact({"a": 1}, "category")


def test_spellings_that_differ_in_case_accent_or_plural_become_one(tmp_path):
    rows = [
        {"id": n, "title": f"T{n}", "genre": [g], "author": a}
        for n, (g, a) in enumerate(
            [("comedy", "Zoé Ray"), ("Comedy", "Zoe Ray"), ("comedies", "Zoé Ray"), ("war", "X")]
        )
    ]
    schema = "facets: {genre: {kind: category}, author: {kind: people}}"
    path = _write(tmp_path, "books.jsonl", "\n".join(map(json.dumps, rows)), schema)
    catalog = load_catalog(path)
    assert catalog.schema.facet("genre").values == ("Comedy", "war")
    assert {i.facts["author"] for i in catalog.items} == {"Zoé Ray", "X"}


def test_a_vocabulary_brings_the_words_for_the_values_that_are_there(tmp_path):
    rows = [{"id": "1", "title": "A", "c": "France", "g": ["comedy", "romance"]},
            {"id": "2", "title": "B", "c": "Norway", "g": ["sci-fi"]}]  # fmt: skip
    schema = (
        "facets: {c: {kind: category, vocabulary: countries, synonyms: {France: [gallic]}}, "
        "g: {kind: category, vocabulary: genres}}"
    )
    path = _write(tmp_path, "books.jsonl", "\n".join(map(json.dumps, rows)), schema)
    loaded = load_catalog(path).schema
    assert loaded.facet("c").synonyms["France"] == ("gallic", "french")
    assert "scandinavian" in loaded.facet("c").synonyms["Norway"]
    assert "Japan" not in loaded.facet("c").synonyms
    assert "romcom" in loaded.facet("g").synonyms["romance + comedy"]


WINE = [
    {"SKU": f"w{n}", "Product Name": f"Wine {n}", "Price": f"${n + 9}.50", "Color": color,
     "Grapes": grapes, "Maker": f"House {n % 5}", "Vintage Year": 1990 + n,
     "Notes": f"A long and winding tale about wine number {n}, which goes on for quite a while.",
     "Image URL": f"http://x/{n}.png", "Weight_g": n * 10, "Tags": f"t{n};t{n % 3};dry",
     "Author": f"Ann {n}"}
    for n, (color, grapes) in enumerate(
        [("Red", "Merlot, Syrah"), ("White", "Riesling"), ("Red", "Syrah, Merlot"),
         ("Rosé", "Merlot"), ("Red", "Syrah"), ("White", "Riesling, Merlot")] * 4
    )
]  # fmt: skip


def _infer(tmp_path, rows):
    path = _write(tmp_path, "wine.jsonl", "\n".join(map(json.dumps, rows)), schema=None)
    return path, load_catalog(path)


def test_without_a_yaml_the_columns_are_told_by_name_and_content(tmp_path):
    path, catalog = _infer(tmp_path, WINE)
    kinds = {f.name: (f.kind, f.unit) for f in catalog.schema.facets}
    assert kinds == {
        "price": ("number", "USD"),
        "color": ("category", ""),
        "grapes": ("category", ""),
        "maker": ("category", ""),
        "year": ("number", "year"),
        "weight": ("number", "g"),
        "tags": ("tags", ""),
        "author": ("people", ""),
    }
    first = catalog.items[0]
    assert (first.id, first.title) == ("w0", "Wine 0")
    assert first.text.startswith("A long")
    assert first.facts["grapes"] == ("Merlot", "Syrah")
    assert first.facts["price"] == 9.5
    assert "cheaper" in catalog.schema.facet("price").less
    assert path.with_name("wine.yaml").is_file()


def test_the_inferred_yaml_reads_back_as_the_same_catalogue(tmp_path):
    path, inferred = _infer(tmp_path, WINE)
    assert load_catalog(path) == inferred


def test_an_edited_yaml_is_never_written_over(tmp_path):
    path, _ = _infer(tmp_path, WINE)
    beside = path.with_name("wine.yaml")
    text = beside.read_text(encoding="utf-8").replace("noun: product", "noun: wine")
    beside.write_text(text, encoding="utf-8")
    assert load_catalog(path).schema.item == "wine"
    assert beside.read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_still_gives_the_catalogue(tmp_path, monkeypatch):
    import retrieval.catalog

    def refuse(*_):
        raise PermissionError("read-only")

    monkeypatch.setattr(retrieval.catalog, "write_schema", refuse)
    _, catalog = _infer(tmp_path, WINE)
    assert len(catalog.items) == 24


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"id": 1, "n": 5}, {"id": 2, "n": 6}], "a title column"),
    ],
)
def test_what_cannot_be_inferred_is_asked_for(tmp_path, rows, says):
    with pytest.raises(CatalogError, match=says):
        _infer(tmp_path, rows)


def test_known_values_get_their_vocabulary(tmp_path):
    pairs = [("Horror", "Japan"), ("Comedy", "France"), ("War", "Japan")] * 5
    rows = [
        {"id": n, "title": f"Film {n}", "genre": g, "made in": c} for n, (g, c) in enumerate(pairs)
    ]
    _, catalog = _infer(tmp_path, rows)
    assert "scary" in catalog.schema.facet("genre").synonyms["Horror"]
    assert "japanese" in catalog.schema.facet("made_in").synonyms["Japan"]


GENRES = set(
    "action adventure animation biography comedy crime documentary drama family fantasy history "
    "horror music musical mystery romance sport thriller war western".split()
) | {"science fiction"}


def test_the_bundled_films_are_complete():
    films = load_catalog(bundled_path("movies"))
    assert films.bad_rows == ()
    assert len(films.items) >= 1000
    assert len({(i.title.casefold(), i.facts["year"]) for i in films.items}) == len(films.items)
    for film in films.items:
        facts = film.facts
        assert 1890 <= facts["year"] <= 2026, film.id
        assert 5 <= facts["runtime"] <= 600, film.id
        assert set(facts["genres"]) <= GENRES, film.id
        assert 8 <= len(film.text.split()) <= 80, film.id
        for facet in ("genres", "director", "cast", "language", "country", "keywords"):
            assert facts[facet], (film.id, facet)
    count = {g: sum(g in i.facts["genres"] for i in films.items) for g in GENRES}
    assert min(count.values()) >= 25, count
    assert len(films.schema.facet("country").values) >= 20


def test_the_bundled_devices_are_complete():
    devices = load_catalog(bundled_path("electronics"))
    assert devices.bad_rows == ()
    assert len(devices.items) >= 300
    kinds = {"laptop", "phone", "tablet", "headphones", "camera"}
    assert set(devices.schema.facet("kind").values) == kinds
    for device in devices.items:
        assert device.facts["brand"] and device.facts["kind"], device.id
        assert 10 <= device.facts["price"] <= 20000, device.id
        assert 2005 <= device.facts["year"] <= 2026, device.id
        assert device.text, device.id


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_schema_has_words_for_people(name):
    schema = load_catalog(bundled_path(name)).schema
    assert len(schema.openings) == 3
    assert all(f.description for f in schema.facets)
    assert all(f.less and f.more and f.unit for f in schema.facets if f.kind == "number")


@pytest.mark.parametrize("packed", [False, True])
def test_reading_tells_how_far_it_has_come(tmp_path, packed):
    rows = "".join(f"{n},Item {n},{random.Random(n).random()}\n" for n in range(40_000))
    path = tmp_path / ("things.csv.gz" if packed else "things.csv")
    (gzip.open if packed else open)(path, "wt").write(f"id,title,text\n{rows}")
    file = CatalogFile(path)
    seen = [file.reached() for _ in file.rows()]
    assert seen == sorted(seen)
    assert 0.3 < seen[len(seen) // 2] / file.size() < 0.7
    assert file.reached() == file.size() == path.stat().st_size


def test_bytes_that_are_no_text_are_no_catalogue(tmp_path):
    path = tmp_path / "things.csv"
    path.write_bytes(random.Random(1).randbytes(20_000))
    with pytest.raises(CatalogError, match="bytes that are no text"):
        CatalogFile(path)

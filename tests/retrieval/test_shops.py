"""Exports of very different shops, read without a word of help."""

import gzip
import json

import pytest
from shops import SHOPS

from retrieval.catalog import CatalogFile, load_catalog
from retrieval.errors import CatalogError
from retrieval.schema import parse_schema


def _load(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(SHOPS[name]())
    return load_catalog(path)


def _kinds(catalog):
    return {f.name: (f.kind, f.unit) for f in catalog.schema.facets}


def test_a_wine_list_under_a_heading_in_windows_1252_and_pounds(tmp_path):
    wines = _load(tmp_path, "wines.csv")
    assert _kinds(wines) == {
        "producer": ("tags", ""),
        "region": ("category", ""),
        "color": ("category", ""),
        "grapes": ("category", ""),
        "year": ("number", "year"),
        "price": ("number", "GBP"),
        "alcohol": ("number", "%"),
        "features": ("category", ""),
    }
    assert len(wines.items) == 30 and wines.bad_rows == ()
    albarino = next(i for i in wines.items if i.title == "Albariño do Mar")
    assert albarino.facts["price"] == 15.9
    assert albarino.facts["features"] == ("organic",)
    assert next(i for i in wines.items if "Rioja" in i.title).facts["grapes"] == (
        "Tempranillo",
        "Graciano",
    )
    assert (wines.schema.item, wines.schema.items) == ("wine", "wines")


def test_a_job_feed_with_nested_objects_and_salary_ranges(tmp_path):
    jobs = _load(tmp_path, "jobs.jsonl")
    kinds = _kinds(jobs)
    assert kinds["salary"] == ("number", "GBP")
    assert kinds["company"] == kinds["city"] == kinds["contract"] == ("category", "")
    first = jobs.items[0]
    assert (first.id, first.title) == ("J-1000", "Junior Nurse")
    assert first.facts["salary"] == 22000
    assert first.facts["posted"] == "January 2026"
    assert first.facts["features"] == ("remote",)
    assert first.facts["city"] == "Leeds"


def test_a_cookbook_with_ticks_servings_and_hours(tmp_path):
    recipes = _load(tmp_path, "recipes.csv")
    soup, chicken = recipes.items[:2]
    assert soup.facts["total_time"] == 15
    assert recipes.items[3].facts["total_time"] == 90
    assert chicken.facts["serves"] == ("3", "4", "5")
    assert chicken.facts["features"] == ("vegetarian",)
    assert soup.facts["features"] == ("gluten free",)
    assert "onion" in soup.facts["ingredients"]
    assert soup.text.startswith("Chop")


def test_hotels_with_stars_scores_and_amenities(tmp_path):
    hotels = _load(tmp_path, "hotels.tsv")
    kinds = _kinds(hotels)
    assert kinds["price"] == ("number", "EUR")
    assert kinds["stars"] == ("number", "stars")
    assert kinds["distance_to_centre"] == ("number", "km")
    first = hotels.items[0]
    assert (first.id, first.facts["guest_score"]) == ("500", 6.5)
    assert first.facts["room_types"] == ("single", "double")
    assert set(hotels.schema.facet("features").values) == {"pool", "wifi", "pets allowed"}


def test_board_games_in_a_json_object_with_pairs_in_a_cell(tmp_path):
    games = _load(tmp_path, "games.json")
    first = games.items[0]
    assert first.facts["players"] == ("1", "2", "3")
    assert first.facts["age"] == 6
    assert first.facts["playing_time"] == 15
    assert first.facts["weight"] == 0.4
    assert first.facts["price"] == 9.99
    assert games.schema.facet("price").unit == "USD"
    assert games.schema.facet("designers").kind == "people"
    assert games.items[1].facts["designers"] == ("Ada Kern", "Bo Lind 1")


@pytest.mark.parametrize("name", SHOPS)
def test_what_was_written_for_editing_reads_back_as_the_same(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(SHOPS[name]())
    first = CatalogFile(path)
    again = CatalogFile(path)
    assert first.inferred is not None and again.inferred is None
    assert again.layout.columns == first.layout.columns
    assert again.layout.flags == first.layout.flags
    assert load_catalog(path).items == load_catalog(path, first.schema_path).items
    text = first.schema_path.read_text(encoding="utf-8")
    assert "# Written from" in text
    parse_schema(first.schema_path, "x")


def test_a_ruby_hash_of_specifications_and_a_path_of_categories(tmp_path):
    rows = ["uid,product_name,category_tree,discounted_price,retail_price,specs,about"]
    for n in range(24):
        top, sub = ("Home", ("Curtains", "Rugs")[n % 4 // 2]) if n % 2 else ("Watches", "Wrist")
        specs = (
            f'{{""spec""=>[{{""key""=>""Color"", ""value""=>""{("Red", "Blue")[n % 2]}""}}, '
            f'{{""key""=>""Height"", ""value""=>""{90 + n} cm""}}, {{""value""=>""a box""}}]}}'
        )
        rows.append(
            f'{n:032x},Thing {n},"[""{top} >> {sub} >> Thing number {n} of all...""]",'
            f'{100 + n},{200 + n},"{specs}",Now only Rs. {100 + n} while it lasts in this shop.'
        )
    path = tmp_path / "export.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    shop = load_catalog(path)
    first = shop.items[1]
    assert first.facts["category"] == ("Home", "Curtains")
    assert first.facts["color"] == "Blue"
    assert first.facts["height"] == 91
    assert shop.schema.facet("height").unit == "cm"
    assert first.facts["price"] == 101
    assert shop.schema.facet("price").unit == "INR"
    assert "retail_price" not in first.facts  # what is paid is the price


@pytest.mark.parametrize("name", ["wines.csv", "jobs.jsonl", "games.json"])
def test_a_gzipped_export_is_the_same(tmp_path, name):
    plain = _load(tmp_path, name)
    packed = tmp_path / "more" / f"{name}.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(SHOPS[name]()))
    assert load_catalog(packed).items == plain.items


def test_a_folder_is_read_as_one_catalogue_and_broken_rows_name_their_file(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "a.csv").write_text("id,name,price\n1,One,5\n2,Two,6\n3,Three\n")
    (folder / "b.csv").write_text("id,name,price\n4,Four,5\n1,One again,7\n")
    catalog = load_catalog(folder)
    assert [i.title for i in catalog.items] == ["Two", "Four", "One again"]
    assert [(b.file, b.line) for b in catalog.bad_rows if "cells" in b.reason] == [("a.csv", 4)]


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        ("id;name\n1;Café\n2;Thé\n".encode("cp1252"), ["Café", "Thé"]),
        ("id\tname\n1\tCafé\n2\tThé\n".encode("utf-16"), ["Café", "Thé"]),
        ("id|name\n1|Чай чёрный байховый\n2|Кофе с молоком\n".encode("cp1251"),
         ["Чай чёрный байховый", "Кофе с молоком"]),
        (b"id,name\n" + "".join(f"{n},Caf\u00e9\n" for n in range(9)).encode() + b"9,Th\xe9\n",
         ["Café"] * 9 + ["Thé"]),
        (b"'id','name'\n'1','A, B'\n'2','C'\n", ["A, B", "C"]),
        (b'id,name\n1,"say \\"hi\\""\n2,b\n', ['say "hi"', "b"]),
        (b"sep=;\nid;name\n1;A\n2;B\n", ["A", "B"]),
        (b"1,Foo Bar,3.5\n2,Baz Qux,4\n", ["Foo Bar", "Baz Qux"]),
        (b"id,name\r1,A\r2,B\r", ["A", "B"]),
        (b'id,name\n1,"open\n2,b\n3,"c"\n', ["b", "c"]),
        (b"id,name\n1,a\n2," + b"x" * 2_000_000 + b"\n3,c\n", ["a", "c"]),
    ],
)  # fmt: skip
def test_every_dialect_and_encoding_is_read(tmp_path, content, titles):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert [i.title for i in load_catalog(path).items] == titles


def test_a_list_without_ids_gets_them_from_what_tells_rows_apart(tmp_path):
    path = tmp_path / "beers.csv"
    path.write_text("Beer,Size\n" + "".join(f"Pale,{n} ml\nDark,{n} ml\n" for n in (330, 500)))
    catalog = load_catalog(path)
    assert [i.id for i in catalog.items] == ["Pale · 330 ml", "Dark · 330 ml", "Pale · 500 ml",
                                             "Dark · 500 ml"]  # fmt: skip
    path.with_name("beers.yaml").unlink()
    path.write_text("Beer\nPale\nPale\nDark\n")
    assert [i.title for i in load_catalog(path).items] == ["Pale", "Dark"]


def test_a_file_that_changes_while_it_is_read_is_not_taken_in(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,name\n1,A\n2,B\n")
    file = CatalogFile(path)
    rows = file.rows()
    next(rows)
    with path.open("a") as more:
        more.write("3,C\n")
    with pytest.raises(CatalogError, match="changed meanwhile"):
        list(rows)


def test_html_in_descriptions_is_left_out(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"id": 1, "title": "Tea &amp; Milk", '
        '"body_html": "<p>Warm <b>and</b><script>alert(1)</script> soft"}\n'
    )
    item = load_catalog(path).items[0]
    assert (item.title, item.text) == ("Tea & Milk", "Warm and soft")


def test_a_german_job_feed_with_points_in_its_thousands(tmp_path):
    rows = [
        {"ref": f"J{n}", "position": f"{kind} {n}", "gehalt_eur_year": f"{30 + n}.{n % 10}00"}
        | {"hours_per_week": 20 + n, "about": f"A long day of work as number {n} awaits you here."}
        for n, kind in enumerate(["Baker", "Nurse", "Painter", "Cook", "Clerk", "Driver"] * 2)
    ]
    path = tmp_path / "jobs.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    jobs = load_catalog(path)
    assert jobs.items[1].title == "Nurse 1"
    assert jobs.items[1].facts["gehalt"] == 31100
    assert _kinds(jobs)["gehalt"] == ("number", "EUR")
    assert jobs.schema.item == "job"
    assert jobs.items[1].text.startswith("A long day")

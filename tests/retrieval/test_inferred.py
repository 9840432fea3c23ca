"""What columns are taken for, one habit of exports at a time."""

import json

from retrieval.catalog import CatalogFile, load_catalog
from retrieval.columns import Column
from retrieval.embedding import HashEncoder
from retrieval.index import Index
from retrieval.kinds import told
from retrieval.meaning import WordVectors
from retrieval.title_keys import MemoryTitles
from retrieval.titles import TitleLinker
from retrieval.types import Item
from retrieval.values import ValueIndex


def _column(name, *cells):
    return Column(name, cells, len(cells))


def _written(tmp_path, name, rows):
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_path_goes_as_deep_as_its_steps_come_again():
    leaves = [f"Maker {n} Towels" for n in range(400)]
    cells = [f"Home >> {('Bath', 'Bed')[n % 2]} >> Towels {n % 9}" for n in range(400)]
    deep = [f"{cell} >> {leaf}" for cell, leaf in zip(cells, leaves, strict=True)]
    found = told(_column("category", *deep))
    assert (found.kind, found.levels) == ("category", 3)


def test_a_list_with_bullets_is_no_description(tmp_path):
    things = ("dishwasher", "garden", "cot", "games room", "BBQ", "sea view", "wood burner")
    rows = [
        {"title": f"Cottage {n}", "facilities": " • ".join(things[n % 5 : n % 5 + 3])}
        for n in range(20)
    ]
    catalog = load_catalog(_written(tmp_path, "cottages.jsonl", rows))
    assert catalog.schema.facet("facilities").kind == "category"
    assert catalog.items[0].facts["facilities"] == ("dishwasher", "garden", "cot")
    assert catalog.items[0].text == ""


def test_a_length_in_two_units_is_told_in_one():
    heights = [f"{n} cm" for n in range(20, 90, 5)] + ["1.20 m", "1.50 m"]
    assert told(_column("height", *heights)).example == "20 to 150 cm"


def test_sizes_of_several_sides_are_searched_and_not_chosen_from():
    cells = [f"{9 + n} x {12 + 2 * n} cm" for n in range(40)]
    assert told(_column("size", *cells, *cells[:20])).kind == "tags"


def test_spellings_of_one_value_are_counted_once():
    found = told(_column("care", *("Easy", "easy", "EASY", "Medium", "medium") * 4))
    assert found.values == ("Easy", "Medium")


def test_spellings_with_and_without_a_comma_become_one(tmp_path):
    light = ("bright indirect", "low", "bright indirect", "low")
    rows = [{"title": f"Plant {n}", "light": light[n % 4]} for n in range(20)]
    rows[0]["light"] = "Bright, indirect"
    catalog = load_catalog(_written(tmp_path, "plants.jsonl", rows))
    assert catalog.schema.facet("light").values == ("bright indirect", "low")


def test_what_few_rows_have_takes_no_place_from_what_all_have(tmp_path):
    """Thirteen facets at most: a specification of a tenth of the rows is searched only."""
    rows = []
    for n in range(60):
        traits = {f"{letter}ness": f"{letter}{'abc'[n % 3]}" for letter in "abcdefghijklm"}
        row = {"title": f"Thing {n}", **traits}
        specs = {"Strap Type": ("Band", "Leather")[n % 2]} if n < 6 else {}
        rows.append({**row, "specs": {**specs, "Made In": "here"}})
    kinds = {
        f.name: f.kind for f in load_catalog(_written(tmp_path, "x.jsonl", rows)).schema.facets
    }
    assert kinds["strap_type"] == "tags"
    assert {kinds[f"{letter}ness"] for letter in "abcdefghijklm"} == {"category"}


def test_whom_a_thing_suits_is_searched_and_a_group_is_its_category(tmp_path):
    rows = [
        {
            "title": f"Thing {n}",
            "group": ("Palm", "Fern")[n % 2],
            "ideal for": ("Men", "Women")[n // 2 % 2],
            "WiFi": ("yes", "no")[n % 2],
            "added": f"2025-0{1 + n % 9}-11",
        }
        for n in range(24)
    ]
    file = CatalogFile(_written(tmp_path, "x.jsonl", rows))
    kinds = {f.name: f.kind for f in file.layout.schema.facets}
    assert kinds == {"category": "category", "ideal_for": "tags", "features": "category"}
    assert file.layout.flags == {"features": {"wifi": "WiFi"}}
    assert "added" in file.inferred.aside


def test_a_typo_is_mended_by_a_word_of_several_titles():
    items = [Item(str(n), f"Steel Kadhai {n}", "", {}) for n in range(3)]
    items.append(Item("9", "Muti-coloured bowl", "", {}))
    titles = TitleLinker(MemoryTitles(items), frozenset({"kitchen"}), products=True)
    assert titles.respelled("kadai") == "kadhai"
    assert titles.respelled("murti") == "murti"  # one title is no evidence
    assert titles.respelled("kitchen") == "kitchen"


def test_a_brand_with_a_mark_is_not_named_by_an_ordinary_word(tmp_path):
    rows = [
        {"title": f"Vase {n}", "brand": ("@home", "Prax")[n % 2], "text": "for your home, at home"}
        for n in range(8)
    ]
    index = Index.open(
        "v", tmp_path, HashEncoder(), load_catalog(_written(tmp_path, "v.jsonl", rows))
    )
    try:
        assert not index.values.mentions("a router for home")
        assert [m.value for m in index.values.mentions("from prax")] == ["Prax"]
    finally:
        index.close()


def test_a_score_beside_how_many_gave_it_is_a_number_and_a_bracket_no_part_of_a_word(tmp_path):
    rows = [
        {
            "title": f"Game {n}",
            "Rating": f"4.{n % 8}/5 ({50 + n})",
            "Complexity": f"{('Light', 'Heavy')[n % 2]} ({1 + n % 2}.5/5)",
        }
        for n in range(24)
    ]
    catalog = load_catalog(_written(tmp_path, "games.jsonl", rows))
    assert catalog.items[3].facts == {"rating": 4.3, "complexity": "Heavy"}


def test_of_a_range_in_two_columns_the_lower_end_is_taken_and_stock_is_left_aside(tmp_path):
    rows = [
        {
            "title": f"Job {n}",
            "salary": {"min": 30000 + 500 * n, "max": 40000 + 700 * n},
            "stock": n % 7,
            "location": {"city": ("Leeds", "Bonn")[n % 2], "country": ("UK", "Germany")[n % 2]},
        }
        for n in range(24)
    ]
    file = CatalogFile(_written(tmp_path, "jobs.jsonl", rows))
    says = {f.name: f.say for f in file.layout.schema.facets}
    assert says == {"salary": "", "city": "in {value}", "country": "in {value}"}
    assert set(file.inferred.aside) == {"salary.max", "stock"}


def test_years_with_one_word_for_none_are_numbers_and_makers_in_titles_are_kept(tmp_path):
    makers = ("Borgo", "Masi", "Prüm", "Keller", "Droin", "Tempier")
    rows = [
        {
            "title": f"{makers[n % 6]} Cuvée {n}",
            "producer": makers[n % 6],
            "vintage": "NV" if n % 6 == 0 else str(2010 + n % 9),
            "region": ("Spain > Rioja", "Italy > Asti", "Austria > Kamptal")[n % 3],
        }
        for n in range(30)
    ]
    catalog = load_catalog(_written(tmp_path, "wines.jsonl", rows))
    kinds = {f.name: (f.kind, f.unit) for f in catalog.schema.facets}
    assert kinds["year"] == ("number", "year")
    assert kinds["producer"] == ("category", "")
    assert "year" not in catalog.items[0].facts or catalog.items[0].facts["year"] is None


def _values(tmp_path, rows):
    catalog = load_catalog(_written(tmp_path, "x.jsonl", rows))
    return ValueIndex(catalog.schema, catalog.items, WordVectors(HashEncoder()))


def test_places_are_known_by_their_people_and_a_titles_noun_is_no_wider_value(tmp_path):
    rows = [
        {
            "title": ("Nurse", "Welder", "Rider")[n % 3],
            "industry": ("Healthcare", "Metal", "Logistics")[n % 3],
            "region": ("Spain", "Italy", "Austria")[n % 3],
            "skills": ("Go", "Rust", "SQL")[n % 3],
        }
        for n in range(12)
    ]
    values = _values(tmp_path, rows)
    assert [m.value for m in values.mentions("something spanish")] == ["Spain"]
    assert not [m for m in values.mentions("as a nurse") if m.facet == "industry"]
    assert not values.mentions("my kids go to school")
    assert [m.value for m in values.mentions("I write Go")] == ["Go"]


def test_yes_with_a_condition_is_a_yes_and_stands_beside_a_column_of_features(tmp_path):
    rows = [
        {
            "title": f"Cottage {n}",
            "dogs allowed": ("Yes (max 2)", "No", "Yes (1)")[n % 3],
            "features": ("wifi | hot tub", "garden | parking", "wifi | garden")[n % 3],
        }
        for n in range(30)
    ]
    catalog = load_catalog(_written(tmp_path, "cottages.jsonl", rows))
    assert catalog.items[0].facts["extras"] == ("dogs allowed",)
    assert catalog.items[1].facts["extras"] is None
    assert catalog.items[0].facts["features"] == ("wifi", "hot tub")


def test_a_path_of_places_keeps_its_counties_in_a_small_catalogue():
    counties = [f"County {n % 28}" for n in range(86)]
    cells = [f"UK > {('England', 'Wales')[n % 2]} > {c} > Town {n}" for n, c in enumerate(counties)]
    assert told(_column("region", *cells)).levels == 3


def test_what_is_of_use_to_the_shop_alone_is_left_aside(tmp_path):
    rows = [
        {"title": f"Plant {n}", "light": ("Sun", "Shade")[n % 2],
         "stock_status": ("instock", "onbackorder")[n % 2], "internal note": f"ask {n}"}
        for n in range(20)
    ]  # fmt: skip
    names = {f.name for f in load_catalog(_written(tmp_path, "plants.jsonl", rows)).schema.facets}
    assert "light" in names and not names & {"stock_status", "internal_note", "stock"}

"""Facts, chips, bars and lines: what the page shows of values, in words and numbers."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory.removals import ALIKE, AVOIDED, FREE_WORDS
from bot.types import Point, Relative, Removal, Understood, Wishes
from bot.web import charts, chips, why
from bot.web.comparison import table
from bot.web.facts import byline, measure, theme_of, year_of
from bot.web.facts import chips as fact_chips
from bot.web.palette import LOOKS, look_of
from bot.web.transcript import speech
from ranking.types import Why
from retrieval.types import Constraint, Facet, Item, Schema

FILMS = Schema(
    "films",
    (
        Facet("genres", "category"),
        Facet("year", "number", unit="year"),
        Facet("runtime", "number", unit="minutes", less=("shorter",), more=("longer",)),
        Facet("director", "people"),
        Facet("cast", "people"),
        Facet("keywords", "tags"),
    ),
)
HEAT = {
    "genres": ("drama", "crime"),
    "year": 1995,
    "runtime": 170,
    "director": ("Michael Mann",),
    "cast": ("Al Pacino", "Robert De Niro"),
    "keywords": ("heist",),
}


@pytest.mark.parametrize(
    ("name", "unit", "value", "words"),
    [
        ("runtime", "minutes", 125, "2 h 5 min"),
        ("runtime", "minutes", 120, "2 h"),
        ("runtime", "minutes", 14, "14 min"),
        ("year", "year", 1995, "1995"),
        ("price", "USD", 1299, "$1,299"),
        ("price", "USD", 19.99, "$19.99"),
        ("weight_g", "g", 890, "890 g"),
        ("weight_g", "g", 1240, "1.24 kg"),
        ("weight_g", "g", 1249, "1.249 kg"),
        ("os", "", 11, "OS 11"),
        ("screen_in", "inches", 13.6, "13.6″"),
        ("ram_gb", "GB", 16, "16 GB RAM"),
        ("storage_gb", "GB", 1000, "1 TB storage"),
        ("stars", "", 4.5, "stars 4.5"),
    ],
)
def test_a_number_is_written_in_its_unit(name: str, unit: str, value: float, words: str) -> None:
    assert measure(Facet(name, "number", unit=unit), value) == words


def test_a_card_shows_kinds_numbers_and_makers_but_no_themes() -> None:
    assert fact_chips(FILMS, HEAT) == ("drama", "crime", "2 h 50 min", "Michael Mann")
    assert (year_of(FILMS, HEAT), theme_of(FILMS, HEAT)) == ("1995", "crime")
    assert byline(FILMS, HEAT) == "Michael Mann"
    assert fact_chips(FILMS, {"genres": None, "year": None}) == ()
    assert "crime" not in fact_chips(FILMS, HEAT, "A Crime Story")


def test_every_wish_becomes_a_chip_that_names_what_it_withdraws() -> None:
    wishes = Wishes(
        constraints=(
            Constraint("genres", "!=", ("horror", "war")),
            Constraint("year", "<>", (1990.0, 1999.0)),
            Constraint("runtime", "<=", 120.0),
            Constraint("director", "=", ("Bong Joon-ho",)),
        ),
        relative=(Relative("runtime", "min"),),
        wish=("tense",),
        avoid=("gore",),
        similar=("heat",),
    )
    found = chips.of_wishes(wishes, FILMS, lambda item: item.title())
    assert [chip.words for chip in found] == [
        "no horror or war",
        "1990–1999",
        "runtime up to 2 h",
        "director: Bong Joon-ho",
        "lowest runtime",
        "“tense”",
        "no “gore”",
        "like Heat",
    ]
    assert [chips.removal(chip.kind, chip.facet, chip.value) for chip in found] == [
        Removal("genres", "horror, war"),
        Removal("year", "1990, 1999"),
        Removal("runtime", "120"),
        Removal("director", "Bong Joon-ho"),
        Removal("runtime"),
        Removal(FREE_WORDS, "tense"),
        Removal(AVOIDED, "gore"),
        Removal(ALIKE, "heat"),
    ]


def test_a_wish_that_is_held_twice_is_one_chip() -> None:
    understood = Understood(
        "recommend",
        add=(Constraint("keywords", "=", ("Tense",)), Constraint("year", ">=", 2018.0)),
        relative=(Relative("year", "more"), Relative("runtime", "less")),
        wish=("tense", "quiet"),
    )
    found = [chip.words for chip in chips.of_understood(understood, FILMS, str)]
    assert found == ["Tense", "2018 or later", "shorter", "“quiet”"]


def test_what_is_avoided_twice_is_one_chip() -> None:
    unwanted = (Constraint("keywords", "!=", ("violence",)),)
    wishes = Wishes(constraints=unwanted, avoid=("violence", "gore"))
    understood = Understood("recommend", add=unwanted, avoid=("Violence",))
    assert [c.words for c in chips.of_wishes(wishes, FILMS, str)] == ["no violence", "no “gore”"]
    assert [c.words for c in chips.of_understood(understood, FILMS, str)] == ["no violence"]


def test_a_unit_that_names_the_facet_is_not_said_twice() -> None:
    shop = Schema("shop", (Facet("ram_gb", "number", unit="GB"),))
    wishes = Wishes(constraints=(Constraint("ram_gb", ">=", 16.0),))
    assert [c.words for c in chips.of_wishes(wishes, shop, str)] == ["16 GB RAM or more"]


@pytest.mark.parametrize(("kind", "facet"), [("", ""), ("constraint", ""), ("other", "genres")])
def test_a_forged_chip_withdraws_nothing(kind: str, facet: str) -> None:
    assert chips.removal(kind, facet, "") is None


def test_the_why_bar_tells_the_exact_terms() -> None:
    bar = why.bar(Why(0.42, 0.14, 0.0, 0.05))
    assert "your words +0.42, your taste +0.14, popularity +0.00" in bar
    assert "-0.05" in bar and "width:75.0%" in bar
    assert why.bar(Why(0.0, -0.1, 0.0)) == ""


def test_wishes_met_are_told_without_the_name_of_the_facet() -> None:
    met = why.wishes_met(Why(0, 0, 0, 0, ("genres: comedy", "1130 g"), ("Korean: a language",)))
    assert ">comedy<" in met and ">a language<" in met and ">1.13 kg<" in met


def test_interest_is_drawn_as_bars_with_the_strongest_first() -> None:
    drawn = charts.bars([Point("horror", 0.1), Point("comedy", 0.4)])
    assert drawn.index("comedy") < drawn.index("horror")
    assert "width:100.0%" in drawn and "width:25.0%" in drawn and "40%" in drawn
    assert ">1.2%<" in charts.bars([Point("noir", 0.012)])
    assert "width:24.0%" in charts.bars([Point("noir", 0.012)]), "a faint taste is a short bar"
    assert charts.bars([]) == "" and charts.bars([Point("comedy", 0.0)]) == ""


def test_interest_over_turns_is_told_in_words_too() -> None:
    drawn = charts.lines({1: (), 2: (Point("comedy", 0.2),), 3: (Point("comedy", 0.6),)})
    assert "Interest from turn 2 to turn 3: comedy 20%, 60%" in drawn
    assert drawn.count("<polyline") == 1 and ">60%</text>" in drawn
    assert charts.lines({1: (), 2: (Point("comedy", 0.2),)}) == ""


def test_a_line_begins_where_its_point_is_first_known() -> None:
    drama, noir = Point("drama", 0.4), Point("noir", 0.2)
    drawn = charts.lines({1: (drama,), 2: (drama, noir), 3: (noir, drama)})
    paths = re.findall(r'points="([^"]*)"', drawn)
    assert [len(path.split()) for path in paths] == [3, 2]
    assert paths[1].split()[0].split(",")[0] == paths[0].split()[1].split(",")[0]
    assert "drama 40%, 40%, 40%; noir from turn 2 20%, 20%" in drawn


@given(st.lists(st.floats(0, 100), max_size=6).map(sorted))
def test_labels_of_lines_never_overlap(places: list[float]) -> None:
    moved = charts.spread(places, 12, 0, 100)
    assert all(b - a >= 12 - 1e-9 for a, b in pairwise(moved))
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in moved)


def test_labels_with_room_stay_where_they_are() -> None:
    assert charts.spread([10, 40, 90], 12, 0, 100) == [10, 40, 90]


def test_items_are_compared_in_every_fact_that_one_of_them_has() -> None:
    shorter = {**HEAT, "runtime": 90, "director": None, "cast": None}
    items = (Item("a", "Heat", "", HEAT), Item("b", "Cold", "", shorter))
    drawn = table(items, FILMS)
    assert '<tr><th scope="row">genres</th>' in drawn
    assert '<tr class="differs"><th scope="row">director</th>' in drawn
    assert "2 h 50 min" in drawn and ">–</td>" in drawn and "heist" not in drawn
    assert table(items[:1], FILMS) == ""


def test_the_text_of_a_reply_is_parted_wherever_it_is_cut() -> None:
    whole = "Two films.\n1. Heat (1995): tense.\n2. Alien (1979): dark.\nAnything else?"
    parts = speech(whole)
    assert parts.before == ("Two films.",)
    assert parts.items == ((1, "Heat (1995): tense."), (2, "Alien (1979): dark."))
    assert parts.after == ("Anything else?",)
    for end in range(len(whole)):
        cut = speech(whole[:end])
        assert len(cut.items) <= 2


def test_white_text_can_be_read_on_every_ground() -> None:
    def light(colour: str) -> float:
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for theme in (*LOOKS, "garden tools", "jazz", "童话", ""):
        look = look_of(theme)
        for ground in (look.top, look.bottom):
            assert 1.05 / (light(ground) + 0.05) >= 4.5, (theme, ground)

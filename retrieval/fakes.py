"""A catalogue of twelve films for tests; with `HashEncoder` it stands in for the real thing.

Small enough to hold in the head: three comedies, three horror films, remakes, a series, namesakes,
and a few facts left out on purpose. Knows nothing of files.
"""

from retrieval.catalog import Catalog
from retrieval.schema import with_ranges, with_values
from retrieval.types import Facet, Fact, Item, Schema
from retrieval.values import count_values, ranges

TINY_SCHEMA = Schema(
    "tiny",
    (
        Facet(
            "genres",
            "category",
            synonyms={
                "comedy": ("funny",),
                "science fiction": ("sci-fi", "scifi"),
                "horror": ("scary",),
                "romance + comedy": ("romcom", "rom com"),
            },
        ),
        Facet("year", "number", "year", less=("older",), more=("newer",)),
        Facet("runtime", "number", "minutes", less=("shorter",), more=("longer",)),
        Facet("director", "people"),
        Facet("cast", "people"),
        Facet("country", "category", synonyms={"South Korea": ("korean",)}),
        Facet("language", "category"),
        Facet("keywords", "tags"),
    ),
    "film",
    "films",
    ("A funny film, please",),
)

# title, year, runtime, genres, director, cast, country, language, keywords, text
_FILMS: tuple[tuple[str, int | None, int | None, str, str, str, str, str, str, str], ...] = (
    (
        "The Long Heist", 1995, 170, "crime, thriller", "Ann Marlowe", "Tom Banks, Ed Scott",
        "United States", "English", "heist, police", "Thieves plan one last robbery.",
    ),
    (
        "Harbour Lights", 1988, 95, "romance, comedy", "Joe Pike", "Mia Stone, Tom Banks",
        "United Kingdom", "English", "sea, friendship", "Two neighbours fall in love by the sea.",
    ),
    (
        "Harbour Lights", 2015, 101, "romance, comedy", "Ann Marlowe", "Lena Wu, Ed Scott",
        "United States", "English", "sea, friendship", "A bright remake by the same sea.",
    ),
    (
        "Star Drift", 2001, 120, "science fiction, adventure", "Rui Costa", "Lena Wu",
        "United States", "English", "space, survival", "A crew is lost between the stars.",
    ),
    (
        "Star Drift Part II", 2004, 131, "science fiction, adventure", "Rui Costa", "Lena Wu",
        "United States", "English", "space, rescue", "A second crew looks for the first one.",
    ),
    (
        "Star Drift Part III", 2008, 140, "science fiction, war", "Rui Costa", "Lena Wu",
        "United States", "English", "space, battle", "The crews must fight their way home.",
    ),
    (
        "The Quiet Cellar", 1979, 88, "horror", "Bo Hyun-ki", "Mia Stone",
        "South Korea", "Korean", "haunted house, slow burn", "Something breathes below the stairs.",
    ),
    (
        "Red Static", 2019, 99, "horror, science fiction", "Bo Hyun-ki", "Kim Ha-rin",
        "South Korea", "Korean", "television, ghosts, violent", "A broadcast that should not be.",
    ),
    (
        "Her", 2013, 126, "romance, science fiction", "Joe Pike", "Lena Wu",
        "United States", "English", "loneliness, technology", "He loves a voice.",
    ),
    (
        "Été à Nîmes", 1966, 84, "comedy", "Hélène Dubois", "Luc Martin",
        "France", "French", "summer, family", "A family argues its way through August.",
    ),
    (
        "The Haunting of Mill Road", None, 92, "horror, comedy", "Ann Marlowe", "Ed Scott",
        "United Kingdom", "English", "ghosts, village", "The ghosts are afraid of the tenants.",
    ),
    (
        "Bread and Rivers", 1999, None, "documentary", "", "",
        "Brazil", "Portuguese", "nature, poverty", "A year with a family on the river bank.",
    ),
)  # fmt: skip


def _list(cell: str) -> tuple[str, ...] | None:
    return tuple(cell.split(", ")) if cell else None


def tiny_catalog() -> Catalog:
    """Return the twelve films, ids `film-1` to `film-12` in the order of the table."""
    items = []
    for n, row in enumerate(_FILMS, start=1):
        title, year, runtime, genres, director, cast, country, language, keywords, text = row
        facts: dict[str, Fact] = {
            "genres": _list(genres),
            "year": year,
            "runtime": runtime,
            "director": _list(director),
            "cast": _list(cast),
            "country": country,
            "language": _list(language),
            "keywords": _list(keywords),
        }
        items.append(Item(f"film-{n}", title, text, facts))
    kept = tuple(items)
    schema = with_values(TINY_SCHEMA, count_values(TINY_SCHEMA, kept))
    return Catalog(with_ranges(schema, ranges(schema, kept)), kept)

"""Rows without a YAML → a layout: which column is what, told by names and by contents.

Knows nothing of files beyond the path that its errors name.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.errors import CatalogError
from retrieval.facts import BadFact, is_missing, read_fact, read_number
from retrieval.rows import Row
from retrieval.schema import Layout
from retrieval.types import Facet, FacetKind, Schema
from retrieval.vocabulary import comparatives, theme_of
from retrieval.words import names_people

ID_NAMES: tuple[str, ...] = (
    "id",
    "item_id",
    "itemid",
    "uniq_id",
    "sku",
    "asin",
    "isbn",
    "product_id",
    "uuid",
)
ID_NAMES += ("book_id", "movie_id", "movieid", "film_id", "code", "key", "handle")
TITLE_NAMES = ("title", "name", "product_name", "product_title", "item_name", "original_title")
TEXT_NAMES: tuple[str, ...] = (
    "text",
    "description",
    "overview",
    "plot",
    "blurb",
    "summary",
    "synopsis",
)
TEXT_NAMES += ("product_description", "body", "about", "details", "content")
TAGS = re.compile(r"tags?$|keywords?$|themes?$|topics?$|labels?$")
CLOSED = re.compile(r"brand|make$|manufacturer|category|genre|type$|kind$|colou?r|size$|country")
_IGNORED = re.compile(
    r"url|link|image|img|photo|thumbnail|poster|^_|barcode|gtin|isbn|ean$|hash|timestamp|_at$|(^|_)id$"
)
_SEPARATORS = ("|", ";", ",", "/")
_SAMPLE = 2000
_NUMBER_SHARE = 0.9  # of the filled cells of a number column, so that few broken ones are reported
_MANY_VALUES = 300  # a closed list longer than this is no list that a person chooses from


def infer_schema(rows: Sequence[Row], name: str, path: Path) -> Layout:
    """Return the layout that the rows suggest; only the first 2,000 are looked at.

    Raises
    ------
    CatalogError
        If no column can be the id or the title.
    """
    sample = rows[:_SAMPLE]
    columns = list(dict.fromkeys(str(column) for row in sample for column in row))
    cells = {c: [row[c] for row in sample if not is_missing(row.get(c))] for c in columns}
    remedy = "Write a YAML beside the file that names it."
    full = [c for c in columns if len({str(cell) for cell in cells[c]}) == len(sample)]
    id_column = _named(full, ID_NAMES) or _named(columns, ID_NAMES) or _unique(cells, len(sample))
    if id_column is None:
        raise CatalogError(path, "an id column", f"the columns {', '.join(columns)}", remedy)
    rest = [c for c in columns if c != id_column]
    title = _named(rest, TITLE_NAMES) or _titlelike(rest, cells)
    if title is None:
        raise CatalogError(path, "a title column", f"the columns {', '.join(columns)}", remedy)
    rest.remove(title)
    text = _named(rest, TEXT_NAMES) or _longest(rest, cells)
    facets: list[Facet] = []
    separators: dict[str, str] = {}
    themes: dict[str, str] = {}
    for column in rest:
        if column == text or _IGNORED.search(_plain(column)):
            continue
        separator = _separator(cells[column])
        facet = _facet(column, cells[column], separator)
        if facet is None:
            continue
        facets.append(facet)
        if separator and facet.kind != "number":
            separators[column] = separator
        theme = theme_of(_plain(column), facet.values) if facet.values else None
        if theme:
            themes[column] = theme
    schema = Schema(name, tuple(facets))
    names = {f.name: f.name for f in facets}
    return Layout(schema, id_column, title, text or "", names, separators, themes)


def _plain(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_")


def _named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    by_name = {_plain(column): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _strings(cells: Sequence[object]) -> list[str]:
    return [cell for cell in cells if isinstance(cell, str)]


def _unique(cells: Mapping[str, list[object]], rows: int) -> str | None:
    """Return the first column of short values that are all there and all different."""
    for column, values in cells.items():
        short = all(isinstance(v, str | int) and len(str(v)) <= 64 for v in values)
        if short and len(values) == rows and len({str(v) for v in values}) == rows > 1:
            return column
    return None


def _titlelike(columns: Sequence[str], cells: Mapping[str, list[object]]) -> str | None:
    for column in columns:
        words = _strings(cells[column])
        if len(words) < max(1, 0.9 * len(cells[column])) or _is_number(cells[column]):
            continue
        if len(set(words)) > 0.8 * len(words) and sum(map(len, words)) <= 100 * len(words):
            return column
    return None


def _longest(columns: Sequence[str], cells: Mapping[str, list[object]]) -> str | None:
    def mean(column: str) -> float:
        words = _strings(cells[column])
        if not words or _IGNORED.search(_plain(column)):
            return 0.0
        return sum(map(len, words)) / len(words)

    best = max(columns, key=mean, default=None)
    return best if best is not None and mean(best) > 60 else None


def _is_number(cells: Sequence[object]) -> bool:
    good = 0
    for cell in cells:
        try:
            read_number(cell)
        except BadFact:
            continue
        good += 1
    return bool(cells) and good >= _NUMBER_SHARE * len(cells)


def _separator(cells: Sequence[object]) -> str | None:
    """Return what splits the cells into parts that recur, or None."""
    words = _strings(cells)
    for mark in _SEPARATORS:
        split = [w for w in words if mark in w and not w.startswith("[")]
        if len(split) < max(1, 0.2 * len(words)):
            continue
        parts = [part.strip() for w in words for part in w.split(mark)]
        short = sum(map(len, parts)) <= 30 * len(parts)
        if short and len(set(parts)) < 0.7 * len(parts):
            return mark
    return None


def _facet(column: str, cells: Sequence[object], separator: str | None) -> Facet | None:
    """Return the facet that a column is, or None where it is of no use for asking."""
    if not cells or any(isinstance(cell, dict) for cell in cells):
        return None
    plain = _plain(column)
    if _is_number(cells):
        unit = _unit(plain, cells)
        less, more = comparatives(plain, unit)
        return Facet(column, "number", unit, less=less, more=more)
    counts: Counter[str] = Counter()
    for cell in cells:
        fact = read_fact(cell, "category", separator)
        counts.update(fact if isinstance(fact, tuple) else (str(fact),))
    kind = _worded_kind(plain, counts)
    if kind is None:
        return None
    return Facet(column, kind, values=tuple(counts) if kind == "category" else ())


def _worded_kind(plain: str, counts: Counter[str]) -> FacetKind | None:
    total, distinct = counts.total(), len(counts)
    if names_people(plain):
        return "people"
    if TAGS.search(plain):
        return "tags"
    if CLOSED.search(plain) and distinct <= 0.9 * total:
        return "category"
    long = sum(len(value) * n for value, n in counts.items()) > 40 * total
    if long or (distinct > 20 and distinct > 0.6 * total):
        return None
    return "category" if distinct <= _MANY_VALUES else "tags"


def _unit(plain: str, cells: Sequence[object]) -> str:
    words = set(plain.split("_"))
    if words & {"year", "released", "published"}:
        return "year"
    if words & {"runtime", "duration", "minutes", "length"}:
        return "minutes"
    signs = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY"}
    for cell in _strings(cells[:20]):
        for sign, unit in signs.items():
            if sign in cell:
                return unit
    for word, unit in (("usd", "USD"), ("eur", "EUR"), ("gbp", "GBP"), ("gb", "GB"), ("mb", "MB")):
        if word in words:
            return unit
    for word, unit in (("g", "g"), ("kg", "kg"), ("in", "inches"), ("cm", "cm"), ("mm", "mm")):
        if word in words:
            return unit
    return "pages" if "pages" in words else ""

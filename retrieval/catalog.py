"""A catalogue file → typed items: every row checked, the broken ones reported, the rest kept.

Knows nothing of embeddings, of the index and of where a catalogue is shown.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.errors import CatalogError
from retrieval.facts import BadFact, is_missing, read_fact
from retrieval.inference import infer_schema
from retrieval.rows import BadRow, Row, kind_of, read_rows
from retrieval.schema import Layout, parse_schema, with_vocabulary, write_schema
from retrieval.types import Fact, Item, Schema
from retrieval.words import fold, stem

__all__ = ["BUNDLED", "BadRow", "Catalog", "bundled_path", "load_catalog"]

BUNDLED: tuple[str, ...] = ("movies", "electronics")


@dataclass(frozen=True)
class Catalog:
    """A catalogue that was read: its schema, its items in file order, the rows left out."""

    schema: Schema
    items: tuple[Item, ...]
    bad_rows: tuple[BadRow, ...] = ()


def bundled_path(name: str) -> Path:
    """Return the file of a bundled catalogue.

    Raises
    ------
    CatalogError
        If no catalogue of that name is bundled.
    """
    path = Path(__file__).parent / "catalogs" / f"{name}.jsonl"
    if name not in BUNDLED:
        expected = f"a bundled catalogue ({', '.join(BUNDLED)})"
        raise CatalogError(path, expected, repr(name), "Name one of these, or give a file.")
    return path


def load_catalog(path: Path, schema_path: Path | None = None, name: str | None = None) -> Catalog:
    """Read a catalogue file and the YAML that says what its columns mean.

    Parameters
    ----------
    path
        CSV, TSV, JSON lines or Parquet; the text ones may be gzipped.
    schema_path
        The YAML; by default the file's name with `.yaml`. Where the default is absent it is
        inferred from the rows and, if the folder can be written, stored there for editing.
    name
        The catalogue's name; by default the YAML's, else the file's.

    Returns
    -------
    Catalog
        Items in file order; of rows with the same id the last one stands, the others are bad.

    Raises
    ------
    CatalogError
        If the file or the YAML cannot be used at all, or no row can.
    """
    stem = path.name.lower().removesuffix(".gz").removesuffix(kind_of(path))
    rows: list[tuple[int, Row]] = []
    bad: list[BadRow] = []
    for line, row in read_rows(path):
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            rows.append((line, row))
    if not rows:
        first = f"{bad[0].reason} in line {bad[0].line}" if bad else "none"
        raise CatalogError(path, "at least one usable row", first, "Mend the file.")
    layout = _layout(path, schema_path, stem, [row for _, row in rows])
    _check_columns(path, layout, [row for _, row in rows])
    items, more_bad = _items(rows, layout)
    if not items:
        first = f"{more_bad[0].reason} in line {more_bad[0].line}"
        raise CatalogError(path, "at least one usable row", first, "Mend the file or its YAML.")
    items, values = _unified(items, layout.schema)
    schema = with_vocabulary(layout, values)
    bad_rows = tuple(sorted((*bad, *more_bad), key=lambda b: b.line))
    return Catalog(replace(schema, name=name or schema.name), items, bad_rows)


def _layout(path: Path, schema_path: Path | None, stem: str, rows: list[Row]) -> Layout:
    if schema_path is not None:
        return parse_schema(schema_path, stem)
    beside = path.with_name(f"{stem}.yaml")
    if beside.is_file():
        return parse_schema(beside, stem)
    layout = infer_schema(rows, stem, path)
    try:
        write_schema(layout, beside)
    except OSError:
        # A read-only folder loses only the chance to edit, not the catalogue.
        pass
    return layout


def _check_columns(path: Path, layout: Layout, rows: list[Row]) -> None:
    """Raise `CatalogError` if the layout names a column that no row has."""
    present = {str(column) for row in rows for column in row}
    named = {"id": layout.id, "title": layout.title, **layout.columns}
    if layout.text:
        named["text"] = layout.text
    for role, column in named.items():
        if column not in present:
            raise CatalogError(
                path,
                f"a column {column!r} for {role}",
                f"the columns {', '.join(sorted(present)[:20])}",
                "Name the right column in the YAML.",
            )


def _items(rows: list[tuple[int, Row]], layout: Layout) -> tuple[tuple[Item, ...], list[BadRow]]:
    items: dict[str, tuple[int, Item]] = {}
    bad: list[BadRow] = []
    for line, row in rows:
        try:
            item = _item(row, layout)
        except BadFact as error:
            bad.append(BadRow(line, str(error)))
            continue
        if item.id in items:
            earlier, _ = items.pop(item.id)
            bad.append(BadRow(earlier, f"the id {item.id!r} comes again in line {line}"))
        items[item.id] = (line, item)
    return tuple(item for _, item in items.values()), bad


def _item(row: Row, layout: Layout) -> Item:
    facts: dict[str, Fact] = {}
    for facet in layout.schema.facets:
        cell = row.get(layout.columns.get(facet.name, facet.name))
        try:
            facts[facet.name] = read_fact(cell, facet.kind, layout.separators.get(facet.name))
        except BadFact as error:
            raise BadFact(f"{facet.name}: {error}") from error
    text = "" if not layout.text else _string(row, layout.text, "text", required=False)
    id_ = _string(row, layout.id, "id")
    return Item(id_, _string(row, layout.title, "title"), text, facts)


def _string(row: Row, column: str, role: str, *, required: bool = True) -> str:
    cell = row.get(column)
    if is_missing(cell):
        if required:
            raise BadFact(f"{role}: expected a text in column {column!r}, got nothing")
        return ""
    if isinstance(cell, list | tuple | dict):
        raise BadFact(f"{role}: expected a text, got {type(cell).__name__}")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _unified(
    items: tuple[Item, ...], schema: Schema
) -> tuple[tuple[Item, ...], dict[str, tuple[str, ...]]]:
    """Give spellings that differ only in case, accents or plural one form, the most frequent one.

    Returns the items and, for category facets, the values by falling frequency (ties by name).
    """
    worded = [f for f in schema.facets if f.kind != "number"]
    forms: dict[str, Mapping[str, str]] = {}
    values: dict[str, tuple[str, ...]] = {}
    for facet in worded:
        counts = Counter(v for item in items for v in _values_of(item.facts[facet.name]))
        key = fold if facet.kind == "people" else _singular
        best: dict[str, str] = {}
        for value, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
            best.setdefault(key(value), value)
        forms[facet.name] = {value: best[key(value)] for value in counts}
        if facet.kind == "category":
            merged: Counter[str] = Counter()
            for value, count in counts.items():
                merged[best[key(value)]] += count
            values[facet.name] = tuple(sorted(merged, key=lambda v: (-merged[v], v)))
    return tuple(_respelled(item, forms) for item in items), values


def _singular(value: str) -> str:
    return " ".join(map(stem, fold(value).split()))


def _values_of(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact, tuple):
        return fact
    return (fact,) if isinstance(fact, str) else ()


def _respelled(item: Item, forms: Mapping[str, Mapping[str, str]]) -> Item:
    facts: dict[str, Fact] = {}
    for name, fact in item.facts.items():
        form = forms.get(name)
        if form is None or fact is None:
            facts[name] = fact
        elif isinstance(fact, tuple):
            facts[name] = tuple(dict.fromkeys(form[value] for value in fact))
        else:
            facts[name] = form[str(fact)]
    return Item(item.id, item.title, item.text, facts)

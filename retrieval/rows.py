"""Catalogue files → rows: CSV of any dialect, JSON lines, a JSON list, Parquet; as a stream.

Knows nothing of facets; a row is a mapping of column names to whatever the file held.
"""

import csv
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.dialect import Dialect, dialect_of
from retrieval.errors import CatalogError
from retrieval.files import Reached, Text, files_of, kind_of, text_of

Row = Mapping[str, object]
MAX_CELL = 1 << 20  # characters; a description of a million is none
_SAMPLE_LINES = 400


@dataclass(frozen=True)
class BadRow:
    """A row that was left out, or kept with a fact left empty: its line, from 1, and why."""

    line: int
    reason: str
    file: str = ""
    kept: bool = False


def read_rows(path: Path, reached: Reached | None = None) -> Iterator[tuple[int, Row | BadRow]]:
    """Yield every row of a file with its line number (Parquet: row), broken ones as `BadRow`.

    `reached` is told how far reading has come.

    Raises
    ------
    CatalogError
        If the file is missing, empty or of another format.
    """
    reached = Reached() if reached is None else reached
    for file in files_of(path):
        kind = kind_of(file)
        if kind == ".parquet":
            rows = _parquet_rows(file)
        elif kind == ".json":
            rows = _json_list(text_of(file, reached))
        elif kind in (".csv", ".tsv"):
            rows = _csv_rows(text_of(file, reached), "\t" if kind == ".tsv" else None)
        else:
            rows = _json_rows(text_of(file, reached))
        for line, row in rows:
            checked = _checked(line, row)
            named = isinstance(checked, BadRow) and path.is_dir()
            yield line, replace(checked, file=file.name) if named else checked  # type: ignore[type-var]
        reached.pass_by(file)


def _checked(line: int, row: Row | BadRow) -> Row | BadRow:
    """Return the row, or what is wrong with it: a cell that is no cell any more."""
    if isinstance(row, BadRow):
        return row
    for column, cell in row.items():
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            size = f"{len(cell):,} characters"
            return BadRow(line, f"{column}: expected at most {MAX_CELL:,} characters, got {size}")
    return row


def _json_rows(text: Text) -> Iterator[tuple[int, Row | BadRow]]:
    good = 0
    for line, source in enumerate(text.lines(), start=1):
        if not source.strip():
            continue
        found = _json_row(line, source)
        if isinstance(found, BadRow) and not good and source.lstrip()[:1] in ("{", "["):
            whole = _whole(text)
            if whole is not None:
                yield from _objects(text.path, whole)
                return
        good += not isinstance(found, BadRow)
        yield line, found


def _json_row(line: int, source: str) -> Row | BadRow:
    try:
        row = json.loads(source)
    except json.JSONDecodeError as error:
        return BadRow(line, f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return BadRow(line, "not JSON that can be read: nested too deeply")
    if isinstance(row, dict):
        return row
    return BadRow(line, f"expected a JSON object, got {type(row).__name__}")


def _whole(text: Text) -> object:
    """Return what a file holds that is one JSON value, or None."""
    try:
        return json.loads("".join(text.lines()))
    except (json.JSONDecodeError, RecursionError):
        return None


def _json_list(text: Text) -> Iterator[tuple[int, Row | BadRow]]:
    """Yield the objects of a JSON list, or of the first list inside a JSON object."""
    data = _whole(text)
    if data is None:
        remedy = "Export the catalogue again."
        raise CatalogError(text.path, "a JSON list", "something that is not JSON", remedy)
    yield from _objects(text.path, data)


def _objects(path: Path, data: object) -> Iterator[tuple[int, Row | BadRow]]:
    if isinstance(data, dict):
        lists = (v for v in data.values() if isinstance(v, list) and v and isinstance(v[0], dict))
        data = next(lists, [data])
    if not isinstance(data, list):
        remedy = "Give a list of objects, one an item."
        raise CatalogError(path, "a JSON list", type(data).__name__, remedy)
    for line, row in enumerate(data, start=1):
        got = f"expected a JSON object, got {type(row).__name__}"
        yield line, row if isinstance(row, dict) else BadRow(line, got)


class _Lines:
    """Lines that can be given back: those of a record that turned out broken, but for its first."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self._taken.append(line)
        self.number += 1
        return line

    def begin(self) -> int:
        """Begin a record; return the number of its first line."""
        self._taken.clear()
        return self.number + 1

    def give_back(self) -> None:
        """Let the lines of this record be read again, but for the first."""
        self._back.extendleft(reversed(self._taken[1:]))
        self.number -= len(self._taken) - 1
        self._taken.clear()

    def loosely(self, dialect: Dialect) -> list[str] | None:
        """Return the cells of a record on one line whose quotes are not as they should be."""
        if len(self._taken) != 1:
            return None
        try:
            return next(dialect.reader(iter(self._taken), strict=False))
        except csv.Error:
            return None

    @property
    def several(self) -> bool:
        """Whether this record stands on several lines."""
        return len(self._taken) > 1


def _csv_rows(text: Text, delimiter: str | None) -> Iterator[tuple[int, Row | BadRow]]:
    sample = [line for line, _ in zip(text.lines(), range(_SAMPLE_LINES), strict=False)]
    dialect = dialect_of(sample, delimiter)
    csv.field_size_limit(MAX_CELL)
    lines = _Lines(text.lines())
    for _ in range(_skipped(dialect, sample)):
        next(lines)
    header: list[str] | None = None
    for line, found in _records(lines, dialect):
        if isinstance(found, BadRow):
            yield line, found
            continue
        if header is None:
            header = _header(found, dialect)
            if dialect.named:
                continue
        row = _row(found, header, line, lines)
        if row is not None:
            yield line, row


def _records(lines: _Lines, dialect: Dialect) -> Iterator[tuple[int, list[str] | BadRow]]:
    """Yield the cells of every record with its first line; a broken one costs that line only."""
    reader = dialect.reader(lines)
    while True:
        line = lines.begin()
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            loose = lines.loosely(dialect)
            if loose is None:
                lines.give_back()
            yield line, BadRow(line, _said(error)) if loose is None else loose


def _row(cells: list[str], header: list[str], line: int, lines: _Lines) -> Row | BadRow | None:
    """Return a record as a row; None for one that is blank."""
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) > len(header) and not any(cells[len(header) :]):
        cells = cells[: len(header)]
    if len(cells) == len(header):
        return dict(zip(header, cells, strict=True))
    came = f"expected {len(header)} cells, got {len(cells)}"
    if lines.several:
        came += "; a quote is opened that is not closed"
        lines.give_back()
    return BadRow(line, came)


def _skipped(dialect: Dialect, sample: list[str]) -> int:
    """Return how many lines stand before the record of the names."""
    lines = _Lines(iter(sample))
    reader = dialect.reader(lines)
    for _ in range(dialect.skipped):
        try:
            next(reader)
        except (csv.Error, StopIteration):
            break
    return lines.number


def _said(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"expected cells of at most {MAX_CELL:,} characters, got a longer one"
    if "unexpected end" in str(error):
        return "a quote is opened that is not closed"
    return f"not CSV: {error}"


def _header(cells: list[str], dialect: Dialect) -> list[str]:
    """Return the columns' names: those without one are numbered, a second of a name as well."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) if dialect.named else ""
        name = name or f"column {place}"
        again = name
        count = 2
        while again in names:
            again, count = f"{name} {count}", count + 1
        names.append(again)
    while names and dialect.named and not cells[len(names) - 1].strip():
        names.pop()
    return names


def _parquet_rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    import pyarrow
    import pyarrow.parquet

    line = 0
    try:
        file = pyarrow.parquet.ParquetFile(path)
        for batch in file.iter_batches(batch_size=4096):
            for row in batch.to_pylist():
                line += 1
                yield line, row
    except (pyarrow.ArrowException, OSError) as error:
        raise CatalogError(path, "a Parquet file", f"{error}", "Write the file again.") from error
    if line == 0:
        raise CatalogError(path, "at least one row", "none", "Export the file again.")

"""Catalogue files → rows: CSV, TSV, JSON lines and Parquet, the text ones also gzipped.

Knows nothing of facets; a row is a mapping of column names to whatever the file held.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import CatalogError

Row = Mapping[str, object]
TEXT_SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson")
_KNOWN = "a .csv, .tsv, .jsonl or .parquet file (the text ones may end in .gz)"
_MAX_FIELD = 16 * 1024 * 1024


@dataclass(frozen=True)
class BadRow:
    """A row that was left out: its line in the file, counted from 1, and why."""

    line: int
    reason: str


def read_rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    """Yield every row with its line number (Parquet: row number), broken ones as `BadRow`.

    Raises
    ------
    CatalogError
        If the file is missing, empty, of another format or not UTF-8.
    """
    suffix = kind_of(path)
    if not path.is_file():
        raise CatalogError(path, _KNOWN, "no such file", "Check the path.")
    if path.stat().st_size == 0:
        raise CatalogError(path, "at least one row", "an empty file", "Export the file again.")
    if suffix == ".parquet":
        yield from _parquet_rows(path)
    elif suffix in (".csv", ".tsv"):
        yield from _csv_rows(path, _text_of(path), suffix)
    else:
        yield from _json_rows(_text_of(path))


def kind_of(path: Path) -> str:
    """Return the suffix that says the format, `.gz` aside; raise `CatalogError` if unknown."""
    name = path.name.lower().removesuffix(".gz")
    for suffix in TEXT_SUFFIXES:
        if name.endswith(suffix):
            return suffix
    if path.name.lower().endswith(".parquet"):
        return ".parquet"
    raise CatalogError(path, _KNOWN, f"{path.suffix or 'no suffix'}", "Convert or rename it.")


def _text_of(path: Path) -> str:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (gzip.BadGzipFile, EOFError) as error:
        raise CatalogError(
            path, "a gzip file", f"{error}", "Compress it again, or drop the .gz suffix."
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        came = f"the byte 0x{raw[error.start]:02x}"
        raise CatalogError(path, "UTF-8 text", came, "Save the file as UTF-8.", line) from error
    if not text.strip():
        raise CatalogError(path, "at least one row", "an empty file", "Export the file again.")
    return text


def _json_rows(text: str) -> Iterator[tuple[int, Row | BadRow]]:
    for line, source in enumerate(text.split("\n"), start=1):
        if not source.strip():
            continue
        try:
            row = json.loads(source)
        except json.JSONDecodeError as error:
            yield line, BadRow(line, f"not JSON: {error.msg} at column {error.colno}")
            continue
        if isinstance(row, dict):
            yield line, row
        else:
            yield line, BadRow(line, f"expected a JSON object, got {type(row).__name__}")


def _csv_rows(path: Path, text: str, suffix: str) -> Iterator[tuple[int, Row | BadRow]]:
    delimiter = "\t" if suffix == ".tsv" else _delimiter(text.split("\n", 1)[0])
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(reader)]
    twice = {name for name in header if header.count(name) > 1}
    if twice:
        came = f"{', '.join(sorted(twice))} more than once"
        raise CatalogError(path, "every column named once", came, "Rename the columns.", 1)
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, BadRow(line, f"not CSV: {error}")
            line = reader.line_num + 1
            continue
        if len(cells) == len(header):
            yield line, dict(zip(header, cells, strict=True))
        elif cells:
            yield line, BadRow(line, f"expected {len(header)} cells, got {len(cells)}")
        line = reader.line_num + 1


def _delimiter(header: str) -> str:
    """Return the delimiter that splits the header line into the most columns."""
    return max((",", ";", "\t", "|"), key=header.count)


def _parquet_rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        line = 0
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                line += 1
                yield line, row
    except (pyarrow.ArrowException, OSError) as error:
        raise CatalogError(path, "a Parquet file", f"{error}", "Write the file again.") from error
    if line == 0:
        raise CatalogError(path, "at least one row", "none", "Export the file again.")

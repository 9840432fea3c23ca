"""How a CSV file is written: delimiter, quotes, and the line on which its names stand.

Told from its first lines alone; knows nothing of what the columns mean.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DELIMITERS = (",", ";", "\t", "|", "^", "~")
_LINES = 200
_SEP = re.compile(r"^\"?sep=(.)\"?\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"[\s$€£]*[+-]?\d[\d.,\s]*%?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Dialect:
    """A CSV dialect.

    `skipped` lines stand before the names of the columns; `named` tells whether there are names.
    """

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    skipped: int = 0
    named: bool = True

    def reader(self, lines: Iterator[str], *, strict: bool = True) -> Iterator[list[str]]:
        """Return a CSV reader over lines; a strict one raises where quotes are not in order."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            doublequote=True,
            skipinitialspace=self.delimiter != "\t",
            strict=strict,
        )


def dialect_of(lines: Sequence[str], delimiter: str | None = None) -> Dialect:
    """Return the dialect of the file that begins with these lines.

    The delimiter is the one that cuts the most lines into the same number of cells, more than
    one; a file of one column has none and gets the comma. Lines before the first of that many
    cells are a heading that is skipped.
    """
    lines = list(lines[:_LINES])
    said = _SEP.match(lines[0]) if lines else None
    offered = (said[1],) if said else (delimiter,) if delimiter else _DELIMITERS
    quote = _quote(lines)
    escape = "\\" if _escapes(lines, quote) else None
    best, best_score, best_width = Dialect(offered[0], quote, escape), (0.0, 0), 1
    for mark in offered:
        tried = Dialect(mark, quote, escape)
        widths = _widths(tried, lines)
        if not widths:
            continue
        width, count = max(Counter(widths).items(), key=lambda w: (w[1] if w[0] > 1 else 0, w[0]))
        score = (round(count / len(widths), 1), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score, best_width = tried, score, width
    rows = _rows(best, lines)
    full = (n for n, row in enumerate(rows) if len(row) == best_width and _is_full(row))
    first = next(full, 0)
    if best_width == 1:
        first = 1 if said else 0
    return Dialect(best.delimiter, quote, escape, first, _is_named(rows[first : first + 50]))


def _is_full(row: Sequence[str]) -> bool:
    """Tell whether a row can be that of the names: a heading leaves most of its cells empty."""
    return sum(bool(cell.strip()) for cell in row) > 0.5 * len(row)


def _quote(lines: Sequence[str]) -> str:
    text = "".join(lines)
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\n\r])", text, re.MULTILINE))
    double = len(re.findall(r"(?:^|[,;\t|])\"", text, re.MULTILINE))
    return "'" if single > double and single >= len(lines) else '"'


def _escapes(lines: Sequence[str], quote: str) -> bool:
    text = "".join(lines)
    return text.count(f"\\{quote}") > text.count(quote * 2)


def _rows(dialect: Dialect, lines: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in dialect.reader(iter(lines), strict=False):
            rows.append(row)
    except csv.Error:
        pass  # the reading itself reports the broken row
    return rows


def _widths(dialect: Dialect, lines: Sequence[str]) -> list[int]:
    return [len(row) for row in _rows(dialect, lines) if any(cell.strip() for cell in row)]


def _is_named(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: none of its cells is a number above numbers."""
    if len(rows) < 2:
        return True
    for place, cell in enumerate(rows[0]):
        below = [row[place] for row in rows[1:] if len(row) > place and row[place].strip()]
        numbers = sum(_NUMBER.fullmatch(c) is not None for c in below)
        numeric = _NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell)
        if numeric and below and numbers >= 0.8 * len(below):
            return False
    return True

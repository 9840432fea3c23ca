"""FAQ files → entries: CSV with a question and an answer, or Markdown with headings.

Knows nothing of how entries are matched.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FaqError

MOST_ENTRIES = 5_000
MOST_ANSWER = 4_000  # characters; a longer answer is a page to link to
_MOST_NAME = 200
_MOST_BYTES = 16 * 1024 * 1024
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_COLUMNS = ("question", "answer")
_MORE = ("name", "also")


@dataclass(frozen=True)
class Entry:
    """One answer of the desk: its name, ways to ask for it (the first is its own), the text."""

    name: str
    questions: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class BadEntry:
    """What was left out: the line in the file, counted from 1, and why."""

    line: int
    reason: str


def read_faq(path: Path) -> tuple[tuple[Entry, ...], tuple[BadEntry, ...]]:
    """Return the entries of a file, in its order, and what was left out of it.

    A CSV has the columns `question` and `answer`, separated by comma, semicolon or tab; `name`
    says what the entry is cited by (by default its question), `also` holds more ways to ask,
    with `|` between them. In Markdown each heading with text under it is an entry.

    Raises
    ------
    FaqError
        If the file cannot be read, or holds no entry.
    """
    text = _text(path)
    rows = _markdown(text) if path.suffix.lower() in (".md", ".markdown") else _csv(text, path)
    entries: dict[str, Entry] = {}
    bad: list[BadEntry] = []
    for line, entry in rows:
        reason = _fault(entry, entries)
        if reason:
            bad.append(BadEntry(line, reason))
        else:
            entries[entry.name.casefold()] = entry
    if not entries:
        first = f" (line {bad[0].line}: {bad[0].reason})" if bad else ""
        raise FaqError(
            f"{path}: expected questions with answers, got none{first}; give a CSV with the "
            "columns question and answer, or Markdown with a heading over each answer"
        )
    return tuple(entries.values()), tuple(bad)


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise FaqError(
                f"{path}: expected at most {_MOST_BYTES:,} bytes, got {size:,}; leave out what is "
                "not a question with its answer"
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FaqError(
            f"{path}: expected a file that can be read, got {error.strerror}; check the name"
        ) from error
    except UnicodeDecodeError as error:
        raise FaqError(
            f"{path}: expected text in UTF-8, got byte {error.object[error.start]:#04x} at "
            f"{error.start}; save the file as UTF-8"
        ) from error


def _fault(entry: Entry, known: dict[str, Entry]) -> str:
    if not entry.questions:
        return "no question"
    if not entry.answer:
        return "no answer"
    if len(entry.answer) > MOST_ANSWER:
        return (
            f"expected an answer of at most {MOST_ANSWER:,} characters, got {len(entry.answer):,}"
        )
    if len(entry.name) > _MOST_NAME:
        return f"expected a name of at most {_MOST_NAME} characters, got {len(entry.name)}"
    if entry.name.casefold() in known:
        return f"the name {entry.name!r} is there already"
    if len(known) >= MOST_ENTRIES:
        return f"more than {MOST_ENTRIES:,} entries"
    return ""


def _csv(text: str, path: Path) -> Iterator[tuple[int, Entry]]:
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise FaqError(
            f"{path}: expected the columns question and answer, got "
            f"{', '.join(sorted(filter(None, names))) or 'nothing'}; name the columns in line 1"
        )
    try:
        for row in rows:
            cells = {n: (row[names[n]] or "").strip() for n in (*_COLUMNS, *_MORE) if n in names}
            yield rows.line_num, _entry(cells)
    except csv.Error as error:
        raise FaqError(
            f"{path}, line {rows.line_num}: expected CSV, got {error}; see whether a quotation "
            "mark is left open"
        ) from error


def _entry(cells: dict[str, str]) -> Entry:
    asked = (cells["question"], *cells.get("also", "").split("|"))
    questions = tuple(dict.fromkeys(" ".join(q.split()) for q in asked if q.strip()))
    name = " ".join((cells.get("name") or cells["question"]).split())
    return Entry(name, questions, cells["answer"])


def _markdown(text: str) -> Iterator[tuple[int, Entry]]:
    """Yield each heading that has text of its own; one without is the title of a section."""
    name, line, body, fenced = "", 0, list[str](), False
    for number, row in enumerate([*text.splitlines(), "# "], start=1):
        fenced ^= bool(_FENCE.match(row))
        heading = None if fenced else _HEADING.match(row)
        if heading is None and row != "# ":
            body.append(row.rstrip())
            continue
        answer = "\n".join(body).strip()
        if name and answer:
            yield line, Entry(name, (name,), answer)
        name, line, body = heading[2] if heading else "", number, []

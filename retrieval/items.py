"""The items of one catalogue in SQLite: written in transactions, read from a snapshot.

A reader sees the catalogue as it was when it began, whatever is written meanwhile; a writer that
is cut off leaves no trace. Knows nothing of vectors, of words and of search.
"""

import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from retrieval.embedding import item_text
from retrieval.errors import IndexStoreError
from retrieval.types import Fact, Item

Origin = Literal["file", "api"]
_CHUNK = 500  # ids in one question
_BUSY_S = 120.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS items(
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    text TEXT NOT NULL, facts TEXT NOT NULL, digest TEXT NOT NULL, text_digest TEXT NOT NULL,
    origin TEXT NOT NULL, version INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS items_version ON items(version);
CREATE TABLE IF NOT EXISTS about(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
REPLACING = (
    "ON CONFLICT(id) DO UPDATE SET title=excluded.title, text=excluded.text, "
    "facts=excluded.facts, digest=excluded.digest, text_digest=excluded.text_digest, "
    "origin=excluded.origin, version=excluded.version"
)
_COLUMNS = "row, id, title, text, facts"


def folder_of(home: Path, name: str) -> Path:
    """Return the folder that holds a catalogue's index; any name gives a legal folder."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60]
    if safe != name:
        safe = f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return home / "indexes" / safe


@dataclass(frozen=True)
class Digests:
    """What an item was made from, in short: all that it says, and the text that is embedded."""

    whole: str
    text: str


def digests_of(item: Item) -> Digests:
    """Return the digests that tell whether an item has changed."""
    whole = json.dumps([item.title, item.text, facts_json(item.facts)], ensure_ascii=False)
    return Digests(_digest(whole), _digest(item_text(item)))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()


def facts_json(facts: Mapping[str, Fact]) -> str:
    """Return facts as JSON."""
    return json.dumps(dict(facts), ensure_ascii=False)


def item_of(id_: str, title: str, text: str, facts: str) -> Item:
    """Return the item of a stored row."""
    raw: dict[str, Any] = json.loads(facts)
    return Item(
        id_, title, text, {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    )


class ItemStore:
    """One connection to a catalogue's database; made on first use.

    Safe to share between threads, which take turns.

    Raises
    ------
    IndexStoreError
        From any method, if the database cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        with self.guard():
            folder.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(
                folder / "items.sqlite",
                timeout=_BUSY_S,
                isolation_level=None,
                check_same_thread=False,
            )
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=FULL")
            self.db.executescript(_SCHEMA)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Take a turn, and turn what storage raises into `IndexStoreError`."""
        with self._lock:
            try:
                yield
            except (OSError, sqlite3.Error) as error:
                raise broken(self.folder, f"{type(error).__name__}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of what happens inside, or nothing."""
        with self.guard():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def hold(self) -> None:
        """Keep to what is stored now, until `close`, whatever others write."""
        with self.guard():
            self.db.execute("BEGIN")
            self.db.execute("SELECT count(*) FROM about").fetchone()

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a question."""
        with self.guard():
            return self.db.execute(sql, values).fetchall()

    def each(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a question one by one."""
        with self.guard():
            found = self.db.execute(sql, values)
        while True:
            with self.guard():
                part = found.fetchmany(_CHUNK)
            if not part:
                return
            yield from part

    @property
    def about(self) -> dict[str, str]:
        """What was noted with the last finished build; empty before."""
        return dict(self.ask("SELECT key, value FROM about"))

    def note(self, about: Mapping[str, str]) -> None:
        """Keep a note, in the transaction that is under way."""
        with self.guard():
            self.db.executemany("INSERT OR REPLACE INTO about VALUES(?, ?)", about.items())

    def __len__(self) -> int:
        """Return the number of items."""
        return int(self.ask("SELECT count(*) FROM items")[0][0])

    def get(self, ids: Sequence[str]) -> dict[str, Item]:
        """Return the items of those ids that are stored."""
        rows = self._some("id", ids)
        return {str(r[1]): item_of(*r[1:]) for r in rows}

    def at(self, rows: Sequence[int]) -> dict[int, Item]:
        """Return the items in those rows."""
        return {int(r[0]): item_of(*r[1:]) for r in self._some("row", rows)}

    def titles(self, rows: Sequence[int]) -> list[tuple[int, str, str]]:
        """Return row, id and title of the items in those rows, in no fixed order."""
        return list(self._some("row", rows, "row, id, title"))

    def rows_of(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the rows of those ids that are stored."""
        return {str(r[0]): int(r[1]) for r in self._some("id", tuple(ids), "id, row")}

    def _some(
        self, key: str, values: Sequence[object], columns: str = _COLUMNS
    ) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), _CHUNK):
            part = values[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            yield from self.ask(f"SELECT {columns} FROM items WHERE {key} IN ({marks})", part)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all items, in the order of first storing."""
        return tuple(r[0] for r in self.ask("SELECT id FROM items ORDER BY row"))

    def put(self, item: Item, digests: Digests, origin: Origin, version: int) -> None:
        """Store an item in the transaction under way; one of the same id is replaced."""
        values = (item.id, item.title, item.text, facts_json(item.facts))
        with self.guard():
            self.db.execute(
                "INSERT INTO items(id, title, text, facts, digest, text_digest, origin, version) "
                f"VALUES(?,?,?,?,?,?,?,?) {REPLACING}",
                (*values, digests.whole, digests.text, origin, version),
            )

    def remove(self, ids: Sequence[str]) -> int:
        """Forget items in the transaction under way; return how many there were."""
        with self.guard():
            done = self.db.executemany("DELETE FROM items WHERE id = ?", ((i,) for i in ids))
            return max(done.rowcount, 0)

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self.db.close()


def broken(folder: Path, came: str) -> IndexStoreError:
    """Return the error for a store that cannot be used as it is."""
    full = "disk is full" in came or "No space left" in came or "Errno 28" in came
    if full:
        remedy = "Free some space and run again."
        return IndexStoreError(folder, "room on the disk", came, remedy, is_disk_full=True)
    remedy = "If it does not pass, delete this folder: the next start builds the index again."
    return IndexStoreError(folder, "a readable and writable index", came, remedy)

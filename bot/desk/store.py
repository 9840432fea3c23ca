"""What the desk must not forget: whose talk is whose, messages to answer, events to send.

One SQLite file under the state folder. What is taken in here outlives the process, so that a
message that Chatwoot was told we have is answered even after a kill. Message texts are wiped as
soon as they are answered; people are kept as digests only. Knows nothing of channels.
"""

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.running.sessions import named_errors

FILE = "desk.sqlite"
_WAIT_S = 5.0
_REMEMBER_S = 14 * 24 * 3600.0  # how long repeated deliveries are known again

_TABLES = """
CREATE TABLE IF NOT EXISTS talks (person TEXT PRIMARY KEY, session TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS held (conversation TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS inbox (
  id INTEGER PRIMARY KEY, delivery TEXT UNIQUE NOT NULL, conversation TEXT NOT NULL,
  text TEXT, turn INTEGER, steps TEXT, attempts INTEGER NOT NULL DEFAULT 0,
  due_s REAL NOT NULL, taken_s REAL NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS waiting ON inbox (done, conversation, id);
CREATE TABLE IF NOT EXISTS outbox (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due_s REAL NOT NULL, taken_s REAL NOT NULL);
"""


@dataclass(frozen=True)
class Waiting:
    """A message that is to be answered.

    Parameters
    ----------
    id
        Its place in the order of arrival.
    conversation
        Where it came from.
    text
        The message.
    turn
        The talk's turn before it was taken up; None where it was not taken up yet.
    steps
        What is left to do in the desk's software, once the turn is done; None before.
    attempts
        How often a step failed in a row.
    """

    id: int
    conversation: str
    text: str
    turn: int | None
    steps: tuple[Any, ...] | None
    attempts: int


@dataclass(frozen=True)
class Outgoing:
    """An event that is to be sent."""

    id: str
    body: str
    attempts: int
    taken_s: float


class DeskStore:
    """The desk's memory; safe to use from many threads.

    Parameters
    ----------
    home
        The state folder; made if it is missing.

    Raises
    ------
    StoreError
        If the file cannot be used; all methods raise it, too.
    """

    def __init__(self, home: Path) -> None:
        self._place = str(home / FILE)
        self._lock = threading.RLock()
        with named_errors(self._place):
            home.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self._place, check_same_thread=False, timeout=_WAIT_S, isolation_level=None
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_TABLES)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """Hold the file for one change that is made whole or not at all."""
        with self._lock, named_errors(self._place):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, named_errors(self._place):
            return self._connection.execute(query, values).fetchall()

    def session(self, person: str) -> str | None:
        """Return the conversation of a person of a channel, if there was one."""
        found = self._rows("SELECT session FROM talks WHERE person = ?", _digest(person))
        return str(found[0][0]) if found else None

    def bind(self, person: str, session: str, instead_of: str | None) -> str:
        """Give a person a conversation; return it, or the one that another thread gave first."""
        with self._changing() as file:
            file.execute(
                "INSERT INTO talks VALUES (?, ?) ON CONFLICT (person) DO UPDATE "
                "SET session = excluded.session WHERE session IS ?",
                (_digest(person), session, instead_of),
            )
        return self.session(person) or session

    def hold(self, conversation: str, by_human: bool) -> None:
        """Note that a human has a conversation, or no longer has it."""
        with self._changing() as file:
            if by_human:
                file.execute("INSERT OR IGNORE INTO held VALUES (?)", (conversation,))
            else:
                file.execute("DELETE FROM held WHERE conversation = ?", (conversation,))

    def is_held(self, conversation: str) -> bool:
        """Tell whether a human has a conversation."""
        return bool(self._rows("SELECT 1 FROM held WHERE conversation = ?", conversation))

    def take(
        self, delivery: str, conversation: str, text: str, steps: tuple[Any, ...] | None = None
    ) -> bool:
        """Take in a message, or steps that need no turn; return False where it came before."""
        now = time.time()
        with self._changing() as file:
            file.execute("DELETE FROM inbox WHERE done AND taken_s < ?", (now - _REMEMBER_S,))
            added = file.execute(
                "INSERT OR IGNORE INTO inbox (delivery, conversation, text, steps, due_s, taken_s) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (delivery, conversation, text, steps and json.dumps(steps), now, now),
            )
            return added.rowcount == 1

    def waiting(self) -> list[Waiting]:
        """Return what is due: of each conversation the message that came first."""
        found = self._rows(
            "SELECT id, conversation, text, turn, steps, attempts FROM inbox AS one WHERE NOT done "
            "AND due_s <= ? AND id = (SELECT min(id) FROM inbox WHERE NOT done "
            "AND conversation = one.conversation) ORDER BY id",
            time.time(),
        )
        return [
            Waiting(i, where, text, turn, None if steps is None else tuple(json.loads(steps)), n)
            for i, where, text, turn, steps, n in found
        ]

    def begin(self, message: int, turn: int) -> None:
        """Note the talk's turn before a message is taken up, to know after a kill if it was."""
        with self._changing() as file:
            file.execute("UPDATE inbox SET turn = ? WHERE id = ?", (turn, message))

    def plan(self, message: int, steps: tuple[Any, ...]) -> None:
        """Note what is left to do for a message; without steps it is done, and forgotten."""
        with self._changing() as file:
            if steps:
                file.execute(
                    "UPDATE inbox SET steps = ?, attempts = 0 WHERE id = ?",
                    (json.dumps(steps), message),
                )
            else:
                file.execute(
                    "UPDATE inbox SET text = NULL, steps = NULL, done = 1 WHERE id = ?", (message,)
                )

    def delay(self, message: int, seconds: float) -> None:
        """Try a message again later."""
        with self._changing() as file:
            file.execute(
                "UPDATE inbox SET attempts = attempts + 1, due_s = ? WHERE id = ?",
                (time.time() + seconds, message),
            )

    def hush(self, conversation: str) -> None:
        """Leave the messages that wait in a conversation to a human."""
        with self._changing() as file:
            file.execute(
                "UPDATE inbox SET text = NULL, steps = NULL, done = 1 "
                "WHERE conversation = ? AND NOT done AND steps IS NULL",
                (conversation,),
            )

    def put(self, event: str, body: str, most: int) -> bool:
        """Keep an event to be sent; return False where `most` are waiting already."""
        now = time.time()
        with self._changing() as file:
            held = file.execute("SELECT count(*) FROM outbox").fetchone()[0]
            if held >= most:
                return False
            file.execute(
                "INSERT INTO outbox (id, body, due_s, taken_s) VALUES (?, ?, ?, ?)",
                (event, body, now, now),
            )
            return True

    def outgoing(self, most: int) -> list[Outgoing]:
        """Return events that are due, the oldest first."""
        found = self._rows(
            "SELECT id, body, attempts, taken_s FROM outbox WHERE due_s <= ? "
            "ORDER BY taken_s LIMIT ?",
            time.time(),
            most,
        )
        return [Outgoing(*row) for row in found]

    def sent(self, event: str) -> None:
        """Forget an event."""
        with self._changing() as file:
            file.execute("DELETE FROM outbox WHERE id = ?", (event,))

    def postpone(self, event: str, seconds: float) -> None:
        """Try an event again later."""
        with self._changing() as file:
            file.execute(
                "UPDATE outbox SET attempts = attempts + 1, due_s = ? WHERE id = ?",
                (time.time() + seconds, event),
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _digest(person: str) -> str:
    return hashlib.blake2b(person.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

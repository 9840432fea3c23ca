"""The store of conversations: every state of every conversation, in one SQLite file.

States are LangGraph checkpoints, so a conversation survives a restart and a turn can be taken
back. They are written as JSON that is validated when it is read; nothing stored is executed.
Several processes may share the file. Knows nothing of what happens in a turn.
"""

import json
import secrets
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from pydantic import TypeAdapter, ValidationError

from bot.errors import NoSession, NothingToUndo, StoreCorrupt, StoreDenied, StoreError, StoreFull
from bot.running.checkpoints import Saver
from bot.types import Conversation

FILE = "conversations.sqlite"
CHANNEL = "conversation"
_MARK = "$conversation"
_WAIT_S = 30.0


def new_id() -> str:
    """Return an id that cannot be guessed: 128 random bits, 22 characters, safe in a URL."""
    return secrets.token_urlsafe(16)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Conversation]:
    return TypeAdapter(Conversation)


def to_json(conversation: Conversation) -> object:
    """Return a conversation as values that JSON can hold."""
    return _adapter().dump_python(conversation, mode="json")


def from_json(value: object) -> Conversation:
    """Return the conversation that `to_json` wrote.

    Raises
    ------
    StoreCorrupt
        If it is anything else.
    """
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        raise StoreCorrupt(
            "expected a stored conversation, got something else "
            f"({error.error_count()} errors); delete that conversation"
        ) from error


class JsonSerde:
    """LangGraph's serialiser protocol in compressed JSON; conversations are its only own type."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        """Return a value as (type, bytes)."""
        text = json.dumps(obj, default=_encode, ensure_ascii=False, separators=(",", ":"))
        return "json.z", zlib.compress(text.encode("utf-8", "surrogatepass"), 1)

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        """Return the value of (type, bytes).

        Raises
        ------
        StoreCorrupt
            If the bytes are not what `dumps_typed` wrote.
        """
        try:
            text = zlib.decompress(data[1]).decode("utf-8", "surrogatepass")
            return json.loads(text, object_hook=_decode)
        except (zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise StoreCorrupt(
                f"expected a stored state, got {len(data[1])} damaged bytes ({error}); "
                "restore the file from a backup or delete it to start without conversations"
            ) from error


def _encode(value: object) -> object:
    if isinstance(value, Conversation):
        return {_MARK: to_json(value)}
    if isinstance(value, BaseException):
        return {"$error": repr(value)}
    raise TypeError(f"expected a conversation or plain JSON, got {type(value).__name__}")


def _decode(value: dict[str, object]) -> object:
    return from_json(value[_MARK]) if _MARK in value else value


@contextmanager
def named_errors(place: str) -> Iterator[None]:
    """Turn SQLite's errors into ours; `place` is the file or URL that they speak of."""
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error, place) from error
    except OSError as error:
        raise StoreDenied(
            f"expected a folder to keep conversations in at {place}, got {error.strerror}; "
            "set CONCIERGE_HOME to a folder that can be written"
        ) from error


def _named(error: sqlite3.Error, place: str) -> StoreError:
    said = str(error).lower()
    if "full" in said:
        return StoreFull(
            f"expected room on the disk of {place}, got none; free some space, nothing was "
            "changed and the message can be sent again"
        )
    if "readonly" in said or "unable to open" in said or "permission" in said:
        return StoreDenied(
            f"expected to write {place}, got {error}; check its owner and permissions, or set "
            "CONCIERGE_HOME to another folder"
        )
    if "locked" in said:
        return StoreDenied(
            f"expected {place} to be free within {_WAIT_S:g} s, but another process holds it; "
            "end that process or set CONCIERGE_HOME to another folder"
        )
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return StoreCorrupt(
            f"expected a conversation file at {place}, got {error}; restore it from a backup, or "
            "move it away to start without conversations"
        )
    return StoreError(f"expected to use {place}, got {error}; see whether the disk is in order")


class Sessions:
    """Conversations by id.

    Parameters
    ----------
    saver
        Keeps the states.
    place
        What holds them, for error messages.
    """

    def __init__(self, saver: Saver, place: str) -> None:
        self.saver, self._place = saver, place

    @staticmethod
    def config(session: str) -> RunnableConfig:
        """Return LangGraph's configuration for a conversation."""
        return RunnableConfig(configurable={"thread_id": session, "checkpoint_ns": ""})

    def get(self, session: str) -> Conversation:
        """Return the current state of a conversation.

        Raises
        ------
        NoSession
            If there is none of that id.
        """
        with named_errors(self._place):
            latest = self.saver.get_tuple(self.config(session))
        found = _state(latest)
        if found is None:
            raise NoSession(
                f"expected the id of a conversation, got {session[:40]!r}; open a new one"
            )
        return found

    def states(self, session: str) -> Iterator[Conversation]:
        """Yield the states of a conversation that are still kept, the latest first."""
        with named_errors(self._place):
            for stored in self.saver.list(self.config(session)):
                state = _state(stored)
                if state is not None:
                    yield state

    def before(self, conversation: Conversation) -> Conversation:
        """Return the latest earlier state: the one before the last turn.

        Raises
        ------
        NothingToUndo
            If there is no earlier state, or it is no longer kept.
        """
        for state in self.states(conversation.id):
            if state.turn < conversation.turn:
                return state
        raise NothingToUndo(
            "expected a turn to take back, but the conversation is at its start or its earlier "
            "states are no longer kept; say what to change instead"
        )

    def at(self, chain: str) -> Conversation | None:
        """Return the state in which some conversation stood after a chain of messages."""
        with named_errors(self._place):
            session = self.saver.at_chain(chain)
        found = self.states(session) if session else iter(())
        return next((state for state in found if state.chain == chain), None)

    def of_user(self, user: str, owner: str | None = None) -> tuple[str, ...]:
        """Return the ids of a user's conversations, oldest first; `owner` leaves out others'."""
        with named_errors(self._place):
            return self.saver.of_user(user, owner)

    def unused_since(self, time_s: float) -> tuple[str, ...]:
        """Return the ids of conversations in which nothing happened since a Unix time."""
        with named_errors(self._place):
            return self.saver.unused_since(time_s)

    def delete(self, session: str) -> None:
        """Forget a conversation with all its states.

        Raises
        ------
        NoSession
            If there is none of that id.
        """
        self.get(session)
        self.forget(session)

    def forget(self, session: str) -> None:
        """Forget whatever is kept under an id, readable or not."""
        with named_errors(self._place):
            self.saver.delete_thread(session)

    def scrub(self) -> None:
        """Overwrite what was deleted, in the file's journal, too."""
        with named_errors(self._place):
            self.saver.scrub()

    def trim(self, session: str, keep: int) -> None:
        """Forget all but the last `keep` states of a conversation."""
        with named_errors(self._place):
            self.saver.trim(session, keep)

    def close(self) -> None:
        """Close the file."""
        self.saver.conn.close()


def _state(stored: CheckpointTuple | None) -> Conversation | None:
    if stored is None:
        return None
    value = stored.checkpoint["channel_values"].get(CHANNEL)
    return value if isinstance(value, Conversation) else None


def open_sessions(home: Path) -> Sessions:
    """Open the store under a state folder; it is made if it is missing.

    Raises
    ------
    StoreError
        If the folder cannot be written or the file is damaged.
    """
    path = home / FILE
    with named_errors(str(path)):
        home.mkdir(parents=True, exist_ok=True)
        # What people say is for this user of the machine alone; the journal takes the same mode.
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, check_same_thread=False, timeout=_WAIT_S)
        saver = Saver(connection, CHANNEL, JsonSerde())
        saver.setup()
    return Sessions(saver, str(path))


def restored(earlier: Conversation, current: Conversation) -> Conversation:
    """Return an earlier state as the current one: whose it is and what was answered stay."""
    return replace(
        earlier, user=current.user, owner=current.owner, receipts=current.receipts, chain=""
    )

"""LangGraph's SQLite saver, with an index of whose conversations there are and when each was used.

Keeps the states of a conversation in the order in which they were made, whatever the clock says.
Knows nothing of what a conversation is beyond its owner, its user and its chain.
"""

import sqlite3
import time
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.sqlite import SqliteSaver

_TABLES = """
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS talks (
    id TEXT PRIMARY KEY, owner TEXT, user TEXT, used_s REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS talks_of_user ON talks (user);
CREATE INDEX IF NOT EXISTS talks_by_use ON talks (used_s);
CREATE TABLE IF NOT EXISTS chains (chain TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS chains_of_talk ON chains (id);
"""


class Kept(Protocol):
    """What the index holds of a conversation."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def owner(self) -> str | None: ...  # noqa: D102
    @property
    def user(self) -> str | None: ...  # noqa: D102
    @property
    def chain(self) -> str: ...  # noqa: D102


class Saver(SqliteSaver):
    """Checkpoints in one SQLite file. Safe for many threads and several processes.

    Parameters
    ----------
    connection
        The file.
    channel
        The graph's channel that holds the conversation.
    serde
        Writes and reads states.
    """

    def __init__(
        self, connection: sqlite3.Connection, channel: str, serde: SerializerProtocol
    ) -> None:
        super().__init__(connection, serde=serde)
        self._channel = channel

    def setup(self) -> None:
        """Make the tables that are missing, and the index of conversations kept before it."""
        if self.is_setup:
            return
        super().setup()
        self.conn.executescript(_TABLES)
        with self.cursor() as cursor:
            cursor.execute(
                "INSERT OR IGNORE INTO talks SELECT DISTINCT thread_id, NULL, "
                "json_extract(CAST(metadata AS TEXT), '$.user'), ? FROM checkpoints "
                "WHERE thread_id NOT IN (SELECT id FROM talks)",
                (time.time(),),
            )

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a state after the one that it follows, even where the clock went back meanwhile."""
        before = config["configurable"].get("checkpoint_id")
        if before and checkpoint["id"] <= before:
            checkpoint = {**checkpoint, "id": str(UUID(int=UUID(before).int + 1))}
        talk: Kept | None = checkpoint["channel_values"].get(self._channel)
        if talk is not None:
            # Before the state: a line of the index that leads to no state does no harm.
            self._note(talk)
        return super().put(config, checkpoint, metadata, new_versions)

    def _note(self, talk: Kept) -> None:
        with self.cursor() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO talks VALUES (?, ?, ?, ?)",
                (talk.id, talk.owner, talk.user, time.time()),
            )
            if talk.chain:
                cursor.execute("INSERT OR REPLACE INTO chains VALUES (?, ?)", (talk.chain, talk.id))

    def at_chain(self, chain: str) -> str | None:
        """Return the id of the conversation that last came by a chain of messages."""
        found = self._rows("SELECT id FROM chains WHERE chain = :chain", {"chain": chain})
        return found[0] if found else None

    def of_user(self, user: str, owner: str | None) -> tuple[str, ...]:
        """Return the ids of a user's conversations, those of one owner only if one is given."""
        return self._rows(
            "SELECT id FROM talks WHERE user = :user AND (:owner IS NULL OR owner = :owner) "
            "ORDER BY used_s",
            {"user": user, "owner": owner},
        )

    def unused_since(self, time_s: float) -> tuple[str, ...]:
        """Return the ids of conversations that were last written before a Unix time."""
        return self._rows("SELECT id FROM talks WHERE used_s < :time_s", {"time_s": time_s})

    def _rows(self, query: str, given: Mapping[str, object]) -> tuple[str, ...]:
        with self.cursor(transaction=False) as cursor:
            return tuple(str(row[0]) for row in cursor.execute(query, dict(given)))

    def trim(self, session: str, keep: int) -> None:
        """Delete all but the last `keep` states of a conversation."""
        chosen = (
            "thread_id = ? AND checkpoint_id NOT IN (SELECT checkpoint_id FROM checkpoints "
            "WHERE thread_id = ? ORDER BY checkpoint_id DESC LIMIT ?)"
        )
        with self.cursor() as cursor:
            for table in ("checkpoints", "writes"):
                cursor.execute(f"DELETE FROM {table} WHERE {chosen}", (session, session, keep))

    def delete_thread(self, thread_id: str) -> None:
        """Delete a conversation and its lines in the index."""
        super().delete_thread(thread_id)
        with self.cursor() as cursor:
            for table in ("talks", "chains"):
                cursor.execute(f"DELETE FROM {table} WHERE id = ?", (thread_id,))

    def scrub(self) -> None:
        """Empty the journal, which may still hold what was deleted."""
        with self.cursor(transaction=False) as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

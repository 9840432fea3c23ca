"""Items and their vectors on disk: one folder, one Chroma collection a catalogue.

Metadata hold an item's facts twice: one key a facet for filters, and all of them as JSON, so that
they come back as they went in. Knows nothing of encoders, BM25 and relaxing.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from retrieval.constraints import key_of, values_of
from retrieval.embedding import FloatArray, item_text
from retrieval.errors import IndexStoreError
from retrieval.types import Fact, Item, Schema

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Origin = Literal["file", "api"]
_COLLECTION = "items"
_BATCH = 1000
_TRIED = 100  # items looked for when an index is tried out
_SAME = 1e-3  # cosine distance below which two stored vectors count as the same


def folder_of(home: Path, name: str) -> Path:
    """Return the folder that holds a catalogue's index; any name gives a legal folder."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60]
    if safe != name:
        safe = f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return home / "indexes" / safe


def mark_of(folder: Path) -> Path:
    """Return the file whose presence says that a store was not closed in order."""
    return folder / "unsure"


@dataclass(frozen=True)
class Stored:
    """An item as it is stored: what it was made from tells whether it has changed."""

    item: Item
    digest: str
    text_digest: str
    origin: Origin = "file"


def stored(item: Item, origin: Origin = "file") -> Stored:
    """Return an item with its digests: of all it says, and of the text that is embedded."""
    facts = _facts_json(item.facts)
    whole = json.dumps([item.title, item.text, facts], ensure_ascii=False)
    return Stored(item, _digest(whole), _digest(item_text(item)), origin)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _facts_json(facts: Mapping[str, Fact]) -> str:
    return json.dumps(dict(facts), ensure_ascii=False)


def _facts(text: str) -> dict[str, Fact]:
    raw: dict[str, Any] = json.loads(text)
    return {key: tuple(v) if isinstance(v, list) else v for key, v in raw.items()}


def _metadata(row: Stored, schema: Schema) -> dict[str, Any]:
    """Return the metadata of an item; a missing fact is None, which removes an older one."""
    out: dict[str, Any] = {
        "title": row.item.title,
        "facts": _facts_json(row.item.facts),
        "digest": row.digest,
        "text_digest": row.text_digest,
        "origin": row.origin,
    }
    for facet in schema.facets:
        fact = row.item.facts.get(facet.name)
        if facet.kind == "number":
            out[key_of(facet.name)] = float(fact) if isinstance(fact, int | float) else None
        else:
            out[key_of(facet.name)] = list(values_of(fact)) or None
    return out


def _row(id_: str, text: str | None, metadata: Mapping[str, Any]) -> Stored:
    item = Item(id_, str(metadata["title"]), text or "", _facts(str(metadata["facts"])))
    origin: Origin = "api" if metadata["origin"] == "api" else "file"
    return Stored(item, str(metadata["digest"]), str(metadata["text_digest"]), origin)


class Store:
    """The collection in one folder; made on first use.

    Raises
    ------
    IndexStoreError
        From any method, if the folder cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        self.folder = folder
        with _guard(folder):
            folder.mkdir(parents=True, exist_ok=True)
            settings = Settings(anonymized_telemetry=False)
            try:
                self._client = chromadb.PersistentClient(str(folder), settings=settings)
            except AttributeError as error:
                # Chroma 1.5.9 hides what went wrong when it stops a client that never started.
                raise _broken(folder, str(error.__context__ or error)) from error
            self._collection = self._open()

    def _open(self) -> "Collection":
        # Measured on 6,000 random unit vectors of width 384, the worst case: top-200 recall .995
        # with these three numbers, .81 with Chroma's own.
        return self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "ef_search": 400,
                    "ef_construction": 200,
                    "max_neighbors": 32,
                }
            },
        )

    def __len__(self) -> int:
        """Return the number of stored items."""
        with _guard(self.folder):
            return int(self._collection.count())

    @property
    def about(self) -> dict[str, str]:
        """What was noted with the last finished build; empty before."""
        return {key: str(value) for key, value in (self._collection.metadata or {}).items()}

    def note(self, about: Mapping[str, str]) -> None:
        """Keep a note with the collection, in its database, so that they are lost together."""
        with _guard(self.folder):
            self._collection.modify(metadata=dict(about))

    @contextmanager
    def unsure(self) -> Iterator[None]:
        """Mark the folder while it is opened or written; try it out, then take the mark away.

        A mark that is there at the next opening says that a process died meanwhile, and that
        the files of vectors, which Chroma does not write at one stroke, may be cut off.
        """
        mark = mark_of(self.folder)
        with _guard(self.folder):
            mark.touch()
        yield
        self.try_out()
        mark.unlink(missing_ok=True)

    def try_out(self) -> None:
        """Search for items that are stored, which also loads the vectors into memory.

        Raises
        ------
        IndexStoreError
            If most are not found, as the vectors' files are then damaged. (A sound approximate
            index may miss a few.)
        """
        with _guard(self.folder):
            held = self._collection.get(limit=_TRIED, include=["embeddings"])
            if not held["ids"]:
                return
            found = self._collection.query(
                query_embeddings=np.asarray(held["embeddings"], dtype=np.float32),
                n_results=1,
                include=["distances"],
            )
        same = sum(row[0] < _SAME for row in found["distances"] or [] if row)
        if same < len(held["ids"]) / 2:
            raise _broken(self.folder, "a search that does not find what is stored")

    def rows(self) -> tuple[Stored, ...]:
        """Return all that is stored, in the order of first storing."""
        with _guard(self.folder):
            found = self._collection.get(include=["metadatas", "documents"])
        columns = zip(found["ids"], found["documents"] or [], found["metadatas"] or [], strict=True)
        return tuple(_row(*column) for column in columns)

    def add(self, rows: Sequence[Stored], vectors: FloatArray, schema: Schema) -> None:
        """Store items with their vectors, shape (n, d); an id that is there is replaced."""
        with _guard(self.folder):
            for start in range(0, len(rows), _BATCH):
                part = rows[start : start + _BATCH]
                self._collection.upsert(
                    ids=[r.item.id for r in part],
                    embeddings=vectors[start : start + _BATCH],
                    documents=[r.item.text for r in part],
                    metadatas=[_metadata(r, schema) for r in part],
                )

    def change(self, rows: Sequence[Stored], schema: Schema) -> None:
        """Store new facts of items whose embedded text is unchanged."""
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            held = self.vectors([row.item.id for row in part])
            self.add(part, np.stack([held[row.item.id] for row in part]), schema)

    def remove(self, ids: Sequence[str]) -> None:
        """Forget items; unknown ids are no error."""
        with _guard(self.folder):
            for start in range(0, len(ids), _BATCH):
                self._collection.delete(ids=list(ids[start : start + _BATCH]))

    def vectors(self, ids: Sequence[str]) -> dict[str, FloatArray]:
        """Return the vectors, shape (d,), of those ids that are stored."""
        if not ids:
            return {}
        with _guard(self.folder):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        pairs = zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True)
        return dict(pairs)

    def nearest(
        self, vector: FloatArray, where: Mapping[str, Any] | None, limit: int
    ) -> dict[str, float]:
        """Return the ids nearest to a unit vector (d,), best first, with their cosines."""
        with _guard(self.folder):
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=limit,
                where=dict(where) if where else None,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return {i: 1.0 - float(d) for i, d in zip(found["ids"][0], distances, strict=True)}

    def matching(self, where: Mapping[str, Any] | None, limit: int | None = None) -> list[str]:
        """Return the ids that satisfy a filter, in the order of first storing."""
        with _guard(self.folder):
            found = self._collection.get(
                where=dict(where) if where else None, limit=limit, include=[]
            )
        return list(found["ids"])

    def close(self) -> None:
        """Let go of the folder."""
        from chromadb.api.client import Client

        if isinstance(self._client, Client):
            self._client.close()


@contextmanager
def _guard(folder: Path) -> Iterator[None]:
    """Turn what storage raises into `IndexStoreError`."""
    from chromadb.errors import ChromaError, InternalError

    try:
        yield
    except (OSError, sqlite3.Error, ChromaError, InternalError) as error:
        raise _broken(folder, f"{type(error).__name__}: {error}") from error


def _broken(folder: Path, came: str) -> IndexStoreError:
    full = "disk is full" in came or "No space left" in came or "Errno 28" in came
    if full:
        remedy = "Free some space and run again."
        return IndexStoreError(folder, "room on the disk", came, remedy, is_disk_full=True)
    remedy = "If it does not pass, delete this folder: the next start builds the index again."
    return IndexStoreError(folder, "a readable and writable index", came, remedy)

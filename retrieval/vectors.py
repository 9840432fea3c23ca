"""The vectors of texts in Chroma, by the text's digest: what was embedded once is kept.

Added to in small batches, so that a build that is cut off goes on where it stopped. Knows nothing
of items and of search.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embedding import FloatArray
from retrieval.items import broken

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

FOLDER = "vectors"
_BATCH = 1000
_TRIED = 100  # vectors searched for when a store is tried out
_SLACK = 1e-2  # how far from 1 the length of a stored unit vector may be


def mark_of(folder: Path) -> Path:
    """Return the file whose presence says that the store was not closed in order."""
    return folder / "unsure"


class VectorStore:
    """One encoder's vectors in the Chroma collection of a folder; made on first use.

    Raises
    ------
    IndexStoreError
        From any method, if the folder cannot be read or written.
    """

    def __init__(self, folder: Path, encoder: str) -> None:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings
        from chromadb.errors import InternalError

        self.folder = folder
        self._name = f"texts-{hashlib.blake2b(encoder.encode(), digest_size=8).hexdigest()}"
        with _guard(folder):
            folder.mkdir(parents=True, exist_ok=True)
            mark_of(folder).touch()
            settings = Settings(anonymized_telemetry=False)
            try:
                self._client = chromadb.PersistentClient(str(folder), settings=settings)
            except AttributeError as error:
                # Chroma 1.5.9 hides what went wrong when it stops a client that never started.
                raise broken(folder, str(error.__context__ or error)) from error
            except InternalError:
                # Nor does it forget that client, which this process would be given again.
                SharedSystemClient._identifier_to_system.pop(str(folder), None)
                raise
            self._collection = self._open()

    def _open(self) -> "Collection":
        # Vectors are asked for by digest alone, so the graph for searching them is as thin as it
        # may be: with the usual one 10,000 vectors take 11.6 s to add, with this one 2.0 s.
        return self._client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "max_neighbors": 2, "ef_construction": 1}},
        )

    def __len__(self) -> int:
        """Return the number of stored vectors."""
        with _guard(self.folder):
            return int(self._collection.count())

    def known(self, digests: Sequence[str]) -> set[str]:
        """Return those digests whose vectors are stored."""
        found: set[str] = set()
        with _guard(self.folder):
            for start in range(0, len(digests), _BATCH):
                part = list(digests[start : start + _BATCH])
                found.update(self._collection.get(ids=part, include=[])["ids"])
        return found

    def add(self, digests: Sequence[str], vectors: FloatArray) -> None:
        """Store vectors, shape (n, d)."""
        with _guard(self.folder):
            for start in range(0, len(digests), _BATCH):
                stop = start + _BATCH
                self._collection.upsert(
                    ids=list(digests[start:stop]), embeddings=vectors[start:stop]
                )

    def get(self, digests: Sequence[str]) -> dict[str, FloatArray]:
        """Return the vectors, shape (d,), of those digests that are stored."""
        out: dict[str, FloatArray] = {}
        with _guard(self.folder):
            for start in range(0, len(digests), _BATCH):
                part = list(dict.fromkeys(digests[start : start + _BATCH]))
                found = self._collection.get(ids=part, include=["embeddings"])
                vectors = np.asarray(found["embeddings"], dtype=np.float32)
                out.update(zip(found["ids"], vectors, strict=True))
        return out

    def keep_only(self, digests: set[str]) -> None:
        """Forget vectors of texts that no item has, and those of other encoders."""
        with _guard(self.folder):
            for other in self._client.list_collections():
                if other.name != self._name:
                    self._client.delete_collection(other.name)
            stored = self._collection.get(include=[])["ids"]
            gone = [d for d in stored if d not in digests]
            for start in range(0, len(gone), _BATCH):
                self._collection.delete(ids=gone[start : start + _BATCH])

    def try_out(self) -> None:
        """Read all that is stored, and search for some of it.

        Raises
        ------
        IndexStoreError
            If a vector is not of unit length, as the vectors' files are then damaged. (What a
            search finds is no sign: an approximate one may miss much of a small store.)
        """
        with _guard(self.folder):
            for start in range(0, self._collection.count(), _BATCH):
                held = self._collection.get(limit=_BATCH, offset=start, include=["embeddings"])
                vectors = np.asarray(held["embeddings"], dtype=np.float32)
                if not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=_SLACK):
                    raise broken(self.folder, "vectors that are not of unit length")
                if start == 0:
                    self._collection.query(query_embeddings=vectors[:_TRIED], n_results=1)

    def close(self) -> None:
        """Let go of the folder, and say that it was left in order."""
        from chromadb.api.client import Client

        if isinstance(self._client, Client):
            self._client.close()
        mark_of(self.folder).unlink(missing_ok=True)


@contextmanager
def _guard(folder: Path) -> Iterator[None]:
    """Turn what storage raises into `IndexStoreError`."""
    from chromadb.errors import ChromaError, InternalError

    try:
        yield
    except (OSError, sqlite3.Error, ChromaError, InternalError) as error:
        raise broken(folder, f"{type(error).__name__}: {error}") from error

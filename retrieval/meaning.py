"""Words → the value that is closest in meaning, by the cosine of their embeddings.

Knows nothing of spelling and of which facet asks.
"""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval.embedding import Encoder, FloatArray


class WordVectors:
    """The vectors of short, fixed texts, each embedded once and kept for the next start.

    Parameters
    ----------
    encoder
        What embeds.
    folder
        Where the vectors are kept; None keeps them in memory only.
    """

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        name = hashlib.blake2b(encoder.name.encode(), digest_size=8).hexdigest()
        self.encoder = encoder
        self._path = folder / f"words-{name}.npz" if folder else None
        self._known: dict[str, FloatArray] | None = None
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> FloatArray:
        """Return the texts' unit vectors, shape (n, d)."""
        with self._lock:
            if self._known is None:
                self._known = self._read()
            missing = [text for text in dict.fromkeys(texts) if text not in self._known]
            if missing:
                vectors = self.encoder.encode(missing)
                self._known.update(zip(missing, vectors, strict=True))
                self._keep(self._known)
            if not texts:
                return np.zeros((0, self.encoder.dimension), dtype=np.float32)
            return np.stack([self._known[text] for text in texts])

    def _read(self) -> dict[str, FloatArray]:
        """Return what an earlier start kept; a file that cannot be read is made anew."""
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with np.load(self._path, allow_pickle=False) as held:
                words, vectors = held["words"].tolist(), held["vectors"]
        except (OSError, ValueError, EOFError, KeyError):
            return {}
        if vectors.ndim != 2 or vectors.shape != (len(words), self.encoder.dimension):
            return {}
        return dict(zip(words, vectors, strict=True))

    def _keep(self, known: Mapping[str, FloatArray]) -> None:
        """Write the vectors; a disk that takes none costs only the next start's time."""
        if self._path is None:
            return
        fresh = self._path.with_suffix(".new.npz")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(fresh, words=np.array(list(known)), vectors=np.stack(list(known.values())))
            fresh.replace(self._path)
        except OSError:
            fresh.unlink(missing_ok=True)


class MeaningTable:
    """A closed list of words, each of which stands for a value.

    Parameters
    ----------
    owners
        Word → the value that it stands for; not empty.
    vectors
        Where the words' vectors come from; asked at the first use.
    """

    def __init__(self, owners: Mapping[str, str], vectors: WordVectors) -> None:
        self._texts, self._owners = tuple(owners), tuple(owners.values())
        self._source = vectors
        self._vectors: FloatArray | None = None

    def prepare(self) -> FloatArray:
        """Return the words' vectors, shape (n, d)."""
        if self._vectors is None:
            self._vectors = self._source.of(self._texts)
        return self._vectors

    def nearest(self, text: str) -> tuple[str, float]:
        """Return the value closest to a text and the cosine, in [-1, 1]; ties by order."""
        cosines = self.prepare() @ self._source.encoder.encode([text])[0]
        best = int(np.argmax(cosines))
        return self._owners[best], float(cosines[best])

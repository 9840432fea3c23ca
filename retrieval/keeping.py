"""The vectors that an index keeps: embedded once, whatever happens, and found again.

Knows what is stored and what its segments hold; nothing of sources and of search.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.embedding import Encoder, item_text
from retrieval.errors import IndexStoreError
from retrieval.items import ItemStore, item_of
from retrieval.probe import is_sound
from retrieval.vectors import FOLDER, VectorStore, mark_of

_BATCH = 256
WINDOW = 4096  # texts that are asked for at a time


@dataclass(frozen=True)
class Segments:
    """The folders of a store's segments: the main one with all up to `version`, and a newer one."""

    main: str = ""
    version: int = 0
    beside: str = ""


def segments_of(store: ItemStore) -> Segments:
    """Return which segments stand for what is stored."""
    return Segments(**json.loads(store.about.get("segments", "{}")))


def embed(
    store: ItemStore,
    encoder: Encoder,
    vectors: VectorStore,
    asked: str,
    values: Sequence[object],
    *,
    progress: bool,
) -> None:
    """Embed the texts asked for that have no vector yet, those of like length together.

    `asked` selects text digest, length, id, title, text and facts.
    """
    from tqdm import tqdm

    store.db.executescript(
        "DROP TABLE IF EXISTS wanted; CREATE TEMP TABLE wanted("
        "digest TEXT PRIMARY KEY, size INTEGER, id, title, text, facts);"
    )
    store.db.execute(f"INSERT OR IGNORE INTO wanted SELECT {asked}", values)
    total = int(store.ask("SELECT count(*) FROM wanted")[0][0])
    rows = store.each("SELECT digest, id, title, text, facts FROM wanted ORDER BY size, digest")
    with tqdm(total=total, desc="embedding", unit="item", disable=not progress) as bar:
        for window in windows(rows, WINDOW):
            known = vectors.known([r[0] for r in window])
            bar.update(len(known))
            missing = [r for r in window if r[0] not in known]
            for part in windows(iter(missing), _BATCH):
                found = encoder.encode([item_text(item_of(*r[1:])) for r in part])
                vectors.add([r[0] for r in part], found)
                bar.update(len(part))


def embed_stored(
    store: ItemStore, encoder: Encoder, vectors: VectorStore, *, progress: bool
) -> None:
    """Embed the texts of all stored items that have no vector yet."""
    asked = "text_digest, length(title) + length(text), id, title, text, facts FROM items"
    embed(store, encoder, vectors, asked, (), progress=progress)


def windows(rows: Iterator[tuple[str, ...]], size: int) -> Iterator[list[tuple[str, ...]]]:
    """Yield rows in lists of a size, the last one perhaps shorter."""
    window: list[tuple[str, ...]] = []
    for row in rows:
        window.append(row)
        if len(window) == size:
            yield window
            window = []
    if window:
        yield window


@contextmanager
def vectors_of(store: ItemStore, encoder: Encoder) -> Iterator[VectorStore]:
    """Open the vectors; those that a crash damaged are set aside and taken from the segments."""
    folder = store.folder / FOLDER
    damaged = mark_of(folder).exists() and not is_sound(folder, encoder.name)
    vectors = None if damaged else _opened(folder, encoder.name)
    if vectors is None:
        aside = folder.with_name(f"{FOLDER}.broken")
        shutil.rmtree(aside, ignore_errors=True)
        if folder.exists():
            folder.rename(aside)
        vectors = VectorStore(folder, encoder.name)
        if store.about.get("encoder") == encoder.name:
            _refill(store, vectors)
    try:
        yield vectors
    finally:
        vectors.close()


def _opened(folder: Path, encoder: str) -> VectorStore | None:
    try:
        return VectorStore(folder, encoder)
    except IndexStoreError as error:
        if error.is_disk_full:
            raise
        return None


def _refill(store: ItemStore, vectors: VectorStore) -> None:
    """Take the vectors of stored items from their segments."""
    known = segments_of(store)
    for name, sign in ((known.main, "<="), (known.beside, ">")):
        folder = store.folder / name
        if not name or not (folder / "rows.npy").is_file():
            continue
        rows = np.load(folder / "rows.npy")
        held = np.load(folder / "vectors.npy", mmap_mode="r")
        asked = f"SELECT row, text_digest FROM items WHERE version {sign} ?"
        digests = dict(store.ask(asked, (known.version,)))
        places = [n for n, row in enumerate(rows.tolist()) if row in digests]
        for start in range(0, len(places), WINDOW):
            part = places[start : start + WINDOW]
            by_digest = {digests[int(rows[n])]: n for n in part}
            vectors.add(list(by_digest), np.asarray(held[list(by_digest.values())]))

"""Catalogue → stored items and segments: what is new or changed is embedded, the rest left.

Rows are staged first; then texts are embedded in batches, each kept at once; then one transaction
switches over. So a build that is cut off changes nothing, and the next one goes on where it
stopped. Knows nothing of search.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from retrieval.embedding import Encoder, FloatArray, item_text
from retrieval.errors import IndexStoreError
from retrieval.items import REPLACING, ItemStore, Origin, item_of
from retrieval.keeping import (
    WINDOW,
    Segments,
    embed,
    embed_stored,
    segments_of,
    vectors_of,
    windows,
)
from retrieval.schema import from_json, to_json
from retrieval.segment import write as write_segment
from retrieval.staging import INCOMING, Source, Tell, insert, mark_of, quiet, stage
from retrieval.types import Item, Schema
from retrieval.vectors import VectorStore

# A newer segment beside the main one saves writing that anew, until it holds this share.
_MOST_BESIDE = 0.1
_SMALL = 5000  # a catalogue that is written anew in no time
FORMAT = "2"  # of the segments' files; those of another are written anew
_JOINED = "FROM incoming n LEFT JOIN items o ON o.id = n.id"
_CHANGED = (
    f"{_JOINED} WHERE o.id IS NULL OR o.digest != n.digest OR o.text_digest != n.text_digest "
    "OR o.origin != ?"
)


@dataclass(frozen=True)
class Taken:
    """What a build did: how many items are held, are new, changed and were removed."""

    held: int
    new: int = 0
    changed: int = 0
    removed: int = 0


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to an index meanwhile."""
    from filelock import FileLock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{folder}.lock")
        lock.acquire()
    except OSError as error:
        remedy = "Choose another home or mend its permissions."
        raise IndexStoreError(folder, "a writable folder", str(error), remedy) from error
    with lock:
        yield


def take_in(
    store: ItemStore,
    encoder: Encoder,
    source: Source,
    *,
    progress: bool = False,
    prune: bool = False,
    tell: Tell = quiet,
) -> Taken:
    """Bring a store up to date with a source.

    Raises
    ------
    CatalogError
        From the source; nothing is changed then.
    IndexStoreError
        If the store cannot be written.
    """
    schema = stage(store, source, tell, progress=progress)
    # What was upserted since the same file was taken in is newer than the file.
    mark = mark_of(store, schema, prune=prune)
    about = store.about
    if about.get("source") == mark and is_current(about, encoder):
        return Taken(len(store))
    return _switch(
        store, encoder, schema, "file", prune=prune, progress=progress, note={"source": mark}
    )


def upsert(store: ItemStore, encoder: Encoder, items: Sequence[Item]) -> Taken:
    """Store single items; those of the same ids are replaced."""
    store.db.executescript(INCOMING)
    insert(store, enumerate(items, start=1), quiet)
    return _switch(store, encoder, schema_in(store), "api", prune=False, progress=False)


def is_current(about: Mapping[str, str], encoder: Encoder) -> bool:
    """Tell whether the segments can be read by this version and hold this encoder's vectors."""
    return about.get("encoder") == encoder.name and about.get("format") == FORMAT


def renew(store: ItemStore, encoder: Encoder, *, progress: bool = False) -> None:
    """Write the stored items' segments anew, with vectors of this encoder."""
    store.db.executescript(INCOMING)
    _switch(store, encoder, schema_in(store), "file", prune=False, progress=progress)


def remove(store: ItemStore, ids: Sequence[str]) -> int:
    """Forget items; return how many there were."""
    with store.transaction():
        gone = store.remove(ids)
        store.note({"version": str(version_of(store) + 1)})
    return gone


def schema_in(store: ItemStore) -> Schema:
    """Return the stored schema.

    Raises
    ------
    IndexStoreError
        If nothing was built there yet.
    """
    about = store.about
    if "schema" not in about:
        remedy = "Index a catalogue under this name first."
        raise IndexStoreError(store.folder, "a built index", "an empty folder", remedy)
    return from_json(json.loads(about["schema"]))


def version_of(store: ItemStore) -> int:
    """Return the number of the last change, 0 before the first."""
    return int(store.about.get("version", 0))


def _switch(
    store: ItemStore,
    encoder: Encoder,
    schema: Schema,
    origin: Origin,
    *,
    prune: bool,
    progress: bool,
    note: Mapping[str, str] = MappingProxyType({}),
) -> Taken:
    """Embed what is new among the incoming items, then make them the stored ones at one stroke."""
    new = int(store.ask(f"SELECT count(*) {_JOINED} WHERE o.id IS NULL")[0][0])
    touched = int(store.ask(f"SELECT count(*) {_CHANGED}", (origin,))[0][0])
    gone = (
        "FROM items WHERE origin = 'file' AND id NOT IN (SELECT id FROM incoming)" if prune else ""
    )
    lost = int(store.ask(f"SELECT count(*) {gone}")[0][0]) if prune else 0
    text = json.dumps(to_json(schema), ensure_ascii=False, sort_keys=True)
    about = store.about
    current = is_current(about, encoder)
    same = about.get("schema") == text and current
    if not touched and not lost and same:
        with store.transaction():
            store.note(note)
        return Taken(len(store))
    with vectors_of(store, encoder) as vectors:
        if touched:
            asked = f"n.text_digest, n.size, n.id, n.title, n.text, n.facts {_CHANGED}"
            embed(store, encoder, vectors, asked, (origin,), progress=progress)
        if about.get("encoder", encoder.name) != encoder.name:
            embed_stored(store, encoder, vectors, progress=progress)
        with store.transaction():
            version = version_of(store) + 1
            _apply(store, origin, version)
            if prune:
                store.db.execute(f"DELETE {gone}")
            fresh = not current or _facets(text) != _facets(about.get("schema", ""))
            noted = {"schema": text, "encoder": encoder.name, "format": FORMAT}
            store.note({**noted, "version": str(version), **note})
            segments = _segments(store, schema, vectors, version, encoder, fresh=fresh)
            store.note({"segments": json.dumps(asdict(segments))})
        _tidy(store, segments, vectors)
    return Taken(len(store), new, touched - new, lost)


def _facets(schema: str) -> list[tuple[str, str]]:
    facets = json.loads(schema)["facets"] if schema else []
    return [(f["name"], f["kind"]) for f in facets]


def _apply(store: ItemStore, origin: Origin, version: int) -> None:
    """Make the incoming items that are new or changed the stored ones, in their order."""
    store.db.execute(
        "INSERT INTO items(id, title, text, facts, digest, text_digest, origin, version) "
        "SELECT n.id, n.title, n.text, n.facts, n.digest, n.text_digest, ?, ? "
        f"{_CHANGED} ORDER BY n.rowid {REPLACING}",
        (origin, version, origin),
    )


def _segments(
    store: ItemStore,
    schema: Schema,
    vectors: VectorStore,
    version: int,
    encoder: Encoder,
    *,
    fresh: bool,
) -> Segments:
    """Write the segment that what changed needs, within the transaction; return all of them."""
    old = segments_of(store)
    total = len(store)
    beside = int(store.ask("SELECT count(*) FROM items WHERE version > ?", (old.version,))[0][0])
    whole = fresh or not old.main or total <= _SMALL or beside > _MOST_BESIDE * total
    since = 0 if whole else old.version
    name = f"segment-{version}"
    size = total if whole else beside
    shutil.rmtree(store.folder / name, ignore_errors=True)
    with store.guard():
        items = _with_vectors(store, vectors, encoder, since)
        write_segment(store.folder / name, schema, items, size, encoder.dimension)
    return Segments(name, version) if whole else Segments(old.main, old.version, name)


def _with_vectors(
    store: ItemStore, vectors: VectorStore, encoder: Encoder, since: int
) -> Iterator[tuple[int, Item, FloatArray]]:
    rows = store.each(
        "SELECT row, text_digest, id, title, text, facts FROM items WHERE version > ? ORDER BY row",
        (since,),
    )
    for window in windows(rows, WINDOW):
        found = vectors.get([r[1] for r in window])
        lacking = {r[1]: item_text(item_of(*r[2:])) for r in window if r[1] not in found}
        if lacking:
            fresh = encoder.encode(list(lacking.values()))
            vectors.add(list(lacking), fresh)
            found |= zip(lacking, fresh, strict=True)
        for row, digest, *rest in window:
            yield int(row), item_of(*rest), found[digest]


def _tidy(store: ItemStore, segments: Segments, vectors: VectorStore) -> None:
    """Remove what nothing refers to any more."""
    for folder in store.folder.glob("segment-*"):
        if folder.name not in (segments.main, segments.beside):
            shutil.rmtree(folder, ignore_errors=True)
    if len(vectors) > 2 * len(store) + 100:
        vectors.keep_only({r[0] for r in store.ask("SELECT text_digest FROM items")})

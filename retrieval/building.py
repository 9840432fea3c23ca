"""Catalogue → stored items and segments: what is new or changed is embedded, the rest left.

Rows are staged first; then texts are embedded in batches, each kept at once; then one transaction
switches over. So a build that is cut off changes nothing, and the next one goes on where it
stopped. Knows nothing of search.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np

from retrieval.catalog import Spellings, repeated
from retrieval.embedding import Encoder, FloatArray, item_text
from retrieval.errors import IndexStoreError
from retrieval.items import Digests, ItemStore, Origin, digests_of, facts_json, item_of
from retrieval.probe import is_sound
from retrieval.rows import BadRow
from retrieval.schema import from_json, to_json
from retrieval.segment import write as write_segment
from retrieval.types import Item, Schema
from retrieval.vectors import FOLDER, VectorStore, mark_of

_BATCH = 256
_WINDOW = 4096  # texts that are asked for at a time
# A newer segment beside the main one saves writing that anew, until it holds this share.
_MOST_BESIDE = 0.1
_SMALL = 5000  # a catalogue that is written anew in no time
_INCOMING = """
DROP TABLE IF EXISTS incoming;
CREATE TEMP TABLE incoming(id TEXT PRIMARY KEY, line INTEGER, title TEXT, text TEXT, facts TEXT,
    digest TEXT, text_digest TEXT, size INTEGER);
"""
_JOINED = "FROM incoming n LEFT JOIN items o ON o.id = n.id"
_CHANGED = (
    f"{_JOINED} WHERE o.id IS NULL OR o.digest != n.digest OR o.text_digest != n.text_digest "
    "OR o.origin != ?"
)


class Source(Protocol):
    """Where items come from: a file that streams, or a catalogue in memory."""

    @property
    def is_spelled(self) -> bool:
        """Whether spellings of one value are one already."""
        ...

    @property
    def facets(self) -> Schema:
        """The schema, its values not filled in yet."""
        ...

    def rows(self) -> Iterator[tuple[int, Item] | BadRow]:
        """Yield (line, item), and what is wrong with other rows."""
        ...

    def settled(self, spellings: Spellings) -> Schema:
        """Return the schema once all rows were seen."""
        ...


@dataclass(frozen=True)
class Taken:
    """What a build did: how many items are held, are new, changed and were removed."""

    held: int
    new: int = 0
    changed: int = 0
    removed: int = 0


Tell = Callable[[BadRow], None]


def quiet(_: BadRow) -> None:
    """Say nothing of a bad row."""


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
    schema = _stage(store, source, tell, progress=progress)
    # What was upserted since the same file was taken in is newer than the file.
    mark = _mark(store, schema, prune=prune)
    about = store.about
    if about.get("source") == mark and about.get("encoder") == encoder.name:
        return Taken(len(store))
    return _switch(
        store, encoder, schema, "file", prune=prune, progress=progress, note={"source": mark}
    )


def upsert(store: ItemStore, encoder: Encoder, items: Sequence[Item]) -> Taken:
    """Store single items; those of the same ids are replaced."""
    store.db.executescript(_INCOMING)
    _insert(store, enumerate(items, start=1), quiet)
    return _switch(store, encoder, schema_in(store), "api", prune=False, progress=False)


def embed_anew(store: ItemStore, encoder: Encoder, *, progress: bool = False) -> None:
    """Give the stored items the vectors of another encoder."""
    store.db.executescript(_INCOMING)
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


@dataclass(frozen=True)
class Segments:
    """The folders of a store's segments: the main one with all up to `version`, and a newer one."""

    main: str = ""
    version: int = 0
    beside: str = ""


def segments_of(store: ItemStore) -> Segments:
    """Return which segments stand for what is stored."""
    return Segments(**json.loads(store.about.get("segments", "{}")))


def _stage(store: ItemStore, source: Source, tell: Tell, *, progress: bool) -> Schema:
    """Put the source's items into the table of incoming ones; return the schema."""
    from tqdm import tqdm

    store.db.executescript(_INCOMING)
    spellings = Spellings(source.facets)

    def good() -> Iterator[tuple[int, Item]]:
        with tqdm(desc="reading", unit="row", disable=not progress) as bar:
            for found in source.rows():
                bar.update()
                if isinstance(found, BadRow):
                    tell(found)
                    continue
                spellings.note(found[1])
                yield found

    _insert(store, good(), tell)
    if not source.is_spelled:
        spellings.settle()
        _respell(store, spellings)
    return source.settled(spellings)


def _insert(store: ItemStore, items: Iterable[tuple[int, Item]], tell: Tell) -> None:
    db = store.db
    db.execute("BEGIN")
    try:
        for line, item in items:
            earlier = db.execute("SELECT line FROM incoming WHERE id = ?", (item.id,)).fetchone()
            if earlier is not None:
                tell(repeated(item.id, earlier[0], line))
            db.execute("INSERT OR REPLACE INTO incoming VALUES(?,?,?,?,?,?,?,?)", _row(line, item))
    finally:
        db.execute("COMMIT")


def _row(line: int, item: Item) -> tuple[object, ...]:
    digests = digests_of(item)
    size = len(item_text(item))
    facts = facts_json(item.facts)
    return (item.id, line, item.title, item.text, facts, digests.whole, digests.text, size)


def _respell(store: ItemStore, spellings: Spellings) -> None:
    """Give the staged items the chosen spellings."""
    last = 0 if spellings.is_needed else None
    while last is not None:
        window = store.ask(
            "SELECT rowid, line, id, title, text, facts FROM incoming WHERE rowid > ? "
            "ORDER BY rowid LIMIT ?",
            (last, _WINDOW),
        )
        last = int(window[-1][0]) if window else None
        changed = []
        for _, line, *rest in window:
            item = item_of(*rest)
            again = spellings.respelled(item)
            if again != item:
                row = _row(int(line), again)
                changed.append((*row[4:], again.id))
        store.db.execute("BEGIN")
        store.db.executemany(
            "UPDATE incoming SET facts = ?, digest = ?, text_digest = ?, size = ? WHERE id = ?",
            changed,
        )
        store.db.execute("COMMIT")


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
    same = about.get("schema") == text and about.get("encoder") == encoder.name
    if not touched and not lost and same:
        with store.transaction():
            store.note(note)
        return Taken(len(store))
    with _vectors(store, encoder) as vectors:
        if touched:
            asked = f"n.text_digest, n.size, n.id, n.title, n.text, n.facts {_CHANGED}"
            _embed(store, encoder, vectors, asked, (origin,), progress=progress)
        if about.get("encoder", encoder.name) != encoder.name:
            _embed_stored(store, encoder, vectors, progress=progress)
        with store.transaction():
            version = version_of(store) + 1
            _apply(store, origin, version)
            if prune:
                store.db.execute(f"DELETE {gone}")
            fresh = about.get("encoder") != encoder.name or _facets(text) != _facets(
                about.get("schema", "")
            )
            store.note({"schema": text, "encoder": encoder.name, "version": str(version), **note})
            segments = _segments(store, schema, vectors, version, encoder, fresh=fresh)
            store.note({"segments": json.dumps(asdict(segments))})
        _tidy(store, segments, vectors)
    return Taken(len(store), new, touched - new, lost)


def _mark(store: ItemStore, schema: Schema, *, prune: bool) -> str:
    """Return a digest of the incoming items, in their order, and of how they are taken in."""
    mark = hashlib.blake2b(digest_size=16)
    mark.update(json.dumps([to_json(schema), prune], sort_keys=True).encode())
    for id_, digest in store.each("SELECT id, digest || text_digest FROM incoming ORDER BY rowid"):
        mark.update(f"{id_}\0{digest}\n".encode(errors="replace"))
    return mark.hexdigest()


def _facets(schema: str) -> list[tuple[str, str]]:
    facets = json.loads(schema)["facets"] if schema else []
    return [(f["name"], f["kind"]) for f in facets]


def _apply(store: ItemStore, origin: Origin, version: int) -> None:
    """Make the incoming items that are new or changed the stored ones, in their order."""
    window = store.ask(f"SELECT n.rowid {_CHANGED} ORDER BY n.rowid", (origin,))
    for start in range(0, len(window), _WINDOW):
        rows = [r[0] for r in window[start : start + _WINDOW]]
        marks = ",".join("?" * len(rows))
        for id_, title, words, facts, whole, text in store.ask(
            "SELECT id, title, text, facts, digest, text_digest FROM incoming "
            f"WHERE rowid IN ({marks}) ORDER BY rowid",
            rows,
        ):
            item = item_of(id_, title, words, facts)
            store.put(item, Digests(whole, text), origin, version)


def _embed(
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
        for window in _windows(rows, _WINDOW):
            known = vectors.known([r[0] for r in window])
            bar.update(len(known))
            missing = [r for r in window if r[0] not in known]
            for part in _windows(iter(missing), _BATCH):
                found = encoder.encode([item_text(item_of(*r[1:])) for r in part])
                vectors.add([r[0] for r in part], found)
                bar.update(len(part))


def _embed_stored(
    store: ItemStore, encoder: Encoder, vectors: VectorStore, *, progress: bool
) -> None:
    asked = "text_digest, length(title) + length(text), id, title, text, facts FROM items"
    _embed(store, encoder, vectors, asked, (), progress=progress)


def _windows(rows: Iterator[tuple[str, ...]], size: int) -> Iterator[list[tuple[str, ...]]]:
    window: list[tuple[str, ...]] = []
    for row in rows:
        window.append(row)
        if len(window) == size:
            yield window
            window = []
    if window:
        yield window


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
    for window in _windows(rows, _WINDOW):
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


@contextmanager
def _vectors(store: ItemStore, encoder: Encoder) -> Iterator[VectorStore]:
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
        for start in range(0, len(places), _WINDOW):
            part = places[start : start + _WINDOW]
            by_digest = {digests[int(rows[n])]: n for n in part}
            vectors.add(list(by_digest), np.asarray(held[list(by_digest.values())]))

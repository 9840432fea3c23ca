"""Catalogue → store: what is new or changed is embedded, the rest left as it is.

A build that is cut off loses nothing: rows are stored in small batches and the note that says
"finished" is written last, so the next opening goes on where it stopped. Knows nothing of search.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from retrieval.catalog import Catalog
from retrieval.embedding import Encoder, item_text
from retrieval.errors import IndexStoreError
from retrieval.probe import is_sound
from retrieval.schema import from_json, to_json
from retrieval.store import Store, Stored, folder_of, mark_of, stored
from retrieval.types import Schema

_BATCH = 256


def open_store(
    name: str,
    home: Path,
    encoder: Encoder,
    catalog: Catalog | None,
    *,
    progress: bool,
    prune: bool,
) -> tuple[Store, Schema]:
    """Return the store of a catalogue, up to date with `catalog` where given, and its schema.

    A file lock keeps two processes from building at the same time. A store that cannot be read is
    set aside (its folder gets the suffix `.broken`) and built again if the catalogue is at hand.

    Raises
    ------
    IndexStoreError
        See `Index.open`.
    """
    from filelock import FileLock

    folder = folder_of(home, name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{folder}.lock")
        lock.acquire()
    except OSError as error:
        remedy = "Choose another home or mend its permissions."
        raise IndexStoreError(folder, "a writable folder", str(error), remedy) from error
    with lock:
        try:
            _check(folder)
            return _opened(folder, encoder, catalog, progress=progress, prune=prune)
        except IndexStoreError as error:
            if catalog is None or error.is_disk_full:
                raise
            _set_aside(folder)
            return _opened(folder, encoder, catalog, progress=progress, prune=prune)


def _check(folder: Path) -> None:
    """Raise `IndexStoreError` if a process died while it wrote this store and left it damaged."""
    if mark_of(folder).exists() and not is_sound(folder):
        remedy = "Delete this folder: the next start builds the index again."
        raise IndexStoreError(folder, "a sound index", "one that a crash has damaged", remedy)


def _set_aside(folder: Path) -> None:
    broken = folder.with_name(f"{folder.name}.broken")
    shutil.rmtree(broken, ignore_errors=True)
    if folder.exists():
        folder.rename(broken)


def _opened(
    folder: Path, encoder: Encoder, catalog: Catalog | None, *, progress: bool, prune: bool
) -> tuple[Store, Schema]:
    store = Store(folder)
    try:
        about = store.about
        if catalog is None and "schema" not in about:
            remedy = "Index a catalogue under this name first."
            raise IndexStoreError(folder, "a built index", "an empty folder", remedy)
        schema = catalog.schema if catalog else from_json(json.loads(about["schema"]))
        if about.get("encoder", encoder.name) != encoder.name:
            store = _embedded_anew(store, schema, encoder, progress=progress)
        with store.unsure():
            if catalog is not None:
                _bring_up_to_date(store, catalog, encoder, progress=progress, prune=prune)
    except BaseException:
        store.close()
        raise
    return store, schema


def _bring_up_to_date(
    store: Store, catalog: Catalog, encoder: Encoder, *, progress: bool, prune: bool
) -> None:
    rows = [stored(item) for item in catalog.items]
    schema_text = json.dumps(to_json(catalog.schema), ensure_ascii=False, sort_keys=True)
    digest = hashlib.blake2b(digest_size=16)
    parts = (f"{row.item.id}\0{row.digest}\0{row.text_digest}" for row in rows)
    for part in (schema_text, str(prune), *parts):
        digest.update(part.encode() + b"\n")
    about = {"encoder": encoder.name, "schema": schema_text, "catalog": digest.hexdigest()}
    before = store.about
    if before == about:
        return
    # Metadata keys come from the schema, so another schema means new metadata for every row.
    refresh(
        store,
        rows,
        catalog.schema,
        encoder,
        progress=progress,
        all_metadata=before.get("schema") != schema_text,
    )
    if prune:
        kept = {row.item.id for row in rows}
        gone = [r.item.id for r in store.rows() if r.origin == "file" and r.item.id not in kept]
        store.remove(gone)
    store.note(about)


def refresh(
    store: Store,
    rows: Sequence[Stored],
    schema: Schema,
    encoder: Encoder,
    *,
    progress: bool = False,
    all_metadata: bool = False,
) -> None:
    """Store rows: those whose text changed are embedded, those whose facts changed rewritten."""
    held = {row.item.id: row for row in store.rows()}
    embed, change = [], []
    for row in rows:
        old = held.get(row.item.id)
        if old is None or old.text_digest != row.text_digest:
            embed.append(row)
        elif all_metadata or (old.digest, old.origin) != (row.digest, row.origin):
            change.append(row)
    store.change(change, schema)
    _embed(store, embed, schema, encoder, progress=progress)


def _embed(
    store: Store, rows: Sequence[Stored], schema: Schema, encoder: Encoder, *, progress: bool
) -> None:
    """Embed and store rows in batches of texts of like length, which pads least."""
    from tqdm import tqdm

    ordered = sorted(rows, key=lambda row: len(item_text(row.item)))
    with tqdm(total=len(ordered), desc="indexing", unit="item", disable=not progress) as bar:
        for start in range(0, len(ordered), _BATCH):
            part = ordered[start : start + _BATCH]
            vectors = encoder.encode([item_text(row.item) for row in part])
            store.add(part, vectors, schema)
            bar.update(len(part))


def _embedded_anew(store: Store, schema: Schema, encoder: Encoder, *, progress: bool) -> Store:
    """Return a store with the same items, embedded by this encoder; made aside, then swapped in."""
    folder, about, rows = store.folder, store.about, store.rows()
    aside = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    fresh = Store(aside)
    try:
        _embed(fresh, rows, schema, encoder, progress=progress)
        fresh.note({**about, "encoder": encoder.name})
    finally:
        fresh.close()
    store.close()
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return Store(folder)

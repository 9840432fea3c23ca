"""A source's items in a table of their own, before anything that is stored is touched.

Streams, so that memory does not grow with the source. Knows nothing of vectors and of search.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from retrieval.catalog import Spellings, repeated
from retrieval.embedding import item_text
from retrieval.items import ItemStore, digests_of, facts_json, item_of
from retrieval.rows import BadRow
from retrieval.schema import to_json
from retrieval.types import Item, Schema

_WINDOW = 4096
_TOLD = 100  # rows between two looks at how far reading has come
INCOMING = """
DROP TABLE IF EXISTS incoming;
CREATE TEMP TABLE incoming(id TEXT PRIMARY KEY, line INTEGER, title TEXT, text TEXT, facts TEXT,
    digest TEXT, text_digest TEXT, size INTEGER);
"""


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

    def size(self) -> int:
        """Return the size of what is read, in bytes; 0 if nothing has to be."""
        ...

    def reached(self) -> int:
        """Return how much of it `rows` has read, in bytes."""
        ...

    def rows(self) -> Iterator[tuple[int, Item] | BadRow]:
        """Yield (line, item), and what is wrong with other rows."""
        ...

    def settled(self, spellings: Spellings) -> Schema:
        """Return the schema once all rows were seen."""
        ...


Tell = Callable[[BadRow], None]


def quiet(_: BadRow) -> None:
    """Say nothing of a bad row."""


def stage(store: ItemStore, source: Source, tell: Tell, *, progress: bool) -> Schema:
    """Put the source's items into the table of incoming ones; return the schema."""
    from tqdm import tqdm

    store.db.executescript(INCOMING)
    spellings = Spellings(source.facets)

    def good() -> Iterator[tuple[int, Item]]:
        size = source.size()
        scaled = {"unit": "B", "unit_scale": True, "total": size} if size else {"unit": "row"}
        with tqdm(desc="reading", disable=not progress, **scaled) as bar:
            for rows, found in enumerate(source.rows(), start=1):
                if rows % _TOLD == 0 or not size:
                    bar.update(source.reached() - bar.n if size else 1)
                    bar.set_postfix_str(f"{rows:,} rows", refresh=False)
                if isinstance(found, BadRow):
                    tell(found)
                    continue
                spellings.note(found[1])
                yield found
            bar.update(max(0, size - bar.n))

    insert(store, good(), tell)
    if not source.is_spelled:
        spellings.settle()
        _respell(store, spellings)
    return source.settled(spellings)


def insert(store: ItemStore, items: Iterable[tuple[int, Item]], tell: Tell) -> None:
    """Put items into the table of incoming ones; of several with one id the last stands."""
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


def mark_of(store: ItemStore, schema: Schema, *, prune: bool) -> str:
    """Return a digest of the incoming items, in their order, and of how they are taken in."""
    mark = hashlib.blake2b(digest_size=16)
    mark.update(json.dumps([to_json(schema), prune], sort_keys=True).encode())
    for id_, digest in store.each("SELECT id, digest || text_digest FROM incoming ORDER BY rowid"):
        mark.update(f"{id_}\0{digest}\n".encode(errors="replace"))
    return mark.hexdigest()

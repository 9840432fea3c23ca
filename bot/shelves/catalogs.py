"""The catalogues of one state folder, by name: bundled ones and those that were indexed.

Each is opened at its first use and then kept; items come and go while it is open. Knows nothing
of dialogue.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.errors import BadItem, UnknownCatalog
from bot.running.loading import Later
from retrieval.catalog import BUNDLED, bundled_path, load_catalog
from retrieval.embedding import Encoder
from retrieval.facts import BadFact, read_fact
from retrieval.index import Index
from retrieval.items import folder_of
from retrieval.types import Fact, Item, Schema

_FOLDER = "indexes"


class Catalogs(Mapping[str, Index]):
    """Indexes by name, opened lazily; iteration gives the names and opens nothing.

    Parameters
    ----------
    home
        The state folder.
    encoder
        Gives the encoder; it is only called when a catalogue is opened.
    progress
        Whether indexing shows a progress bar.
    """

    def __init__(self, home: Path, encoder: Callable[[], Encoder], progress: bool = False) -> None:
        self._home, self._encoder, self._progress = home, encoder, progress
        self._opened: dict[str, Later[Index]] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Index:
        """Return the index of that name, opened.

        Raises
        ------
        UnknownCatalog
            If there is none.
        """
        with self._lock:
            if name not in self._opened:
                if name not in self:
                    raise UnknownCatalog(
                        f"expected one of the catalogues {', '.join(self)}, got {name[:60]!r}; "
                        "name one of them, or index a file with `concierge index FILE --name NAME`"
                    )
                self._opened[name] = Later(name, lambda: self._open(name))
            later = self._opened[name]
        return later.get()

    def _open(self, name: str) -> Index:
        source = load_catalog(bundled_path(name)) if name in BUNDLED else None
        return Index.open(name, self._home, self._encoder(), source, self._progress)

    def forget(self, name: str) -> None:
        """Open an index anew at its next use: what it was read from is damaged or gone.

        Turns that run on it may still end with it, so it is not closed.
        """
        with self._lock:
            self._opened.pop(name, None)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str) or not name:
            return False
        return name in BUNDLED or name in self._opened or folder_of(self._home, name).is_dir()

    def __iter__(self) -> Iterator[str]:
        folder = self._home / _FOLDER
        found = folder.iterdir() if folder.is_dir() else iter(())
        own = {p.name for p in found if p.is_dir() and not p.name.endswith(".broken")}
        return iter(dict.fromkeys((*BUNDLED, *self._opened, *sorted(own))))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def close(self) -> None:
        """Let go of every index that was opened."""
        with self._lock:
            opened, self._opened = self._opened, {}
        for later in opened.values():
            if later.ready:
                later.get().close()


class Given(Mapping[str, Index]):
    """Indexes that are open already, by name: for tests and for those who bring their own."""

    def __init__(self, indexes: Mapping[str, Index]) -> None:
        self._indexes = dict(indexes)

    def __getitem__(self, name: str) -> Index:
        """Return the index of that name.

        Raises
        ------
        UnknownCatalog
            If there is none.
        """
        if name not in self._indexes:
            raise UnknownCatalog(
                f"expected one of the catalogues {', '.join(self)}, got {name[:60]!r}; name one"
            )
        return self._indexes[name]

    def __contains__(self, name: object) -> bool:
        return name in self._indexes

    def __iter__(self) -> Iterator[str]:
        return iter(self._indexes)

    def __len__(self) -> int:
        return len(self._indexes)


Value = str | int | float | None
Words = Annotated[str, Field(max_length=100_000)]


class NewItem(BaseModel):
    """An item that comes from outside; its facts are named by the catalogue's facets."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)

    id: Annotated[str, Field(min_length=1, max_length=1000)]
    title: Annotated[str, Field(min_length=1, max_length=1000)]
    text: Words = ""
    facts: dict[str, Value | list[Words]] = Field(default_factory=dict)


def upsert(index: Index, items: Sequence[NewItem]) -> None:
    """Store items; those of the same ids are replaced, and the next turn sees them.

    Raises
    ------
    BadItem
        If a fact does not fit the catalogue's facets; nothing is stored then.
    """
    index.upsert([_item(item, index.schema) for item in items])


def delete(index: Index, id_: str) -> bool:
    """Forget an item; tell whether there was one. The next turn does not see it."""
    return index.delete([id_]) > 0


def _item(new: NewItem, schema: Schema) -> Item:
    unknown = sorted(new.facts.keys() - {f.name for f in schema.facets})
    if unknown:
        known = ", ".join(f.name for f in schema.facets)
        raise BadItem(
            f"item {new.id[:60]!r}: expected facts among {known}, got {unknown[0][:60]!r}; "
            "leave it out, or index the catalogue with that column"
        )
    facts: dict[str, Fact] = {}
    for facet in schema.facets:
        try:
            facts[facet.name] = read_fact(new.facts.get(facet.name), facet.kind, unit=facet.unit)
        except BadFact as error:
            raise BadItem(f"item {new.id[:60]!r}: {facet.name}: {error}") from error
    try:
        "".join((new.id, new.title, new.text, repr(facts))).encode()
    except UnicodeEncodeError as error:
        raise BadItem(f"item: expected text, got half of a surrogate pair: {error}") from error
    return Item(new.id, new.title, new.text, facts)

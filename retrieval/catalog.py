"""A catalogue file → typed items: every row checked, the broken ones reported, the rest kept.

`CatalogFile` streams, `load_catalog` holds all in memory. Knows nothing of embeddings, of the
index and of where a catalogue is shown.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.errors import CatalogError
from retrieval.facts import BadFact
from retrieval.files import Mark, Reached, files_of, mark_of, stem_of
from retrieval.inference import Inferred, infer_schema
from retrieval.reading import Reader
from retrieval.rows import BadRow, Row, read_rows
from retrieval.schema import Layout, parse_schema, with_vocabulary, write_schema
from retrieval.types import Fact, Item, Schema
from retrieval.words import fold, stem

__all__ = ["BUNDLED", "BadRow", "Catalog", "CatalogFile", "bundled_path", "load_catalog"]

BUNDLED: tuple[str, ...] = ("movies", "electronics")
_SAMPLE = 2000
_LOOKED_AT = 50_000  # rows among which the sample is drawn, as exports are often sorted


@dataclass(frozen=True)
class Catalog:
    """A catalogue that was read: its schema, its items in file order, the rows left out."""

    schema: Schema
    items: tuple[Item, ...]
    bad_rows: tuple[BadRow, ...] = ()

    @property
    def is_spelled(self) -> bool:
        """Whether spellings of one value are one already; they are."""
        return True

    @property
    def facets(self) -> Schema:
        """The schema."""
        return self.schema

    def size(self) -> int:
        """Return 0, as nothing has to be read."""
        return 0

    def reached(self) -> int:
        """Return 0, as nothing has to be read."""
        return 0

    def rows(self) -> Iterator[tuple[int, Item] | BadRow]:
        """Yield every item with its number, from 1."""
        yield from enumerate(self.items, start=1)

    def settled(self, _: "Spellings") -> Schema:
        """Return the schema."""
        return self.schema


def bundled_path(name: str) -> Path:
    """Return the file of a bundled catalogue.

    Raises
    ------
    CatalogError
        If no catalogue of that name is bundled.
    """
    path = Path(__file__).parent / "catalogs" / f"{name}.jsonl"
    if name not in BUNDLED:
        expected = f"a bundled catalogue ({', '.join(BUNDLED)})"
        raise CatalogError(path, expected, repr(name), "Name one of these, or give a file.")
    return path


class CatalogFile:
    """A catalogue's file or folder, and the layout that its columns are read by.

    Parameters
    ----------
    path
        CSV, TSV, JSON lines, a JSON list or Parquet, each of which may be gzipped; or a folder.
    schema_path
        The YAML; by default the file's name with `.yaml`. Where the default is absent it is
        inferred from a sample of the rows and, if the folder can be written, stored there.
    name
        The catalogue's name; by default the YAML's, else the file's.

    Raises
    ------
    CatalogError
        If the file or the YAML cannot be used at all.
    """

    def __init__(
        self, path: Path, schema_path: Path | None = None, name: str | None = None
    ) -> None:
        self.path = path
        self.schema_path = schema_path or path.with_name(f"{stem_of(path)}.yaml")
        self._marks, self._reached = self._marked(), Reached()
        self.inferred: Inferred | None = None
        self.layout = self._layout(given=schema_path is not None)
        if name is not None:
            self.layout = replace(self.layout, schema=replace(self.layout.schema, name=name))
        self.reader = Reader(self.layout)

    def _marked(self) -> dict[Path, Mark]:
        return {file: mark_of(file) for file in files_of(self.path)}

    def _layout(self, *, given: bool) -> Layout:
        stem = stem_of(self.path)
        if given or self.schema_path.is_file():
            layout = parse_schema(self.schema_path, stem)
            self._check_columns(layout)
            return layout
        rows, first_bad = _sample(self.path)
        if not rows:
            said = f"{first_bad.reason} in line {first_bad.line}" if first_bad else "none"
            raise CatalogError(self.path, "at least one usable row", said, "Mend the file.")
        self.inferred = infer_schema(rows, stem, self.path)
        try:
            found = self.inferred
            write_schema(found.layout, self.schema_path, found.taken, found.aside)
        except OSError:
            # A read-only folder loses only the chance to edit, not the catalogue.
            pass
        return self.inferred.layout

    def _check_columns(self, layout: Layout) -> None:
        """Raise `CatalogError` if the layout names a column that no row has."""
        wanted = layout.named()
        missing = set(wanted.values())
        present: dict[str, None] = {}
        reader = Reader(layout)
        first_bad: BadRow | None = None
        for _, row in read_rows(self.path):
            if isinstance(row, BadRow):
                first_bad = first_bad or row
                continue
            columns = reader.unfolded(row)
            present.update(dict.fromkeys(columns))
            missing -= columns.keys()
            if not missing:
                return
        if not present:
            said = f"{first_bad.reason} in line {first_bad.line}" if first_bad else "none"
            raise CatalogError(self.path, "at least one usable row", said, "Mend the file.")
        for role, column in wanted.items():
            if column in missing:
                raise CatalogError(
                    self.path,
                    f"a column {column!r} for {role}",
                    f"the columns {', '.join(list(present)[:20])}",
                    f"Name the right column in {self.schema_path.name}.",
                )

    @property
    def is_spelled(self) -> bool:
        """Whether spellings of one value are one already; they are as in the file."""
        return False

    @property
    def facets(self) -> Schema:
        """The schema, its values not filled in yet."""
        return self.layout.schema

    def settled(self, spellings: "Spellings") -> Schema:
        """Return the schema with its values and the known synonyms of those."""
        return with_vocabulary(self.layout, spellings.values())

    def size(self) -> int:
        """Return the size of what is read, in bytes."""
        return sum(mark.size for mark in self._marks.values())

    def reached(self) -> int:
        """Return how much of it `rows` has read, in bytes."""
        return self._reached.size

    def rows(self) -> Iterator[tuple[int, Item] | BadRow]:
        """Yield (line, item) for every usable row and a `BadRow` for every other, in file order.

        A fact that cannot be read is left empty and told by a `BadRow` that says so (`kept`).

        Raises
        ------
        CatalogError
            If the file is not what it was when it was opened, before it is used up.
        """
        self._reached = Reached()
        for line, row in read_rows(self.path, self._reached):
            if isinstance(row, BadRow):
                yield row
                continue
            try:
                read = self.reader.read(row)
            except BadFact as error:
                yield BadRow(line, str(error))
                continue
            for reason in read.left_empty:
                yield BadRow(line, f"{reason}; left empty", kept=True)
            yield line, read.item
        if self._marked() != self._marks:
            remedy = "Nothing was taken in: run again when it is written."
            raise CatalogError(self.path, "a file at rest", "one that changed meanwhile", remedy)


def _sample(path: Path) -> tuple[list[Row], BadRow | None]:
    """Return rows from all over the beginning of a file, in order, and the first broken one."""
    chance = random.Random(0)
    kept: list[tuple[int, Row]] = []
    first_bad: BadRow | None = None
    seen = 0
    for _, row in read_rows(path):
        if isinstance(row, BadRow):
            first_bad = first_bad or row
            continue
        seen += 1
        if len(kept) < _SAMPLE:
            kept.append((seen, row))
        elif (place := chance.randrange(seen)) < _SAMPLE:
            kept[place] = (seen, row)
        if seen == _LOOKED_AT:
            break
    return [row for _, row in sorted(kept, key=lambda k: k[0])], first_bad


def load_catalog(path: Path, schema_path: Path | None = None, name: str | None = None) -> Catalog:
    """Read a whole catalogue into memory; the parameters are those of `CatalogFile`.

    Returns
    -------
    Catalog
        Items in file order; of rows with the same id the last one stands, the others are bad.

    Raises
    ------
    CatalogError
        If the file or the YAML cannot be used at all, or no row can.
    """
    file = CatalogFile(path, schema_path, name)
    items: dict[str, tuple[int, Item]] = {}
    bad: list[BadRow] = []
    for found in file.rows():
        if isinstance(found, BadRow):
            bad.append(found)
            continue
        line, item = found
        if item.id in items:
            bad.append(repeated(item.id, items.pop(item.id)[0], line))
        items[item.id] = (line, item)
    if not items:
        first = f"{bad[0].reason} in line {bad[0].line}" if bad else "none"
        raise CatalogError(path, "at least one usable row", first, "Mend the file or its YAML.")
    spellings = Spellings(file.layout.schema)
    for _, item in items.values():
        spellings.note(item)
    spellings.settle()
    kept = tuple(spellings.respelled(item) for _, item in items.values())
    schema = with_vocabulary(file.layout, spellings.values())
    return Catalog(schema, kept, tuple(sorted(bad, key=lambda b: b.line)))


def repeated(id_: str, earlier: int, line: int) -> BadRow:
    """Return the report of a row whose id comes again."""
    return BadRow(earlier, f"the id {id_[:80]!r} comes again in line {line}, which stands")


class Spellings:
    """Gives spellings that differ only in case, accents or plural one form, the most frequent."""

    def __init__(self, schema: Schema) -> None:
        self._worded = [f for f in schema.facets if f.kind != "number"]
        self.counts: dict[str, Counter[str]] = {f.name: Counter() for f in self._worded}
        self._forms: dict[str, Mapping[str, str]] = {}

    def note(self, item: Item) -> None:
        """Count an item's values."""
        for name, counts in self.counts.items():
            counts.update(_values_of(item.facts.get(name)))

    def settle(self) -> None:
        """Choose the forms from what was counted."""
        for facet in self._worded:
            counts = self.counts[facet.name]
            key = fold if facet.kind == "people" else _singular
            best: dict[str, str] = {}
            for value, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
                best.setdefault(key(value), value)
            forms = {v: form for v in counts if (form := best[key(v)]) != v}
            self._forms[facet.name] = forms
            for value, form in forms.items():
                counts[form] += counts.pop(value)

    @property
    def is_needed(self) -> bool:
        """Whether any value changes its spelling."""
        return any(self._forms.values())

    def values(self) -> dict[str, tuple[str, ...]]:
        """Return each category facet's values by falling frequency, ties by name."""
        return {
            f.name: tuple(
                v for v, _ in sorted(self.counts[f.name].items(), key=lambda c: (-c[1], c[0]))
            )
            for f in self._worded
            if f.kind == "category"
        }

    def respelled(self, item: Item) -> Item:
        """Return an item with the chosen forms of its values."""
        if not self.is_needed:
            return item
        facts: dict[str, Fact] = dict(item.facts)
        for name, forms in self._forms.items():
            fact = facts.get(name)
            if isinstance(fact, tuple):
                facts[name] = tuple(dict.fromkeys(forms.get(v, v) for v in fact))
            elif isinstance(fact, str):
                facts[name] = forms.get(fact, fact)
        return replace(item, facts=facts)


def _singular(value: str) -> str:
    return " ".join(map(stem, fold(value).split()))


def _values_of(fact: Fact) -> Sequence[str]:
    if isinstance(fact, tuple):
        return fact
    return (fact,) if isinstance(fact, str) else ()

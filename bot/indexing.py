"""`concierge index`: a file, a folder or a pipe becomes a catalogue, and it is said how.

Progress and what is wrong go to standard error, what became of it to standard output.
"""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bot.errors import ConciergeError
from bot.settings import Settings
from retrieval.catalog import BadRow, CatalogFile
from retrieval.errors import CatalogError
from retrieval.files import spooled, stem_of
from retrieval.index import take_in
from retrieval.items import folder_of
from retrieval.schema import grouped

_SHOWN = 5  # bad rows that are said; the report has all
_PIPE = "-"


class NamelessPipe(ConciergeError):
    """A catalogue comes through a pipe and is not named."""


@dataclass(frozen=True)
class Options:
    """What `concierge index` was told.

    Parameters
    ----------
    file
        A file, a folder, or `-` for standard input.
    name, schema
        Of the catalogue; None for what the file says.
    prune
        Whether items that are no longer in the file are removed.
    max_bad
        How many rows may be broken before nothing is changed; None for any number.
    """

    file: Path
    name: str | None = None
    schema: Path | None = None
    prune: bool = False
    max_bad: int | None = None


@dataclass
class Report:
    """The rows that were left out, in a file beside the catalogue; removed when there are none."""

    path: Path
    most: int | None = None
    left_out: int = 0
    repeated: int = 0
    left_empty: int = 0
    _file: TextIO | None = field(default=None, repr=False)

    def tell(self, row: BadRow) -> None:
        """Take a bad row.

        Raises
        ------
        CatalogError
            If more are broken than may be.
        """
        repeated = "comes again" in row.reason
        self.left_empty += row.kept
        self.repeated += repeated and not row.kept
        self.left_out += not row.kept and not repeated
        where = f"{row.file}, line {row.line}" if row.file else f"line {row.line}"
        said = f"{where}: {'' if row.kept else 'left out: '}{row.reason}"
        if self._file is None:
            self._file = self._opened()
        if self._file is not None:
            self._file.write(f"{said}\n")
        if not row.kept and self.left_out + self.repeated <= _SHOWN:
            sys.stderr.write(f"{self.path.name.removesuffix('.report.txt')}, {said}\n")
        if self.most is not None and self.left_out > self.most:
            self.close()
            raise CatalogError(
                self.path,
                f"at most {self.most} broken rows",
                f"{self.left_out} by line {row.line}",
                "Nothing was changed: mend the rows that this file lists, or raise --max-bad.",
            )

    def _opened(self) -> TextIO | None:
        try:
            return self.path.open("w", encoding="utf-8")
        except OSError:
            return None  # a folder that cannot be written still gives the catalogue

    def close(self) -> None:
        """End the file; remove an old one if nothing is wrong any more."""
        if self._file is not None:
            self._file.close()
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return

    def words(self) -> str:
        """Return what was wrong, in a line; empty if nothing was."""
        parts = [
            f"{n:,} {one if n == 1 else many}"
            for n, one, many in (
                (self.left_out, "row left out", "rows left out"),
                (self.repeated, "repeated id (the last row stands)",
                 "repeated ids (the last rows stand)"),
                (self.left_empty, "fact left empty", "facts left empty"),
            )
            if n
        ]  # fmt: skip
        return f"{', '.join(parts)}; see {self.path}" if parts else ""


def index(options: Options, settings: Settings) -> None:
    """Take a catalogue in and say what became of it.

    Raises
    ------
    CatalogError, IndexStoreError
        If the file cannot be read, or the index not be written; nothing is changed then.
    """
    from retrieval.embedding import SentenceEncoder

    started = time.monotonic()
    path, schema_path = _placed(options, settings)
    file = CatalogFile(path, schema_path, options.name)
    _say_layout(file)
    encoder = SentenceEncoder(settings.encoder)
    report = Report(path.with_name(f"{stem_of(path)}.report.txt"), options.max_bad)
    name = file.layout.schema.name
    try:
        taken = take_in(
            name,
            settings.home,
            encoder,
            file,
            progress=sys.stderr.isatty(),
            prune=options.prune,
            tell=report.tell,
        )
    finally:
        report.close()
    if not taken.held:
        raise CatalogError(path, "at least one usable row", report.words() or "none", "Mend it.")
    if report.words():
        sys.stderr.write(f"{report.words()}\n")
    took = time.monotonic() - started
    out = sys.stdout
    counts = ((taken.new, "new"), (taken.changed, "changed"), (taken.removed, "removed"))
    done = ", ".join(f"{n:,} {word}" for n, word in counts if n) or "nothing has changed"
    out.write(f"{name}: {taken.held:,} items ({done}) in {took:.1f} s. ")
    out.write(f"Try: concierge talk --catalog {name}\n")


def _placed(options: Options, settings: Settings) -> tuple[Path, Path | None]:
    """Return where the catalogue lies and where its YAML does; a pipe is written to a file."""
    if str(options.file) != _PIPE:
        return options.file, options.schema
    if options.name is None:
        raise NamelessPipe("expected a name for what comes through the pipe, got none; add --name")
    folder = folder_of(settings.home / "piped", options.name)
    folder.mkdir(parents=True, exist_ok=True)
    return spooled(sys.stdin.buffer, folder / "piped"), options.schema


def _say_layout(file: CatalogFile) -> None:
    """Say what was taken for what, where it was inferred."""
    found, layout = file.inferred, file.layout
    if found is None:
        sys.stderr.write(f"Reading {file.path.name} as {file.schema_path} says.\n")
        return
    say = sys.stderr.write
    say(f"What {file.path.name} seems to hold; edit {file.schema_path} where that is wrong:\n")
    ids = " + ".join(layout.id) if layout.id != ("*",) else "a digest of the whole row"
    texts = ", ".join(layout.text) or "none"
    say(f"  id: {ids} · title: {layout.title} · description: {texts}\n")
    for facet in layout.schema.facets:
        source = layout.columns.get(facet.name, "")
        named = f" ({source})" if source and source != facet.name else ""
        kind = f"number in {facet.unit}" if facet.unit else facet.kind
        say(f"  {facet.name}{named}: {kind}; {found.taken.get(facet.name, '')}\n")
    for line in grouped(found.aside):
        say(f"  left aside: {line}\n")

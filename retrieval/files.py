"""Where rows come from: a file or a folder of them, and its lines as text in any encoding.

Reads as a stream, so that memory does not grow with the file. Knows nothing of rows and columns.
"""

import codecs
import gzip
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from retrieval.errors import CatalogError

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet")
_KNOWN = "CSV, TSV, JSON lines or Parquet (each may be gzipped)"
_SAMPLE = 1 << 18
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Single-byte Western encodings differ in a few signs; this one is what exports are in.
_WESTERN = "cp1252"
_WIDE = frozenset({"big5", "big5hkscs", "cp949", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk"})
_WIDE |= {"cp932", "shift_jis", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "utf_16"}


@dataclass
class Reached:
    """How far files have been read, in bytes as they lie on disk."""

    _before: int = 0
    _file: IO[bytes] | None = None

    def follow(self, file: IO[bytes]) -> None:
        """Watch the file that is being read."""
        self._file = file

    def pass_by(self, path: Path) -> None:
        """Count a file that has been read."""
        self._before, self._file = self._before + path.stat().st_size, None

    @property
    def size(self) -> int:
        """The bytes read so far."""
        file = self._file
        return self._before + (0 if file is None or file.closed else file.tell())


@dataclass
class Text:
    """A file as lines of text; `mixed` fills with the lines that were not in its encoding."""

    path: Path
    encoding: str
    reached: Reached
    mixed: list[int] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends; lines that are not UTF-8 are read as Windows-1252."""
        self.mixed.clear()
        with opened(self.path) as file:
            packed = isinstance(file, gzip.GzipFile)
            self.reached.follow(file.fileobj if packed else file)  # type: ignore[attr-defined]
            if self.encoding not in ("utf-8", "utf-8-sig"):
                wrapped = io.TextIOWrapper(file, self.encoding, errors="replace", newline="")
                yield from _any_ends(wrapped)
                return
            for number, raw in enumerate(file, start=1):
                if number == 1 and self.encoding == "utf-8-sig":
                    raw = raw.removeprefix(codecs.BOM_UTF8)
                try:
                    yield from _ends(raw.decode("utf-8"))
                except UnicodeDecodeError:
                    self.mixed.append(number)
                    yield from _ends(raw.decode(_WESTERN, "replace"))


def _ends(line: str) -> Iterator[str]:
    """Yield a line, cut where old line ends stand in it alone."""
    if "\r" not in line.rstrip("\r\n"):
        yield line
        return
    yield from _any_ends(io.StringIO(line, newline=""))


def _any_ends(file: IO[str]) -> Iterator[str]:
    yield from file


@dataclass(frozen=True)
class Mark:
    """What tells that a file has changed."""

    size: int
    changed_ns: int


def mark_of(path: Path) -> Mark:
    """Return a file's mark.

    Raises
    ------
    CatalogError
        If it is gone.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise CatalogError(path, _KNOWN, "no such file", "Check the path.") from error
    return Mark(found.st_size, found.st_mtime_ns)


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a path stands for: itself, or a folder's catalogue files by name.

    Raises
    ------
    CatalogError
        If there is none, or one is empty.
    """
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if p.is_file() and _suffix(p) in SUFFIXES)
        if not found:
            raise CatalogError(path, f"a folder with {_KNOWN}", "none", "Name the file itself.")
        return tuple(found)
    if not path.is_file():
        raise CatalogError(path, _KNOWN, "no such file", "Check the path.")
    if path.stat().st_size == 0:
        raise CatalogError(path, "at least one row", "an empty file", "Export the file again.")
    return (path,)


def stem_of(path: Path) -> str:
    """Return a file's or folder's name without what tells its format."""
    name = path.name
    lowered = name.lower()
    if lowered.endswith(".gz"):
        name, lowered = name[:-3], lowered[:-3]
    for suffix in (*SUFFIXES, ".txt"):
        if lowered.endswith(suffix):
            return name[: -len(suffix)]
    return name


def _suffix(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return next((s for s in SUFFIXES if name.endswith(s)), "")


def kind_of(path: Path) -> str:
    """Return the format of a file, as a suffix: by its name, else by its contents.

    Raises
    ------
    CatalogError
        If it is none that is known.
    """
    head = _head(path)
    if head.startswith(_SPREADSHEETS):
        remedy = "Save the sheet as CSV; an archive must be unpacked first."
        raise CatalogError(path, _KNOWN, "a spreadsheet or an archive", remedy)
    named = _suffix(path)
    if named and not (named == ".json"):
        return named
    if head.startswith(b"PAR1"):
        return ".parquet"
    text = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    if text.startswith(b"[") and named != ".jsonl":
        return ".json"
    if text.startswith(b"{"):
        return ".jsonl"
    if named == ".json":
        return ".json"
    return ".csv"


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked where it is gzipped, whatever its name says."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _head(path: Path, size: int = 4096) -> bytes:
    if path.suffix == ".gz":
        with path.open("rb") as raw:
            if raw.read(2) != b"\x1f\x8b":
                remedy = "Compress it again, or drop the .gz suffix."
                raise CatalogError(path, "a gzip file", "other bytes", remedy)
    try:
        with opened(path) as file:
            return file.read(size)
    except (gzip.BadGzipFile, EOFError, OSError) as error:
        remedy = "Compress it again, or mend its permissions."
        raise CatalogError(path, "a file that can be read", str(error), remedy) from error


def text_of(path: Path, reached: Reached) -> Text:
    """Return a text file with its encoding: by its byte order mark, UTF-8, else what fits best.

    Raises
    ------
    CatalogError
        If the file cannot be read or holds nothing.
    """
    sample = _head(path, _SAMPLE)
    if not sample.strip():
        raise CatalogError(path, "at least one row", "an empty file", "Export the file again.")
    encoding = _encoding(sample)
    if b"\x00" in sample and not encoding.startswith(("utf-16", "utf-32", "utf_16")):
        remedy = "Export the catalogue as CSV or JSON lines."
        raise CatalogError(path, _KNOWN, "bytes that are no text", remedy)
    return Text(path, encoding, reached)


def _encoding(sample: bytes) -> str:
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    lines = [line for line in sample.splitlines()[: -1 if len(sample) >= _SAMPLE else None]]
    foreign = [line for line in lines if not line.isascii()]
    broken = [line for line in foreign if not _is_utf8(line)]
    if not broken or len(broken) <= 0.2 * len(foreign):
        return "utf-8"
    import charset_normalizer

    best = charset_normalizer.from_bytes(b"\n".join(foreign)).best()
    return best.encoding if best is not None and best.encoding in _WIDE else _WESTERN


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def spooled(stream: IO[bytes], path: Path) -> Path:
    """Write a stream to a file, as a catalogue is read more than once; return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        while part := stream.read(1 << 20):
            file.write(part)
    os.replace(fresh, path)
    return path

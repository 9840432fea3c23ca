"""The errors of retrieval; all of them say what was expected, what came, and the remedy.

```
RetrievalError
├── CatalogError      a catalogue file, its YAML or a row of it cannot be used
├── EncoderError      an embedding model is missing, altered or does not fit the index
├── IndexStoreError   the stored index cannot be read or written
└── QueryError        a constraint names a facet or an operator that the catalogue does not have
```
This module knows nothing of where the errors are shown.
"""

from pathlib import Path


class RetrievalError(Exception):
    """The root of all errors of this package.

    Parameters
    ----------
    expected, came
        What should have been there, and what was.
    remedy
        What the reader can do about it, an imperative sentence.
    """

    def __init__(self, expected: str, came: str, remedy: str) -> None:
        self.expected, self.came, self.remedy = expected, came, remedy
        super().__init__(f"expected {expected}, got {came}. {remedy}")


class CatalogError(RetrievalError):
    """A catalogue file cannot be used.

    Parameters
    ----------
    file
        The file that is at fault.
    line
        Its line, counted from 1; None when the whole file is at fault.
    """

    def __init__(
        self, file: Path, expected: str, came: str, remedy: str, line: int | None = None
    ) -> None:
        super().__init__(expected, came, remedy)
        self.file, self.line = file, line
        where = f"{file}, line {line}" if line is not None else str(file)
        self.args = (f"{where}: {self.args[0]}",)


class EncoderError(RetrievalError):
    """An embedding model is missing, altered or does not fit the index."""


class IndexStoreError(RetrievalError):
    """The stored index cannot be read or written.

    Parameters
    ----------
    folder
        Where the index lives.
    is_disk_full
        Whether it only lacks room; the index itself is then intact.
    """

    def __init__(
        self, folder: Path, expected: str, came: str, remedy: str, *, is_disk_full: bool = False
    ) -> None:
        super().__init__(expected, came, remedy)
        self.folder, self.is_disk_full = folder, is_disk_full
        self.args = (f"{folder}: {self.args[0]}",)


class QueryError(RetrievalError):
    """A constraint does not fit the catalogue's schema."""

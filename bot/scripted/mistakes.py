"""Mistakes in scripts: where each stands, what was expected, what came, and the remedy.

Knows no YAML and no catalogue.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.scripted.errors import ScriptError

_CLOSE = 0.5  # difflib's ratio above which a name is worth suggesting
_MOST_NAMED = 16


@dataclass(frozen=True)
class Mistake:
    """One mistake; `line` counts from 1, 0 stands for the file as a whole.

    `where` is the part of the script, such as `turns[0].expect.act`.
    """

    file: Path
    line: int
    expected: str
    got: str
    remedy: str
    where: str = ""

    def __str__(self) -> str:
        """Return the mistake in one line that editors can jump to."""
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        part = f"{self.where}: " if self.where else ""
        return f"{place}: {part}expected {self.expected}, got {self.got}; {self.remedy}"


class BrokenScript(ScriptError):
    """A script, or several, cannot be run as written; `mistakes` holds every mistake found."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def where(place: Iterable[str | int]) -> str:
    """Return a place in a script as it is written: `turns[0].expect.act`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(parts).lstrip(".")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like a name, or None where none is close."""
    by_fold = {k.casefold(): k for k in known}
    found = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=_CLOSE)
    return by_fold[found[0]] if found else None


def one_of(known: Sequence[str]) -> str:
    """Return "one of a, b, c", cut where there are too many to read."""
    named = ", ".join(known[:_MOST_NAMED])
    return f"one of {named}" + (", …" if len(known) > _MOST_NAMED else "")


def use_instead(name: str, known: Iterable[str], otherwise: str = "use one of those") -> str:
    """Return the remedy for an unknown name: the nearest one, where there is one."""
    close = nearest(name, known)
    return f"did you mean {close}?" if close else otherwise

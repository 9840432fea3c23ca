"""Chinese words that the project's own glossary knows, with the section they stand in."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.understanding import glossary

_FILE = Path(glossary.__file__).with_name("glossary_zh.txt")
_LONGEST = 10


@dataclass(frozen=True)
class Word:
    """A known Chinese word: its place, its English and its section ("genres", "people", …)."""

    start: int
    end: int
    english: str
    sort: str


@functools.cache
def _sections() -> Mapping[str, tuple[str, str]]:
    out: dict[str, tuple[str, str]] = {}
    sort = ""
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            sort = line.strip("# ").split(",")[0]
            continue
        english, _, chinese = line.partition("=")
        for word in filter(None, (w.strip() for w in chinese.split(","))):
            out.setdefault(word, (english.strip(), sort))
    return out


def glossed(text: str) -> tuple[Word, ...]:
    """Return the known Chinese words of a text, the longest at each place, in order."""
    known = _sections()
    found: list[Word] = []
    for run in re.finditer(r"[\u3400-\u9fff·]+", text):
        at = run.start()
        while at < run.end():
            sizes = range(min(_LONGEST, run.end() - at), 0, -1)
            size = next((n for n in sizes if text[at : at + n] in known), 0)
            if not size:
                at += 1
                continue
            english, sort = known[text[at : at + size]]
            bare = text[at : at + size].removesuffix("片")
            end = at + (len(bare) if known.get(bare, ("", ""))[0] == english else size)
            found.append(Word(at, end, english, sort))
            at += size
    return tuple(found)

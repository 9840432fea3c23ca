"""Comments as behaviour: what people wrote about an item is read into an event.

The verdict comes from `bot.verdicts`, the aspects that are named from the LLM, which reads a
comment like a message of somebody who was shown that item alone. A model that reads messages to the
bot is no judge of reviews: those hardly ever say what they are about, nor what is wanted. What was
read is kept by content, so that no comment is read twice. Knows nothing of files of interactions.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from bot.llm.base import LLM, Situation
from bot.reading import Reading
from ranking.types import EventKind
from retrieval.types import Schema

BATCH = 8  # comments in a call of the LLM
_MAX_TEXT = 2000  # characters of a comment that are read


@dataclass(frozen=True)
class Comment:
    """What somebody wrote about the item of that title."""

    title: str
    text: str


@dataclass(frozen=True)
class Told:
    """What a comment tells: liked, disliked or merely mentioned, and the aspects it names.

    Aspects are facets of the catalogue, and free words where it has none.
    """

    kind: EventKind
    aspects: tuple[str, ...] = ()


class Judge(Protocol):
    """What tells verdicts."""

    @property
    def name(self) -> str:
        """What tells one judge's verdicts from another's."""

    def of(self, comments: Sequence[str]) -> Sequence[EventKind]:
        """Return each comment's verdict: liked, disliked or merely mentioned."""


def _aspects(reading: Reading) -> tuple[str, ...]:
    """Return the facets and free words that a comment names, each once."""
    facets = (*(a.facet for a in reading.add), *(r.facet for r in reading.relative), *reading.asks)
    return tuple(dict.fromkeys((*facets, *reading.wish, *reading.avoid)))


class CommentReader:
    """Reads comments in batches and remembers them on disk.

    Parameters
    ----------
    llm
        What reads the aspects.
    judge
        What tells the verdicts.
    schema
        The catalogue's, for the aspects.
    cache
        The folder that remembers; one file for each LLM, judge and catalogue.
    """

    def __init__(self, llm: LLM, judge: Judge, schema: Schema, cache: Path) -> None:
        self._llm, self._judge, self._schema = llm, judge, schema
        facets = ",".join(facet.name for facet in schema.facets)
        readers = f"{llm.name}|{judge.name}|{schema.name}|{facets}"
        self._file = cache / f"{_digest(readers)}.jsonl"
        self._known = _remembered(self._file)

    def read(self, comments: Sequence[Comment], progress: bool = False) -> tuple[Told, ...]:
        """Return what each comment tells, in order.

        Parameters
        ----------
        comments
            What was written, and about what.
        progress
            Whether to show a bar.
        """
        keys = [_digest(f"{comment.title}\0{comment.text}") for comment in comments]
        new = list(
            {k: c for k, c in zip(keys, comments, strict=True) if k not in self._known}.items()
        )
        with tqdm(total=len(new), desc="read comments", disable=not (progress and new)) as bar:
            for start in range(0, len(new), BATCH):
                part = new[start : start + BATCH]
                kinds = self._judge.of([one.text[:_MAX_TEXT] for _, one in part])
                read = self._llm.read([self._situation(one) for _, one in part])
                each = zip(part, kinds, read, strict=True)
                self._keep([(key, Told(kind, _aspects(r))) for (key, _), kind, r in each])
                bar.update(len(part))
        return tuple(self._known[key] for key in keys)

    def _situation(self, comment: Comment) -> Situation:
        return Situation(self._schema, comment.text[:_MAX_TEXT], shown=(comment.title,))

    def _keep(self, found: Sequence[tuple[str, Told]]) -> None:
        self._known.update(found)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            for key, one in found:
                row = {"key": key, "kind": one.kind, "aspects": one.aspects}
                # The newline comes first: what was cut off by a kill then spoils one line only.
                file.write("\n" + json.dumps(row, ensure_ascii=False))


def _remembered(file: Path) -> dict[str, Told]:
    """Return what is on disk; a line that was cut off is passed over."""
    known = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for line in lines:
        try:
            row = json.loads(line)
            known[row["key"]] = Told(row["kind"], tuple(row["aspects"]))
        except (ValueError, KeyError, TypeError):
            continue
    return known


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]

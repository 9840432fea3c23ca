"""Comments as behaviour: the LLM reads what people wrote about an item into an event.

A comment is read like a message of somebody who was shown that item alone. What was read is kept
by content, so that no comment is read twice. Knows nothing of files of interactions.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from bot.llm.base import LLM, Situation
from bot.reading import Reading
from bot.types import Act
from ranking.types import EventKind
from retrieval.types import Schema

BATCH = 16
_MAX_TEXT = 2000  # characters of a comment that are read
# A bare comment seldom says what it is about; the embedded LLM reads more of them rightly so.
_ABOUT = "The first one: "
_ASKING: tuple[Act, ...] = ("answer", "compare", "explain", "clarify")


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


def told(reading: Reading) -> Told:
    """Return what the reading of a comment tells of the one item shown.

    A question is no verdict. Where likes and dislikes are both found, what is disliked beside a
    liked item is an aspect of it, but which of the two the item is cannot be known: it counts as
    mentioned.
    """
    likes = bool(reading.likes) or reading.act == "accept"
    dislikes = bool(reading.dislikes or reading.avoid) or reading.act == "decline"
    asks = bool(reading.asks) or reading.act in _ASKING
    kind: EventKind = "mentioned"
    if likes != dislikes and not asks:
        kind = "liked" if likes else "disliked"
    facets = [*(a.facet for a in reading.add), *(r.facet for r in reading.relative), *reading.asks]
    words = [*reading.wish, *reading.avoid]
    return Told(kind, tuple(dict.fromkeys((*facets, *words))))


class CommentReader:
    """Reads comments in batches and remembers them on disk.

    Parameters
    ----------
    llm
        What reads.
    schema
        The catalogue's, for the aspects.
    cache
        The folder that remembers; one file for each LLM and catalogue.
    """

    def __init__(self, llm: LLM, schema: Schema, cache: Path) -> None:
        self._llm, self._schema = llm, schema
        facets = ",".join(facet.name for facet in schema.facets)
        self._file = cache / f"{_digest(f'{llm.name}|{schema.name}|{facets}')}.jsonl"
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
                readings = self._llm.read([self._situation(comment) for _, comment in part])
                self._keep([(k, told(r)) for (k, _), r in zip(part, readings, strict=True)])
                bar.update(len(part))
        return tuple(self._known[key] for key in keys)

    def _situation(self, comment: Comment) -> Situation:
        text = _ABOUT + comment.text[:_MAX_TEXT]
        return Situation(self._schema, text, shown=(comment.title,))

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

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

BATCH = 8  # comments in a call, each read twice
_MAX_TEXT = 2000  # characters of a comment that are read
# A comment seldom says what it is about. Read both as it stands and with these words before it, the
# embedded LLM got 21 of 42 comments written for the choice right, 17 with the words alone.
_ABOUT = ("", "The first one: ")
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


def told(*readings: Reading) -> Told:
    """Return what readings of one comment tell of the one item shown.

    A question is no verdict. Where likes and dislikes are both found, be it in one reading or in
    two, the verdict is not known and the item counts as mentioned: a wrong one does more harm than
    none.
    """
    verdicts = {kind for kind in map(_verdict, readings) if kind != "mentioned"}
    kind = verdicts.pop() if len(verdicts) == 1 else "mentioned"
    aspects = (aspect for reading in readings for aspect in _aspects(reading))
    return Told(kind, tuple(dict.fromkeys(aspects)))


def _verdict(reading: Reading) -> EventKind:
    likes, dislikes = bool(reading.likes), bool(reading.dislikes or reading.avoid)
    if likes == dislikes or reading.asks or reading.act in _ASKING:
        return "mentioned"
    return "liked" if likes else "disliked"


def _aspects(reading: Reading) -> tuple[str, ...]:
    facets = (*(a.facet for a in reading.add), *(r.facet for r in reading.relative), *reading.asks)
    return (*facets, *reading.wish, *reading.avoid)


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
                asked = [self._situation(words, one) for words in _ABOUT for _, one in part]
                read = self._llm.read(asked)
                each = (read[n :: len(part)] for n in range(len(part)))
                self._keep([(k, told(*rs)) for (k, _), rs in zip(part, each, strict=True)])
                bar.update(len(part))
        return tuple(self._known[key] for key in keys)

    def _situation(self, before: str, comment: Comment) -> Situation:
        text = before + comment.text[:_MAX_TEXT]
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

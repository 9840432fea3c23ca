"""Frames of reasons: the small set of sentence shapes that the embedded LLM generates within.

A model of this size does not yet write free prose that reads well, so its generation is held to a
trie: hand-written frames, filled with the brief's slots and one whole sentence of the item's
description. The model chooses the path; every path is well-formed and made of the brief alone.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from bot.llm.base import ReasonBrief
from bot.pocket import pieces as P
from bot.pocket.prompt import Prompt, Renderer
from bot.pocket.reasons import MAX_REASON

SENTENCE = re.compile(r"[^.!?]+[.!?]+")
PLACE = re.compile(r"(\{\w+\})")
Trie = dict[int, "Trie"]


@cache
def frames() -> tuple[str, ...]:
    """Return the frames, in file order."""
    text = (Path(__file__).parent / "reason_frames.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


class FrameWriter:
    """Turns a brief into the trie of the reasons that may be written for it.

    Parameters
    ----------
    renderer
        Cuts words into pieces.
    prose
        WordPiece id → index among the model's prose pieces.
    """

    def __init__(self, renderer: Renderer, prose: Mapping[int, int]) -> None:
        self._renderer, self._prose = renderer, prose
        self._offset = P.RESERVED + len(prose)

    def trie(self, brief: ReasonBrief, prompt: Prompt) -> Trie:
        """Return a trie of output ids; every path ends with `EOS`. Empty if no frame fits."""
        wants = self._list([p for p in prompt.slots if self._is_wish(brief, prompt, p)])
        liked = [[p + self._offset] for p, t in prompt.slots.items() if t in brief.liked]
        sentences = self._sentences(brief, prompt)
        root: Trie = {}
        for frame in frames():
            for sentence in sentences:
                fill = {"{wants}": wants, "{sentence}": sentence, "{liked}": (liked or [[]])[0]}
                ids = self._fill(frame, fill)
                if ids is not None and len(ids) < MAX_REASON:
                    _insert(root, [*ids, P.EOS])
        return root

    def _is_wish(self, brief: ReasonBrief, prompt: Prompt, position: int) -> bool:
        words = prompt.slots[position]
        met = {w for _, w in brief.met[:6]} | set(brief.wish[:4])
        order = [p for p, t in prompt.slots.items() if t == words]
        return words in met and position == order[0]

    def _fill(self, frame: str, fill: Mapping[str, Sequence[int]]) -> list[int] | None:
        """Return a frame's ids, or None where it lacks a filling or a word."""
        if not fill["{wants}"] and "{wants}" in frame:
            return None
        ids: list[int] = []
        for part in PLACE.split(frame):
            if part in fill:
                if not fill[part]:
                    return None
                ids += fill[part]
            elif (words := self._words(part)) is None:
                return None
            else:
                ids += words
        return ids

    def _words(self, text: str) -> list[int] | None:
        pieces = self._renderer.pieces(text) if text.strip() else ()
        if any(piece not in self._prose for piece in pieces):
            return None
        return [P.RESERVED + self._prose[piece] for piece in pieces]

    def _list(self, positions: Sequence[int]) -> list[int]:
        """Return slots joined by commas and a last "and"."""
        comma, last = self._words(",") or [], self._words("and") or []
        ids: list[int] = []
        for index, position in enumerate(positions[:5]):
            if index:
                ids += last if index == min(len(positions), 5) - 1 else comma
            ids.append(position + self._offset)
        return ids

    def _sentences(self, brief: ReasonBrief, prompt: Prompt) -> list[list[int]]:
        """Return the description's whole sentences as runs of pointers, two at most."""
        found = []
        for match in islice(SENTENCE.finditer(brief.text), 3):
            start, end = match.span()
            run = [p for p, (a, b) in prompt.spans.items() if a >= start and b <= end]
            whole = bool(run) and prompt.spans[run[-1]][1] == end
            if whole and 4 <= len(run) <= 48:
                found.append([p + self._offset for p in sorted(run)])
        return found[:2]


def _insert(root: Trie, ids: Sequence[int]) -> None:
    node = root
    for id_ in ids:
        node = node.setdefault(id_, {})


def follow(root: Trie, prefix: Sequence[int]) -> Trie:
    """Return the node that a prefix leads to."""
    node = root
    for id_ in prefix:
        node = node[id_]
    return node

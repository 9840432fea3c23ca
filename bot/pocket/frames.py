"""Frames of reasons: the sentence shapes that the embedded LLM generates within.

A model of this size does not yet write free prose that reads well, so its generation is held to a
trie: hand-written frames, filled with phrases made of the brief and whole sentences of the item's
description. The model chooses the path; every path is English and made of the brief alone.
"""

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from bot.llm.base import ReasonBrief
from bot.pocket import pieces as P
from bot.pocket.filling import Stretch, phrases_of, stretches_of
from bot.pocket.prompt import Prompt, Renderer
from bot.pocket.reasons import HYPHEN, MAX_REASON, QUOTE
from bot.voice.briefing import are_works
from bot.voice.phrase import Phrase, Said, is_plural, numbered

FOR_WORKS = "*"
PLACE = re.compile(r"\{(\w+)\}")
WANTS = re.compile(r"(\{wants\}|\{this\})([.?])(?= )")
MORE = r"\1\2 [It|They] {more}."
_LONGEST = 48  # pieces of a sentence
_OF_WISHES = frozenset({"wants", "this", "amount", "tells", "does", "asked", "word"})
_OF_THE_BRIEF = _OF_WISHES | {"liked", "fact", "too"}
Trie = dict[int, "Trie"]


@cache
def frames() -> tuple[str, ...]:
    """Return the frames, in file order."""
    text = (Path(__file__).parent / "reason_frames.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def fitting(brief: ReasonBrief) -> tuple[str, ...]:
    """Return the frames that may be used for a brief, in agreement with its noun.

    Where a wish is met, a frame says so; where there is more to it than the person's own words,
    a frame that repeats them goes on to the rest. What would be too much for one noun follows in
    a sentence of its own.
    """
    filled = {place for place, of in phrases_of(brief).items() if of}
    filled |= {place for place, of in stretches_of(brief).items() if of}
    wishes = bool(filled & _OF_WISHES)
    found = []
    works = are_works(brief)
    for frame in frames():
        if frame.startswith(FOR_WORKS) and not works:
            continue
        if "more" in filled and ("{wants}" in frame or "{this}" in frame):
            frame, told = WANTS.subn(MORE, frame)
            if not told:
                continue
        needs = set(PLACE.findall(frame))
        if not needs <= filled or wishes != bool(needs & _OF_WISHES):
            continue
        if "asked" in needs and "rest" in filled and "rest" not in needs:
            continue
        if not needs & _OF_THE_BRIEF and filled & _OF_THE_BRIEF:
            continue
        found.append(numbered(frame.removeprefix(FOR_WORKS), is_plural(brief.item)))
    return tuple(found)


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
        """Return a trie of output ids; every path ends with `EOS`. Empty if no frame fits.

        The frames are English; a brief in another language fits none.
        """
        root: Trie = {}
        if brief.language != "en":
            return root
        fill = self._fillings(brief, prompt)
        for frame in fitting(brief):
            parts = PLACE.split(frame)
            choices = [fill.get(part, ()) for part in parts[1::2]]
            literal = [self._words(part) for part in parts[::2]]
            if any(words is None for words in literal):
                continue
            for chosen in product(*choices):
                ids = list(literal[0] or ())
                for words, between in zip(chosen, literal[1:], strict=True):
                    ids += [*words, *(between or ())]
                if len(ids) < MAX_REASON:
                    _insert(root, [*ids, P.EOS])
        return root

    def _fillings(self, brief: ReasonBrief, prompt: Prompt) -> dict[str, list[list[int]]]:
        """Return place → its alternatives in output ids; what cannot be written is left out."""
        slots: dict[str, int] = {}
        for position, words in prompt.slots.items():
            slots.setdefault(words, position + self._offset)
        fill: dict[str, list[list[int]]] = {}
        for place, phrases in phrases_of(brief).items():
            ids = [self._phrase(phrase, slots) for phrase in phrases]
            fill[place] = [i for i in ids if i]
        for place, stretches in stretches_of(brief).items():
            runs = [self._run(stretch, prompt) for stretch in stretches]
            fill[place] = [run for run in runs if run]
        return fill

    def _phrase(self, phrase: Phrase, slots: Mapping[str, int]) -> list[int]:
        """Return a phrase's ids; empty if it lacks a word or a slot."""
        ids: list[int] = []
        for part in phrase:
            if isinstance(part, Said):
                if part.words not in slots:
                    return []
                mark = (self._words(QUOTE) or []) if part.quoted else []
                if part.quoted and not mark:
                    return []
                ids += [*mark, slots[part.words], *mark]
                if part.before:
                    ids += self._words(HYPHEN) or []
            elif (words := self._words(part)) is None:
                return []
            else:
                ids += words
        return ids

    def _words(self, text: str) -> list[int] | None:
        """Return a text's ids; a word that is no prose is put together from pieces that are."""
        pieces = self._renderer.pieces(text) if text.strip() else ()
        if any(piece not in self._prose for piece in pieces):
            return self._spelled(text)
        return [P.RESERVED + self._prose[piece] for piece in pieces]

    def _spelled(self, text: str) -> list[int] | None:
        ids: list[int] = []
        for word in re.findall(r"\w+|[^\w\s]", text.lower()):
            start = 0
            while start < len(word):
                mark = "##" if start else ""
                ends = range(len(word), start, -1)
                end = next((e for e in ends if mark + word[start:e] in self._tokens), 0)
                if not end:
                    return None
                ids.append(P.RESERVED + self._tokens[mark + word[start:end]])
                start = end
        return ids

    @cached_property
    def _tokens(self) -> Mapping[str, int]:
        """Prose pieces as written → their index."""
        return {self._renderer.token(piece): index for piece, index in self._prose.items()}

    def _run(self, stretch: Stretch, prompt: Prompt) -> list[int]:
        """Return the pointers to a stretch; empty if the prompt does not hold all of it."""
        start, end = stretch
        run = sorted(p for p, (a, b) in prompt.spans.items() if a >= start and b <= end)
        whole = bool(run) and prompt.spans[run[-1]][1] == end and run[-1] < len(prompt.ids) - 1
        return [p + self._offset for p in run] if whole and len(run) <= _LONGEST else []


def _insert(root: Trie, ids: Sequence[int]) -> None:
    node = root
    for id_ in ids:
        node = node.setdefault(id_, {})


def drawn(root: Trie, count: int, rng: random.Random) -> list[list[int]]:
    """Return up to `count` different paths of a trie, each step uniform among what may follow."""
    found: dict[tuple[int, ...], None] = {}
    for _ in range(2 * count if root else 0):
        path: list[int] = []
        node = root
        while node:
            path.append(rng.choice(list(node)))
            node = node[path[-1]]
        found[tuple(path)] = None
        if len(found) == count:
            break
    return [list(path) for path in found]


def follow(root: Trie, prefix: Sequence[int]) -> Trie:
    """Return the node that a prefix leads to."""
    node = root
    for id_ in prefix:
        node = node[id_]
    return node

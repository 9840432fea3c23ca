"""Render a situation or a reason brief as the pieces that the embedded LLM reads.

Reading: `[CLS] READ message [SEP] SAID said · FACET name unit : examples MENTION value … ·
STATE facet op value … · ITEM title … [SEP]`. The message is never cut before everything else is.
Writing: see `encode_brief`. This module knows the tokenizer, not the model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.llm.base import Hint, ReasonBrief, Situation
from bot.pocket import pieces as P
from bot.quantity.quantities import number_spans, quantity
from retrieval.types import Constraint, Facet

MAX_PIECES = 384
MAX_MESSAGE = 160
MAX_SAID = 28
EXAMPLES = 3
TIES = 14  # marks that tie words to a facet: the first facets in order, the titles last
BEGIN, NUMBER = TIES, TIES + 1  # marks of a known name's first piece, and of numbers
MARKS = TIES + 2
UNIT_ROOM = 12  # characters behind a number that its unit is looked for in


@dataclass(frozen=True)
class Prompt:
    """Pieces and what the pointers may point at.

    Parameters
    ----------
    ids
        Piece ids, at most `MAX_PIECES`.
    spans
        Position → (start, end) character offsets in the text that may be copied from.
    facets, state, items
        Positions of the markers of each facet, held wish and shown item, in order.
    slots
        Position → text of a reason's placeholders.
    marks
        (position, mark) pairs: what is known of the message's pieces before they are read. A piece
        of a known value, title or number and the marker of its facet share a mark.
    """

    ids: tuple[int, ...]
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    facets: tuple[int, ...] = ()
    state: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    slots: dict[int, str] = field(default_factory=dict)
    marks: tuple[tuple[int, int], ...] = ()


class Renderer:
    """Turns situations and briefs into prompts with a fast tokenizer.

    Parameters
    ----------
    tokenizer
        A fast WordPiece tokenizer with offsets.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401  (transformers is untyped)
        self._tokenizer = tokenizer
        self._cls: int = tokenizer.cls_token_id
        self._sep: int = tokenizer.sep_token_id
        self._cache: dict[str, tuple[int, ...]] = {}

    def pieces(self, text: str) -> tuple[int, ...]:
        """Return the pieces of a short text, remembered."""
        known = self._cache.get(text)
        if known is None:
            known = tuple(self._tokenizer.encode(text, add_special_tokens=False))
            if len(self._cache) < 50_000:
                self._cache[text] = known
        return known

    def token(self, piece: int) -> str:
        """Return a piece's written form ("##ing" for a continuation)."""
        found: str = self._tokenizer.convert_ids_to_tokens(piece)
        return found

    def with_offsets(
        self, text: str, limit: int
    ) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Return the first `limit` pieces of a text and their character offsets."""
        coded = self._tokenizer(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=True,
            max_length=limit,
        )
        offsets = tuple((int(a), int(b)) for a, b in coded["offset_mapping"])
        return tuple(coded["input_ids"]), offsets

    def encode(self, situation: Situation) -> Prompt:
        """Return the prompt of a situation.

        When it does not fit, what was said goes first, then held wishes and shown items from the
        oldest, then example values; the message is only cut at `MAX_MESSAGE` pieces.
        """
        message, offsets = self.with_offsets(situation.text, MAX_MESSAGE)
        ids = [self._cls, P.READ, *message, self._sep]
        spans = {2 + i: o for i, o in enumerate(offsets)}
        said, blocks = self._context(situation, MAX_PIECES - len(ids) - 1)
        if said:
            ids += [P.SAID, *said]
        found: dict[str, list[int]] = {kind: [] for kind in blocks}
        for kind, group in blocks.items():
            for block in group:
                if len(ids) + len(block) >= MAX_PIECES:
                    break
                if block:
                    found[kind].append(len(ids))
                    ids += block
        ids.append(self._sep)
        named = sum(1 for f in situation.schema.facets if f.kind != "tags")
        return Prompt(
            ids=tuple(ids),
            spans=spans,
            facets=tuple(found["facets"][:named]),
            state=tuple(found["state"]),
            items=tuple(found["items"]),
            marks=_marks(situation, spans, found["facets"]),
        )

    def _context(
        self, situation: Situation, room: int
    ) -> tuple[tuple[int, ...], dict[str, list[tuple[int, ...]]]]:
        """Return what was said and the blocks of facets, wishes and items, cut to the room."""
        said = self.pieces(situation.said[-400:])[-MAX_SAID:] if situation.said else ()
        schema = situation.schema.facets
        facets = [self._facet(f, situation.hints, EXAMPLES) for f in schema]
        facets.append(self._titles(situation.hints))
        state = [self._held(c) for c in situation.state]
        items = [(P.ITEM, *self.pieces(t[:80])[:12]) for t in situation.shown]

        def size() -> int:
            return len(said) + 1 + sum(map(len, (*facets, *state, *items)))

        if size() > room:
            said = ()
        while size() > room and len(items) > 3:
            items.pop()
        if size() > room:
            facets = [self._facet(f, (), 0) for f in schema]
        while size() > room and facets:
            facets.pop()
        return said, {"facets": facets, "state": state, "items": items}

    def _facet(self, facet: Facet, hints: Sequence[Hint], examples: int) -> tuple[int, ...]:
        words = facet.name.replace("_", " ")
        if facet.kind == "tags":
            return ()
        if facet.unit and facet.unit.lower() not in words.lower():
            words += f" {facet.unit}"
        if facet.kind == "number":
            words += " number"
        elif facet.kind == "people":
            words += " people"
        elif examples and facet.values:
            words += " : " + " , ".join(v[:30] for v in facet.values[:examples])
        found = dict.fromkeys(h.value for h in hints if h.facet == facet.name)
        marks = [p for v in list(found)[:4] for p in (P.MENTION, *self.pieces(v[:40])[:10])]
        return (P.FACET, *self.pieces(words)[:40], *marks)

    def _titles(self, hints: Sequence[Hint]) -> tuple[int, ...]:
        found = dict.fromkeys(h.value for h in hints if h.facet is None)
        if not found:
            return ()
        marks = [p for v in list(found)[:6] for p in (P.MENTION, *self.pieces(v[:60])[:10])]
        return (P.FACET, *self.pieces("title"), *marks)

    def _held(self, held: Constraint) -> tuple[int, ...]:
        words = f"{held.facet.replace('_', ' ')} {held.op} {value_words(held)}"
        return (P.STATE, *self.pieces(words)[:16])

    def encode_brief(self, brief: ReasonBrief) -> Prompt:
        """Return the prompt of a reason brief.

        `[CLS] WRITE item slot title · MET slot words … · WISH words … · LIKED slot title … ·
        FACTS slot words … · TEXT description [SEP]`. Each slot is a marker whose pointer stands
        for the words that follow it; the description's pieces may be copied one by one.
        """
        ids: list[int] = [self._cls, P.WRITE, *self.pieces(brief.item)[:4]]
        slots: dict[int, str] = {}

        def slot(words: str, label: str) -> None:
            slots[len(ids)] = words
            ids.append(P.SLOT0)
            if label:
                ids.extend(self.pieces(label.replace("_", " "))[:4])
            ids.extend(self.pieces(words)[:16])

        slot(brief.title, "")
        for facet, words in brief.met[:6]:
            ids.append(P.MET)
            slot(words, facet)
        for words in brief.wish[:4]:
            ids.append(P.WISH)
            slot(words, "")
        for title in brief.liked[:3]:
            ids.append(P.LIKED)
            slot(title, "")
        for facet, words in brief.facts[:8]:
            ids.append(P.FACTS)
            slot(words, facet)
        ids.append(P.TEXT)
        text, offsets = self.with_offsets(brief.text, MAX_PIECES - len(ids) - 1)
        spans = {len(ids) + i: o for i, o in enumerate(offsets)}
        ids += [*text, self._sep]
        return Prompt(ids=tuple(ids[:MAX_PIECES]), spans=spans, slots=slots)


def _marks(
    situation: Situation, spans: Mapping[int, tuple[int, int]], markers: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Return the marks of known names and numbers in the message, and of their facets' markers.

    `markers` are the positions of the facets, in order, and of the titles after them, if any.
    """
    facets = [f for f in situation.schema.facets if f.kind != "tags"]
    ties = {f.name: i for i, f in enumerate(facets[: TIES - 1])}
    titles = markers[len(facets) : len(facets) + 1]
    marks = dict.fromkeys(zip(markers[: len(ties)], range(len(ties)), strict=False))
    marks.update(dict.fromkeys((marker, TIES - 1) for marker in titles))

    def inside(start: int, end: int) -> list[int]:
        return [p for p, (a, b) in spans.items() if a < end and b > start]

    for hint in situation.hints:
        column = TIES - 1 if hint.facet is None else ties.get(hint.facet)
        if column is not None:
            pieces = inside(hint.start, hint.end)
            marks.update(dict.fromkeys((p, column) for p in pieces))
            marks.update(dict.fromkeys((p, BEGIN) for p in pieces[:1]))
    numbers = [f for f in facets if f.kind == "number" and f.name in ties]
    for start, end, words in _numbers(situation.text):
        fitting = [f for f in numbers if quantity(words, f, situation.text[:start]) is not None]
        for piece in inside(start, end) if fitting else ():
            marks.update(dict.fromkeys((piece, ties[f.name]) for f in fitting))
            marks[piece, NUMBER] = None
    return tuple(marks)


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each number of a text, and it with the unit behind it."""
    places = number_spans(text)
    nexts = [*(start for start, _ in places[1:]), len(text)]
    for (start, end), after in zip(places, nexts, strict=False):
        yield start, end, text[start : min(max(end, after), end + UNIT_ROOM)]


def value_words(held: Constraint) -> str:
    """Return a constraint's value in words: `("comedy", "drama")` → `"comedy, drama"`."""
    if isinstance(held.value, tuple):
        return ", ".join(v if isinstance(v, str) else f"{v:g}" for v in held.value)
    return f"{held.value:g}"

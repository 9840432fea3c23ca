"""Readings as sequences of output pieces, and back.

`linearise` makes training targets, `parse` turns generated pieces into a `Reading`, and `allowed`
is the grammar: which pieces may follow a prefix, so that every output parses.
"""

from collections.abc import Sequence

from bot.llm.base import Situation
from bot.pocket import pieces as P
from bot.pocket.prompt import Prompt, value_words
from bot.reading import Added, Compared, Reading, Removed

MAX_SPAN = 16
MAX_SEGMENTS = 16
ROLE_IDS = frozenset(P.ID[r] for r in P.ROLES)
OP_IDS = frozenset(P.ID[o] for o in P.OPS)
DIRECTION_IDS = frozenset(P.ID[d] for d in P.DIRECTIONS)
SPAN_IDS = frozenset(P.ID[s] for s in ("count", "wish", "avoid"))
ACT_IDS = tuple(P.ID[a] for a in P.ACTS)


class Unspeakable(ValueError):
    """A reading that the output language cannot say for this prompt (a span that was cut off)."""


def _span(text: str, words: str, prompt: Prompt, used: set[int]) -> tuple[int, int]:
    """Return the first and last positions of the words in the message, unused ones preferred."""
    found: list[tuple[int, int]] = []
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        inside = [p for p, (a, b) in prompt.spans.items() if a < end and b > start]
        if inside and len(inside) <= MAX_SPAN:
            found.append((min(inside), max(inside)))
        start = text.find(words, start + 1)
    if not found:
        raise Unspeakable(words)
    fresh = [s for s in found if s[0] not in used]
    chosen = (fresh or found)[0]
    used.add(chosen[0])
    return chosen


def _facet(situation: Situation, prompt: Prompt, name: str) -> int:
    names = [f.name for f in situation.schema.facets if f.kind != "tags"]
    if name not in names or names.index(name) >= len(prompt.facets):
        raise Unspeakable(name)
    return prompt.facets[names.index(name)]


class _Speaker:
    """Says one reading: collects its segments, those with a span in the message's order."""

    def __init__(self, situation: Situation, prompt: Prompt, offset: int) -> None:
        self._situation, self._prompt, self._offset = situation, prompt, offset
        self._used: set[int] = set()
        self._fixed: list[list[int]] = []
        self._spanned: list[tuple[int, list[int]]] = []

    def item(self, ref: str) -> int:
        """Return the pointer to a shown item, `#n`."""
        index = int(ref[1:]) - 1
        if index >= len(self._prompt.items):
            raise Unspeakable(ref)
        return self._prompt.items[index] + self._offset

    def facet(self, name: str) -> int:
        """Return the pointer to a facet."""
        return _facet(self._situation, self._prompt, name) + self._offset

    def place(self, head: list[int], words: str, tail: Sequence[int] = ()) -> None:
        """Add a segment whose value is a span of the message."""
        first, last = _span(self._situation.text, words, self._prompt, self._used)
        segment = [*head, first + self._offset, last + self._offset, *tail]
        self._spanned.append((first, segment))

    def value(self, head: list[int], ref: str) -> None:
        """Add a segment whose value is a shown item, all of them, or a span."""
        if ref == "#all":
            self._fixed.append([*head, P.ID["all"]])
        elif ref.startswith("#") and ref[1:].isdigit():
            self._fixed.append([*head, self.item(ref)])
        else:
            self.place(head, ref)

    def withdraw(self, removed: Removed) -> None:
        """Add a segment for each held wish that is withdrawn."""
        for index, held in enumerate(self._situation.state[: len(self._prompt.state)]):
            same = removed.value is None or removed.value.lower() == value_words(held).lower()
            if held.facet == removed.facet and same:
                self._fixed.append([P.ID["drop"], self._prompt.state[index] + self._offset])

    def ask(self, name: str) -> None:
        """Add what a question is about."""
        target = P.ID["text"] if name == "text" else self.facet(name)
        self._fixed.append([P.ID["ask"], target])

    def segments(self) -> list[list[int]]:
        """Return all segments, those without a span first."""
        self._spanned.sort(key=lambda pair: pair[0])
        return [*self._fixed, *(s for _, s in self._spanned)][:MAX_SEGMENTS]


def linearise(situation: Situation, reading: Reading, prompt: Prompt, offset: int) -> list[int]:
    """Return the output pieces of a reading, without begin and end.

    Parameters
    ----------
    offset
        The id of source position 0.

    Raises
    ------
    Unspeakable
        If a span, facet or item is not in the prompt.
    """
    speaker = _Speaker(situation, prompt, offset)
    for removed in reading.remove:
        speaker.withdraw(removed)
    for name in reading.asks:
        speaker.ask(name)
    for added in reading.add:
        speaker.value([P.ID[added.op], speaker.facet(added.facet)], added.text)
    for compared in reading.relative:
        tail = [speaker.item(compared.anchor)] if compared.anchor else []
        head = [P.ID[compared.direction], speaker.facet(compared.facet)]
        speaker.place(head, compared.text, tail)
    for role in P.ROLES:
        for ref in getattr(reading, role):
            speaker.value([P.ID[role]], ref)
    counts = (reading.count,) if reading.count else ()
    texts: dict[str, tuple[str, ...]] = {"count": counts}
    texts |= {"wish": reading.wish, "avoid": reading.avoid}
    for slot, phrases in texts.items():
        for words in phrases:
            speaker.place([P.ID[slot]], words)
    return [P.ID[reading.act], *(piece for s in speaker.segments() for piece in s)]


class Grammar:
    """Which pieces may come next while one reading is generated.

    Parameters
    ----------
    prompt
        The prompt that is read; its markers and message pieces are the only pointer targets.
    offset
        The id of source position 0.
    """

    def __init__(self, prompt: Prompt, offset: int) -> None:
        self._offset = offset
        self._facets = [p + offset for p in prompt.facets]
        self._state = [p + offset for p in prompt.state]
        self._items = [p + offset for p in prompt.items]
        self._message = sorted(p + offset for p in prompt.spans)
        self._starts = [P.ID[s] for s in P.ROLES] if self._message or self._items else []
        if self._message:
            self._starts += [P.ID[s] for s in ("count", "wish", "avoid")]
        if self._facets and (self._message or self._items):
            self._starts += [P.ID[o] for o in P.OPS]
        if self._facets and self._message:
            self._starts += [P.ID[d] for d in P.DIRECTIONS]
        self._starts.append(P.ID["ask"])
        if self._state:
            self._starts.append(P.ID["drop"])

    def allowed(self, prefix: Sequence[int]) -> list[int]:
        """Return the ids that may follow `prefix` (without begin); never empty."""
        if not prefix:
            return list(ACT_IDS)
        segment = _open_segment(prefix)
        if not segment:
            return self._next(prefix)
        head, rest = segment[0], segment[1:]
        if head == P.ID["drop"]:
            return self._state if not rest else self._next(prefix)
        if head == P.ID["ask"]:
            return [*self._facets, P.ID["text"]] if not rest else self._next(prefix)
        if head in OP_IDS or head in DIRECTION_IDS:
            if not rest:
                return self._facets
            rest = rest[1:]
            whole = self._items if head in OP_IDS else []
            tail = self._items if head in DIRECTION_IDS else []
            return self._value(rest, whole, tail, prefix)
        whole = [*self._items, P.ID["all"]] if head in ROLE_IDS and self._items else []
        return self._value(rest, whole, [], prefix)

    def _value(
        self, rest: Sequence[int], whole: list[int], tail: list[int], prefix: Sequence[int]
    ) -> list[int]:
        if not rest:
            return [*whole, *self._message]
        if rest[0] in whole:
            return self._next(prefix)
        if len(rest) == 1:
            return [p for p in self._message if rest[0] <= p < rest[0] + MAX_SPAN]
        if len(rest) == 2:
            return [*tail, *self._next(prefix)]
        return self._next(prefix)

    def _next(self, prefix: Sequence[int]) -> list[int]:
        count = sum(1 for p in prefix[1:] if p in _STARTS)
        return [P.EOS] if count >= MAX_SEGMENTS else [P.EOS, *self._starts]


_STARTS = frozenset(P.SEGMENT_STARTS)


def _open_segment(prefix: Sequence[int]) -> Sequence[int]:
    for index in range(len(prefix) - 1, 0, -1):
        if prefix[index] in _STARTS:
            return prefix[index:]
    return ()


def _segments(pieces: Sequence[int]) -> list[list[int]]:
    """Cut what follows the act into segments, up to the end."""
    segments: list[list[int]] = []
    for piece in pieces:
        if piece == P.EOS:
            break
        if piece in _STARTS:
            segments.append([])
        if segments:
            segments[-1].append(piece)
    return segments


class _Listener:
    """Hears one reading: turns segments into the fields of a `Reading`."""

    def __init__(self, situation: Situation, prompt: Prompt, offset: int) -> None:
        self._situation, self._prompt, self._offset = situation, prompt, offset
        self._facets = [f.name for f in situation.schema.facets if f.kind != "tags"]

    def facet(self, piece: int) -> str:
        """Return the facet pointed at."""
        return self._facets[self._prompt.facets.index(piece - self._offset)]

    def words(self, first: int, last: int) -> str:
        """Return the words between two pointers, both included."""
        spans = self._prompt.spans
        start, end = spans[first - self._offset][0], spans[last - self._offset][1]
        return self._situation.text[start:end][:200]

    def value(self, rest: Sequence[int]) -> str | None:
        """Return a value: `#all`, `#n` or words; None where it was cut off."""
        if rest and rest[0] == P.ID["all"]:
            return "#all"
        if rest and rest[0] - self._offset in self._prompt.items:
            return f"#{self._prompt.items.index(rest[0] - self._offset) + 1}"
        return self.words(rest[0], rest[1]) if len(rest) >= 2 else None

    def hear(self, segment: Sequence[int]) -> tuple[str, object] | None:
        """Return the field that a segment fills and its value; None where it was cut off."""
        name, rest = P.NAME[segment[0]], segment[1:]
        if not rest:
            return None
        if name in P.OPS:
            text = self.value(rest[1:])
            return text and ("add", Added(facet=self.facet(rest[0]), op=name, text=text)) or None
        if name in P.DIRECTIONS:
            return self._compared(name, rest)
        if name == "drop":
            held = self._situation.state[self._prompt.state.index(rest[0] - self._offset)]
            return "remove", Removed(facet=held.facet, value=value_words(held)[:200])
        if name == "ask":
            return "asks", "text" if rest[0] == P.ID["text"] else self.facet(rest[0])
        text = self.value(rest)
        return (name, text) if text else None

    def _compared(self, name: str, rest: Sequence[int]) -> tuple[str, object] | None:
        if len(rest) < 3:
            return None
        anchor = self.value(rest[3:4]) if len(rest) > 3 else None
        text = self.words(rest[1], rest[2])
        facet = self.facet(rest[0])
        compared = Compared.model_validate(
            {"facet": facet, "direction": name, "text": text, "anchor": anchor}
        )
        return "relative", compared


def parse(situation: Situation, prompt: Prompt, pieces: Sequence[int], offset: int) -> Reading:
    """Return the reading that grammatical output pieces stand for; a cut-off tail is dropped."""
    listener = _Listener(situation, prompt, offset)
    fields: dict[str, list[object]] = {}
    for segment in _segments(pieces[1:]):
        heard = listener.hear(segment)
        if heard is not None:
            fields.setdefault(heard[0], []).append(heard[1])
    count = fields.pop("count", [None])[-1]
    unique = {name: tuple(dict.fromkeys(values)) for name, values in fields.items()}
    act = P.ACTS[ACT_IDS.index(pieces[0])]
    return Reading.model_validate({"act": act, "count": count, **unique})

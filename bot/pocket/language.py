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
    used: set[int] = set()
    fixed: list[list[int]] = []
    spanned: list[tuple[int, list[int]]] = []

    def item(ref: str) -> int:
        index = int(ref[1:]) - 1
        if index >= len(prompt.items):
            raise Unspeakable(ref)
        return prompt.items[index] + offset

    def place(head: list[int], words: str, tail: Sequence[int] = ()) -> None:
        first, last = _span(situation.text, words, prompt, used)
        spanned.append((first, [*head, first + offset, last + offset, *tail]))

    for removed in reading.remove:
        for index, held in enumerate(situation.state):
            same = removed.value is None or removed.value.lower() == value_words(held).lower()
            if held.facet == removed.facet and same and index < len(prompt.state):
                fixed.append([P.ID["drop"], prompt.state[index] + offset])
    for name in reading.asks:
        target = P.ID["text"] if name == "text" else _facet(situation, prompt, name) + offset
        fixed.append([P.ID["ask"], target])
    for added in reading.add:
        head = [P.ID[added.op], _facet(situation, prompt, added.facet) + offset]
        if added.text.startswith("#") and added.text[1:].isdigit():
            fixed.append([*head, item(added.text)])
        else:
            place(head, added.text)
    for compared in reading.relative:
        head = [P.ID[compared.direction], _facet(situation, prompt, compared.facet) + offset]
        tail = [item(compared.anchor)] if compared.anchor else []
        place(head, compared.text, tail)
    for role in P.ROLES:
        for ref in getattr(reading, role):
            if ref == "#all":
                fixed.append([P.ID[role], P.ID["all"]])
            elif ref.startswith("#") and ref[1:].isdigit():
                fixed.append([P.ID[role], item(ref)])
            else:
                place([P.ID[role]], ref)
    if reading.count is not None:
        place([P.ID["count"]], reading.count)
    for words in reading.wish:
        place([P.ID["wish"]], words)
    for words in reading.avoid:
        place([P.ID["avoid"]], words)
    spanned.sort(key=lambda pair: pair[0])
    segments = [*fixed, *(s for _, s in spanned)][:MAX_SEGMENTS]
    return [P.ID[reading.act], *(piece for s in segments for piece in s)]


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


def parse(situation: Situation, prompt: Prompt, pieces: Sequence[int], offset: int) -> Reading:
    """Return the reading that grammatical output pieces stand for; a cut-off tail is dropped."""
    act = P.ACTS[ACT_IDS.index(pieces[0])]
    parts: dict[str, list[object]] = {}
    count: str | None = None
    facets = [f.name for f in situation.schema.facets if f.kind != "tags"]
    segment: list[int] = []
    segments: list[list[int]] = []
    for piece in pieces[1:]:
        if piece == P.EOS:
            break
        if piece in _STARTS:
            segments.append(segment)
            segment = []
        segment.append(piece)
    segments.append(segment)

    def words(first: int, last: int) -> str:
        start, end = prompt.spans[first - offset][0], prompt.spans[last - offset][1]
        return situation.text[start:end]

    def value(rest: Sequence[int]) -> str | None:
        if rest and rest[0] == P.ID["all"]:
            return "#all"
        if rest and rest[0] - offset in prompt.items:
            return f"#{prompt.items.index(rest[0] - offset) + 1}"
        return words(rest[0], rest[1])[:200] if len(rest) >= 2 else None

    for head, *rest in (s for s in segments if s):
        name = P.NAME[head]
        if name in P.OPS and rest and (text := value(rest[1:])):
            facet = facets[prompt.facets.index(rest[0] - offset)]
            parts.setdefault("add", []).append(Added(facet=facet, op=name, text=text))
        elif name in P.DIRECTIONS and len(rest) >= 3:
            facet = facets[prompt.facets.index(rest[0] - offset)]
            anchor = value(rest[3:4]) if len(rest) > 3 else None
            compared = Compared(
                facet=facet, direction=name, text=words(rest[1], rest[2])[:200], anchor=anchor
            )
            parts.setdefault("relative", []).append(compared)
        elif name == "drop" and rest:
            held = situation.state[prompt.state.index(rest[0] - offset)]
            parts.setdefault("remove", []).append(
                Removed(facet=held.facet, value=value_words(held)[:200])
            )
        elif name == "ask" and rest:
            asked = (
                "text" if rest[0] == P.ID["text"] else facets[prompt.facets.index(rest[0] - offset)]
            )
            parts.setdefault("asks", []).append(asked)
        elif name == "count":
            count = value(rest) or count
        elif name in (*P.ROLES, "wish", "avoid") and (text := value(rest)):
            parts.setdefault(name, []).append(text)
    unique = {k: tuple(dict.fromkeys(v)) for k, v in parts.items()}
    return Reading.model_validate({"act": act, "count": count, **unique})

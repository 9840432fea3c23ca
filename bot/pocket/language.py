"""Readings as sequences of output pieces, and back.

A reading is `act segment* end`. First come what a question is about, withdrawn wishes and shown
items, then the message's spans from left to right, each followed by what it is:

    ask FACET · drop STATE · ITEM role · ITEM op FACET · all role
    FIRST LAST op FACET · FIRST LAST direction FACET [ITEM] · FIRST LAST role|count|wish|avoid

Capitals are pointers into the prompt. The span comes before its kind and its kind before the
facet, so that each choice sees what the earlier ones settled. `linearise` makes training targets,
`parse` turns pieces into a `Reading`, and `Grammar` says which pieces may follow a prefix, so that
every output parses.
"""

from collections.abc import Sequence

from bot.llm.base import Situation
from bot.pocket import pieces as P
from bot.pocket.prompt import Prompt, value_words
from bot.reading import Added, Compared, Reading, Removed

MAX_SPAN = 16
MAX_SEGMENTS = 16
ROLE_IDS = [P.ID[r] for r in P.ROLES]
OP_IDS = [P.ID[o] for o in P.OPS]
DIRECTION_IDS = [P.ID[d] for d in P.DIRECTIONS]
TEXT_IDS = [P.ID[s] for s in ("count", "wish", "avoid")]
KIND_IDS = frozenset((*ROLE_IDS, *OP_IDS, *DIRECTION_IDS, *TEXT_IDS))
FACETED = frozenset((*OP_IDS, *DIRECTION_IDS))
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


def facet_names(situation: Situation) -> list[str]:
    """Return the names of the facets that a prompt shows, in its order."""
    return [f.name for f in situation.schema.facets if f.kind != "tags"]


class _Speaker:
    """Says one reading: collects its segments, those with a span in the message's order."""

    def __init__(self, situation: Situation, prompt: Prompt, offset: int) -> None:
        self._situation, self._prompt, self._offset = situation, prompt, offset
        self._names = facet_names(situation)
        self._used: set[int] = set()
        self._fixed: list[list[int]] = []
        self._items: list[list[int]] = []
        self._spanned: list[tuple[int, list[int]]] = []

    def item(self, ref: str) -> int:
        """Return the pointer to a shown item, `#n`."""
        index = int(ref[1:]) - 1
        if index >= len(self._prompt.items):
            raise Unspeakable(ref)
        return self._prompt.items[index] + self._offset

    def facet(self, name: str) -> int:
        """Return the pointer to a facet."""
        if name not in self._names or self._names.index(name) >= len(self._prompt.facets):
            raise Unspeakable(name)
        return self._prompt.facets[self._names.index(name)] + self._offset

    def value(self, ref: str, kind: Sequence[int]) -> None:
        """Add a segment whose value is a shown item, all of them, or a span of the message."""
        if ref == "#all":
            self._items.append([P.ID["all"], *kind])
        elif ref.startswith("#") and ref[1:].isdigit():
            self._items.append([self.item(ref), *kind])
        else:
            first, last = _span(self._situation.text, ref, self._prompt, self._used)
            segment = [first + self._offset, last + self._offset, *kind]
            self._spanned.append((first, segment))

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
        """Return all segments in the language's order."""
        self._spanned.sort(key=lambda pair: pair[0])
        spanned = [s for _, s in self._spanned]
        return [*self._fixed, *self._items, *spanned][:MAX_SEGMENTS]


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
    for name in reading.asks:
        speaker.ask(name)
    for removed in reading.remove:
        speaker.withdraw(removed)
    for added in reading.add:
        speaker.value(added.text, [P.ID[added.op], speaker.facet(added.facet)])
    for compared in reading.relative:
        tail = [speaker.item(compared.anchor)] if compared.anchor else []
        speaker.value(
            compared.text, [P.ID[compared.direction], speaker.facet(compared.facet), *tail]
        )
    for role in P.ROLES:
        for ref in getattr(reading, role):
            speaker.value(ref, [P.ID[role]])
    counts = (reading.count,) if reading.count else ()
    for slot, phrases in (("count", counts), ("wish", reading.wish), ("avoid", reading.avoid)):
        for words in phrases:
            speaker.value(words, [P.ID[slot]])
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
        self._facets = [p + offset for p in prompt.facets]
        self._state = [p + offset for p in prompt.state]
        self._items = [p + offset for p in prompt.items]
        self._message = sorted(p + offset for p in prompt.spans)
        self._known = frozenset(self._message)
        faceted = [*OP_IDS, *DIRECTION_IDS] if self._facets else []
        self._span_kinds = [*faceted, *ROLE_IDS, *TEXT_IDS]
        self._item_kinds = [*(OP_IDS if self._facets else []), *ROLE_IDS]

    def allowed(self, prefix: Sequence[int]) -> list[int]:
        """Return the ids that may follow `prefix` (without begin); never empty."""
        if not prefix:
            return list(ACT_IDS)
        open_, first = _open_segment(prefix)
        if not open_:
            return self._starts(prefix, first)
        head, rest = open_[0], open_[1:]
        if head == P.ID["drop"]:
            return self._state
        if head == P.ID["ask"]:
            return [*self._facets, P.ID["text"]]
        if head in self._known:
            if not rest:
                return [p for p in self._message if head <= p < head + MAX_SPAN]
            if len(rest) == 1:
                return self._span_kinds
            return self._facets
        if not rest:
            return ROLE_IDS if head == P.ID["all"] else self._item_kinds
        return self._facets

    def _starts(self, prefix: Sequence[int], first: int | None) -> list[int]:
        """Return what may begin a segment, or end; `first` is where the last span began."""
        segments = sum(1 for p in prefix[1:] if p in KIND_IDS or p in (P.ID["drop"], P.ID["ask"]))
        if segments >= MAX_SEGMENTS:
            return [P.EOS]
        if first is not None:
            anchors = self._items if _compares(prefix) else []
            return [P.EOS, *anchors, *(p for p in self._message if p >= first)]
        whole = [P.ID["all"], *self._items] if self._items else []
        itemed = any(p in KIND_IDS for p in prefix[1:])
        fixed = [] if itemed else [P.ID["ask"], *([P.ID["drop"]] if self._state else [])]
        return [P.EOS, *fixed, *whole, *self._message]


def _compares(prefix: Sequence[int]) -> bool:
    """Whether the last finished segment is a comparison that may still name its anchor."""
    return len(prefix) > 3 and prefix[-2] in DIRECTION_IDS


def _segments(pieces: Sequence[int]) -> list[list[int]]:
    """Cut what follows the act into segments, up to the end; the last may be unfinished."""
    segments: list[list[int]] = []
    open_: list[int] = []
    for piece in pieces:
        if piece == P.EOS:
            break
        if not open_ and segments and _takes_anchor(segments[-1], piece):
            segments[-1].append(piece)
            continue
        open_.append(piece)
        if _finished(open_):
            segments.append(open_)
            open_ = []
    return [*segments, open_] if open_ else segments


def _finished(segment: Sequence[int]) -> bool:
    if segment[0] in (P.ID["drop"], P.ID["ask"]):
        return len(segment) == 2
    if segment[-1] in KIND_IDS:
        return segment[-1] not in FACETED
    return len(segment) > 2 and segment[-2] in FACETED


def _takes_anchor(segment: Sequence[int], piece: int) -> bool:
    return len(segment) == 4 and segment[2] in DIRECTION_IDS and _is_item(segment, piece)


def _is_item(segment: Sequence[int], piece: int) -> bool:
    """Whether a pointer after a comparison is an item: items lie beyond the facet, words before."""
    return piece > segment[3]


def _open_segment(prefix: Sequence[int]) -> tuple[Sequence[int], int | None]:
    """Return the unfinished segment, empty if none, and where the last finished span began."""
    segments = _segments(prefix[1:])
    open_: Sequence[int] = ()
    if segments and not _finished_whole(segments[-1]):
        open_ = segments.pop()
    spans = [s[0] for s in segments if len(s) > 2 and s[2] in KIND_IDS]
    return open_, spans[-1] if spans else None


def _finished_whole(segment: Sequence[int]) -> bool:
    return _finished(segment) or len(segment) == 5


def labelled(pieces: Sequence[int], offset: int) -> list[tuple[int, int, int, int | None]]:
    """Return the spans of a reading's pieces: (first, last position, kind, facet position)."""
    found = []
    for segment in _segments(pieces[1:]):
        if len(segment) > 2 and segment[2] in KIND_IDS:
            facet = segment[3] - offset if len(segment) > 3 else None
            found.append((segment[0] - offset, segment[1] - offset, segment[2], facet))
    return found


class _Listener:
    """Hears one reading: turns segments into the fields of a `Reading`."""

    def __init__(self, situation: Situation, prompt: Prompt, offset: int) -> None:
        self._situation, self._prompt, self._offset = situation, prompt, offset
        self._facets = facet_names(situation)

    def facet(self, piece: int) -> str:
        """Return the facet pointed at."""
        return self._facets[self._prompt.facets.index(piece - self._offset)]

    def value(self, pieces: Sequence[int]) -> str:
        """Return a value: `#all`, `#n`, or the words between two pointers, both included."""
        if pieces[0] == P.ID["all"]:
            return "#all"
        if len(pieces) == 1:
            return f"#{self._prompt.items.index(pieces[0] - self._offset) + 1}"
        spans = self._prompt.spans
        start, end = spans[pieces[0] - self._offset][0], spans[pieces[1] - self._offset][1]
        return self._situation.text[start:end][:200]

    def hear(self, segment: Sequence[int]) -> tuple[str, object] | None:
        """Return the field that a segment fills and its value; None where it was cut off."""
        if not _finished_whole(segment):
            return None
        if segment[0] == P.ID["drop"]:
            held = self._situation.state[self._prompt.state.index(segment[1] - self._offset)]
            return "remove", Removed(facet=held.facet, value=value_words(held)[:200])
        if segment[0] == P.ID["ask"]:
            asked = segment[1]
            return "asks", "text" if asked == P.ID["text"] else self.facet(asked)
        at = next(i for i, p in enumerate(segment) if p in KIND_IDS)
        name, text, rest = P.NAME[segment[at]], self.value(segment[:at]), segment[at + 1 :]
        if name in P.OPS:
            return "add", Added(facet=self.facet(rest[0]), op=name, text=text)
        if name in P.DIRECTIONS:
            fields = {"facet": self.facet(rest[0]), "direction": name, "text": text}
            anchor = self.value(rest[1:]) if len(rest) > 1 else None
            return "relative", Compared.model_validate({**fields, "anchor": anchor})
        return name, text


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

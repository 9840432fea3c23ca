"""Reasons as output pieces, and back.

A reason is generated from prose pieces, pointers to slots (a title, a fact, a wish: each stands
for its exact words) and pointers to pieces of the item's description, copied one by one.
"""

import re
from collections.abc import Mapping, Sequence

from bot.checking.names import everyday
from bot.llm.base import ReasonBrief
from bot.pocket import pieces as P
from bot.pocket.prompt import Prompt, Renderer
from bot.voice.attributive import attributive

MAX_REASON = 72
QUOTE = "'"  # on both sides of a slot it makes a quotation
HYPHEN = "-"  # behind a slot it makes the words stand before a noun: "90-minute", "French"
_ACRONYMS = {"ram": "RAM"}  # prose pieces have no capitals
_END = re.compile(r"[.!?]+[\"”’')]*$")
_AGAIN = re.compile(  # what is named as "this phone" at first, and again further on
    r"(?<!about )(?<!with )(?<!for )(?<!of )(?<!like )(?<!in )\b(?:this|these|an?|here are|try)\b"
    r"(?: (?!(?:that|which|with|by|in|for|about|like)\b)[\w$€£.,%'-]+)*?"
    r" (?P<noun>[a-z]+)\b[^?!]*[.?!] (?P<again>Th(?:is|ese) (?P=noun))(?= [a-z])",
    re.IGNORECASE,
)
_SLOT = -2  # a slot came last
_HELD = 0xE000  # private characters stand for what must stay as it is while the rest is tidied


class Unwritable(ValueError):
    """A reason that the output language cannot write (a word outside of it)."""


def spell(
    renderer: Renderer,
    prompt: Prompt,
    brief: ReasonBrief,
    reason: str,
    prose: Mapping[int, int],
) -> list[int]:
    """Return the output ids of a reason, without begin and end.

    Parameters
    ----------
    prompt
        The brief's prompt.
    prose
        WordPiece id → index among the prose pieces.

    Raises
    ------
    Unwritable
        If a word is neither prose nor in the brief, or the reason is too long.
    """
    offset = P.RESERVED + len(prose)
    slots = sorted(prompt.slots.items(), key=lambda s: (-len(s[1]), s[0]))
    source = {p: prompt.ids[p] for p in prompt.spans if p < len(prompt.ids)}
    positions: dict[int, list[int]] = {}
    for position, piece in source.items():
        positions.setdefault(piece, []).append(position)
    text, cuts = _cut(reason, slots)
    out: list[int] = []
    last = -1
    for start, end, slot in cuts:
        if slot is not None:
            out.append(slot + offset)
            last = -1
            continue
        ids, _ = renderer.with_offsets(text[start:end], 200)
        for index, piece in enumerate(ids):
            after = ids[index + 1] if index + 1 < len(ids) else None
            if last >= 0 and source.get(last + 1) == piece:
                last += 1
                out.append(last + offset)
                continue
            starts = [p for p in positions.get(piece, ()) if source.get(p + 1) == after]
            common = piece in prose
            if starts and (not common or _content(renderer, piece)):
                last = starts[0]
                out.append(last + offset)
            elif common:
                last = -1
                out.append(P.RESERVED + prose[piece])
            elif piece in positions:
                last = positions[piece][0]
                out.append(last + offset)
            else:
                raise Unwritable(reason)
    if len(out) > MAX_REASON:
        raise Unwritable(reason)
    return out


def _content(renderer: Renderer, piece: int) -> bool:
    return len(renderer.token(piece)) > 3


def _cut(
    reason: str, slots: Sequence[tuple[int, str]]
) -> tuple[str, list[tuple[int, int, int | None]]]:
    """Cut a reason into stretches of prose and slots: (start, end, slot position or None)."""
    taken: list[tuple[int, int, int | None]] = []
    for position, words in slots:
        if not words.strip():
            continue
        pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
        for match in re.finditer(pattern, reason, re.IGNORECASE):
            if all(match.end() <= a or match.start() >= b for a, b, _ in taken):
                taken.append((match.start(), match.end(), position))
    taken.sort()
    cuts: list[tuple[int, int, int | None]] = []
    end = 0
    for start, stop, slot in taken:
        if reason[end:start].strip():
            cuts.append((end, start, None))
        cuts.append((start, stop, slot))
        end = stop
    if reason[end:].strip():
        cuts.append((end, len(reason), None))
    return reason, cuts


def compose(
    renderer: Renderer,
    prompt: Prompt,
    brief: ReasonBrief,
    ids: Sequence[int],
    prose_pieces: Sequence[int],
) -> str:
    """Return the text that generated ids stand for, with its capitals and spacing restored.

    Slots and stretches of the description come out word for word.
    """
    offset = P.RESERVED + len(prose_pieces)
    words: list[str] = []
    held: list[str] = []
    copied: list[int] = []
    last = -1
    for id_ in ids:
        if id_ == P.EOS:
            break
        position, slot = id_ - offset, last == _SLOT
        if position in prompt.slots:
            words.append(_hold(held, prompt.slots[position]))
            last = _SLOT
        elif position in prompt.spans:
            start, end = prompt.spans[position]
            sub = renderer.token(prompt.ids[position]).startswith("##")
            if last == position - 1 and last in prompt.spans:
                held[-1] += brief.text[prompt.spans[last][1] : end]
                last = position
                continue
            copied.append(len(held))
            if words and sub:
                words[-1] += _hold(held, brief.text[start:end])
            else:
                words.append(_hold(held, _lowered(brief.text, start, end)))
            last = position
        elif P.RESERVED <= id_ < offset:
            piece = renderer.token(prose_pieces[id_ - P.RESERVED])
            if piece == HYPHEN and slot:
                held[-1] = attributive(held[-1])
            elif piece.startswith("##") and words:
                words[-1] += piece[2:]
            else:
                words.append(piece)
            last = -1
    text = _tidy([_ACRONYMS.get(word, word) for word in _ended(words, held, copied)], held)
    return _referred(text)


def _referred(text: str) -> str:
    """Return a text with "it" for what a sentence before has named: "this phone …. This phone"."""
    found = _AGAIN.search(text)
    if found is None:
        return text
    said = "They" if found["again"].startswith("These") else "It"
    return f"{text[: found.start('again')]}{said}{text[found.end('again') :]}"


def _hold(held: list[str], text: str) -> str:
    held.append(text)
    return chr(_HELD + len(held) - 1)


def _ended(words: Sequence[str], held: list[str], copied: Sequence[int]) -> list[str]:
    """Take the ends of copied sentences out of what is held, so that a new sentence is seen."""
    found = list(words)
    for number in copied:
        mark, own = chr(_HELD + number), held[number]
        held[number] = _END.sub("", own)
        end = own[len(held[number]) :]
        found = [word.replace(mark, mark + end) for word in found]
    return found


def _lowered(text: str, start: int, end: int) -> str:
    """Return a stretch's first piece, without the capital of a sentence's beginning.

    A word that may be a name keeps it.
    """
    piece = text[start:end]
    before = text[:start].rstrip()
    word = re.match(r"[\w'’-]*", text[start:])
    begins = not before or before[-1] in ".!?:"
    if begins and word and piece[1:] == piece[1:].lower() and everyday(word.group()):
        return piece[:1].lower() + piece[1:]
    return piece


def _tidy(words: Sequence[str], held: Sequence[str]) -> str:
    mark = rf"[{chr(_HELD)}-{chr(_HELD + max(len(held) - 1, 0))}]"
    text = " ".join(words)
    text = re.sub(rf"{QUOTE} ({mark}) {QUOTE}", r"“\1”", text)
    text = re.sub(r"\s+([,.;:!?%)])", r"\1", text)
    text = re.sub(r"\(\s+", "(", text)
    text = re.sub(r"(\w)\s+(['’])\s*(\w)", r"\1\2\3", text)
    text = re.sub(r"(\w)\s*-\s*(\w)", r"\1-\2", text)
    text = re.sub(r"\bi\b", "I", text)
    begun = r"(^“?|[.!?][\"”’')]*\s+“?)"
    text = re.sub(begun + "([a-z])", lambda m: m.group(1) + m.group(2).upper(), text.strip())

    def release(match: re.Match[str]) -> str:
        own = held[ord(match.group(2)) - _HELD]
        name = own[1:2].isupper()  # "iPhone"
        first = match.group(1) is not None and not name
        return (match.group(1) or "") + (own[:1].upper() + own[1:] if first else own)

    text = re.sub(rf"{begun}?({mark})", release, text)
    return text if not text or _END.search(text) else text + "."


def repeats(text: str) -> int:
    """Return how many words of five letters and more a text says again, forms of them included."""
    stems = [w[:5] for w in re.findall(r"[^\W\d_]{5,}", text.lower())]
    return len(stems) - len(set(stems))

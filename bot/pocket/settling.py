"""Settle a reading against what its message plainly shows: known names, units and ordinals.

The model points at the right words more surely than at the right facet or item. Where the
catalogue knows the words under another facet, or their unit belongs to another one, that facet
holds; "the second one" is the second. What is left without evidence stays as the model read it.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.llm.base import Hint, Situation
from bot.pocket.cues import cued
from bot.pocket.measured import is_year, measured, numbered, whole
from bot.pocket.polarity import denied
from bot.pocket.withdrawals import withdrawn
from bot.reading import Added, Reading
from retrieval.types import Facet, Op

CLOSE = 80.0
TYPO = 88.0
ORDINALS = (
    r"\b(?:first|1st|former|number one)\b|#1\b|\b(?:number|no\.?|nr) ?1\b|第[一1]|头一",
    r"\b(?:second|2nd|scnd|middle|number two)\b|#2\b|\b(?:number|no\.?|nr) ?2\b|第[二2]|中间那",
    r"\b(?:third|3rd|number three)\b|#3\b|\b(?:number|no\.?|nr) ?3\b|第[三3]",
    r"\b(?:fourth|4th|number four)\b|#4\b|第[四4]",
    r"\b(?:fifth|5th|number five)\b|#5\b|第[五5]",
)
LAST = re.compile(
    r"\b(?:the last|last one|the latter|bottom one)\b|最后[一那]|最后的?[部个款台本首]",
    re.IGNORECASE,
)
DIGIT = re.compile(
    r"(?<![\w.,$€£'-])[1-5](?=\s*(?:$|[?,.!&]\s|[?!]|and\b|or\b|vs\b|which\b|than\b|is\b))"
)
ANOTHER = re.compile(r"\b(?:another|a different|one more)(?: one)?\s*(?=$|[.,!?])", re.IGNORECASE)
KINDS = ("kind", "type", "category", "product", "product_type")  # facets of what a thing is
OWNED = re.compile(r"\b(?:my|mine|our|his|her|their|old)\s+(?:\w+\s+)?$|我的?$", re.IGNORECASE)
LIST = re.compile(
    r"\s*(?:,|/|&|\+|、|，|\bor\b|\band\b|\bnor\b|和|或|跟|或者)\s*(?:or\b|and\b)?\s*"
)
POINTING = ("answer", "compare", "accept", "explain")
ROLES = ("likes", "dislikes", "seen", "similar", "refers")


def settle(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with facets and items that the message's evidence speaks for."""
    reading = reading.model_copy(update={"remove": withdrawn(situation, reading)})
    added: list[Added] = []
    moved: dict[str, list[str]] = {"wish": [*reading.wish], "avoid": [*reading.avoid]}
    moved["dislikes"] = [*reading.dislikes]
    beside = _beside(situation, reading) or _kind(situation, reading)
    beside += _instead(situation, reading)
    for one in (*reading.add, *beside, *_misspelt(situation, reading, moved)):
        full = whole(situation, one)
        if full is None:
            continue
        settled = full if one.text.startswith("#") else _facet(situation, full)
        if settled is not None:
            added.append(numbered(situation, denied(situation.text, settled)))
        elif one.op == "!=" and _title(situation, one.text):
            moved["dislikes"].append(one.text)
        else:
            moved["avoid" if one.op == "!=" else "wish"].append(one.text)
    fields = {k: tuple(dict.fromkeys(v)) for k, v in moved.items()}
    moved_on = reading.model_copy(update={"add": _agreeing(added), **fields})
    return _items(situation, _asks(situation, _counted(situation, moved_on)))


def _agreeing(added: Sequence[Added]) -> tuple[Added, ...]:
    """Return the constraints without repeats, and without those that deny a wanted value."""
    wanted = {(a.facet, a.text.lower()) for a in added if a.op == "="}
    kept = [a for a in added if a.op != "!=" or (a.facet, a.text.lower()) not in wanted]
    return tuple(dict.fromkeys(kept))


def _counted(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the count that "another one" stands for."""
    found = ANOTHER.search(situation.text)
    if reading.count or reading.act != "recommend" or found is None:
        return reading
    return reading.model_copy(update={"count": found.group()})


def _beside(situation: Situation, reading: Reading) -> list[Added]:
    """Return constraints for known values right beside a read one that were not read.

    "Sony cameras", "a korean thriller": one phrase, of which the model may have read a part; and
    members of a list of one facet ("Senegal, Mali or Burkina Faso"), wanted or not as the one read.
    """
    if reading.act != "recommend":
        return []
    kinds = {f.name: f.kind for f in situation.schema.facets}
    read = _places(situation, reading)
    phrases = [(*_place(situation, a.text), a) for a in reading.add if a.op in ("=", "!=")]
    found: list[Added] = []
    for hint in _unread(situation, read):
        listed = kinds.get(hint.facet or "") in ("category", "people")
        for start, end, beside in phrases if listed else ():
            gaps = [situation.text[a:b] for a, b in ((end, hint.start), (hint.end, start)) if a < b]
            same = hint.facet == beside.facet and any(LIST.fullmatch(gap) for gap in gaps)
            one = kinds[hint.facet or ""] == "category" and beside.op == "="
            if start >= 0 and (same or one and any(gap.isspace() for gap in gaps)):
                words = situation.text[hint.start : hint.end]
                added = Added(facet=str(hint.facet), op=beside.op, text=words)
                found.append(added)
                phrases.append((hint.start, hint.end, added))
                break
    return found


def _instead(situation: Situation, reading: Reading) -> list[Added]:
    """Return the value that takes the place of one withdrawn: "make it Swiss" (held: German)."""
    added = {a.facet for a in reading.add}
    found = []
    for facet in {r.facet: None for r in reading.remove if r.facet not in added}:
        gone = {str(r.value).lower() for r in reading.remove if r.facet == facet}
        hints = [h for h in _unread(situation, _places(situation, reading)) if h.facet == facet]
        fresh = [h for h in hints if h.value.lower() not in gone]
        if len({h.value for h in fresh}) == 1:
            words = situation.text[fresh[0].start : fresh[0].end]
            found.append(Added(facet=facet, op="=", text=words))
    return found


def _unread(situation: Situation, read: Sequence[tuple[int, int]]) -> list[Hint]:
    """Return the hints at words that the reading has no use for."""
    return [h for h in situation.hints if not any(h.start < b and h.end > a for a, b in read)]


def _kind(situation: Situation, reading: Reading) -> list[Added]:
    """Return the kind of thing that a message names, where none was read or is held."""
    kinds = [f.name for f in situation.schema.facets if f.kind == "category" and f.name in KINDS]
    if reading.act not in ("recommend", "clarify") or not kinds:
        return []
    if any(c.facet == kinds[0] for c in situation.state):
        return []
    hinted = [h for h in situation.hints if h.facet == kinds[0]]
    if len({h.value for h in hinted}) != 1 or any(a.facet == kinds[0] for a in reading.add):
        return []
    places = _places(situation, reading)
    if any(h.start < end and h.end > start for h in hinted for start, end in places):
        return []
    if reading.add and OWNED.search(situation.text[: hinted[0].start]):
        return []  # "my phone died, I want a Sony"
    words = situation.text[hinted[0].start : hinted[0].end]
    return [Added(facet=kinds[0], op="=", text=words)]


def _misspelt(situation: Situation, reading: Reading, moved: dict[str, list[str]]) -> list[Added]:
    """Return constraints for free wishes that are a category's value but for a typo.

    They are taken out of `moved`.
    """
    found = []
    slots: tuple[tuple[str, Op], ...] = (("wish", "="), ("avoid", "!="))
    for slot, op in slots:
        for words in list(moved[slot]):
            facet = next((f for f in situation.schema.facets if _is_typo(f, words)), None)
            if facet is not None:
                moved[slot].remove(words)
                found.append(Added(facet=facet.name, op=op, text=words))
    return found


def _is_typo(facet: Facet, words: str) -> bool:
    if facet.kind != "category" or len(words) < 5:
        return False
    return any(fuzz.ratio(words.lower(), value.lower()) >= TYPO for value in facet.values)


def _place(situation: Situation, words: str) -> tuple[int, int]:
    start = situation.text.find(words)
    return start, start + len(words) if start >= 0 else start


def _places(situation: Situation, reading: Reading) -> list[tuple[int, int]]:
    """Return where the words of a reading stand in its message."""
    words = [a.text for a in reading.add] + [c.text for c in reading.relative]
    words += [w for role in ROLES for w in getattr(reading, role)]
    words += [*reading.wish, *reading.avoid]
    return [place for w in words if (place := _place(situation, w))[0] >= 0]


def _asks(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the one facet that a question's own words name ("directed")."""
    if len(reading.asks) != 1:
        return reading
    stems = {w[:5] for w in re.findall(r"[a-z]{4,}", situation.text.lower())}
    spoken = [
        f.name
        for f in situation.schema.facets
        if f.kind != "tags" and stems & _stems(f.name.split("_")[0], *f.less, *f.more)
    ]
    if len(spoken) != 1 or reading.asks[0] in spoken:
        return reading
    return reading.model_copy(update={"asks": (spoken[0],)})


def _stems(*phrases: str) -> set[str]:
    return {w[:5] for p in phrases for w in re.findall(r"[a-z]{4,}", p.lower())} - {"more", "less"}


def _overlapping(situation: Situation, text: str) -> list[Hint]:
    """Return the hints that cover the words, or lie within them, the longest first."""
    start = situation.text.find(text)
    end = start + len(text)
    found = [h for h in situation.hints if h.start < end and h.end > start >= 0]
    inside = [h for h in found if start <= h.start and h.end <= end or h.start <= start < h.end]
    return sorted(inside, key=lambda h: h.start - h.end)


def _title(situation: Situation, text: str) -> bool:
    return any(h.facet is None for h in _overlapping(situation, text))


def _facet(situation: Situation, one: Added) -> Added | None:
    """Return the constraint under the facet its words belong to; None where they are a theme."""
    facet = situation.schema.facet(one.facet)
    if facet is None:
        return None
    kinds = {f.name: f.kind for f in situation.schema.facets}
    hints = _overlapping(situation, one.text)
    named = [h.facet for h in hints if h.facet and kinds.get(h.facet) in ("category", "people")]
    if one.facet in named:
        return cued(situation.text, one, named)
    units = measured(situation.schema.facets, one.text)
    if facet.kind == "number" and (one.facet in units or not named and not units):
        return one
    if units:
        return one.model_copy(update={"facet": units[0], "op": _number_op(one)})
    if named:
        op = "=" if one.op not in ("=", "!=") else one.op
        moved = one.model_copy(update={"facet": named[0], "op": op})
        return cued(situation.text, moved, named)
    if facet.kind == "category" and facet.values and not _spelled_like(facet, one.text):
        return None
    return one


def _number_op(one: Added) -> str:
    return "<>" if one.op == "=" and is_year(one.text) else one.op


def _spelled_like(facet: Facet, text: str) -> bool:
    forms = [*facet.values, *(s for forms in facet.synonyms.values() for s in forms)]
    said = text.lower()
    return any(
        fuzz.ratio(said, form.lower()) >= CLOSE or form.lower().startswith(said[:-1] or said)
        for form in forms
    )


def ordinals(text: str, count: int) -> list[str]:
    """Return the shown items that a message points at by their place, in its order."""
    found: list[tuple[int, int]] = []
    for index, pattern in enumerate(ORDINALS[:count]):
        found += [(m.start(), index + 1) for m in re.finditer(pattern, text, re.IGNORECASE)]
    if count:
        found += [(m.start(), count) for m in LAST.finditer(text)]
    return [f"#{n}" for _, n in sorted(found)]


def _digits(text: str, count: int) -> list[str]:
    """Return the shown items that bare digits point at: "who's in 2", "between 1 and 3"."""
    found = [int(m.group()) for m in DIGIT.finditer(text)]
    return [f"#{n}" for n in found] if found and max(found) <= count else []


def _items(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with its item numbers as the message's ordinals say, one by one."""
    said = ordinals(situation.text, len(situation.shown))
    if not said and reading.act in ("answer", "compare"):
        said = _digits(situation.text, len(situation.shown))
    read = [(role, r) for role in ROLES for r in getattr(reading, role) if re.match(r"#\d", r)]
    pointed = any(r != "#all" for role in ROLES for r in getattr(reading, role))
    if said and reading.act in POINTING and not pointed:
        return reading.model_copy(update={"refers": tuple(dict.fromkeys(said))})
    if not said or len(said) != len(read) or sorted(said) == sorted(r for _, r in read):
        return reading
    right = {wrong: place for (_, wrong), place in zip(read, said, strict=True)}
    if len(right) != len(read):
        return reading
    update = {
        role: tuple(dict.fromkeys(right.get(r, r) for r in getattr(reading, role)))
        for role in ROLES
    }
    return reading.model_copy(update=update)

"""Known words of a message that a reading left out though their place in it says what they are.

Knows no model; `bot.pocket.settling` puts what is found here beside what was read.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.checking.names import everyday
from bot.llm.base import Hint, Situation
from bot.reading import ROLES, Added, Reading
from bot.voice.wording import KINDS
from retrieval.types import Facet, Op
from retrieval.words import STOPWORDS, stem

TYPO = 88.0
OWNED = re.compile(r"\b(?:my|mine|our|his|her|their|old)\s+(?:\w+\s+)?$|我的?$", re.IGNORECASE)
_ASKED = re.compile(
    r"(?:\b(?:show|find|get|give|recommend)(?: me)?|\b(?:need|want|looking for|how about|what about"
    r"|now|instead|actually|back to|again|return to))"
    r"\s+(?:(?:some|any|a|an|the|good|new|nice|cheap)\s+)*$",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"\b(?:that|this|the same|same) (?P<what>director|actor|actress|star|author|writer|artist|brand"
    r"|maker|designer|developer|publisher|winery|producer|company|country|genre)\b",
    re.IGNORECASE,
)
_OF_ONE = re.compile(
    r"\b(?:the|same) (?P<what>lead|actor|actress|star|director|author|writer|artist|brand|maker"
    r"|designer|developer|publisher|producer|company) (?:as |from |of |in |behind )(?:in )?"
    r"(?:the )?(?P<one>first|second|third|fourth|fifth|last)\b",
    re.IGNORECASE,
)
_PLACES = ("first", "second", "third", "fourth", "fifth")
_CALLED = {"actor": "cast", "actress": "cast", "star": "cast", "lead": "cast", "maker": "brand"}
_BEHIND = re.compile(
    r" (?P<word>[a-z]{3,})(?=\s*(?:$|[,.!?]|(?:for|with|under|below|up|from|in|that|which|or"
    r"|between|over|around|about|less|at|to|you|u|do|is|are|please|pls)\b))"
)
_NO_HEADS = frozenset(  # what stands behind a value and is no thing that is looked for
    """one ones thing things stuff something film films movie movies flick flicks item items product
    products option options kind type please pls plz tho though lol haha only too also either again
    instead tonight today tomorrow now maybe perhaps then thanks thank cheers first second third
    last more less other others else really good better best great nice fine okay yes yeah not
    preferably ideally mostly especially possibly made based style version brand model price size
    area place work done like love want need look looking watching see seen
    people persons players adults guests level needed required
    died dies broke broken dead gone stolen lost back""".split()
)
LIST = re.compile(
    r"\s*(?:,|/|&|\+|、|，|\bor\b|\band\b|\bnor\b|和|或|跟|或者)\s*(?:or\b|and\b)?\s*"
)


def beside(situation: Situation, reading: Reading) -> list[Added]:
    """Return constraints for known values right beside a read one that were not read.

    "Sony cameras", "a korean thriller": one phrase, of which the model may have read a part; and
    members of a list of one facet ("Senegal, Mali or Burkina Faso"), wanted or not as the one read.
    """
    if reading.act != "recommend":
        return []
    kinds = {f.name: f.kind for f in situation.schema.facets}
    read = places(situation, reading)
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


def named_whole(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the parts of one name in one: "gorge orwell", of which one is known.

    Words of the same people facet side by side are one person, unless both are known by themselves.
    """
    people = {f.name for f in situation.schema.facets if f.kind == "people"}
    known = {h.start for h in situation.hints if h.facet in people}
    out: list[Added] = []
    for one in reading.add:
        last = out[-1] if out else None
        both = f"{last.text} {one.text}" if last and last.facet == one.facet in people else ""
        if last and both and last.op == one.op and both in situation.text:
            start = situation.text.find(both)
            if not {start, start + len(last.text) + 1} <= known:
                out[-1] = last.model_copy(update={"text": both})
                continue
        out.append(one)
    return reading.model_copy(update={"add": tuple(out)})


def instead(situation: Situation, reading: Reading) -> list[Added]:
    """Return the value that takes the place of one withdrawn: "make it Swiss" (held: German)."""
    added = {a.facet for a in reading.add}
    found = []
    for facet in {r.facet: None for r in reading.remove if r.facet not in added}:
        gone = {str(r.value).lower() for r in reading.remove if r.facet == facet}
        hints = [h for h in _unread(situation, places(situation, reading)) if h.facet == facet]
        fresh = [h for h in hints if h.value.lower() not in gone]
        if len({h.value for h in fresh}) == 1:
            words = situation.text[fresh[0].start : fresh[0].end]
            found.append(Added(facet=facet, op="=", text=words))
    return found


def _unread(situation: Situation, read: Sequence[tuple[int, int]]) -> list[Hint]:
    """Return the hints at words that the reading has no use for."""
    return [h for h in situation.hints if not any(h.start < b and h.end > a for a, b in read)]


def kind(situation: Situation, reading: Reading) -> list[Added]:
    """Return the kind of thing that a message names, where none was read.

    Where one is held, another takes its place only if it is asked for: "show me headphones".
    """
    kinds = [f.name for f in situation.schema.facets if f.kind == "category" and f.name in KINDS]
    if reading.act not in ("recommend", "clarify") or not kinds:
        return []
    hinted = [h for h in situation.hints if h.facet == kinds[0]]
    asked = any(_ASKED.search(situation.text[: h.start]) for h in hinted)
    if any(c.facet == kinds[0] for c in situation.state) and not asked:
        return []
    said = [a for a in reading.add if a.facet == kinds[0] and not _is_elsewhere(situation, a)]
    if len({h.value for h in hinted}) != 1 or said:
        return []
    others = reading.model_copy(update={"add": ()})  # "Android phone" may have been read as one
    read = places(situation, others)
    if any(h.start < end and h.end > start for h in hinted for start, end in read):
        return []
    if reading.add and OWNED.search(situation.text[: hinted[0].start]):
        return []  # "my phone died, I want a Sony"
    words = situation.text[hinted[0].start : hinted[0].end]
    return [Added(facet=kinds[0], op="=", text=words)]


def within(situation: Situation, reading: Reading) -> list[Added]:
    """Return constraints for known values inside a span that was read as one of another facet.

    "Asus routers" under the category: the maker stands in it as well.
    """
    kinds = {f.name: f.kind for f in situation.schema.facets}
    found = []
    for one in reading.add:
        start, end = _place(situation, one.text)
        here = [h for h in situation.hints if start <= h.start and h.end <= end and start >= 0]
        own = [h for h in here if h.facet == one.facet]
        for hint in here if own and one.op == "=" else ():
            apart = not any(hint.start < h.end and hint.end > h.start for h in own)
            if apart and kinds.get(hint.facet or "") in ("category", "people"):
                words = situation.text[hint.start : hint.end]
                found.append(Added(facet=str(hint.facet), op="=", text=words))
    return [a for a in found if a.facet not in {b.facet for b in reading.add}]


def _is_elsewhere(situation: Situation, one: Added) -> bool:
    """Whether words that were read under a facet are known, but under others only."""
    start, end = _place(situation, one.text)
    here = {h.facet for h in situation.hints if h.start < end and h.end > start}
    return bool(here) and one.facet not in here


def together(situation: Situation, reading: Reading) -> list[Added]:
    """Return what else a read word stands for that names a kind of thing: an iPad is an Apple."""
    found = []
    for one in reading.add:
        start, end = _place(situation, one.text)
        here = [h for h in situation.hints if (h.start, h.end) == (start, end) and h.facet]
        lines = [h for h in here if h.value.lower() != one.text.lower()]
        if one.op == "=" and len(lines) == len(here) and any(h.facet in KINDS for h in here):
            words = situation.text[start:end]
            found += [Added(facet=str(h.facet), op="=", text=words) for h in here]
    return [a for a in found if a.facet not in {b.facet for b in reading.add}]


def the_same(situation: Situation, reading: Reading) -> list[Added]:
    """Return whose works are wanted where the message says "that director" and means the last.

    Or the one of an item by its place: "the lead from the first".
    """
    if reading.act != "recommend" or not situation.shown:
        return []
    placed = _OF_ONE.search(situation.text)
    found = placed or _THAT.search(situation.text)
    if found is None:
        return []
    name = _CALLED.get(found["what"].lower(), found["what"].lower())
    facet = situation.schema.facet(name)
    if facet is None or facet.kind == "number" or any(a.facet == name for a in reading.add):
        return []
    if placed is None:
        return [Added(facet=name, op="=", text=found.group())]
    place, count = found["one"].lower(), len(situation.shown)
    number = count if place == "last" else _PLACES.index(place) + 1
    return [Added(facet=name, op="=", text=f"#{number}")] if number <= count else []


def heads(situation: Situation, reading: Reading) -> list[str]:
    """Return the unread noun right behind a read value: the curtain of "a cotton curtain".

    Behind a superlative, too: "the cheapest router".
    """
    if reading.act != "recommend":
        return []
    text, read = situation.text, places(situation, reading)
    schema = situation.schema
    called = f"{schema.name} {schema.item} {schema.items}".lower()
    nouns = {stem(w) for w in re.findall(r"[a-z]+", called)}
    names = {stem(w) for f in schema.facets for w in f.name.lower().split("_")}
    found = []
    worded = {f.name for f in schema.facets if f.kind == "category"}
    before = [a.text for a in reading.add if a.facet in worded and a.op == "="]
    before += [r.text for r in reading.relative if r.direction in ("min", "max")]
    for words in before:
        start, end = _place(situation, words)
        behind = _BEHIND.match(text, end) if start >= 0 else None
        if behind is None:
            continue
        word = behind["word"]
        taken = any(behind.start("word") < b and behind.end("word") > a for a, b in read)
        known = stem(word) in nouns | names or word in STOPWORDS or word in _NO_HEADS
        if not taken and not known:
            found.append(word)
    return found


def misspelt(situation: Situation, reading: Reading, moved: dict[str, list[str]]) -> list[Added]:
    """Return constraints for free wishes, or words of them, that are a value but for a typo.

    They are taken out of `moved`.
    """
    found = []
    slots: tuple[tuple[str, Op], ...] = (("wish", "="), ("avoid", "!="), ("typos", "="))
    for slot, op in slots:
        for words in list(moved[slot]):
            parts = [words, *(w for w in words.split() if not everyday(w.lower()))]
            named = [(f, p) for p in parts for f in situation.schema.facets if _is_typo(f, p)][:1]
            for facet, part in named:
                rest = " ".join(words.replace(part, " ").split())
                left = [] if STOPWORDS.issuperset(rest.lower().split()) else [rest]
                moved[slot][:] = [w for w in moved[slot] if w != words] + left
                found.append(Added(facet=facet.name, op=op, text=part))
    return found


def unknown(situation: Situation, reading: Reading) -> list[str]:
    """Return the words that nobody knows and the reading has no use for: typos may be among."""
    if reading.act != "recommend":
        return []
    taken = [*places(situation, reading), *((h.start, h.end) for h in situation.hints)]
    return [
        m.group()
        for m in re.finditer(r"[^\W\d_]{4,}", situation.text)
        if not everyday(m.group().lower())
        and not any(m.start() < b and m.end() > a for a, b in taken)
    ]


def _is_typo(facet: Facet, words: str) -> bool:
    said = words.lower()
    if facet.kind != "category" or len(words) < 4 or len(words) == 4 and everyday(said):
        return False
    forms = {form for value in facet.values for form in (value.lower(), stem(value.lower()))}
    exact = 100.0 if len(words) > 4 else 99.0  # a short word is one only with a letter missing
    return any(TYPO <= fuzz.ratio(said, form) <= exact for form in forms)


def _place(situation: Situation, words: str) -> tuple[int, int]:
    start = situation.text.find(words)
    return start, start + len(words) if start >= 0 else start


def places(situation: Situation, reading: Reading) -> list[tuple[int, int]]:
    """Return where the words of a reading stand in its message."""
    words = [a.text for a in reading.add] + [c.text for c in reading.relative]
    words += [w for role in ROLES for w in getattr(reading, role)]
    words += [*reading.wish, *reading.avoid]
    return [place for w in words if (place := _place(situation, w))[0] >= 0]

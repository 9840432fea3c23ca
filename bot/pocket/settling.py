"""Settle a reading against what its message plainly shows: known names, units and ordinals.

The model points at the right words more surely than at the right facet or item. Where the
catalogue knows the words under another facet, or their unit belongs to another one, that facet
holds; "the second one" is the second. What is left without evidence stays as the model read it.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.checking.names import everyday
from bot.llm.base import Hint, Situation
from bot.pocket.acting import acted
from bot.pocket.clauses import amounts, plain
from bot.pocket.company import for_company
from bot.pocket.comparing import compared_rightly, counted_out, listed, priceless
from bot.pocket.cues import cued
from bot.pocket.flags import flagged, in_wishes, says, unflagged
from bot.pocket.groups import grouped
from bot.pocket.measured import (
    is_year,
    latest,
    measured,
    numbered,
    priced_beside,
    whole,
)
from bot.pocket.pointing import called, founded, pointed
from bot.pocket.polarity import denied, passed_over, soured, weary
from bot.pocket.unread import (
    beside,
    heads,
    instead,
    kind,
    misspelt,
    named_whole,
    the_same,
    together,
    unknown,
    within,
)
from bot.pocket.verdicts import judged
from bot.pocket.withdrawals import stands, withdrawn
from bot.quantity.units import is_money, lists_numbers
from bot.reading import Added, Reading
from bot.voice.facet_names import MAKERS
from bot.voice.wording import KINDS
from retrieval.types import Facet, Schema
from retrieval.words import STOPWORDS, stem

CLOSE = 80.0
COUNTED = re.compile(
    r"\b(?:another|a different|one more)(?: one)?\s*(?=$|[.,!?])|\bthe best one\b"
    r"|\b(?:just|only)\b(?: (?:give|show|tell) me)?(?: the)?(?: best)? "
    r"(?:one|two|three|four|five)\b"
    r"(?! (?:thing|question|problem|more|of us|hours?|days?|minutes?|years?|people|hundred))",
    re.IGNORECASE,
)
PRICED = re.compile(
    r"^\W*(?:\w+\W+){0,6}?how m[ua]t?ch(?: (?:is|are|does|do|for)\b[^,;]*)?\W*$"
    r"|多少钱|什么价|价格是?多少",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"\bwho(?:['’]?s| is| was)? (?:wrote|made|directed|painted|designed|composed"
    r"|the (?:author|writer|director|maker|designer|artist))\b|谁(?:写|拍|导)的",
    re.IGNORECASE,
)
EMPTY = frozenset({"nothing", "something", "anything", "everything", "nothin", "sth"})
ALIKE = re.compile(
    r"\b(?:more|something|anything|others?|one|ones) (?:like|of) (?:those|these|that|them|it)\b"
    r"|\bin (?:that|the same) vein\b|类似的|这样的|这种的",
    re.IGNORECASE,
)
LIKED = re.compile(
    r"(?:\b(?:i|we|she|he|they)(?:['’]ve)?(?: \w+ly| just| also| always)* "
    r"(?:loved?|liked?|enjoyed?|adored?)|喜欢|爱看|最爱)\W*(?:the (?:film|movie) )?$",
    re.IGNORECASE,
)
PAID = re.compile(
    r"\b(?:what|how much|how well)\b.{0,40}\b(?:pay|pays|paid|earn|make)\b"
    r"|\b(?:salary|wages?)\b|薪水|工资|薪资",
    re.IGNORECASE,
)
SALARY = re.compile(r"(?:.*_)?(?:salary|wage|pay|compensation)(?:_.*)?")
UNDO = re.compile(
    r"(?:\W*\w+){0,3}?\W*\bundo\b(?: that| it| this| the last \w+)?\W*$", re.IGNORECASE
)


def settle(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with facets and items that the message's evidence speaks for."""
    if UNDO.match(situation.text):
        return Reading(act="undo")
    reading = named_whole(situation, grouped(situation, acted(situation, reading)))
    reading = soured(situation, priceless(situation, counted_out(situation, reading)))
    reading = reading.model_copy(update={"remove": withdrawn(situation, reading)})
    added: list[Added] = []
    wishes = [*reading.wish, *heads(situation, reading)]
    tired = [w for w in wishes if weary(situation.text, w)]
    moved: dict[str, list[str]] = {
        "wish": [w for w in wishes if w not in tired],
        "avoid": [*reading.avoid, *tired],
    }
    moved["dislikes"] = [*reading.dislikes]
    for role in ("likes", "similar", "refers"):
        moved[role] = [*getattr(reading, role)]
    moved["typos"] = unknown(situation, reading)
    left_out = (*misspelt(situation, reading, moved), *amounts(situation, moved))
    for one in (*_with_left_out(situation, reading), *left_out):
        full = whole(situation, one)
        if full is None or one.text.lower() in EMPTY:
            continue
        settled = full if one.text.startswith("#") or _twice(situation, reading, one) else None
        settled = settled or _facet(situation, full)
        if settled is not None:
            begins = _begins(situation, settled)
            added.append(numbered(situation, denied(situation.text, settled, begins)))
        elif one.op == "!=" and _title(situation, one.text):
            moved["dislikes"].append(one.text)
        else:
            unwanted = denied(situation.text, one).op == "!="
            moved["avoid" if unwanted else "wish"].append(one.text)
    del moved["typos"]
    spoken = [w for w in moved["wish"] if not _says_nothing(situation.schema, w)]
    said = in_wishes(situation, spoken)
    added += said
    spoken = [w for w in spoken if not any(w.endswith(one.text) for one in said)]
    moved["wish"] = unflagged(spoken, flagged(situation, reading))
    fields = {k: tuple(dict.fromkeys(v)) for k, v in moved.items()}
    agreeing = _agreeing(for_company(situation, added))
    agreeing = latest(situation.text, agreeing)
    compared = listed(situation, compared_rightly(situation, reading.relative, agreeing), agreeing)
    moved_on = reading.model_copy(update={"add": agreeing, "relative": compared, **fields})
    kept = tuple(r for r in reading.remove if not stands(situation, moved_on, r))
    moved_on = moved_on.model_copy(update={"remove": kept})
    pointing = founded(situation, pointed(situation, called(situation, moved_on)))
    return _asks(situation, _counted(situation, _alike(situation, judged(situation, pointing))))


def _says_nothing(schema: Schema, words: str) -> bool:
    """Whether a wish is only what all items are called: a "cottage" among holiday cottages."""
    called = re.findall(r"[a-z]+", f"{schema.name} {schema.item} {schema.items}".lower())
    empty = EMPTY | STOPWORDS | {stem(word) for word in called}
    return all(w in empty or stem(w) in empty for w in words.lower().split())


def _twice(situation: Situation, reading: Reading, one: Added) -> bool:
    """Whether words were read under two facets because they stand there twice."""
    facets = {a.facet for a in reading.add if a.text == one.text}
    return len(facets) > 1 and situation.text.count(one.text) >= len(facets)


def _with_left_out(situation: Situation, reading: Reading) -> tuple[Added, ...]:
    """Return the constraints of a reading, and those it left out though its message is plain."""
    found = reading
    for more in (within, beside, kind, instead, together, plain, the_same, flagged, passed_over):
        found = found.model_copy(update={"add": (*found.add, *more(situation, found))})
    return found.add


def _agreeing(added: Sequence[Added]) -> tuple[Added, ...]:
    """Return the constraints without repeats, and without those that deny a wanted value."""
    wanted = {(a.facet, a.text.lower()) for a in added if a.op == "="}
    kept = [a for a in added if a.op != "!=" or (a.facet, a.text.lower()) not in wanted]
    return tuple(dict.fromkeys(kept))


def _alike(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with what is liked to be resembled, where more like it is asked for.

    And the other way round: "I loved Alien, something like it" tells a taste as well.
    """
    liked = tuple(
        words
        for words in reading.similar
        if (start := situation.text.find(words)) >= 0 and LIKED.search(situation.text[:start])
    )
    if liked and not reading.likes:
        return reading.model_copy(update={"likes": liked})
    if reading.similar or not reading.likes or not ALIKE.search(situation.text):
        return reading
    return reading.model_copy(update={"similar": reading.likes})


def _counted(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the count that "another one" or "just one" stands for."""
    found = COUNTED.search(situation.text)
    if reading.count or reading.act != "recommend" or found is None:
        return reading
    return reading.model_copy(update={"count": found.group()})


def _asks(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the one facet that a question's own words name ("directed")."""
    if reading.act == "answer" and PRICED.search(situation.text) and not _measured(situation):
        prices = [f.name for f in situation.schema.facets if is_money(f)]
        if len(reading.asks) < 2:  # where nothing has a price, no other number is one
            return reading.model_copy(update={"asks": tuple(prices[:1])})
    paid = [f.name for f in situation.schema.facets if SALARY.fullmatch(f.name)]
    if reading.act == "answer" and paid and PAID.search(situation.text):
        return reading.model_copy(update={"asks": tuple(paid[:1])})
    if reading.act in ("answer", "compare") and WROTE.search(situation.text):
        makers = [f.name for f in situation.schema.facets if f.name in MAKERS]
        if makers and not set(reading.asks) & {f.name for f in _people(situation)}:
            return reading.model_copy(update={"asks": (makers[0],)})
    if len(reading.asks) != 1:
        return reading
    whole = [f.name for f in situation.schema.facets if _says_name(f, situation.text.lower())]
    if len(whole) == 1:
        return reading.model_copy(update={"asks": (whole[0],)})
    stems = {w[:5] for w in re.findall(r"[a-z]{4,}", situation.text.lower())}
    spoken = [
        f.name
        for f in situation.schema.facets
        if f.kind != "tags" and stems & _stems(f.name.split("_")[0], *f.less, *f.more)
    ]
    if len(spoken) != 1 or reading.asks[0] in spoken:
        return reading
    return reading.model_copy(update={"asks": (spoken[0],)})


def _says_name(facet: Facet, text: str) -> bool:
    """Whether a text says a name of several words as it is: "the latin name" of a plant."""
    words = facet.name.lower().split("_")
    return len(words) > 1 and re.search(rf"\b{' '.join(map(re.escape, words))}\b", text) is not None


def _people(situation: Situation) -> list[Facet]:
    return [f for f in situation.schema.facets if f.kind == "people"]


def _measured(situation: Situation) -> bool:
    """Whether a question names a number facet that is no price: "how much does it weigh"."""
    stems = {w[:5] for w in re.findall(r"[a-z]{4,}", situation.text.lower())}
    numbers = [f for f in situation.schema.facets if f.kind == "number" and not is_money(f)]
    return any(stems & _stems(f.name.split("_")[0]) for f in numbers)


def _stems(*phrases: str) -> set[str]:
    return {w[:5] for p in phrases for w in re.findall(r"[a-z]{4,}", p.lower())} - {"more", "less"}


def _overlapping(situation: Situation, text: str) -> list[Hint]:
    """Return the hints that cover the words, or lie within them, the longest first."""
    start = situation.text.find(text)
    end = start + len(text)
    found = [h for h in situation.hints if h.start < end and h.end > start >= 0]
    inside = [h for h in found if start <= h.start and h.end <= end or h.start <= start < h.end]
    return sorted(inside, key=lambda h: h.start - h.end)


def _begins(situation: Situation, one: Added) -> int | None:
    """Return where the known name begins that the words of a constraint are a part of."""
    hints = [h.start for h in _overlapping(situation, one.text) if h.facet == one.facet]
    return min(hints, default=None)


def _title(situation: Situation, text: str) -> bool:
    return any(h.facet is None for h in _overlapping(situation, text))


def _facet(situation: Situation, one: Added) -> Added | None:
    """Return the constraint under the facet its words belong to; None where they are a theme."""
    facet = situation.schema.facet(one.facet)
    if facet is None or lists_numbers(facet) or says(facet, one.text):
        return one
    kinds = {f.name: f.kind for f in situation.schema.facets if not lists_numbers(f)}
    hints = _overlapping(situation, one.text)
    named = [h.facet for h in hints if h.facet and kinds.get(h.facet) in ("category", "people")]
    if one.facet in named:
        others = [n for n in named if n not in KINDS]
        if one.op == "!=" and one.facet in KINDS and others:  # "no iPhones": phones, not Apple's
            return one.model_copy(update={"facet": others[0]})
        return cued(situation.text, one, named)
    price = priced_beside(situation.text, one, situation.schema.facets)
    if price is not None:
        return one.model_copy(update={"facet": price})
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
        return one if _unknown_name(facet, one.text) else None
    return one


def _unknown_name(facet: Facet, text: str) -> bool:
    """Whether words are a name that a facet of names does not hold: a brand that is not here."""
    names = sum(value[:1].isupper() for value in facet.values) > len(facet.values) / 2
    return names and text.isascii() and not any(everyday(word) for word in text.split())


def _number_op(one: Added) -> str:
    return "<>" if one.op == "=" and is_year(one.text) else one.op


def _spelled_like(facet: Facet, text: str) -> bool:
    forms = [*facet.values, *(s for forms in facet.synonyms.values() for s in forms)]
    said = text.lower()
    return any(
        fuzz.ratio(said, form.lower()) >= CLOSE or form.lower().startswith(said[:-1] or said)
        for form in forms
    )

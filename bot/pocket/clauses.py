"""Clauses that say nothing but a known value or an amount: "…, not Samsung, 2023 or newer".

Where a reading left such a clause out, it is a wish all the same. Knows no model;
`bot.pocket.settling` puts what is found here beside what was read.
"""

import re
from collections.abc import Sequence

from bot.llm.base import Hint, Situation
from bot.pocket.measured import measured
from bot.pocket.unread import places
from bot.quantity.quantities import quantity
from bot.reading import Added, Reading
from retrieval.types import Facet
from retrieval.words import stem

_BETWEEN = re.compile(
    r"[,;.!?\n，。；！？、]+(?!\d)|\b(?:and|but|plus|also)\b|而且|还有|并且|但是?"
)
_AMOUNT = re.compile(
    r"[$€£]?\d[\d.,]*(?<!,)(?<!\.)(?!\d|(?:st|nd|rd|th)\b)(?:\s?(?:[a-z]+\b|[\"%']))?",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"^(?:b4|before|after|since|under|over|above|below|(?:less|more|older|newer) than)\s+",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:before|after|since|prior to|under|below|sub|up to|at (?:most|least)|max(?:imum)?"
    r"|min(?:imum)?|(?:more|less|older|newer|later|earlier|longer|shorter|heavier|lighter|bigger"
    r"|smaller) than)\s+"
    rf"(?P<amount>{_AMOUNT.pattern})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?|[\u3400-\u9fff]")
_LONGEST = 30  # words of a message in which a clause by itself is a wish; stories are longer
# What may stand beside a value or an amount without saying anything else.
_SAYS_NOTHING = frozenset(
    """a an the or with in of from for by to at it its it's be is are should must i i'd id want
    would like rather prefer preferably please pls plz only just too ideally ok okay that one ones
    something anything some no not non without under over below above about around roughly
    approximately least most min minimum max maximum more less than up upwards newer older later
    earlier higher lower larger smaller bigger longer shorter heavier lighter cheaper fewer after
    before since between within tops if possible thanks then though tho nothing none exactly
    inches worth other
    else someone somebody anyone anybody but except anything either also
    要 的 是 不 别 在 得 最 好 至 少 多 以 上 下 内 左 右 之 前 后 于 超 过 低 高 看 吧 来 换 想 买
    个 部 款 点""".split()
)


def plain(situation: Situation, reading: Reading) -> list[Added]:
    """Return constraints for the clauses without a read word that say no more than a wish.

    A limit with its measure ("before 1995", "under 300g") is a wish whatever stands beside it.
    Operators are `=`: the words beside a value or number say the rest, see `bot.pocket.bounds` and
    `bot.pocket.polarity`.
    """
    text = situation.text
    if reading.act != "recommend" or len(text.split()) > _LONGEST:
        return []
    read = places(situation, reading)
    found: list[Added] = []
    for start, end in _clauses(situation):
        if not any(a < end and b > start for a, b in read):
            found += _said(situation, start, end)
    for match in _LIMITED.finditer(text):
        start, end = match.span("amount")
        if not any(a < end and b > start for a, b in (*read, *_places_of(found, text))):
            found += _limit(situation, match["amount"])
    return found


def _limit(situation: Situation, words: str) -> list[Added]:
    """Return the amount that a limit names, where its measure is but one facet's."""
    for said in dict.fromkeys((words, words.partition(" ")[0])):
        facets = measured(situation.schema.facets, said)
        unit = said.lstrip("$€£0123456789., ").lower()
        own = [n for n in facets if (f := situation.schema.facet(n)) and f.unit == unit]
        if facets and len(own or facets) == 1:
            return [Added(facet=(own or facets)[0], op="=", text=said)]
    return []


def _places_of(added: Sequence[Added], text: str) -> list[tuple[int, int]]:
    starts = [(text.find(one.text), len(one.text)) for one in added]
    return [(start, start + length) for start, length in starts if start >= 0]


def _clauses(situation: Situation) -> list[tuple[int, int]]:
    """Return where a message's clauses stand; a known name is not parted."""
    text, hints = situation.text, situation.hints
    parts = [m.span() for m in _BETWEEN.finditer(text)]
    apart = [(a, b) for a, b in parts if not any(h.start < b and h.end > a for h in hints)]
    starts = [0, *(b for _, b in apart)]
    ends = [*(a for a, _ in apart), len(text)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip()]


def amounts(situation: Situation, moved: dict[str, list[str]]) -> list[Added]:
    """Return the amounts that were read as something else ("nothing b4 1980" is no dislike).

    They are taken out of `moved`; the words beside them say their side.
    """
    found = []
    for slot in ("dislikes", "avoid", "wish", "likes", "similar", "refers"):
        for words in list(moved[slot]):
            amount = _bare_amount(situation, words)
            if amount is not None:
                moved[slot].remove(words)
                found.append(amount)
    return found


def _bare_amount(situation: Situation, words: str) -> Added | None:
    """Return the amount that words are, with at most a word of its bound before it."""
    number = _BOUND.sub("", words)
    if not _AMOUNT.fullmatch(number.strip()) or number == words:
        return None
    return _amount(situation, number.strip(), number)


def wishes_in(situation: Situation, start: int, end: int) -> list[Added]:
    """Return the known values and the amounts of a part of a message, whatever else it says."""
    return [a for a, _ in _found(situation, start, end) if a is not None]


def _said(situation: Situation, start: int, end: int) -> list[Added]:
    """Return what a clause says, if it says nothing else."""
    pairs = _found(situation, start, end)
    found = [a for a, _ in pairs if a is not None]
    if len(found) < len(pairs):
        return []  # an amount of nobody knows what
    return found if found and not _more(situation, start, end, [s for _, s in pairs]) else []


def _found(
    situation: Situation, start: int, end: int
) -> list[tuple[Added | None, tuple[int, int]]]:
    """Return the constraints of a part of a message and their places; None for unclear amounts."""
    kinds = {f.name: f.kind for f in situation.schema.facets}
    inside = [
        h
        for h in situation.hints
        if start <= h.start and h.end <= end and kinds.get(h.facet or "") in ("category", "people")
    ]
    spans: list[tuple[int, int]] = []
    found: list[Added | None] = []
    for hint in sorted(inside, key=lambda h: h.start - h.end):
        if not any(hint.start < b and hint.end > a for a, b in spans):
            spans.append((hint.start, hint.end))
            found.append(_value(situation, hint))
    for match in _AMOUNT.finditer(situation.text, start, end):
        if not any(match.start() < b and match.end() > a for a, b in spans):
            amount = _amount(situation, match.group(), situation.text[start:end])
            length = len(amount.text if amount else match.group())
            spans.append((match.start(), match.start() + length))
            found.append(amount)
    return list(zip(found, spans, strict=True))


def _value(situation: Situation, hint: Hint) -> Added:
    return Added(facet=str(hint.facet), op="=", text=situation.text[hint.start : hint.end])


def _amount(situation: Situation, words: str, clause: str) -> Added | None:
    """Return the constraint that a number with or without its unit makes; None if unclear."""
    facets = [f for f in situation.schema.facets if f.kind == "number"]
    number, _, unit = words.partition(" ")
    unit = unit.strip()
    for said in (words, number) if unit not in _SAYS_NOTHING else (number,):
        fitting = measured(facets, said)
        if fitting:
            return Added(facet=fitting[0], op="=", text=said)
    called = {stem(w) for w in _WORD.findall(clause.lower())}
    named = [f for f in facets if called & _names(f) and quantity(number, f) is not None]
    return Added(facet=named[0].name, op="=", text=number) if len(named) == 1 else None


def _more(situation: Situation, start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a clause says more than the spans and words that say nothing by themselves."""
    schema = situation.schema
    names = {w for f in schema.facets for w in _names(f)}
    names |= {stem(schema.item.lower()), stem(schema.items.lower())}
    for match in _WORD.finditer(situation.text, start, end):
        word = match.group().lower()
        if any(a <= match.start() < b for a, b in spans) or word in _SAYS_NOTHING:
            continue
        if stem(word) not in names:
            return True
    return False


def _names(facet: Facet) -> set[str]:
    """Return the words that a facet goes by, without plurals."""
    words = [*facet.name.lower().split("_"), *facet.unit.lower().split()]
    return {stem(w) for w in words if len(w) > 1}

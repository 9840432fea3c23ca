"""Shown items that a message points at: by their place, a part of their title, or a pronoun."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pocket.keywords.message import Message, Spot
from bot.pocket.pointing import LAST, ORDINALS

_ZH_PLACES = "一二三四五"
_ALL = re.compile(
    r"\b(?:those|these|they|them|all of (?:them|those|these)|both|all (?:three|four|five|two)"
    r"|neither"
    r"|none of (?:them|these|those)|any of (?:them|these|those)|which (?:one|is|of))\b"
    r"|这几[部个款]|这[两三四][部个款]|都(?!行|可以|好|不)|全都|哪[个部款]"
)
PRONOUN = re.compile(
    r"\b(?:it|it's|its|this|that|this one|that one|he|she)\b(?! (?:is|was) (?:not )?(?:my|raining))"
    r"|这[部个款]|那[部个款](?!种)|它|这片"
)
_FIRST_TWO = re.compile(r"\b(?:first|top) (?:two|2)\b|前两[部个款]")
_LAST_TWO = re.compile(r"\b(?:last|other) (?:two|2)\b|后两[部个款]|另外两")
_OTHER = re.compile(r"\bthe other(?: one)?\b(?! two)|另一[部个款]")
_DULL = frozenset(
    "the a an of and in on to for with from is it my your you one two three new old pro max plus"
    " mini air film movie part episode story love man day night life best first last good last"
    " time home house big black white red blue great star only not all".split()
)
_LAST = re.compile(LAST.pattern + r"|\bthe last\b|最后[一]?[部个款那]|末尾那", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?<![\d.])([1-5])(?= (?:and|vs|or|&) [1-5]\b)"
    r"|(?:(?<=[1-5] and )|(?<=[1-5] vs )|(?<=[1-5] or ))([1-5])\b"
)
_NO_PLACE = re.compile(
    r"\s*(?:(?:\w+ )?(?:years?|decades?|few|thing|message|step|time)|of all|season|movie i"
    r"|phone ever)"
)


@dataclass(frozen=True)
class Item:
    """An item meant: `#n`, `#all` or the words of a title, and where."""

    ref: str
    spot: Spot


def places(message: Message) -> Iterator[Item]:
    """Yield shown items by their place: "the second one", "前两部", "1 and 3"."""
    count = len(message.situation.shown)
    if not count:
        return
    yield from _pairs(message.low, count)
    for index, pattern in enumerate(ORDINALS[:count]):
        chinese = rf"|第{_ZH_PLACES[index]}|第{index + 1}(?!\d)|(?<!\d)#{index + 1}\b"
        chinese += "|[头首][一]?[部个款]" if index == 0 else ""
        for match in re.finditer(pattern + chinese, message.low):
            place = count // 2 + 1 if match[0] == "middle" else index + 1
            if not _NO_PLACE.match(message.low[match.end() :]):
                yield Item(f"#{place}", Spot(match.start(), match.end()))
    for match in _LAST.finditer(message.low):
        if not _NO_PLACE.match(message.low[match.end() :]):
            yield Item(f"#{count}", Spot(match.start(), match.end()))
    for match in _NUMBERS.finditer(message.low):
        if int(match[0]) <= count:
            yield Item(f"#{match[0]}", Spot(match.start(), match.end()))


def _pairs(low: str, count: int) -> Iterator[Item]:
    """Yield "the first two", "the other one"; two items share the words between them."""
    pairs = ((_FIRST_TWO, (1, 2)), (_LAST_TWO, (count - 1, count)), (_OTHER, (2,)))
    for pattern, wanted in pairs:
        held = [p for p in wanted if 0 < p <= count]
        for match in pattern.finditer(low):
            if len(held) == 1:
                yield Item(f"#{held[0]}", Spot(match.start(), match.end()))
            elif held:
                yield Item(f"#{held[0]}", Spot(match.start(), match.start() + 1))
                yield Item(f"#{held[1]}", Spot(match.start() + 1, match.end()))


def parts(message: Message) -> Iterator[Item]:
    """Yield shown items by words that only their title has: "the archer", "zurich"."""
    shown = message.situation.shown
    words = [re.findall(r"[^\W_]+", title.lower()) for title in shown]
    for place, title in enumerate(shown, 1):
        for match in re.finditer(re.escape(title.lower()), message.low):
            yield Item(f"#{place}", Spot(match.start(), match.end()))
    for match in re.finditer(r"[^\W_\u3400-\u9fff]+", message.low):
        word = match[0].removesuffix("'s")
        owners = [p for p, own in enumerate(words, 1) if word in own]
        if len(word) > 2 and word not in _DULL and len(owners) == 1:
            hinted = [h for h in message.situation.hints if h.start <= match.start() < h.end]
            if len(shown) > 1 and not any(h.facet in ("genres", "country") for h in hinted):
                yield Item(f"#{owners[0]}", Spot(match.start(), match.end()))


def pronouns(message: Message) -> Iterator[Item]:
    """Yield the item or items that "it" or "those" stand for."""
    shown = message.situation.shown
    if not shown:
        return
    one = PRONOUN.search(message.low)
    several = _ALL.search(message.low)
    if several and len(shown) > 1:
        yield Item("#all", Spot(several.start(), several.end()))
    elif one or several:
        start, end = (one or several).span()  # type: ignore[union-attr]
        yield Item(f"#{_spoken_of(message)}", Spot(start, end))


def _spoken_of(message: Message) -> int:
    """Return the shown item that the bot named last, the first without any."""
    said = message.situation.said.lower()
    places = [(said.rfind(t.lower()), n) for n, t in enumerate(message.situation.shown, 1)]
    found = [p for p in places if p[0] >= 0]
    return max(found)[1] if found else 1

"""Items that a message speaks of: shown ones, the catalogue's titles, and likely titles.

A likely title stands in quotation marks, or in capitals behind words such as "loved".
"""

import re
from collections.abc import Iterator

from bot.pocket.keywords.glossed import glossed
from bot.pocket.keywords.message import Message, Spot
from bot.pocket.keywords.pointing import Item, parts, places, pronouns

_PHRASES = frozenset(
    "it her you us they go no yes hello now then up them me he she we what who which one two three"
    " first second last next more thanks help stop wait how why when today tonight".split()
) | {"good morning", "good night", "good evening", "thank you"}
_NAME = (
    r"(?:(?:\d+ )?[A-Z][\w'’:&-]*(?:\.(?= [A-Z0-9]\w*\b(?! [a-z])))?)"
    r"(?: (?:of|the|in|to|a|an|for|on|at|&|(?:and|with) (?:the|a)|(?!I\b)[A-Z0-9][\w'’:&-]*))*"
)
_CUED = re.compile(
    r"\b(?:[Ll]ike|[Ll]oved?|[Ss]een|[Ww]atched|[Ss]aw|[Ee]njoyed|[Ll]iked|[Hh]ated|[Ss]imilar to"
    r"|[Ff]avou?rites? (?:is|are|movie"
    r" is|film is|was)|[Hh]eard of|[Rr]ecommend|[Ss]ee|[Ww]atch|[Mm]ovie|[Ff]ilm|and|or|about"
    r"|[Tt]ry|of)"
    rf"(?: the (?:movie|film|movies|show))?(?: called)? ({_NAME})"
)
_PRAISED = re.compile(
    rf"(?:^|[.!?,] |(?:yes|and|but|think) )({_NAME}) (?:is|was|sounds|looks|looked|were) "
)
_QUOTED = re.compile(r"《([^》]+)》|[\"“]([^\"”]{2,60})[\"”]")
_NO_TITLES = frozenset(
    "I A The It That This He She They We You What Who Which There Is Are Was Yes No And But So My"
    " Those These His Her Any Do Did Have Has Thanks Hello Hi I'm I've I'll".split()
)
_PART = re.compile(r"(?: (?:of|the|and|in|to|a|an|with|for|on|at|&)|[,.!?:])+$")


def items(message: Message) -> list[Item]:
    """Return the items that a message names or points at, in its order."""
    found: list[Item] = []
    sources = (_titles(message), places(message), parts(message), _cued(message))
    ordered = [o for source in sources for o in source]
    ordered.sort(key=lambda o: (not o.ref.startswith("#"), o.spot.start - o.spot.end))
    for one in ordered:
        if not one.spot.meets(f.spot for f in found):
            found.append(one)
    if not found:
        found = list(pronouns(message))
    return sorted(found, key=lambda i: i.spot.start)


def _titles(message: Message) -> Iterator[Item]:
    """Yield titles that stand in quotation marks, or that the catalogue knows."""
    for match in _QUOTED.finditer(message.text):
        group = 1 if match[1] else 2
        yield Item(match[group][:200], Spot(match.start(group), match.end(group)))
    named = [h for h in message.situation.hints if h.facet is None]
    for hint in sorted(named, key=lambda h: h.start - h.end):
        words = message.text[hint.start : hint.end]
        values = [h for h in message.situation.hints if h.facet and h.start <= hint.start < h.end]
        longer = any(h.end - h.start > hint.end - hint.start for h in values)
        common = words.islower() and " " not in words and bool(values or len(words) < 4)
        if not longer and not common and words.lower() not in _PHRASES:
            yield Item(words, Spot(hint.start, hint.end))
    for word in glossed(message.text):
        if word.sort == "titles":
            yield Item(message.text[word.start : word.end], Spot(word.start, word.end))


def _cued(message: Message) -> Iterator[Item]:
    """Yield capitalised words behind "like", "seen" and the like; a person's name is none."""
    if message.text.isupper():
        return
    for match in (*_CUED.finditer(message.text), *_PRAISED.finditer(message.text)):
        words = _PART.sub("", match[1])
        spot = Spot(match.start(1), match.start(1) + len(words))
        covered = any(
            h.facet is not None and h.start <= spot.start and spot.end <= h.end
            for h in message.situation.hints
        )
        if not covered and words not in _NO_TITLES and not words.isdigit() and len(words) > 1:
            yield Item(words, spot)

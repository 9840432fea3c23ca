"""What a message does, where its words say so more plainly than its reading.

"Which is the newest phone under 500?" looks for one; "older than those?" asks for others. Knows no
model; `bot.pocket.settling` calls it first.
"""

import re
from collections.abc import Iterator

from bot.llm.base import Hint, Situation
from bot.pocket.clauses import wishes_in
from bot.pocket.pointing import ordinals
from bot.reading import Added, Compared, Reading
from bot.replacing import is_for_another
from bot.types import Direction
from bot.voice.wording import KINDS
from retrieval.inference import FLAGGED

_OF_THESE = re.compile(
    r"\b(?:of|among|between|from) (?:the )?(?:these|those|them|two|three|both|all)\b|\bor\b"
    r"|\bvs\.?\b|\bversus\b",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"\b(?:of all|you(?: guys)?(?: have| got|['’]ve got)|(?:there|that) (?:is|are)|overall"
    r"|in (?:stock|the (?:shop|store|catalogue|catalog)))\W*$",
    re.IGNORECASE,
)
_GUESS = re.compile(r"\bi (?:guess|suppose|reckon)\W*$|^\W*(?:maybe|perhaps)\b", re.IGNORECASE)
_THIS = re.compile(r"\b(?:it|its|this|that)\b", re.IGNORECASE)
_OF_THEM = re.compile(
    r"\b(?:these|those|them|the (?:two|three|first|last))\b|这|那|它", re.IGNORECASE
)
_LEADS = (
    r"^\W*(?:(?:and|but|or|ok|okay|so|now|then|maybe|something|anything|ones?|any|some|an?|bit"
    r"|little|much|even|way|far|slightly|are there|is there|got|have you got|do you have"
    r"|(?:what|how) about|show me|give me|i want|let'?s see)\W+)*"
)
_THAN = r"\W+th[ae]n (?:those|these|that|this|it|them|all of (?:those|these|them))\b"
_STOCK = re.compile(
    r"\bwh?at(?:'s| is)?(?: (?:kinds?|sorts?|types?) of)?(?: [a-z]+)? (?:do|can|d)\s?(?:you|ya|u)"
    r" (?:guys )?(?:have|got|sell|offer|stock|carry)\b|\bwhat(?:'ve| have) you got\b"
    r"|你们?都?有什么",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\bwhat(?:'s|s| is| was) (?:it|that|this|that one|that film|its name|the (?:name|title))\b"
    r"(?: (?:called|named|again))?|叫什么",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"^\W*(?:(?:ok|okay|please|just|only)\W+)*(?:give|show|tell) me (?:just |only )?"
    r"(?P<one>one|1|a single one)\W*$",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?:give|show|find|tell|recommend|suggest)(?: to)? me (?:just |only )?(?:the (?:best )?)?"
    r"(?P<one>a single one|one)\b(?! (?:of|with more))"
    r"|\b(?:just|only) (?P<only>one)\b(?!\s*(?:thing|question|more))"
    r"|\bbest (?:one )?you(?:'ve)?(?: have| got)",
    re.IGNORECASE,
)
_PLAYS = re.compile(r"\b(?:where|in which|with) (?P<who>he|she|him|her)\b", re.IGNORECASE)
_TAKES = re.compile(r"\b(?:take|takes|get|buy|go|going|went|watch|choose|pick)\b", re.IGNORECASE)
_WHATEVER = re.compile(
    r"^\W*(?:(?:idk|i dunno|dunno|i don['’]?t (?:know|care|mind)|no idea|whatever|anything"
    r"|surprise me|you (?:choose|pick|decide)|dealer['’]?s choice|up to you|not sure|just|really"
    r"|no preference|man|lol|meh|hm+|um+|eh|is fine|goes|works)\W*)+$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"^\W*(?:(?:ok|okay|hm+|thanks|well|right|alright|i)\W+)*"
    r"(?:i['’]?ll|let me|i (?:need|have|want) to|will)"
    r" (?:have to )?(?:think|sleep|mull)\b.{0,25}$",
    re.IGNORECASE,
)
_WEIGHS = re.compile(
    r"\b(?:which|compare|compared|comparison|versus|vs|better|best|worse|differ\w*|than|choose|both)\b|\?"
    r"|哪|比",
    re.IGNORECASE,
)
_AFRESH = re.compile(
    r"\b(?:start(?:ing)? (?:over|again|afresh|anew|from scratch)|from scratch|new search|start new"
    r"|forget (?:all (?:of )?(?:that|this|it)|everything)(?: (?:i said|so far))?)\b|重新开始|重来",
    re.IGNORECASE,
)
_SIDE_BY_SIDE = re.compile(r"\bside by side\b|\bhow do .{1,40} differ\b", re.IGNORECASE)
_TAKING = re.compile(
    r"^\W*(?:(?:ok|okay|great|good|nice|cool|perfect|fine|yes|yeah|sure|thanks|alright)\W+)*"
    r"(?:(?:i|we)(?:['’]?ll| will|['’]?d|['’]?m)? )?"
    r"(?:take|taking|get|getting|buy|buying|go with|going with)"
    r" (?:it|that|this|that one|this one)(?: (?:then|please|thanks|now))?\W*$",
    re.IGNORECASE,
)
_TAKING_IT = re.compile(  # "thank you very much, we take Hartland Light"
    r"(?:^|[,.!;]\s*)(?:(?:ok|okay|so|then)\W+)?"
    r"(?:i|we)(?:['’]?ll| will| would)? (?:take|book)(?: the)?\s+$",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"\b(?:can|could|may|let|want to|like to|need to|have to)(?: (?:i|me|we|us))? (?:please )?"
    r"(?:speak|talk|chat) (?:to|with) (?:some(?:one|body)"
    r"|an? (?:real |actual |live )?(?:person|human|agent|operator|adviser|advisor"
    r"|representative|colleague|manager|member of staff)"
    r"|(?:customer )?(?:service|support|staff))\b",
    re.IGNORECASE,
)
_SEE = re.compile(r"^\W*(?:再|那就?)?看看\S{1,12}的(?:吧|呢)?\W*$")
_TAKEN = re.compile(
    r"^\W*(?:好[的吧啊]?|行|可以|嗯|那)?\W*就(?:看|要|买|选|来|听|拿)?(?:它|[这那]一?[部款个台本首瓶件份间套张双辆位盒支只盆株]?)"
    r"(?:了|吧|好了)?\W*$"
)
_NEEDED = re.compile(
    r"^\W*any\b[^.?!]{2,40}\b(?:needed|required|necessary|included|provided)\W*$", re.IGNORECASE
)
_PICKED = re.compile(
    r"^\W*(?:and |so |ok |okay )?(?:which (?:one )?is )?the (?P<word>[a-z ]{3,20}?)(?: ones?)?"
    r" (?:of|among) (?:these|those|them|the (?:two|three|lot))\W*$",
    re.IGNORECASE,
)


def acted(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the act that the message's words speak for."""
    for rule in (_later, _human, _along, _taken, _not_taken, _replacing, _afresh, _beside, _stock):
        found = rule(situation, reading)
        if found is not None:
            return found
    if reading.act in ("compare", "answer"):
        return _wanting(situation, reading)
    return _asking(situation, reading) or reading


def _unshown(situation: Situation, reading: Reading) -> Reading | None:
    """Return the wish of what is no choice: a lone value ("hamburg!!"), or what was not shown."""
    text = situation.text
    added = tuple(wishes_in(situation, 0, len(text)))
    bare = text.strip(" .!?").lower()
    if added and (_SEE.match(text) or any(a.text.lower() == bare for a in added)):
        return Reading(act="recommend", add=added)
    shown = " ".join(situation.shown).lower()
    named = [r for r in reading.refers if not r.startswith("#")]
    titles = {h.value.lower() for h in situation.hints if h.facet is None}
    if named and titles and not any(title in shown for title in titles):
        return Reading(act="recommend", refers=tuple(named))
    return None


def _asking(situation: Situation, reading: Reading) -> Reading | None:
    """Return the question about the items shown that was read as a wish, or None."""
    if reading.act != "recommend" or not situation.shown:
        return None
    if _NEEDED.match(situation.text):
        return Reading(act="answer", asks=("text",))
    picked = _PICKED.match(situation.text)
    if picked and len(situation.shown) > 1:
        word = picked["word"].lower()
        for facet, _, comparing in (*_comparatives(situation), *_superlatives(situation)):
            if re.fullmatch(comparing, word):
                return Reading(act="compare", refers=("#all",), asks=(facet,))
    return None


def _later(situation: Situation, reading: Reading) -> Reading | None:
    """Return "I'll think about it" as small talk, "idk, whatever" as no wish at all."""
    if _LATER.match(situation.text):
        return Reading(act="smalltalk")
    if reading.act in ("explain", "smalltalk", "accept") and _WHATEVER.match(situation.text):
        return Reading(act="recommend")
    return None


def _human(situation: Situation, reading: Reading) -> Reading | None:
    """Return "can I speak to someone" as the wish for a person, whatever it is about."""
    asked = reading.act != "handoff" and _HUMAN.search(situation.text)
    return Reading(act="handoff") if asked else None


def _along(situation: Situation, reading: Reading) -> Reading | None:
    """Return "we have a big dog" as a wish where the catalogue says yes or no to dogs."""
    flagged = [h for h in situation.hints if h.facet in FLAGGED]
    if reading.act not in ("smalltalk", "decline") or not flagged:
        return None
    words = (situation.text[h.start : h.end] for h in flagged)
    added = (Added(facet=str(h.facet), op="=", text=w) for h, w in zip(flagged, words, strict=True))
    return Reading(act="recommend", add=tuple(added))


def _taken(situation: Situation, reading: Reading) -> Reading | None:
    """Return "I'll take it" as the choice that it is."""
    text = situation.text
    takes = _TAKEN.match(text) or _TAKING.match(text)
    if reading.act not in ("recommend", "smalltalk") or not situation.shown:
        return None
    titles = [h for h in situation.hints if h.facet is None]
    for hint in titles:
        if _TAKING_IT.search(text[: hint.start]):
            return Reading(act="accept", refers=(text[hint.start : hint.end],))
    return Reading(act="accept") if takes else None


def _not_taken(situation: Situation, reading: Reading) -> Reading | None:
    """Return what was read as a choice and is a wish or a question: "just give me one"."""
    text = situation.text
    if reading.act != "accept":
        return None
    titles = [h for h in situation.hints if h.facet is None]
    if any(_TAKING_IT.search(text[: h.start]) for h in titles):
        return None
    wanted = _unshown(situation, reading)
    if wanted is not None:
        return wanted
    one = _ONE.match(text)
    if one:
        return Reading(act="recommend", count=one["one"])
    one = _SINGLE.search(text)
    if one and not _TAKES.search(text):
        plays = _PLAYS.search(text)
        who = (Added(facet="cast", op="=", text=plays["who"]),) if plays else ()
        return Reading(act="recommend", add=who, count=one["one"] or one["only"] or "one")
    return reading.model_copy(update={"act": "answer"}) if _NAME.search(text) else None


def _replacing(situation: Situation, reading: Reading) -> Reading | None:
    """Return "it died, I need a new one" as the wish that it is."""
    if reading.act in ("handoff", "decline") and is_for_another(situation.text):
        added = tuple(wishes_in(situation, 0, len(situation.text)))
        return Reading(act="recommend", add=added)
    return None


def _afresh(situation: Situation, reading: Reading) -> Reading | None:
    """Return a wish with which the talk starts over."""
    if reading.act == "recommend" and reading.add and _AFRESH.search(situation.text):
        return reading.model_copy(update={"act": "reset", "remove": ()})
    return None


def _beside(situation: Situation, reading: Reading) -> Reading | None:
    """Return a comparison asked for in other words, and a wish read as one."""
    text = situation.text
    if reading.act in ("accept", "recommend", "answer") and _SIDE_BY_SIDE.search(text):
        return Reading(act="compare", refers=reading.refers)
    if reading.act == "compare" and _described(situation):
        added = reading.add or tuple(wishes_in(situation, 0, len(text)))
        return Reading(act="recommend", add=added, relative=reading.relative)
    return None


def _stock(situation: Situation, reading: Reading) -> Reading | None:
    """Return "what do you have?" as the question that is answered with one back."""
    named = reading.add or any(h.facet for h in situation.hints)
    asked = reading.act == "recommend" and not named and _STOCK.search(situation.text)
    return Reading(act="clarify") if asked else None


def _described(situation: Situation) -> bool:
    """Whether a message only says what things are to be like: "from Sony or Nikon"."""
    text = situation.text
    titles = any(h.facet is None for h in situation.hints)
    placed = ordinals(text, len(situation.shown)) or _OF_THEM.search(text)
    return not (titles or placed or _WEIGHS.search(text)) and any(h.facet for h in situation.hints)


def _wanting(situation: Situation, reading: Reading) -> Reading:
    """Return a question that looks for items as the wish it is."""
    text = situation.text
    named = tuple(r for r in reading.refers if not r.startswith("#"))
    if named and _GUESS.search(text) and not _THIS.search(text):
        return Reading(act="recommend", wish=named)
    if ordinals(text, len(situation.shown)) or any(h.facet is None for h in situation.hints):
        return reading
    for facet, direction, word in _comparatives(situation):
        if re.search(rf"{_LEADS}{re.escape(word)}{_THAN}", text, re.IGNORECASE):
            return _wish(reading, facet, direction, word)
        if re.search(rf"\b(?:something|anything)\W+{re.escape(word)}\b", text, re.IGNORECASE):
            return _wish(reading, facet, direction, word)
    if _OF_THESE.search(text):
        return reading
    alone = len(situation.shown) < 2 and not _THIS.search(text)
    for facet, direction, word in _superlatives(situation):
        found = re.search(rf"\b{word}\b", text, re.IGNORECASE)
        kinds = [h for h in situation.hints if found and h.start >= found.end()]
        kinds += [h for h in situation.hints if found and _another_kind(situation, h)]
        if found and (kinds or alone or _OF_ALL.search(text)):
            wish = _wish(reading, facet, direction, found.group())
            added = wishes_in(situation, found.end(), len(text))
            return wish.model_copy(update={"add": tuple(dict.fromkeys((*reading.add, *added)))})
    return reading


def _another_kind(situation: Situation, hint: Hint) -> bool:
    """Whether a word names another kind of thing than is looked for: "back to tablets"."""
    values = [c.value for c in situation.state if c.facet == hint.facet]
    held = [v for value in values if isinstance(value, tuple) for v in value]
    return hint.facet in KINDS and bool(held) and hint.value not in held


def _wish(reading: Reading, facet: str, direction: Direction, word: str) -> Reading:
    compared = Compared(facet=facet, direction=direction, text=word)
    return Reading(act="recommend", add=reading.add, relative=(compared,), count=reading.count)


def _comparatives(situation: Situation) -> Iterator[tuple[str, Direction, str]]:
    """Yield (facet, direction, word) of the words that compare."""
    for facet in situation.schema.facets:
        yield from ((facet.name, "less", word) for word in facet.less)
        yield from ((facet.name, "more", word) for word in facet.more)


def _superlatives(situation: Situation) -> Iterator[tuple[str, Direction, str]]:
    """Yield (facet, direction, word) of what compares highest: newest, most recent."""
    ends: dict[str, Direction] = {"less": "min", "more": "max"}
    for facet, direction, word in _comparatives(situation):
        first, _, rest = word.partition(" ")
        if first in ("more", "less") and rest:
            yield facet, ends[direction], f"{'most' if first == 'more' else 'least'} {rest}"
        elif word.endswith("er") and not rest:
            yield facet, ends[direction], f"{word[:-2]}est"
    for named in situation.schema.facets:
        if named.kind == "number":
            name = re.escape(named.name.replace("_", " "))
            yield named.name, "max", rf"(?:most|highest|biggest|largest) {name}"
            yield named.name, "min", rf"(?:fewest|least|lowest|smallest) {name}"

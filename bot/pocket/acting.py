"""What a message does, where its words say so more plainly than its reading.

"Which is the newest phone under 500?" looks for one; "older than those?" asks for others. Knows no
model; `bot.pocket.settling` calls it first.
"""

import re
from collections.abc import Iterator

from bot.llm.base import Situation
from bot.pocket.clauses import wishes_in
from bot.pocket.pointing import ordinals
from bot.pocket.unread import unknown
from bot.reading import Compared, Reading
from bot.types import Direction

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
_AFRESH = re.compile(
    r"\b(?:start(?:ing)? (?:over|again|afresh|anew|from scratch)|from scratch|new search|start new"
    r"|forget (?:all (?:of )?(?:that|this|it)|everything)(?: (?:i said|so far))?)\b|重新开始|重来",
    re.IGNORECASE,
)
_SIDE_BY_SIDE = re.compile(r"\bside by side\b|\bhow do .{1,40} differ\b", re.IGNORECASE)
_TAKING = re.compile(
    r"^\W*(?:(?:ok|okay|great|good|nice|cool|perfect|fine|yes|yeah|sure|thanks|alright)\W+)*"
    r"(?:i(?:['’]?ll| will|['’]?d|['’]?m)? )?"
    r"(?:take|taking|get|getting|buy|buying|go with|going with)"
    r" (?:it|that|this|that one|this one)(?: (?:then|please|thanks|now))?\W*$",
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


_NEEDS = re.compile(
    r"\b(?:(?:i|we) ?(?:['’]d like|would like|need|want|am looking for|['’]m looking for)"
    r"|need(?:ing)?|looking for|searching for|after|buy|order)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:human|person|people|agent|someone|somebody|representative|staff|colleague|manager|support"
    r"|service|refund\w*|return\w*|complain\w*|deliver\w*|parcel|invoice|account|cancel\w*|warranty"
    r"|my order|call me|phone me|e-?mail)\b",
    re.IGNORECASE,
)


def acted(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with the act that the message's words speak for."""
    text = situation.text
    taken = _TAKEN.match(text) or _TAKING.match(text)
    if reading.act in ("recommend", "smalltalk") and taken and situation.shown:
        return Reading(act="accept")
    if reading.act == "accept" and (wanted := _not_taken(situation, reading)):
        return wanted
    if reading.act == "handoff" and not _PERSON.search(text):
        return _needing(situation) or reading
    if reading.act == "recommend" and reading.add and _AFRESH.search(text):
        return reading.model_copy(update={"act": "reset", "remove": ()})
    if reading.act in ("accept", "recommend", "answer") and _SIDE_BY_SIDE.search(text):
        return Reading(act="compare", refers=reading.refers)
    one = _ONE.match(text)
    if reading.act == "accept" and one:
        return Reading(act="recommend", count=one["one"])
    if reading.act == "accept" and _NAME.search(text):
        return reading.model_copy(update={"act": "answer"})
    named = any(h.facet for h in situation.hints)
    if reading.act == "recommend" and not named and not reading.add and _STOCK.search(text):
        return Reading(act="clarify")
    if reading.act in ("compare", "answer"):
        return _wanting(situation, reading)
    return _asking(situation, reading) or reading


def _not_taken(situation: Situation, reading: Reading) -> Reading | None:
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


def _needing(situation: Situation) -> Reading | None:
    """Return the wish of a message that asks for a thing: "my phone died, need a new phone"."""
    text = situation.text
    need = _NEEDS.search(text)
    if need is None or not wishes_in(situation, need.end(), len(text)):
        return None
    said = {a.text.lower(): a for a in wishes_in(situation, 0, len(text))}
    reading = Reading(act="recommend", add=tuple(said.values()))
    return reading.model_copy(update={"wish": tuple(unknown(situation, reading))})


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
        if found and (kinds or alone or _OF_ALL.search(text)):
            wish = _wish(reading, facet, direction, found.group())
            added = wishes_in(situation, found.end(), len(text))
            return wish.model_copy(update={"add": tuple(dict.fromkeys((*reading.add, *added)))})
    return reading


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

"""Whether a named value is wanted or turned down, where the words around it say so plainly.

Knows no model; it mends `=` and `!=` that a reading got wrong against plain words.
"""

import re

from bot.llm.base import Situation
from bot.pocket.unread import places
from bot.reading import Added, Reading

_DENIED = re.compile(
    r"(?:\bother than|\banything but|\beverything but|\bexcept(?: for)?|\bapart from|\baside from"
    r"|\bbesides|\bwithout|\bnot (?:from|by|with|as)|\bnothing (?:from|by|with|in)"
    r"|\bnot (?:in|another|from|by|with)|(?<!why )(?<!just )\bnot|\bno(?: more)?|\bnon"
    r"|\bnone(?: of them)?(?: that| which)?(?: (?:is|are|has|have|contains?))?|\boutside"
    r"|\b(?:is|are|was|were|has|have|must|should)n['’]?t(?: be| have)?"
    r"|不要|别要?|不想看|不喜欢|除了|不是|非)"
    r"[\s-]*(?:(?:any|another|a|an|the|in|of)\s+)*$",
    re.IGNORECASE,
)
_WEARY = re.compile(
    r"(?:\b(?:(?:no ?body|no ?one|who) (?:wants|likes|needs)"
    r"|had (?:it|enough|my fill) (?:with|of)|sick (?:and tired )?of|(?:too )?tired of"
    r"|fed up with|done with|bored (?:of|with|by)|burn(?:t|ed) out on"
    r"|(?:can['’]?t|cannot) (?:stand|bear|take|do|face|deal with)|had enough|enough|spare (?:me|us)"
    r"|(?<!not )(?<!n['’]t )(?<!nt )(?:hates?|dislikes?|loathes?|detests?|despises?|avoids?)"
    r"|(?:do(?:es)?n['’]?t|do(?:es)? not|never) (?:really |much |particularly )?"
    r"(?:like|want|enjoy|fancy|care for|do|eat|drink|watch|read|wear)"
    r"|allergic to|keep me away from|(?:stay|steer) (?:away|clear) (?:from|of)"
    r"|not (?:really )?(?:in the mood for|into|up for|a (?:big |huge )?fan of|big on|keen on)"
    r"|(?:am|are|is|['’]m|['’]re|['’]s) over)"
    r"|受够了?|看腻了?|看烦了?|讨厌|受不了)"
    r"\s*(?:(?:watching|reading|eating|wearing|any|all|all these|these|those|another"
    r"|a|an|the|more|of|with|your)\s+)*$",
    re.IGNORECASE,
)
_AWFUL = re.compile(
    r"(?:(?!\b(?:not|never|but|wasn['’]?t|isn['’]?t|than)\b)[^.;!?]){0,45}?\b(?:dreadful|awful|terrible"
    r"|horrible|boring|overrated|rubbish|trash|garbage|crap|disappointing|unwatchable|tedious"
    r"|a let ?down|a waste of|not for me|did nothing for (?:me|us)|bored (?:me|us)|put me off)\b",
    re.IGNORECASE,
)
_UNMINDED = re.compile(
    r"(?:\b(?:don['’]?t|doesn['’]?t|didn['’]?t|do not|needn['’]?t) (?:\w+ )?"
    r"(?:need|mind|care|matter)"
    r"|\b(?:forget|drop|scrap|skip|lose|have|had|got|my|our|with or without))\b[^,.;!?]{0,20}$",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"(?<!not )\b(?:only|just|nothing but)\s+(?:(?:the|an?|some)\s+)?$", re.IGNORECASE
)
_ANY_DENIAL = re.compile(
    r"\b(?:no|not|nothing|none|never|nor|neither|without|but|except|apart|aside|besides|avoid"
    r"|other than"
    r"|skip|hate|loathe|dislike|can'?t|cannot|don'?t|dont|doesn'?t|isn'?t|aint|ain'?t|wouldn'?t"
    r"|won'?t|less|minus|non|anti|stop|enough|tired|sick|fed|over|rid|drop|exclude|nah|nope|out"
    r"|instead|rather|allergic|bored|done|zero|free|spare|ditch|lose|leave|hold|cut|last|weary)\b|n['’]t\b|\bnon-|-free\b"
    r"|[不别没非勿免]|除|无|讨厌|拒绝",
    re.IGNORECASE,
)


def weary(text: str, words: str) -> bool:
    """Tell whether a message says right before words that its writer has had enough of them."""
    start = text.find(words)
    return start >= 0 and _WEARY.search(text[:start]) is not None


def passed_over(situation: Situation, reading: Reading) -> list[Added]:
    """Return constraints on known values that a message plainly speaks of and nobody read.

    In a long story the model may pass over "nothing with fighting in it", or over a value of
    several words ("safe for pets").
    """
    if reading.act not in ("recommend", "clarify"):
        return []
    kinds = {f.name: f.kind for f in situation.schema.facets}
    read, gone = places(situation, reading), {r.facet for r in reading.remove}
    found = []
    for hint in situation.hints:
        free = hint.facet not in gone
        free = free and not any(hint.start < end and hint.end > start for start, end in read)
        if free and kinds.get(hint.facet or "") in ("category", "people"):
            words = situation.text[hint.start : hint.end]
            before = situation.text[: hint.start]
            plain = kinds[str(hint.facet)] == "category" and " " in words.strip()
            if _DENIED.search(before):
                found.append(Added(facet=str(hint.facet), op="!=", text=words))
            elif plain and not _UNMINDED.search(before):
                found.append(Added(facet=str(hint.facet), op="=", text=words))
    return found


def soured(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with titles disliked that its message says right behind were awful."""
    sour = []
    for role in ("likes", "seen", "similar"):
        for words in getattr(reading, role):
            _, found, after = situation.text.partition(words)
            if found and not words.startswith("#") and _AWFUL.match(after):
                sour.append(words)
    if not sour:
        return reading
    update = {
        role: tuple(w for w in getattr(reading, role) if w not in sour)
        for role in ("likes", "seen", "similar")
    }
    update["dislikes"] = tuple(dict.fromkeys((*reading.dislikes, *sour)))
    return reading.model_copy(update=update)


def denied(text: str, one: Added, at: int | None = None) -> Added:
    """Return a constraint on a named value with `=` or `!=` as the words right before it say.

    "other than English", "not in a war" turn down; where nothing in the message denies anything,
    nothing is turned down. `at` is where the value's name begins, if its words are a part of it.
    """
    start = text.find(one.text) if at is None else at
    if start < 0 or one.op not in ("=", "!="):
        return one
    if one.op == "=" and (_DENIED.search(text[:start]) or weary(text, one.text)):
        return one.model_copy(update={"op": "!="})
    if one.op == "!=" and _ONLY.search(text[:start]):
        return one.model_copy(update={"op": "="})  # "only the nurse work, not other"
    if one.op == "!=" and not (_ANY_DENIAL.search(text) or weary(text, one.text)):
        return one.model_copy(update={"op": "="})
    return one

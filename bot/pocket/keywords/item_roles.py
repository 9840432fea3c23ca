"""In which role a message speaks of its items: liked, disliked, seen, resembled, referred to."""

import re
from collections.abc import Sequence

from bot.pocket.keywords.message import Message
from bot.pocket.keywords.pointing import Item

_LOVE = re.compile(
    r"\b(?:love[sd]?|adore[sd]?|enjoy(?:ed|s)?|liked|likes?|fan of|favou?rites?(?: \w+){0,3} (?:is"
    r"|are|was)"
    r"|into|fond of|thing for)\b[^.;!?]{0,24}$|(?:喜欢|爱看|最爱|超爱|好评)[^，。]{0,6}$"
)
_LOVED = re.compile(
    r"^[^.;]{0,30}?\b(?:(?:is|was|are|were|looks?|sounds?|'s|being)(?: \w+)? (?:a )?(?:great|good"
    r"|awesome|amazing"
    r"|funny|fantastic|excellent|hilarious|perfect|brilliant|lovely|nice|fun|cool|the best"
    r"|one of my fav\w*|my fav\w*|a classic)|(?:i |we )?(?:really )?(?:loved|liked|enjoyed) (?:it"
    r"|that"
    r"|them|this)|loved|adored|rocks|changed my life)\b|^[^。]{0,8}(?:好看|不错|喜欢|神作|绝了"
    r"|很棒|经典)"
)
_HATE = re.compile(
    r"\b(?:hated?|hates|dislike[ds]?|can't stand|could ?n[o']t stand"
    r"|did ?n[o']t (?:really )?(?:like"
    r"|care for|enjoy)|do ?n[o']t (?:really )?(?:like|want|care for)"
    r"|not(?: a)?(?: big)?(?: fan of)?(?: the)?"
    r"|anything but|except|no|skip|never)\b[^.;!?,]{0,10}$|(?:讨厌|不喜欢|别|不要|除了"
    r"|不看)[^，。]{0,4}$"
)
_HATED = re.compile(
    r"^[^.;]{0,24}?\b(?:(?:is|was|are|were|looks?|'s)(?: \w+)? (?:too |so )?(?:boring|bad|terrible"
    r"|awful"
    r"|rubbish|dull|overrated|ugly|horrible|meh|out|not for me|disappointing)|bored me|left me cold"
    r"|no thanks|(?:i )?hated (?:it|that)|did ?n't like (?:it|that))\b|^[^。]{0,6}(?:难看|不好看"
    r"|无聊|太烂|烂片|不行|算了)"
)
_SEEN = re.compile(
    r"\b(?:(?<!n't )(?<!not )(?<!never )(?:seen|watched|saw|own|owned|had|rewatched|read"
    r"|finished))\b"
    r"[^.;!?]{0,24}$|(?<!没)看过[^，。]{0,4}$|(?:刚看完|已经看了|用过|买过)[^，。]{0,4}$"
)
_WATCHED = re.compile(
    r"^[^.;]{0,20}?\b(?:i(?:'ve| have)? (?:already )?(?:seen|saw|watched|own)|(?:already )?(?:seen"
    r"|watched)"
    r"|(?:been there|done that))\b|^[^。]{0,5}(?<!没)(?:看过|刷过|看了|都看|用过|玩过)"
)
_AKIN = re.compile(
    r"\b(?:similar to|(?:some\w*|anything|more|movies?|films?|ones?|stuff|just|kinda?|sort|feel\w*"
    r"|a bit|bit)"
    r" like|^like|along the lines of|in the vein of|in the style of|reminds me of|same as|akin to"
    r"|comparable to"
    r"|similar in \w+ to|close to|more of|such as|more)\b[^.;!?]{0,20}$"
    r"|^(?:maybe )?like [^.;!?]{0,12}$"
    r"|(?:类似|像|跟|和)[^，。]{0,4}$"
)
_LIKENESS = re.compile(
    r"^[^.;!?]{0,12}?\b(?:but|only|except)\b"
    r"|^[^。]{0,4}(?:那样|那种|一样|类似|差不多|同款|的感觉|同类)"
)
_ASKED_SIMILAR = re.compile(
    r"\b(?:similar|like (?:that|it|those|them|this)|same (?:vibe|style|genre))\b|类似的"
)


def roles(message: Message, found: Sequence[Item], act: str) -> dict[str, list[str]]:
    """Return the items of each role; lists joined by "and" or a comma share one."""
    out: dict[str, list[str]] = {k: [] for k in ("likes", "dislikes", "seen", "similar", "refers")}
    held: tuple[str, ...] = ()
    last: Item | None = None
    for one in found:
        between = message.low[last.spot.end : one.spot.start] if last else "-"
        if held and re.fullmatch(r"\s*(?:,|and|or|&|/|、|和|或)*\s*(?:the )?", between):
            own = held
        else:
            own = _own_roles(message, one)
        if not own or (act in ("answer", "compare", "explain", "accept") and "refers" not in own):
            own = _default(message, one, act, own)
        for role in own:
            if one.ref not in out[role]:
                out[role].append(one.ref)
        held, last = own, one
    return out


_LIKER = re.compile(
    r"\b(?:i|we|you|he|she|they|really|also|do|did|didn't|don't|dont|would|not|always|kids|son"
    r"|daughter"
    r"|wife|husband|mum|mom|dad|too|both|absolutely|just|and) like (?:the )?(?:movie |film )?$"
)
_LIKENED = re.compile(r"\blike (?:the )?(?:movies? |films? )?$")
_YOU = re.compile(
    r"\byou (?:ever )?(?:seen?|watch(?:ed)?|like|know|heard|enjoy|think)\b[^.!?]{0,30}$"
)


def _own_roles(message: Message, one: Item) -> tuple[str, ...]:
    before = re.split(r"[.!?]\s", message.low[: one.spot.start])[-1]
    after = message.low[one.spot.end :]
    found: list[str] = []
    if _YOU.search(before):
        return ("refers",)
    likened = _LIKENED.search(before) and not _LIKER.search(before)
    if (
        likened
        or _AKIN.search(before)
        or _LIKENESS.search(after)
        and re.search(r"like |像|类似", before)
    ):
        found.append("similar")
    elif _HATE.search(before) or _HATED.search(after):
        found.append("dislikes")
    elif _LOVE.search(before) or _LOVED.search(after):
        found.append("likes")
    if _SEEN.search(before) or _WATCHED.search(after):
        found.append("seen")
    if "similar" not in found and found and _ASKED_SIMILAR.search(message.low):
        found.append("similar")
    if "likes" in found and "seen" not in found and one.ref.startswith("#"):
        past = re.search(r"\b(?:loved|liked|enjoyed|was|were)\b", f"{before[-24:]}#{after[:16]}")
        found += ["seen"] if past and message.situation.schema.facet("runtime") else []
    return tuple(found)


def _default(message: Message, one: Item, act: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles of an item without a cue, or of one that a question is about."""
    if act in ("answer", "compare", "explain", "accept"):
        told = tuple(r for r in own if r in ("seen", "likes", "dislikes") and act == "answer")
        return (*told, "refers") if not (told and "dislikes" in told) else told
    if _ASKED_SIMILAR.search(message.low):
        return ("similar",)
    if one.ref.startswith("#"):
        pointed = re.match(
            r"(?:one )?\s*(?:but|only|,? with|in)\b", message.low[one.spot.end :].lstrip()
        )
        return ("similar",) if pointed else ()
    wanted = re.search(r"\b(?:have|got|find|see|watch|show|about)\b|有没有|有|想看", message.low)
    return ("refers",) if wanted or message.situation.said == "" else ("likes",)

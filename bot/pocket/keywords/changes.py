"""Wishes added and withdrawn, and the number of items wanted."""

import re
from collections.abc import Sequence

from bot.pocket.keywords.message import Message, Spot
from bot.pocket.keywords.names import named_facets, said_of
from bot.pocket.keywords.numbers import Said
from bot.pocket.keywords.values import Value
from bot.reading import Added, Removed
from retrieval.types import Constraint, Op

_COUNT = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|a couple|couple|[1-9]|1\d)"
    r" (?:more|other|good|different|great|\w+)?\s?(?:films?|movies?|flicks|options|suggestions"
    r"|picks|more\b"
    r"|recommendations|laptops|phones|tablets|cameras|headphones|titles|alternatives|of (?:them"
    r"|those|these))"
    r"|\b(?:just|only|pick|show(?: me)?|give me|gimme|top|suggest|recommend)(?: me)? (one|two"
    r"|three|four"
    r"|five|a couple|[1-9])\b(?! (?:star|hour|of the|gb|bed))"
)
_COUNT_ZH = re.compile(
    r"(?:来|推荐?|给我?|找|要|只要|看|选"
    r"|换)(?:我)?(?:个)?([一二两三四五六七八九十俩\d]+)[部个款台本种](?!小时|半|月)"
)
_DROP = re.compile(
    r"\b(?:forget|drop|remove|lose|ditch|without|never ?mind|nvm|scrap|take (?:away|out|off)"
    r"|get rid of"
    r"|regardless of|don'?t (?:care|mind)(?: about)?|no (?:limit|need|preference)(?: on| for)?"
    r"|doesn'?t (?:have|need)"
    r" to be|not necessarily|stop with)\b[^.;,]{0,16}$"
    r"|(?:不限|不挑|不管|无所谓|去掉|取消|不用|不一定|别管)[^，。]{0,4}$"
)
_DROPPED = re.compile(
    r"^[^.;,]{0,18}?\b(?:is fine|are fine|doesn'?t matter|don'?t matter|dont matter|doesnt matter"
    r"|can (?:go|be anything)"
    r"|is not important|isn'?t important|unimportant|anymore|any more|no matter|any is|is ok"
    r"|not needed|is open)\b"
    r"|^[^，。]{0,4}(?:不限|不挑|无所谓|都行|都可以|随便|不重要|不用管|就算了)"
)
_SWAP = re.compile(
    r"\b(?:instead|rather|actually|i meant|i mean|make (?:it|that)|switch|swap|change|sorry"
    r"|not .* but|replace)\b"
    r"|换|改成|我是说|不是.*是|算了"
)


_ALSO = re.compile(r"\b(?:also|too|or|add|as well|plus|and|both|either)\b|也|还|或|加")
_SEVERAL = frozenset({"genres", "genre", "keywords", "amenities", "extras", "cast"})


def changes(
    message: Message, said: Sequence[Said], known: Sequence[Value]
) -> tuple[tuple[Added, ...], tuple[Removed, ...]]:
    """Return the wishes added and those withdrawn."""
    state = message.situation.state
    held = {c.facet for c in state}
    add: list[Added] = []
    remove: list[Removed] = []
    for one in said:
        add.append(Added(facet=one.facet, op=one.op, text=message.words(one.spot)))
    for value in known:
        before, after = message.low[: value.spot.start], message.low[value.spot.end :]
        dropped = _DROP.search(before) or _DROPPED.match(after)
        if dropped and value.facet in held:
            remove.append(Removed(facet=value.facet))
            continue
        op: Op = "!=" if message.negated(value.spot) else "="
        add.append(Added(facet=value.facet, op=op, text=message.words(value.spot)))
        if value.facet in held and _replaces(message, value, op):
            remove.append(Removed(facet=value.facet))
    remove += [Removed(facet=f) for f in _loosened(message, held)]
    unwanted = {(a.facet, a.text.lower()) for a in add if a.op == "!="}
    kept = [a for a in add if a.op == "!=" or (a.facet, a.text.lower()) not in unwanted]
    return tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(remove))


def _replaces(message: Message, value: Value, op: Op) -> bool:
    """Whether a value takes the place of one held, or is one held that is not wanted any more."""
    held = [c for c in message.situation.state if c.facet == value.facet and c.op == "="]
    same = any(value.english.lower() in map(str.lower, map(str, _texts(c))) for c in held)
    if op == "!=":
        return same
    if same or not held:
        return False
    if _SWAP.search(message.low):
        return True
    return value.facet not in _SEVERAL and not _ALSO.search(message.low)


def _texts(constraint: Constraint) -> tuple[str, ...]:
    return (
        tuple(v for v in constraint.value if isinstance(v, str))
        if isinstance(constraint.value, tuple)
        else ()
    )


def _loosened(message: Message, held: set[str]) -> list[str]:
    """Return the held facets that the message says do not matter."""
    facets = [f for f in message.situation.schema.facets if f.name in held]
    whatever = re.search(
        r"\bany (\w+)|(?:ignore|skip) the (\w+)|(\w+)(?: is|'s)?(?: not|n't|un) ?important"
        r"|(\w+) is all the same|\b(\w+) (?:does ?n'?t|do ?n'?t|doesnt|dont) matter|(?:don'?t care"
        r"|no preference)(?: about| on)?"
        r"(?: the)? (\w+)|(?:forget|drop|lose|remove) (?:the )?(\w+)|(\w+) can (?:go|be)"
        r"|nvm (\w+ \w+ \w+)"
        r"|(\S{1,4})(?:不限|不挑|无所谓|随便|都行|都可以)",
        message.low,
    )
    if whatever is None:
        return []
    words = next(g for g in whatever.groups() if g is not None)
    return named_facets(words, facets) or [
        f for f in said_of(message.situation.said, facets) if "matter" in whatever[0]
    ]


def count_spot(message: Message) -> Spot | None:
    """Return where the number of items wanted stands."""
    match = _COUNT.search(message.low) or _COUNT_ZH.search(message.low)
    if match is None:
        return None
    group = next(n for n, words in enumerate(match.groups(), 1) if words)
    return Spot(match.start(group), match.end(group))

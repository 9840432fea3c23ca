"""Which one of the items shown a message singles out: "the cheaper one", "the one from 1979".

Knows the items shown and the words that compare; not what is wanted of them.
"""

import re
from collections.abc import Sequence

from bot.quantity.digits import lowered
from bot.reading import Reading
from bot.shelves.catalogue import Catalogue
from bot.types import Act, Conversation
from retrieval.constraints import satisfies
from retrieval.types import Constraint, Facet, Item, Schema

_THE_MOST = re.compile(
    r"\b(?:the|that) (?P<word>[a-z]+(?:er|est)|(?:more|most|less|least) [a-z]+)"
    r"(?P<of>(?: ones?)?,? (?:of|among|out of) (?:(?:the|all|of|these|those|them|em|two|three|both"
    r"|ones)\b ?)+)?(?P<one> one| film| movie| device| of)?"
    r"(?=\W*(?:$|[,.;!?]|\b(?:is|was|then|please|thanks|cost|costs|has|for me|again)\b))"
)
_TAKES = re.compile(
    r"\b(?:i['’]?ll|ill|i will|i['’]?d|we['’]?ll|i['’]?m|let['’]?s|gonna|going to|want to)"
    r"\s*(?:just )?(?:take|taking|get|buy|buying|go with|going with|go for|going for|have|watch"
    r"|grab|pick|choose)"
    r"|^\W*(?:deal|sold|done)\b"
)
_THE_ONE = re.compile(
    r"^\W*(?:(?:and|ok|okay|hm+|what about|how about|tell me (?:more )?about|about|no|i meant?|so"
    r"|maybe|show me)\W+)*the (?:one|film|movie|book|device|phone|laptop|game|item|wine) "
    r"(?:from|with|by|in|starring|that|of)\b.{2,40}$"
)


def the_most(
    reading: Reading, text: str, conversation: Conversation, index: Catalogue
) -> tuple[Reading, str | None]:
    """Return the item shown that a comparative describes, and the reading about it; else None.

    "How much is the cheaper one?", "I'll take the newest" and "the newest of them" speak of what
    is shown; "the newest phone" does not.
    """
    low = lowered(text)
    found = _THE_MOST.search(low)
    shown = index.get(conversation.shown)
    if found is None or len(shown) < 2:
        return reading, None
    takes = _TAKES.search(low[: found.start()])
    of_them = found["of"] is not None and reading.act in ("recommend", "answer", "accept")
    asked = ("answer", "accept", "explain", *(("compare",) if found["one"] else ()))
    asks = reading.act in asked and _nothing_named(reading)
    one = _extreme(found["word"], shown, index.schema) if takes or of_them or asks else None
    if one is None:
        return reading, None
    answered = reading.act in ("recommend", "compare")
    act: Act = "accept" if takes else "answer" if answered else reading.act
    return Reading(act=act, asks=reading.asks), one


def _nothing_named(reading: Reading) -> bool:
    return all(re.fullmatch(r"#\w+|it|that|this", words) for words in reading.refers)


def _extreme(word: str, shown: Sequence[Item], schema: Schema) -> str | None:
    """Return the one item with the most, or least, of what a word compares."""
    for facet in schema.facets:
        upwards = _upwards(facet, word) if facet.kind == "number" else None
        facts = [(f, i.id) for i in shown if isinstance(f := i.facts.get(facet.name), int | float)]
        if upwards is None or len(facts) < len(shown):
            continue
        best = (max if upwards else min)(f for f, _ in facts)
        found = [id_ for f, id_ in facts if f == best]
        return found[0] if len(found) == 1 else None
    return None


def _upwards(facet: Facet, word: str) -> bool | None:
    """Whether a word asks for more of a facet; None where it does not compare it."""
    degree, _, adjective = word.partition(" ")
    if adjective:
        least = degree in ("less", "least")
        forms = {f"more {adjective}", f"{adjective}er"}
        upwards = True if forms & set(facet.more) else False if forms & set(facet.less) else None
        return upwards if upwards is None else upwards != least
    base = word.removesuffix("est") + "er" if word.endswith("est") else word
    return True if base in facet.more else False if base in facet.less else None


def the_one_with(
    text: str, added: Sequence[Constraint], conversation: Conversation, index: Catalogue
) -> str | None:
    """Return the one item shown that "the one from 1979" describes, None where it is not one."""
    if not added or not _THE_ONE.match(lowered(text)):
        return None
    shown = index.get(conversation.shown)
    fitting = [i.id for i in shown if all(satisfies(i, c, index.schema) for c in added)]
    return fitting[0] if len(fitting) == 1 < len(shown) else None

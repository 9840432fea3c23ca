"""Whose works are meant where a person is named by a work: "from the director of Parasite".

Knows titles and the facets of people; nothing of what else a message wants.
"""

import re
from collections.abc import Iterable

from bot.quantity.digits import lowered
from bot.reading import Reading
from bot.shelves.catalogue import Catalogue
from bot.understanding.naming import titled
from bot.voice.facet_names import MAKERS, PERFORMERS
from retrieval.types import Constraint

_MAKER = r"(?:director|film ?maker|maker|writer|author|novelist|creator|composer|artist|band)s?"
_PLAYER = r"(?:stars?|leads?|lead (?:actor|actress)|actors?|actress(?:es)?)"
_SOMEBODY = r"(?:guys?|man|men|woman|women|lady|girl|people|person|team|one|folks|those|duo)"
_MADE = r"(?:made|did|directed|wrote|created|shot|gave us|brought us)"
_MAKERS_OF = re.compile(
    rf"(?:\b{_MAKER}(?: (?:of|as|behind|from|that {_MADE}|who {_MADE}))"
    rf"|\b{_SOMEBODY}(?: (?:behind|that {_MADE}|who {_MADE}))|\bwho(?:ever)? {_MADE})\s+(?:the )?$"
)
_PLAYERS_OF = re.compile(
    rf"(?:\b{_PLAYER}(?: (?:of|as|from|in))"
    rf"|\b{_SOMEBODY}(?: (?:from|in|who (?:was|is|starred) in)))"
    r"\s+(?:the )?$"
)
_OF = re.compile(f"(?:{_MAKERS_OF.pattern}|{_PLAYERS_OF.pattern})".replace("$", ""))
_MAKERS_BEHIND = re.compile(rf"(?:['’]s)? {_MAKER}\b")
_PLAYERS_BEHIND = re.compile(rf"(?:['’]s)? (?:{_PLAYER})\b")
_ELSE = re.compile(
    r"\bwhat (?:else|more) (?:did|has|have|is) (?:he|she|they|(?:the|this|that) \w+)\b.*"
    r"\b(?:write|written|make|made|direct|directed|do|done|record|design\w*|by)\b"
    r"|\b(?:more|others?|else) (?:by|from) (?:him|her|them|the same|this|that)\b"
)
_MANY = re.compile(
    r"(?:\b(?:people|men|women|team|folks|those|duo)|(?:tar|lead|actor|esse|guy)s)\b"
)
_OVER = re.compile(r"[,.;:!?]|\s(?:was|were|is|are|did|made|has|and|but|or|please|that|with)\b")


def by_their_works(
    reading: Reading, text: str, index: Catalogue
) -> tuple[Reading, tuple[Constraint, ...]]:
    """Return the constraints on people named by a work, and the reading without that work.

    Of players the first of the cast is meant, unless many are spoken of.
    """
    if reading.act != "recommend":
        return reading, ()
    found: dict[str, Constraint] = {}
    if reading.likes and _ELSE.search(lowered(text)):
        more = _people(reading.likes[0], f"director of {reading.likes[0]}", index)
        return reading, (more,) if more else ()
    for span in _spans(reading, text, index):
        constraint = _people(span, text, index)
        if constraint is not None:
            found[span] = constraint
    if not found:
        return reading, ()
    update = {
        role: tuple(words for words in getattr(reading, role) if not _within(words, found))
        for role in ("likes", "similar", "refers", "wish")
    }
    added = tuple(a for a in reading.add if not _within(a.text, found))
    return reading.model_copy(update={**update, "add": added}), tuple(found.values())


def _spans(reading: Reading, text: str, index: Catalogue) -> list[str]:
    """Return the words of a message that may be titles."""
    named = [text[m.start : m.end] for m in index.values.mentions(text) if m.facet is None]
    read = (*reading.similar, *reading.likes, *reading.refers, *(a.text for a in reading.add))
    behind = [_OVER.split(text[m.end() :])[0] for m in _OF.finditer(lowered(text))]
    spans = (*named, *(words for words in (*read, *behind) if words in text))
    return [words for words in dict.fromkeys(spans) if words.strip()]


def _people(span: str, text: str, index: Catalogue) -> Constraint | None:
    """Return the constraint on the people that a title stands for; None where it is no such."""
    before, _, after = lowered(text).partition(lowered(span))
    if _MAKERS_OF.search(before) or _MAKERS_BEHIND.match(after):
        names, many = MAKERS, True
    elif (of := _PLAYERS_OF.search(before)) or _PLAYERS_BEHIND.match(after):
        names, many = PERFORMERS, bool(of and _MANY.search(of.group()))
    else:
        return None
    facet = next((f for f in index.schema.facets if f.kind == "people" and f.name in names), None)
    items = index.get(titled(span, index)[:1])
    fact = items[0].facts.get(facet.name) if facet and items else None
    people = (fact,) if isinstance(fact, str) else fact if isinstance(fact, tuple) else ()
    if facet is None or not people:
        return None
    return Constraint(facet.name, "=", people if many else people[:1])


def _within(words: str, spans: Iterable[str]) -> bool:
    """Whether words hold one of the spans or lie within one."""
    low = words.lower()
    return any(low in span.lower() or span.lower() in low for span in spans)

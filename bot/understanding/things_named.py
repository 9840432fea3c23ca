"""Things a message asks for that only titles name, and that its reading passed over.

"Accountant in Munich": the city is a facet's value, the work is in no facet.
"""

import re
from collections.abc import Sequence

from bot.reading import ROLES, Reading
from bot.shelves.catalogue import Catalogue
from bot.voice.wording import KINDS
from retrieval.types import Constraint
from retrieval.words import STOPWORDS, stem, stem_key

_SHORTEST = 4
_WORD = re.compile(r"[A-Za-z]+")
_CALLS = re.compile(  # what stands right before a thing that is looked for
    r"(?:^|[.!?;:]\s*|\b(?:an?|any|some|just|only|another|more|need|want|show me|find(?: me)?"
    r"|looking for|search(?:ing)?(?: for)?|about)\s+)"
    r"(?:(?:the|a|an|some|any|good|nice|new|cheap)\s+)*(?:\w+\s+)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:$|[.,;!?]|\b(?:in|for|with|without|under|over|near|from|at|around|below|between|on|as"
    r"|that|which|who|to|or|and|work|jobs?|please|pls|only|u|you|do|does|is|are|have|there)\b)",
    re.IGNORECASE,
)
_NOT_SOUGHT = re.compile(
    r"\b(?:no|not|never|without|i['’]?m|i am|we['’]?re|(?:is|are|was|were)(?! there)|my|our|his|her"
    r"|their|your|for|with|by|of|like)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def passed_over(
    text: str, reading: Reading, added: Sequence[Constraint], index: Catalogue
) -> list[str]:
    """Return the words of a message that are things of titles, where it names no other thing.

    Only of products, and only where the word stands as what is asked for.
    """
    if reading.act not in ("recommend", "clarify", "reset") or reading.similar:
        return []
    if index.values.things({stem(w.lower().split()[-1]) for w in reading.wish if w.strip()}):
        return []
    if any(c.facet in KINDS and c.op == "=" for c in added):
        return []
    named = [w for role in ROLES for w in getattr(reading, role) if not not_a_title(w, index)]
    taken = [a.text for a in reading.add] + named
    free = (*reading.wish, *reading.avoid)
    spans = [(text.find(words), len(words)) for words in (*taken, *free)]
    kinds = {f.name: f.kind for f in index.schema.facets}
    values = [m for m in index.values.mentions(text) if m.facet is not None]
    categories = {(m.start, m.end) for m in values if kinds.get(m.facet or "") == "category"}
    spans += [(m.start, m.end - m.start) for m in values if (m.start, m.end) not in categories]
    found = {}
    for match in _WORD.finditer(text):
        word, before = stem(match.group().lower()), text[: match.start()]
        unread = not any(at <= match.start() < at + size for at, size in spans)
        plain = len(word) >= _SHORTEST and word not in STOPWORDS
        placed = _CALLS.search(before) and _AFTER.match(text, match.end())
        if unread and plain and placed and not _NOT_SOUGHT.search(before):
            found[word] = match.span()
    schema = index.schema
    nouns = set(stem_key(f"{schema.name} {schema.item} {schema.items}").split())
    things = index.values.things(found.keys() - nouns)  # among cottages each is a cottage
    products = not any(kind == "people" for kind in kinds.values())
    named = [at for word, at in found.items() if word in things or products and at in categories]
    return [text[start:end] for start, end in named]


def not_a_title(words: str, index: Catalogue) -> bool:
    """Tell whether a word is a thing of several titles rather than the one title that it is."""
    plain = words.isalpha() and words.islower() and len(words) >= _SHORTEST
    return plain and bool(index.values.things({stem(words)}, at_least=2))

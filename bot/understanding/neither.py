"""People ruled out by a word for those asked for before: "by neither of them", "not by either".

Knows what was asked for in the conversation; no catalogue.
"""

import re

from bot.types import Conversation
from retrieval.types import Constraint, Schema

_NEITHER = re.compile(
    r"\b(?:neither|none) of (?:them|those|these|the (?:two|three|above))\b"
    r"|\bnot? (?:by|with|from|starring) (?:either|any of (?:them|those|these))\b"
    r"|\b(?:by|with|from) neither\b|都不要?是?他们"
)


def neither(text: str, conversation: Conversation, schema: Schema) -> list[Constraint]:
    """Return constraints that rule out all the people asked for so far, if a message says so.

    Parameters
    ----------
    text
        The message in lower case.
    """
    people = {f.name for f in schema.facets if f.kind == "people"}
    if not _NEITHER.search(text):
        return []
    asked = (c for e in conversation.history for c in e.reply.understood.add if c.op == "=")
    held = conversation.wishes.constraints
    named = dict.fromkeys(
        (c.facet, v)
        for c in (*asked, *(c for c in held if c.op == "="))
        if c.facet in people and isinstance(c.value, tuple)
        for v in c.value
    )
    return [Constraint(facet, "!=", (str(value),)) for facet, value in named]

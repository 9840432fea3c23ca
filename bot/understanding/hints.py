"""Hints: what a catalogue knows of a message's words, before an LLM reads it.

Chinese words are looked up by their English. Knows no LLM.
"""

from collections.abc import Callable

from bot.llm.base import Hint
from bot.understanding.glossary import known_words
from retrieval.values import ValueIndex


def hints(text: str, values: ValueIndex, title: Callable[[str], str]) -> tuple[Hint, ...]:
    """Return what the catalogue knows of a message, in the order of its words.

    Parameters
    ----------
    title
        The title of an item, by its id; empty if there is none.
    """
    places = [(m.start, m.end, m) for m in values.mentions(text)]
    for start, end, english in known_words(text):
        whole = [m for m in values.mentions(english) if m.end - m.start == len(english)]
        places += [(start, end, m) for m in whole]
    found = []
    for start, end, mention in sorted(places, key=lambda p: (p[0], -p[1])):
        value = mention.value if mention.facet is not None else title(mention.value)
        if value:
            found.append(Hint(start, end, mention.facet, value))
    return tuple(dict.fromkeys(found))

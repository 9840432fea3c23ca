"""The title that a question speaks of, where its reading saw none: half of one, or one misspelt.

"Who directed shawshenk redemtion", "that priscilla movie, is it any good?". Knows titles; nothing
of dialogue.
"""

import re
from collections.abc import Iterator

from bot.checking.names import everyday
from bot.reading import Reading
from bot.shelves.catalogue import Catalogue
from bot.understanding.naming import titled

_MOST_WORDS = 5
_LONGEST = 25  # words of a message in which a title is looked for
_ITEM = re.compile(
    r"\b(?:that|the|this) (?P<name>(?:[\w'’:-]+ ){1,4}?)(?P<noun>movie|film|flick|picture|one)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"(?:er|est)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PLACES = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|latter|former|other|next|\dst|\dnd|\drd|\dth"
    r"|number \d)\b|#\d",
    re.IGNORECASE,
)


def title_said(reading: Reading, text: str, index: Catalogue) -> tuple[str, ...]:
    """Return the item that a question or a choice names though its reading did not; else ().

    What is named must be rarer than everyday words are: "it" and "the last one" name nothing.
    """
    if reading.act not in ("answer", "accept", "explain") or _PLACES.search(text):
        return ()
    if any(not re.fullmatch(r"#\w+|it|that|this|its", words) for words in reading.refers):
        return ()
    if len(text.split()) > _LONGEST:
        return ()
    for words in _candidates(text, index):
        found = titled(words, index)
        if found:
            return found[:1]
    return ()


def _candidates(text: str, index: Catalogue) -> Iterator[str]:
    """Yield what may be a title: "the … one", then the words around a rare one, longest first."""
    for match in _ITEM.finditer(text):
        if not _COMPARED.search(match["name"]):  # "the longest one" is no title
            yield f"{match['name'].strip()} {match['noun']}"
    words = list(_WORD.finditer(text))
    known = [m for m in index.values.mentions(text) if m.facet is not None]
    rare = [
        at
        for at, word in enumerate(words)
        if len(word.group()) > 4
        and not _COMPARED.search(word.group())
        and not everyday(word.group())
        and not any(m.start < word.end() and m.end > word.start() for m in known)
    ]
    spans = {
        (start, end)
        for at in rare
        for start in range(max(0, at - _MOST_WORDS + 1), at + 1)
        for end in range(at + 1, min(len(words), start + _MOST_WORDS) + 1)
        if end - start > 1 or len(words[at].group()) > 6
    }
    for start, end in sorted(spans, key=lambda s: s[0] - s[1]):
        yield text[words[start].start() : words[end - 1].end()]

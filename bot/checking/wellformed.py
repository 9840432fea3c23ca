"""Whether a sentence is one at all: no word salad, no stutter, no broken punctuation.

Looks at the surface only; whether it is true or well put is not judged here.
"""

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What cannot follow "a" or "the": another determiner, or a word that begins something new.
_NOT_NEXT = r"(?:an?|the|this|these|its|your|no|in|of|and|or|to|with|is|are|it|s)"
_SALAD = re.compile(
    rf"\b(?:[Aa]n?|[Tt]he)[\s,]+{_NOT_NEXT}\b(?![-'’]|\.\w)"
    r"|\b(?:an?|the|of|or)\s*[.,;:!?](?:\s|$)"  # an end on "the."
    r"|[,;:][,.;:]|\s[,.;!?](?:\s|$)|\.\s*[,;:]\s"
    r"|\b([a-z]\w{2,})\s+\1\b",  # a stutter; names may have one
)
_LEAST_WORDS = 12  # shorter sentences may repeat themselves
_LEAST_DISTINCT = 0.6  # share of different words that a written sentence has
_MOST_OF_ONE = 0.2  # share that a single word may have
_MOST_OF_LITTLE = 0.3  # the same for words that every sentence is held together by
_LITTLE = frozenset("a an the of and to in".split())
_CJK = re.compile(r"[\u3400-\u9fff]")
_END = re.compile(r"[.!?…。！？][\"”’')》]?$")


def malformed(sentence: str) -> str:
    """Return what is wrong with the form of a sentence; empty if nothing is.

    Written reasons pass; a generator that loops or loses its thread does not.
    """
    if not _END.search(sentence.strip()):
        return "it has no end"
    if _CJK.search(sentence):
        return ""
    if match := _SALAD.search(sentence[:1].lower() + sentence[1:]):
        return f"{match.group()!r} is no English"
    words = [word.lower() for word in _WORD.findall(sentence)]
    if len(words) < _LEAST_WORDS:
        return ""
    counts = Counter(words)
    if len(counts) < _LEAST_DISTINCT * len(words):
        return "it repeats itself"
    word, most = counts.most_common(1)[0]
    share = _MOST_OF_LITTLE if word in _LITTLE else _MOST_OF_ONE
    return f"{word!r} comes too often" if most > max(3, share * len(words)) else ""

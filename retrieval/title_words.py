"""A title as people write it → one key: articles, numerals, digits for letters, initials.

Knows no catalogue.
"""

import functools

from retrieval.words import ARTICLES, plain_key

_LEET = str.maketrans("013457", "oieasv")
_NUMERALS = {
    word: digit
    for digit, words in {
        "1": "one i first",
        "2": "two ii second",
        "3": "three iii third",
        "4": "four iv fourth",
        "5": "five v fifth",
        "6": "six vi sixth",
        "7": "seven vii seventh",
        "8": "eight viii eighth",
        "9": "nine ix ninth",
        "10": "ten x tenth",
    }.items()
    for word in words.split()
}
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"})
_COUNTERS = frozenset({"part", "volume", "vol", "episode", "chapter", "no", "number", "pt"})


@functools.lru_cache(maxsize=1 << 14)
def canonical(title: str) -> str:
    """Return a title's key: folded, no articles, "Part II" as "2"."""
    words = [_unleet(word) for word in plain_key(title).split()]
    out: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after_counter = before in _COUNTERS
        if word in _COUNTERS and place + 1 < len(words) and words[place + 1] in _NUMERALS:
            continue
        if word in _COUNTERS and place + 1 < len(words) and words[place + 1].isdigit():
            continue
        if word in _NUMERALS and (after_counter or (place and word in _ROMAN and word != "i")):
            out.append(_NUMERALS[word])
        elif word not in ARTICLES or len(words) == 1:
            out.append(word)
    return " ".join(out or words)


def _unleet(word: str) -> str:
    """Return a word with the letters that its inner digits stand for: se7en → seven."""
    if word.isalpha() or not (word[0].isalpha() and word[-1].isalpha()):
        return word
    return word.translate(_LEET)


def acronyms(title: str) -> set[str]:
    """Return the initials of a title and of what stands before its colon, of three or more."""
    out = set()
    for part in (title, title.partition(":")[0]):
        words = plain_key(part).split()
        for form in (words, words[1:] if words and words[0] in ARTICLES else words):
            out.add("".join(word[0] for word in form))
    return {a for a in out if len(a) >= 3 and a.isalpha()}

"""Names and quotations in a sentence: runs of capitalised words, and words in quotation marks.

Whatever is written like a name must occur in the item's facts, title or text, or in the person's
own words; "no Adam Sandler" is true where he is not in it. The first word of a sentence is let
pass where it is an everyday word. Knows no roles.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from bot.checking.evidence import Evidence, words_of
from bot.checking.unsupported import Unsupported
from retrieval.words import fold

_WORD = re.compile(r"[A-Za-zÀ-ɏ0-9]+(?:[.'’&/-][A-Za-zÀ-ɏ0-9]+)*\.?")
_QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|《([^》]+)》|「([^」]+)」|(?<!\w)['‘]([^'’]{2,})['’](?!\w)"
)
_ABBREVIATIONS = frozenset({"Mr", "Mrs", "Dr", "St", "Jr", "Sr", "Vol", "No"})
_MEASURE = re.compile(r"\d+(s|th|st|nd|rd|GB|TB|MB|K)?")
_SENTENCE_END = re.compile(r"(^|[.!?…:;。！？：；—–]\s*[\"“‘'(《]?)\s*$")
_CONNECTORS = frozenset("of the de la le du von van der den da di del and & in on a to for".split())
# Written with a capital, and no claim by itself.
_FREE = frozenset(
    "i i'm i'd i'll i've tv ok dvd cgi uk us usa a the it its you your hd mr mrs ms dr st director"
    " actor actress star film movie english-language ai english".split()
)
_NEGATION = re.compile(r"\b(no|not|without|never|nor|isn't|minus|unlike)\s+(\w+\s+){0,3}$", re.I)
# Endings that everyday words at the head of a sentence have and names rarely.
_ROOT = 6  # letters that "Himalayan" shares with "Himalayas"
_ENDINGS = re.compile(r"(ing|ed|tion|ness|ment|ful|less|able|ible|ous|ive|ally|edly|ately)$")


def unsupported_names(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield the names and quotations of a sentence that the evidence does not hold."""
    for match in _QUOTED.finditer(sentence):
        quoted = next(g for g in match.groups() if g)
        if words_of(quoted) and not evidence.names(words_of(quoted)):
            yield Unsupported("name", quoted, "quoted, but from nowhere in the evidence")
    for start, run in _runs(sentence):
        wrong = _unknown_part(run, _SENTENCE_END.search(sentence[:start]) is not None, evidence)
        if wrong and not (_NEGATION.search(sentence[:start]) and not _is_own(wrong, evidence)):
            yield Unsupported("name", wrong, "this name is nowhere in the evidence")


def _is_own(name: str, evidence: Evidence) -> bool:
    words = words_of(name)
    return any(words_of(person)[-len(words) :] == words for person in evidence.people)


def _runs(sentence: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (start, words) of runs of capitalised words, connectors inside them included."""
    run: list[str] = []
    start = end = 0
    ended = False
    waiting: list[str] = []
    for match in _WORD.finditer(sentence):
        word = match.group().rstrip(".")
        joined = not sentence[end : match.start()].strip() and end > 0 and not ended
        ended = match.group().endswith(".") and len(word) > 1 and word not in _ABBREVIATIONS
        if run and not joined:
            yield start, run
            run, waiting = [], []
        if _is_capital(word):
            start = start if run else match.start()
            run, waiting = [*run, *waiting, word], []
        elif run and (word.lower() in _CONNECTORS or word.isdigit()) and len(waiting) < 2:
            waiting.append(word)
        elif run:
            yield start, run
            run, waiting = [], []
        end = match.end()
    if run:
        yield start, run


def _is_capital(word: str) -> bool:
    return any(c.isupper() for c in word) and not _MEASURE.fullmatch(word)


def _unknown_part(run: list[str], initial: bool, evidence: Evidence) -> str:
    """Return the part of a run that nothing supports; empty if all of it is supported."""
    if _known(run, evidence):
        return ""
    if initial and everyday(run[0]):
        return _unknown_part(run[1:], False, evidence) if run[1:] else ""
    for cut in range(len(run) - 1, 0, -1):
        if _known(run[:cut], evidence):
            return _unknown_part(run[cut:], False, evidence)
    return " ".join(run)


def _known(run: list[str], evidence: Evidence) -> bool:
    words = [w for w in run if w.lower() not in _FREE]
    while words and words[0].lower() in _CONNECTORS:
        words = words[1:]
    while words and words[-1].lower() in _CONNECTORS:
        words = words[:-1]
    if not words or evidence.names(words_of(" ".join(words))):
        return True
    return len(words) == 1 and _known_in_parts(words[0], evidence)


def _known_in_parts(word: str, evidence: Evidence) -> bool:
    """Tell whether a compound's names are known ("Spanish-language"), or a word of its root."""
    parts = [p for p in word.split("-") if p[:1].isupper()]
    if len(parts) < len(word.split("-")) or len(parts) > 1:
        return all(_known([p], evidence) for p in parts)
    root = fold(word)[:_ROOT]
    return len(word) > _ROOT and re.search(rf"\b{re.escape(root)}", evidence.own_text) is not None


def everyday(word: str) -> bool:
    """Tell whether a word, or each part of a compound, is an everyday English one."""
    low = word.lower().replace("’", "'")
    parts = [p for p in low.split("-") if p]
    return all(p in _words() or (len(p) > 5 and _ENDINGS.search(p)) for p in parts)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    text = (files("bot.voice") / "phrases" / "everyday.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())

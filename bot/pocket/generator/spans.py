"""Texts with marked spans, and the noise of real typing that moves spans along.

A span is marked by two private-use characters, so that typos, dropped commas and lost capitals
change text and label together.
"""

import random
import re
from collections.abc import Mapping
from typing import Any

OPEN = 0xE000
CLOSE = 0xE400
_MARKS = re.compile("[\ue000-\ue7ff]")
_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioplsdfghjklkxcvbnmn", strict=True))


def mark(index: int, text: str) -> str:
    """Return `text` marked as span `index`."""
    return f"{chr(OPEN + index)}{text}{chr(CLOSE + index)}"


def unmark(marked: str) -> tuple[str, dict[int, str]]:
    """Return the plain text and what each span holds."""
    plain: list[str] = []
    starts: dict[int, int] = {}
    bounds: dict[int, tuple[int, int]] = {}
    for char in marked:
        code = ord(char)
        if OPEN <= code < CLOSE:
            starts[code - OPEN] = len(plain)
        elif CLOSE <= code < CLOSE + 0x400:
            bounds[code - CLOSE] = (starts[code - CLOSE], len(plain))
        else:
            plain.append(char)
    text = "".join(plain)
    return text, {k: text[a:b].strip() for k, (a, b) in bounds.items()}


def _typo(word: str, rng: random.Random) -> str:
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    at = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.3:
        return word[:at] + word[at + 1 :]
    if kind < 0.6:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.8:
        return word[:at] + word[at] + word[at:]
    return word[:at] + _NEIGHBOURS.get(word[at].lower(), word[at]) + word[at + 1 :]


def roughen(marked: str, rng: random.Random) -> str:
    """Return the text as someone in a hurry may have typed it."""
    style = rng.random()
    if style < 0.55:
        marked = marked.lower()
    elif style < 0.85:
        marked = _capitalise(marked)
    elif style < 0.87:
        marked = marked.upper()
    if rng.random() < 0.35:
        marked = marked.replace("'", "").replace("’", "")
    if rng.random() < 0.3:
        marked = re.sub(r"[,;.!]+(?=\s|$)", "", marked)
    elif rng.random() < 0.3:
        marked = marked.rstrip(".!?")
    elif rng.random() < 0.15:
        marked += rng.choice((".", "!", "?", "...", " :)", " thx", " pls", "!!"))
    rate = rng.choice((0.0, 0.0, 0.0, 0.02, 0.06))
    if rate:
        parts = re.split(r"([\s\ue000-\ue7ff]+)", marked)
        marked = "".join(_typo(p, rng) if rng.random() < rate else p for p in parts)
    return re.sub(r"[ \t]+", " ", marked).strip()


def _capitalise(marked: str) -> str:
    match = re.search(r"[a-z]", _MARKS.sub("", marked[:6]) and marked)
    if not match or match.start() > 3:
        return marked
    at = match.start()
    return marked[:at] + marked[at].upper() + marked[at + 1 :]


def unmark_first(marked: str) -> str:
    """Return the first plain character, lower-cased, or an empty string."""
    plain = _MARKS.sub("", marked)
    return plain[:1].lower()


def typed(text: str, gold: Mapping[str, Any], rng: random.Random) -> tuple[str, Mapping[str, Any]]:
    """Return an annotated text with its capitals lost or a typo outside of its spans.

    Lower-casing changes text and annotation alike; typos keep clear of what is annotated.
    """
    said = _said(gold)
    if rng.random() < 0.5:
        return text.lower(), _lowered(gold)
    parts = re.split(r"(\s+)", text)
    loose = [i for i, p in enumerate(parts) if len(p) > 3 and not any(p in w for w in said)]
    if not loose:
        return text, gold
    at = rng.choice(loose)
    rough = "".join([*parts[:at], _typo(parts[at], rng), *parts[at + 1 :]])
    return (rough, gold) if all(w in rough for w in said) else (text, gold)


def _said(gold: Mapping[str, Any]) -> list[str]:
    """Return the spans of a gold object."""
    rows = [c[2] for key in ("add", "relative") for c in gold.get(key, ())]
    lists = ("likes", "dislikes", "seen", "similar", "refers", "wish", "avoid")
    rows += [w for key in lists for w in gold.get(key, ())]
    return [w for w in rows if not w.startswith("#")]


def _lowered(gold: Mapping[str, Any]) -> Mapping[str, Any]:
    low = dict(gold)
    for key in ("add", "relative"):
        if key in low:
            low[key] = [[c[0], c[1], c[2].lower(), *c[3:]] for c in low[key]]
    for key in ("likes", "dislikes", "seen", "similar", "refers", "wish", "avoid"):
        if key in low:
            low[key] = [w.lower() for w in low[key]]
    return low

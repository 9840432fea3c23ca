"""Phrases in parts: fixed words, and words that are said exactly as a fact or a person has them.

The same phrase is written as text or spelled in an LLM's output pieces; so what must stay word
for word is kept apart from the words around it. Knows articles and lists, no facts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.voice.attributive import attributive


@dataclass(frozen=True)
class Said:
    """Words to be repeated exactly.

    `quoted` ones stand in quotation marks, `before` ones before a noun, as `attributive` has them:
    "90-minute", "French".
    """

    words: str
    quoted: bool = False
    before: bool = False


Phrase = tuple[str | Said, ...]

_AN_DIGITS = re.compile(r"8|11\b|18(\d\d)?\b")
_A_VOWELS = re.compile(r"uni(?![nm])|use|usu|eu|one|once|uk\b|ut[io]|ura", re.IGNORECASE)
_AN_SILENT = re.compile(r"hour|honest|heir|hono", re.IGNORECASE)
_SPELLED = re.compile(r"[A-Z][A-Z0-9]{0,2}(?![A-Za-z])|[B-DF-HJ-NP-TV-Z]{2,}(?![a-z])")
_SPELLED_SMALL = re.compile(r"[bcdfghj-np-tv-xz]{4}")  # "lgbt"
_PLURAL = re.compile(r"(?<![sui])s$", re.IGNORECASE)
_NO_PLURALS = frozenset({"series", "news", "lens", "canvas", "gas", "atlas"})


def words(phrase: Phrase) -> str:
    """Return a phrase as text, as it stands inside a sentence."""
    parts = [f"“{p.words}”" if isinstance(p, Said) and p.quoted else _bare(p) for p in phrase]
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(p for p in parts if p))


def _bare(part: str | Said) -> str:
    if isinstance(part, str):
        return part
    return attributive(part.words) if part.before else part.words


def listed(phrases: Sequence[Phrase]) -> Phrase:
    """Join phrases by commas and a last "and"."""
    found: Phrase = ()
    for number, phrase in enumerate(phrases):
        if number:
            found += ("and",) if number == len(phrases) - 1 else (",",)
        found += phrase
    return found


def article(phrase: Phrase) -> str:
    """Return "a" or "an", whichever a phrase takes by its first sound."""
    text = words(phrase).lstrip("“'\"($€£₹")
    if text[:1].isdigit():
        return "an" if _AN_DIGITS.match(text) else "a"
    if _SPELLED.match(text) or _SPELLED_SMALL.match(text):
        return "an" if text[0].upper() in "AEFHILMNORSX" else "a"
    vowel = text[:1].lower() in "aeiou" and not _A_VOWELS.match(text)
    return "an" if vowel or _AN_SILENT.match(text) else "a"


def is_plural(noun: str) -> bool:
    """Tell whether a noun is a plural by its form ("headphones", "shoes")."""
    last = noun.lower().split()[-1:] or [""]
    return last[0] not in _NO_PLURALS and _PLURAL.search(last[0]) is not None


_EITHER = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


def numbered(line: str, plural: bool) -> str:
    """Return a line with each `[one|many]` replaced by what agrees with the noun."""
    return _EITHER.sub(lambda m: m.group(2 if plural else 1), line)

"""Cleaning of text that comes from outside: people's messages and the catalogue's own words.

Item texts are untrusted: what is left of them here is plain words on one line, without markup,
control characters or characters that cannot be seen. Knows nothing of what the words mean.
"""

import html
import re
import unicodedata

from bot.errors import BadText

MAX_MESSAGE = 8_000
MAX_TEXT = 600
MAX_TITLE = 200
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL | re.I)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*|__|~~|`+|^\s{0,3}#{1,6}\s+|^\s{0,3}>\s?|^\s*[-*+]\s+)", re.MULTILINE)
# Joiners inside emoji and Indic or Arabic words are kept in people's messages only.
_JOINERS = frozenset("\u200c\u200d")


def clean_message(text: str) -> str:
    """Return a person's message without control and invisible characters.

    Raises
    ------
    BadText
        If nothing is left, or more than `MAX_MESSAGE` characters.
    """
    kept = _visible(text, keep=_JOINERS).strip()
    if not kept:
        raise BadText("expected a message of at least one visible character, got none; type words")
    if len(kept) > MAX_MESSAGE:
        raise BadText(
            f"expected a message of at most {MAX_MESSAGE:,} characters, got {len(kept):,}; "
            "shorten it"
        )
    return kept


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return an item's text as plain words on one line, cut at a word near `limit` characters."""
    plain = html.unescape(_TAG.sub(" ", text))
    plain = _MARKS.sub("", _LINK.sub(r"\1", _TAG.sub(" ", plain)))
    plain = " ".join(_visible(plain).split())
    if len(plain) <= limit:
        return plain
    return plain[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def clean_title(title: str) -> str:
    """Return an item's title on one line, without markup and invisible characters."""
    return clean_text(title, MAX_TITLE)


def _visible(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return a text with line ends and tabs as spaces and every other control dropped."""
    spaced = re.sub(r"[\t\n\v\f\r\u0085\u2028\u2029]", " ", text)
    return "".join(
        c for c in spaced if c in keep or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )

"""A talk as a Markdown file, for the person to keep.

What people and items say is escaped: the file shows it and never runs, links or loads it.
"""

import re
from collections.abc import Iterable

from bot.types import Conversation
from bot.web import chips
from bot.web.view import View

# Whatever Markdown or HTML in it gives a meaning to.
_MEANINGFUL = re.compile(r"([\\`*_\[\]<>&#|~!$^{}])")
_LIST_MARK = re.compile(r"^(\s*)([-+=])")
# With the scheme apart, no reader makes a link of an address.
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")


def markdown(view: View, talk: Conversation) -> str:
    """Return a talk as Markdown: what was said in turn, then the wishes held and items marked."""
    said = "\n\n".join(
        f"## {exchange.reply.turn}\n\n{_quoted(exchange.text)}\n\n{_lines(exchange.reply.reply)}"
        for exchange in talk.history
    )
    wishes = [chip.words for chip in chips.of_wishes(talk.wishes, view.schema, view.title)]
    kept = (
        ("Wishes", wishes),
        ("Liked", map(view.title, talk.likes)),
        ("Disliked", map(view.title, talk.dislikes)),
        ("Seen", map(view.title, talk.seen)),
    )
    after = "".join(_list(name, words) for name, words in kept)
    return f"# Concierge: {_escaped(talk.catalog)}\n\n{said}\n{after}"


def _quoted(words: str) -> str:
    return "\n".join(f"> {_escaped(line)}" for line in words.splitlines())


def _lines(words: str) -> str:
    """Return a reply with its line breaks; numbers of items stay numbers."""
    return "  \n".join(_escaped(line) for line in words.splitlines())


def _list(name: str, words: Iterable[str]) -> str:
    listed = "".join(f"* {_escaped(' '.join(one.split()))}\n" for one in words)
    return f"\n## {name}\n\n{listed}" if listed else ""


def _escaped(line: str) -> str:
    line = _MEANINGFUL.sub(r"\\\1", line)
    line = _LIST_MARK.sub(r"\1\\\2", line)
    return _SCHEME.sub(r"\1\\\2", line)

"""The talk as HTML: a turn, the turn that is being answered, the empty state."""

import re
from dataclasses import dataclass

from bot.types import Exchange, Reply
from bot.web import chips
from bot.web.cards import Marks, card, growing
from bot.web.comparison import table
from bot.web.icons import icon
from bot.web.markup import attributes, tag, text
from bot.web.view import View
from retrieval.types import Schema

_NUMBERED = re.compile(r"^\s*(\d{1,2})[.)．、]\s*(.*)$")


@dataclass(frozen=True)
class Speech:
    """A reply's text in parts: paragraphs before the numbered items, the items, those after."""

    before: tuple[str, ...] = ()
    items: tuple[tuple[int, str], ...] = ()
    after: tuple[str, ...] = ()


def speech(words: str) -> Speech:
    """Return a reply's text in parts; it may be cut off anywhere."""
    before: list[str] = []
    items: list[tuple[int, str]] = []
    after: list[str] = []
    for line in words.split("\n"):
        numbered = _NUMBERED.match(line)
        if numbered and int(numbered[1]) == len(items) + 1:
            items.append((int(numbered[1]), numbered[2]))
        elif line.strip():
            (after if items else before).append(line)
    return Speech(tuple(before), tuple(items), tuple(after))


def last(view: View) -> str:
    """Return the last turn in full, or the empty state before the first."""
    if view.conversation is None or not view.conversation.history:
        return empty(view.schema)
    return turn(view.conversation.history[-1], view, marks_of(view))


def pending(said: str, words: str = "", understood: str = "") -> str:
    """Return a turn whose answer is on its way: what has been written of it so far."""
    if not words:
        answer = (
            understood
            + '<p class="thinking"><span class="sr">Thinking</span><i></i><i></i><i></i></p>'
        )
    else:
        parts = speech(words)
        answer = (
            understood
            + _paragraphs(parts.before)
            + "".join(growing(n, line) for n, line in parts.items)
            + _paragraphs(parts.after)
        )
    return _section(said, answer, busy=True)


def failed(said: str, problem: str) -> str:
    """Return a turn that could not be answered, with what went wrong and the person's words."""
    told = f"{problem[:1].upper()}{problem[1:].rstrip('.')}."
    answer = tag("p", text(told), class_="trouble", role="alert", dir="auto")
    return _section(said, answer)


def opening(catalog: str) -> str:
    """Return what stands there while a catalogue is opened."""
    words = tag("p", f"Opening {text(catalog)} …", role="status")
    return tag("section", words, class_="empty", aria_busy="true")


def empty(schema: Schema, first: str = "") -> str:
    """Return the greeting of a new talk, with the catalogue's example openings.

    `first` is a sentence that stands before it, for what the person should know.
    """
    openings = "".join(
        f'<li><button type="button" class="opening"'
        f"{attributes(data_do='say', data_text=opening)}>{text(opening)}</button></li>"
        for opening in schema.openings[:4]
    )
    return tag(
        "section",
        tag("p", text(first), class_="first")
        * bool(first)
        + f"<h2>What are you in the mood for?</h2>"
        f"<p>Tell me in your own words which {text(schema.items)} you would like, what you have "
        f"enjoyed and what to leave out. I will suggest a few and say honestly why.</p>"
        + (
            tag("ul", openings, class_="openings", aria_label="Examples to start with")
            if openings
            else ""
        ),
        class_="empty",
    )


def marks_of(view: View) -> Marks:
    """Return which items of a conversation carry a mark."""
    talk = view.conversation
    if talk is None:
        return Marks()
    return Marks(frozenset(talk.likes), frozenset(talk.dislikes), frozenset(talk.seen))


def turn(exchange: Exchange, view: View, marks: Marks, number: int | None = None) -> str:
    """Return a turn with its cards; one of the past has its number, counted from 0.

    What was understood can be taken back in the last turn alone.
    """
    reply = exchange.reply
    parts = speech(reply.reply)
    understood = chips.of_understood(reply.understood, view.schema, view.title)
    known = chips.row(understood, removable=number is None, name="Understood")
    copy = _copy(reply.reply)
    if not reply.items:
        said = _paragraphs(reply.reply.split("\n"))
        compared = _compared(reply, view)
        said = compared + tag("div", said, class_="aside") if compared else said
        return _section(exchange.text, known + said + copy, number=number)
    answer = _paragraphs(parts.before) + _cards(reply, view.schema, marks)
    answer += _paragraphs(parts.after)
    return _section(exchange.text, known + answer + copy, number=number)


def _compared(reply: Reply, view: View) -> str:
    """Return the items that a reply compares as a table; empty where it compares none."""
    if reply.act != "compare":
        return ""
    items = [view.items[item] for item in reply.understood.refers if item in view.items]
    return table(items, view.schema)


def _copy(words: str) -> str:
    data = attributes(data_copy=words)
    return f'<button type="button" class="copy"{data}>{icon("copy")}<span>Copy</span></button>'


def _cards(reply: Reply, schema: Schema, marks: Marks) -> str:
    return "".join(card(item, n, schema, marks) for n, item in enumerate(reply.items, start=1))


def _section(said: str, answer: str, busy: bool = False, number: int | None = None) -> str:
    mine = tag("div", f'<span class="sr">You said: </span>{text(said)}', class_="mine", dir="auto")
    return tag(
        "section",
        (mine if said else "") + tag("div", answer, class_="theirs"),
        class_="turn",
        aria_busy="true" if busy else None,
        data_n=number,
    )


def _paragraphs(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(tag("p", text(line), dir="auto") for line in lines if line.strip())

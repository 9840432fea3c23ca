"""The turns before the last one, and what of them a page does not have yet.

A turn costs the page the same however long the talk is: only what changed is sent, and `past.js`
puts it among the turns that are there.
"""

import json
from dataclasses import asdict, dataclass

from bot.web.cards import Marks
from bot.web.icons import icon
from bot.web.markup import attributes, tag
from bot.web.transcript import marks_of, turn
from bot.web.view import View

DRAWN_TURNS = 10


@dataclass(frozen=True)
class Past:
    """What the page shows of the past: the turns from `begin` up to `end`, counted from 0.

    `begin` is None where the page shows as many as it does. `turns` are those from `first` on, as
    HTML; the page has the others already, or asks for the whole. `note` stands before them,
    `marks` go to the cards of all.
    """

    begin: int | None = 0
    end: int = 0
    first: int = 0
    turns: tuple[str, ...] = ()
    note: str = ""
    marks: Marks = Marks()

    def written(self) -> str:
        """Return it as JSON, for `past.js`."""
        return json.dumps(asdict(self), default=sorted, ensure_ascii=False)


def whole(view: View) -> Past:
    """Return the latest turns before the last one, for a page that has nothing of them."""
    end = _turns(view) - 1
    return _past(view, begin=end - DRAWN_TURNS, end=end, first=0)


def newest(view: View, keep_last: bool) -> Past:
    """Return the past with one turn sent, the one that came to it; the last too where it is kept.

    It is the whole past for a page that has followed the talk so far.
    """
    end = _turns(view) - (not keep_last)
    return _past(view, begin=end - DRAWN_TURNS, end=end, first=end - 1)


def marked(view: View) -> Past:
    """Return the past as it is there, with the marks of now on its cards."""
    end = max(_turns(view) - 1, 0)
    return Past(None, end, end, marks=marks_of(view))


def earlier(view: View, before: int) -> Past:
    """Return the past with the turns sent that stand before one, `DRAWN_TURNS` more of them."""
    end = _turns(view) - 1
    before = min(before, end)
    return _past(view, begin=before - DRAWN_TURNS, end=end, first=0, until=before)


def _turns(view: View) -> int:
    return len(view.conversation.history) if view.conversation else 0


def _past(view: View, begin: int, end: int, first: int, until: int | None = None) -> Past:
    begin, end = max(begin, 0), max(end, 0)
    first = max(first, begin)
    history = view.conversation.history if view.conversation else ()
    marks = marks_of(view)
    drawn = tuple(
        turn(history[n], view, marks, number=n)
        for n in range(first, end if until is None else until)
    )
    return Past(begin, end, first, drawn, _note(begin), marks)


def _note(left_out: int) -> str:
    """Return the way to the turns that are left out; empty where there are none."""
    if not left_out:
        return ""
    words = f"Show earlier turns ({left_out})"
    data = attributes(data_do="earlier", data_before=left_out)
    return tag("p", f'<button type="button"{data}>{icon("up")}{words}</button>', class_="earlier")

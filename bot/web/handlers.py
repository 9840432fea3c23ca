"""What happens on the page: each event of a person becomes calls of the facade and new HTML.

Every handler gets the session's id from the browser and keeps nothing itself. An error is told in
the talk, in the words of the HTTP face's problems.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.concierge import Done, FeedbackKind, Token, Understanding
from bot.errors import NoSession, NothingToUndo, NotReady
from bot.llm.deadline import within
from bot.service.problems import problem_of
from bot.types import Conversation, Understood
from bot.web import chips, transcript
from bot.web.change import Change
from bot.web.comparison import MOST_COMPARED
from bot.web.export import markdown
from bot.web.panel import panel
from bot.web.past import Past, earlier, marked, newest, whole
from bot.web.view import View, named
from retrieval.types import Schema

if TYPE_CHECKING:
    from bot.concierge import Concierge

Held = Mapping[str, str]
# Tokens come faster than a browser should redraw.
_REDRAW_S = 0.06
_GONE = "The earlier talk is no longer kept, so we start afresh."
_NOBODY = {"session": ""}
_MEANT = ("drop", "compare", "more")
_MARKS: dict[FeedbackKind, str] = {"like": "Liked", "dislike": "Disliked", "seen": "Marked as seen"}


class Chat:
    """The handlers of one page, over a facade."""

    def __init__(self, concierge: "Concierge") -> None:
        self._concierge = concierge

    def schema(self, catalog: str) -> Schema:
        """Return the schema of a catalogue."""
        return self._concierge.catalogs[catalog].schema

    def resume(self, held: Held) -> Change:
        """Show the talk whose id the browser kept, or a new one."""
        session = _session(held)
        talk = self._known(session)
        if talk is not None:
            return replace(self._now(talk, ""), past=whole(self._view(talk)))
        return self._fresh(self._concierge.settings.catalog, _GONE if session else "")

    def restart(self, catalog: str) -> Iterator[Change]:
        """Show an empty talk in a catalogue; one that is used for the first time is opened."""
        yield Change(held=_NOBODY, past=Past(), last=transcript.opening(catalog), picker=catalog)
        try:
            with within(self._concierge.settings.turn_limit_s):
                fresh = self._fresh(catalog, "New talk")
        except NotReady as error:
            fresh = self._fresh(self._concierge.settings.catalog, str(error))
        yield fresh

    def send(self, text: str, held: Held, catalog: str) -> Iterator[Change]:
        """Take the person's message and show the answer as it is written."""
        if text.strip():
            yield from self._turn(text.strip(), held, catalog)

    def undo(self, held: Held) -> Change:
        """Take the last turn back and show the talk as it was."""
        session = _session(held)
        try:
            self._concierge.undo(session)
        except (NothingToUndo, NoSession):
            return Change(notice="There is nothing to undo")
        return self._now(self._concierge.conversation(session), "Undone")

    def export(self, held: Held) -> tuple[Change, dict[str, str] | None]:
        """Return what to tell, and the talk as a file: its `name` and its `text`."""
        talk = self._known(_session(held))
        if talk is None or not talk.history:
            return Change(notice="There is nothing to export yet"), None
        text = markdown(self._view(talk), talk)
        return Change(notice="Exported"), {"name": f"{talk.catalog}-{talk.id[:8]}.md", "text": text}

    def press(self, pressed: Mapping[str, str], held: Held, catalog: str) -> Iterator[Change]:
        """Do what a pressed button of the talk or the panel says in its data."""
        do = pressed.get("do", "")
        if do == "say":
            yield from self._turn(pressed.get("text", ""), held, catalog)
        elif do == "resume":
            yield self.resume(held)
        elif do == "earlier":
            yield from self._earlier(pressed.get("before", ""), held)
        elif do in _MEANT:
            yield from self._carry_out(pressed, held)
        else:
            kind = next((mark for mark in _MARKS if mark == do), None)
            if kind is not None:
                yield self._mark(kind, pressed, held)

    def _turn(self, text: str, held: Held, catalog: str) -> Iterator[Change]:
        """Show the message at once, then its answer as it comes, then the answer with cards."""
        talk = self._known(_session(held)) or self._concierge.open(catalog)
        view = self._view(talk)
        yield self._asked(view, text)
        try:
            yield from self._answer(text, view)
        except Exception as error:  # noqa: BLE001 - the outermost face
            yield _failed(error, text)

    def _carry_out(self, pressed: Mapping[str, str], held: Held) -> Iterator[Change]:
        """Do what a button means without reading words: withdraw, compare, find alike."""
        talk = self._known(_session(held))
        if talk is None:
            return
        known = self._concierge.catalogs[talk.catalog].get(_items(pressed))
        text, meant = _meant(pressed, {item.id: item.title for item in known})
        if meant is None:
            return
        yield self._asked(self._view(talk), text)
        try:
            reply = self._concierge.carry_out(talk.id, meant, text)
        except Exception as error:  # noqa: BLE001 - the outermost face
            yield replace(_failed(error, text), box=None)
        else:
            yield self._answered(talk.id, reply.reply)

    def _asked(self, view: View, text: str) -> Change:
        return Change(
            held=_keep(view),
            past=newest(view, keep_last=True),
            last=transcript.pending(text),
            box="",
        )

    def _answer(self, text: str, view: View) -> Iterator[Change]:
        words, known, drawn_s = "", "", 0.0
        session = _keep(view)["session"]
        for part in self._concierge.stream(session, text):
            match part:
                case Understanding(understood):
                    found = chips.of_understood(understood, view.schema, view.title)
                    known = chips.row(found, removable=False, name="Understood")
                case Token(token):
                    words += token
                case Done(reply):
                    yield self._answered(session, reply.reply)
                    return
            if time.monotonic() - drawn_s >= _REDRAW_S:
                drawn_s = time.monotonic()
                yield Change(last=transcript.pending(text, words, known))

    def _answered(self, session: str, said: str) -> Change:
        """Show the talk as the turn has left it; an undone turn changes the past, too."""
        return replace(self._now(self._concierge.conversation(session), said), picker=None)

    def _earlier(self, before: str, held: Held) -> Iterator[Change]:
        """Show more of the past, from before a turn of it."""
        talk = self._known(_session(held))
        if talk is not None and before.isdecimal():
            yield Change(past=earlier(self._view(talk), int(before)), notice="Earlier turns")

    def _mark(self, kind: FeedbackKind, pressed: Mapping[str, str], held: Held) -> Change:
        session, item = _session(held), pressed.get("item", "")
        try:
            self._concierge.feedback(session, item, kind)
        except Exception as error:  # noqa: BLE001 - the outermost face
            return Change(notice=problem_of(error).detail)
        talk = self._concierge.conversation(session)
        change = self._now(talk, f"{_MARKS[kind]}: {pressed.get('title', '')}")
        return replace(change, past=marked(self._view(talk)))

    def _known(self, session: str) -> Conversation | None:
        """Return the conversation of an id, or None where it is not kept."""
        if not session:
            return None
        try:
            return self._concierge.conversation(session)
        except NoSession:
            return None

    def _view(self, talk: Conversation) -> View:
        index = self._concierge.catalogs[talk.catalog]
        items = {item.id: item for item in index.get(named(talk))}
        return View(index.schema, talk, items, self._concierge.interest(talk))

    def _now(self, talk: Conversation, notice: str) -> Change:
        view = self._view(talk)
        return Change(
            held=_keep(view),
            past=newest(view, keep_last=False),
            last=transcript.last(view),
            side=panel(view),
            picker=talk.catalog,
            notice=notice,
        )

    def _fresh(self, catalog: str, notice: str) -> Change:
        view = View(self.schema(catalog))
        return Change(
            held=_NOBODY,
            past=Past(),
            last=transcript.empty(view.schema, _GONE if notice == _GONE else ""),
            side=panel(view),
            picker=catalog,
            notice=notice,
        )


def _failed(error: Exception, text: str) -> Change:
    """Tell what went wrong and give the person's words back; the log has the rest."""
    detail = problem_of(error).detail
    return Change(last=transcript.failed(text, detail), box=text, notice=detail)


def _items(pressed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids that a press names: one in `item`, or several in `items`, as JSON."""
    if "item" in pressed:
        return (pressed["item"],)
    try:
        found = json.loads(pressed.get("items", ""))
    except ValueError:
        return ()
    ids = found if isinstance(found, list) else []
    return tuple(dict.fromkeys(i for i in ids if isinstance(i, str)))[:MOST_COMPARED]


def _meant(pressed: Mapping[str, str], titles: Mapping[str, str]) -> tuple[str, Understood | None]:
    """Return a button in words and what it means, None where it makes no sense.

    `titles` are of the items that the press names and the catalogue has, by id.
    """
    do, ids = pressed.get("do"), tuple(titles)
    if do == "compare" and len(ids) > 1:
        return f"Compare {_joined(list(titles.values()))}", Understood("compare", refers=ids)
    if do == "more" and ids:
        return f"More like {titles[ids[0]]}", Understood("recommend", similar=ids)
    gone = chips.removal(*(pressed.get(name, "") for name in ("kind", "facet", "value")))
    if do == "drop" and gone is not None:
        return f"Remove: {pressed.get('title', '')}", Understood("recommend", remove=(gone,))
    return "", None


def _joined(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]


def _keep(view: View) -> dict[str, str]:
    return {"session": view.conversation.id if view.conversation else ""}


def _session(held: object) -> str:
    """Return the session's id that a browser sent; its storage is not to be trusted."""
    found = held.get("session") if isinstance(held, Mapping) else None
    return found if isinstance(found, str) and len(found) <= 128 else ""

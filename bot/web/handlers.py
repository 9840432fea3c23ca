"""What happens on the page: each event of a person becomes calls of the facade and new HTML.

Every handler gets the session's id from the browser and keeps nothing itself. An error is told in
the talk, in the words of the HTTP face's problems.
"""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.concierge import Done, FeedbackKind, Token, Understanding
from bot.errors import NoSession, NothingToUndo, NotReady
from bot.llm.deadline import within
from bot.running.stamps import Stamp
from bot.service.problems import problem_of
from bot.types import Conversation, Understood
from bot.web import chips, transcript
from bot.web.change import Change
from bot.web.comparison import MOST_COMPARED
from bot.web.export import markdown
from bot.web.held import Held
from bot.web.panel import panel
from bot.web.past import Past, earlier, marked, newest, whole
from bot.web.view import View, named
from retrieval.types import Schema

if TYPE_CHECKING:
    from bot.concierge import Concierge

# Tokens come faster than a browser should redraw.
_REDRAW_S = 0.06
_GONE = "The earlier talk is no longer kept, so we start afresh."
_NOBODY = Held().written()
_TURNS = ("say", "drop", "compare", "more")  # what a press can do that is a turn of its own
_MARKS: dict[FeedbackKind, str] = {"like": "Liked", "dislike": "Disliked", "seen": "Marked as seen"}


class Chat:
    """The handlers of one page, over a facade."""

    def __init__(self, concierge: "Concierge") -> None:
        self._concierge = concierge

    def schema(self, catalog: str) -> Schema:
        """Return the schema of a catalogue."""
        return self._concierge.catalogs[catalog].schema

    def resume(self, kept: object) -> Iterator[Change]:
        """Show the talk whose id the browser kept, or a new one.

        A turn that was not answered when the page went away is answered now: the one that still
        runs is waited for, one that was lost with the service is done again.
        """
        held = Held.of(kept)
        talk = self._known(held.session)
        if talk is None:
            yield self._fresh(self._concierge.settings.catalog, _GONE if held.session else "")
            return
        waits = held.key and all(receipt.key != held.key for receipt in talk.receipts)
        shown = replace(self._now(talk, ""), past=whole(self._view(talk)))
        yield replace(shown, held=None) if waits else shown
        if waits:  # what the person types meanwhile is left alone
            yield from (replace(c, box=c.box or None) for c in self._do(held, talk))

    def restart(self, catalog: str) -> Iterator[Change]:
        """Show an empty talk in a catalogue; one that is used for the first time is opened."""
        yield Change(held=_NOBODY, past=Past(), last=transcript.opening(catalog), picker=catalog)
        try:
            with within(self._concierge.settings.turn_limit_s):
                fresh = self._fresh(catalog, "New talk")
        except NotReady as error:
            fresh = self._fresh(self._concierge.settings.catalog, str(error))
        yield fresh

    def send(self, text: str, kept: object, catalog: str) -> Iterator[Change]:
        """Take the person's message and show the answer as it is written."""
        if text.strip():
            yield from self.press({"do": "say", "text": text.strip()}, kept, catalog)

    def undo(self, kept: object) -> Change:
        """Take the last turn back and show the talk as it was."""
        session = Held.of(kept).session
        try:
            self._concierge.undo(session)
        except (NothingToUndo, NoSession):
            return Change(notice="There is nothing to undo")
        return self._now(self._concierge.conversation(session), "Undone")

    def export(self, kept: object) -> tuple[Change, dict[str, str] | None]:
        """Return what to tell, and the talk as a file: its `name` and its `text`."""
        talk = self._known(Held.of(kept).session)
        if talk is None or not talk.history:
            return Change(notice="There is nothing to export yet"), None
        text = markdown(self._view(talk), talk)
        return Change(notice="Exported"), {"name": f"{talk.catalog}-{talk.id[:8]}.md", "text": text}

    def press(self, pressed: Mapping[str, str], kept: object, catalog: str) -> Iterator[Change]:
        """Do what a pressed button of the talk or the panel says in its data."""
        do, held = pressed.get("do", ""), Held.of(kept)
        if do == "resume":
            yield from self.resume(kept)
        elif do == "pick":
            if pressed.get("catalog") in self._concierge.catalogs:
                yield from self.restart(pressed["catalog"])
        elif do == "earlier":
            yield from self._earlier(pressed.get("before", ""), held)
        elif do in _TURNS:
            talk = self._known(held.session)
            if talk is None and do == "say":
                talk = self._concierge.open(catalog)
            if talk is not None:
                yield from self._do(Held(talk.id, uuid.uuid4().hex, pressed), talk)
        else:
            kind = next((mark for mark in _MARKS if mark == do), None)
            if kind is not None:
                yield self._mark(kind, pressed, held)

    def _do(self, held: Held, talk: Conversation) -> Iterator[Change]:
        """Show what was pressed or said at once, then the answer as it comes, then the cards."""
        said = held.press.get("do") == "say"
        text, meant = (held.press.get("text", ""), None) if said else self._meant(held.press, talk)
        if not said and meant is None:
            return
        view = self._view(talk)
        asked = replace(self._asked(view, text), held=held.written())
        yield asked if said else replace(asked, box=None)
        stamp = Stamp(held.key)
        try:
            if meant is None:
                yield from self._answer(text, view, stamp)
            else:
                reply = self._concierge.carry_out(talk.id, meant, text, stamp)
                yield self._answered(talk.id, reply.reply)
        except Exception as error:  # noqa: BLE001 - the outermost face
            failed = replace(_failed(error, text), held=Held(talk.id).written())
            yield failed if said else replace(failed, box=None)

    def _meant(
        self, pressed: Mapping[str, str], talk: Conversation
    ) -> tuple[str, Understood | None]:
        """Return what a button means that needs no reading of words: withdraw, compare, alike."""
        known = self._concierge.catalogs[talk.catalog].get(_items(pressed))
        return _meant(pressed, {item.id: item.title for item in known})

    def _asked(self, view: View, text: str) -> Change:
        return Change(
            past=newest(view, keep_last=True),
            last=transcript.pending(text),
            box="",
        )

    def _answer(self, text: str, view: View, stamp: Stamp) -> Iterator[Change]:
        words, known, drawn_s = "", "", 0.0
        session = view.conversation.id if view.conversation else ""
        for part in self._concierge.stream(session, text, stamp):
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
        talk = self._known(held.session)
        if talk is not None and before.isdecimal():
            yield Change(past=earlier(self._view(talk), int(before)), notice="Earlier turns")

    def _mark(self, kind: FeedbackKind, pressed: Mapping[str, str], held: Held) -> Change:
        session, item = held.session, pressed.get("item", "")
        try:
            self._concierge.feedback(session, item, kind)
        except Exception as error:  # noqa: BLE001 - the outermost face
            return Change(notice=problem_of(error).detail)
        talk = self._concierge.conversation(session)
        view = self._view(talk)
        change = self._now(talk, f"{_MARKS[kind]}: {view.title(item)}")
        return replace(change, past=marked(view))

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
            held=Held(talk.id).written(),
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

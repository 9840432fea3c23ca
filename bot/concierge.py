"""The facade: conversations, turns, feedback and undo, for every face of the bot.

Safe to use from many threads; turns of one conversation are done one after the other. Knows no
HTTP, no page and no command line.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import SimpleQueue
from typing import Any

from langgraph.types import StreamMode

from bot import turn
from bot.cleaning import clean_message
from bot.errors import UnknownItem
from bot.feedback import FeedbackKind, with_feedback
from bot.graph import Graph, Nodes, build_graph
from bot.llm.base import LLM
from bot.loading import Later
from bot.locks import Turnstile
from bot.parts import Parts
from bot.rehearsal import rehearse
from bot.replies import reply_json, understood_json
from bot.rooms import Room
from bot.said import Done, Said, Token, Understanding
from bot.sessions import CHANNEL, Sessions, named_errors, new_id
from bot.settings import Settings
from bot.taste import Taste
from bot.types import Conversation, Point, Removal, Reply, Understood, Wishes
from retrieval.index import Index

__all__ = [
    "Concierge",
    "Done",
    "FeedbackKind",
    "Parts",
    "Said",
    "Token",
    "Understanding",
    "reply_json",
    "understood_json",
]

# Told what was before, what is after, the turn's reply (none for feedback), and the items' index.
Listener = Callable[[Conversation, Conversation, Reply | None, Index], None]

_PER_TURN = 3  # states that one turn may leave: itself and feedback given after it


class Concierge:
    """The bot. `bot.app.build` makes one from settings.

    Parameters
    ----------
    settings
        What the operator chose.
    parts
        What it is made of.
    """

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self._parts = parts
        self._sessions = parts.sessions
        self._rooms: dict[str, Room] = {}
        self._making = threading.Lock()
        self._turnstile = Turnstile(settings.home / "locks", settings.busy_s)
        self._graph = Later("graph", self._build_graph)
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> None:
        """Tell a listener of every turn and feedback from now on, once it is kept."""
        self._listeners = (*self._listeners, listener)

    def _tell(self, before: Conversation, after: Conversation, reply: Reply | None) -> None:
        for listener in self._listeners:
            listener(before, after, reply, self.catalogs[after.catalog])

    @property
    def llm(self) -> LLM:
        """The language model; waits until it is loaded."""
        return self._parts.llm.get()

    @property
    def catalogs(self) -> Mapping[str, Index]:
        """Indexes by name, opened at their first use."""
        return self._parts.catalogs

    def _build_graph(self) -> Graph:
        parts = self._parts
        count = self.settings.count
        nodes = Nodes(
            self.llm, self._room, parts.sessions, parts.weights, count, parts.now_s, parts.desk
        )
        return build_graph(nodes, parts.sessions.saver)

    def _room(self, catalog: str) -> Room:
        index = self.catalogs[catalog]
        with self._making:
            room = self._rooms.get(catalog)
            if room is None or room.index is not index:
                room = Room(index, Taste(self._parts.tracker.get(), index))
                self._rooms[catalog] = room
            return room

    def warm(self, catalog: str | None = None) -> None:
        """Load everything that a turn over a catalogue needs, and try it out."""
        room = self._room(catalog or self.settings.catalog)
        self._graph.get()
        rehearse(self.llm, room)

    def open(self, catalog: str | None = None, user: str | None = None) -> Conversation:
        """Begin a conversation and keep it.

        Parameters
        ----------
        catalog
            A catalogue's name; by default the settings'.
        user
            Whom it belongs to, if known.

        Raises
        ------
        UnknownCatalog
            If there is no catalogue of that name.
        StoreError
            If it cannot be kept.
        """
        name = catalog if catalog is not None else self.settings.catalog
        if name not in self.catalogs:
            self.catalogs[name]  # raises, naming those that exist
        wishes = Wishes(count=self.settings.count)
        conversation = Conversation(id=new_id(), catalog=name, user=user, wishes=wishes)
        self._keep(conversation)
        return conversation

    def _keep(self, conversation: Conversation) -> None:
        config = Sessions.config(conversation.id, conversation.user)
        with named_errors(str(self.settings.home)):
            self._graph.get().update_state(config, {CHANNEL: conversation}, as_node="say")

    def conversation(self, session: str) -> Conversation:
        """Return a conversation as it is now.

        Raises
        ------
        NoSession
            If there is none of that id.
        """
        return self._sessions.get(session)

    def turn(self, session: str, text: str) -> Reply:
        """Answer a message. The turn is applied whole or, on any error, not at all.

        Raises
        ------
        NoSession, BadText, SessionBusy, StoreError
            See `bot.errors`. Errors of the LLM and of the index come through as they are.
        """
        cleaned = clean_message(text)
        return self._run(session, {"text": cleaned})

    def stream(self, session: str, text: str) -> Iterator[Said]:
        """Answer a message piece by piece: `Understanding`, `Token` …, `Done`.

        The turn runs on its own thread to its end, whether or not the pieces are taken. Errors
        are those of `turn`; a bad text is told at once, the others are raised from the iterator.
        """
        cleaned = clean_message(text)
        waiting: SimpleQueue[Said | Exception] = SimpleQueue()

        def run() -> None:
            try:
                waiting.put(Done(self._run(session, {"text": cleaned}, waiting.put)))
            except Exception as error:  # noqa: BLE001 - raised again for whoever takes the pieces
                waiting.put(error)

        threading.Thread(target=run, name=f"turn {session[:8]}", daemon=True).start()
        return _taken(waiting)

    def withdraw(self, session: str, removals: Sequence[Removal], text: str) -> Reply:
        """Take back wishes that are held and recommend without them, as a turn of its own.

        Parameters
        ----------
        session
            The conversation.
        removals
            What to take back.
        text
            What stands in the history for the person's words.

        Raises
        ------
        NoSession, BadText, SessionBusy, StoreError
            As `turn` does.
        """
        history = self.conversation(session).history
        language = history[-1].reply.understood.language if history else "en"
        meant = Understood("recommend", remove=tuple(removals), language=language)
        given = {"text": clean_message(text), "understood": meant}
        return self._run(session, given)

    def undo(self, session: str) -> Reply:
        """Take back the last turn, with the feedback given since.

        Raises
        ------
        NoSession
            If there is no such conversation.
        NothingToUndo
            If it is at its start, or its earlier states are no longer kept.
        """
        self._sessions.before(self.conversation(session))
        return self._run(session, {"text": ""})

    def _run(
        self, session: str, given: dict[str, Any], put: Callable[[Said], None] | None = None
    ) -> Reply:
        """Run the graph once; `put` takes the pieces, and without it none are made."""
        modes: list[StreamMode] = ["updates", "custom"] if put else ["updates"]
        give = put or (lambda said: None)
        with self._turnstile.turn(session):
            talk = self.conversation(session)
            config = Sessions.config(session, talk.user)
            reply: Reply | None = None
            after = talk
            started = {**given, "started_s": time.perf_counter(), "timings_ms": {}}
            with named_errors(str(self.settings.home)):
                steps = self._graph.get().stream(
                    started, config, stream_mode=modes, durability="exit"
                )
                for _, part in steps:
                    if isinstance(part, str):
                        give(Token(part))
                        continue
                    for update in part.values():
                        if "understood" in update:
                            give(Understanding(update["understood"]))
                        reply = update.get("reply", reply)
                        after = update.get("conversation", after)
            self._sessions.trim(session, self.settings.undo_depth * _PER_TURN + 1)
            if reply is None:
                raise RuntimeError("the graph ended without a reply")
            self._tell(talk, after, reply)
            return reply

    def feedback(self, session: str, item: str, kind: FeedbackKind) -> tuple[Point, ...]:
        """Take in what a person thinks of an item or did with it; return the interest after it.

        Raises
        ------
        NoSession
            If there is no such conversation.
        UnknownItem
            If its catalogue has no such item.
        """
        with self._turnstile.turn(session):
            talk = self.conversation(session)
            if not self.catalogs[talk.catalog].get([item]):
                raise UnknownItem(
                    f"expected the id of an item of {talk.catalog!r}, got {item[:60]!r}; "
                    "use the ids that replies carry"
                )
            changed = with_feedback(talk, item, kind, self._parts.now_s())
            self._keep(changed)
            self._tell(talk, changed, None)
        return self.interest(changed)

    def interest(self, conversation: Conversation) -> tuple[Point, ...]:
        """Return where a conversation's taste points, strongest first; () without any taste."""
        return self._room(conversation.catalog).taste.points(conversation.events)

    def understand(self, text: str, catalog: str | None = None) -> Understood:
        """Return what one message means without any context; nothing is kept.

        Raises
        ------
        BadText, UnknownCatalog
            See `bot.errors`.
        """
        name = catalog if catalog is not None else self.settings.catalog
        nobody = Conversation(id="", catalog=name)
        return turn.understand(nobody, clean_message(text), self.llm, self.catalogs[name])

    def delete(self, session: str) -> None:
        """Forget a conversation.

        Raises
        ------
        NoSession
            If there is none of that id.
        """
        with self._turnstile.turn(session):
            self._sessions.delete(session)

    def close(self) -> None:
        """Close the store, the indexes and the model."""
        self._parts.close()
        self._sessions.close()


def _taken(waiting: "SimpleQueue[Said | Exception]") -> Iterator[Said]:
    while True:
        said = waiting.get()
        if isinstance(said, Exception):
            raise said
        yield said
        if isinstance(said, Done):
            return

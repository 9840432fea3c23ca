"""The facade: conversations, turns, feedback and undo, for every face of the bot.

Safe to use from many threads; turns of one conversation are done one after the other. Knows no
HTTP, no page and no command line.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import psutil

from bot import turn
from bot.checking.cleaning import clean_message
from bot.errors import ConciergeError, UnknownItem
from bot.graph import Graph, Nodes, build_graph
from bot.llm.base import LLM
from bot.llm.errors import LLMError
from bot.memory.feedback import FeedbackKind, with_feedback
from bot.memory.taste import Taste
from bot.replies import reply_json, understood_json
from bot.running.admission import Admission
from bot.running.loading import Later
from bot.running.locks import Turnstile
from bot.running.meter import Meter
from bot.running.parts import Parts
from bot.running.people import People
from bot.running.pulse import Pulse
from bot.running.rehearsal import rehearse
from bot.running.running import Request, Turns
from bot.running.sessions import CHANNEL, Sessions, named_errors, new_id
from bot.running.stamps import UNSTAMPED, Stamp
from bot.said import Done, Said, Token, Understanding
from bot.settings import Settings
from bot.shelves.rooms import Room
from bot.types import Conversation, Point, Reply, Understood, Wishes
from retrieval.errors import RetrievalError
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
_ROOM_FOR_ONE_MORE = 1 << 30  # bytes of memory that must be left beside the turns
_log = logging.getLogger("concierge.start")


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
        self.rooms: dict[str, Room] = {}
        self._making = threading.Lock()
        self._turnstile = Turnstile(settings.home / "locks", settings.busy_s)
        self._graph = Later("graph", self._build_graph)
        self._listeners: tuple[Listener, ...] = ()
        self.admission = Admission(settings.turns_at_once)
        self.people = People(parts.sessions, self._turnstile)
        self.meter = Meter(lambda: self.admission.running, parts.llm)
        self._turns = Turns(
            self._graph,
            parts.sessions,
            self._turnstile,
            self.admission,
            self.room,
            settings,
            (self.meter.turn, *parts.watchers),
            self._tell,
            parts.forget,
        )

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
    def pulse(self) -> Pulse:
        """Which part the last turns found to fail."""
        return self._turns.pulse

    @property
    def catalogs(self) -> Mapping[str, Index]:
        """Indexes by name, opened at their first use."""
        return self._parts.catalogs

    def _build_graph(self) -> Graph:
        parts = self._parts
        count = self.settings.count
        nodes = Nodes(
            self.llm, self.room, parts.sessions, parts.weights, count, parts.now_s, parts.desk
        )
        return build_graph(nodes, parts.sessions.saver)

    def room(self, catalog: str) -> Room:
        """Return a catalogue's index with the tastes over it, made at their first use."""
        index = self.catalogs[catalog]
        with self._making:
            room = self.rooms.get(catalog)
            if room is None or room.index is not index:
                tracker = self._parts.trained(catalog) or self._parts.tracker.get()
                room = Room(index, Taste(tracker, index))
                self.rooms[catalog] = room
            return room

    def warm(self, catalog: str | None = None) -> None:
        """Load everything that a turn over a catalogue needs, and try it out."""
        room = self.room(catalog or self.settings.catalog)
        self._graph.get()
        rehearse(self.llm, room)

    def warm_others(self) -> None:
        """Load every catalogue beside the usual one, as far as there is memory for them.

        One that cannot be loaded is told in the log, and again to whoever asks for it.
        """
        for name in self.catalogs:
            if name == self.settings.catalog or name in self.rooms:
                continue
            if self.admission.closing:
                return
            free = psutil.virtual_memory().available
            if free < _ROOM_FOR_ONE_MORE:
                _log.info("catalogues from %s on wait for their first use: little memory", name)
                return
            try:
                self.warm(name)
            except (ConciergeError, LLMError, RetrievalError) as error:
                _log.warning("could not load the catalogue %s yet: %s", name, error)

    def open(
        self,
        catalog: str | None = None,
        user: str | None = None,
        owner: str | None = None,
        id_: str | None = None,
    ) -> Conversation:
        """Begin a conversation and keep it.

        Parameters
        ----------
        catalog
            A catalogue's name; by default the settings'.
        user
            Whom it belongs to, if known.
        owner
            The id of the API key that opens it.
        id_
            Its id, which also varies the wording; by default one that cannot be guessed.

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
        conversation = Conversation(id_ or new_id(), name, user, wishes=wishes, owner=owner)
        self._keep(conversation)
        return conversation

    def begin_at(self, state: Conversation) -> Conversation:
        """Keep a state as a conversation of its own, under a new id; nothing else changes."""
        begun = replace(state, id=new_id(), receipts=())
        self._keep(begun)
        return begun

    def states(self, session: str) -> tuple[Conversation, ...]:
        """Return the states of a conversation that are still kept, the latest first."""
        return tuple(self._sessions.states(session))

    def at(self, chain: str) -> Conversation | None:
        """Return the state that some conversation had after a chain of messages, if it is kept."""
        return self._sessions.at(chain)

    def _keep(self, conversation: Conversation) -> None:
        config = Sessions.config(conversation.id)
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

    def turn(self, session: str, text: str, stamp: Stamp = UNSTAMPED) -> Reply:
        """Answer a message. The turn is applied whole or, on any error, not at all.

        Parameters
        ----------
        session
            The conversation.
        text
            The message.
        stamp
            How the request is known again: a repeated one gets the same reply and is no turn.

        Raises
        ------
        NoSession, BadText, SessionBusy, TooBusy, KeyReused, MovedOn, StoreError
            See `bot.errors`. Errors of the LLM and of the index come through as they are.
        """
        return self._turns.run(session, Request(clean_message(text), stamp))

    def stream(self, session: str, text: str, stamp: Stamp = UNSTAMPED) -> Iterator[Said]:
        """Answer a message piece by piece: `Understanding`, `Token` …, `Done`.

        The turn runs on its own thread to its end, whether or not the pieces are taken. Errors
        are those of `turn`; a bad text and a service that is too busy are told at once, the
        others are raised from the iterator.
        """
        return self._turns.stream(session, Request(clean_message(text), stamp))

    def carry_out(
        self, session: str, meant: Understood, text: str, stamp: Stamp = UNSTAMPED
    ) -> Reply:
        """Do what a button means, as a turn of its own: nothing is read, so nothing is misread.

        Parameters
        ----------
        session
            The conversation.
        meant
            What to do; its language is the conversation's.
        text
            What stands in the history for the person's words.
        stamp
            How the request is known again, as in `turn`.

        Raises
        ------
        NoSession, BadText, SessionBusy, KeyReused, StoreError
            As `turn` does.
        """
        history = self.conversation(session).history
        language = history[-1].reply.understood.language if history else "en"
        known = {"understood": replace(meant, language=language)}
        return self._turns.run(session, Request(clean_message(text), stamp, known))

    def undo(self, session: str, stamp: Stamp = UNSTAMPED) -> Reply:
        """Take back the last turn, with the feedback given since.

        Raises
        ------
        NoSession
            If there is no such conversation.
        NothingToUndo
            If it is at its start, or its earlier states are no longer kept.
        """
        return self._turns.run(session, Request("", stamp))

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
        return self.room(conversation.catalog).taste.points(conversation.events)

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

    def drain(self, timeout_s: float) -> bool:
        """Take no more turns and wait for those that run; tell whether they ended in time."""
        self.admission.close()
        return self.admission.wait(timeout_s)

    def close(self) -> None:
        """Close the store, the indexes and the model."""
        self._parts.close()
        self._sessions.close()

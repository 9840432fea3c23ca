"""Running turns: one after the other in a conversation, so many at once, each in its time.

Knows the graph only as something that is run; what a turn does is the graph's business.
"""

import contextvars
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from langgraph.types import StreamMode

from bot.graph import Graph
from bot.llm.deadline import within
from bot.llm.tally import Tally, paid_by
from bot.running import trail
from bot.running.admission import Admission
from bot.running.loading import Later
from bot.running.locks import Turnstile
from bot.running.pulse import Pulse
from bot.running.sessions import Sessions, named_errors
from bot.running.stamps import UNSTAMPED, Stamp, answered
from bot.running.watching import Took, Watch, digest, tell
from bot.said import Done, Said, Token, Understanding
from bot.settings import Settings
from bot.types import Conversation, Reply
from retrieval.errors import IndexStoreError

_PER_TURN = 3  # states that one turn may leave: itself and feedback given after it
Put = Callable[[Said], None]


@dataclass(frozen=True)
class Request:
    """What a turn is given: the message, or nothing to take the last turn back.

    `meant` holds more of the graph's input, such as what the message is known to mean.
    """

    text: str
    stamp: Stamp = UNSTAMPED
    meant: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Ran:
    """What came of one run of the graph."""

    reply: Reply | None = None
    after: Conversation | None = None
    rejected: int = 0


class Turns:
    """Runs turns. Safe to use from many threads.

    Parameters
    ----------
    graph
        The turn's graph.
    sessions
        The store.
    turnstile
        Keeps the turns of one conversation apart.
    admission
        How many turns run at once.
    open_catalog
        Called before a turn with its catalogue's name.
    settings
        How many past states are kept, and how long a turn may wait for the LLM.
    watchers
        Told of every turn.
    kept
        Called with what was before a turn, what is after it, and its reply, once it is kept.
    forget
        Called with the name of a catalogue whose index failed in a turn.
    """

    def __init__(
        self,
        graph: Later[Graph],
        sessions: Sessions,
        turnstile: Turnstile,
        admission: Admission,
        open_catalog: Callable[[str], object],
        settings: Settings,
        watchers: Sequence[Watch] = (),
        kept: Callable[[Conversation, Conversation, Reply], None] = lambda *_: None,
        forget: Callable[[str], None] = lambda catalog: None,
    ) -> None:
        self._graph, self._sessions, self._turnstile = graph, sessions, turnstile
        self._admission, self._turn_s = admission, settings.turn_limit_s
        self._open = open_catalog
        self._place = str(settings.home)
        self._forget = forget
        self._keep = settings.undo_depth * _PER_TURN + 1
        self._watchers = tuple(watchers)
        self._kept = kept
        self.pulse = Pulse()

    def run(self, session: str, request: Request) -> Reply:
        """Run one turn to its end."""
        with self._admission.turn():
            return self._watched(session, request, None)

    def stream(self, session: str, request: Request) -> Iterator[Said]:
        """Run one turn on a thread of its own, whether or not the pieces are taken."""
        waiting: SimpleQueue[Said | Exception] = SimpleQueue()
        self._admission.enter()

        def run() -> None:
            try:
                waiting.put(Done(self._watched(session, request, waiting.put)))
            except Exception as error:  # noqa: BLE001 - raised again for whoever takes the pieces
                waiting.put(error)
            finally:
                self._admission.leave()

        here = contextvars.copy_context()
        name = f"turn {session[:8]}"
        threading.Thread(target=here.run, args=(run,), name=name, daemon=True).start()
        return _taken(waiting)

    def _watched(self, session: str, request: Request, put: Put | None) -> Reply:
        began_s, begun = time.time(), time.perf_counter()
        ran, failed = _Ran(), ""
        with trail.request() as name:
            try:
                return self._in_order(session, request, put, ran)
            except Exception as error:
                failed = type(error).__name__
                self.pulse.failed(error)
                raise
            finally:
                lasted_s = time.perf_counter() - begun
                known = digest(session)
                took = Took(
                    name, known, began_s, lasted_s, request.text, ran.reply, failed, ran.rejected
                )
                tell(self._watchers, took)

    def _in_order(self, session: str, request: Request, put: Put | None, ran: _Ran) -> Reply:
        begun = time.monotonic()
        with self._turnstile.turn(session):
            talk = self._sessions.get(session)
            earlier = answered(talk, request.stamp, request.text)
            if earlier is not None:
                if put:
                    put(Understanding(earlier.understood))
                    put(Token(earlier.reply))
                return earlier
            if not request.text:
                self._sessions.before(talk)
            waited_s = time.monotonic() - begun
            # Opening a catalogue for the first time takes long, but no turn after it.
            with within(self._turn_s - waited_s):
                self._open(talk.catalog)
            left_s = self._turn_s - waited_s
            with within(left_s), paid_by((Tally(),)), named_errors(self._place):
                try:
                    self._graph_run(talk, request, put, ran)
                except IndexStoreError as error:
                    if not error.is_disk_full:
                        self._forget(talk.catalog)
                    raise
            self._sessions.trim(session, self._keep)
            if ran.reply is None or ran.after is None:
                raise RuntimeError("the graph ended without a reply")
            self._kept(talk, ran.after, ran.reply)
        self.pulse.worked()
        return ran.reply

    def _graph_run(self, talk: Conversation, request: Request, put: Put | None, ran: _Ran) -> None:
        """Run the graph once; `put` takes the pieces, and without it none are made."""
        modes: list[StreamMode] = ["updates", "custom"] if put else ["updates"]
        give = put or (lambda said: None)
        given = {
            **request.meant,
            "text": request.text,
            "stamp": request.stamp,
            "started_s": time.perf_counter(),
            "timings_ms": {},
        }
        steps = self._graph.get().stream(
            given, Sessions.config(talk.id), stream_mode=modes, durability="exit"
        )
        for _, part in steps:
            if isinstance(part, str):
                give(Token(part))
                continue
            for update in part.values():
                if "understood" in update:
                    give(Understanding(update["understood"]))
                ran.reply = update.get("reply", ran.reply)
                ran.after = update.get("conversation", ran.after)
                ran.rejected = update.get("rejected", ran.rejected)


def _taken(waiting: "SimpleQueue[Said | Exception]") -> Iterator[Said]:
    while True:
        said = waiting.get()
        if isinstance(said, Exception):
            raise said
        yield said
        if isinstance(said, Done):
            return

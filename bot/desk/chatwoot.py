"""The Chatwoot agent bot: takes messages in at once, answers them through Chatwoot's API.

A message is kept in the desk's store before Chatwoot is told that we have it; from there it is
answered in order, tried again with growing waits, and once only, over restarts too. Knows no HTTP
server.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.checking.cleaning import clean_message
from bot.concierge import Concierge
from bot.desk.chatwoot_api import ChatwootApi, ChatwootError
from bot.desk.chatwoot_event import Payload, read
from bot.desk.store import DeskStore, Waiting
from bot.desk.summary import summary
from bot.desk.talks import talk_of
from bot.desk.wording import scene
from bot.desk.worker import Worker
from bot.errors import BadText, ConciergeError
from bot.llm.errors import LLMError
from bot.types import Conversation, Reply
from retrieval.errors import RetrievalError

MOST_ATTEMPTS = 10  # with waits of 1, 2, 4 … 60 s: about five minutes
_LONGEST_WAIT_S = 60.0
_AT_ONCE = 4
_TROUBLE = (ConciergeError, LLMError, RetrievalError)
_log = logging.getLogger("concierge.desk")

Steps = tuple[Any, ...]


class Chatwoot:
    """The bot in one Chatwoot account.

    Parameters
    ----------
    concierge
        Answers.
    store
        Keeps what came and what is left to do.
    api
        Chatwoot's.
    """

    def __init__(self, concierge: Concierge, store: DeskStore, api: ChatwootApi) -> None:
        self._concierge, self._store, self._api = concierge, store, api
        self._account = concierge.settings.chatwoot_account
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, "chatwoot")
        self._worker = Worker("chatwoot", concierge.settings.home, self._work)

    def take(self, payload: Payload) -> None:
        """Take an event in; answering goes on behind.

        Raises
        ------
        StoreError
            If it cannot be kept.
        """
        if payload.account is None or payload.account.id != self._account:
            return
        happened = read(payload, self._concierge.settings.chatwoot_resume)
        where, delivery = str(happened.conversation), f"message:{happened.message}"
        if happened.kind == "taken":
            self._store.hold(where, by_human=True)
        elif happened.kind == "ours":
            self._store.hold(where, by_human=False)
        elif happened.kind == "resumed":
            self._store.hold(where, by_human=False)
            self._store.take(delivery, where, "", (("move", "pending"),))
        elif happened.kind == "asked" and not self._store.is_held(where):
            self._store.take(delivery, where, happened.text)
        self._worker.wake()

    def _work(self) -> None:
        for message in self._store.waiting():
            with self._lock:
                if message.conversation in self._busy:
                    continue
                self._busy.add(message.conversation)
            self._pool.submit(self._handle, message)

    def _handle(self, message: Waiting) -> None:
        try:
            self._go_on(message)
        except Exception:
            _log.exception("a message of Chatwoot's was not answered; it is tried again")
            self._store.delay(message.id, _LONGEST_WAIT_S)
        finally:
            with self._lock:
                self._busy.discard(message.conversation)
            self._worker.wake()

    def _go_on(self, message: Waiting) -> None:
        """Do what is left to do for a message, as far as it goes."""
        steps = message.steps
        try:
            if steps is None:
                if self._store.is_held(message.conversation):
                    self._store.plan(message.id, ())
                    return
                steps = self._answer(message)
                self._store.plan(message.id, steps)
            while steps:
                self._do(int(message.conversation), steps[0])
                steps = steps[1:]
                self._store.plan(message.id, steps)
        except ChatwootError as error:
            if not error.passing or message.attempts + 1 >= MOST_ATTEMPTS:
                _log.error("a reply was not delivered: %s", error)
                self._store.plan(message.id, ())
                return
            self._store.delay(message.id, error.retry_s or _wait_s(message.attempts))
        except _TROUBLE as error:
            if message.attempts + 1 >= MOST_ATTEMPTS:
                _log.error("a message was left to a human: %s", error)
                self._store.plan(message.id, self._given_up(message))
                return
            _log.warning("a message is tried again: %s", error)
            self._store.delay(message.id, _wait_s(message.attempts))

    def _talk(self, message: Waiting) -> Conversation:
        person = f"{self._account}:{message.conversation}"
        return talk_of("chatwoot", person, self._concierge, self._store)

    def _answer(self, message: Waiting) -> Steps:
        """Run the turn, unless it ran before the process was killed; return what to do then."""
        talk = self._talk(message)
        try:
            text = clean_message(message.text)
        except BadText as error:
            return self._handed_over(talk, f"a message that the bot cannot read: {error}")
        if message.turn is None:
            self._store.begin(message.id, talk.turn)
        last = talk.history[-1] if talk.history else None
        done = last and message.turn is not None and talk.turn > message.turn and last.text == text
        reply: Reply = last.reply if last and done else self._concierge.turn(talk.id, text)
        if reply.act == "handoff":
            return self._handed_over(self._concierge.conversation(talk.id))
        return (("write", reply.reply, False),)

    def _given_up(self, message: Waiting) -> Steps:
        return self._handed_over(self._talk(message), "the bot failed to answer")

    def _handed_over(self, talk: Conversation, why: str = "") -> Steps:
        index = self._concierge.catalogs[talk.catalog]
        return (
            ("write", scene(talk, index).say("passed_on"), False),
            ("write", summary(talk, index, why), True),
            ("move", "open"),
        )

    def _do(self, conversation: int, step: Any) -> None:  # noqa: ANN401 - as JSON gives it back
        match step:
            case ["write", text, private]:
                self._api.write(conversation, text, private)
            case ["move", "open"]:
                self._api.move(conversation, "open")
                self._store.hush(str(conversation))
            case ["move", "pending"]:
                self._api.move(conversation, "pending")

    def close(self) -> None:
        """End it; what is left to do is done after the next start."""
        self._worker.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._api.close()


def _wait_s(attempts: int) -> float:
    return min(_LONGEST_WAIT_S, 2.0**attempts)

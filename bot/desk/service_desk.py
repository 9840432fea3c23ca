"""A service question's turn: answered from the FAQ or handed over, the talk left where it is.

Knows nothing of channels.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.desk.faq import FILE, Faq, Verdict, load
from bot.errors import FaqError
from bot.policy import Decision
from bot.shelves.rooms import Room
from bot.turn import MAX_HISTORY
from bot.types import Conversation, Exchange, Reply, Understood
from bot.voice import answering
from bot.voice.speaking import scene_of
from retrieval.embedding import Encoder

_log = logging.getLogger("concierge.desk")


class ServiceDesk:
    """Tells service questions from recommendation talk by the FAQ of a state folder.

    A FAQ that is indexed while the bot runs is taken up with the next message. One that cannot be
    used is logged, and messages are taken as recommendation talk.

    Parameters
    ----------
    home
        The state folder.
    encoder
        Gives the encoder; only called where there is a FAQ.
    """

    def __init__(self, home: Path, encoder: Callable[[], Encoder]) -> None:
        self._path, self._encoder = home / FILE, encoder
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._faq: Faq | None = None

    def ask(self, text: str) -> Verdict | None:
        """Return the verdict on a message of the desk's; None where it is recommendation talk."""
        faq = self._current()
        verdict = faq.ask(text) if faq else None
        return verdict if verdict and verdict.concerns_service else None

    def _current(self) -> Faq | None:
        try:
            about = self._path.stat()
        except OSError:
            return None
        seen = (about.st_mtime_ns, about.st_ino)
        with self._lock:
            if seen != self._seen:
                self._seen, self._faq = seen, None
                try:
                    self._faq = load(self._path, self._encoder())
                except FaqError as error:
                    _log.error("service questions are not answered: %s", error)
            return self._faq


def understood(verdict: Verdict) -> Understood:
    """Return what a service question means."""
    return Understood("answer" if verdict.is_sure else "handoff")


def answer(talk: Conversation, text: str, verdict: Verdict, room: Room) -> Reply:
    """Return the reply to a service question: the entry's answer, or that a person must help."""
    meant = understood(verdict)
    scene = scene_of(text, meant, talk, talk, Decision(meant.act), room)
    if verdict.is_sure:
        entry = verdict.entry
        said = scene.say("service_answer", name=scene.speak.quote(entry.name), text=entry.answer)
    else:
        said = f"{scene.say('service_unknown')} {answering.handoff(scene)}"
    return Reply(said, meant.act, talk.turn + 1, (), meant, scene.points)


def after(talk: Conversation, text: str, reply: Reply) -> Conversation:
    """Return the conversation after a service question.

    Wishes, taste and the items last shown stay, so that the next message goes on from them.
    """
    history = (*talk.history, Exchange(text, reply))[-MAX_HISTORY:]
    return replace(talk, turn=reply.turn, history=history)

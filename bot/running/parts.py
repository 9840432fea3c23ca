"""What the facade is made of."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.desk.service_desk import ServiceDesk
from bot.llm.base import LLM
from bot.running.loading import Later
from bot.running.sessions import Sessions
from bot.running.watching import Watch
from ranking.score import ScoreWeights
from ranking.tracker import InterestTracker
from retrieval.index import Index


@dataclass(frozen=True)
class Parts:
    """What the facade is made of; those that take long may still be in the making.

    Parameters
    ----------
    llm
        The language model.
    tracker
        The interest tracker, for any catalogue.
    trained
        A catalogue's name → the tracker trained on its own interactions, or None.
    catalogs
        Indexes by name; a name that is not there raises `UnknownCatalog`.
    sessions
        The store.
    forget
        Called with the name of a catalogue whose index failed, so that it is opened anew.
    desk
        Tells service questions, where the shop has a FAQ.
    weights
        The weights of the score's terms.
    now_s
        The clock, Unix time in seconds.
    watchers
        Told of every turn.
    close
        Called last when the facade is closed.
    """

    llm: Later[LLM]
    tracker: Later[InterestTracker]
    catalogs: Mapping[str, Index]
    sessions: Sessions
    trained: Callable[[str], InterestTracker | None] = lambda catalog: None
    forget: Callable[[str], None] = lambda catalog: None
    desk: ServiceDesk | None = None
    weights: ScoreWeights = ScoreWeights()
    now_s: Callable[[], float] = time.time
    watchers: tuple[Watch, ...] = ()
    close: Callable[[], None] = lambda: None

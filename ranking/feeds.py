"""Where training sessions come from, and how a batch is made of them.

Knows neither the model nor the data sets.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ranking.sessions import Batch, Corpus, Session, collate
from ranking.types import Event

CHAIN = (2, 16)  # how many sessions make a long history: from, below


class Feed(Protocol):
    """An endless supply of sessions over one corpus."""

    @property
    def corpus(self) -> Corpus:
        """The items that the sessions are over."""

    def draw(self, random: np.random.Generator, count: int) -> Sequence[Session]:
        """Return sessions; equal generators give equal sessions."""


class Recorded:
    """A feed that draws from recorded sessions.

    Parameters
    ----------
    corpus
        The items.
    sessions
        What was recorded; what has fewer than two known items is left out.
    drop
        Share of each session's events that is left out, anew each time.
    chained
        Share of the sessions that come after others, as one long history: recorded ones are
        short, and a tracker that never saw a long history makes nothing of one.
    """

    def __init__(
        self,
        corpus: Corpus,
        sessions: Sequence[Session],
        drop: float = 0.1,
        chained: float = 0.0,
    ) -> None:
        self.corpus = corpus
        self._sessions = [s for s in (s.known(corpus) for s in sessions) if len(s.events) > 1]
        self._drop, self._chained = drop, chained

    def draw(self, random: np.random.Generator, count: int) -> Sequence[Session]:
        """Return sessions drawn with replacement."""
        return [self._history(random) for _ in range(count)]

    def _history(self, random: np.random.Generator) -> Session:
        visits = int(random.integers(*CHAIN)) if random.random() < self._chained else 1
        timed = random.random() < 0.5  # whether it is known how long ago the last visit was
        events: list[Event] = []
        time_s = 0.0
        for _ in range(visits):
            session = self._sessions[random.integers(len(self._sessions))]
            kept = tuple(e for e in session.events if random.random() >= self._drop)
            kept = kept if len(kept) > 1 else session.events
            events += [replace(e, time_s=time_s + e.time_s - kept[0].time_s) for e in kept]
            time_s = events[-1].time_s + (10 ** random.uniform(4.0, 7.0) if timed else 0.0)
        return Session(session.user, tuple(events))


def draw_batch(
    feed: Feed, random: np.random.Generator, sessions: int, max_events: int, competitors: int
) -> tuple[Batch, Tensor]:
    """Return a batch and the unit vectors of the items that compete in it, shape (m, d).

    Parameters
    ----------
    feed
        Where the sessions come from.
    random
        Decides everything that is drawn.
    sessions
        How many to draw.
    max_events
        Longer sessions are cut to so many consecutive events.
    competitors
        Items drawn to compete with those of the batch, which are then numbered among them.
    """
    histories = [_window(s, max_events, random) for s in feed.draw(random, sessions)]
    batch = collate(histories, feed.corpus)
    others = torch.from_numpy(random.permutation(len(feed.corpus.items))[:competitors])
    kept = torch.unique(torch.cat([batch.rows.flatten(), others]))
    rows = torch.searchsorted(kept, batch.rows)
    return replace(batch, rows=rows), feed.corpus.vectors[kept]


def _window(session: Session, events: int, random: np.random.Generator) -> Sequence[Event]:
    start = int(random.integers(max(1, len(session.events) - events + 1)))
    return session.events[start : start + events]

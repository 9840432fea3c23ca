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


class Feed(Protocol):
    """An endless supply of sessions over one corpus."""

    @property
    def corpus(self) -> Corpus:
        """The items that the sessions are over."""

    def draw(self, random: np.random.Generator, count: int) -> Sequence[Session]:
        """Return sessions; equal generators give equal sessions."""


class Recorded:
    """A feed that draws from recorded sessions, leaving out a share of each one's events."""

    def __init__(self, corpus: Corpus, sessions: Sequence[Session], drop: float = 0.1) -> None:
        self.corpus = corpus
        self._sessions = [s for s in (s.known(corpus) for s in sessions) if len(s.events) > 1]
        self._drop = drop

    def draw(self, random: np.random.Generator, count: int) -> Sequence[Session]:
        """Return sessions drawn with replacement."""
        drawn = []
        for i in random.integers(len(self._sessions), size=count):
            session = self._sessions[i]
            kept = tuple(e for e in session.events if random.random() >= self._drop)
            drawn.append(Session(session.user, kept if len(kept) > 1 else session.events))
        return drawn


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

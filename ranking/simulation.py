"""Simulated sessions: people with a hidden taste over a catalogue's facet values.

Gives the tracker what conversations are poor in: dislikes, passed-over items, time, long
histories and changes of taste, over any catalogue. A simulated person likes what resembles a
mixture of facet values and one or two items, is often reminded of it by the item liked last, and
dislikes what, though near to it, resembles an aversion. What is well known comes up more often.
Knows nothing of the model.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ranking.points import point_space
from ranking.sessions import Corpus, Session
from ranking.types import Event, EventKind
from ranking.vectors import unit

# How often each kind of event occurs, and at which temperature its item is drawn from the
# person's utilities (cosines): the lower, the closer to the taste. Chosen by hand so that a
# session reads like one: mostly likes, some dislikes; things merely seen or viewed say little.
KIND_SHARE: dict[EventKind, tuple[float, float]] = {
    "liked": (0.50, 0.06),
    "disliked": (0.16, 0.08),
    "seen": (0.08, 0.15),
    "viewed": (0.08, 0.12),
    "bought": (0.03, 0.05),
    "mentioned": (0.07, 0.08),
    "ignored": (0.08, 0.20),
}
REMINDING: frozenset[EventKind] = frozenset(("liked", "bought", "mentioned"))
DRIFT = 0.08  # chance that the taste changes before an event
LONG = 0.3  # share of sessions that are long
SHORT_LENGTH, LONG_LENGTH = (3, 13), (20, 61)
AVERSION = 0.8  # weight of the aversion against the taste
# How often what is liked is drawn by the item liked last, and how much that weighs beside the
# taste: people name what the one film reminds them of. Chosen so that the last item tells more than
# the mean of all by about as much as it does of ReDial's people (MRR 1.4 times; 0.6 times without).
FOLLOWS, REMINDED = 0.3, 2.0
FAME = 4.0  # log odds of the best known item against one that nobody knows, all else equal


class Simulator:
    """Draws sessions over one corpus.

    Parameters
    ----------
    corpus
        The items and their vectors.
    facets
        Names of the facets whose values make tastes; each value needs at least 5 items.
    known
        How well known each item is, shape (n,), in [0, 1]; None if all are alike.
    long
        Share of sessions that are long.
    """

    def __init__(
        self,
        corpus: Corpus,
        facets: Sequence[str],
        known: Tensor | None = None,
        long: float = LONG,
    ) -> None:
        self.corpus, self._long = corpus, long
        self._fame = FAME * (torch.zeros(len(corpus.items)) if known is None else known)
        space = point_space(corpus.items, corpus.vectors, facets)
        self._items = unit(corpus.vectors - space.centre)  # (n, d)
        self._values = space.vectors  # (p, d)

    def draw(self, random: np.random.Generator, count: int) -> tuple[Session, ...]:
        """Return `count` new sessions; equal generators give equal sessions."""
        return tuple(self._session(random, f"simulated {i}") for i in range(count))

    def _session(self, random: np.random.Generator, user: str) -> Session:
        taste, aversion = self._taste(random), self._taste(random)
        long = random.random() < self._long
        length = int(random.integers(*(LONG_LENGTH if long else SHORT_LENGTH)))
        length = min(length, len(self.corpus.items) // 2)
        kinds = list(KIND_SHARE)
        shares = np.array([KIND_SHARE[kind][0] for kind in kinds])
        gap_scale = random.uniform(1.0, 5.0)  # log10 of a typical gap in seconds
        used = torch.zeros(len(self.corpus.items), dtype=torch.bool)
        events: list[Event] = []
        time_s = 0.0
        last: Tensor | None = None  # the vector of the item liked last
        for kind_index in random.choice(len(kinds), length, p=shares / shares.sum()):
            if random.random() < DRIFT:
                taste = unit(taste + 2 * self._taste(random))
                time_s += 10 ** random.uniform(4.0, 7.0)
            time_s += 10 ** random.normal(gap_scale, 0.5)
            kind = kinds[int(kind_index)]
            pull = taste
            if last is not None and kind in REMINDING and random.random() < FOLLOWS:
                pull = unit(taste + REMINDED * last)
            row = self._draw(random, kind, pull, aversion, used)
            used[row] = True
            last = self._items[row] if kind in REMINDING else last
            events.append(Event(self.corpus.items[row].id, kind, time_s))
        return Session(user, tuple(events))

    def _taste(self, random: np.random.Generator) -> Tensor:
        """Return a mixture of one to three facet values and one or two items, shape (d,)."""
        parts = [self._items[random.integers(len(self._items), size=random.integers(1, 3))]]
        if len(self._values):
            parts.append(
                self._values[random.integers(len(self._values), size=random.integers(1, 4))]
            )
        both = torch.cat(parts)
        weights = torch.from_numpy(random.dirichlet(np.ones(len(both)))).float()
        return unit(weights @ both)

    def _draw(
        self,
        random: np.random.Generator,
        kind: EventKind,
        taste: Tensor,
        aversion: Tensor,
        used: Tensor,
    ) -> int:
        sign = 1.0 if kind == "disliked" else -1.0
        # Nobody is shown what has nothing to do with their taste, so dislikes lie near it too.
        utility = self._items @ ((0.5 if kind == "disliked" else 1.0) * taste)
        utility = utility + sign * AVERSION * (self._items @ aversion).clamp_min(0)
        logits = (utility / KIND_SHARE[kind][1] + self._fame).masked_fill(used, -torch.inf)
        share = logits.double().softmax(0).numpy()
        return int(random.choice(len(share), p=share / share.sum()))

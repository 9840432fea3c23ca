"""What is compared in an evaluation: one seam, the tracker and its baselines behind it.

Each turns histories into scores over all items of a corpus; how they are measured is not known
here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

from ranking.lstm import AGAINST, InterestTracker
from ranking.sessions import Corpus, Session, collate
from ranking.types import Event
from ranking.vectors import cosine


class Recommender(Protocol):
    """Scores all items of its corpus for each history; higher is better."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        """Return scores of shape (b, n) for b non-empty histories; never NaN."""


class Tracked:
    """The tracker's interest times every item's vector: for the text-only head, their cosine."""

    def __init__(self, tracker: InterestTracker, corpus: Corpus, name: str = "tracker") -> None:
        self.name = name
        self._tracker, self._corpus = tracker, corpus
        self._vectors = tracker.vectors([item.id for item in corpus.items], corpus.vectors)

    @torch.no_grad()
    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        """Return products, shape (b, n)."""
        batch = collate(histories, self._corpus)
        interest = self._tracker(self._vectors[batch.rows], batch.kinds, batch.buckets)
        last = interest[torch.arange(len(histories)), torch.tensor(batch.lengths) - 1]
        scores: Tensor = last @ self._vectors.T
        return scores


class MeanOfLiked:
    """Cosine of the mean vector of the liked items (of all, if none was liked) with every item."""

    name = "mean of liked"

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        """Return cosines, shape (b, n)."""
        means = []
        for history in histories:
            liked = [e for e in history if e.kind in ("liked", "bought")] or history
            rows = [self._corpus.rows[event.item] for event in liked]
            means.append(self._corpus.vectors[rows].mean(0))
        return cosine(torch.stack(means), self._corpus.vectors)


class LastItem:
    """Cosine of the last item that was not spoken against (else the last) with every item."""

    name = "last item"

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        """Return cosines, shape (b, n)."""
        last = [([e for e in h if e.kind not in AGAINST] or list(h))[-1].item for h in histories]
        rows = [self._corpus.rows[item] for item in last]
        return cosine(self._corpus.vectors[rows], self._corpus.vectors)


class Popularity:
    """How often items were chosen, whatever the history."""

    def __init__(self, corpus: Corpus, counts: Mapping[str, int], name: str = "popularity") -> None:
        self.name = name
        self._counts = torch.tensor([float(counts.get(i.id, 0)) for i in corpus.items])

    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        """Return counts, shape (b, n)."""
        return self._counts.expand(len(histories), -1)


def likes(sessions: Sequence[Session]) -> Counter[str]:
    """Return how often the sessions like each item."""
    chosen = ("liked", "bought")
    return Counter(event.item for s in sessions for event in s.events if event.kind in chosen)


class WithPrior:
    """Another recommender's scores plus a weight times the log popularity in [0, 1]."""

    def __init__(self, inner: Recommender, popularity: Popularity, weight: float) -> None:
        self.name = f"{inner.name} + prior"
        self._inner, self._popularity, self._weight = inner, popularity, weight

    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        """Return sums, shape (b, n)."""
        prior = torch.log1p(self._popularity.scores(histories))
        prior = prior / prior.max().clamp_min(1e-9)
        return self._inner.scores(histories) + self._weight * prior

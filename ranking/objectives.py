"""What a tracker learns from: batches, and the loss on them.

An objective is a module around the tracker, so that accelerate sees every weight in one forward
pass. Its batches are functions of seed and step. Knows neither the loop nor the data sets.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ranking.errors import DataError
from ranking.feeds import Feed, draw_batch
from ranking.loss import next_item_loss, next_liked_loss, push_loss
from ranking.lstm import InterestTracker
from ranking.sessions import Batch, Corpus, Session, collate

# Batches are filled with sessions of like length from a shuffled pool of so many batches.
POOL = 16


class Objective(nn.Module):
    """The seam between the training loop and what is learned.

    Attributes
    ----------
    tracker
        The model that learns.
    settings
        What a resumed run must have in common with the one before.
    """

    tracker: InterestTracker
    settings: Mapping[str, object]

    def batch(self, seed: int, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """Return the tensors of a step; equal arguments give equal tensors."""
        raise NotImplementedError

    def forward(self, *batch: Tensor) -> Tensor:
        """Return the mean loss of a batch, a scalar."""
        raise NotImplementedError


class NextLiked(Objective):
    """The text-only head: likes to come, by cosine, among the batch's items and competitors.

    Parameters
    ----------
    tracker
        The model.
    feeds
        Where sessions come from, each with its share of the batches.
    sessions
        Sessions in a batch.
    max_events
        Longer sessions are cut to so many consecutive events.
    competitors
        Items drawn anew at every step to compete with those of the batch in the softmax.
    temperature
        Of the softmax over cosines.
    push
        Weight of the loss that makes dislikes push away.
    """

    def __init__(
        self,
        tracker: InterestTracker,
        feeds: Sequence[tuple[Feed, float]],
        sessions: int = 32,
        max_events: int = 64,
        competitors: int = 1500,
        temperature: float = 0.05,
        push: float = 0.5,
    ) -> None:
        super().__init__()
        self.tracker, self._feeds = tracker, feeds
        self._sizes = sessions, max_events, competitors
        self._temperature, self._push = temperature, push
        self.settings = {
            "sessions": sessions,
            "max_events": max_events,
            "competitors": competitors,
            "temperature": temperature,
            "push": push,
        }

    def batch(self, seed: int, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """Return rows, kinds, buckets and validity (b, t), and the competing vectors (m, d)."""
        random = np.random.default_rng([seed, step, process])
        shares = np.array([share for _, share in self._feeds])
        feed = self._feeds[int(random.choice(len(shares), p=shares / shares.sum()))][0]
        drawn, vectors = draw_batch(feed, random, *self._sizes)
        return drawn.rows, drawn.kinds, drawn.buckets, drawn.valid, vectors

    def forward(self, *batch: Tensor) -> Tensor:
        """Return the loss of the likes to come plus that of dislikes that do not push away."""
        rows, kinds, buckets, valid, vectors = batch
        given = Batch(rows, kinds, buckets, valid)
        items = vectors[rows]
        interest = self.tracker(items, kinds, buckets).float()
        loss, _ = next_liked_loss(interest, vectors, given, self._temperature)
        return loss + self._push * push_loss(interest, items, given)


class NextItem(Objective):
    """The head with item vectors: the next item at every moment, among all items.

    Parameters
    ----------
    tracker
        The model; it must have learned item vectors.
    corpus
        All items with their text vectors.
    sessions
        One of each person, in time order.
    sessions_a_step
        Sessions in a batch; they are of like length.
    max_events
        Older events are left out.
    temperature
        Of the softmax over scores.
    smoothing
        Share of the target's probability that is spread over all items.
    forget
        Share of the items whose learned vector is left out, anew at every step.
    push
        Weight of the loss that makes dislikes push away.

    Raises
    ------
    DataError
        If no session holds two items of the corpus.
    """

    def __init__(
        self,
        tracker: InterestTracker,
        corpus: Corpus,
        sessions: Sequence[Session],
        sessions_a_step: int = 64,
        max_events: int = 200,
        temperature: float = 0.07,
        smoothing: float = 0.0,
        forget: float = 0.05,
        push: float = 0.5,
    ) -> None:
        super().__init__()
        if tracker.items is None:
            raise ValueError("expected a tracker with item vectors; give its config a width")
        known = [s.known(corpus).events[-max_events:] for s in sessions]
        known = [events for events in known if len(events) > 1]
        if not known:
            raise DataError(
                f"expected sessions of two or more items of {corpus.name!r}, got none; check that "
                "the interactions name the catalogue's item ids"
            )
        self.tracker = tracker
        self._histories = [_columns(collate([events], corpus)) for events in known]
        self._lengths = np.array([len(events) for events in known])
        self._size = sessions_a_step
        self._temperature, self._smoothing = temperature, smoothing
        self._forget, self._push = forget, push
        rows = tracker.items.rows([item.id for item in corpus.items])
        self.register_buffer("_text", corpus.vectors, persistent=False)
        self.register_buffer("_rows", rows, persistent=False)
        self._text: Tensor
        self._rows: Tensor
        self.settings = {
            "sessions": len(known),
            "sessions_a_step": sessions_a_step,
            "max_events": max_events,
            "temperature": temperature,
            "smoothing": smoothing,
            "forget": forget,
            "push": push,
        }

    @property
    def steps_an_epoch(self) -> int:
        """How many batches show every session once."""
        return -(-len(self._histories) // self._size)

    def batch(self, seed: int, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """Return rows, kinds, buckets and validity, each (b, t)."""
        epoch, position = divmod(step * processes + process, self.steps_an_epoch)
        chosen = self._order(seed, epoch)[position]
        columns = zip(*(self._histories[i] for i in chosen), strict=True)
        padded = [nn.utils.rnn.pad_sequence(list(c), batch_first=True) for c in columns]
        lengths = torch.from_numpy(self._lengths[chosen])
        valid = torch.arange(padded[0].shape[1])[None] < lengths[:, None]
        return *padded, valid

    def _order(self, seed: int, epoch: int) -> list[np.ndarray]:
        """Return the batches of an epoch: shuffled, but for like lengths within each."""
        random = np.random.default_rng([seed, epoch])
        shuffled = random.permutation(len(self._histories))
        pools = np.array_split(shuffled, range(POOL * self._size, len(shuffled), POOL * self._size))
        by_length = np.concatenate([p[np.argsort(self._lengths[p], kind="stable")] for p in pools])
        batches = np.array_split(by_length, range(self._size, len(by_length), self._size))
        return [batches[i] for i in random.permutation(len(batches))]

    def forward(self, *batch: Tensor) -> Tensor:
        """Return the loss of the next items plus that of dislikes that do not push away."""
        rows, kinds, buckets, valid = batch
        given = Batch(rows, kinds, buckets, valid)
        assert self.tracker.items is not None  # noqa: S101
        vectors = self.tracker.items(self._text, self._rows, self._forget if self.training else 0)
        items = vectors[given.rows]
        interest = self.tracker(items, given.kinds, given.buckets)
        loss = next_item_loss(interest, vectors, given, self._temperature, self._smoothing)
        return loss + self._push * push_loss(interest.float(), items.float(), given)


def _columns(batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return rows, kinds and buckets of a batch of one session, each (t,)."""
    return batch.rows[0], batch.kinds[0], batch.buckets[0]

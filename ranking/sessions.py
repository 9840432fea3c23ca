"""Sessions over embedded catalogues: what the tracker is trained and measured on.

Knows neither where sessions come from nor what a model does with them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from ranking.errors import DimensionMismatch
from ranking.lstm import time_bucket
from ranking.types import KINDS, Event
from retrieval.types import Item

TEXTS_A_STEP = 256


class TextEncoder(Protocol):
    """What turns texts into unit vectors, shape (n, d)."""

    @property
    def name(self) -> str:
        """What tells one encoder's vectors from another's."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text."""


@dataclass(frozen=True)
class Corpus:
    """A catalogue with its items' vectors.

    Parameters
    ----------
    name
        What it is called in tables.
    items
        Its items, n of them.
    vectors
        Row i is the unit vector of `items[i]`, shape (n, d).
    """

    name: str
    items: tuple[Item, ...]
    vectors: Tensor

    def __post_init__(self) -> None:
        """Check that every item has its vector."""
        if len(self.items) != len(self.vectors):
            raise DimensionMismatch(
                f"corpus {self.name!r}: expected {len(self.items)} vectors, one an item, "
                f"got {len(self.vectors)}"
            )

    @cached_property
    def rows(self) -> dict[str, int]:
        """Item id → row."""
        return {item.id: row for row, item in enumerate(self.items)}


@dataclass(frozen=True)
class Session:
    """One person's events in time order over one corpus.

    `user` groups sessions of one person for confidence intervals. Only events from position
    `first_target` on are predicted.
    """

    user: str
    events: tuple[Event, ...]
    first_target: int = 1

    def known(self, corpus: Corpus) -> "Session":
        """Return the session less the events whose items the corpus lacks."""
        kept = tuple(event for event in self.events if event.item in corpus.rows)
        return self if len(kept) == len(self.events) else replace(self, events=kept)


@dataclass(frozen=True)
class Batch:
    """Padded sessions as tensors, b of them with at most t events.

    `rows` are the items' rows, `kinds` positions in `KINDS`, `buckets` time buckets, `valid`
    false on padding; all of shape (b, t).
    """

    rows: Tensor
    kinds: Tensor
    buckets: Tensor
    valid: Tensor
    lengths: tuple[int, ...] = ()

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        return Batch(
            self.rows.to(device),
            self.kinds.to(device),
            self.buckets.to(device),
            self.valid.to(device),
            self.lengths,
        )


def collate(histories: Sequence[Sequence[Event]], corpus: Corpus) -> Batch:
    """Pad histories, whose items the corpus holds, into one batch."""
    lengths = tuple(len(history) for history in histories)
    shape = (len(histories), max(lengths, default=0))
    rows, kinds, buckets = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for b, history in enumerate(histories):
        before_s = history[0].time_s if history else 0.0
        for t, event in enumerate(history):
            rows[b, t] = corpus.rows[event.item]
            kinds[b, t] = KINDS.index(event.kind)
            buckets[b, t] = time_bucket(event.time_s - before_s)
            before_s = event.time_s
    valid = torch.arange(shape[1])[None] < torch.tensor(lengths, dtype=torch.long)[:, None]
    return Batch(rows, kinds, buckets, valid, lengths)


def embed(texts: Sequence[str], encoder: TextEncoder, cache: Path, what: str = "texts") -> Tensor:
    """Return the texts' vectors, shape (n, d), from the cache folder if they are there.

    The cache is keyed by the encoder's name and the texts, so it never goes stale.
    """
    digest = hashlib.sha256("\0".join([encoder.name, *texts]).encode()).hexdigest()
    path = cache / f"{digest[:24]}.npy"
    if path.is_file():
        return torch.from_numpy(np.load(path))
    starts = tqdm(range(0, len(texts), TEXTS_A_STEP), desc=f"embed {what}", unit_scale=TEXTS_A_STEP)
    vectors = np.concatenate([encoder.encode(texts[s : s + TEXTS_A_STEP]) for s in starts])
    cache.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npy")
    np.save(part, vectors)
    part.replace(path)
    return torch.from_numpy(vectors)

"""Ranking metrics with confidence intervals. Knows only ranks, not what was ranked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return the mean and the interval with four digits."""
        return f"{self.mean:.4f} [{self.low:.4f}, {self.high:.4f}]"


def ranks(scores: Tensor, targets: Tensor, masked: Tensor) -> Tensor:
    """Return the target's rank among all items that are not masked.

    Items that score like the target share their mean rank: 1 + (how many score more) + (how many
    others score the same) / 2, so a constant scorer gets the rank of chance.

    Parameters
    ----------
    scores
        Shape (b, n), higher is better; never NaN.
    targets
        Rows of the targets, shape (b,).
    masked
        True where an item is out of competition, shape (b, n); the target never is.

    Returns
    -------
    Tensor
        Ranks from 1 on, in halves, shape (b,), float64.
    """
    own = scores.gather(1, targets[:, None])  # (b, 1)
    rivals = ~masked
    rivals = rivals.scatter(1, targets[:, None], False)
    more = ((scores > own) & rivals).sum(1)
    same = ((scores == own) & rivals).sum(1)
    return 1 + more.double() + same.double() / 2


def hit_rate(rank: Floats, k: int) -> Floats:
    """Return 1 where the rank is at most k, else 0."""
    return (rank <= k).astype(np.float64)


def ndcg(rank: Floats, k: int) -> Floats:
    """Return 1 / log2(1 + rank) where the rank is at most k, else 0 (one relevant item)."""
    return np.where(rank <= k, 1 / np.log2(1 + rank), 0.0)


def reciprocal_rank(rank: Floats) -> Floats:
    """Return 1 / rank."""
    return 1 / rank


def bootstrap(
    values: Floats, groups: Sequence[str], resamples: int = 2000, seed: int = 0
) -> Estimate:
    """Return the mean of the values with its 95 % percentile bootstrap interval.

    Whole groups are drawn with replacement, because the cases of one person are not independent.

    Parameters
    ----------
    values
        One value a case.
    groups
        The person (or conversation) of each case.
    resamples
        How many times to draw.
    seed
        Of the draws; the same seed gives the same interval.
    """
    if not len(values):
        return Estimate(float("nan"), float("nan"), float("nan"))
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(index, weights=values)
    counts = np.bincount(index).astype(np.float64)
    random = np.random.default_rng(seed)
    means = np.empty(resamples)
    for i in range(resamples):
        drawn = random.integers(0, len(sums), len(sums))
        means[i] = sums[drawn].sum() / counts[drawn].sum()
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))


def as_floats(rank: Tensor) -> Floats:
    """Return a tensor of ranks as an array."""
    out: Floats = rank.to(torch.float64).numpy()
    return out

"""The training loss. Knows tensors only."""

import math

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, softplus

from ranking.lstm import AGAINST
from ranking.sessions import Batch
from ranking.types import KINDS

POSITIVE = tuple(KINDS.index(kind) for kind in ("liked", "bought"))
DISLIKED = KINDS.index("disliked")
# A later like counts this much less than the one before it as the target of an earlier moment.
NEXT_FADES = 0.6
# A disliked item weighs as much in the softmax as this many others.
DISLIKED_WEIGHT = 20.0
PUSH_SCALE = 0.02


def next_liked_loss(
    interest: Tensor, vectors: Tensor, batch: Batch, temperature: float
) -> tuple[Tensor, int]:
    """Return the cross-entropy of the liked items to come, and how many moments it is over.

    At every moment, a softmax over all items by cosine; targets are the likes that follow, the
    nearest weighing most. Items of the past do not compete, but for disliked ones, which compete
    at all times with `DISLIKED_WEIGHT`.

    Parameters
    ----------
    interest
        Unit vectors after each event, shape (b, t, d).
    vectors
        Unit vectors of all items, shape (n, d).
    batch
        The sessions, (b, t).
    temperature
        Cosine difference at which the odds are e : 1; > 0.

    Returns
    -------
    Tensor, int
        Mean loss, a scalar (0 without any target), and the number of moments with a target.
    """
    weights = _target_weights(batch)  # (b, t, t)
    b, t = (weights.sum(-1) > 0).nonzero(as_tuple=True)  # the m moments with a target
    if not len(b):
        return interest.sum() * 0.0, 0
    logits = interest[b, t] @ vectors.T / temperature  # (m, n)
    disliked = (batch.kinds == DISLIKED) & batch.valid
    past = torch.arange(batch.rows.shape[1], device=t.device) <= t[:, None]  # (m, t)
    shift = torch.zeros_like(logits)
    gone = past & batch.valid[b] & ~disliked[b]
    shift.scatter_add_(1, batch.rows[b], torch.where(gone, -1e4, 0.0).to(shift.dtype))
    emphasis = math.log(DISLIKED_WEIGHT)
    shift.scatter_add_(1, batch.rows[b], torch.where(disliked[b], emphasis, 0.0).to(shift.dtype))
    log_share = (logits + shift).log_softmax(-1).gather(1, batch.rows[b])  # (m, t)
    share = weights[b, t] / weights[b, t].sum(-1, keepdim=True)
    return -(share * log_share).sum(-1).mean(), len(b)


def _target_weights(batch: Batch) -> Tensor:
    """Return how much event j counts as a target after event i, shape (b, t, t).

    Only items that have not occurred by then do.
    """
    positive = (
        torch.isin(batch.kinds, torch.tensor(POSITIVE, device=batch.kinds.device)) & batch.valid
    )
    order = positive.cumsum(1)  # how many likes up to and with an event
    ahead = order[:, None, :] - order[:, :, None]  # (b, i, j): 1 for the next like after i
    same = (batch.rows[:, :, None] == batch.rows[:, None, :]) & batch.valid[:, :, None]
    known = same.cumsum(1) > 0  # (b, i, j): item j has occurred by event i
    counts = positive[:, None, :] & (ahead > 0) & batch.valid[:, :, None] & ~known
    weights: Tensor = torch.where(counts, NEXT_FADES ** (ahead - 1).clamp_min(0).float(), 0.0)
    return weights


def next_item_loss(
    interest: Tensor, vectors: Tensor, batch: Batch, temperature: float, smoothing: float = 0.0
) -> Tensor:
    """Return the cross-entropy of the next item at every moment, a scalar (0 without a target).

    A softmax over all items by score. Targets are the items that follow at once, are new to the
    session and are not spoken against. Items of the past do not compete, as they will not be
    recommended either.

    Parameters
    ----------
    interest
        Unit vectors after each event, shape (b, t, k).
    vectors
        Vectors of all items, shape (n, k).
    batch
        The sessions, (b, t).
    temperature
        Score difference at which the odds are e : 1; > 0.
    smoothing
        Share of the target that is spread over all items, in [0, 1).
    """
    steps = torch.arange(batch.rows.shape[1], device=batch.rows.device)
    when = torch.where(batch.valid, steps, len(steps))  # (b, t)
    # (b, n): when each item came first; short, as it is compared with all scores of a session.
    first = torch.full((len(when), len(vectors)), len(steps), device=when.device)
    first = first.scatter_reduce(1, batch.rows, when, "amin").short()
    against = torch.tensor([KINDS.index(kind) for kind in AGAINST], device=when.device)
    counts = batch.valid & ~torch.isin(batch.kinds, against) & (first.gather(1, batch.rows) == when)
    total, moments = interest.sum() * 0.0, 0
    middle = vectors.mean(0)
    # Session by session: the scores of one, (t, n), fit a processor's cache, those of all do not.
    for b, counted in enumerate(counts[:, 1:]):
        t = counted.nonzero()[:, 0]  # the moments with a target
        if not len(t):
            continue
        own = interest[b, t] / temperature
        logits = (own @ vectors.T).float()
        logits = logits.masked_fill(first[b] <= t[:, None].short(), -torch.inf)
        loss = cross_entropy(logits, batch.rows[b, t + 1], reduction="sum")
        if smoothing:
            # The cross-entropy to a uniform target is that to the item, plus its score, less the
            # mean score.
            target = (own * vectors[batch.rows[b, t + 1]]).sum()
            loss = loss + smoothing * (target - (own @ middle).sum())
        total, moments = total + loss, moments + len(t)
    return total / max(1, moments)


def push_loss(interest: Tensor, items: Tensor, batch: Batch) -> Tensor:
    """Return how far dislikes fail to push the interest away from their item, a scalar >= 0.

    A soft hinge on the rise of cos(interest, item) over each dislike that has a past.

    Parameters
    ----------
    interest
        Unit vectors after each event, shape (b, t, d).
    items
        The events' unit item vectors, shape (b, t, d).
    batch
        The sessions, (b, t).
    """
    after = (interest[:, 1:] * items[:, 1:]).sum(-1)  # (b, t - 1)
    before = (interest[:, :-1] * items[:, 1:]).sum(-1)
    disliked = ((batch.kinds == DISLIKED) & batch.valid)[:, 1:]
    if not disliked.any():
        return interest.sum() * 0.0
    return softplus((after - before + PUSH_SCALE)[disliked] / PUSH_SCALE).mean() * PUSH_SCALE

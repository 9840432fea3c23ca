"""The training loss. Knows tensors only."""

import math

import torch
from torch import Tensor
from torch.nn.functional import softplus

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

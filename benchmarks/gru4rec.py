"""GRU4Rec (Hidasi et al. 2016) as a peer: a GRU over item embeddings, softmax over the next item.

The shape and training that RecBole gives it by default (embeddings 64, one layer of 128, dropout
.3, Adam 1e-3, softmax over all items), but that the loss is taken at every position of a sequence
at once rather than for each prefix apart, which is the same sum and many times faster. Written
here after the paper; no code was taken over.
"""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn
from tqdm import tqdm

from ranking.sessions import Corpus, Session
from ranking.types import Event

PATIENCE = 5


class GRU4Rec(nn.Module):
    """The model; it is also a recommender over its corpus."""

    name = "GRU4Rec"

    def __init__(self, corpus: Corpus, width: int = 64, hidden: int = 128) -> None:
        super().__init__()
        self.rows = corpus.rows
        self.items = nn.Embedding(len(corpus.items) + 1, width, padding_idx=len(corpus.items))
        self.drop = nn.Dropout(0.3)
        self.gru = nn.GRU(width, hidden, batch_first=True, bias=False)
        self.out = nn.Linear(hidden, width)
        nn.init.xavier_normal_(self.items.weight)

    @property
    def padding(self) -> int:
        return self.items.num_embeddings - 1

    def forward(self, rows: Tensor, targets: Tensor) -> Tensor:
        """Return the mean cross-entropy of targets (b, t), `padding` where there is none."""
        hidden, _ = self.gru(self.drop(self.items(rows)))
        kept = targets != self.padding
        logits = self.out(hidden)[kept] @ self.items.weight[:-1].T
        return nn.functional.cross_entropy(logits.float(), targets[kept])

    @torch.no_grad()
    def scores(self, histories: Sequence[Sequence[Event]]) -> Tensor:
        rows = _pad([[self.rows[e.item] for e in h] for h in histories], self.padding)
        hidden, _ = self.gru(self.items(rows))
        last = torch.tensor([len(h) - 1 for h in histories])
        own = self.out(hidden[torch.arange(len(histories)), last])
        scores: Tensor = own @ self.items.weight[:-1].T
        return scores


@dataclass(frozen=True)
class Point:
    """Where a training was after an epoch; seconds of training alone."""

    epoch: int
    seconds: float
    score: float


def fit(
    model: GRU4Rec,
    sessions: Sequence[Session],
    epochs: int,
    seed: int,
    validate: Callable[[GRU4Rec], float],
    accelerator: Accelerator,
    batch: int = 64,
    every: int = 2,
) -> list[Point]:
    """Train in place until validation stops rising; leave the best weights, return the curve."""
    histories = [[model.rows[e.item] for e in s.events][-201:] for s in sessions]
    random = np.random.default_rng(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    wrapped, optimiser = accelerator.prepare(model, optimiser)
    curve: list[Point] = []
    best, best_state, seconds = -1.0, copy.deepcopy(model.state_dict()), 0.0
    for epoch in tqdm(range(1, epochs + 1), desc="GRU4Rec"):
        began = time.perf_counter()
        model.train()
        order = sorted(random.permutation(len(histories)), key=lambda i: len(histories[i]))
        starts = random.permutation(range(0, len(order), batch))
        for start in starts:
            rows = _pad([histories[i] for i in order[start : start + batch]], model.padding)
            rows = rows.to(accelerator.device)
            loss = wrapped(rows[:, :-1], rows[:, 1:])
            optimiser.zero_grad()
            accelerator.backward(loss)
            optimiser.step()
        seconds += time.perf_counter() - began
        if epoch % every == 0 or epoch == epochs:
            held = copy.deepcopy(model).cpu().eval()
            curve.append(Point(epoch, seconds, validate(held)))
            if curve[-1].score > best:
                best, best_state = curve[-1].score, held.state_dict()
            elif best > max(point.score for point in curve[-PATIENCE:]):
                break
    model.cpu().load_state_dict(best_state)
    model.eval()
    return curve


def _pad(rows: Sequence[Sequence[int]], padding: int) -> Tensor:
    tensors = [torch.tensor(row) for row in rows]
    return nn.utils.rnn.pad_sequence(tensors, batch_first=True, padding_value=padding)

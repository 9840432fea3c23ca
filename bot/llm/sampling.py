"""How likely the model itself found each text that was sampled from it."""

import torch
from torch import Tensor
from transformers import LogitsProcessor


class Likelihood(LogitsProcessor):
    """Sums up the log-probabilities of the tokens drawn, before temperature and cut-offs.

    Keeping one step's probabilities at a time needs a hundredth of the memory that keeping all of
    them for `compute_transition_scores` would.

    Parameters
    ----------
    ends
        The ids of the tokens that end a text; what follows them is padding.
    """

    def __init__(self, ends: tuple[int, ...]) -> None:
        self._ends = ends
        self._last: Tensor | None = None
        self._sum: Tensor | None = None
        self._count: Tensor | None = None
        self._open: Tensor | None = None

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Return the scores, shape (rows, vocabulary), as they came."""
        self._add(input_ids)
        self._last = scores.float().log_softmax(-1)
        return scores

    def mean(self, sequences: Tensor) -> list[float]:
        """Return the mean log-probability of each row's tokens, given the finished sequences."""
        with torch.inference_mode():
            self._add(sequences)
        if self._sum is None or self._count is None:
            return [0.0] * len(sequences)
        means: list[float] = (self._sum / self._count.clamp(min=1)).tolist()
        return means

    def _add(self, ids: Tensor) -> None:
        if self._last is None:
            return
        token = ids[:, -1:]
        if self._sum is None or self._count is None or self._open is None:
            self._sum = torch.zeros(len(ids), device=ids.device)
            self._count = torch.zeros(len(ids), device=ids.device)
            self._open = torch.ones(len(ids), dtype=torch.bool, device=ids.device)
        self._sum = self._sum + self._last.gather(1, token).squeeze(1) * self._open
        self._count = self._count + self._open
        ended = torch.isin(token.squeeze(1), torch.tensor(self._ends, device=ids.device))
        self._open = self._open & ~ended
        self._last = None

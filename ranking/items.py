"""Learned item vectors: what interactions say of an item, added to what its text says.

    v_i = E_i + P e(text_i)

An item without interactions of its own, added to the catalogue after training for one, has no
`E_i`: its text alone places it. Knows nothing of histories.
"""

from collections.abc import Sequence
from math import sqrt

import torch
from torch import Tensor, nn


class ItemVectors(nn.Module):
    """A table of learned vectors and the projection of text vectors beside it.

    Parameters
    ----------
    ids
        The items that have a learned vector.
    text_dim
        Width d of the text vectors.
    width
        Width k of the item vectors.
    """

    def __init__(self, ids: Sequence[str], text_dim: int, width: int) -> None:
        super().__init__()
        self.learned = nn.Embedding(len(ids), width)
        self.project = nn.Linear(text_dim, width, bias=False)
        nn.init.normal_(self.learned.weight, std=1 / sqrt(width))
        self._rows = {id_: row for row, id_ in enumerate(ids)}

    def rows(self, ids: Sequence[str]) -> Tensor:
        """Return the items' rows in the table, shape (n,); -1 for those without one."""
        return torch.tensor([self._rows.get(id_, -1) for id_ in ids], dtype=torch.long)

    def forward(self, text: Tensor, rows: Tensor, forget: float = 0.0) -> Tensor:
        """Return item vectors, shape (n, k); their length says how popular an item is.

        Parameters
        ----------
        text
            Unit text vectors, shape (n, d).
        rows
            Rows in the table, shape (n,); -1 for none.
        forget
            Share of the items, drawn anew each time, whose learned vector is left out, so that
            the text learns to stand alone. For training.
        """
        known = rows >= 0
        if forget > 0:
            known = known & (torch.rand(rows.shape, device=rows.device) >= forget)
        learned = self.learned(rows.clamp_min(0)) * known.unsqueeze(-1)
        vectors: Tensor = self.project(text) + learned
        return vectors

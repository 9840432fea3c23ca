"""Item vectors that are learned: from interactions, or from how much items are spoken of.

*Interactions* say of an item what its text does not, `v_i = E_i + P e(text_i)`. An item without
any, added to the catalogue after training for one, has no `E_i`: its text alone places it.

*Renown*, how much an item is spoken of, is read from the text itself, and bends the text's vector
towards one direction, `v = normalise(e + r(e) u)`. An interest that holds some of `u` prefers what
is well known, one that opposes it what is not. Knows nothing of histories.
"""

from collections.abc import Sequence
from math import sqrt

import torch
from torch import Tensor, nn

from ranking.vectors import unit


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


class Renown(nn.Module):
    """Text vectors bent by how well known their items are.

    Parameters
    ----------
    text_dim
        Width d of the text vectors.
    hidden
        Width of the hidden layer that reads renown from a text vector.
    """

    def __init__(self, text_dim: int, hidden: int) -> None:
        super().__init__()
        first = nn.Linear(text_dim, hidden)
        self.read = nn.Sequential(first, nn.GELU(), nn.Linear(hidden, 1))
        self.direction = nn.Parameter(torch.zeros(text_dim))
        with torch.no_grad():
            # Entries of a unit vector are small: let the layer see entries around 1.
            first.weight.mul_(sqrt(text_dim))

    def known(self, text: Tensor) -> Tensor:
        """Return how well known items are, shape (n,): 0 for not at all, 1 for as much as any.

        Parameters
        ----------
        text
            Unit text vectors, shape (n, d).
        """
        known: Tensor = self.read(text)[:, 0].clamp(0.0, 1.0)
        return known

    def forward(self, text: Tensor) -> Tensor:
        """Return unit item vectors, shape (n, d), of unit text vectors of that shape."""
        return unit(text + self.known(text)[:, None] * self.direction)

"""Unit vectors and cosines. Knows nothing of what the vectors stand for."""

from torch import Tensor
from torch.nn.functional import normalize

from ranking.errors import DimensionMismatch


def unit(vectors: Tensor) -> Tensor:
    """Return the vectors scaled to length 1 along the last axis; zero vectors stay zero."""
    return normalize(vectors, dim=-1, eps=1e-12)


def cosine(queries: Tensor, items: Tensor) -> Tensor:
    """Return the cosine similarity of every query with every item.

    Parameters
    ----------
    queries
        Vectors of any length, shape (q, d).
    items
        Vectors of any length, shape (n, d).

    Returns
    -------
    Tensor
        Similarities in [-1, 1], shape (q, n); 0 where a vector is zero.

    Raises
    ------
    DimensionMismatch
        If the two widths differ.
    """
    if queries.shape[-1] != items.shape[-1]:
        raise DimensionMismatch(
            f"expected vectors of one width, got {queries.shape[-1]} and {items.shape[-1]}; "
            "embed both with the same encoder"
        )
    # Dividing the products costs a fraction of scaling what may be a whole catalogue of vectors.
    lengths = items.norm(dim=-1).clamp_min(1e-12)
    cosines: Tensor = unit(queries) @ items.T / lengths
    return cosines.clamp(-1.0, 1.0)

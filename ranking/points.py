"""Interest points: an interest vector read as shares of facet values.

Knows facets only as names with vectors; how an interest is learned is the tracker's matter.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ranking.errors import DimensionMismatch
from ranking.vectors import cosine, unit
from retrieval.types import Item


@dataclass(frozen=True)
class PointSpace:
    """The facet values of a catalogue as directions.

    Parameters
    ----------
    names
        The values, p of them, in alphabetical order.
    vectors
        Mean item vector of each value less `centre`, unit length, shape (p, d).
    centre
        Mean item vector of the catalogue, shape (d,).
    """

    names: tuple[str, ...]
    vectors: Tensor
    centre: Tensor


def point_space(
    items: Sequence[Item], vectors: Tensor, facets: Sequence[str], min_items: int = 5
) -> PointSpace:
    """Build the interest points of a catalogue.

    Parameters
    ----------
    items
        The catalogue's items, n of them.
    vectors
        Their vectors, shape (n, d).
    facets
        Names of the facets whose values become points (categories, tags).
    min_items
        Values of fewer items, or of every item, are left out: they say nothing.

    Raises
    ------
    DimensionMismatch
        If there are not as many vectors as items.
    """
    if len(items) != len(vectors):
        raise DimensionMismatch(
            f"expected one vector for each of the {len(items)} items, got {len(vectors)}"
        )
    rows: dict[str, list[int]] = defaultdict(list)
    for row, item in enumerate(items):
        values: set[str] = set()
        for facet in facets:
            fact = item.facts.get(facet)
            values.update([fact] if isinstance(fact, str) else _texts(fact))
        for value in values:
            rows[value].append(row)
    names = tuple(sorted(v for v, of in rows.items() if min_items <= len(of) < len(items)))
    centre = vectors.mean(0) if len(items) else torch.zeros(vectors.shape[-1])
    if not names:
        return PointSpace((), torch.zeros(0, vectors.shape[-1]), centre)
    means = torch.stack([vectors[rows[name]].mean(0) for name in names])
    return PointSpace(names, unit(means - centre), centre)


def _texts(fact: object) -> tuple[str, ...]:
    return tuple(v for v in fact if isinstance(v, str)) if isinstance(fact, tuple) else ()


def interest_points(
    interest: Tensor | None,
    point_vectors: Tensor,
    names: Sequence[str],
    top: int,
    centre: Tensor | None = None,
    temperature: float = 0.12,
) -> tuple[tuple[str, float], ...]:
    """Return the strongest interest points, strongest first.

    A softmax of the cosines over the temperature, taken over all p points; the shares of the
    `top` ones are returned unscaled, so they sum to at most 1.

    Parameters
    ----------
    interest
        Shape (d,), or None for an empty history, which has no points.
    point_vectors
        Shape (p, d), centred (`PointSpace.vectors`).
    names
        The points' names, p of them.
    top
        How many to return at most.
    centre
        The catalogue's mean vector, shape (d,), taken off the interest; None takes nothing off.
    temperature
        Cosine difference at which the odds are e : 1.

    Returns
    -------
    tuple of (str, float)
        Name and share in [0, 1]; ties go to the alphabetically smaller name.

    Raises
    ------
    DimensionMismatch
        If there are not as many names as vectors, or widths differ.
    """
    if len(names) != len(point_vectors):
        raise DimensionMismatch(
            f"expected one name for each of the {len(point_vectors)} point vectors, "
            f"got {len(names)}"
        )
    if interest is None or not names or top < 1:
        return ()
    with torch.no_grad():
        # The interest is a direction, the centre a mean of unit vectors: bring it to their scale.
        own = unit(interest)
        own = own if centre is None else own - centre
        shares = (cosine(own[None], point_vectors)[0] / temperature).softmax(-1).tolist()
    order = sorted(zip(names, shares, strict=True), key=lambda point: (-point[1], point[0]))
    return tuple(order[:top])

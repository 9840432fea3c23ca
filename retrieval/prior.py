"""How popular an item is, where the catalogue says so.

Knows nothing of people and sessions.
"""

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Item

# Number facets that count how many chose an item; the first that an item has is taken.
POPULARITY: tuple[str, ...] = (
    "popularity",
    "votes",
    "vote_count",
    "num_votes",
    "ratings_count",
    "num_ratings",
)
POPULARITY += ("review_count", "num_reviews", "reviews", "sales", "downloads", "views")


def popularity(item: Item) -> float:
    """Return how many chose an item; NaN where its facts do not say."""
    for name in POPULARITY:
        fact = item.facts.get(name)
        if isinstance(fact, int | float):
            return float(fact)
    return float("nan")


class Priors:
    """The share of the items that are no more popular than one, in (0, 1]; 0 where unknown."""

    def __init__(self, popular: NDArray[np.float64]) -> None:
        known = popular[~np.isnan(popular)]
        self._sorted = np.sort(known)

    def of(self, popular: float) -> float:
        """Return the prior of an item that so many chose."""
        if np.isnan(popular) or not len(self._sorted):
            return 0.0
        below = np.searchsorted(self._sorted, popular, side="right")
        return float(below / len(self._sorted))

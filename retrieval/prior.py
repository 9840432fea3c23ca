"""How popular an item is, where the catalogue says so.

Knows nothing of people and sessions.
"""

from collections.abc import Mapping, Sequence

from retrieval.types import Item

# Number facets that count how many chose an item; the first that a catalogue has is taken.
POPULARITY: tuple[str, ...] = (
    "popularity",
    "votes",
    "vote_count",
    "num_votes",
    "ratings_count",
    "num_ratings",
)
POPULARITY += ("review_count", "num_reviews", "reviews", "sales", "downloads", "views")


def priors(items: Sequence[Item]) -> Mapping[str, float]:
    """Return id → share of the items that are no more popular, in (0, 1]; {} where unknown."""
    for facet in POPULARITY:
        known = [(n, i.id) for i in items if isinstance(n := i.facts.get(facet), int | float)]
        if known:
            ordered = sorted(n for n, _ in known)
            below = {n: rank for rank, n in enumerate(ordered, start=1)}
            return {i: below[n] / len(ordered) for n, i in known}
    return {}

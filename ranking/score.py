"""Scoring of candidates by cosine, and their diverse order (MMR). Every term is kept.

Knows nothing of how the interest vector came about, nor of dialogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor

from ranking.errors import DimensionMismatch
from ranking.types import Ranked, Why
from ranking.vectors import cosine, unit
from retrieval.types import Candidate

# Terms are rounded so that equal vectors tie whatever the order of the sums inside a matrix
# product; cosines of float32 vectors are not known better than this.
DECIMALS = 6


@dataclass(frozen=True)
class ScoreWeights:
    """How much each term weighs; all are >= 0, and a ValueError says if one is not.

    Parameters
    ----------
    query
        Weight of cos(query, item).
    interest
        Weight of cos(interest, item).
    prior
        Weight of the candidate's popularity prior in [0, 1].
    diversity
        Weight of the redundancy penalty: the cosine with the most similar item ranked higher.
        0 turns MMR off.
    lexical
        Weight of the candidate's lexical score in [0, 1]; it is part of the `query` term.
    dislike
        Weight of the nearness to disliked items.
    dislike_floor
        The cosine from which on an item counts as near a disliked one. Embedded descriptions of
        one catalogue all resemble each other a little; that must not count.
    """

    query: float = 1.0
    interest: float = 0.6
    prior: float = 0.05
    diversity: float = 0.1
    lexical: float = 0.1
    dislike: float = 0.5
    dislike_floor: float = 0.4

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name, value in asdict(self).items():
            if not value >= 0:
                raise ValueError(f"expected {name} >= 0, got {value}")
        if self.dislike_floor >= 1:
            raise ValueError(f"expected dislike_floor < 1, got {self.dislike_floor}")


def rank(
    candidates: Sequence[Candidate],
    vectors: Tensor,
    query: Tensor | None,
    interest: Tensor | None,
    weights: ScoreWeights,
    limit: int,
    disliked: Tensor | None = None,
    tastes: Tensor | None = None,
    matched: Mapping[str, tuple[str, ...]] | None = None,
    unmet: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Ranked, ...]:
    """Return the best candidates, most recommendable first, with the terms of their scores.

    `score = query + interest + prior − penalty` holds exactly for the floats of `Why`, summed in
    this order. The penalty holds the nearness to disliked items and the redundancy with the items
    ranked higher. Items are chosen greedily by this score, which is maximal marginal relevance
    (Carbonell & Goldstein 1998) with λ = 1 / (1 + diversity), up to a constant factor; we deviate
    in that a negative cosine earns nothing. Scores therefore never rise down the list.

    Parameters
    ----------
    candidates
        The candidates, in any order; n of them.
    vectors
        The candidates' vectors, shape (n, d), of any length.
    query
        The wish's vector, shape (d,), or None without one: the query term is then the lexical
        part alone.
    interest
        The tracker's interest, shape (k,), or None for an empty history: that term is then 0.
    weights
        The weights of the terms.
    limit
        How many to return at most.
    disliked
        Vectors of disliked items, shape (m, d), or None.
    tastes
        The candidates' vectors in the space of interests, shape (n, k); by default `vectors`.
    matched, unmet
        Item id → wishes in words that the item meets or does not meet.

    Returns
    -------
    tuple of Ranked
        min(n, limit) of them. Ties go to the smaller id (as text).

    Raises
    ------
    DimensionMismatch
        If there are not as many vectors as candidates, or widths differ.
    """
    if vectors.shape[0] != len(candidates):
        raise DimensionMismatch(
            f"expected one vector for each of the {len(candidates)} candidates, "
            f"got {vectors.shape[0]}; ask the index for the vectors of these very ids"
        )
    if not candidates or limit < 1:
        return ()
    matched, unmet = matched or {}, unmet or {}
    with torch.no_grad():
        terms = _terms(candidates, vectors, query, interest, weights, disliked, tastes)
        chosen = _choose(candidates, vectors, terms, weights.diversity, limit)
    ranked = []
    for i, penalty in chosen:
        id_ = candidates[i].item.id
        why = Why(*terms[i][:3], penalty, matched.get(id_, ()), unmet.get(id_, ()))
        score = why.query + why.interest + why.prior - why.penalty
        ranked.append(Ranked(candidates[i], score, why))
    return tuple(ranked)


def _terms(
    candidates: Sequence[Candidate],
    vectors: Tensor,
    query: Tensor | None,
    interest: Tensor | None,
    weights: ScoreWeights,
    disliked: Tensor | None,
    tastes: Tensor | None,
) -> list[tuple[float, float, float, float]]:
    """Return (query, interest, prior, dislike penalty) of every candidate, weighted."""
    zeros = torch.zeros(len(candidates))
    by_query = zeros if query is None else cosine(query[None], vectors)[0]
    own = vectors if tastes is None else tastes
    by_interest = zeros if interest is None else cosine(interest[None], own)[0]
    near = zeros
    if disliked is not None and len(disliked):
        floor = weights.dislike_floor
        near = cosine(disliked, vectors).amax(0).sub(floor).clamp_min(0).div(1 - floor)
    return [
        (
            round(weights.query * q + weights.lexical * candidate.lexical, DECIMALS),
            round(weights.interest * i, DECIMALS),
            round(weights.prior * candidate.prior, DECIMALS),
            round(weights.dislike * d, DECIMALS),
        )
        for candidate, q, i, d in zip(
            candidates, by_query.tolist(), by_interest.tolist(), near.tolist(), strict=True
        )
    ]


def _choose(
    candidates: Sequence[Candidate],
    vectors: Tensor,
    terms: Sequence[tuple[float, float, float, float]],
    diversity: float,
    limit: int,
) -> list[tuple[int, float]]:
    """Choose greedily by score; return (position, whole penalty) in the order chosen."""
    directions = unit(vectors)
    # In id order: `argmax` takes the first of equals.
    places = sorted(range(len(terms)), key=lambda n: candidates[n].item.id)
    base = np.array([terms[n][0] + terms[n][1] + terms[n][2] - terms[n][3] for n in places])
    redundancy = np.zeros(len(places))
    chosen: list[tuple[int, float]] = []
    for _ in range(min(limit, len(places))):
        place = int(np.round(base - redundancy, DECIMALS).argmax())
        best = places[place]
        chosen.append((best, terms[best][3] + float(redundancy[place])))
        base[place] = -np.inf
        if diversity > 0:
            likeness = diversity * (directions @ directions[best]).double()[places]
            redundancy = np.maximum(redundancy, np.round(likeness.numpy(), DECIMALS))
    return chosen

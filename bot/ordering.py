"""The order of candidates: asked for by name, superlatives, then words and taste by cosine.

Knows nothing of what is said about them.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from bot.policy import wanted
from bot.shelves.rooms import Room
from bot.types import Conversation, Understood
from bot.voice.matching import match
from bot.voice.phrasing import phrases
from bot.voice.sought import is_called, things
from ranking.score import ScoreWeights, rank
from ranking.types import Ranked
from retrieval.index import Index
from retrieval.lexical import names
from retrieval.titles import head_of
from retrieval.types import Candidate, Item, Query, Retrieved
from retrieval.words import stem

_MOST_TIES = 50
Superlatives = Sequence[tuple[str, bool]]  # facet, and whether the most of it is wanted


def superlatives(conversation: Conversation) -> Superlatives:
    """Return (facet, upwards) of the superlative wishes, the latest first."""
    found = [r for r in conversation.wishes.relative if r.direction in ("min", "max")]
    return [(r.facet, r.direction == "max") for r in reversed(found)]


def rank_found(
    conversation: Conversation,
    understood: Understood,
    query: Query,
    retrieved: Retrieved,
    room: Room,
    weights: ScoreWeights,
    usual: int = 3,
) -> tuple[Ranked, ...]:
    """Return the items to recommend, best first, with the terms of their scores.

    Items asked for by name come first. A superlative ("the shortest") chooses by its facet and
    leaves the score to settle ties. Where neither words nor taste say what is better, the order
    of retrieval stands. `usual` is how many to show where the person names no number.
    """
    index, count = room.index, wanted(understood, usual)
    candidates = list(retrieved.candidates)
    named = [c for c in candidates if c.item.id in understood.refers]
    rest = [c for c in candidates if c.item.id not in understood.refers]
    interest = room.taste.interest(conversation.events)
    vector = query_vector(query, index)
    away = _away(conversation, query, index)

    def score(some: Sequence[Candidate], limit: int) -> tuple[Ranked, ...]:
        if not some or limit < 1:
            return ()
        ids = [c.item.id for c in some]
        rows, tastes = torch.from_numpy(index.vectors(ids)), room.taste.vectors(ids)
        return rank(some, rows, vector, interest, weights, limit, away, tastes)

    first = score(named, len(named))
    left = max(0, max(count, len(named)) - len(first))
    extremes = superlatives(conversation)
    sought, others = _sought_first(rest, conversation, index)
    if extremes:
        best = _best_by(extremes, sought or others, count)  # the cheapest router is a router
        found = _in_order(extremes, score(best, len(best)))[:left]
    elif vector is None and interest is None:
        found = score(others[:count], left)
        found = tuple(sorted(found, key=lambda r: others.index(r.candidate)))
    else:
        found = score(sought, left)
        if not _is_all(sought, conversation, index):
            found = (*found, *score(others, left - len(found)))
    return _with_matches((*first, *found), conversation, understood, index)


def _sought_first(
    candidates: Sequence[Candidate], conversation: Conversation, index: Index
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates that are what is looked for, and all others.

    Of works, and where no thing is looked for, the former are those that hold a free wish only
    for a superlative; else none.
    """
    wishes = conversation.wishes
    wanted_things = things(wishes, index.schema)
    sought = [c for c in candidates if any(is_called(c.item, t) for t in wanted_things)]
    if not sought and superlatives(conversation):
        sought = [c for c in candidates if any(names(c.item, words) for words in wishes.wish)]
    return sought, [c for c in candidates if c not in sought]


def _is_all(sought: Sequence[Candidate], conversation: Conversation, index: Index) -> bool:
    """Tell whether what is looked for is what items are, so that nothing else will do for it.

    Several are called so, or one title is about it; "wedding" in the name of one wine says little.
    """
    wanted = {stem(t.lower().split()[-1]) for t in things(conversation.wishes, index.schema)}
    return len(sought) > 1 or any(head_of(c.item.title) in wanted for c in sought)


def query_vector(query: Query, index: Index) -> Tensor | None:
    """Return the unit vector (d,) of the wish: its text and the items it should resemble."""
    parts = [index.encode(query.text)] if query.text.strip() else []
    known = [item.id for item in index.get(query.similar)]
    if known:
        mean = index.vectors(known).mean(axis=0)
        parts.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
    return torch.from_numpy(np.sum(parts, axis=0)) if parts else None


def _away(conversation: Conversation, query: Query, index: Index) -> Tensor | None:
    """Return the vectors that items should be far from: disliked ones and themes to avoid."""
    known = [item.id for item in index.get(conversation.dislikes)]
    rows = list(index.vectors(known)) if known else []
    rows += [index.encode(theme) for theme in query.avoid]
    return torch.from_numpy(np.stack(rows)) if rows else None


def _best_by(
    extremes: Superlatives, candidates: Sequence[Candidate], count: int
) -> list[Candidate]:
    """Return the `count` candidates with the least or greatest numbers, and those that tie."""
    ordered = sorted(candidates, key=lambda c: _extremity(extremes, c.item))
    if len(ordered) <= count:
        return ordered
    edge = _extremity(extremes, ordered[count - 1].item)
    return [c for c in ordered if _extremity(extremes, c.item) <= edge][: count + _MOST_TIES]


def _in_order(extremes: Superlatives, ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    return tuple(sorted(ranked, key=lambda r: _extremity(extremes, r.candidate.item)))


def _extremity(extremes: Superlatives, item: Item) -> tuple[float, ...]:
    """Return a sort key: smaller is more of what is asked, the latest superlative leading.

    What is unknown comes last.
    """
    key: list[float] = []
    for facet, upwards in extremes:
        fact = item.facts.get(facet)
        if isinstance(fact, int | float):
            key.append(-float(fact) if upwards else float(fact))
        else:
            key.append(math.inf)
    return tuple(key)


def _with_matches(
    ranked: Sequence[Ranked], conversation: Conversation, understood: Understood, index: Index
) -> tuple[Ranked, ...]:
    """Return the ranked items with the wishes they meet and do not meet, in words."""
    speak, schema = phrases(understood.language), index.schema
    found = []
    for one in ranked:
        held = match(one.candidate.item, conversation.wishes, schema, speak)
        matched, unmet = held.matched_words(schema, speak), held.unmet_words(schema, speak)
        why = replace(one.why, matched=matched, unmet=unmet)
        found.append(replace(one, why=why))
    return tuple(found)

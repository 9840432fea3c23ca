"""Full-ranking evaluation: every item competes, only the history is masked.

Knows recommenders only by their seam, and data sets only as sessions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

from ranking.metrics import (
    Estimate,
    Floats,
    as_floats,
    bootstrap,
    hit_rate,
    ndcg,
    ranks,
    reciprocal_rank,
)
from ranking.recommenders import Recommender
from ranking.sessions import Corpus, Session
from ranking.types import Event, EventKind

CASES_A_STEP = 64
LIKED: tuple[EventKind, ...] = ("liked",)
# Longer histories are cut to their most recent events, for every recommender alike.
MAX_HISTORY = 200


@dataclass(frozen=True)
class Case:
    """One question: which item is liked next, given the history."""

    user: str
    history: tuple[Event, ...]
    target: str
    masked: frozenset[str]


@dataclass(frozen=True)
class Result:
    """One row of a table: a recommender's estimates, and its rank in every case."""

    name: str
    hr10: Estimate
    ndcg10: Estimate
    mrr: Estimate
    ranks: Floats


def cases(
    sessions: Sequence[Session], corpus: Corpus, targets: Collection[EventKind] = LIKED
) -> tuple[Case, ...]:
    """Return one case for every target with a history that does not hold it already.

    Parameters
    ----------
    sessions
        Whose events are asked for.
    corpus
        The items; events of others are left out.
    targets
        The kinds of events that are asked for.
    """
    out = []
    for session in sessions:
        events = session.known(corpus).events
        first = sum(event.item in corpus.rows for event in session.events[: session.first_target])
        for t in range(max(1, first), len(events)):
            past = frozenset(event.item for event in events[:t])
            if events[t].kind in targets and events[t].item not in past:
                history = events[max(0, t - MAX_HISTORY) : t]
                out.append(Case(session.user, history, events[t].item, past))
    return tuple(out)


def evaluate(
    recommender: Recommender, questions: Sequence[Case], corpus: Corpus, progress: bool = True
) -> Result:
    """Return HR@10, NDCG@10 and MRR over the cases, with intervals over people."""
    order = sorted(range(len(questions)), key=lambda i: len(questions[i].history))
    found = np.zeros(len(questions))
    starts = range(0, len(order), CASES_A_STEP)
    for start in tqdm(starts, desc=recommender.name, disable=not progress, leave=False):
        step = order[start : start + CASES_A_STEP]
        scores = recommender.scores([questions[i].history for i in step])
        masked = torch.zeros(scores.shape, dtype=torch.bool)
        for b, i in enumerate(step):
            masked[b, [corpus.rows[item] for item in questions[i].masked]] = True
        targets = torch.tensor([corpus.rows[questions[i].target] for i in step])
        found[step] = as_floats(ranks(scores, targets, masked))
    groups = [case.user for case in questions]
    return Result(
        recommender.name,
        bootstrap(hit_rate(found, 10), groups),
        bootstrap(ndcg(found, 10), groups),
        bootstrap(reciprocal_rank(found), groups),
        found,
    )


def gain(ours: Result, theirs: Result, questions: Sequence[Case]) -> Estimate:
    """Return the paired difference of the reciprocal ranks, ours less theirs."""
    difference = reciprocal_rank(ours.ranks) - reciprocal_rank(theirs.ranks)
    return bootstrap(difference, [case.user for case in questions])


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table."""
    head = "| | HR@10 | NDCG@10 | MRR |\n|---|---|---|---|"
    rows = [f"| {r.name} | {r.hr10} | {r.ndcg10} | {r.mrr} |" for r in results]
    return "\n".join([head, *rows])

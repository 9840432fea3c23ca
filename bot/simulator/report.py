"""The result of a simulation: estimates with their intervals, as a table and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.replies import constraint_json
from bot.simulator.judging import MEASURES, cases
from bot.simulator.types import Step, Talk
from bot.simulator.world import World
from ranking.metrics import Estimate, bootstrap

# ShopX (arXiv 2606.31693, 2026) on shopping tasks of its own, judged in ways of its own: a mark to
# stand beside, not the same test.
SHOPX: Mapping[str, float] = {"reference": 0.764, "grounding": 0.715, "adaptation": 0.683}
_WIDTH = 26


@dataclass(frozen=True)
class Result:
    """What a run found.

    Parameters
    ----------
    catalog, people, turns, seed
        What was run.
    estimates
        System → measure → (estimate, number of cases); without cases the mean is NaN.
    talks
        System → its talks, by person.
    """

    catalog: str
    people: int
    turns: int
    seed: int
    estimates: Mapping[str, Mapping[str, tuple[Estimate, int]]]
    talks: Mapping[str, Sequence[Talk]]


def estimated(talks: Sequence[Talk], world: World) -> dict[str, tuple[Estimate, int]]:
    """Return every measure with its 95 % bootstrap interval, people drawn whole."""
    values: dict[str, list[float]] = {name: [] for name in MEASURES}
    people: dict[str, list[str]] = {name: [] for name in MEASURES}
    for talk in talks:
        for name, found in cases(talk, world).items():
            values[name] += found
            people[name] += [str(talk.person)] * len(found)
    return {
        name: (bootstrap(np.asarray(values[name]), people[name]), len(values[name]))
        for name in MEASURES
    }


def table(result: Result) -> str:
    """Return the result as lines of text."""
    systems = list(result.estimates)
    head = (
        f"{result.people} simulated people, {result.catalog}, at most {result.turns} turns, "
        f"seed {result.seed}; 95 % intervals in brackets"
    )
    titles = "".join(f"{name:>{_WIDTH}}" for name in systems)
    lines = [head, "", f"{'':30}{titles}{'ShopX (2026)':>14}"]
    for name, words in MEASURES.items():
        cells = "".join(
            f"{_cell(name, result.estimates[system][name][0]):>{_WIDTH}}" for system in systems
        )
        mark = f"{SHOPX[name] * 100:.1f}" if name in SHOPX else ""
        lines.append(f"{words:30}{cells}{mark:>14}".rstrip())
    lines += [
        f"{system}: person {talk.person}'s talk ended by {talk.failure}"
        for system, talks in result.talks.items()
        for talk in talks
        if talk.failure
    ]
    lines += ["", "Shares in percent. ShopX: shopping tasks of its own, judged otherwise."]
    return "\n".join(lines)


def _cell(measure: str, estimate: Estimate) -> str:
    if np.isnan(estimate.mean):
        return "–"
    if measure == "turns":
        return f"{estimate.mean:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"
    low, mean, high = (100 * x for x in (estimate.low, estimate.mean, estimate.high))
    return f"{mean:.1f} [{low:.1f}, {high:.1f}]"


def result_json(result: Result) -> dict[str, Any]:
    """Return the result with every talk in it; shares in [0, 1], null without cases."""
    return {
        "catalog": result.catalog,
        "people": result.people,
        "turns": result.turns,
        "seed": result.seed,
        "systems": {
            system: {name: _estimate_json(*found) for name, found in measures.items()}
            for system, measures in result.estimates.items()
        },
        "shopx_2026": dict(SHOPX),
        "talks": {
            system: [_talk_json(talk) for talk in talks] for system, talks in result.talks.items()
        },
    }


def _estimate_json(estimate: Estimate, count: int) -> dict[str, Any]:
    if not count:
        return {"mean": None, "low": None, "high": None, "cases": 0}
    low, mean, high = (round(x, 4) for x in (estimate.low, estimate.mean, estimate.high))
    return {"mean": mean, "low": low, "high": high, "cases": count}


def _talk_json(talk: Talk) -> dict[str, Any]:
    steps = (*talk.steps, talk.closing) if talk.closing else talk.steps
    return {
        "person": talk.person,
        "target": talk.target,
        "found": talk.found,
        "failure": talk.failure,
        "turns": [_step_json(step) for step in steps],
    }


def _step_json(step: Step) -> dict[str, Any]:
    move, heard = step.move, step.heard
    return {
        "kind": move.kind,
        "said": move.text,
        "liked": list(move.likes),
        "disliked": list(move.dislikes),
        "points_at": move.points_at,
        "asks": move.asks,
        "act": heard.act,
        "reply": heard.text,
        "items": [item.id for item in heard.items],
        "referred": sorted(heard.referred),
        "standing": [
            {"said": w.words, **(constraint_json(w.constraint) if w.constraint else {})}
            for w in step.standing
        ],
        "announced": [constraint_json(c) for c in heard.announced],
        "unsupported": [list(claims) for claims in heard.unsupported],
    }

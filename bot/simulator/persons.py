"""Simulated people: what they look for, what matters to them, and how they talk.

Pure draws from a seed; knows no bot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from bot.simulator.world import World
from retrieval.constraints import values_of
from retrieval.types import Item

Manner = Literal["plain", "polite", "terse", "chatty"]
_MANNERS: tuple[Manner, ...] = ("plain", "plain", "polite", "terse", "terse", "chatty")
_NAMES = 0.2  # share of people who know the names of those who made it
_CHANGES = 0.2  # who begin with a wish that they take back
_CLICKS = 0.35  # who press buttons
_ASKS = 0.35  # how often a person who is curious asks instead of wishing
_CURIOUS = 0.5
_HATED_SHARE = 0.05


@dataclass(frozen=True)
class Person:
    """One simulated person.

    Parameters
    ----------
    number
        Which of the run's people this is, from 0 on.
    target
        What they look for. It never reaches the bot.
    weights
        The hidden taste: facet → how much it matters to them, in [0, 1].
    hates
        A (facet, value) that they cannot stand and the target does not have, if any.
    manner
        How they open.
    names
        Whether they know the people who made it.
    wavers
        Whether they begin with a wish that they take back.
    clicks
        How likely they press a button on what they like or not, in [0, 1].
    asks
        How likely they ask about what they see, in [0, 1].
    seed
        Of everything that they will say.
    """

    number: int
    target: Item
    weights: Mapping[str, float]
    hates: tuple[str, str] | None
    manner: Manner
    names: bool
    wavers: bool
    clicks: float
    asks: float
    seed: str


def person(number: int, world: World, seed: int) -> Person:
    """Return the person of that number; the same seed and catalogue give the same one."""
    key = f"{seed}:{number}:{world.schema.name}"
    random = Random(key)
    target = random.choice(world.targets)
    return Person(
        number=number,
        target=target,
        weights={f.name: random.uniform(0.2, 1.0) for f in world.schema.facets},
        hates=_hated(target, world, random),
        manner=random.choice(_MANNERS),
        names=random.random() < _NAMES,
        wavers=random.random() < _CHANGES,
        clicks=_CLICKS if random.random() < _CLICKS else 0.0,
        asks=_ASKS if random.random() < _CURIOUS else 0.0,
        seed=key,
    )


def _hated(target: Item, world: World, random: Random) -> tuple[str, str] | None:
    pairs = [
        (facet.name, value)
        for facet in world.schema.facets
        if facet.kind == "category"
        for value in facet.values
        if value not in values_of(target.facts.get(facet.name))
        and world.share(facet.name, value) >= _HATED_SHARE
    ]
    return random.choice(pairs) if pairs else None

"""A whole simulation: the same people talk to the bot and to the baseline.

Each person has a hidden target of the catalogue and a hidden taste. What they say is true of the
target, but for a wish that some take back; its title never reaches a system. Deterministic for a
seed as far as the bot is.
"""

import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

from tqdm import tqdm

from bot.concierge import Concierge
from bot.simulator.partners import BotTalk, Partner, Reader
from bot.simulator.persons import Person, person
from bot.simulator.report import Result, estimated, result_json, table
from bot.simulator.talking import converse
from bot.simulator.types import Talk
from bot.simulator.world import World

BOT, BASELINE = "Concierge", "retrieve and read"


def run(
    bot: Concierge, catalog: str, people: int, turns: int, seed: int, jobs: int, as_json: bool
) -> int:
    """Simulate and print the result: a table, or one JSON object with every talk in it.

    Returns the exit code: 1 where a system failed in a talk.
    """
    result = simulate(bot, catalog, people, turns, seed, jobs)
    said = json.dumps(result_json(result), ensure_ascii=False) if as_json else table(result)
    sys.stdout.write(said + "\n")
    return int(any(talk.failure for talks in result.talks.values() for talk in talks))


def simulate(
    bot: Concierge, catalog: str, people: int, turns: int, seed: int = 0, jobs: int = 1
) -> Result:
    """Return what simulated people found.

    Parameters
    ----------
    bot
        The bot; its conversations with them are deleted.
    catalog
        The catalogue's name.
    people
        How many talk, at least 1.
    turns
        After how many turns they give up, at least 1.
    seed
        Of the people and what they say.
    jobs
        How many talk at once, at least 1; the result is the same.

    Raises
    ------
    SimulationError
        If nobody can talk about the catalogue. An error of a system ends that talk and is told.
    """
    index = bot.catalogs[catalog]
    world = World(index.schema, index.get(index.ids()))
    crowd = [person(number, world, seed) for number in range(people)]
    systems: dict[str, Callable[[], Partner]] = {
        BOT: lambda: BotTalk(bot, catalog),
        BASELINE: lambda: Reader(index),
    }
    talks: dict[str, list[Talk]] = {}
    with closing(_bar(people * len(systems))) as bar:
        for name, meet in systems.items():
            bar.set_description_str(name)
            talks[name] = _talks(crowd, meet, world, turns, jobs, bar)
    estimates = {name: estimated(held, world) for name, held in talks.items()}
    return Result(catalog, people, turns, seed, estimates, talks)


def _talks(
    crowd: Iterable[Person],
    meet: Callable[[], Partner],
    world: World,
    turns: int,
    jobs: int,
    bar: tqdm,
) -> list[Talk]:
    """Return the talks with one system, in the order of the people."""
    stopped = Event()

    def talk(one: Person) -> Talk | None:
        if stopped.is_set():
            return None
        held = converse(one, meet(), world, turns)
        bar.update(1)
        return held

    with ThreadPoolExecutor(jobs, thread_name_prefix="simulated") as pool:
        waiting = [pool.submit(talk, one) for one in crowd]
        try:
            found = [future.result() for future in waiting]
        finally:
            stopped.set()  # after an error, whoever has not begun stays silent
    return [held for held in found if held is not None]


def _bar(steps: int) -> tqdm:
    return tqdm(
        total=steps,
        bar_format="{desc:<20} {bar:24} {n_fmt}/{total_fmt} talks {elapsed}<{remaining}",
        file=sys.stderr,
        leave=False,
        disable=not sys.stderr.isatty(),
    )

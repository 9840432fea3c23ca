"""One talk between a simulated person and a system, from the first message to the end."""

from random import Random

from bot.simulator.errors import SimulationError, TitleLeaked
from bot.simulator.mind import Mind
from bot.simulator.moves import accept, first_move, next_move
from bot.simulator.partners import Partner
from bot.simulator.persons import Person
from bot.simulator.types import Heard, Move, Step, Talk
from bot.simulator.world import World


def converse(person: Person, partner: Partner, world: World, turns: int) -> Talk:
    """Return the talk of a person with a system.

    It ends when the target is shown, which the person then takes, after the last turn, or when
    the system fails: a failure is a finding, so it is kept and not raised. What the person draws
    depends on their seed and on what comes back, so two systems that answer alike hear the same
    words.

    Parameters
    ----------
    person
        Who talks.
    partner
        A fresh talk with a system; it is ended here.
    world
        The catalogue.
    turns
        After how many turns the person gives up, at least 1.

    Raises
    ------
    TitleLeaked
        If a message would hold the target's title.
    """
    steps: list[Step] = []
    name, target = person.number, person.target.id
    try:
        found, closing = _talk(person, partner, world, turns, steps)
    except SimulationError:
        raise
    except Exception as error:  # noqa: BLE001 - the system under test may fail in any way
        return Talk(name, target, tuple(steps), failure=f"{type(error).__name__}: {error}")
    finally:
        partner.end()
    return Talk(name, target, tuple(steps), found, closing)


def _talk(
    person: Person, partner: Partner, world: World, turns: int, steps: list[Step]
) -> tuple[int | None, Step | None]:
    """Add the turns to `steps`; return in which one the target was shown, and the acceptance."""
    random = Random(f"{person.seed}:talk")
    move, mind = first_move(person, world, random)
    for turn in range(1, turns + 1):
        step = _take(move, mind, partner, person, world)
        steps.append(step)
        mind = mind.after(move, step.heard)
        if any(item.id == person.target.id for item in step.heard.items):
            last = accept(person, mind, world, random)
            return turn, _take(last, mind, partner, person, world)
        if turn < turns:
            move = next_move(person, mind, step.heard, world, random)
    return None, None


def _take(move: Move, mind: Mind, partner: Partner, person: Person, world: World) -> Step:
    """Say a message, buttons first, and return the turn."""
    leak = world.leak(move.text, person.target)
    if leak is not None:
        raise TitleLeaked(
            f"expected a message without the title {person.target.title!r}, got {leak!r} in "
            f"{move.text!r}; draw it again"
        )
    for item in move.likes:
        partner.press(item, like=True)
    for item in move.dislikes:
        partner.press(item, like=False)
    heard: Heard = partner.say(move.text)
    standing = mind.with_move(move)
    earlier = tuple(wish for wish in standing if wish not in move.adds)
    return Step(move, heard, standing, earlier, tuple(item.id for item in mind.sight))

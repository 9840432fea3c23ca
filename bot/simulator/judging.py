"""What a talk is worth: for each measure its cases, each a share in [0, 1] or a count.

Judged from facts and from what was said, never from the bot's own view of it, but for which item
a reference was taken to mean and which wishes the reply says it gave up.
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence

from bot.simulator.types import Change, Step, Talk, Wish
from bot.simulator.world import World, number
from bot.voice.phrasing import phrases
from retrieval.constraints import values_of
from retrieval.types import Constraint, Item
from retrieval.words import fold

Cases = Mapping[str, Sequence[float]]
MEASURES: Mapping[str, str] = {
    "success": "target shown in time",
    "turns": "turns until it is shown",
    "satisfaction": "items that meet every wish",
    "themes": "themes that items meet",
    "repeats": "items shown again",
    "unsupported": "reasons that claim too much",
    "answered": "questions answered right",
    "reference": "cross-turn reference",
    "grounding": "constraint grounding",
    "adaptation": "feedback adaptation",
}


def cases(talk: Talk, world: World) -> Cases:
    """Return the cases of every measure of one talk.

    `success`: 1 or 0. `turns`: of a talk that succeeds. `satisfaction`: for each item shown while
    a wish on facts stands, whether it meets all of them but for those announced as given up.
    `themes`: for each item and theme. `repeats`: for each item, whether it was shown before.
    `unsupported`: for each reason, whether a claim of it is unsupported. `answered`: for each
    question, whether the reply names the item and its fact. `reference`: for each reference,
    whether it was taken to mean the right item and no other in sight. `grounding`: for each item
    and each wish on facts of an earlier turn, whether it is met. `adaptation`: for each change
    that a critique or a dislike asks for, whether the next items show it.
    """
    steps = (*talk.steps, talk.closing) if talk.closing else talk.steps
    found: dict[str, list[float]] = {name: [] for name in MEASURES}
    found["success"].append(float(talk.found is not None))
    if talk.found is not None:
        found["turns"].append(float(talk.found))
    shown: set[str] = set()
    for step in steps:
        found["satisfaction"] += _satisfaction(step, world)
        found["themes"] += _themes(step, world)
        found["grounding"] += _grounding(step, world)
        found["repeats"] += [float(item.id in shown) for item in step.heard.items]
        found["unsupported"] += [float(bool(claims)) for claims in step.heard.unsupported]
        found["adaptation"] += [
            float(adapted(change, step.heard.items, world)) for change in step.move.expects
        ]
        found["reference"] += _reference(step)
        found["answered"] += _answered(step, world)
        shown.update(item.id for item in step.heard.items)
    return found


def _satisfaction(step: Step, world: World) -> Iterator[float]:
    wishes = _firm(step.standing, step.heard.announced)
    for item in step.heard.items if wishes else ():
        yield float(all(world.meets(wish, item) for wish in wishes))


def _grounding(step: Step, world: World) -> Iterator[float]:
    for wish in _firm(step.earlier, step.heard.announced):
        for item in step.heard.items:
            yield float(world.meets(wish, item))


def _themes(step: Step, world: World) -> Iterator[float]:
    for wish in step.standing:
        for item in step.heard.items if wish.theme else ():
            yield float(world.meets(wish, item))


def _firm(wishes: Sequence[Wish], announced: Sequence[Constraint]) -> tuple[Wish, ...]:
    """Return the wishes on facts that were not announced as given up."""
    return tuple(w for w in wishes if not w.theme and not any(_same(w, c) for c in announced))


def _same(wish: Wish, constraint: Constraint) -> bool:
    """Tell whether a constraint of the bot is what a wish means, words of it at least."""
    meant = wish.constraint
    if meant is None or meant.facet != constraint.facet:
        return False
    mine, theirs = _words(meant), _words(constraint)
    return bool(mine & theirs) if mine or theirs else True


def _words(constraint: Constraint) -> set[str]:
    value = constraint.value if isinstance(constraint.value, tuple) else ()
    return {v for v in value if isinstance(v, str)}


def adapted(change: Change, items: Sequence[Item], world: World) -> bool:
    """Tell whether items show a change: each of them a number or a value, on average a likeness.

    No items show none. The item that was disliked must not come again.
    """
    if not items:
        return False
    if change.kind == "number":
        numbers = [number(item, change.facet) for item in items]
        return all(n is not None and (n > change.pivot) == change.up for n in numbers) and not any(
            n == change.pivot for n in numbers
        )
    if change.kind == "without":
        return all(change.value not in values_of(i.facts.get(change.facet)) for i in items)
    anchor = world.items[change.anchor]
    alike = statistics.mean(world.likeness(item, anchor) for item in items)
    if change.kind == "nearer":
        return alike > change.pivot
    return alike < change.pivot and anchor not in items


def _reference(step: Step) -> Iterator[float]:
    wanted = step.move.points_at
    if wanted is not None:
        taken = step.heard.referred
        others = set(step.sight) - {wanted}
        yield float(wanted in taken and not taken & others)


def _answered(step: Step, world: World) -> Iterator[float]:
    """Yield whether a question was answered: the item by its title, the fact in words."""
    if step.move.asks is None or step.move.points_at is None:
        return
    item, reply = world.items[step.move.points_at], fold(step.heard.text)
    facet = world.schema.facet(step.move.asks)
    if facet is None:
        facts: tuple[str, ...] = (item.text.split(". ")[0][:60],)
    elif (own := number(item, facet.name)) is not None:
        facts = (phrases("en").value(facet, item.facts[facet.name]), f"{own:g}")
    else:
        facts = values_of(item.facts.get(facet.name))
    told = not step.heard.items and any(fold(fact) in reply for fact in facts)
    yield float(told and fold(item.title) in reply)

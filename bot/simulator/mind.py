"""A simulated person's state in a talk: what they said, what they see, and the next draw.

Values only; what is said is chosen in `bot.simulator.moves`.
"""

from dataclasses import dataclass, replace
from random import Random

from bot.simulator.persons import Person
from bot.simulator.types import Heard, Move, Wish
from bot.simulator.words import say, tables
from bot.simulator.world import World
from retrieval.types import Item


@dataclass(frozen=True)
class Mind:
    """What a person has in mind between two messages.

    Parameters
    ----------
    standing
        The wishes said and not taken back, in the order of saying.
    decoy
        The one among them that the target does not meet.
    sight
        The items last shown.
    focus
        The id of the item just asked about.
    spent
        Facets of numbers and people that were wished for; they come once.
    asked
        (item, facet) pairs that were asked about.
    named
        Whether a liked title was named.
    """

    standing: tuple[Wish, ...] = ()
    decoy: Wish | None = None
    sight: tuple[Item, ...] = ()
    focus: str | None = None
    spent: frozenset[str] = frozenset()
    asked: frozenset[tuple[str, str]] = frozenset()
    named: bool = False

    def after(self, move: Move, heard: Heard) -> "Mind":
        """Return the mind after a message and its reply."""
        asking = move.kind in ("question", "follow") and not heard.items
        asked = {(move.points_at, move.asks)} if move.points_at and move.asks else set()
        return replace(
            self,
            standing=self.with_move(move),
            decoy=None if self.decoy in move.drops else self.decoy,
            sight=heard.items or self.sight,
            focus=move.points_at if asking else None,
            spent=self.spent | {wish.facet for wish in move.adds if wish.facet},
            asked=self.asked | asked,
            named=self.named or move.kind == "liked",
        )

    def with_move(self, move: Move) -> tuple[Wish, ...]:
        """Return the wishes that stand once a message is said."""
        kept = tuple(w for w in self.standing if w not in move.drops)
        return (*kept, *(w for w in move.adds if w not in kept))


@dataclass(frozen=True)
class Moment:
    """What a message is drawn from."""

    person: Person
    mind: Mind
    world: World
    random: Random

    @property
    def target(self) -> Item:
        """What is looked for."""
        return self.person.target

    def place(self, item: Item) -> str:
        """Return a reference to an item in sight: "the second one"; "it" where it is the only."""
        sight = [i.id for i in self.mind.sight]
        if len(sight) == 1:
            return say(self.random, "places", "only")
        number = sight.index(item.id)
        place = tables()["places"]["names"][number]
        noun = self.world.schema.item
        return say(self.random, "places", "one", place=place, n=str(number + 1), item=noun)

    def closeness(self, item: Item) -> float:
        """Return how near an item is to what the person looks for, by their taste, in [0, 1]."""
        return self.world.likeness(item, self.target, self.person.weights)

    def hated(self, item: Item) -> bool:
        """Tell whether an item has what the person cannot stand."""
        if self.person.hates is None:
            return False
        facet, value = self.person.hates
        fact = item.facts.get(facet)
        return value in fact if isinstance(fact, tuple) else fact == value

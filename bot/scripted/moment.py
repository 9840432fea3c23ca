"""One turn of a scripted talk as its expectations see it. Only values; nothing is judged here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.scripted.stock import Stock
from bot.types import Recommendation, Reply
from retrieval.types import Constraint


@dataclass(frozen=True)
class Held:
    """What the bot holds of the person after a turn; items are ids."""

    constraints: tuple[Constraint, ...] = ()
    wish: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Showing:
    """The items that a turn showed; `turn` is the bot's count."""

    turn: int
    items: tuple[Recommendation, ...]


@dataclass(frozen=True)
class Moment:
    """A turn that was taken.

    Parameters
    ----------
    text
        The person's message.
    reply
        What the bot answered.
    held
        What it holds after that.
    before
        What the turns before showed, in order; turns taken back are not among them.
    said
        The person's messages before this one.
    latency_ms
        How long the answer took, as whoever waited for it saw it.
    stock
        The catalogue, where its facts are at hand.
    """

    text: str
    reply: Reply
    held: Held = field(default_factory=Held)
    before: tuple[Showing, ...] = ()
    said: tuple[str, ...] = ()
    latency_ms: float = 0.0
    stock: Stock | None = None

    @property
    def shown(self) -> tuple[Recommendation, ...]:
        """Return the items last shown before this turn."""
        return self.before[-1].items if self.before else ()

    @property
    def items(self) -> tuple[Recommendation, ...]:
        """Return the items that this turn speaks of: its own, or else those last shown."""
        return self.reply.items or self.shown

    @property
    def ever(self) -> tuple[Recommendation, ...]:
        """Return every item shown so far, this turn's among them, each once."""
        every = (*(i for showing in self.before for i in showing.items), *self.reply.items)
        return tuple({item.id: item for item in every}.values())

    def title(self, id_: str) -> str:
        """Return an item's title, as far as it is known."""
        shown = next((item.title for item in self.ever if item.id == id_), None)
        return shown or (self.stock.title(id_) if self.stock else id_)

    def titles(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the titles of items."""
        return tuple(self.title(id_) for id_ in ids)

    def after(self) -> tuple[Showing, ...]:
        """Return what was shown when this turn is over; a turn taken back was never there."""
        reply = self.reply
        if reply.act == "undo":
            return tuple(showing for showing in self.before if showing.turn <= reply.turn)
        if not reply.items:
            return self.before
        return (*self.before, Showing(reply.turn, reply.items))


@dataclass(frozen=True)
class Failure:
    """An expectation that does not hold: which one, what was expected, and what came."""

    where: str
    expected: str
    got: str

    def __str__(self) -> str:
        """Return the failure in one line."""
        return f"{self.where}: expected {self.expected}, got {self.got}"

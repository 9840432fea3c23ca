"""The values of one turn. A turn is data: frozen values in, frozen values out.

`Conversation + text → Understood → Query → Retrieved → (Ranked, …) → Reply + Conversation'`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ranking.types import Event, Why
from retrieval.types import Constraint, Fact

Act = Literal[
    "recommend",
    "clarify",
    "answer",
    "compare",
    "explain",
    "accept",
    "smalltalk",
    "reset",
    "undo",
    "handoff",
    "decline",
]
Direction = Literal["less", "more", "low", "high", "min", "max"]


@dataclass(frozen=True)
class Relative:
    """A number wish without a number: `facet direction`, compared with `anchor` (an item's id).

    Without an anchor, `less` and `more` compare with all items last shown, `low` and `high` are
    vague degrees ("cheap", "recent"), `min` and `max` superlatives. `factor` is set where the
    person named one ("half the weight" → 0.5).
    """

    facet: str
    direction: Direction
    anchor: str | None = None
    factor: float | None = None


@dataclass(frozen=True)
class Removal:
    """A wish withdrawn: one value of a facet, or every wish on it."""

    facet: str
    value: str | None = None


@dataclass(frozen=True)
class Understood:
    """What one message means, linked to the catalogue.

    Item references are ids. `wish` and `avoid` are short phrases for the dense query; `unlinked`
    holds the words that name nothing in this catalogue and must be told to the person.
    """

    act: Act
    add: tuple[Constraint, ...] = ()
    remove: tuple[Removal, ...] = ()
    relative: tuple[Relative, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    count: int | None = None
    wish: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Wishes:
    """What the person wants by now, over all turns of the conversation."""

    constraints: tuple[Constraint, ...] = ()
    relative: tuple[Relative, ...] = ()
    wish: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    count: int = 3


@dataclass(frozen=True)
class Recommendation:
    """One recommended item: who it is, its facts, its score and the reason that was checked."""

    id: str
    title: str
    facts: Mapping[str, Fact]
    score: float
    reason: str
    why: Why
    generated: bool = True


@dataclass(frozen=True)
class Point:
    """An interest point: a facet value and the share of interest in it, in [0, 1]."""

    point: str
    p: float


@dataclass(frozen=True)
class Reply:
    """What the bot answers in one turn, in the terms of the HTTP contract.

    `tokens` are those that the LLM read and wrote for it.
    """

    reply: str
    act: Act
    turn: int
    items: tuple[Recommendation, ...] = ()
    understood: Understood = field(default_factory=lambda: Understood(act="recommend"))
    interest: tuple[Point, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    tokens: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Exchange:
    """One past turn as the dialogue history holds it."""

    text: str
    reply: Reply


@dataclass(frozen=True)
class Receipt:
    """A request that was answered: its key, the digest of what it said, and the answer."""

    key: str
    digest: str
    reply: Reply


@dataclass(frozen=True)
class Conversation:
    """Everything the bot knows of one talk; the only state that a turn reads or writes.

    `shown` are the ids last shown, in order; `ever_shown` all of them; `focus` the item last
    spoken of; `events` the taste events in time order, the interest tracker's input. `owner` is
    the id of the API key that opened it; `receipts` are of the last requests that named a key of
    their own; `chain` stands for the messages so far where a client sends all of them each time.
    """

    id: str
    catalog: str
    user: str | None = None
    turn: int = 0
    wishes: Wishes = Wishes()
    shown: tuple[str, ...] = ()
    ever_shown: tuple[str, ...] = ()
    focus: str | None = None
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    history: tuple[Exchange, ...] = ()
    asked: bool = False
    owner: str | None = None
    receipts: tuple[Receipt, ...] = ()
    chain: str = ""

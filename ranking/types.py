"""The values of ranking: taste events in, scored items with their reasons in numbers out."""

from dataclasses import dataclass
from typing import Literal, get_args

from retrieval.types import Candidate

EventKind = Literal["liked", "disliked", "seen", "viewed", "bought", "mentioned", "ignored"]
KINDS: tuple[EventKind, ...] = get_args(EventKind)


@dataclass(frozen=True)
class Event:
    """One taste event.

    Parameters
    ----------
    item
        The item's id in the catalogue.
    kind
        What happened; `ignored` means shown and passed over.
    time_s
        Unix time in seconds; only differences matter.
    """

    item: str
    kind: EventKind
    time_s: float = 0.0


@dataclass(frozen=True)
class Why:
    """The weighted terms of a score: `score = query + interest + prior − penalty`, exactly.

    `matched` and `unmet` are wishes in words.
    """

    query: float
    interest: float
    prior: float
    penalty: float = 0.0
    matched: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score and the score's terms."""

    candidate: Candidate
    score: float
    why: Why

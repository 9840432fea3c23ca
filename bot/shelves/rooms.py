"""One catalogue and what is made for it once."""

from dataclasses import dataclass

from bot.memory.taste import Taste
from retrieval.index import Index


@dataclass(frozen=True)
class Room:
    """A catalogue's index and the tastes over it."""

    index: Index
    taste: Taste

"""The seam: what the dialogue asks of any LLM, and what it hands it.

Two tasks, both in batches: `read` messages into typed readings, `write` reasons for ranked items.
Behind it stand the embedded model, any Hugging Face model, any OpenAI-compatible endpoint and a
queue-driven fake. This module knows no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.reading import Reading
from retrieval.types import Constraint, Schema


@dataclass(frozen=True)
class Hint:
    """Words of the message that name something in the catalogue.

    `facet` is None for a title. `start` and `end` are character offsets in the message.
    """

    start: int
    end: int
    facet: str | None
    value: str


@dataclass(frozen=True)
class Situation:
    """A message in its context, as an LLM gets to see it.

    `said` is the bot's last message, `state` the wishes held, `shown` the titles last shown.
    """

    schema: Schema
    text: str
    said: str = ""
    state: tuple[Constraint, ...] = ()
    shown: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class ReasonBrief:
    """What a reason may be written from: the wishes that an item meets and its facts, in words.

    `met` and `facts` are (facet, words) pairs, such as ("runtime", "89 minutes"); `wish` the
    person's free words; `liked` titles this item resembles; `text` the item's description,
    which is untrusted data.
    """

    title: str
    item: str
    met: tuple[tuple[str, str], ...] = ()
    wish: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    language: str = "en"


class LLM(Protocol):
    """A language model behind the seam. Implementations are safe to call from several threads."""

    name: str

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one valid reading for each situation, in order."""
        ...

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return up to `candidates` different reasons for each brief, best first."""
        ...

"""The verdict of the checker on one claim."""

from dataclasses import dataclass
from typing import Literal

Claim = Literal["number", "name", "value", "role", "claim", "form"]


@dataclass(frozen=True)
class Unsupported:
    """A claim that nothing supports: its kind, its words in the sentence, and what is wrong."""

    kind: Claim
    text: str
    why: str

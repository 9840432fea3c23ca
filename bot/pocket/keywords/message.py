"""A message under the eyes of the rules: its words in lower case, its clauses, its negations.

Offsets are those of the message itself. Knows no acts and no facets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.llm.base import Situation
from bot.quantity.digits import lowered

_BREAK = re.compile(
    r"[.;!?:\n，。；！？：…]+\s*|[.,](?=\s)|\s[-–—]+\s|(?<=[\u3400-\u9fff])[\s、]+"
    r"|(?<!anything )(?<!everything )(?<!nothing )\bbut\b|\b(?:though|although|however|instead"
    r"|because|cos|so|then|unless|just|please|pls)\b"
    r"|但是|但|不过|然后|因为|所以|而且|只要|就行|换"
)
NO = re.compile(
    r"\b(?:no|not|non|never|nor|without|w/o|nothing|none|avoid|hates?|hated|dislikes?|skip|except"
    r"|sick of|tired of|bored of|anything but|anything except|everything but|other than"
    r"|instead of|rather than|(?:ca|do|does|wo|is|are|was|did|would|could|should|have|has)n['’]?t"
    r"|cannot|minus|zero|enough of|fed up with|allergic to|leave out|keep away from)\b"
    r"|(?<![要是能会行好])(?:不要|别|除了|不想|不看|不喜欢|讨厌|拒绝|不含|不带|不用|无)"
    r"|(?<!有)没有?|不是|非(?!常)|排除|去掉|受不了"
)
_NOT_NO = re.compile(
    r"\b(?:no (?:problem|idea|worries|matter|preference|more than|less than|longer than)|not sure"
    r"|not (?:only|more than|less than|over|under|too sure)|why (?:not|don['’]?t)|nothing but"
    r"|(?:have|has)n['’]?t (?:seen|watched)|never seen|(?:do|did)n['’]?t (?:know|see|mind|you)"
    r"|no\.? ?\d|over (?:the )?\w*\d|if not|is(?:n['’]?t| not) (?:it|there)|nothing over)"
    r"|是不是|有没有|要不要|能不能|不是很|别的|没看过|差不多"
)
_AFTER_NO = re.compile(
    r"^\s*(?:\?\s*|的)?(?:no thanks|no way|is out|are out|isn['’]?t my|is not my|bores? me"
    r"|not for me"
    r"|no$|除外|不要|也?pass|不行|就算了|免了|以外)"
)


@dataclass(frozen=True)
class Spot:
    """A place of the message, from `start` to `end` (excluded)."""

    start: int
    end: int

    def meets(self, others: Iterable["Spot"]) -> bool:
        """Whether the place overlaps one of others."""
        return any(self.start < o.end and o.start < self.end for o in others)


class Message:
    """One message with what the rules ask of its wording, worked out once."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.text = situation.text
        self.low = lowered(situation.text).replace("’", "'")

    @cached_property
    def breaks(self) -> tuple[Spot, ...]:
        """The places where a clause ends."""
        return tuple(Spot(m.start(), m.end()) for m in _BREAK.finditer(self.low))

    @cached_property
    def _negations(self) -> tuple[Spot, ...]:
        harmless = [Spot(m.start(), m.end()) for m in _NOT_NO.finditer(self.low)]
        found = (Spot(m.start(), m.end()) for m in NO.finditer(self.low))
        return tuple(s for s in found if not s.meets(harmless))

    def before(self, at: int) -> str:
        """Return the words of the clause up to a place, in lower case."""
        return self.low[max((b.end for b in self.breaks if b.end <= at), default=0) : at]

    def after(self, at: int) -> str:
        """Return the words of the clause from a place on, in lower case."""
        return self.low[at : min((b.start for b in self.breaks if b.start >= at), default=None)]

    def negated(self, spot: Spot) -> bool:
        """Whether the words stand under a negation of their clause."""
        first = spot.start - len(self.before(spot.start))
        under = any(
            first <= n.start and n.end <= spot.start and spot.start - n.end <= self._reach(n)
            for n in self._negations
        )
        return under or bool(_AFTER_NO.match(self.low[spot.end :]))

    def _reach(self, negation: Spot) -> int:
        """Return how many characters behind itself a negation bears on."""
        word = self.low[negation.start : negation.end]
        return 4 if word[0] >= "\u3400" else 1 if word == "non" else 60

    def words(self, spot: Spot) -> str:
        """Return the words at a place, as typed."""
        return self.text[spot.start : spot.end][:200]

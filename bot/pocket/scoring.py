"""Score readings against gold: what both mean after linking, as comparable sets of claims.

A claim is a constraint, a comparison, a title with its role, a withdrawn facet, a count or a
question. Free wishes are compared by their words, apart from the claims.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.llm.base import Situation
from bot.quantity.quantities import adjust, count, quantity
from bot.reading import Reading
from retrieval.types import Facet
from retrieval.values import ValueIndex

Claim = tuple[str, ...]
ROLES = ("likes", "dislikes", "seen", "similar", "refers")
FILLER = frozenset("a an the some any of for with to and or in on that is it".split())


@dataclass(frozen=True)
class Score:
    """One message: was the act right, how many claims matched, was all of it right."""

    act: bool
    hit: int
    predicted: int
    expected: int
    whole: bool


class Scorer:
    """Turns readings and gold objects of one catalogue into claims.

    Parameters
    ----------
    values
        The catalogue's value index, for linking.
    """

    def __init__(self, values: ValueIndex) -> None:
        self._values = values

    def of_reading(self, situation: Situation, reading: Reading) -> frozenset[Claim]:
        """Return the claims of an LLM's reading."""
        rows = [(a.facet, str(a.op), a.text, None) for a in reading.add]
        relative = [(c.facet, c.direction, c.anchor) for c in reading.relative]
        removed = [r.facet for r in reading.remove]
        number = count(reading.count) if reading.count else None
        return self._claims(situation, rows, relative, removed, number, reading.model_dump())

    def of_gold(self, situation: Situation, gold: Mapping[str, Any]) -> frozenset[Claim]:
        """Return the claims of a gold object of the annotation guide."""
        rows = [(c[0], c[1], c[2], c[3] if len(c) > 3 else None) for c in gold.get("add", ())]
        relative = [(c[0], c[1], c[3] if len(c) > 3 else None) for c in gold.get("relative", ())]
        removed = [c[0] for c in gold.get("remove", ())]
        return self._claims(situation, rows, relative, removed, gold.get("count"), gold)

    def _claims(
        self,
        situation: Situation,
        rows: Sequence[tuple[str, str, str, Any]],
        relative: Sequence[tuple[str, str, str | None]],
        removed: Sequence[str],
        number: int | None,
        fields: Mapping[str, Any],
    ) -> frozenset[Claim]:
        claims: set[Claim] = set()
        for facet, op, text, known in rows:
            claims.update(self._constraint(situation, facet, op, text, known))
        claims.update(("relative", f, d) for f, d, _ in relative)
        claims.update(("remove", f) for f in removed)
        if number is not None:
            claims.add(("count", str(number)))
        claims.update(("ask", name) for name in fields.get("asks") or ())
        for role in ROLES:
            for ref in fields.get(role) or ():
                claims.add((role, self._title(situation, ref)))
        return frozenset(claims)

    def _constraint(
        self,
        situation: Situation,
        name: str,
        op: str,
        text: str,
        known: Any,  # noqa: ANN401
    ) -> list[Claim]:
        facet = situation.schema.facet(name)
        if facet is None or text.startswith("#"):
            return [(name, op, text)]
        if facet.kind == "number":
            return [self._number(situation, facet, op, text, known)]
        if facet.kind == "people":
            person = self._values.link_person(text, name)
            words = person[1] if person and person[0] == name else text
            return [(name, op, words.lower().split()[-1])]
        link = self._values.link(name, text)
        values = link.values if link else (text,)
        return [(name, op, v.lower()) for v in values]

    def _number(
        self,
        situation: Situation,
        facet: Facet,
        op: str,
        text: str,
        known: Any,  # noqa: ANN401
    ) -> Claim:
        value = known
        if isinstance(known, list):
            value, op = (float(known[0]), float(known[1])), "!=" if op == "!=" else "<>"
        elif known is None:
            at = situation.text.find(text)
            before = situation.text[: max(0, at)]
            value = quantity(text, facet, before, today_year=2026)
            if value is not None:
                after = situation.text[at + len(text) :] if at >= 0 else ""
                op, value = adjust(op, value, before, facet, after)  # type: ignore[arg-type]
        if value is None:
            return (facet.name, op, text.lower())
        pair = value if isinstance(value, tuple) else (value,)
        return (facet.name, op, *(f"{float(v):g}" for v in pair))

    def _title(self, situation: Situation, ref: str) -> str:
        if ref.startswith("#"):
            only = ref == "#all" and len(situation.shown) == 1
            return "#1" if only else ref
        key = _key(ref)
        named = [i for i, t in enumerate(situation.shown) if key and key in _key(t)]
        return f"#{named[0] + 1}" if len(named) == 1 else key


def _key(text: str) -> str:
    bare = re.sub(r"\(\d{4}\)|[^\w\s]", " ", text.lower())
    return " ".join(w for w in bare.split() if w not in ("the", "a", "an"))


def _words(phrases: Sequence[str]) -> set[str]:
    return {w for p in phrases for w in re.findall(r"\w+", p.lower())} - FILLER


def wishes_agree(predicted: Reading, gold: Mapping[str, Any]) -> bool:
    """Whether the free wishes share at least half of their words, and the same for `avoid`."""
    for found, meant in ((predicted.wish, gold.get("wish")), (predicted.avoid, gold.get("avoid"))):
        left, right = _words(found), _words(meant or ())
        if (left or right) and len(left & right) * 2 < max(len(left), len(right)):
            return False
    return True


def score(scorer: Scorer, situation: Situation, reading: Reading, gold: Mapping[str, Any]) -> Score:
    """Score one reading against its gold object."""
    found, meant = scorer.of_reading(situation, reading), scorer.of_gold(situation, gold)
    act = reading.act == gold["act"]
    whole = act and found == meant and wishes_agree(reading, gold)
    return Score(act, len(found & meant), len(found), len(meant), whole)


def summary(scores: Sequence[Score], seed: int = 0, rounds: int = 1000) -> dict[str, Any]:
    """Return act accuracy, claim F1 and whole-message rate, each with a 95 % bootstrap interval."""

    def measures(sample: Sequence[Score]) -> tuple[float, float, float]:
        hit = sum(s.hit for s in sample)
        total = sum(s.predicted + s.expected for s in sample)
        return (
            sum(s.act for s in sample) / len(sample),
            2 * hit / total if total else 1.0,
            sum(s.whole for s in sample) / len(sample),
        )

    rng = random.Random(seed)
    drawn = [measures(rng.choices(scores, k=len(scores))) for _ in range(rounds)]
    row: dict[str, Any] = {"n": len(scores)}
    for index, name in enumerate(("act", "f1", "whole")):
        ordered = sorted(d[index] for d in drawn)
        row[name] = (
            measures(scores)[index],
            ordered[int(0.025 * rounds)],
            ordered[int(0.975 * rounds)],
        )
    return row

"""Training examples: prompts with their target pieces, from every source, in one stream.

Sources are drawn by fixed shares; each batch holds one task, and prompts of similar length.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.llm.base import ReasonBrief, Situation
from bot.pocket import pieces as P
from bot.pocket.generator.compose import Composer
from bot.pocket.language import Unspeakable, linearise
from bot.pocket.prompt import Renderer
from bot.pocket.reasons import Unwritable, spell
from bot.reading import Reading


@dataclass(frozen=True)
class Example:
    """Prompt pieces and target pieces (without begin, with end)."""

    source: tuple[int, ...]
    target: tuple[int, ...]


def reading_example(
    renderer: Renderer, situation: Situation, reading: Reading, offset: int
) -> Example | None:
    """Return the example of a reading, or None where it cannot be said of this prompt."""
    prompt = renderer.encode(situation)
    try:
        target = linearise(situation, reading, prompt, offset)
    except Unspeakable:
        return None
    return Example(prompt.ids, (*target, P.EOS))


def reason_example(
    renderer: Renderer, brief: ReasonBrief, reason: str, prose: Mapping[int, int]
) -> Example | None:
    """Return the example of a reason, or None where it cannot be written from this brief."""
    prompt = renderer.encode_brief(brief)
    try:
        target = spell(renderer, prompt, brief, reason, prose)
    except Unwritable:
        return None
    return Example(prompt.ids, (*target, P.EOS))


def brief_of(row: Mapping[str, object]) -> ReasonBrief:
    """Return the brief that a line of a reasons file describes."""

    def pairs(key: str) -> tuple[tuple[str, str], ...]:
        return tuple((str(a), str(b)) for a, b in row[key])  # type: ignore[attr-defined]

    return ReasonBrief(
        title=str(row["title"]),
        item=str(row["item"]),
        met=pairs("met"),
        wish=tuple(map(str, row["wish"])),  # type: ignore[call-overload]
        liked=tuple(map(str, row["liked"])),  # type: ignore[call-overload]
        facts=pairs("facts"),
        text=str(row["text"]),
    )


def load_reasons(paths: Sequence[Path]) -> list[tuple[ReasonBrief, str]]:
    """Read briefs with their hand-written reasons."""
    rows = [json.loads(line) for p in paths for line in p.read_text("utf-8").splitlines() if line]
    return [(brief_of(r), r["reason"]) for r in rows]


class Stream:
    """Batches of examples, endless and seeded by position, so that a resumed run goes on.

    Parameters
    ----------
    renderer, offset, prose
        How examples are encoded.
    composer
        Synthetic messages.
    sgd, real
        Converted and hand-annotated messages.
    reasons
        Briefs with reasons.
    shares
        Share of batches of each source, by name.
    """

    def __init__(
        self,
        renderer: Renderer,
        offset: int,
        prose: Mapping[int, int],
        composer: Composer,
        sgd: Sequence[tuple[Situation, Reading]],
        real: Sequence[tuple[Situation, Reading]],
        reasons: Sequence[tuple[ReasonBrief, str]],
        shares: Mapping[str, float],
        seed: int,
    ) -> None:
        self._renderer, self._offset, self._prose = renderer, offset, prose
        self._composer = iter(composer)
        self._pools = {"sgd": list(sgd), "real": list(real)}
        self._reasons = list(reasons)
        present = {"synthetic": True, "sgd": sgd, "real": real, "reasons": reasons}
        few = {"real": min(1.0, len(real) / 1500), "reasons": min(1.0, len(reasons) / 500)}
        self._shares = {k: v * few.get(k, 1.0) for k, v in shares.items() if present[k]}
        self._rng = random.Random(seed)

    def batches(self, size: int, pool: int = 16) -> Iterator[list[Example]]:
        """Yield batches of `size` examples; `pool` batches are sorted by length together."""
        reading_share = sum(v for k, v in self._shares.items() if k != "reasons")
        total = reading_share + self._shares.get("reasons", 0.0)
        while True:
            ready: list[list[Example]] = []
            writing = sum(self._rng.random() >= reading_share / total for _ in range(pool))
            for task, count in (("read", pool - writing), ("write", writing)):
                drawn = [self._draw(task) for _ in range(count * size)]
                drawn.sort(key=lambda e: len(e.source))
                ready += [drawn[i : i + size] for i in range(0, len(drawn), size)]
            self._rng.shuffle(ready)
            yield from ready

    def _draw(self, task: str) -> Example:
        while True:
            example = self._write() if task == "write" else self._read()
            if example is not None:
                return example

    def _write(self) -> Example | None:
        brief, reason = self._rng.choice(self._reasons)
        return reason_example(self._renderer, brief, reason, self._prose)

    def _read(self) -> Example | None:
        names = [n for n in self._shares if n != "reasons"]
        name = self._rng.choices(names, [self._shares[n] for n in names])[0]
        if name == "synthetic":
            situation, reading = next(self._composer)
        else:
            situation, reading = self._rng.choice(self._pools[name])
        return reading_example(self._renderer, situation, reading, self._offset)

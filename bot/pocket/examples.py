"""Training examples: prompts with their target pieces, from every source, in one stream.

Sources are drawn by fixed shares. This module knows how examples are encoded and batched, not
where they come from.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.llm.base import ReasonBrief, Situation
from bot.pocket import pieces as P
from bot.pocket.language import Grammar, Unspeakable, labelled, linearise
from bot.pocket.prompt import Prompt, Renderer
from bot.pocket.reasons import Unwritable, spell
from bot.reading import Reading


@dataclass(frozen=True)
class Lesson:
    """What a reading's example teaches beside its target.

    `allowed` holds the grammar's choices at each step, `kinds` and `facets` what the pieces at
    source positions are and go with, `markers` where facets are.
    """

    allowed: tuple[tuple[int, ...], ...]
    kinds: Mapping[int, int]
    facets: Mapping[int, int]
    markers: tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """Prompt pieces and target pieces (without begin, with end); a lesson if it is a reading."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    lesson: Lesson | None = None
    marks: tuple[tuple[int, int], ...] = ()


def reading_example(
    renderer: Renderer, situation: Situation, reading: Reading, offset: int
) -> Example | None:
    """Return the example of a reading, or None where it cannot be said of this prompt."""
    prompt = renderer.encode(situation)
    try:
        target = linearise(situation, reading, prompt, offset)
    except Unspeakable:
        return None
    lesson = _lesson(prompt, [*target, P.EOS], offset)
    return Example(prompt.ids, (*target, P.EOS), lesson, prompt.marks)


def _lesson(prompt: Prompt, target: list[int], offset: int) -> Lesson:
    grammar = Grammar(prompt, offset)
    kinds = dict.fromkeys(prompt.spans, P.PAD)
    facets: dict[int, int] = {}
    for first, last, kind, facet in labelled(target, offset):
        for position in range(first, last + 1):
            kinds[position] = kind
            if facet is not None:
                facets[position] = facet
    allowed = tuple(tuple(grammar.allowed(target[:step])) for step in range(len(target)))
    return Lesson(allowed, kinds, facets, prompt.facets)


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


Source = Callable[[], Example | None]
TASKS = {"reasons": "write", "chinese": "chinese", "crosswoz": "chinese"}


class Stream:
    """Batches of examples, endless; each batch holds one task, and prompts of similar length.

    Parameters
    ----------
    sources
        By name, what draws one example; None where a draw did not fit.
    shares
        Share of examples of each source, by name.
    seed
        Fixes the order of sources.
    """

    def __init__(
        self, sources: Mapping[str, Source], shares: Mapping[str, float], seed: int
    ) -> None:
        self._sources = sources
        self._shares = {k: v for k, v in shares.items() if k in sources}
        self._rng = random.Random(seed)

    def batches(self, size: int, pool: int = 16) -> Iterator[list[Example]]:
        """Yield batches of `size` examples; `pool` batches are sorted by length together."""
        tasks: dict[str, list[str]] = {}
        for name in self._shares:
            tasks.setdefault(TASKS.get(name, "read"), []).append(name)
        weights = [sum(self._shares[n] for n in names) for names in tasks.values()]
        while True:
            ready: list[list[Example]] = []
            chosen = Counter(self._rng.choices(list(tasks), weights, k=pool))
            for task, count in chosen.items():
                drawn = [self._draw(tasks[task]) for _ in range(count * size)]
                drawn.sort(key=lambda e: len(e.source))
                ready += [drawn[i : i + size] for i in range(0, len(drawn), size)]
            self._rng.shuffle(ready)
            yield from ready

    def _draw(self, names: Sequence[str]) -> Example:
        while True:
            name = self._rng.choices(names, [self._shares[n] for n in names])[0]
            example = self._sources[name]()
            if example is not None:
                return example

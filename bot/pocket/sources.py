"""Where training examples come from: generated, converted, annotated, and hand-written reasons.

Each source draws one example at a time from its own seeded stream.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.llm.base import Hint, ReasonBrief, Situation
from bot.pocket import crosswoz, sgd
from bot.pocket.annotated import gold_reading, load_annotated
from bot.pocket.catalogues import Catalogues, situation_of
from bot.pocket.examples import Example, Source, reading_example, reason_example
from bot.pocket.generator.compose import Composer
from bot.pocket.generator.lexicon import FOLDER, load_domains, load_frames
from bot.pocket.generator.spans import typed
from bot.pocket.prompt import Renderer
from bot.pocket.variation import CJK, ROLES, Row, Variation
from bot.reading import Reading
from retrieval.types import Schema

ANNOTATIONS = Path(__file__).parent / "annotations"
UNKNOWN = 0.12  # share of hints that a catalogue is taken not to give
PLAIN = 0.3  # share of annotated lines that are used as they are


class Encoding:
    """How examples are encoded: the renderer, the first pointer's id, and the prose pieces."""

    def __init__(self, renderer: Renderer, offset: int, prose: Mapping[int, int]) -> None:
        self._renderer, self._offset, self._prose = renderer, offset, prose

    def reading(self, pair: tuple[Situation, Reading]) -> Example | None:
        """Return the example of a reading, None where it cannot be said of its prompt."""
        return reading_example(self._renderer, *pair, self._offset)

    def reason(self, pair: tuple[ReasonBrief, str]) -> Example | None:
        """Return the example of a reason, None where it cannot be written from its brief."""
        return reason_example(self._renderer, *pair, self._prose)


class Annotated:
    """Draws annotated lines, most of them varied, with the hints that their catalogue gives."""

    def __init__(
        self, rows: Sequence[Row], variation: Variation, catalogues: Catalogues, seed: int
    ) -> None:
        self._rows, self._variation, self._catalogues = rows, variation, catalogues
        self._rng = random.Random(seed)

    def draw(self) -> tuple[Situation, Reading]:
        """Return one situation and its reading."""
        rng = self._rng
        row: Row = rng.choice(self._rows)
        if rng.random() >= PLAIN:
            row = self._typed(self._variation.of(row, rng))
        spec = row.get("schema", "movies")
        situation = situation_of(row, self._catalogues.of(spec))
        reading = gold_reading(row["gold"], row["text"])
        hints = [h for h in situation.hints if rng.random() >= UNKNOWN]
        hints += self._titles(row, situation, rng)
        schema = situation.schema
        if not isinstance(spec, str) or rng.random() < 0.15:
            schema = _fewer(schema, situation, reading, rng)
        return replace(situation, hints=tuple(hints), schema=schema), reading

    def _typed(self, row: Row) -> Row:
        """Return the line as typed in a hurry, if its spans survive."""
        rng = self._rng
        if CJK.search(row["text"]) or rng.random() < 0.6:
            return row
        text, gold = typed(row["text"], row["gold"], rng)
        return {**row, "text": text, "gold": gold}

    def _titles(self, row: Row, situation: Situation, rng: random.Random) -> list[Hint]:
        """Return hints for a third of the titles meant: other catalogues have other items."""
        found = []
        known = {h.start for h in situation.hints if h.facet is None}
        for title in (t for role in ROLES for t in row["gold"].get(role, ())):
            at = row["text"].find(title)
            if at >= 0 and at not in known and rng.random() < 0.35:
                found.append(Hint(at, at + len(title), None, title))
        return found


def _fewer(schema: Schema, situation: Situation, reading: Reading, rng: random.Random) -> Schema:
    """Return the schema in another order, without some of the facets that nothing speaks of."""
    needed = {*(a.facet for a in reading.add), *(c.facet for c in reading.relative)}
    needed |= {*reading.asks, *(r.facet for r in reading.remove)}
    needed |= {c.facet for c in situation.state}
    kept = [f for f in schema.facets if f.name in needed or rng.random() < 0.8]
    rng.shuffle(kept)
    return replace(schema, facets=tuple(kept))


def sources(
    encoding: Encoding,
    reasons: Sequence[tuple[ReasonBrief, str]],
    catalogues: Catalogues,
    data: Path,
    seed: int,
    lines: int | None = None,
) -> dict[str, Source]:
    """Return every source whose material is at hand, by name; public data is optional.

    `lines` takes so many of the written messages, the same at every call, for a learning curve.
    """
    rng = random.Random(seed)
    domains = load_domains(FOLDER / "main_domains.jsonl", *sorted(FOLDER.glob("domains_*.jsonl")))
    frames = load_frames(*sorted(FOLDER.glob("frames_*.txt")))
    composer = Composer(domains, frames, seed=seed)
    rows = load_annotated(sorted(ANNOTATIONS.glob("train_*.jsonl")), data)
    written = load_annotated(sorted(ANNOTATIONS.glob("written_*.jsonl")), data)
    rows += written if lines is None else random.Random(0).sample(written, lines)
    variation = Variation(rows, domains)
    found: dict[str, Source] = {
        "synthetic": lambda: encoding.reading(next(generated)),
        "reasons": lambda: encoding.reason(rng.choice(reasons)),
    }
    generated = iter(composer)

    def annotated(name: str, lines: Sequence[Row]) -> None:
        if lines:
            source = Annotated(lines, variation, catalogues, seed + len(found))
            found[name] = lambda: encoding.reading(source.draw())

    def converted(name: str, pairs: Sequence[tuple[Situation, Reading]]) -> None:
        if pairs:
            found[name] = lambda: encoding.reading(rng.choice(pairs))

    chinese = [row for row in rows if CJK.search(row["text"])]
    english = [row for row in rows if not CJK.search(row["text"])]
    annotated("real", [row for row in english if not row["id"].startswith("written-")])
    annotated("written", [row for row in english if row["id"].startswith("written-")])
    annotated("chinese", chinese)
    converted("sgd", _sgd(data, seed))
    path = data / "crosswoz" / "val.json.gz"
    converted("crosswoz", list(crosswoz.messages(path, seed)) if path.exists() else [])
    return found


def _sgd(data: Path, seed: int) -> list[Any]:
    folder = data / "sgd"
    if not folder.is_dir():
        return []
    schemas = sgd.load_schemas(folder / "schema_train.json")
    return list(sgd.messages(folder / "train_recsys_domains.compact.jsonl.gz", schemas, seed))

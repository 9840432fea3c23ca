"""Annotated messages: gold objects of the guide turned into situations and readings.

Training annotations hold references and gold alone and are joined with the public data; test
lines carry their own text. Lines that cannot be joined are left out.
"""

import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.llm.base import Hint, Situation
from bot.pocket.generator.hints import Vocabulary
from bot.pocket.generator.lexicon import FOLDER, Domain, load_domains
from bot.pocket.real import Message, opendialkg, redial
from bot.reading import Reading
from retrieval.types import Constraint, Facet, Schema

NUMBERS = {
    "one": 1, "single": 1, "two": 2, "couple": 2, "pair": 2, "three": 3, "few": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "dozen": 12, "handful": 5,
}  # fmt: skip
ROLES = ("likes", "dislikes", "seen", "similar", "refers")


def domain_schema(domain: Domain) -> Schema:
    """Return a domain's facets as a schema."""
    return Schema(
        domain.name,
        tuple(
            Facet(
                name=f.name,
                kind=f.kind,
                unit=f.unit,
                description=f.description,
                values=tuple(f.values) if f.kind == "category" else (),
            )
            for f in domain.facets
        ),
    )


def inline_schema(row: Mapping[str, Any]) -> Schema:
    """Return a schema written out in an annotation line."""
    return Schema(
        row["name"],
        tuple(
            Facet(
                name=f["name"],
                kind=f["kind"],
                unit=f.get("unit", ""),
                description=f.get("description", ""),
                values=tuple(f.get("values", ())),
            )
            for f in row["facets"]
        ),
    )


def held(row: Sequence[Any]) -> Constraint:
    """Return a held wish of an annotation line: `[facet, op, value]`."""
    facet, op, value = row
    if isinstance(value, list) and value and isinstance(value[0], int | float):
        return Constraint(facet, op, (float(value[0]), float(value[1])))
    if isinstance(value, int | float):
        return Constraint(facet, op, float(value))
    return Constraint(facet, op, tuple(value) if isinstance(value, list) else (str(value),))


def count_span(text: str, count: int) -> str | None:
    """Return the words of a message that say this count."""
    for match in re.finditer(r"\w+", text):
        word = match.group(0).lower()
        if word == str(count) or NUMBERS.get(word) == count:
            return match.group(0)
    return None


def gold_reading(gold: Mapping[str, Any], text: str) -> Reading:
    """Return a gold object as the reading that an LLM should give."""
    fields: dict[str, Any] = {"act": gold["act"]}
    fields["add"] = [{"facet": c[0], "op": c[1], "text": c[2]} for c in gold.get("add", ())]
    fields["remove"] = [
        {"facet": c[0], "value": str(c[1]) if len(c) > 1 else None} for c in gold.get("remove", ())
    ]
    fields["relative"] = [
        {
            "facet": c[0],
            "direction": c[1],
            "text": c[2],
            "anchor": c[3] if len(c) > 3 and c[3] != "#all" else None,
        }
        for c in gold.get("relative", ())
    ]
    for key in (*ROLES, "asks", "wish", "avoid"):
        fields[key] = gold.get(key, ())
    if "count" in gold:
        fields["count"] = count_span(text, gold["count"])
    return Reading.model_validate(fields)


def messages(data: Path) -> dict[str, Message]:
    """Return every real message that annotations may refer to, by reference."""
    found: dict[str, Message] = {}
    for name, file in (("redial-a", "valid_a.jsonl"), ("redial-b", "valid_b_merged_turns.jsonl")):
        path = data / "redial" / file
        if path.exists():
            found.update((m.ref, m) for m in redial(path, name))
    path = data / "opendialkg" / "train_data_processed.jsonl"
    if path.exists():
        found.update((m.ref, m) for m in opendialkg(path))
    return found


def load_annotated(
    paths: Sequence[Path], data: Path, seed: int = 5
) -> list[tuple[Situation, Reading]]:
    """Join annotation files with the public data.

    Hints are simulated: half of the titles meant are taken to be in the catalogue.
    """
    texts = messages(data)
    domain = load_domains(FOLDER / "main_domains.jsonl")[0]
    vocabulary, schema = Vocabulary(domain), domain_schema(domain)
    rng = random.Random(seed)
    joined = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            message = texts.get(row["id"])
            if message is None or row["gold"] is None:
                continue
            reading = gold_reading(row["gold"], message.text)
            hints = list(vocabulary.hints(message.text, (), rng))
            for title in (t for role in ROLES for t in getattr(reading, role)):
                at = message.text.find(title)
                if at >= 0 and rng.random() < 0.5:
                    hints.append(Hint(at, at + len(title), None, title))
            joined.append(
                (
                    Situation(
                        schema=schema,
                        text=message.text,
                        said=message.said,
                        shown=message.shown[:5],
                        hints=tuple(hints),
                    ),
                    reading,
                )
            )
    return joined

"""Annotation lines: gold objects of the guide as readings, joined with public messages.

Training annotations of public messages hold references and gold alone; other lines carry their
own text.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.pocket.real import Message, opendialkg, redial
from bot.reading import Reading

NUMBERS = {
    "one": 1, "single": 1, "two": 2, "couple": 2, "pair": 2, "three": 3, "few": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "dozen": 12, "handful": 5,
    "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "几": 3, "四": 4, "五": 5, "六": 6,
    "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
ROLES = ("likes", "dislikes", "seen", "similar", "refers")


def count_span(text: str, count: int) -> str | None:
    """Return the words of a message that say this count."""
    for match in re.finditer(r"[a-z]+|\d+|[一二两三四五六七八九十几俩仨]", text.lower()):
        word = match.group(0)
        if word == str(count) or NUMBERS.get(word) == count:
            return text[match.start() : match.end()]
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


def load_annotated(paths: Sequence[Path], data: Path) -> list[dict[str, Any]]:
    """Read annotation lines, those of public messages joined with the data where it is present.

    Lines without a text of their own whose message is not at hand, or that were judged to be
    about nothing a recommender has (`gold` is null), are left out.
    """
    texts = messages(data)
    rows = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            message = texts.get(row["id"])
            if message is not None:
                shown = list(message.shown[:5])
                row |= {"text": message.text, "said": message.said, "shown": shown}
            if row["gold"] is not None and "text" in row:
                rows.append(row)
    return rows

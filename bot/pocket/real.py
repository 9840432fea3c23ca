"""Real people's messages, read from the public dialogue sets in their own context.

Annotations store only a reference (`redial-b/16162/3`) and the gold object; this module joins the
reference with its text where the data is present. It does not know what a message means.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MENTION = re.compile(r"@(\d+)")


@dataclass(frozen=True)
class Message:
    """One message of a person in a real dialogue.

    `said` is the other side's last message, `shown` the titles that it named, in order.
    """

    ref: str
    said: str
    shown: tuple[str, ...]
    text: str


def title_of(mention: str) -> str:
    """Return a mentioned title without its year: `"The Shining  (1980)"` → `"The Shining"`."""
    bare = re.sub(r"\s*\(\d{4}\)\s*$", "", html.unescape(mention))
    return re.sub(r"\s+", " ", bare).strip()


def _with_titles(text: str, titles: dict[str, str]) -> str:
    named = MENTION.sub(lambda m: titles.get(m.group(1), m.group(0)), html.unescape(text))
    return re.sub(r"\s+", " ", named).strip()


def redial(path: Path, name: str) -> Iterator[Message]:
    """Yield the seekers' messages of a ReDial file; runs of one sender are merged.

    Parameters
    ----------
    path
        A ReDial JSONL file.
    name
        Prefix of the references, `redial-a` or `redial-b`.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        talk = json.loads(line)
        titles = {k: title_of(v) for k, v in dict(talk["movieMentions"] or {}).items() if v}
        runs: list[tuple[int, str]] = []
        for message in talk["messages"]:
            sender, text = message["senderWorkerId"], message["text"]
            if runs and runs[-1][0] == sender:
                runs[-1] = (sender, f"{runs[-1][1]} {text}")
            else:
                runs.append((sender, text))
        for turn, (sender, text) in enumerate(runs):
            if sender != talk["initiatorWorkerId"] or not text.strip():
                continue
            before = runs[turn - 1][1] if turn else ""
            shown = tuple(titles[m] for m in MENTION.findall(before) if m in titles)
            yield Message(
                ref=f"{name}/{talk['conversationId']}/{turn}",
                said=_with_titles(before, titles),
                shown=tuple(dict.fromkeys(shown)),
                text=_with_titles(text, titles),
            )


def opendialkg(path: Path) -> Iterator[Message]:
    """Yield the first speakers' messages of an OpenDialKG file, each once."""
    seen: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for turn in range(0, len(row["context"]), 2):
            ref = f"opendialkg/{row['dialog_id']}/{turn}"
            text = re.sub(r"\s+", " ", row["context"][turn]).strip()
            if ref in seen or not text:
                continue
            seen.add(ref)
            said = row["context"][turn - 1] if turn else ""
            yield Message(ref=ref, said=said, shown=(), text=text)

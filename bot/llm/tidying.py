"""Make a sentence or two of prose out of what an LLM wrote.

Knows the language's sentence ends, nothing of what the sentences say.
"""

import re
from collections.abc import Iterable, Sequence

MAX_SENTENCES = 2
MAX_CHARACTERS = 400
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
_HEADING = re.compile(r"^\s*#{1,6}\s.*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINE_MARK = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*+•]\s+|\d{1,2}[.)]\s+)", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~|`{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LABEL = re.compile(r"^(?:reason|answer|推荐理由|理由)\s*[:：]\s*", re.IGNORECASE)
_QUOTES = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»", "「": "」"}
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[。！？]+[”’」）]*")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|No|Vol|Pt|etc|e\.g|i\.e)|\b[A-Z](?:\.[A-Z])*)\.$"
)


def tidy(text: str, finished: bool = True, names: Sequence[str] = ()) -> str:
    """Return the first one or two sentences of a text, without Markdown; "" where there is none.

    Parameters
    ----------
    text
        What the LLM wrote.
    finished
        Whether it ended by itself; if not, a last sentence without an end is left out.
    names
        Titles and the like whose full stops end no sentence.
    """
    text = _LINK.sub(r"\1", _FENCE.sub("", _THOUGHT.sub("", text)))
    text = _LINE_MARK.sub("", _TAG.sub("", _HEADING.sub("", text) or text))
    blocks = [" ".join(b.split()) for b in re.split(r"\n\s*\n", text)]
    line = next((b for b in blocks if b), "")
    while line != (bare := _EMPHASIS.sub(r"\2", line)):
        line = bare
    line = _unquoted(_LABEL.sub("", line))
    ends = [e for e in _ends(line, names) if e <= MAX_CHARACTERS]
    if ends:
        kept = line[: ends[:MAX_SENTENCES][-1]]
        rest = line[len(kept) :]
        whole = len(ends) >= MAX_SENTENCES or not finished or not rest.strip()
        return kept if whole or len(line) > MAX_CHARACTERS else _stopped(line)
    return _stopped(line) if finished and len(line) <= MAX_CHARACTERS else ""


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that are not empty, each once (ignoring case), in order."""
    found = {t.casefold(): t for t in reversed([t for t in texts if t])}
    return tuple(reversed(found.values()))


def _ends(line: str, names: Sequence[str]) -> list[int]:
    named = [m.span() for n in names if n for m in re.finditer(re.escape(n), line)]
    return [
        m.end()
        for m in _END.finditer(line)
        if not _ABBREVIATION.search(line[: m.end()].rstrip("\"'”’)]"))
        and not any(a <= m.start() < b - 1 for a, b in named)
    ]


def _stopped(line: str) -> str:
    if not line or line[-1] in ".!?…。！？":
        return line
    return f"{line.rstrip(',;:，；：')}{'。' if _is_han(line[-1]) else '.'}"


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _unquoted(line: str) -> str:
    inside = line[1:-1]
    closing = _QUOTES.get(line[:1], "")
    quoted = closing and len(line) > 1 and line.endswith(closing) and closing not in inside
    return inside.strip() if quoted else line

"""Render a situation or a reason brief as the chat that an instruction-following LLM reads.

Everything that a person or a catalogue wrote goes into the last message, quoted, with angle
brackets and control characters replaced one for one, so that no text can close its quotation or
spell a chat template's control token. Knows no model and no tokenizer.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.llm.base import Hint, ReasonBrief, Situation
from bot.pocket.prompt import value_words
from prompts import loader
from retrieval.types import Constraint, Facet, Schema

MAX_MESSAGE = 4000
MAX_SAID = 400
MAX_TITLE = 80
MAX_SHOWN = 20
MAX_FACETS = 40
MAX_VALUES = 24
MAX_VALUE = 40
MAX_HINTS = 20
MAX_TEXT = 1200
_NONE = "none"
_LOOKALIKES = {ord("<"): "‹", ord(">"): "›"}


@dataclass(frozen=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


Chat = tuple[Message, ...]


def plain(text: str) -> str:
    """Return a text as data: control characters become spaces, angle brackets look-alikes.

    Every character stands for one of the original, so that offsets stay valid.
    """
    return "".join(c if c.isprintable() else " " for c in text).translate(_LOOKALIKES)


def facet_names(schema: Schema) -> tuple[str, ...]:
    """Return the facets that a reading may name: all but themes, at most `MAX_FACETS`."""
    return tuple(f.name for f in _nameable(schema))


def number_facets(schema: Schema) -> tuple[str, ...]:
    """Return the number facets that a reading may name."""
    return tuple(f.name for f in _nameable(schema) if f.kind == "number")


def reading_chat(
    situation: Situation, examples: bool = True, message_limit: int = MAX_MESSAGE
) -> Chat:
    """Return the chat that asks for a reading.

    Parameters
    ----------
    examples
        Whether worked examples come first.
    message_limit
        Characters of the message that are kept, from its start.
    """
    shots = loader.examples("reading_examples") if examples else ()
    turn = loader.load("situation")
    chat = [Message("system", loader.load("reading").text)]
    for shot in shots:
        given = {gap: str(shot[gap]) for gap in turn.gaps}
        chat.append(Message("user", turn.fill(**given)))
        chat.append(Message("assistant", compact(shot["answer"])))
    values = _situation_values(situation, message_limit)
    return (*chat, Message("user", turn.fill(**values)))


def reason_chat(brief: ReasonBrief, examples: bool = True, text_limit: int = MAX_TEXT) -> Chat:
    """Return the chat that asks for a reason.

    Parameters
    ----------
    examples
        Whether worked examples come first.
    text_limit
        Characters of the item's description that are kept, at most `MAX_TEXT`.
    """
    shots = loader.examples("reason_examples") if examples else ()
    turn = loader.load("brief")
    chat = [Message("system", loader.load("reason").text)]
    for shot in shots:
        given = {gap: str(shot[gap]) for gap in turn.gaps}
        chat.append(Message("user", turn.fill(**given)))
        chat.append(Message("assistant", str(shot["reason"])))
    values = {
        "item": plain(brief.item[:MAX_VALUE]),
        "language": plain(brief.language[:MAX_VALUE]),
        "title": _quoted(brief.title, 200),
        "met": _pairs(brief.met[:12]),
        "wish": _listed(brief.wish[:8]),
        "liked": _listed(brief.liked[:5]),
        "facts": _pairs(brief.facts[:12]),
        "text": plain(brief.text[: min(text_limit, MAX_TEXT)]) or _NONE,
    }
    return (*chat, Message("user", turn.fill(**values)))


def compact(value: object) -> str:
    """Return JSON without spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _nameable(schema: Schema) -> tuple[Facet, ...]:
    fit = (f for f in schema.facets if f.kind != "tags" and 0 < len(f.name) <= 100)
    return tuple(fit)[:MAX_FACETS]


def _situation_values(situation: Situation, message_limit: int) -> dict[str, str]:
    shown = situation.shown[:MAX_SHOWN]
    said = situation.said[-MAX_SAID:]
    return {
        "facets": "\n".join(map(_facet, _nameable(situation.schema))) or _NONE,
        "said": _quoted(said, MAX_SAID) if said.strip() else _NONE,
        "held": _joined(map(_held, situation.state)),
        "shown": _joined(f"#{i} {_quoted(t, MAX_TITLE)}" for i, t in enumerate(shown, 1)),
        "names": _joined(_hint(situation, h) for h in situation.hints[:MAX_HINTS]),
        "message": _quoted(situation.text, message_limit),
    }


def _facet(facet: Facet) -> str:
    kind = f"{facet.kind}, {facet.unit}" if facet.unit else facet.kind
    line = f"- {plain(facet.name)} ({plain(kind)})"
    if facet.description:
        line += f" {plain(facet.description[:120])}"
    if facet.kind == "number":
        ways = [("down", facet.less), ("up", facet.more)]
        return line + "".join(f"; {way}: {_bare(words[:4])}" for way, words in ways if words)
    return f"{line}: {_bare(facet.values[:MAX_VALUES])}" if facet.values else line


def _held(held: Constraint) -> str:
    return f"{plain(held.facet)} {held.op} {_quoted(value_words(held), 120)}"


def _hint(situation: Situation, hint: Hint) -> str:
    words = _quoted(situation.text[hint.start : hint.end], MAX_TITLE)
    if hint.facet is None:
        return f"{words} is a title"
    return f"{words} is {plain(hint.facet)} {_quoted(hint.value, MAX_TITLE)}"


def _bare(words: Sequence[str]) -> str:
    return ", ".join(plain(w[:MAX_VALUE]) for w in words)


def _quoted(text: str, limit: int) -> str:
    return json.dumps(plain(text[:limit]), ensure_ascii=False)


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts) or _NONE


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return _joined(f"{plain(name)} {_quoted(words, 120)}" for name, words in pairs)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(_quoted(w, 120) for w in words) or _NONE

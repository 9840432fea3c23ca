"""Hold an LLM's answer against the message: only what was really said becomes a reading.

Free texts must occur in the message (or, for items, in a title shown), else they are dropped;
facets, operators and item numbers must exist. Knows no model, and nothing of the catalogue's items.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from bot.llm.base import Situation
from bot.llm.errors import UnusableAnswer
from bot.llm.rendering import facet_names, number_facets, plain
from bot.llm.shape import ROLES
from bot.pocket.prompt import value_words
from bot.reading import Added, Compared, Reading, Removed
from bot.types import Act, Direction
from retrieval.types import Constraint, Op

MAX_TEXT = 200
_TRIM = " \t\n\"'`“”‘’«».,;:!?。，；：！？、"
_NUMBER = re.compile(r"#([1-9][0-9]?)")
_KEYS = frozenset(Reading.model_fields)
_LISTS = {"add": Mapping, "remove": Mapping, "relative": Mapping}


def faults(answer: Mapping[str, Any] | None, situation: Situation) -> tuple[str, ...]:
    """Return what is wrong with an answer's form, in words for the LLM; empty where nothing is."""
    if answer is None:
        return ("it holds no JSON object",)
    found = [f"there is no key {key!r}" for key in answer if key not in _KEYS][:3]
    if answer.get("act") not in get_args(Act):
        found.append('"act" is not one of the acts')
    for key, value in answer.items():
        if key in ("act", "count") or key not in _KEYS:
            continue
        kind = _LISTS.get(key, str)
        if value is not None and not (
            isinstance(value, list) and all(isinstance(v, kind) for v in value)
        ):
            found.append(f'"{key}" is not a list of {"objects" if kind is Mapping else "texts"}')
    facets = facet_names(situation.schema)
    named = [e.get("facet") for e in _entries(answer, "add")]
    found += [f"{name!r} is not a facet" for name in named if name not in facets][:3]
    return tuple(found)


def ground(answer: Mapping[str, Any] | None, situation: Situation) -> Reading:
    """Return the reading that an answer gives, without what it made up.

    Parameters
    ----------
    answer
        A JSON object; parts that do not fit the form are dropped like those that were not said.

    Raises
    ------
    UnusableAnswer
        If there is no object or its act is none of the acts.
    """
    act: Any = answer.get("act") if answer is not None else None
    if answer is None or act not in get_args(Act):
        raise UnusableAnswer(
            f"expected a reading with one of the acts {', '.join(get_args(Act))}; the model "
            f"answered with the act {act!r}; use a model that follows instructions better"
        )
    said = _Said(situation)
    parts: dict[str, Any] = {role: _unique(map(said.item, _texts(answer, role))) for role in ROLES}
    parts |= {k: _unique(map(said.words, _texts(answer, k))) for k in ("wish", "avoid")}
    facets = facet_names(situation.schema)
    return Reading(
        act=act,
        add=_unique(said.added(e) for e in _entries(answer, "add")),
        remove=_unique(said.removed(e) for e in _entries(answer, "remove")),
        relative=_unique(said.compared(e) for e in _entries(answer, "relative")),
        asks=_unique(a for a in _texts(answer, "asks") if a in facets or a == "text"),
        count=said.words(answer.get("count")),
        **parts,
    )


class _Said:
    """What was said and shown in one situation."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._message = _folded(situation.text)
        self._titles = [_folded(t) for t in situation.shown]

    def words(self, text: object) -> str | None:
        """Return the stretch of the message that a text repeats, or None; whole words first."""
        span = self._find(text)
        return _speakable(self._situation.text[span[0] : span[1]]) if span else None

    def item(self, text: object) -> str | None:
        """Return an item reference: `#n`, `#all`, words of the message, or a title shown."""
        reference = self._reference(text)
        if reference or not isinstance(text, str):
            return reference
        if words := self.words(text):
            return words
        wanted = _folded(text.strip(_TRIM))
        named = [i for i, t in enumerate(self._titles) if len(wanted) > 2 and wanted in t]
        if len(named) == 1:
            return f"#{named[0] + 1}"
        return _speakable(text.strip(_TRIM)[:MAX_TEXT]) if named else None

    def added(self, entry: Mapping[str, Any]) -> Added | None:
        """Return a constraint whose value was said, or is a shown item's own."""
        facet = self._situation.schema.facet(str(entry.get("facet")))
        op: Any = entry.get("op")
        if facet is None or facet.name not in facet_names(self._situation.schema):
            return None
        if op not in get_args(Op):
            return None
        if facet.kind != "number" and op != "!=":
            op = "="
        text = entry.get("text")
        words = self._reference(text) if text != "#all" else None
        words = words or self.words(text) or self._hinted(facet.name, text)
        return Added(facet=facet.name, op=op, text=words) if words else None

    def removed(self, entry: Mapping[str, Any]) -> Removed | None:
        """Return the withdrawal of a wish that is held."""
        held = [c for c in self._situation.state if c.facet == entry.get("facet")]
        value = entry.get("value")
        if not held:
            return None
        if value is None:
            return Removed(facet=held[0].facet)
        known = {_folded(w): w for c in held for w in (*_values(c), value_words(c))}
        word = known.get(_folded(str(value).strip(_TRIM)))
        return Removed(facet=held[0].facet, value=word[:MAX_TEXT]) if word else None

    def compared(self, entry: Mapping[str, Any]) -> Compared | None:
        """Return a number wish without a number."""
        facet: Any = entry.get("facet")
        direction: Any = entry.get("direction")
        words = self.words(entry.get("text"))
        if facet not in number_facets(self._situation.schema) or not words:
            return None
        if direction not in get_args(Direction):
            return None
        anchor = self._reference(entry.get("anchor"))
        anchor = None if anchor == "#all" else anchor
        return Compared(facet=facet, direction=direction, text=words, anchor=anchor)

    def _find(self, text: object) -> tuple[int, int] | None:
        wanted = _folded(text.strip(_TRIM)) if isinstance(text, str) else ""
        if not wanted or len(wanted) > MAX_TEXT:
            return None
        whole = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", self._message)
        start = whole.start() if whole else self._message.find(wanted)
        return (start, start + len(wanted)) if start >= 0 else None

    def _reference(self, text: object) -> str | None:
        if not isinstance(text, str) or not self._titles:
            return None
        found = _NUMBER.fullmatch(text.strip())
        if found and int(found[1]) <= len(self._titles):
            return text.strip()
        return "#all" if text.strip() == "#all" else None

    def _hinted(self, facet: str, value: object) -> str | None:
        """Return the words that stand for a value that the LLM wrote as the catalogue does."""
        for hint in self._situation.hints:
            if hint.facet == facet and hint.value.lower() == str(value).strip(_TRIM).lower():
                return _speakable(self._situation.text[hint.start : hint.end][:MAX_TEXT])
        return None


def _speakable(words: str) -> str | None:
    """Return words that are not empty and valid Unicode; half a surrogate can be no reading."""
    return words if words and not any("\ud800" <= c <= "\udfff" for c in words) else None


def _folded(text: str) -> str:
    """Return a text as the LLM saw it, in lower case, every character in its place."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in plain(text))


def _values(held: Constraint) -> tuple[str, ...]:
    return (
        tuple(v for v in held.value if isinstance(v, str)) if isinstance(held.value, tuple) else ()
    )


def _texts(answer: Mapping[str, Any], key: str) -> Iterable[str]:
    value = answer.get(key)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else ()


def _entries(answer: Mapping[str, Any], key: str) -> Iterable[Mapping[str, Any]]:
    value = answer.get(key)
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else ()


def _unique(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(f for f in found if f))

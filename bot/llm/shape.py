"""The JSON Schema of a reading for one catalogue and situation, and JSON out of an answer's text.

Two forms: a lean one, where empty keys are left out and lengths are bounded, for decoding that we
constrain ourselves; and a strict one for endpoints, where every key is required and only the
keywords are used that OpenAI's structured outputs know. Knows no model.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import Any, get_args

from pydantic_core import from_json

from bot.llm.base import Situation
from bot.llm.rendering import MAX_SHOWN, facet_names, number_facets
from bot.reading import Role
from bot.types import Act, Direction
from retrieval.types import Op

JsonSchema = dict[str, Any]
ROLES: tuple[str, ...] = get_args(Role)
MAX_SPAN = 120
MAX_ADDED = 12
MAX_LISTED = 8
MAX_STARTS = 20
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


def reading_schema(situation: Situation, strict: bool = False) -> JsonSchema:
    """Return the JSON Schema of this situation's readings.

    Facets are those of the catalogue that can be named, item numbers those shown; keys that have
    nothing to name are missing. Keys are in the order in which they should be generated.

    Parameters
    ----------
    strict
        Whether every key is required (what would be left out is null or empty) and lengths of
        texts are not bounded.
    """
    facets, numbers = facet_names(situation.schema), number_facets(situation.schema)
    shown = [f"#{i + 1}" for i in range(min(len(situation.shown), MAX_SHOWN))]
    text: JsonSchema = {"type": "string"} if strict else {"type": "string", "maxLength": MAX_SPAN}
    optional: JsonSchema = {"type": ["string", "null"]} if strict else text
    keys: dict[str, JsonSchema] = {"act": _one_of(get_args(Act))}
    if facets:
        op = _one_of(get_args(Op))
        added = _object({"facet": _one_of(facets), "op": op, "text": text})
        keys["add"] = _array(added, MAX_ADDED)
    if facets and situation.state:
        removed = {"facet": _one_of(facets), "value": optional}
        keys["remove"] = _array(_object(removed, () if strict else ("value",)), MAX_LISTED)
    if numbers:
        compared = {"facet": _one_of(numbers), "direction": _one_of(get_args(Direction))}
        compared["text"] = text
        if shown:
            compared["anchor"] = _one_of((*shown, None) if strict else shown)
        keys["relative"] = _array(_object(compared, () if strict else ("anchor",)), MAX_LISTED)
    keys |= {role: _array(text, MAX_LISTED) for role in ROLES}
    keys["asks"] = _array(_one_of((*facets, "text")), MAX_LISTED)
    keys["count"] = optional
    keys |= {name: _array(text, MAX_LISTED) for name in ("wish", "avoid")}
    return _object(keys, () if strict else tuple(k for k in keys if k != "act"))


def _object(properties: Mapping[str, JsonSchema], optional: Sequence[str] = ()) -> JsonSchema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _one_of(names: Sequence[str | None]) -> JsonSchema:
    kind = ["string", "null"] if None in names else "string"
    return {"type": kind, "enum": list(dict.fromkeys(names))}


def _array(items: JsonSchema, most: int) -> JsonSchema:
    return {"type": "array", "items": items, "maxItems": most}


def parse_object(answer: str) -> Mapping[str, Any] | None:
    """Return the JSON object in an answer, or None where there is none.

    Thoughts and words around it are passed over; an object with an act is preferred. One that was
    cut off keeps what was complete.
    """
    text = _THOUGHT.sub("", answer)
    starts = [m.start() for m in islice(re.finditer(r"\{", text), MAX_STARTS)]
    whole = [found for s in starts if (found := _whole(text, s)) is not None]
    cut = (_cut_off(text[s:]) for s in starts)
    candidates = chain(whole, (c for c in cut if c is not None))
    return next((c for c in candidates if "act" in c), whole[0] if whole else None)


def _whole(text: str, start: int) -> Mapping[str, Any] | None:
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _cut_off(text: str) -> Mapping[str, Any] | None:
    try:
        found = from_json(text, allow_partial=True)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

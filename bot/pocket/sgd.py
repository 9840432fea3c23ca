"""Schema-Guided Dialogue turned into situations and readings through its own schemas.

Human-paraphrased messages over services with named, described slots: what teaches the model to
read a facet from its name. Data: Rastogi et al. 2020 (CC BY-SA 4.0). Services of the domains
that the test sets keep unseen are left out.
"""

import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.llm.base import Hint, Situation
from bot.reading import Reading
from retrieval.types import Constraint, Facet, Schema

UNSEEN = ("Restaurants", "RentalCars", "RideSharing", "Banks", "Payment", "Alarm", "Calendar")
NUMERIC = ("number", "price", "count", "rating", "size", "fare", "rent", "year", "_of_", "cost")


def load_schemas(path: Path) -> dict[str, Schema]:
    """Read the services' schemas; slots with possible values are categories."""
    schemas = {}
    for service in json.loads(path.read_text(encoding="utf-8")):
        facets = []
        for slot in service["slots"]:
            values = tuple(v for v in slot["possible_values"] if v not in ("True", "False"))
            number = any(w in slot["name"] for w in NUMERIC) and not slot["is_categorical"]
            facets.append(
                Facet(
                    name=slot["name"],
                    kind="number" if number else "category",
                    description=slot["description"],
                    values=() if number else values,
                )
            )
        schemas[service["service_name"]] = Schema(service["service_name"], tuple(facets))
    return schemas


def _title_slot(service: str) -> str | None:
    if service.startswith(("Movies", "Media")):
        return {"Movies_1": "movie_name", "Movies_3": "movie_title"}.get(service, "title")
    return {"Music_1": "song_name", "Hotels_1": "hotel_name", "Events_1": "event_name"}.get(service)


def _value(utterance: str, values: list[str]) -> str | None:
    lowered = utterance.lower()
    for value in values:
        at = lowered.find(value.lower())
        if at >= 0:
            return utterance[at : at + len(value)]
    return None


class _Unsaid(Exception):
    """A turn that a recommender's reading has no slot for, or a value not said word for word."""


def _informed(
    action: Mapping[str, Any], text: str, schema: Schema, title: str | None, gold: dict[str, Any]
) -> None:
    slot, values = action["slot"], action["values"]
    if not slot or slot == "intent":
        return
    words = _value(text, values)
    if words is None and values == ["dontcare"]:
        return
    if words is None or schema.facet(slot) is None or values[0] in ("True", "False"):
        raise _Unsaid
    if slot == title:
        gold.setdefault("refers", []).append(words)
    else:
        gold.setdefault("add", []).append({"facet": slot, "op": "=", "text": words})


def _act(kinds: Sequence[str], gold: Mapping[str, Any], offered: bool) -> str:
    if "REQUEST" in kinds:
        return "answer"
    if "SELECT" in kinds and offered and not gold.get("add"):
        return "accept"
    parting = {"GOODBYE", "THANK_YOU"} & set(kinds)
    return "smalltalk" if parting and len(kinds) <= 2 and not gold else "recommend"


def _read(
    turn: Mapping[str, Any], schema: Schema, offered: tuple[str, ...], title: str | None
) -> Reading | None:
    """Return what a user's turn means, or None where it cannot be converted."""
    actions = turn["frames"][0]["actions"]
    kinds = [action["act"] for action in actions]
    if any(kind.startswith(("NEGATE", "AFFIRM")) for kind in kinds):
        return None
    gold: dict[str, Any] = {}
    try:
        for action in actions:
            if action["act"] == "INFORM":
                _informed(action, turn["utterance"], schema, title, gold)
            elif action["act"] == "REQUEST":
                if schema.facet(action["slot"]) is None:
                    return None
                gold.setdefault("asks", []).append(action["slot"])
    except _Unsaid:
        return None
    act = _act(kinds, gold, bool(offered))
    if act in ("accept", "answer") and offered:
        gold["refers"] = ["#1"]
    if act == "recommend" and not gold:
        return None
    unique = {k: list(dict.fromkeys(v)) if k != "add" else v for k, v in gold.items()}
    return Reading.model_validate({"act": act, **unique})


def _hints(text: str, reading: Reading, title: str | None, rng: random.Random) -> tuple[Hint, ...]:
    found = []
    for added in reading.add:
        at = text.find(added.text)
        if at >= 0 and rng.random() < 0.6:
            found.append(Hint(at, at + len(added.text), added.facet, added.text))
    for words in reading.refers:
        at = text.find(words)
        if title and at >= 0 and rng.random() < 0.6:
            found.append(Hint(at, at + len(words), None, words))
    return tuple(found)


def messages(
    dialogues: Path, schemas: Mapping[str, Schema], seed: int
) -> Iterator[tuple[Situation, Reading]]:
    """Yield the convertible user turns of a gzipped JSONL of dialogues, in file order.

    A turn is left out when a value is not said in it word for word, or when it means something
    that a recommender's reading has no slot for.
    """
    rng = random.Random(seed)
    with gzip.open(dialogues, "rt", encoding="utf-8") as lines:
        for line in lines:
            talk = json.loads(line)
            if any(s.startswith(UNSEEN) for s in talk["services"]) or len(talk["services"]) > 1:
                continue
            yield from _dialogue(talk, schemas, rng)


def _dialogue(
    talk: Mapping[str, Any], schemas: Mapping[str, Schema], rng: random.Random
) -> Iterator[tuple[Situation, Reading]]:
    service = talk["services"][0]
    schema = schemas.get(service)
    if schema is None:
        return
    title = _title_slot(service)
    said = ""
    offered: tuple[str, ...] = ()
    state: tuple[Constraint, ...] = ()
    for turn in talk["turns"]:
        frame = turn["frames"][0]
        if turn["speaker"] == "SYSTEM":
            said = turn["utterance"]
            named = [
                a["values"][0]
                for a in frame["actions"]
                if a["act"] in ("OFFER", "CONFIRM") and a["slot"] == title and a["values"]
            ]
            offered = tuple(named) or offered
            continue
        reading = _read(turn, schema, offered, title)
        held = frame.get("state", {}).get("slot_values", {})
        if reading is not None:
            facets = list(schema.facets)
            rng.shuffle(facets)
            used = {a.facet for a in reading.add} | set(reading.asks)
            kept = [f for f in facets if f.name in used or rng.random() < 0.7][:9]
            kept += [f for f in facets if f.name in used and f not in kept]
            yield (
                Situation(
                    schema=Schema(schema.name, tuple(kept)),
                    text=turn["utterance"],
                    said=said,
                    state=state,
                    shown=offered,
                    hints=_hints(turn["utterance"], reading, title, rng),
                ),
                reading,
            )
        state = tuple(Constraint(k, "=", (str(v[0]),)) for k, v in list(held.items())[:5] if v)

"""Schema-Guided Dialogue turned into situations and readings through its own schemas.

Human-paraphrased messages over services with named, described slots: what teaches the model to
read a facet from its name. Data: Rastogi et al. 2020 (CC BY-SA 4.0). Services of the domains
that the test sets keep unseen are left out.
"""

import gzip
import json
import random
from collections.abc import Iterator, Mapping
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


def _read(
    turn: Mapping[str, Any], schema: Schema, offered: tuple[str, ...], title: str | None
) -> Reading | None:
    frame = turn["frames"][0]
    text = turn["utterance"]
    gold: dict[str, Any] = {}
    act = "recommend"
    for action in frame["actions"]:
        kind, slot = action["act"], action["slot"]
        if kind == "INFORM" and slot and slot != "intent":
            if action["values"] and action["values"][0] in ("True", "False"):
                return None
            words = _value(text, action["values"])
            if words is None and action["values"] == ["dontcare"]:
                continue
            if words is None or schema.facet(slot) is None:
                return None
            if slot == title:
                gold.setdefault("refers", []).append(words)
            else:
                gold.setdefault("add", []).append({"facet": slot, "op": "=", "text": words})
        elif kind == "REQUEST":
            act = "answer"
            if schema.facet(slot) is None:
                return None
            gold.setdefault("asks", []).append(slot)
            if offered:
                gold["refers"] = ["#1"]
        elif kind == "SELECT":
            act = "accept" if act == "recommend" and offered and not gold.get("add") else act
        elif kind in ("GOODBYE", "THANK_YOU"):
            act = "smalltalk" if len(frame["actions"]) <= 2 and not gold else act
        elif kind.startswith(("NEGATE", "AFFIRM")):
            return None
    if act == "accept" and offered:
        gold["refers"] = ["#1"]
    if act == "recommend" and not gold:
        return None
    for key in ("refers", "asks"):
        if key in gold:
            gold[key] = list(dict.fromkeys(gold[key]))
    return Reading.model_validate({"act": act, **gold})


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
    said, offered, state = "", (), ()
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

"""CrossWOZ turned into situations and readings: Chinese messages about hotels and attractions.

Facets are named in Chinese or in English by turns. Data: Zhu et al. 2020 (Apache-2.0).
Restaurants are left out, because a test set keeps that domain unseen.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.llm.base import Situation
from bot.reading import Reading
from retrieval.types import Facet, FacetKind, Op, Schema

# Chinese slot → English facet, kind, unit, values.
SLOTS: Mapping[str, tuple[str, FacetKind, str, tuple[str, ...]]] = {
    "价格": ("price", "number", "yuan", ()),
    "酒店类型": ("hotel_type", "category", "", ("舒适型", "经济型", "高档型", "豪华型")),
    "门票": ("ticket_price", "number", "yuan", ()),
    "游玩时间": ("visit_duration", "number", "hours", ()),
    "评分": ("rating", "number", "stars", ()),
    "电话": ("phone", "category", "", ()),
    "地址": ("address", "category", "", ()),
    "周边景点": ("nearby_attractions", "category", "", ()),
    "周边餐馆": ("nearby_restaurants", "category", "", ()),
    "周边酒店": ("nearby_hotels", "category", "", ()),
}
DOMAINS = {
    "酒店": ("hotels", ("价格", "酒店类型", "评分", "电话", "地址", "周边景点", "周边餐馆")),
    "景点": ("attractions", ("门票", "游玩时间", "评分", "电话", "地址", "周边酒店", "周边餐馆")),
}


class _Unsaid(Exception):
    """A turn of another domain, or a value not said word for word."""


def _names(domain: str, rng: random.Random) -> dict[str, str]:
    english = rng.random() < 0.6
    return {slot: SLOTS[slot][0] if english else slot for slot in DOMAINS[domain][1]}


def _schema(domain: str, names: Mapping[str, str], rng: random.Random) -> Schema:
    slots = list(DOMAINS[domain][1])
    rng.shuffle(slots)
    rows = [(names[slot], SLOTS[slot]) for slot in slots]
    facets = (Facet(name=n, kind=s[1], unit=s[2], values=s[3]) for n, s in rows)
    return Schema(DOMAINS[domain][0], tuple(facets))


def _quantity(text: str, value: str) -> tuple[Op, str]:
    """Return the operator and the words of a number value as the text says it."""
    numbers = re.findall(r"\d+(?:\.\d+)?", value)
    if not numbers:
        if value in text:
            return "=", value
        raise _Unsaid
    if len(numbers) == 2:
        found = re.search(
            rf"{numbers[0]}\s*\S{{0,3}}\s*[-~到至—]+\s*{numbers[1]}\s*(?:元|块|分|小时)?", text
        )
        if found is None:
            raise _Unsaid
        return "<>", found.group(0).strip()
    found = re.search(
        rf"(?<![\d.]){re.escape(numbers[0])}(?![\d.])\s*(?:元|块|分|小时|个小时)?", text
    )
    if found is None:
        raise _Unsaid
    after = text[found.end() : found.end() + 4]
    op: Op = "="
    if "以上" in value or re.match(r"(?:及|或)?以上", after):
        op = ">="
    elif "以下" in value or re.match(r"(?:及|或)?(?:以下|以内)", after):
        op = "<="
    elif re.match(r"左右|上下", after):
        op = "~"
    return op, found.group(0).strip()


@dataclass
class _Heard:
    """What one turn's annotation says, in a recommender's terms."""

    add: list[dict[str, str]] = field(default_factory=list)
    refers: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    wish: list[str] = field(default_factory=list)
    wanted: bool = False

    def take(self, act: Sequence[str], text: str, names: Mapping[str, str]) -> None:
        """Take in one dialogue act."""
        kind, _, slot, value = act
        if kind == "Inform" and slot == "名称":
            self.refers.append(value)
        elif kind == "Inform" and slot.startswith("酒店设施-"):
            self.wish.append(slot.split("-", 1)[1])
        elif kind == "Inform" and slot in names:
            op, words = _quantity(text, value) if SLOTS[slot][1] == "number" else ("=", value)
            self.add.append({"facet": names[slot], "op": op, "text": words})
        elif kind == "Request" and slot == "名称" or kind == "Select":
            self.wanted = True
        elif kind == "Request" and slot in names:
            self.asks.append(names[slot])
        elif kind != "General":
            raise _Unsaid

    def reading(self, text: str, shown: Sequence[str], about: bool) -> Reading:
        """Return the reading; `about` tells whether the turn is about any domain."""
        said = [*self.refers, *self.wish, *(one["text"] for one in self.add)]
        if any(words not in text for words in said):
            raise _Unsaid
        asks = self.asks if not self.wanted else []
        if asks and not self.refers and shown:
            self.refers = ["#1" if len(shown) == 1 else "#all"]
        if about and not (asks or self.wanted or self.add or self.refers):
            raise _Unsaid
        act = "answer" if asks else "recommend" if about or self.wanted else "smalltalk"
        return Reading.model_validate(
            {
                "act": act,
                "add": self.add,
                "refers": self.refers,
                "asks": asks,
                "wish": self.wish,
            }
        )


def _turn(
    text: str, acts: Sequence[Sequence[str]], shown: Sequence[str], rng: random.Random
) -> tuple[Schema, Reading]:
    """Return the schema and reading of one annotated turn.

    Raises
    ------
    _Unsaid
        If the annotation cannot be said in a recommender's reading.
    """
    domains = {a[1] for a in acts if a[0] in ("Inform", "Request")}
    if len(domains) > 1 or not domains <= set(DOMAINS):
        raise _Unsaid
    domain = domains.pop() if domains else rng.choice(list(DOMAINS))
    names = _names(domain, rng)
    heard = _Heard()
    for act in acts:
        heard.take(act, text, names)
    about = any(a[0] != "General" for a in acts)
    return _schema(domain, names, rng), heard.reading(text, shown, about)


def messages(path: Path, seed: int) -> Iterator[tuple[Situation, Reading]]:
    """Yield the users' messages of a CrossWOZ file that a recommender's reading can say."""
    rng = random.Random(seed)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        talks: Mapping[str, Any] = json.load(file)
    for talk in talks.values():
        said, shown = "", list[str]()
        for message in talk["messages"]:
            text, acts = message["content"].strip(), message["dialog_act"]
            if message["role"] != "usr":
                named = [a[3] for a in acts if a[0] == "Inform" and a[2] == "名称"]
                said, shown = text, list(dict.fromkeys(named))[:5] or shown
                continue
            try:
                schema, reading = _turn(text, acts, shown, rng)
            except _Unsaid:
                continue
            yield Situation(schema=schema, text=text, said=said, shown=tuple(shown)), reading

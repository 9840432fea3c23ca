"""A message being composed: what it will say, and its parts of one facet each."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.pocket.generator import spans
from bot.pocket.generator.lexicon import Domain, FacetWords, Frame
from retrieval.types import Constraint, Op

OPS: dict[str, Op] = {"below": "<=", "above": ">=", "about": "~", "exact": "=", "between": "<>"}


class Unfit(Exception):
    """The frame does not fit the drawn domain or context; draw another."""


@dataclass
class Draft:
    """What one message is going to say, filled while its slots are expanded.

    `said`, `shown` and `state` are its context; `labels` maps a span's index to where its text
    belongs in the gold object.
    """

    domain: Domain
    rng: random.Random
    frame: Frame
    shown: list[str] = field(default_factory=list)
    state: list[Constraint] = field(default_factory=list)
    focus: int | None = None
    labels: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    gold: dict[str, list[object]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    last_category: FacetWords | None = None
    hidden: list[tuple[str | None, str, str]] = field(default_factory=list)

    def span(self, text: str, slot: str, *rest: str) -> str:
        """Return the text marked as a span that fills a slot of the gold object."""
        self.labels.append((slot, rest))
        return spans.mark(len(self.labels) - 1, text)

    def add(self, slot: str, value: object) -> None:
        """Add a value that has no span."""
        self.gold.setdefault(slot, []).append(value)


def pick_facet(draft: Draft, facets: Sequence[FacetWords]) -> FacetWords:
    """Return a facet not yet used in the message, if there is one."""
    fresh = [f for f in facets if f.name not in draft.used] or list(facets)
    if not fresh:
        raise Unfit
    chosen = draft.rng.choice(fresh)
    draft.used.add(chosen.name)
    return chosen


def spoken(draft: Draft, facet: FacetWords, value: str, pre: bool = False) -> str:
    """Return one way to say a value."""
    forms = (facet.raw.get("pre_forms") or {}).get(value) if pre else None
    if forms:
        return str(draft.rng.choice(forms))
    said = facet.values[value]
    return said[0] if draft.rng.random() < 0.5 else draft.rng.choice(said)


def value_of(draft: Draft, facet: FacetWords, op: Op = "=", pre: bool = False) -> str:
    """Return a value of a facet, marked as a constraint."""
    if not facet.values:
        raise Unfit
    value = draft.rng.choice(list(facet.values))
    text = spoken(draft, facet, value, pre)
    if facet.kind == "people" and draft.rng.random() < 0.2 and " " in text:
        text = text.split()[-1]
    draft.hidden.append((facet.name, value, text))
    return draft.span(text, "add", facet.name, op)


def _number(draft: Draft, facet: FacetWords) -> float:
    rng = draft.rng
    low, high = (float(v) for v in (facet.raw.get("range") or [1, 100])[:2])
    if facet.unit == "year" or facet.name.endswith("year"):
        return rng.randint(int(low), int(high))
    number = rng.uniform(low, high)
    if high <= 12 and rng.random() < 0.3:
        return round(number, 1)
    step = 10 ** max(0, len(str(int(abs(number)))) - 2)
    return round(number / step) * step if rng.random() < 0.8 else round(number)


def amount_of(draft: Draft, facet: FacetWords, number: float | None = None) -> str:
    """Return a quantity of a facet as people say it."""
    rng = draft.rng
    phrases = facet.phrases("phrases")
    if phrases and number is None and rng.random() < 0.6:
        return rng.choice(list(phrases))
    amount = _number(draft, facet) if number is None else number
    form = rng.choice(list(facet.phrases("quantities")) or ["{n}"])

    def fill(match: re.Match[str]) -> str:
        divisor = match.group(1)
        value = amount / float(divisor) if divisor else amount
        return f"{value:,.0f}" if value >= 10_000 and rng.random() < 0.4 else f"{value:.4g}"

    return re.sub(r"\{n(?:/([\d.]+))?\}", fill, form)


def number_phrase(draft: Draft, facet: FacetWords) -> str:
    """Return a phrase such as "under two hours", its quantity marked."""
    rng = draft.rng
    roll = rng.random()
    ranges, since = facet.phrases("ranges"), facet.phrases("since")
    if ranges and roll < 0.45:
        text = rng.choice(list(ranges))
        head = "the " if text.startswith("the ") else ""
        body = draft.span(text[len(head) :], "add", facet.name, "<>")
        return rng.choice(("from ", "from ", "of ", "in ")) + head + body
    if since and roll < 0.55:
        text = rng.choice(list(since))
        head = "the " if text.startswith("the ") else ""
        return f"from {head}" + draft.span(text[len(head) :], "add", facet.name, ">=")
    keys = [k for k in OPS if facet.phrases(k)]
    if not keys:
        raise Unfit
    weights = {"below": 5, "above": 3, "about": 2, "exact": 3, "between": 2}
    key = rng.choices(keys, [weights[k] for k in keys])[0]
    phrase = rng.choice(list(facet.phrases(key)))
    if key == "between":
        low, high = sorted((_number(draft, facet), _number(draft, facet)))
        first, second = amount_of(draft, facet, low), amount_of(draft, facet, high)
        match = re.search(r"\{a\}.*\{b\}", phrase)
        if not match:
            raise Unfit
        body = match.group(0).replace("{a}", first).replace("{b}", second)
        marked = draft.span(body, "add", facet.name, "<>")
        return phrase[: match.start()] + marked + phrase[match.end() :]
    marked = draft.span(amount_of(draft, facet), "add", facet.name, OPS[key])
    return phrase.replace("{q}", marked).replace("{n}", marked)


def modifier(draft: Draft, facets: Sequence[FacetWords] | None = None) -> str:
    """Return one wish as a phrase that follows the noun."""
    choices = [
        f
        for f in (facets or draft.domain.facets)
        if f.kind == "number" or f.phrases("post") or f.kind == "people"
    ]
    facet = pick_facet(draft, choices)
    if facet.kind == "number":
        return number_phrase(draft, facet)
    phrase = draft.rng.choice(list(facet.phrases("post")) or ["with {v}"])
    return phrase.replace("{v}", value_of(draft, facet))

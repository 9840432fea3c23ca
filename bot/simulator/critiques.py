"""What simulated people say of the items in sight: too long, too old, not that, more like this.

Every critique is relative to what is looked for, so following it leads nearer to it.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.simulator.mind import Moment
from bot.simulator.types import Change, ChangeKind, Move, MoveKind, Wish
from bot.simulator.words import key_of, say, tables
from bot.simulator.world import number
from bot.voice.phrasing import phrases
from retrieval.constraints import values_of
from retrieval.types import Constraint, Facet, Item

_NOTICED = 0.1  # a smaller part of the quartiles' distance is no reason for a critique
_ANCHORED = 0.4  # how often a critique compares with one of the items
_ALIKE = 0.3  # least closeness of an item that is called close
_THAN = ("er", "more", "less")  # how comparatives end
_HATED = 3.0  # how much more likely what is hated is spoken of


def critique(now: Moment) -> Move | None:
    """Return "shorter", or "cheaper than the second one"; None where nothing differs so."""
    plain = tuple(_plain(now))
    anchored = tuple(_anchored(now))
    options = anchored if anchored and now.random.random() < _ANCHORED else plain or anchored
    if not options:
        return None
    facet, up, item = now.random.choice(options)
    word = _comparative(facet, up, item is not None, now)
    if item is None:
        key = "phrase" if " " in word else "single"
        text = say(now.random, "critique", key, word=word)
        pivot = statistics.median(_numbers(facet, now.mind.sight))
    else:
        key = "than_phrase" if " " in word else "than"
        text = say(now.random, "critique", key, word=word, ref=now.place(item))
        pivot = number(item, facet.name) or 0.0
    beyond = Constraint(
        facet.name, ">=" if up else "<=", math.nextafter(pivot, math.inf if up else -math.inf)
    )
    anchor = item.id if item else ""
    change = Change("number", facet.name, up=up, pivot=pivot, anchor=anchor)
    wish = Wish(word, facet.name, beyond)
    return Move("critique", text, (wish,), points_at=anchor or None, expects=(change,))


def _plain(now: Moment) -> Iterator[tuple[Facet, bool, Item | None]]:
    """Yield (facet, upwards, None) where the target is beyond all items in sight."""
    for facet, value in _measured(now):
        shown = _numbers(facet, now.mind.sight)
        if shown and (value < min(shown) or value > max(shown)):
            yield facet, value > max(shown), None


def _anchored(now: Moment) -> Iterator[tuple[Facet, bool, Item | None]]:
    """Yield (facet, upwards, item) where the target clearly differs from an item in sight."""
    for facet, value in _measured(now):
        for item in now.mind.sight:
            own = number(item, facet.name)
            if own is not None and abs(own - value) > _NOTICED * now.world.spread(facet.name):
                yield facet, value > own, item


def _measured(now: Moment) -> Iterator[tuple[Facet, float]]:
    for facet in now.world.schema.facets:
        value = number(now.target, facet.name)
        if facet.kind == "number" and value is not None:
            yield facet, value


def _numbers(facet: Facet, items: Sequence[Item]) -> list[float]:
    return [n for item in items if (n := number(item, facet.name)) is not None]


def _comparative(facet: Facet, up: bool, than: bool, now: Moment) -> str:
    """Return one of the facet's own comparatives that no other facet shares.

    Before "than" it must be one by its form: "older" or "more classic", not "vintage".
    """
    others = {
        word
        for other in now.world.schema.facets
        if other.name != facet.name
        for word in (*other.less, *other.more)
    }
    words = [word for word in (facet.more if up else facet.less) if word not in others]
    if than:
        words = [w for w in words if any(part.endswith(_THAN) for part in w.split())]
    if words:
        return now.random.choice(words)
    line: str = tables()["critique"]["higher" if up else "lower"]
    return line.format(noun=phrases("en").facet(facet))


def without(now: Moment) -> Move | None:
    """Return "no horror": a value that items in sight have and the target has not."""
    held = {(w.facet, w.constraint.value) for w in now.mind.standing if w.constraint}
    counts: Counter[tuple[str, str]] = Counter()
    for facet in now.world.schema.facets:
        own = values_of(now.target.facts.get(facet.name))
        if facet.kind == "category" and own:
            values = (v for i in now.mind.sight for v in values_of(i.facts.get(facet.name)))
            counts.update(
                (facet.name, v) for v in values if v not in own and (facet.name, (v,)) not in held
            )
    if not counts:
        return None
    pairs = list(counts)
    weights = [counts[p] * (_HATED if p == now.person.hates else 1.0) for p in pairs]
    name, value = now.random.choices(pairs, weights)[0]
    text = say(now.random, "without", value=value)
    wish = Wish(f"no {value}", name, Constraint(name, "!=", (value,)))
    return Move("without", text, (wish,), expects=(Change("without", name, value),))


def similar(now: Moment) -> Move | None:
    """Return "more like the second one", of the nearest item in sight."""
    best = max(now.mind.sight, key=now.closeness, default=None)
    if best is None or now.closeness(best) < _ALIKE:
        return None
    text = say(now.random, "similar", ref=now.place(best))
    return Move("similar", text, points_at=best.id, expects=(likeness("nearer", best, now),))


def disliked(now: Moment) -> Move | None:
    """Return "the first one is not for me", of what is hated or farthest from the target."""
    if len(now.mind.sight) < 2:
        return None
    worst = min(now.mind.sight, key=lambda item: (not now.hated(item), now.closeness(item)))
    text = say(now.random, "disliked", ref=now.place(worst))
    return Move("disliked", text, points_at=worst.id, expects=(likeness("farther", worst, now),))


def likeness(kind: ChangeKind, anchor: Item, now: Moment) -> Change:
    """Return the change to be nearer to, or farther from, an item than those beside it were.

    Where it stood alone: than the catalogue is in the middle.
    """
    beside = [item for item in now.mind.sight if item.id != anchor.id]
    alike = [now.world.likeness(item, anchor) for item in beside or now.world.items.values()]
    pivot = statistics.mean(alike) if beside else statistics.median(alike)
    return Change(kind, anchor=anchor.id, pivot=pivot)


def question(now: Moment, item: Item, kind: MoveKind) -> Move | None:
    """Return a question about a fact of an item, or about its description.

    A `follow` is about the item that the question before was about, and calls it "it".
    """
    reference = "it" if kind == "follow" else now.place(item)
    facets: list[Facet | None] = [
        f
        for f in now.world.schema.facets
        if f.kind != "tags"
        and item.facts.get(f.name) not in (None, (), "")
        and (item.id, f.name) not in now.mind.asked
    ]
    if item.text and (item.id, "text") not in now.mind.asked:
        facets.append(None)
    if not facets:
        return None
    facet = now.random.choice(facets)
    if facet is None:
        text = say(now.random, "question", "text", ref=reference)
        return Move(kind, text, points_at=item.id, asks="text")
    key = key_of("question", facet.unit, facet.kind)
    text = say(now.random, "question", key, ref=reference, noun=phrases("en").facet(facet))
    return Move(kind, text, points_at=item.id, asks=facet.name)

"""A baseline that reads messages with keywords and regular expressions alone.

The embedded LLM's evaluation is compared with it: it sees the same situation, the catalogue's
hints and facets among them, and learns nothing. It writes no reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.llm.base import ReasonBrief, Situation
from bot.pocket.keywords.acts import asked_facets, asking, asking_words, forced, idle, taking
from bot.pocket.keywords.changes import changes, count_spot
from bot.pocket.keywords.degrees import Degree, degrees
from bot.pocket.keywords.free import free
from bot.pocket.keywords.item_roles import roles
from bot.pocket.keywords.items import items
from bot.pocket.keywords.message import Message, Spot
from bot.pocket.keywords.numbers import quantities
from bot.pocket.keywords.pointing import PRONOUN, Item
from bot.pocket.keywords.values import values
from bot.reading import Added, Compared, Reading, Removed
from bot.types import Act

LONGEST = 1000  # characters of a message that are read
BRIEF = 60  # characters of a message that may do no more than name an item


@dataclass(frozen=True)
class _Found:
    """What the rules find in a message, whatever its act; each in the order of the message."""

    items: tuple[Item, ...]
    add: tuple[Added, ...]
    remove: tuple[Removed, ...]
    compared: tuple[Degree, ...]
    count: Spot | None
    wish: tuple[str, ...]
    avoid: tuple[str, ...]

    @property
    def claims(self) -> bool:
        """Whether something is said of facets or of a number of items."""
        return bool(self.add or self.remove or self.compared or self.count)


class KeywordReader:
    """Reads messages by rules. Stateless, so safe to call from several threads."""

    name = "keywords"

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one reading for each situation, in order."""
        return tuple(_read(Message(_cut(situation))) for situation in situations)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return no reasons, so that they are composed from facts."""
        return tuple(() for _ in briefs)


def _cut(situation: Situation) -> Situation:
    """Return the situation with a message of bounded length: some rules take its square."""
    hints = tuple(h for h in situation.hints if h.end <= LONGEST)
    return replace(situation, text=situation.text[:LONGEST], hints=hints)


def _read(message: Message) -> Reading:
    act = forced(message)
    if act in ("decline", "handoff", "undo"):
        return Reading(act=act)
    found = _find(message)
    act = act or _act(message, found)
    role = roles(message, found.items, act or "recommend")
    if act is None and _names_only(message, found) and not any(role.values()):
        act = "accept"
        role = roles(message, found.items, act)
    if act is None:
        claims = found.claims or any(role.values())
        act = idle(message, claims, bool(found.wish or found.avoid))
    return _reading(message, act, role, found)


def _find(message: Message) -> _Found:
    """Return what a message holds; words that have a place are not looked at again."""
    pointed = items(message)
    count = count_spot(message)
    taken = [i.spot for i in pointed if len(message.words(i.spot)) > 2]
    taken += [count] if count else []
    said = quantities(message, taken)
    taken += [s.spot for s in said]
    known = values(message, taken)
    taken += [v.spot for v in known]
    measured = {s.facet for s in said}
    compared = [d for d in degrees(message, taken) if d.facet not in measured]
    wish, avoid = free(message, [*taken, *(d.spot for d in compared)])
    return _Found(
        tuple(pointed),
        *changes(message, said, known),
        tuple(compared),
        count,
        tuple(wish),
        tuple(avoid),
    )


def _act(message: Message, found: _Found) -> Act | None:
    """Return the act of a message that asks or picks, else None."""
    picks = taking(message) and not (found.add or found.remove)
    if picks and "?" not in message.low:
        return "accept"
    changed = any(d.direction in ("less", "more") for d in found.compared)
    act = None if changed and not asking_words(message) else asking(message, bool(found.items))
    return act or ("accept" if picks else None)


def _names_only(message: Message, found: _Found) -> bool:
    """Whether a message names a shown item and says little else: "the second, please"."""
    brief = len(message.low) < BRIEF and not found.claims and len(found.wish) < 3
    named = {
        i.ref for i in found.items if not PRONOUN.fullmatch(message.low, i.spot.start, i.spot.end)
    }
    return brief and any(ref.startswith("#") and ref != "#all" for ref in named)


def _reading(
    message: Message, act: Act, role: Mapping[str, Sequence[str]], found: _Found
) -> Reading:
    """Return the reading of an act with what it may carry."""
    if act in ("smalltalk", "clarify"):
        return Reading(act=act)
    if act == "explain":
        return Reading(act=act, refers=tuple(role["refers"]))
    if act in ("answer", "compare", "accept"):
        shown = message.situation.shown
        fields = dict(role)
        if not fields["refers"] and shown:
            fields["refers"] = ("#1",) if len(shown) == 1 else ("#all",) * (act == "compare")
        asks = asked_facets(message) if act != "accept" else []
        return Reading.model_validate({"act": act, "asks": asks, **fields})

    held: dict[str, object] = {
        "add": found.add,
        "count": message.words(found.count) if found.count else None,
        **role,
    }
    held["relative"] = [
        Compared(facet=d.facet, direction=d.direction, text=message.words(d.spot))
        for d in found.compared
    ]
    if act != "reset":
        held |= {"remove": found.remove, "wish": found.wish, "avoid": found.avoid}
    return Reading.model_validate({"act": act, **held})

"""What is said of an item, part by part: which facts and wishes, where, and which go together.

Knows parts, no phrases of several. English only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.voice.manner import Manner, Place, of_fact
from bot.voice.phrase import Phrase, words
from bot.voice.wish_manner import is_theme, is_thing, of_themes, of_things, of_wish
from retrieval.types import Facet

MOST = 5
FRONT = ("adjective", "number", "before")
_MOST_THINGS = 2
_MANY = 2  # from so many on, a language stands before the noun
_MOST_BEFORE = 2  # with more before a noun, one thing stands behind it
_CLOSE = ("by", "about", "for", "in", "from")  # first words, the closest to a noun first
_ENGLISH = frozenset({"American", "Australian", "British", "English", "Irish", "Scottish"})
_FROM = ("from", "from the")


@dataclass(frozen=True)
class Told:
    """One thing to be said: how, and of which facet (None for a free wish)."""

    manner: Manner
    facet: str | None = None


def told(
    pairs: Sequence[tuple[Facet, str]],
    wishes: Sequence[str],
    noun: str,
    works: bool,
) -> tuple[Told, ...]:
    """Return how facts and free wishes are said of an item, `MOST` of them; nothing twice."""
    found: list[Told] = []
    for facet, said in pairs:
        manner = of_fact(facet, said, noun)
        if manner is not None:
            found.append(Told(manner, facet.name))
    spoken = {said.lower() for _, said in pairs}
    free = [w for w in wishes if w.lower() not in spoken]
    things = [w for w in free if is_thing(w)]
    found += [Told(of_wish(w)) for w in free if w not in things]
    if works and found:
        things = [w for w in things if is_theme(w)]
    if things:
        most = things[:_MOST_THINGS]
        found += map(Told, of_themes(most) if works else (of_things(things[:1]),))
    return tuple(_one_number(_spoken(found[:MOST])))


def _one_number(parts: Sequence[Told]) -> list[Told]:
    """Return the parts with one number at most before the noun: "a 90-minute film from 1941".

    A year stands there only where the noun has something behind it and little before it.
    """
    numbers = ordered([p for p in parts if p.manner.place == "number"])
    front = sum(p.manner.place in FRONT for p in parts) - len(numbers)
    room = len(parts) > len(numbers) and front < _MOST_BEFORE
    first = next((p for p in numbers if verb(p) != "is" or room), None)
    return [_behind(p) if p in numbers and p is not first else p for p in parts]


def _spoken(parts: Sequence[Told]) -> list[Told]:
    """Return the parts with a language where it reads well, or not at all.

    It stands before the noun where something else stands behind it ("a French-language film about
    greed"), and is left out where the country says it ("a French film").
    """
    origins = [p for p in parts if p.manner.place == "before" and state(p)[0] in _FROM]
    own = {words(p.manner.phrase) for p in origins}
    own |= {"English"} if own & _ENGLISH else set()
    kept = [p for p in parts if not (_is_language(p) and words(state(p)[1:]) in own)]
    behind = sum(p.manner.place not in FRONT for p in kept)
    if behind < _MANY or origins:
        return kept
    return [_before(p) if _is_language(p) else p for p in kept]


def _is_language(part: Told) -> bool:
    return part.manner.phrase[0] == "in" and part.manner.alone is not None


def _before(part: Told) -> Told:
    """Return a language before the noun."""
    said = part.manner.alone or part.manner.phrase
    return replace(part, manner=replace(part.manner, place="before", phrase=said, rank=1))


def _behind(part: Told) -> Told:
    """Return a number that cannot stand before the noun."""
    said = part.manner.alone or part.manner.phrase
    place: Place = "behind" if said[0] in ("from", "at") else "tail"
    return replace(part, manner=replace(part.manner, place=place, phrase=said))


def core(parts: Sequence[Told]) -> list[Told]:
    """Return the parts that one noun carries well: those before it and one or two behind it.

    Two go together as in "about greed from 1962", "about cars by A", "by A, with B" and "for travel
    with 1 TB of storage"; other pairs are a chain.
    """
    front = [p for p in parts if p.manner.place in FRONT]
    kept = sorted((p for p in parts if p not in front), key=_closeness)
    second = next((p for p in kept[1:] if _go_together(kept[0], p)), None)
    return front + kept[:1] + ([second] if second and len(front) <= _MOST_BEFORE else [])


def _go_together(first: Told, second: Told) -> bool:
    if second.manner.place == "with":
        return first.manner.place in ("behind", "with")
    return (_lead(first), _lead(second)) in (("about", "from"), ("by", "about"), ("by", "from"))


def _lead(part: Told) -> str:
    return words(part.manner.phrase).partition(" ")[0]


def _closeness(part: Told) -> tuple[bool, int]:
    """Return an order of what stands behind a noun: makers and themes first, numbers last."""
    first = _lead(part)
    return not part.manner.named, _CLOSE.index(first) if first in _CLOSE else len(_CLOSE)


def ordered(parts: Sequence[Told]) -> list[Told]:
    """Return the parts of one place in the order in which they stand there."""
    return sorted(parts, key=lambda part: part.manner.rank)


def verb(part: Told) -> str:
    """Return the verb that an item's fact goes with; "is" where it goes with the noun alone."""
    first = part.manner.verbs[0][0] if part.manner.verbs else "is"
    return first if isinstance(first, str) else first.words


def state(part: Told) -> Phrase:
    """Return what follows "is"."""
    return part.manner.verbs[0][1:] if part.manner.verbs else part.manner.phrase


def needs_noun(part: Told) -> bool:
    """Tell whether a part can only be said with the noun: "it is a quiet film"."""
    return part.manner.place in ("adjective", "before") and verb(part) == "is"

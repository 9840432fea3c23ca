"""An item in a phrase: what was wished for, put together as a noun phrase or as a predicate.

"a tense science fiction film with no horror, 101 minutes long"; "runs 101 minutes and has no
horror".
Every word that carries a fact is one of the facts given. English only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.voice.manner import (
    Manner,
    Place,
    is_subject,
    is_thing,
    of_fact,
    of_themes,
    of_things,
    of_wish,
)
from bot.voice.phrase import Phrase, Said, article, is_plural, listed, words
from retrieval.types import Facet

MOST = 5
_MOST_THINGS = 2
_MANY = 2  # from so many on, "it is by … and from …" is better said of the noun
_MOST_BEFORE = 2  # with more before a noun, one thing stands behind it
_MOST_BEHIND = 2  # more of them is a chain: "from … by … about …"
_FRONT = ("adjective", "number", "before")
_CLOSE = ("by", "about", "for", "in", "from")  # first words, the closest to a noun first
_IS, _HAS = ("is", "are"), ("has", "have")
_KINDS = frozenset("comedy drama thriller western musical documentary mystery romance".split())
_WORKS = frozenset("film movie picture book novel story play album song show series".split())


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
    found = _one_number(found)
    spoken = {said.lower() for _, said in pairs}
    free = [w for w in wishes if w.lower() not in spoken]
    things = [w for w in free if is_thing(w)]
    found += [Told(of_wish(w)) for w in free if w not in things]
    if works and found:
        things = [w for w in things if is_subject(w)]
    if things:
        most = things[:_MOST_THINGS]
        found += map(Told, of_themes(most) if works else (of_things(things[:1]),))
    return tuple(found[:MOST])


def _one_number(parts: Sequence[Told]) -> list[Told]:
    """Return the parts with one number at most before the noun: "a 90-minute film from 1941"."""
    numbers = _ordered([p for p in parts if p.manner.place == "number"])
    first = next((p for p in numbers if _verb(p) != "is" or len(parts) > 1), None)
    return [_behind(p) if p in numbers and p is not first else p for p in parts]


def _behind(part: Told) -> Told:
    """Return a number that cannot stand before the noun."""
    said = part.manner.alone or part.manner.phrase
    place: Place = "behind" if said[0] in ("from", "at") else "tail"
    return replace(part, manner=replace(part.manner, place=place, phrase=said))


@dataclass(frozen=True)
class Portrait:
    """An item's noun and what is said of it.

    Parameters
    ----------
    noun
        What the item is called: "film", "headphones".
    parts
        What is said, in the order of importance.
    asked_noun
        Whether the person asked for what the noun says.
    """

    noun: str
    parts: tuple[Told, ...]
    asked_noun: bool = False

    @property
    def plural(self) -> bool:
        """Whether the noun is a plural."""
        return is_plural(self.noun)

    def noun_phrase(self, short: bool = False, bare: bool = False) -> Phrase:
        """Return "a tense thriller with no horror, 101 minutes long".

        Parameters
        ----------
        short
            Let a genre stand for the noun where it can ("a comedy" for "a comedy film").
        bare
            Leave the article out.
        """
        before = self._before()
        noun: Phrase = (self.noun,)
        if short and self.noun in _WORKS and (kind := self._kind()):
            before, noun = before[:-1], kind
        head = (*_joined(before), *noun, *self._behind())
        return head if self.plural or bare else (article(head), *head)

    def core(self, short: bool = False) -> Phrase:
        """Return the noun phrase of what one noun carries well: so "a film by A, with B"."""
        return Portrait(self.noun, tuple(_core(self.parts))).noun_phrase(short)

    def more(self) -> Phrase:
        """Return what `core` leaves out, as a predicate: "is by A and has B in the cast"."""
        kept = _core(self.parts)
        return self._predicate([p for p in self.parts if p not in kept], head=False)

    def asked(self, short: bool = False) -> Phrase:
        """Return the noun phrase of what the person named, in their words; () for nothing."""
        named = [
            replace(p, manner=replace(p.manner, phrase=p.manner.asked or p.manner.phrase))
            for p in self.parts
            if p.manner.named
        ]
        if not named and not self.asked_noun:
            return ()
        return Portrait(self.noun, tuple(_core(named))).noun_phrase(short)

    def rest(self) -> Phrase:
        """Return what the item has beyond `asked`: "runs 101 minutes"."""
        kept = _core([p for p in self.parts if p.manner.named])
        return self._predicate([p for p in self.parts if p not in kept], head=False)

    def predicate(self, short: bool = False) -> Phrase:
        """Return "is a tense science fiction film, runs 101 minutes and has no horror"."""
        return self._predicate(self.parts, head=True, short=short)

    def does(self) -> Phrase:
        """Return the predicate without the noun; () if something can only be said of the noun."""
        being = sum(_verb(part) == "is" for part in self.parts)
        if not self.parts or being >= _MANY or any(_needs_noun(p) for p in self.parts):
            return ()
        return self._predicate(self.parts, head=False)

    def _predicate(self, parts: Sequence[Told], head: bool, short: bool = False) -> Phrase:
        one = 1 if self.plural else 0
        being = [p for p in parts if _verb(p) == "is"]
        having = [p.manner.verbs[one][1:] for p in _ordered(parts) if p.manner.verbs and _has(p)]
        verbs: list[Phrase] = []
        if being and head and (len(being) >= _MANY or any(_needs_noun(p) for p in being)):
            phrase = Portrait(self.noun, tuple(being)).noun_phrase(short)
            verbs.append((_IS[one], *phrase))
        elif head and not parts:
            verbs.append((_IS[one], *self.noun_phrase()))
        elif being:
            verbs.append((_IS[one], *listed([_state(p) for p in _ordered(being)])))
        others = [p for p in _ordered(parts) if p not in being and not _has(p)]
        verbs += [p.manner.verbs[one] for p in others if p.manner.verbs]
        if having:
            verbs.append((_HAS[one], *listed(having)))
        return _clauses(verbs)

    def _before(self) -> list[Phrase]:
        of = self._of("adjective")
        adjectives = [p.manner.phrase for p in of]
        commas: list[Phrase] = [(*a, ",") for a in adjectives[:-1]] + adjectives[-1:]
        close = (*self._of("number"), *self._of("before"))
        return commas + [p.manner.phrase for p in close]

    def _kind(self) -> Phrase:
        """Return the genre that can stand for the noun, () if the last before it cannot."""
        last = self._of("before")[-1:]
        genre = (last[0].manner.alone or last[0].manner.phrase) if last else ()
        return genre if words(genre).lower() in _KINDS else ()

    def _behind(self) -> Phrase:
        phrase: Phrase = ()
        close = [p for p in self._of("behind") if not _denies(p)]
        far = close[: max(0, len(close) - _MOST_BEHIND)]
        for part in [p for p in self._of("behind") if p not in far]:
            both = words(phrase[-1:]).startswith("without ") and _denies(part)
            phrase += ("and", *part.manner.phrase) if both else part.manner.phrase
        parts = self._of("with")
        having = [_held(p) if len(parts) > 1 else p.manner.phrase for p in parts]
        if having:
            # "by A with B" would make B a maker, too, and "about A with B" part of the theme.
            phrase += (",",) if "by" in phrase or "about" in phrase else ()
            phrase += ("with", *listed(having))
        for part in (*self._of("tail"), *far):
            tail = part.manner.alone or part.manner.phrase
            phrase += (",", *part.manner.phrase) if phrase else _agreeing(tail, self.plural)
        return phrase

    def _of(self, place: str) -> list[Told]:
        return _ordered([p for p in self.parts if p.manner.place == place])


def _core(parts: Sequence[Told]) -> list[Told]:
    """Return the parts that one noun carries well: those before it and one or two behind it.

    Two go together as in "from Poland about greed", "by A, with B" and "for travel with 1 TB of
    storage"; other pairs are a chain.
    """
    front = [p for p in parts if p.manner.place in _FRONT]
    kept = sorted((p for p in parts if p not in front), key=_closeness)
    second = next((p for p in kept[1:] if _go_together(kept[0], p)), None)
    return front + kept[:1] + ([second] if second and len(front) <= _MOST_BEFORE else [])


def _go_together(first: Told, second: Told) -> bool:
    if second.manner.place == "with":
        return first.manner.place in ("behind", "with")
    return (_lead(first), _lead(second)) == ("about", "from")


def _lead(part: Told) -> str:
    return words(part.manner.phrase).partition(" ")[0]


def _closeness(part: Told) -> tuple[bool, int]:
    """Return an order of what stands behind a noun: makers and themes first, numbers last."""
    first = _lead(part)
    return not part.manner.named, _CLOSE.index(first) if first in _CLOSE else len(_CLOSE)


def _clauses(verbs: Sequence[Phrase]) -> Phrase:
    """Join predicates, by a comma before "and" where one of them holds an "and" of its own."""
    if len(verbs) < 2 or not any("and" in verb for verb in verbs):
        return listed(verbs)
    return (*_joined([(*verb, ",") for verb in verbs[:-1]]), "and", *verbs[-1])


def _ordered(parts: Sequence[Told]) -> list[Told]:
    return sorted(parts, key=lambda part: part.manner.rank)


def _verb(part: Told) -> str:
    """Return the verb that an item's fact goes with; "is" where it goes with the noun alone."""
    first = part.manner.verbs[0][0] if part.manner.verbs else "is"
    return first if isinstance(first, str) else first.words


def _state(part: Told) -> Phrase:
    """Return what follows "is"."""
    return part.manner.verbs[0][1:] if part.manner.verbs else part.manner.phrase


def _has(part: Told) -> bool:
    return _verb(part) == "has"


def _agreeing(tail: Phrase, plural: bool) -> Phrase:
    """Return "that weighs …" as "that weigh …" where many things are spoken of."""
    first = tail[0]
    if plural and isinstance(first, str) and first.startswith("that "):
        return (first.removesuffix("s"), *tail[1:])
    return tail


def _denies(part: Told) -> bool:
    return words(part.manner.phrase).startswith("without ")


def _held(part: Told) -> Phrase:
    """Return what an item has, as one of several: "Nick Nolte in the cast"."""
    return part.manner.verbs[0][1:] if part.manner.verbs and _has(part) else part.manner.phrase


def _needs_noun(part: Told) -> bool:
    return part.manner.place in ("adjective", "before")


def _joined(phrases: Sequence[Phrase]) -> Phrase:
    return tuple(part for phrase in phrases for part in phrase)


def saids(phrase: Phrase) -> tuple[str, ...]:
    """Return the exact words that a phrase repeats."""
    return tuple(part.words for part in phrase if isinstance(part, Said))

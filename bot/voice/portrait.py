"""An item in a phrase: what was wished for, put together as a noun phrase or as a predicate.

"a tense science fiction film with no horror, 101 minutes long"; "runs 101 minutes and has no
horror".
Every word that carries a fact is one of the facts given. English only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.voice.phrase import Phrase, Said, article, is_plural, listed, words
from bot.voice.told import Told, core, needs_noun, ordered, state, verb
from bot.voice.wish_manner import LABEL

_MANY = 2  # from so many on, "it is by … and from …" is better said of the noun
_MOST_BEHIND = 2  # more of them is a chain: "from … by … about …"
_MEASURES = ("runs", "costs", "weighs", "takes")
_IS, _HAS = ("is", "are"), ("has", "have")
_KINDS = frozenset("comedy drama thriller western musical documentary mystery romance".split())
_WORKS = frozenset("film movie picture book novel story play album song show series".split())


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
    def named_alone(self) -> bool:
        """Whether nothing is said but what the item is filed under."""
        return [p.manner.phrase[0] for p in self.parts] == [LABEL]

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

    def core(self, pointing: bool = False) -> Phrase:
        """Return the noun phrase of what one noun carries well: "a film by A, with B".

        `pointing` begins it with "this" or "these".
        """
        one = Portrait(self.noun, tuple(core(self.parts)))
        if not pointing:
            return one.noun_phrase(short=True)
        return ("these" if self.plural else "this", *one.noun_phrase(short=True, bare=True))

    def subject(self) -> Phrase:
        """Return what `tells` speaks of: "this Lenovo laptop", "this one"."""
        own = tuple(p for p in self.parts if needs_noun(p))
        if not own:
            return ("these",) if self.plural else ("this one",)
        head = Portrait(self.noun, own).noun_phrase(bare=True)
        return ("these" if self.plural else "this", *head)

    def tells(self) -> Phrase:
        """Return what can be said of `subject`: "costs $749 and runs Windows"; () for nothing."""
        return self._predicate([p for p in self.parts if not needs_noun(p)], head=False)

    def amount(self) -> Phrase:
        """Return the length, price or weight that is all there is to say; () otherwise."""
        only = self.parts[0].manner if len(self.parts) == 1 else None
        measured = only is not None and only.verbs and verb(self.parts[0]) in _MEASURES
        return only.verbs[0][1:] if only and only.verbs and measured else ()

    def more(self) -> Phrase:
        """Return what `core` leaves out, as a predicate: "is by A and has B in the cast"."""
        kept = core(self.parts)
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
        return Portrait(self.noun, tuple(core(named))).noun_phrase(short)

    def rest(self) -> Phrase:
        """Return what the item has beyond `asked`: "runs 101 minutes"."""
        kept = core([p for p in self.parts if p.manner.named])
        return self._predicate([p for p in self.parts if p not in kept], head=False)

    def predicate(self, short: bool = False) -> Phrase:
        """Return "is a tense science fiction film, runs 101 minutes and has no horror"."""
        return self._predicate(self.parts, head=True, short=short)

    def does(self) -> Phrase:
        """Return the predicate without the noun; () if something can only be said of the noun."""
        being = sum(verb(part) == "is" for part in self.parts)
        if not self.parts or being >= _MANY or any(needs_noun(p) for p in self.parts):
            return ()
        return self._predicate(self.parts, head=False)

    def _predicate(self, parts: Sequence[Told], head: bool, short: bool = False) -> Phrase:
        one = 1 if self.plural else 0
        being = [p for p in parts if verb(p) == "is"]
        having = [p.manner.verbs[one][1:] for p in ordered(parts) if p.manner.verbs and _has(p)]
        verbs: list[Phrase] = []
        if being and head and (len(being) >= _MANY or any(needs_noun(p) for p in being)):
            phrase = Portrait(self.noun, tuple(being)).noun_phrase(short)
            verbs.append((_IS[one], *phrase))
        elif head and not parts:
            verbs.append((_IS[one], *self.noun_phrase()))
        elif being:
            verbs.append((_IS[one], *listed([state(p) for p in ordered(being)])))
        others = [p for p in ordered(parts) if p not in being and not _has(p)]
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
        return ordered([p for p in self.parts if p.manner.place == place])


def _clauses(verbs: Sequence[Phrase]) -> Phrase:
    """Join predicates, by a comma before "and" where one of them holds an "and" of its own."""
    if len(verbs) < 2 or not any("and" in verb for verb in verbs):
        return listed(verbs)
    return (*_joined([(*verb, ",") for verb in verbs[:-1]]), "and", *verbs[-1])


def _has(part: Told) -> bool:
    return verb(part) == "has"


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


def _joined(phrases: Sequence[Phrase]) -> Phrase:
    return tuple(part for phrase in phrases for part in phrase)


def saids(phrase: Phrase) -> tuple[str, ...]:
    """Return the exact words that a phrase repeats."""
    return tuple(part.words for part in phrase if isinstance(part, Said))

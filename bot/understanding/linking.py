"""A reading, linked to the catalogue: spans become values, people, numbers and item ids.

What cannot be linked is kept in `unlinked`, so that it is told, and in the wish, so that it still
counts. Knows nothing of the wishes held so far but what a reference or an "or" needs.
"""

import re
from collections.abc import Iterable
from typing import TypeVar

from bot.checking.names import everyday
from bot.quantity.digits import lowered
from bot.quantity.quantities import count, factor
from bot.reading import Added, Compared, Reading
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation, Relative, Understood
from bot.understanding import naming, references
from bot.understanding.amounts import number_constraints
from bot.understanding.between import in_between
from bot.understanding.editions import edition, other_edition
from bot.understanding.glossary import in_english
from bot.understanding.joining import Placed, Worded, joined, place, without_compounds
from bot.understanding.likeness import of_a_kind, others
from bot.understanding.neither import neither
from bot.understanding.related import by_their_works
from bot.understanding.singled_out import the_most, the_one_with
from bot.understanding.things_named import not_a_title, passed_over
from bot.understanding.titles_said import title_said
from bot.understanding.values_named import linked, rarest, turned, value_of, young
from bot.understanding.withdrawing import taken_back
from bot.voice.wording import KINDS
from retrieval.types import Constraint, Facet, Op, Schema

T = TypeVar("T")

_CJK = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
_ONE = re.compile(r"\b(?:it|its|it's|this one|that one)\b|它|这部|那部|这款|那款")
_MANY = re.compile(r"\b(?:they|them|their|these|those|both|all|which|each|any)\b|们|哪|这些|都")
_TWICE = re.compile(r"\b(\w+)(?: \1\b)+", re.IGNORECASE)


def link(reading: Reading, text: str, conversation: Conversation, index: Catalogue) -> Understood:
    """Return what a message means in terms of the catalogue.

    Parameters
    ----------
    reading
        What an LLM read out of the message; its texts are spans of it, `#n` or `#all`.
    text
        The message.
    conversation
        The conversation before the message.
    index
        The catalogue.

    Returns
    -------
    Understood
        Values, names and titles as the catalogue has them. Several values that are alternatives
        ("comedies or dramas") share one constraint; values that must all hold have one each.
    """
    return _Linker(reading, text, conversation, index).understood()


def language_of(text: str, conversation: Conversation) -> str:
    """Return `zh` when Chinese dominates a text, else `en`; a text without words keeps on."""
    chinese, latin = len(_CJK.findall(text)), len(_LATIN.findall(text))
    if not chinese and not latin and conversation.history:
        return conversation.history[-1].reply.understood.language
    return "zh" if chinese > latin else "en"


class _Linker:
    """One message on its way through; collects what its parts yield."""

    def __init__(
        self, reading: Reading, text: str, conversation: Conversation, index: Catalogue
    ) -> None:
        reading, of_people = by_their_works(reading, text, index)
        reading, within, self._ends = in_between(reading, text, conversation, index)
        reading, one = other_edition(reading, text, conversation, index)
        if one is None:
            reading, one = the_most(reading, text, conversation, index)
        self._reading, self._text = reading, text
        self._one = (one,) if one else title_said(reading, text, index)
        self._conversation, self._index = conversation, index
        self._schema: Schema = index.schema
        self._constraints: list[Constraint] = [*of_people, *within]
        self._wish: list[str] = []
        self._avoid: list[str] = []
        self._unlinked: list[str] = []

    def understood(self) -> Understood:
        """Return all that could be linked, and the words that could not."""
        reading = self._reading
        self._add_all()
        relative = tuple(r for c in reading.relative if (r := self._relative(c)))
        for words in (
            *reading.wish,
            *passed_over(self._text, reading, self._constraints, self._index),
        ):
            self._theme(words, "=")
        for words in reading.avoid:
            self._theme(words, "!=")
        roles = {
            role: self._items(getattr(reading, role), role)
            for role in ("likes", "dislikes", "seen", "similar", "refers")
        }
        roles["refers"] = self._one or roles["refers"]
        named = (*roles["similar"], *roles["likes"], *roles["refers"])
        self._constraints += others(
            self._text, named, self._constraints, self._conversation, self._index
        )
        self._constraints += neither(lowered(self._text), self._conversation, self._schema)
        held = (*self._constraints, *self._conversation.wishes.constraints)
        self._constraints += of_a_kind((*roles["similar"], *self._ends), held, self._index)
        one = the_one_with(self._text, self._constraints, self._conversation, self._index)
        if one is not None and reading.act == "recommend":
            return Understood(act="answer", refers=(one,), language=self._language())
        asks = (a for a in reading.asks if a == "text" or self._schema.facet(a))
        return Understood(
            act=reading.act,
            add=_consistent(self._constraints),
            remove=taken_back(
                reading,
                self._text,
                self._conversation.wishes,
                self._constraints,
                self._wish,
                self._index,
            ),
            relative=_unique(relative),
            asks=_unique(asks),
            count=count(reading.count) if reading.count else None,
            wish=_unique(self._wish),
            avoid=_unique(self._avoid),
            unlinked=_unique(self._unlinked),
            language=self._language(),
            **roles,
        )

    def _language(self) -> str:
        return language_of(self._text, self._conversation)

    def _add_all(self) -> None:
        spans = place(self._text, [a.text for a in self._reading.add])
        numbers: list[tuple[Facet, Placed, Op]] = []
        worded: list[Worded] = []
        for added, span in zip(self._reading.add, spans, strict=True):
            facet = self._schema.facet(added.facet)
            op: Op = "!=" if added.op == "!=" else "="
            if facet is None:
                self._lost(added.text, op)
            elif facet.kind == "number":
                numbers.append((facet, span, added.op))
            else:
                for name, values, together in self._values(facet, added, op):
                    meant = turned(op, added.text, values)
                    worded.append((name, meant, span, values, together))
        worded, before = without_compounds(worded, self._text, self._index)
        self._wish += before
        self._constraints += joined(worded, self._text, self._conversation, self._index)
        constraints, lost = number_constraints(numbers, self._text, self._conversation, self._index)
        self._constraints += constraints
        for words in lost:
            self._lost(words, "=")

    def _lost(self, words: str, op: Op) -> None:
        """Keep words that name nothing in the catalogue."""
        if words.startswith("#"):
            return
        self._unlinked.append(words)
        (self._avoid if op == "!=" else self._wish).append(words)

    def _values(
        self, facet: Facet, added: Added, op: Op
    ) -> list[tuple[str, tuple[str, ...], bool]]:
        """Return (facet, values, whether all must hold) of a worded constraint."""
        fact = references.fact_of(added.text, facet.name, self._conversation, self._index)
        if isinstance(fact, str | tuple):
            return [(facet.name, (fact,) if isinstance(fact, str) else fact, False)]
        if facet.kind == "people":
            person = naming.person(added.text, self._index, facet.name)
            if person is not None:
                return [(person[0], (person[1],), False)]
        found = linked(facet, added.text, self._index)
        if found is None:
            self._lost(added.text, op)
            return []
        name, values = found
        if values.all and op == "!=":  # "no romcoms" spares other comedies
            return [(name, (rarest(self._schema, name, values.values),), False)]
        return [(name, values.values, values.all)]

    def _theme(self, words: str, op: Op) -> None:
        """Take a free phrase: as a value where it exactly is one, as a theme else."""
        words = self._respelled(_TWICE.sub(r"\1", in_english(words) or words))
        free = self._wish if op == "=" else self._avoid
        chosen = value_of(words, self._index, wanted=op == "=")
        held = chosen is not None and chosen[0].name in KINDS and self._held(chosen[0].name)
        if held and not (op == "=" and young(words)):
            chosen = None  # a theme changes no kind: "40 tabs open" on a laptop
        if chosen is None or chosen[0].kind == "tags":
            free.append(words)
        if chosen is None:
            return
        name, found = chosen[0].name, chosen[1]
        op = turned(op, words, found.values)
        if found.all and op == "!=":
            groups: list[tuple[str, ...]] = [(rarest(self._schema, name, found.values),)]
        else:
            groups = [(v,) for v in found.values] if found.all else [found.values]
        self._constraints += [Constraint(name, op, group) for group in groups]

    def _respelled(self, words: str) -> str:
        """Return a theme with its typos mended, where titles hold the words that were meant."""
        if any(f.kind == "people" for f in self._schema.facets):
            return words  # works are not called by what they are
        known = self._index.values
        parts = words.split(" ")
        return " ".join(w if everyday(w.lower()) else known.respelled(w) for w in parts)

    def _held(self, facet: str) -> bool:
        held = (*self._constraints, *self._conversation.wishes.constraints)
        return any(c.facet == facet for c in held)

    def _relative(self, compared: Compared) -> Relative | None:
        facet = self._schema.facet(compared.facet)
        if facet is None or facet.kind != "number":
            if compared.direction == "less":
                self._avoid.append(compared.text)
            else:
                self._theme(compared.text, "=")  # "with more action"
            return None
        anchor = compared.anchor
        ids = references.items(anchor, self._conversation, self._index) if anchor else ()
        one = ids[0] if len(ids) == 1 else None
        return Relative(facet.name, compared.direction, one, factor(compared.text))

    def _items(self, spoken: tuple[str, ...], role: str) -> tuple[str, ...]:
        found: list[str] = []
        for words in spoken:
            wanted = role == "refers" and self._reading.act == "recommend"
            if wanted and not_a_title(words, self._index):
                continue
            if words == "#all" and role == "refers" and self._speaks_of_one():
                continue
            one = edition(words, self._text, self._index)
            ids = (one,) if one else references.items(words, self._conversation, self._index)
            found += ids
            if not ids and not words.startswith("#"):
                self._no_such_title(words, role)
        return _unique(found)

    def _speaks_of_one(self) -> bool:
        """Whether "it" is said, and one item was last spoken of: that one is meant, not all."""
        text = lowered(self._text)
        one = _ONE.search(text) is not None and _MANY.search(text) is None
        return one and self._conversation.focus is not None

    def _no_such_title(self, words: str, role: str) -> None:
        """Keep what was taken for a title: a person's name, else words for the search."""
        person = naming.person(words, self._index) if " " in (in_english(words) or words) else None
        if person is not None and role in ("likes", "similar"):
            self._wish.append(person[1])
            return
        self._unlinked.append(words)
        if role in ("likes", "similar") or role == "refers" and self._reading.act == "recommend":
            self._wish.append(in_english(words) or words)


def _consistent(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Return the constraints without repeats, and without those that deny a wanted value."""
    found = _unique(constraints)
    wanted = {(c.facet, c.value) for c in found if c.op == "="}
    return tuple(c for c in found if c.op != "!=" or (c.facet, c.value) not in wanted)


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))

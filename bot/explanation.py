"""Reasons: what one may be written from, who writes it, and what is said if nothing holds.

The LLM writes several candidates for each item, the checker takes the first that is true; if
none is, they are written once more, and then a plain sentence is put together from the facts; so
too if the LLM cannot write at all. Knows no scores.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.checker import Mentioned, check
from bot.cleaning import clean_text, clean_title
from bot.llm.base import LLM, ReasonBrief
from bot.llm.errors import LLMError
from bot.matching import Matching
from bot.phrasing import Phrases, Seed, capital
from bot.types import Wishes
from retrieval.types import Constraint, Facet, Fact, Item, Schema

CANDIDATES = 3
_CJK = re.compile(r"[\u3400-\u9fff]")
_MOST_FACTS = 8
_MOST_PEOPLE = 3
_KINDS = ("kind", "type", "category")
_MOST_LIKED = 2
_PLAIN_FACTS = 2


class Values(Protocol):
    """What reasons need of a catalogue's value index."""

    def mentions(self, text: str) -> Sequence[Mentioned]:
        """Return what a text names."""
        ...


@dataclass(frozen=True)
class Case:
    """One item to be explained.

    Parameters
    ----------
    item
        The item.
    matching
        The wishes that it meets.
    liked
        Titles of liked items that it resembles, the nearest first.
    """

    item: Item
    matching: Matching
    liked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reason:
    """A reason that may be said; `generated` tells whether the LLM wrote it."""

    text: str
    generated: bool


def brief(case: Case, schema: Schema, speak: Phrases) -> ReasonBrief:
    """Return what the LLM gets to see for one item; its texts are cleaned and cut.

    Only wishes that the item meets are in it: an LLM says of every wish it sees that it is met.
    """
    item, matching = case.item, case.matching
    met = tuple((name, clean_title(words)) for name, words in (*matching.met, *matching.absent))
    return ReasonBrief(
        title=clean_title(item.title),
        item=_noun(item, schema),
        met=met,
        wish=matching.wish,
        liked=tuple(clean_title(t) for t in case.liked[:_MOST_LIKED]),
        facts=tuple(pair for pair in facts(item, schema, speak) if pair not in met),
        text=clean_text(item.text),
        language=speak.language,
    )


def _noun(item: Item, schema: Schema) -> str:
    """Return what the item is called: its kind where the catalogue has kinds, else its noun."""
    kind = next((item.facts.get(name) for name in _KINDS if schema.facet(name)), None)
    value = kind[0] if isinstance(kind, tuple) and len(kind) == 1 else kind
    return clean_title(value) if isinstance(value, str) else schema.item


def facts(item: Item, schema: Schema, speak: Phrases) -> tuple[tuple[str, str], ...]:
    """Return an item's known facts as (facet, words), in the schema's order, people cut short."""
    found = []
    for facet in schema.facets:
        words = speak.value(facet, _cut(facet, item))
        if words and facet.kind != "tags":
            found.append((facet.name, clean_title(words)))
    return tuple(found[:_MOST_FACTS])


def _cut(facet: Facet, item: Item) -> Fact:
    fact = item.facts.get(facet.name)
    return fact[:_MOST_PEOPLE] if isinstance(fact, tuple) and facet.kind == "people" else fact


def reasons(
    cases: Sequence[Case],
    wishes: Wishes,
    schema: Schema,
    llm: LLM,
    values: Values,
    speak: Phrases,
    seed: Seed,
) -> tuple[Reason, ...]:
    """Return one true reason for each item, in order.

    Parameters
    ----------
    cases
        The items, with the wishes they meet.
    wishes
        What the person wants; their words may be repeated.
    schema
        The catalogue's schema.
    llm
        Writes the candidates, all items in one call, and once more where none was true.
    values
        The catalogue's value index, for names that are not written as such.
    speak
        The wordings of the person's language, for the plain sentence.
    seed
        Varies the plain sentences.
    """
    briefs = [brief(case, schema, speak) for case in cases]
    found: dict[int, str] = {}
    for _ in range(2):
        missing = [n for n in range(len(cases)) if n not in found]
        if not missing:
            break
        try:
            written = llm.write([briefs[n] for n in missing], CANDIDATES)
        except LLMError:
            break  # the items are chosen already; plain sentences are better than no answer
        for n, texts in zip(missing, written, strict=True):
            said = _first_true(texts, cases[n], wishes, schema, values, speak, set(found.values()))
            if said:
                found[n] = said
    return tuple(
        Reason(found[n] if n in found else _plain(case, schema, speak, seed, n), n in found)
        for n, case in enumerate(cases)
    )


def _first_true(
    texts: Sequence[str],
    case: Case,
    wishes: Wishes,
    schema: Schema,
    values: Values,
    speak: Phrases,
    taken: set[str],
) -> str | None:
    """Return the first candidate that is true and not yet said of another item."""
    allowed = (*wishes.wish, *wishes.avoid, *_limits(wishes), *case.liked)
    for text in texts:
        said = capital(" ".join(text.split()))
        if said in taken or not in_language(said, speak.language):
            continue
        if not check(said, case.item, schema, allowed, values.mentions(said)):
            return said
    return None


def in_language(text: str, language: str) -> bool:
    """Tell whether a text is written in a language, by its script."""
    return (_CJK.search(text) is not None) == (language == "zh")


def _limits(wishes: Wishes) -> tuple[str, ...]:
    """Return the numbers of the wishes as words that a reason may repeat ("your 120 minutes")."""
    numbers: list[str] = []
    for constraint in wishes.constraints:
        value = constraint.value
        parts: Sequence[object] = value if isinstance(value, tuple) else (value,)
        numbers.extend(f"{p:g}" for p in parts if isinstance(p, int | float))
    return tuple(numbers)


def _plain(case: Case, schema: Schema, speak: Phrases, seed: Seed, place: int) -> str:
    """Return a sentence made of the wishes met and facts alone.

    Items of one reply are told apart by their place, so that they are not worded alike.
    """
    own = Seed(seed.session, seed.turn + place)
    parts = []
    met = [words for _, words in case.matching.met] + list(case.matching.wish)
    met += [words for _, words in case.matching.absent]
    if met:
        key = "met_all" if len(met) > 1 and (seed.turn + place) % 3 == 2 else "met"
        parts.append(speak.say(key, own, "reason", met=speak.join(met)))
    if case.liked:
        titles = speak.join([speak.quote(title) for title in case.liked[:_MOST_LIKED]])
        parts.append(speak.say("liked", own, "reason", titles=titles))
    rest = _telling(case, schema, speak)
    if rest and len(parts) < 2:
        listed = speak.join(rest[:_PLAIN_FACTS], "comma")
        parts.append(speak.say("facts", own, "reason", facts=listed))
    if not parts:
        parts.append(speak.say("nothing", own, "reason"))
    gap = " " if speak.language == "en" else ""
    return gap.join(capital(clean_title(part)) for part in parts)


def _telling(case: Case, schema: Schema, speak: Phrases) -> list[str]:
    """Return facts that the wishes do not name: what kind of thing it is, who made it, numbers.

    The year is left out: it stands beside the title.
    """
    named = {name for name, _ in case.matching.met}
    found = []
    for kind in ("category", "people", "number"):
        facets = (f for f in schema.facets if f.kind == kind and f.unit != "year")
        facet = next(facets, None)
        fact = _cut(facet, case.item) if facet else None
        if facet is None or not fact or facet.name in named:
            continue
        if kind == "people":
            held = fact if isinstance(fact, tuple) else (str(fact),)
            found.append(speak.constraint(Constraint(facet.name, "=", held), schema, "and"))
        else:
            found.append(speak.value(facet, fact))
    return found

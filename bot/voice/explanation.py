"""Reasons: what one may be written from, who writes it, and what is said if nothing holds.

The LLM writes several candidates for each item, the checker takes the first that is true; if
none is, they are written once more, and then a plain sentence is put together from the facts; so
too if the LLM cannot write at all. Knows no scores.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.checking.checker import Mentioned, check
from bot.checking.cleaning import clean_text, clean_title
from bot.llm.base import LLM
from bot.llm.errors import LLMError
from bot.types import Wishes
from bot.voice.briefing import FacetedBrief
from bot.voice.free_words import turned
from bot.voice.matching import Matching
from bot.voice.phrasing import Phrases, Seed, capital
from bot.voice.plain_reason import plain_reason
from bot.voice.wording import GENERIC, KINDS, handy
from retrieval.types import Facet, Fact, Item, Schema

CANDIDATES = 3
_CJK = re.compile(r"[\u3400-\u9fff]")
_MOST_FACTS = 8
_MOST_PEOPLE = 3
_MOST_LIKED = 2
# How it is said that an item is not what was unwanted, where "no …" would be wrong.
_NOT = {"brand": "not from", "director": "not by", "country": "not from", "language": "not in"}


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
    """A reason that may be said; `generated` tells whether the LLM wrote it.

    `rejected` counts what the LLM wrote for the same item and is not true.
    """

    text: str
    generated: bool
    rejected: int = 0


def brief(case: Case, schema: Schema, speak: Phrases) -> FacetedBrief:
    """Return what the LLM gets to see for one item; its texts are cleaned and cut.

    Only wishes that the item meets are in it: an LLM says of every wish it sees that it is met.
    What it is not is said where there is nothing else to say of it.
    """
    item, matching = case.item, case.matching
    wanted = matching.met if matching.met or matching.wish else matching.absent[:1]
    met = tuple(
        (name, _worded(words, schema.facet(name), speak))
        for name, joined in wanted
        for words in _parted(joined, schema.facet(name), speak)
    )
    return FacetedBrief(
        title=clean_title(item.title),
        item=_noun(item, schema, speak),
        met=met,
        wish=tuple(map(turned, matching.wish)),
        liked=tuple(clean_title(t) for t in case.liked[:_MOST_LIKED]),
        facts=tuple(pair for pair in facts(item, schema, speak) if pair not in met),
        text=clean_text(item.text),
        language=speak.language,
        facets=schema.facets,
    )


def _parted(words: str, facet: Facet | None, speak: Phrases) -> Sequence[str]:
    """Return a list's values apart, as English says them: "a crime comedy", "by A, with B"."""
    whole = facet is None or facet.kind == "number" or words.startswith(("no ", "without "))
    if whole or speak.language != "en":
        return (words,)
    return words.split(str(speak.tables["grammar"]["comma"]))


def _worded(words: str, facet: Facet | None, speak: Phrases) -> str:
    """Return a fact's words as they stand in a sentence: a list with "and", a handy unit."""
    words = clean_title(words)
    if facet is None or facet.kind == "number":
        return handy(words)
    start = next((s for s in ("no ", "without ", "nothing ") if words.startswith(s)), "")
    if start and facet.name in _NOT:
        return f"{_NOT[facet.name]} {words.removeprefix(start)}"
    if start == "nothing ":
        return f"no {words.removeprefix(start)}"
    comma = str(speak.tables["grammar"]["comma"])
    return speak.join(words.split(comma)) if comma in words else words


def _noun(item: Item, schema: Schema, speak: Phrases) -> str:
    """Return what the item is called: its kind where the catalogue has kinds, else its noun.

    A catalogue of hotels calls them hotels, whatever their kind: "a business hotel". Of two facets
    that say kinds neither is the noun: one has "Home Furnishing", one "Eyelet".
    """
    if schema.item.lower() not in GENERIC:
        return schema.item
    facets = [name for name in KINDS if schema.facet(name)]
    kind = item.facts.get(facets[0]) if len(facets) == 1 else None
    value = kind[0] if isinstance(kind, tuple) and len(kind) == 1 else kind
    return clean_title(speak.one_value(value)) if isinstance(value, str) else schema.item


def facts(item: Item, schema: Schema, speak: Phrases) -> tuple[tuple[str, str], ...]:
    """Return an item's known facts as (facet, words), in the schema's order, people cut short."""
    found = []
    for facet in schema.facets:
        words = speak.value(facet, _cut(facet, item))
        if words and facet.kind != "tags":
            found.append((facet.name, _worded(words, facet, speak)))
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
    rejected = [0] * len(cases)
    for _ in range(2):
        missing = [n for n in range(len(cases)) if n not in found]
        if not missing:
            break
        try:
            written = llm.write([briefs[n] for n in missing], CANDIDATES)
        except LLMError:
            break  # the items are chosen already; plain sentences are better than no answer
        for n, texts in zip(missing, written, strict=True):
            order = _varied(texts, found.values())
            taken = set(found.values())
            said, false = _first_true(order, cases[n], wishes, schema, values, speak, taken)
            rejected[n] += false
            if said:
                found[n] = said
    return tuple(
        Reason(
            found[n] if n in found else _plain(briefs[n], schema, speak, seed, n),
            n in found,
            rejected[n],
        )
        for n in range(len(cases))
    )


def _varied(texts: Sequence[str], said: Iterable[str]) -> list[str]:
    """Return candidates with those first that begin unlike what is said of the other items."""
    openings = {_opening(text) for text in said}
    return sorted(texts, key=lambda text: _opening(text) in openings)


def _opening(text: str) -> str:
    return " ".join(text.lower().split()[:2])


def _first_true(
    texts: Sequence[str],
    case: Case,
    wishes: Wishes,
    schema: Schema,
    values: Values,
    speak: Phrases,
    taken: set[str],
) -> tuple[str | None, int]:
    """Return the first candidate that is true and not yet said of another item.

    With it comes how many before it were not true.
    """
    rejected = 0
    allowed = (*wishes.wish, *wishes.avoid, *_limits(wishes), *case.liked)
    for text in texts:
        said = capital(" ".join(text.split()))
        if said in taken or not in_language(said, speak.language):
            continue
        if not check(said, case.item, schema, allowed, values.mentions(said)):
            return said, rejected
        rejected += 1
    return None, rejected


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


def _plain(brief: FacetedBrief, schema: Schema, speak: Phrases, seed: Seed, place: int) -> str:
    """Return a reason of wishes met and facts alone, worded by the item's place in the reply."""
    kind = brief.item if brief.item != schema.item else ""
    own = Seed(seed.session, seed.turn + place)
    return clean_title(plain_reason(brief, kind, schema, speak, own))

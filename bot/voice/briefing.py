"""A brief that knows its catalogue's facets, and the portraits that a brief gives of its item.

A plain `ReasonBrief` (from a file of cases, say) is read by the names of its facets alone.
"""

from dataclasses import dataclass

from bot.llm.base import ReasonBrief
from bot.voice.facet_names import MAKERS, PERFORMERS
from bot.voice.manner import guessed, says_noun
from bot.voice.portrait import Portrait
from bot.voice.told import told
from retrieval.types import Facet

_MOST_FACTS = 2
# A fact tells most about an item when it says what kind it is and who made it.
_TELLING = ("category", "people", "number")
_ELSEWHERE = frozenset({"year"})  # units of facts that stand beside the title


@dataclass(frozen=True)
class FacetedBrief(ReasonBrief):
    """A brief with the facets of its catalogue."""

    facets: tuple[Facet, ...] = ()


def facet_of(brief: ReasonBrief, name: str, words: str) -> Facet:
    """Return the facet of a fact: the schema's, or what name and words suggest."""
    known = brief.facets if isinstance(brief, FacetedBrief) else ()
    return next((f for f in known if f.name == name), None) or guessed(name, words)


def are_works(brief: ReasonBrief) -> bool:
    """Tell whether the items are works: whether their catalogue names people."""
    if isinstance(brief, FacetedBrief):
        return any(f.kind == "people" for f in brief.facets)
    return any(name in PERFORMERS | MAKERS for name, _ in (*brief.met, *brief.facts))


def wished(brief: ReasonBrief) -> Portrait:
    """Return the portrait of the wishes that an item meets."""
    pairs = [(facet_of(brief, name, words), words) for name, words in brief.met[:6]]
    parts = told(pairs, brief.wish[:4], brief.item, are_works(brief))
    return Portrait(brief.item, parts, any(says_noun(w, brief.item) for _, w in pairs))


_TALLIES = ("count", "votes", "reviews", "ratings")  # how many people said something of an item


def telling(brief: ReasonBrief, most: int = _MOST_FACTS) -> tuple[tuple[Facet, str], ...]:
    """Return the facts that tell most among those that nobody asked for: what kind, who made it.

    The year is left out: it stands beside the title; so is what the noun says already.
    """
    named = {name for name, _ in brief.met}
    first: dict[str, tuple[Facet, str]] = {}
    for name, words in brief.facts[:8]:
        facet = facet_of(brief, name, words)
        plain = facet.unit not in _ELSEWHERE and "," not in words and facet.kind in _TELLING
        plain = plain and not name.endswith(_TALLIES)
        if plain and name not in named and not says_noun(words, brief.item):
            first.setdefault(facet.kind, (facet, words))
    return tuple(first[kind] for kind in _TELLING if kind in first)[:most]


def known(brief: ReasonBrief, most: int = _MOST_FACTS) -> Portrait:
    """Return the portrait of the facts that tell most."""
    return Portrait(brief.item, told(telling(brief, most), (), brief.item, False))

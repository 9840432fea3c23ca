"""Facets that say yes or no, which people name by what they say: "with a garden", "no steps".

The model looks for a value's words, and finds none: "waterproof" stands in the facet's name. Knows
no model.
"""

import re
from collections.abc import Sequence

from bot.llm.base import Situation
from bot.pocket.polarity import denied
from bot.reading import Added, Reading
from retrieval.facts import yes_of
from retrieval.inference import FLAGGED
from retrieval.types import Facet
from retrieval.words import stem

# Words of a facet's name that do not say what it is about.
_EMPTY = frozenset(
    """is has have can be with included including allowed available availability needed required
    provided possible optional friendly kit type free hand only own made""".split()
)
_LATIN, _HAN = re.compile(r"[a-z]+"), re.compile(r"[\u3400-\u9fff]+")
_SHORTEST = 3
_INDIFFERENT = re.compile(
    r"\b(?:(?:do|does|did)(?:n['’]?t| not) (?:really )?(?:need|mind|care about|matter)"
    r"|needn['’]?t|forget(?: about)?|never ?mind|drop|lose|scrap|skip|if (?:it|they) ha(?:s|ve)"
    r"|with or without)\s+(?:(?:the|a|an|any|that|to|have|be)\s+)*$|(?:不需要|不用|无所谓)$",
    re.IGNORECASE,
)
_UNCARED = re.compile(
    r"[^.;!?]{0,12}\b(?:or not|(?:i|we) (?:could|could ?n['’]?t|do ?n['’]?t) care"
    r"|(?:does|do) ?n['’]?t matter|no longer matters?|无所谓)",
    re.IGNORECASE,
)
_LEFT = re.compile(r"\w+")


def says(facet: Facet, text: str) -> bool:
    """Tell whether words name a facet of yes and no by a word of its name."""
    return _spoken(facet, text) is not None


def flagged(situation: Situation, reading: Reading) -> list[Added]:
    """Return the constraints on facets of yes and no that a message names and nobody read.

    Only where one such facet has the word, and where it is not said to be all the same.
    """
    facets = [f for f in situation.schema.facets if _is_flag(f)]
    if reading.act not in ("recommend", "clarify") or not facets:
        return []
    settled = {a.facet for a in reading.add} | {r.facet for r in reading.remove}
    named = [(f, found) for f in facets if (found := _spoken(f, situation.text))]
    added = []
    for facet, found in named:
        shared = sum(other.span() == found.span() for _, other in named) > 1
        before, after = situation.text[: found.start()], situation.text[found.end() :]
        alike = _INDIFFERENT.search(before) or _UNCARED.match(after)
        if facet.name not in settled and not shared and not alike:
            one = denied(situation.text, Added(facet=facet.name, op="=", text=found.group()))
            free = one.op == "!=" and "free" in facet.name.lower().split("_")
            added.append(one.model_copy(update={"op": "="}) if free else one)  # "no steps"
    return added


def unflagged(wishes: list[str], added: list[Added]) -> list[str]:
    """Return the free wishes that say more than the words already taken for a yes or no."""
    taken = {one.text.lower() for one in added}
    return [w for w in wishes if not set(_LEFT.findall(w.lower())) <= taken | {"with", "a", "by"}]


def in_wishes(situation: Situation, wishes: Sequence[str]) -> list[Added]:
    """Return the constraints that free wishes end with where a catalogue says yes or no to them.

    "A big dog" is a dog where dogs are allowed or not.
    """
    added = []
    for words in wishes:
        start = situation.text.find(words)
        for hint in situation.hints if start >= 0 else ():
            inside = hint.start >= start and hint.end == start + len(words)
            if hint.facet in FLAGGED and inside:
                said = situation.text[hint.start : hint.end]
                added.append(denied(situation.text, Added(facet=hint.facet, op="=", text=said)))
    return added


def _is_flag(facet: Facet) -> bool:
    return facet.kind == "category" and yes_of(facet.values) != ""


def _spoken(facet: Facet, text: str) -> re.Match[str] | None:
    """Return where a text says what a facet of yes and no is about, None where it does not."""
    if not _is_flag(facet):
        return None
    for name in _HAN.findall(facet.name):
        if found := re.search(name.removeprefix("是否").removeprefix("有无"), text):
            return found
    about = {stem(w) for w in _LATIN.findall(facet.name.lower()) if w not in _EMPTY}
    for found in re.finditer(r"[a-z]+", text, re.IGNORECASE):
        word = stem(found.group().lower())
        if len(word) >= _SHORTEST and word in about:
            return found
    return None

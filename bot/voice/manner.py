"""The manner of a fact: where its words stand in a sentence about an item, by facet and kind.

"89 minutes" is said "a film that runs 89 minutes" or "it runs 89 minutes", a director "by …", a
price "at …". A facet that no rule knows is said in a form that is right for any. A catalogue's YAML
may give a facet its own wording (`say`). Knows one fact at a time, and English only.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from bot.voice import facet_names as names
from bot.voice.attributive import DEMONYMS
from bot.voice.phrase import Phrase, Said, article
from bot.voice.phrasing import DEGREES, is_told_of, phrases
from retrieval.inference import FLAGGED
from retrieval.types import Facet

# In the order of a noun phrase: "a tense 90-minute heist FILM by A about greed, with B, in French".
Place = Literal["adjective", "number", "before", "behind", "with", "tail"]


@dataclass(frozen=True)
class Manner:
    """How one fact or wish is said.

    Parameters
    ----------
    place
        Where its phrase stands in a noun phrase.
    phrase
        The phrase there; for `with` without this word.
    verbs
        What follows "it" and "they" instead: ("runs", "run") 89 minutes; None where the fact is
        said of the noun alone ("it is a comedy").
    rank
        Order among phrases of one place.
    named
        Whether the person said these very words, as with a genre, but not with a length.
    asked
        The phrase where the person is told what they asked for, if it is another.
    alone
        The phrase of a tail that nothing stands before, of a number where it cannot stand before
        the noun, of a genre where it can be the noun, of a language before the noun.
    """

    place: Place
    phrase: Phrase
    verbs: tuple[Phrase, Phrase] | None = None
    rank: int = 5
    named: bool = True
    asked: Phrase | None = None
    alone: Phrase | None = None


_WITH_THE = re.compile(
    r"United |Netherlands|Philippines|Bahamas|.*(Republic|Union|Islands|States)$"
)
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
_SILENT = frozenset({"silent", "none", "no dialogue"})
# Genres as they stand before a noun; a value that is not here stands there as it is.
_BEFORE = {
    "animation": "animated", "biography": "biographical", "history": "historical",
    "romance": "romantic", "sport": "sports",
}  # fmt: skip
# Genres as they follow one another: "a crime comedy", "a comedy thriller", "a musical drama".
_NEAR_NOUN = (
    "animation", "biography", "history", "family", "war", "sport", "music", "crime", "romance",
    "fantasy", "science fiction", "horror", "adventure", "action", "mystery", "musical", "comedy",
    "drama", "thriller", "western", "documentary",
)  # fmt: skip
_PERIODS = frozenset("hours days weeks months years minutes nights".split())
_LONGEST_BEFORE = 8  # words of a value that stand before the noun
_UNIT_FIRST = re.compile(r"^[$€£]?\d")


def guessed(name: str, words: str) -> Facet:
    """Return a facet as its name and the words of one fact suggest, where no schema is at hand."""
    if name in names.PERFORMERS | names.MAKERS:
        return Facet(name, "people")
    if not _UNIT_FIRST.match(words):
        return Facet(name, "category")
    if words.isdigit() and len(words) == 4 and "year" in name:
        return Facet(name, "number", "year")
    unit = names.SIGNED.get(words[:1]) or words.partition(" ")[2]
    return Facet(name, "number", unit)


def of_fact(facet: Facet, words: str, noun: str) -> Manner | None:
    """Return how a fact is said of an item called `noun`; None where nothing need be said.

    Parameters
    ----------
    words
        The fact in words; "no …" and "without …" for what was not to be there.
    """
    if words.startswith(("no ", "not ", "without ")):
        return _absent(words)
    if facet.say:
        return _own(facet.say, words, facet.kind != "number")
    if facet.kind == "number":
        return _number(facet, words)
    if facet.kind == "people":
        return _people(facet, words)
    return _category(facet, words, noun)


def says_noun(words: str, noun: str) -> bool:
    """Tell whether a fact says just what the item's noun says."""
    return words.lower() in (noun.lower(), noun.lower().removesuffix("s"))


def _verbal(verb: str, said: Said, named: bool = True) -> Manner:
    """Return the manner of a fact that a verb tells: "runs Windows", "a laptop running Windows"."""
    verbs: tuple[Phrase, Phrase] = (f"{verb}s", said), (verb, said)
    doing = f"{verb.removesuffix('e')}{'n' if verb == 'run' else ''}ing"
    return Manner("tail", (doing, said), verbs, 5, named, alone=(f"that {verb}s", said))


def being(phrase: Phrase) -> tuple[Phrase, Phrase]:
    """Return a phrase with "is" and with "are" before it."""
    return ("is", *phrase), ("are", *phrase)


def having(phrase: Phrase) -> tuple[Phrase, Phrase]:
    """Return a phrase with "has" and with "have" before it."""
    return ("has", *phrase), ("have", *phrase)


def _absent(words: str) -> Manner:
    said: Phrase = (Said(words),)
    if words.startswith("no "):
        return Manner("with", said, having(said), rank=9)
    return Manner("behind", said, being(said), rank=9)


def _own(say: str, words: str, named: bool) -> Manner:
    before, _, behind = (part.strip() for part in say.partition("{value}"))
    phrase: Phrase = (*((before,) if before else ()), Said(words), *((behind,) if behind else ()))
    if not before and not behind:
        return Manner("before", phrase, named=named)
    if before.startswith("with ") or before == "with":
        rest = before.removeprefix("with").strip()
        phrase = (*((rest,) if rest else ()), *phrase[1:])
        return Manner("with", phrase, having(phrase), named=named)
    return Manner("behind", phrase, being(phrase), named=named)


def _number(facet: Facet, words: str) -> Manner | None:
    said = Said(words)
    name, unit = facet.name.lower(), facet.unit
    if not words[:1].isdigit() and words[:1] not in "$€£-":
        return None  # "runtime not 90 minutes" is no fact of the item
    if unit == "year":
        behind: Phrase = ("from", said)
        return Manner("number", (said,), being(behind), 2, named=False, alone=behind)
    if unit in names.MONEY and name in names.PRICES:
        verbs: tuple[Phrase, Phrase] = ("costs", said), ("cost", said)
        if words[:1] in names.SIGNED:
            return Manner("number", (said,), verbs, 0, named=False, alone=("at", said))
        return Manner("behind", ("at", said), verbs, 0, named=False)
    if unit in ("minutes", "hours", "min", "h"):
        if name in names.LENGTHS:
            runs = _verbal("run", said, named=False)
            before: Phrase = (replace(said, before=True),)
            return replace(runs, place="number", phrase=before, rank=1, alone=(said, "long"))
        return _verbal("take", said, named=False)
    if "weight" in name.split("_"):
        return _verbal("weigh", said, named=False)
    phrase = _amount(facet, said)
    return Manner("with", phrase, having(phrase), named=False)


def _amount(facet: Facet, said: Said) -> Phrase:
    """Return a number with what it counts: "16 GB of RAM", "a 14-inch screen"."""
    label = phrases("en").facet(facet).lower()
    if "ram" in facet.name.lower().split("_"):
        return (said, "of RAM")
    if facet.unit in ("GB", "TB", "MB"):
        return (said, f"of {label}")
    if facet.unit == label or facet.unit == f"{label}s":
        return (said,)
    first, last = label.split(" ")[0], label.split(" ")[-1]
    if not facet.unit and last in _PERIODS and first != last:
        return (said, f"{last} of {label.removesuffix(last).strip()}")
    if not facet.unit and any(w.endswith("s") and not w.endswith("ss") for w in (first, last)):
        return (said, label)
    short = label.removesuffix(" size")
    if facet.unit in ("inch", "inches") and short in ("screen", "display"):
        amount: Phrase = (replace(said, before=True),)
        return (article(amount), *amount, short)
    return (f"{article((short,))} {short} of", said)


def _people(facet: Facet, words: str) -> Manner:
    said = Said(words)
    name = facet.name.lower()
    if name in names.PERFORMERS:
        return Manner("with", (said,), (("features", said), ("feature", said)), 1)
    if name in names.MAKERS:
        return Manner("behind", ("by", said), being(("by", said)), 3)
    label = name.replace("_", " ")
    verb = "are" if label.endswith("s") else "is"
    phrase: Phrase = (f"whose {label} {verb}", said)
    return Manner("behind", phrase, having((said, f"as {label}")), 6)


def _category(facet: Facet, words: str, noun: str) -> Manner | None:  # noqa: C901
    if says_noun(words, noun):
        return None
    said = Said(words)
    name, low = facet.name.lower(), words.lower()
    label = phrases("en").facet(facet).lower()
    if low in _YES | _NO:
        label_of: Phrase = (label,) if low in _YES else ("no", label)
        return Manner("with", label_of, having(label_of), rank=5 if low in _YES else 9)
    if name in names.SYSTEMS:
        return Manner("before", (said,), (("runs", said), ("run", said)), rank=6)
    if name in names.ORIGINS | names.LANGUAGES:
        return _origin(said) if name in names.ORIGINS else _language(said)
    if name in names.PARTS:
        return Manner("with", (said,), having((said,)))
    if name in names.PLACES or name.split("_")[-1] == "size":
        inside: Phrase = ("in" if name in names.PLACES else f"in {label}", said)
        return Manner("behind", inside, being(inside), 4)
    if name in names.GENRES and low in _NEAR_NOUN:
        return _genre(said)
    if low in DEGREES or name in FLAGGED:
        return _flag(facet, said) if name in FLAGGED else _degree(said, label)
    if len(low.split()) > _LONGEST_BEFORE or not words[:1].isalnum():
        return Manner("behind", (f"with {label}", said), having((label, said)), 6)
    return Manner("before", (said,))


def _degree(said: Said, label: str) -> Manner:
    """Return how a degree is said: "with low watering", as there is no low plant."""
    amount: Phrase = (said, label.removesuffix(" level"))
    return Manner("with", amount, having(amount))


def _flag(facet: Facet, said: Said) -> Manner:
    """Return how a yes is said: "it is toxic to pets", "a cottage with hot tub"."""
    if not is_told_of(facet, said.words):
        return Manner("with", (said,), having((said,)))
    if " " not in said.words:
        return Manner("before", (said,), being((said,)))
    return Manner("behind", ("that is", said), being((said,)), 7)


def _genre(said: Said) -> Manner:
    """Return how a genre is said: "a horror film", "a film about music"."""
    low = said.words.lower()
    if low == "music":
        return Manner("behind", ("about", said), being(("about", said)), 8)
    before: Phrase = (_BEFORE[low],) if low in _BEFORE else (said,)
    return Manner("before", before, rank=5 + _NEAR_NOUN.index(low), alone=(said,))


def _origin(said: Said) -> Manner:
    """Return how a country is said: "a Polish film", "it is from Poland"."""
    lead = "from the" if _WITH_THE.match(said.words) else "from"
    if said.words in DEMONYMS:
        return Manner("before", (replace(said, before=True),), being((lead, said)), 1)
    return Manner("behind", (lead, said), being((lead, said)), 1)


def _language(said: Said) -> Manner:
    if said.words.lower() in _SILENT:
        return Manner("before", ("silent",))
    before: Phrase = (replace(said, before=True),)
    return Manner("behind", ("in", said), being(("in", said)), 9, alone=before)

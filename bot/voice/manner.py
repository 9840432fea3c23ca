"""The manner of a fact: where its words stand in a sentence about an item, by facet and kind.

"89 minutes" is said "a film that runs 89 minutes" or "it runs 89 minutes", a director "by …", a
price "at …". A facet that no rule knows is said in a form that is right for any. A catalogue's YAML
may give a facet its own wording (`say`). Knows one fact at a time, and English only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.voice.free_words import ADJECTIVES, form, is_place
from bot.voice.phrase import Phrase, Said, article, is_plural, listed
from bot.voice.phrasing import phrases
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
        the noun, of a genre where it can be the noun.
    """

    place: Place
    phrase: Phrase
    verbs: tuple[Phrase, Phrase] | None = None
    rank: int = 5
    named: bool = True
    asked: Phrase | None = None
    alone: Phrase | None = None


PERFORMERS = frozenset({"cast", "actor", "actors", "stars", "starring", "performers"})
MAKERS = frozenset(
    """director directors directed_by author authors writer writers written_by artist artists
    creator creators composer designer by""".split()
)
_LANGUAGES = frozenset({"language", "languages", "spoken_language"})
_ORIGINS = frozenset({"country", "countries", "origin", "made_in", "country_of_origin"})
_PLACES = frozenset({"city", "area", "location", "neighbourhood", "neighborhood", "region", "town"})
_SYSTEMS = frozenset({"os", "operating_system", "system"})
_PRICES = frozenset({"price", "cost", "fee", "rent", "fare", "price_usd", "price_eur", "usd"})
_LENGTHS = frozenset({"runtime", "duration", "length", "running_time", "playtime"})
_SIGNED = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
_MONEY = frozenset({*_SIGNED, *_SIGNED.values()})
_WITH_THE = re.compile(
    r"United |Netherlands|Philippines|Bahamas|.*(Republic|Union|Islands|States)$"
)
_PARTS = frozenset(
    """amenities amenity features feature facilities facility extras includes included equipment
    perks benefits services ingredients toppings accessories""".split()
)
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
_SILENT = frozenset({"silent", "none", "no dialogue"})
# Genres as they stand before a noun; a value that is not here stands there as it is.
_BEFORE = {
    "animation": "animated", "biography": "biographical", "history": "historical",
    "romance": "romantic", "sport": "sports", "music": "music",
}  # fmt: skip
# Genres as they follow one another: "a crime comedy", "a comedy thriller", "a musical drama".
_NEAR_NOUN = (
    "animation", "biography", "history", "family", "war", "sport", "music", "crime", "romance",
    "fantasy", "science fiction", "horror", "adventure", "action", "mystery", "musical", "comedy",
    "drama", "thriller", "western", "documentary",
)  # fmt: skip
_GENRES = frozenset({"genre", "genres", "subject", "category", "style"})
_IDEAS = re.compile(
    r"(ship|ness|ity|tion|sion|ment|ism|hood|ence|ance|eration)$"
    r"|\b(love|death|grief|guilt|fate|faith|memory|dreams|loss|greed|envy|freedom|revenge|poverty"
    r"|jealousy|marriage|family|betrayal|survival|regret|childhood|old age|politics|war|peace)$"
)
_MERITS = re.compile(  # "with good battery life", but "for gaming"
    r"\b(life|quality|sound|bass|autofocus|performance|speed|power|comfort|durability|portability"
    r"|reliability|storage|security|privacy|warmth|grip|support|suction|flavou?r|taste|value"
    r"|service|views)$|(?P<one>\b(screen|display|camera|zoom|keyboard|range|design|view|location)$)"
)
_PRAISE = ADJECTIVES | frozenset("good great best better excellent high wide decent nice".split())
_PERIODS = frozenset("hours days weeks months years minutes nights".split())
_LACKING = ("no ", "almost no ", "little ", "hardly any ")
_LONGEST_BEFORE = 8  # words of a value that stand before the noun
_UNIT_FIRST = re.compile(r"^[$€£]?\d")


def guessed(name: str, words: str) -> Facet:
    """Return a facet as its name and the words of one fact suggest, where no schema is at hand."""
    if name in PERFORMERS | MAKERS:
        return Facet(name, "people")
    if not _UNIT_FIRST.match(words):
        return Facet(name, "category")
    if words.isdigit() and len(words) == 4 and "year" in name:
        return Facet(name, "number", "year")
    unit = _SIGNED.get(words[:1]) or words.partition(" ")[2]
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


def _is(phrase: Phrase) -> tuple[Phrase, Phrase]:
    return ("is", *phrase), ("are", *phrase)


def _has(phrase: Phrase) -> tuple[Phrase, Phrase]:
    return ("has", *phrase), ("have", *phrase)


def _absent(words: str) -> Manner:
    said: Phrase = (Said(words),)
    if words.startswith("no "):
        return Manner("with", said, _has(said), rank=9)
    return Manner("behind", said, _is(said), rank=9)


def _own(say: str, words: str, named: bool) -> Manner:
    before, _, behind = (part.strip() for part in say.partition("{value}"))
    phrase: Phrase = (*((before,) if before else ()), Said(words), *((behind,) if behind else ()))
    if not before and not behind:
        return Manner("before", phrase, named=named)
    if before.startswith("with ") or before == "with":
        rest = before.removeprefix("with").strip()
        phrase = (*((rest,) if rest else ()), *phrase[1:])
        return Manner("with", phrase, _has(phrase), named=named)
    return Manner("behind", phrase, _is(phrase), named=named)


def _number(facet: Facet, words: str) -> Manner | None:
    said = Said(words)
    name, unit = facet.name.lower(), facet.unit
    if not words[:1].isdigit() and words[:1] not in "$€£-":
        return None  # "runtime not 90 minutes" is no fact of the item
    if unit == "year":
        behind: Phrase = ("from", said)
        return Manner("number", (said,), _is(behind), 2, named=False, alone=behind)
    if unit in _MONEY and name in _PRICES:
        verbs: tuple[Phrase, Phrase] = ("costs", said), ("cost", said)
        if words[:1] in _SIGNED:
            return Manner("number", (said,), verbs, 0, named=False, alone=("at", said))
        return Manner("behind", ("at", said), verbs, 0, named=False)
    if unit in ("minutes", "hours", "min", "h"):
        if name in _LENGTHS:
            runs = _verbal("run", said, named=False)
            before: Phrase = (replace(said, measures=True),)
            return replace(runs, place="number", phrase=before, rank=1, alone=(said, "long"))
        return _verbal("take", said, named=False)
    if "weight" in name.split("_"):
        return _verbal("weigh", said, named=False)
    phrase = _amount(facet, said)
    return Manner("with", phrase, _has(phrase), named=False)


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
        amount: Phrase = (replace(said, measures=True),)
        return (article(amount), *amount, short)
    return (f"{article((short,))} {short} of", said)


def _people(facet: Facet, words: str) -> Manner:
    said = Said(words)
    name = facet.name.lower()
    if name in PERFORMERS:
        return Manner("with", (said,), (("features", said), ("feature", said)), 1)
    if name in MAKERS:
        return Manner("behind", ("by", said), _is(("by", said)), 3)
    label = name.replace("_", " ")
    verb = "are" if label.endswith("s") else "is"
    phrase: Phrase = (f"whose {label} {verb}", said)
    return Manner("behind", phrase, _has((said, f"as {label}")), 6)


def _category(facet: Facet, words: str, noun: str) -> Manner | None:
    if says_noun(words, noun):
        return None
    said = Said(words)
    name, low = facet.name.lower(), words.lower()
    label = phrases("en").facet(facet).lower()
    if low in _YES | _NO:
        having: Phrase = (label,) if low in _YES else ("no", label)
        return Manner("with", having, _has(having), rank=5 if low in _YES else 9)
    if name in _SYSTEMS:
        return _verbal("run", said)
    if name in _LANGUAGES and low in _SILENT:
        return Manner("before", ("silent",))
    behind = _behind(name, label, words)
    if behind is not None:
        rank, lead = behind
        return Manner(
            "tail" if name in _LANGUAGES else "behind", (lead, said), _is((lead, said)), rank
        )
    if name in _PARTS:
        return Manner("with", (said,), _has((said,)))
    if name in _GENRES and low in _NEAR_NOUN:
        before: Phrase = (_BEFORE[low],) if low in _BEFORE else (said,)
        return Manner("before", before, rank=5 + _NEAR_NOUN.index(low), alone=(said,))
    if len(low.split()) > _LONGEST_BEFORE or not words[:1].isalnum():
        return Manner("behind", (f"with {label}", said), _has((label, said)), 6)
    return Manner("before", (said,))


def _behind(name: str, label: str, words: str) -> tuple[int, str] | None:
    """Return the rank of a value that stands behind the noun and what leads to it."""
    if name in _LANGUAGES:
        return 2, "in"
    if name in _ORIGINS:
        return 1, "from the" if _WITH_THE.match(words) else "from"
    if name in _PLACES:
        return 4, "in"
    if name == "size" or name.endswith("_size"):
        return 6, f"in {label}"
    return None


def is_thing(wish: str) -> bool:
    """Tell whether a free wish is a thing or a name, neither adjective nor phrase."""
    return form(wish) in ("thing", "name") and not wish.lower().startswith(_LACKING)


def of_wish(wish: str) -> Manner:
    """Return how a free wish that an item meets is said, where it is no thing."""
    said = Said(wish)
    if wish.lower().startswith(_LACKING):
        return Manner("with", (said,), _has((said,)), 8)
    if form(wish) == "adjective":
        return Manner("adjective", (said,), _is((said,)))
    if form(wish) == "modifier":
        # The longer it is, the farther from the noun: "a black and white heist film".
        return Manner("before", (said,), rank=3 if " " in wish else 4)
    return Manner("behind", (said,), _is((said,)), 4)


def _is_definite(wish: str) -> bool:
    """Tell whether a thing has an article already ("the beatles")."""
    return wish.lower().startswith(("the ", "a ", "an ", "some ", "your "))


def is_theme(wish: str) -> bool:
    """Tell whether a thing is an idea, which a work is about; several words may be a name."""
    return " " not in wish and _IDEAS.search(wish.lower()) is not None and form(wish) == "thing"


def is_subject(wish: str) -> bool:
    """Tell whether a work reads well as being about a thing: an idea, a plural, a name.

    "Rivalry", "puppies" and "Vienna" do; a walrus or a lawnmower does not.
    """
    return is_theme(wish) or is_plural(wish.split()[-1]) or wish[:1].isupper()


def _are_many(wish: str) -> bool:
    """Whether a thing is a plural that needs no article: "witches", but not "the beatles"."""
    return is_plural(wish.split()[-1]) and wish[:1].islower() and not _is_definite(wish)


def of_themes(wishes: Sequence[str]) -> tuple[Manner, ...]:
    """Return how things that a work is filed under are said: "about greed", "a Paris film"."""
    places = [w for w in wishes if is_place(w)][:1]
    ideas = [w for w in wishes if is_theme(w) or _are_many(w)]
    names = [] if ideas or places else [w for w in wishes if not is_place(w)]
    found = [Manner("before", (Said(w),), rank=3) for w in places]
    if ideas:
        about: Phrase = ("about", *listed([(Said(w),) for w in ideas]))
        found.append(Manner("behind", about, _is(about), rank=8))
    if names:
        under: Phrase = ("filed under", *listed([(Said(w, quoted=True),) for w in names]))
        found.append(Manner("behind", under, _is(under), rank=9))
    return tuple(found)


def of_things(wishes: Sequence[str]) -> Manner:
    """Return what an item that is no work serves, all in one."""
    own = listed([(Said(w, quoted=form(w) == "name" or _is_definite(w)),) for w in wishes])
    if len(wishes) == 1 and (merit := _MERITS.search(wishes[0].lower())):
        one = "a " if merit["one"] else ""
        praised = wishes[0].lower().split()[0] in _PRAISE
        having: Phrase = own if praised else (f"{one}good", *own)
        return Manner("with", having, _has(having))
    return Manner("behind", ("for", *own), _is(("for", *own)), rank=4)

"""The words that claims about items are made of, and what they are drawn from.

Every sentence is made from an item's facts, its own text or the person's words. What is drawn
depends on the seed alone.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.types import Facet, Item, Schema


@dataclass(frozen=True)
class Claim:
    """One sentence about an item, and the person's words it may lean on."""

    item: Item
    text: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """A catalogue to draw from."""

    schema: Schema
    items: tuple[Item, ...]

    @property
    def films(self) -> bool:
        """Whether these are films; devices otherwise."""
        return self.schema.item == "film"


Draw = Callable[[random.Random, Shelf, Item], str | None]
OPINIONS = (
    "It is warm and a little sad.",
    "A good one for a quiet evening.",
    "Nothing here is in a hurry.",
    "It suits what you asked for.",
    "It should feel fresh to you.",
)
UNIT_NAMES = {"minutes": "minutes", "USD": "dollars", "GB": "GB", "inches": "inches", "g": "g"}
NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
INVENTED = (
    "The Glass Meridian", "Voltage Sunday", "Return to Harrow Keep", "Ninety Crows",
    "The Last Cartographer", "Nebula Pro Max", "Zentrix 900", "Kitebook Air", "Marrow Creek",
    "Orlando's Ladder",
)  # fmt: skip
ALPHABET = "abcdefghijklmnoprstuvwy"


def values(item: Item, facet: str) -> tuple[str, ...]:
    """Return an item's values of a facet."""
    fact = item.facts.get(facet)
    if isinstance(fact, tuple):
        return fact
    return (fact,) if isinstance(fact, str) else ()


def number(item: Item, facet: str) -> float | None:
    """Return an item's number of a facet."""
    fact = item.facts.get(facet)
    return fact if isinstance(fact, int | float) else None


def people(item: Item) -> set[str]:
    """Return everybody whom an item's facts name."""
    return {*values(item, "director"), *values(item, "cast")}


def pick(rng: random.Random, options: Sequence[str]) -> str | None:
    return rng.choice(list(options)) if options else None


def say(rng: random.Random, options: Sequence[str], **fields: object) -> str:
    return rng.choice(list(options)).format(**fields)


def year_said(rng: random.Random, shelf: Shelf, year: float) -> str:
    noun = "film" if shelf.films else "device"
    forms = ("It came out in {y}.", "A {y} {n}.", "Released in {y}, it has aged well.",
             "From {y}, and still good.", "This {n} of {y} is easy to like.")  # fmt: skip
    return say(rng, forms, y=int(year), n=noun)


def decade_said(rng: random.Random, year: int) -> str:
    decade = year // 10 * 10
    forms = ["A piece of the {d}s.", "It comes from the {d}s.", "A late {d}s mood."]
    return say(rng, forms, d=decade)


def amount_said(rng: random.Random, facet: Facet, value: float) -> str:
    words = f"{value:g}" if value < 1000 or value % 1 else f"{int(value):,}"
    forms = {
        "runtime": ("It runs {v} minutes.", "At {v} minutes it never drags.",
                    "A {v}-minute story.", "With a running time of {v} minutes, it fits."),
        "price": ("It costs ${v}.", "At {v} dollars it is fair.", "You pay ${v} for it.",
                  "Priced at ${v}, it is easy to like."),
        "ram_gb": ("It has {v} GB of memory.", "With {v} GB of RAM it keeps up.",
                   "{v}GB of RAM is enough here."),
        "storage_gb": ("It stores {v} GB.", "It has {v} GB of storage.",
                       "With {v} GB of storage it has room."),
        "screen_in": ("It has a {v}-inch screen.", "The screen measures {v} inches.",
                      "A {v} inch display is easy on the eyes."),
        "weight_g": ("It weighs {v} g.", "At {v} grams it travels well.",
                     "It weighs only {v} grams."),
    }[facet.name]  # fmt: skip
    return say(rng, forms, v=words)


def long_said(rng: random.Random, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return say(rng, ("It lasts {h} hours {m} minutes.", "A story of {h} hours and {m} minutes."),
                h=hours, m=rest)  # fmt: skip


def value_said(rng: random.Random, facet: str, value: str) -> str:
    forms: Mapping[str, Sequence[str]] = {
        "genres": ("A {v} film.", "It is {a} {v} film at heart.", "Quiet {v} with a good ending.",
                   "This {v} film takes its time."),
        "country": ("It comes from {v}.", "A film from {v}.", "Made in {v}, with care."),
        "language": ("It is in {v}.", "A film in {v}.", "Spoken in {v}, it sounds right."),
        "kind": ("A {v} that is easy to like.", "It is a {v}.", "This {v} does what you want."),
        "brand": ("It is made by {v}.", "A device from {v}.", "{v} built it well."),
        "os": ("It runs {v}.", "It comes with {v}.", "With {v}, it is easy to use."),
    }  # fmt: skip
    return say(rng, forms[facet], v=value, a="an" if value[0] in "aeiou" else "a")


def denied(rng: random.Random, facet: str, value: str) -> str:
    forms: Mapping[str, Sequence[str]] = {
        "genres": ("There is no {v} in it.", "It is not {a} {v} film.", "Free of {v}.",
                   "It gets by without any {v}."),
        "country": ("It is not from {v}.", "It does not come from {v}."),
        "language": ("It is not in {v}.", "There is no {v} in it."),
        "kind": ("It is not a {v}.", "This is no {v}."),
        "brand": ("It is not made by {v}.", "It is not from {v}."),
        "os": ("It does not run {v}.", "It comes without {v}."),
    }  # fmt: skip
    return say(rng, forms[facet], v=value, a="an" if value[0] in "aeiou" else "a")


def director_said(rng: random.Random, name: str) -> str:
    forms = ("Directed by {p}.", "{p} directed it.", "A film by {p}.", "{p} directs with care.",
             "With {p} as director, it moves well.")  # fmt: skip
    return say(rng, forms, p=name)


def cast_said(rng: random.Random, name: str) -> str:
    forms = ("It stars {p}.", "{p} plays in it.", "With {p} in front of the camera.",
             "{p} is moving in it.", "Starring {p}, it is easy to watch.")  # fmt: skip
    return say(rng, forms, p=name)


def title_said(rng: random.Random, title: str) -> str:
    forms = ("{t} is easy to like.", "It has the mood of {t}.", "Like {t}, it takes its time.",
             "You may know “{t}” already.", "Watching {t} is time well spent.")  # fmt: skip
    return say(rng, forms, t=title)


def has_words(item: Item, words: str) -> bool:
    """Whether an item's own words hold others, in any case."""
    tags = " ".join(values(item, "keywords"))
    return words.lower() in f"{item.title} {item.text} {tags}".lower()


CATEGORIES = {True: ("genres", "country", "language"), False: ("kind", "brand", "os")}


def numbers_of(shelf: Shelf, item: Item) -> list[Facet]:
    return [
        f
        for f in shelf.schema.facets
        if f.kind == "number" and f.unit != "year" and number(item, f.name) is not None
    ]


def synonyms(shelf: Shelf, facet: str, value: str) -> tuple[str, ...]:
    known = shelf.schema.facet(facet)
    return known.synonyms.get(value, ()) if known else ()


def foreign_value(rng: random.Random, shelf: Shelf, item: Item, facet: str) -> str | None:
    """Return a value that an item does not have and does not speak of."""
    known = shelf.schema.facet(facet)
    own = values(item, facet)
    if known is None or not own:
        return None
    said = " ".join((*own, *(w for v in own for w in synonyms(shelf, facet, v)))).lower()
    free = [v for v in known.values if v.lower() not in said and not has_words(item, v)]
    taken = {w for v in own for w in (v, *synonyms(shelf, facet, v))}
    free = [v for v in free if not taken & {v, *synonyms(shelf, facet, v)}]
    free = [v for v in free if not any(o.lower() in v.lower() for o in own)]
    return pick(rng, [v for v in free if v not in ("Silent", "short")])


def wrong_number(rng: random.Random, item: Item, facet: Facet) -> float | None:
    """Return a number that is off by more than rounding and stands nowhere in the item's words."""
    fact = number(item, facet.name)
    if fact is None:
        return None
    for _ in range(20):
        if facet.unit == "year":
            wrong: float = fact + rng.choice((-1, 1)) * rng.randint(1, 40)
        else:
            wrong = round(fact * rng.choice((0.3, 0.5, 0.8, 1.15, 1.5, 2, 3)))
        if wrong > 1 and wrong != fact and f"{wrong:g}" not in f"{item.title} {item.text}":
            return wrong
    return None


def sentences(item: Item) -> list[str]:
    """Return the sentences of an item's own text."""
    found = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", item.text.strip())
    return [s for s in found if 0 < len(s) <= 300 and s[-1] in ".!?"]


def carried(rng: random.Random, text: str) -> str:
    kind = rng.random()
    if kind < 0.25:
        return f"{text} {rng.choice(OPINIONS)}"
    return f"{rng.choice(OPINIONS)} {text}" if kind < 0.5 else text

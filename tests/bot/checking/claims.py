"""True and false reasons, made from the facts of the bundled catalogues.

Every sentence is made from an item's facts, its own text or the person's words; a false one has
exactly one claim changed. What is drawn depends on the seed alone.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_OPINIONS = (
    "It is warm and a little sad.",
    "A good one for a quiet evening.",
    "Nothing here is in a hurry.",
    "It suits what you asked for.",
    "It should feel fresh to you.",
)
_UNIT_NAMES = {"minutes": "minutes", "USD": "dollars", "GB": "GB", "inches": "inches", "g": "g"}
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_INVENTED = (
    "The Glass Meridian", "Voltage Sunday", "Return to Harrow Keep", "Ninety Crows",
    "The Last Cartographer", "Nebula Pro Max", "Zentrix 900", "Kitebook Air", "Marrow Creek",
    "Orlando's Ladder",
)  # fmt: skip
_ALPHABET = "abcdefghijklmnoprstuvwy"


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


def _pick(rng: random.Random, options: Sequence[str]) -> str | None:
    return rng.choice(list(options)) if options else None


def _say(rng: random.Random, options: Sequence[str], **fields: object) -> str:
    return rng.choice(list(options)).format(**fields)


def _year_said(rng: random.Random, shelf: Shelf, year: float) -> str:
    noun = "film" if shelf.films else "device"
    forms = ("It came out in {y}.", "A {y} {n}.", "Released in {y}, it has aged well.",
             "From {y}, and still good.", "This {n} of {y} is easy to like.")  # fmt: skip
    return _say(rng, forms, y=int(year), n=noun)


def _decade_said(rng: random.Random, year: int) -> str:
    decade = year // 10 * 10
    forms = ["A piece of the {d}s.", "It comes from the {d}s.", "A late {d}s mood."]
    return _say(rng, forms, d=decade)


def _amount_said(rng: random.Random, facet: Facet, value: float) -> str:
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
    return _say(rng, forms, v=words)


def _long_said(rng: random.Random, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return _say(rng, ("It lasts {h} hours {m} minutes.", "A story of {h} hours and {m} minutes."),
                h=hours, m=rest)  # fmt: skip


def _value_said(rng: random.Random, facet: str, value: str) -> str:
    forms: Mapping[str, Sequence[str]] = {
        "genres": ("A {v} film.", "It is {a} {v} film at heart.", "Quiet {v} with a good ending.",
                   "This {v} film takes its time."),
        "country": ("It comes from {v}.", "A film from {v}.", "Made in {v}, with care."),
        "language": ("It is in {v}.", "A film in {v}.", "Spoken in {v}, it sounds right."),
        "kind": ("A {v} that is easy to like.", "It is a {v}.", "This {v} does what you want."),
        "brand": ("It is made by {v}.", "A device from {v}.", "{v} built it well."),
        "os": ("It runs {v}.", "It comes with {v}.", "With {v}, it is easy to use."),
    }  # fmt: skip
    return _say(rng, forms[facet], v=value, a="an" if value[0] in "aeiou" else "a")


def _denied(rng: random.Random, facet: str, value: str) -> str:
    forms: Mapping[str, Sequence[str]] = {
        "genres": ("There is no {v} in it.", "It is not {a} {v} film.", "Free of {v}.",
                   "It gets by without any {v}."),
        "country": ("It is not from {v}.", "It does not come from {v}."),
        "language": ("It is not in {v}.", "There is no {v} in it."),
        "kind": ("It is not a {v}.", "This is no {v}."),
        "brand": ("It is not made by {v}.", "It is not from {v}."),
        "os": ("It does not run {v}.", "It comes without {v}."),
    }  # fmt: skip
    return _say(rng, forms[facet], v=value, a="an" if value[0] in "aeiou" else "a")


def _director_said(rng: random.Random, name: str) -> str:
    forms = ("Directed by {p}.", "{p} directed it.", "A film by {p}.", "{p} directs with care.",
             "With {p} as director, it moves well.")  # fmt: skip
    return _say(rng, forms, p=name)


def _cast_said(rng: random.Random, name: str) -> str:
    forms = ("It stars {p}.", "{p} plays in it.", "With {p} in front of the camera.",
             "{p} is moving in it.", "Starring {p}, it is easy to watch.")  # fmt: skip
    return _say(rng, forms, p=name)


def _title_said(rng: random.Random, title: str) -> str:
    forms = ("{t} is easy to like.", "It has the mood of {t}.", "Like {t}, it takes its time.",
             "You may know “{t}” already.", "Watching {t} is time well spent.")  # fmt: skip
    return _say(rng, forms, t=title)


def _has_words(item: Item, words: str) -> bool:
    """Whether an item's own words hold others, in any case."""
    tags = " ".join(values(item, "keywords"))
    return words.lower() in f"{item.title} {item.text} {tags}".lower()


CATEGORIES = {True: ("genres", "country", "language"), False: ("kind", "brand", "os")}


def _numbers_of(shelf: Shelf, item: Item) -> list[Facet]:
    return [
        f
        for f in shelf.schema.facets
        if f.kind == "number" and f.unit != "year" and number(item, f.name) is not None
    ]


def _synonyms(shelf: Shelf, facet: str, value: str) -> tuple[str, ...]:
    known = shelf.schema.facet(facet)
    return known.synonyms.get(value, ()) if known else ()


def _foreign_value(rng: random.Random, shelf: Shelf, item: Item, facet: str) -> str | None:
    """Return a value that an item does not have and does not speak of."""
    known = shelf.schema.facet(facet)
    own = values(item, facet)
    if known is None or not own:
        return None
    said = " ".join((*own, *(w for v in own for w in _synonyms(shelf, facet, v)))).lower()
    free = [v for v in known.values if v.lower() not in said and not _has_words(item, v)]
    taken = {w for v in own for w in (v, *_synonyms(shelf, facet, v))}
    free = [v for v in free if not taken & {v, *_synonyms(shelf, facet, v)}]
    free = [v for v in free if not any(o.lower() in v.lower() for o in own)]
    return _pick(rng, [v for v in free if v not in ("Silent", "short")])


def _wrong_number(rng: random.Random, item: Item, facet: Facet) -> float | None:
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


# False claims, one function a kind; None where the item has nothing to be false about.


def wrong_year(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Say another year, or another decade."""
    facet = shelf.schema.facet("year")
    wrong = _wrong_number(rng, item, facet) if facet else None
    own = number(item, "year")
    if wrong is None or own is None or wrong > 2030:
        return None
    far = int(wrong) // 10 != int(own) // 10
    if far and shelf.films and rng.random() < 0.3 and not re.search(r"\d0s|ties\b", item.text):
        return _decade_said(rng, int(wrong))
    return _year_said(rng, shelf, wrong)


def swapped_director(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Give the film another's director, or one of its own players."""
    players = [p for p in values(item, "cast") if p not in values(item, "director")]
    if players and rng.random() < 0.4:
        return _director_said(rng, rng.choice(players))
    others = set(values(rng.choice(shelf.items), "director")) - people(item)
    name = _pick(rng, sorted(others))
    return _director_said(rng, name) if name else None


def foreign_person(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Let somebody of another film play in it."""
    name = _pick(rng, sorted(people(rng.choice(shelf.items)) - people(item)))
    return _cast_said(rng, name) if name and not _has_words(item, name) else None


def invented_title(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Name a work or a product that nobody made."""
    return _title_said(rng, rng.choice(_INVENTED))


def foreign_title(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Name another item of the catalogue."""
    title = rng.choice(shelf.items).title
    plain = len(title.split()) < 2 or title.lower() in item.title.lower()
    return None if plain or _has_words(item, title) else _title_said(rng, title)


def misspelt_title(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Change letters of the item's own title, so that it names something else."""
    letters = [i for i, c in enumerate(item.title) if c.isascii() and c.isalpha()]
    if len(letters) < 4:
        return None
    title = list(item.title)
    for place in rng.sample(letters, 1 if rng.random() < 0.5 else 2):
        new = rng.choice([c for c in _ALPHABET if c != title[place].lower()])
        title[place] = new.upper() if title[place].isupper() else new
    return _title_said(rng, "".join(title))


def wrong_count(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Change a number word of the item's own text, or count what it does not have."""
    found = [
        (s, m)
        for s in sentences(item)
        for m in re.finditer(rf"\b({'|'.join(_NUMBER_WORDS)})\b", s, re.IGNORECASE)
    ]
    if found:
        sentence, match = rng.choice(found)
        held = {w for w in _NUMBER_WORDS if re.search(rf"\b{w}\b", item.text, re.IGNORECASE)}
        word = rng.choice([w for w in _NUMBER_WORDS if w not in held])
        word = word.capitalize() if match.group()[0].isupper() else word
        return sentence[: match.start()] + word + sentence[match.end() :]
    if not shelf.films:
        return None
    if re.search(r"\d|\b(" + "|".join(_NUMBER_WORDS) + ")", item.text):
        return None
    word = rng.choice(_NUMBER_WORDS[1:])
    return _say(rng, ("It follows {n} friends.", "A story of {n} sisters.",
                      "It is told in {n} chapters."), n=word)  # fmt: skip


def wrong_amount(*names: str) -> Draw:
    """Return what says a wrong number for one of these facets, plainly or as a false limit."""

    def draw(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
        facets = [f for f in _numbers_of(shelf, item) if f.name in names]
        facet = rng.choice(facets) if facets else None
        wrong = _wrong_number(rng, item, facet) if facet else None
        if facet is None or wrong is None:
            return None
        # Another number facet of the same unit may hold the value: then it is true in words.
        same = (number(item, f.name) for f in _numbers_of(shelf, item) if f.unit == facet.unit)
        if any(n is not None and abs(n - wrong) <= 0.05 * wrong for n in same):
            return None
        own = number(item, facet.name) or 0
        kind = rng.random()
        if facet.name in ("runtime", "price", "weight_g") and kind < 0.3:
            unit = _UNIT_NAMES[facet.unit]
            side = "under" if wrong < own else "over"
            return _say(rng, ("It stays {s} {v} {u}.", "All of it for {s} {v} {u}."),
                        s=side, v=f"{wrong:g}", u=unit)  # fmt: skip
        if facet.name == "runtime" and kind < 0.5 and wrong > 125 and wrong % 60 > 1:
            return _long_said(rng, int(wrong))
        return _amount_said(rng, facet, wrong)

    return draw


def wrong_value(facet: str) -> Draw:
    """Return what says a value that the item does not have."""

    def draw(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
        value = _foreign_value(rng, shelf, item, facet)
        return _value_said(rng, facet, value) if value else None

    return draw


def negated_fact(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Deny a value, a person or a year that the item has."""
    kind = rng.random()
    if shelf.films and kind < 0.35:
        name = _pick(rng, sorted(people(item)))
        if name is None:
            return None
        if name in values(item, "director"):
            return _say(rng, ("It was not directed by {p}.", "{p} did not direct it."), p=name)
        return _say(rng, ("{p} is not in it.", "It does not star {p}."), p=name)
    if kind < 0.5 and number(item, "year"):
        year = int(number(item, "year") or 0)
        return _say(rng, ("It is not from {y}.", "It did not come out in {y}."), y=year)
    facet = rng.choice(CATEGORIES[shelf.films])
    value = _pick(rng, values(item, facet))
    return _denied(rng, facet, value) if value else None


def changed_unit(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Keep a number and change its unit."""
    facets = _numbers_of(shelf, item)
    if not facets:
        return None
    facet = rng.choice(facets)
    others = {
        "minutes": ("hours", "seconds", "days"),
        "USD": ("euros", "pounds", "yen", "cents"),
        "GB": ("TB", "MB", "kg"),
        "inches": ("cm", "feet", "mm"),
        "g": ("kg", "pounds", "ounces", "tons"),
    }[facet.unit]
    value = f"{number(item, facet.name):g}"
    forms = {
        "runtime": ("It runs {v} {u}.", "At {v} {u} it never drags."),
        "price": ("It costs {v} {u}.", "At {v} {u} it is fair."),
        "ram_gb": ("It has {v} {u} of memory.", "With {v} {u} of RAM it keeps up."),
        "storage_gb": ("It has {v} {u} of storage.", "It stores {v} {u}."),
        "screen_in": ("The screen measures {v} {u}.",),
        "weight_g": ("It weighs {v} {u}.", "At {v} {u} it travels well."),
    }[facet.name]
    return _say(rng, forms, v=value, u=rng.choice(others))


FALSE_FILMS: Mapping[str, Draw] = {
    "wrong year": wrong_year,
    "swapped director": swapped_director,
    "person of another item": foreign_person,
    "invented title": invented_title,
    "title of another item": foreign_title,
    "title misspelt into another": misspelt_title,
    "wrong count": wrong_count,
    "wrong runtime": wrong_amount("runtime"),
    "wrong genre": wrong_value("genres"),
    "wrong country": wrong_value("country"),
    "wrong language": wrong_value("language"),
    "negated fact": negated_fact,
    "changed unit": changed_unit,
}
FALSE_DEVICES: Mapping[str, Draw] = {
    "wrong year": wrong_year,
    "invented title": invented_title,
    "title of another item": foreign_title,
    "title misspelt into another": misspelt_title,
    "wrong count": wrong_count,
    "wrong price": wrong_amount("price"),
    "wrong measure": wrong_amount("ram_gb", "storage_gb", "screen_in", "weight_g"),
    "wrong kind": wrong_value("kind"),
    "wrong brand": wrong_value("brand"),
    "wrong system": wrong_value("os"),
    "negated fact": negated_fact,
    "changed unit": changed_unit,
}


# True claims.


def sentences(item: Item) -> list[str]:
    """Return the sentences of an item's own text."""
    found = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", item.text.strip())
    return [s for s in found if 0 < len(s) <= 300 and s[-1] in ".!?"]


def true_fact(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Say one fact."""
    kind = rng.randrange(6)
    if kind == 0 and (year := number(item, "year")):
        if shelf.films and rng.random() < 0.3:
            return _decade_said(rng, int(year)).replace("late ", "")
        return _year_said(rng, shelf, year)
    if kind == 1 and (facets := _numbers_of(shelf, item)):
        facet = rng.choice(facets)
        return _amount_said(rng, facet, number(item, facet.name) or 0)
    if kind == 2 and values(item, "director"):
        return _director_said(rng, rng.choice(values(item, "director")))
    if kind == 3 and values(item, "cast"):
        return _cast_said(rng, rng.choice(values(item, "cast")))
    if kind == 4:
        return _title_said(rng, item.title)
    facet_name = rng.choice(CATEGORIES[shelf.films])
    value = _pick(rng, values(item, facet_name))
    return _value_said(rng, facet_name, value) if value and value != "Silent" else None


def true_limit(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Say on which side of a limit a number lies."""
    facets = [f for f in _numbers_of(shelf, item) if f.unit in _UNIT_NAMES]
    if not facets:
        return None
    facet = rng.choice(facets)
    own = number(item, facet.name) or 0
    limit = max(1, round(own * rng.choice((0.5, 0.8, 1.2, 2))))
    side = "under" if own < limit else "over"
    unit = _UNIT_NAMES[facet.unit]
    return _say(rng, ("It stays {s} {v} {u}.", "{s} {v} {u}, as you wanted."),
                s=side, v=limit, u=unit).replace("under ", "under ").capitalize()  # fmt: skip


def true_denial(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Deny what the item is not."""
    facet = rng.choice(CATEGORIES[shelf.films])
    value = _foreign_value(rng, shelf, item, facet)
    return _denied(rng, facet, value) if value else None


def own_words(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Repeat a sentence of the item's own text."""
    return _pick(rng, sentences(item))


def true_theme(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Name a theme."""
    theme = _pick(rng, values(item, "keywords"))
    return (
        _say(rng, ("It deals with {v}.", "One of its themes is {v}."), v=theme) if theme else None
    )


TRUE: Mapping[str, Draw] = {
    "fact": true_fact,
    "limit": true_limit,
    "denial": true_denial,
    "own words": own_words,
    "theme": true_theme,
}


def persons_words(rng: random.Random, shelf: Shelf, item: Item) -> Claim:
    """Repeat a limit that the person named, or a title that they liked."""
    if rng.random() < 0.5:
        limit = str(rng.choice((90, 120, 150, 500, 900, 2000)))
        return Claim(item, f"It keeps to your limit of {limit}.", (limit,))
    title = rng.choice(shelf.items).title
    return Claim(item, f"You liked {title}, and this is close to it.", (title,))


def true_claims(rng: random.Random, shelf: Shelf, kind: str) -> Iterator[Claim]:
    """Yield true claims of a kind without end, now and then two sentences in one."""
    while True:
        item = rng.choice(shelf.items)
        if kind == "the person's words":
            yield persons_words(rng, shelf, item)
            continue
        text = TRUE[kind](rng, shelf, item)
        if text:
            yield Claim(item, _carried(rng, text))


def false_claims(rng: random.Random, shelf: Shelf, kind: str) -> Iterator[Claim]:
    """Yield false claims of a kind without end, half of them beside something true."""
    draw = (FALSE_FILMS if shelf.films else FALSE_DEVICES)[kind]
    while True:
        item = rng.choice(shelf.items)
        text = draw(rng, shelf, item)
        if not text:
            continue
        if rng.random() < 0.25 and (more := true_fact(rng, shelf, item)):
            text = f"{text} {more}"
        yield Claim(item, _carried(rng, text))


def _carried(rng: random.Random, text: str) -> str:
    kind = rng.random()
    if kind < 0.25:
        return f"{text} {rng.choice(_OPINIONS)}"
    return f"{rng.choice(_OPINIONS)} {text}" if kind < 0.5 else text

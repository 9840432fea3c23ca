"""False claims about an item, one function a kind: exactly one thing in each is changed."""

import random
import re
from collections.abc import Iterator, Mapping

from claim_words import (
    ALPHABET,
    CATEGORIES,
    INVENTED,
    NUMBER_WORDS,
    UNIT_NAMES,
    Claim,
    Draw,
    Shelf,
    amount_said,
    carried,
    cast_said,
    decade_said,
    denied,
    director_said,
    foreign_value,
    has_words,
    long_said,
    number,
    numbers_of,
    people,
    pick,
    say,
    sentences,
    title_said,
    value_said,
    values,
    wrong_number,
    year_said,
)
from true_claims import true_fact

from retrieval.types import Item


def wrong_year(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Say another year, or another decade."""
    facet = shelf.schema.facet("year")
    wrong = wrong_number(rng, item, facet) if facet else None
    own = number(item, "year")
    if wrong is None or own is None or wrong > 2030:
        return None
    far = int(wrong) // 10 != int(own) // 10
    if far and shelf.films and rng.random() < 0.3 and not re.search(r"\d0s|ties\b", item.text):
        return decade_said(rng, int(wrong))
    return year_said(rng, shelf, wrong)


def swapped_director(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Give the film another's director, or one of its own players."""
    players = [p for p in values(item, "cast") if p not in values(item, "director")]
    if players and rng.random() < 0.4:
        return director_said(rng, rng.choice(players))
    others = set(values(rng.choice(shelf.items), "director")) - people(item)
    name = pick(rng, sorted(others))
    return director_said(rng, name) if name else None


def foreign_person(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Let somebody of another film play in it."""
    name = pick(rng, sorted(people(rng.choice(shelf.items)) - people(item)))
    return cast_said(rng, name) if name and not has_words(item, name) else None


def invented_title(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Name a work or a product that nobody made."""
    return title_said(rng, rng.choice(INVENTED))


def foreign_title(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Name another item of the catalogue."""
    title = rng.choice(shelf.items).title
    plain = len(title.split()) < 2 or title.lower() in item.title.lower()
    return None if plain or has_words(item, title) else title_said(rng, title)


def misspelt_title(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Change letters of the item's own title, so that it names something else."""
    letters = [i for i, c in enumerate(item.title) if c.isascii() and c.isalpha()]
    if len(letters) < 4:
        return None
    title = list(item.title)
    for place in rng.sample(letters, 1 if rng.random() < 0.5 else 2):
        new = rng.choice([c for c in ALPHABET if c != title[place].lower()])
        title[place] = new.upper() if title[place].isupper() else new
    return title_said(rng, "".join(title))


def wrong_count(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Change a number word of the item's own text, or count what it does not have."""
    found = [
        (s, m)
        for s in sentences(item)
        for m in re.finditer(rf"\b({'|'.join(NUMBER_WORDS)})\b", s, re.IGNORECASE)
    ]
    if found:
        sentence, match = rng.choice(found)
        held = {w for w in NUMBER_WORDS if re.search(rf"\b{w}\b", item.text, re.IGNORECASE)}
        word = rng.choice([w for w in NUMBER_WORDS if w not in held])
        word = word.capitalize() if match.group()[0].isupper() else word
        return sentence[: match.start()] + word + sentence[match.end() :]
    if not shelf.films:
        return None
    if re.search(r"\d|\b(" + "|".join(NUMBER_WORDS) + ")", item.text):
        return None
    word = rng.choice(NUMBER_WORDS[1:])
    return say(rng, ("It follows {n} friends.", "A story of {n} sisters.",
                      "It is told in {n} chapters."), n=word)  # fmt: skip


def wrong_amount(*names: str) -> Draw:
    """Return what says a wrong number for one of these facets, plainly or as a false limit."""

    def draw(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
        facets = [f for f in numbers_of(shelf, item) if f.name in names]
        facet = rng.choice(facets) if facets else None
        wrong = wrong_number(rng, item, facet) if facet else None
        if facet is None or wrong is None:
            return None
        # Another number facet of the same unit may hold the value: then it is true in words.
        same = (number(item, f.name) for f in numbers_of(shelf, item) if f.unit == facet.unit)
        if any(n is not None and abs(n - wrong) <= 0.05 * wrong for n in same):
            return None
        own = number(item, facet.name) or 0
        kind = rng.random()
        if facet.name in ("runtime", "price", "weight_g") and kind < 0.3:
            unit = UNIT_NAMES[facet.unit]
            side = "under" if wrong < own else "over"
            return say(rng, ("It stays {s} {v} {u}.", "All of it for {s} {v} {u}."),
                        s=side, v=f"{wrong:g}", u=unit)  # fmt: skip
        if facet.name == "runtime" and kind < 0.5 and wrong > 125 and wrong % 60 > 1:
            return long_said(rng, int(wrong))
        return amount_said(rng, facet, wrong)

    return draw


def wrong_value(facet: str) -> Draw:
    """Return what says a value that the item does not have."""

    def draw(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
        value = foreign_value(rng, shelf, item, facet)
        return value_said(rng, facet, value) if value else None

    return draw


def negated_fact(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Deny a value, a person or a year that the item has."""
    kind = rng.random()
    if shelf.films and kind < 0.35:
        name = pick(rng, sorted(people(item)))
        if name is None:
            return None
        if name in values(item, "director"):
            return say(rng, ("It was not directed by {p}.", "{p} did not direct it."), p=name)
        return say(rng, ("{p} is not in it.", "It does not star {p}."), p=name)
    if kind < 0.5 and number(item, "year"):
        year = int(number(item, "year") or 0)
        return say(rng, ("It is not from {y}.", "It did not come out in {y}."), y=year)
    facet = rng.choice(CATEGORIES[shelf.films])
    value = pick(rng, values(item, facet))
    return denied(rng, facet, value) if value else None


def changed_unit(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Keep a number and change its unit."""
    facets = numbers_of(shelf, item)
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
    return say(rng, forms, v=value, u=rng.choice(others))


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
        yield Claim(item, carried(rng, text))

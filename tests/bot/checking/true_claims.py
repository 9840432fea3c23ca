"""True claims about an item, one function a kind; None where there is nothing to say."""

import random
from collections.abc import Iterator, Mapping

from claim_words import (
    CATEGORIES,
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
    number,
    numbers_of,
    pick,
    say,
    sentences,
    title_said,
    value_said,
    values,
    year_said,
)

from retrieval.types import Item


def true_fact(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Say one fact."""
    kind = rng.randrange(6)
    if kind == 0 and (year := number(item, "year")):
        if shelf.films and rng.random() < 0.3:
            return decade_said(rng, int(year)).replace("late ", "")
        return year_said(rng, shelf, year)
    if kind == 1 and (facets := numbers_of(shelf, item)):
        facet = rng.choice(facets)
        return amount_said(rng, facet, number(item, facet.name) or 0)
    if kind == 2 and values(item, "director"):
        return director_said(rng, rng.choice(values(item, "director")))
    if kind == 3 and values(item, "cast"):
        return cast_said(rng, rng.choice(values(item, "cast")))
    if kind == 4:
        return title_said(rng, item.title)
    facet_name = rng.choice(CATEGORIES[shelf.films])
    value = pick(rng, values(item, facet_name))
    return value_said(rng, facet_name, value) if value and value != "Silent" else None


def true_limit(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Say on which side of a limit a number lies."""
    facets = [f for f in numbers_of(shelf, item) if f.unit in UNIT_NAMES]
    if not facets:
        return None
    facet = rng.choice(facets)
    own = number(item, facet.name) or 0
    limit = max(1, round(own * rng.choice((0.5, 0.8, 1.2, 2))))
    side = "under" if own < limit else "over"
    unit = UNIT_NAMES[facet.unit]
    return say(rng, ("It stays {s} {v} {u}.", "{s} {v} {u}, as you wanted."),
                s=side, v=limit, u=unit).replace("under ", "under ").capitalize()  # fmt: skip


def true_denial(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Deny what the item is not."""
    facet = rng.choice(CATEGORIES[shelf.films])
    value = foreign_value(rng, shelf, item, facet)
    return denied(rng, facet, value) if value else None


def own_words(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Repeat a sentence of the item's own text."""
    return pick(rng, sentences(item))


def true_theme(rng: random.Random, shelf: Shelf, item: Item) -> str | None:
    """Name a theme."""
    theme = pick(rng, values(item, "keywords"))
    return say(rng, ("It deals with {v}.", "One of its themes is {v}."), v=theme) if theme else None


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
            yield Claim(item, carried(rng, text))

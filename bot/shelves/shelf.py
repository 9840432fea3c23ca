"""A catalogue in memory: the fake that stands for an index, and twelve films to put in it.

Finds by brute force and knows words only by their letters; for tests and for trying things out.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.constraints import satisfies
from retrieval.embedding import HashEncoder
from retrieval.meaning import WordVectors
from retrieval.types import Candidate, Constraint, Facet, Item, Query, Retrieved, Schema
from retrieval.values import ValueIndex, count_values

FILMS = Schema(
    name="films",
    item="film",
    items="films",
    facets=(
        Facet(
            "genres",
            "category",
            synonyms={
                "comedy": ("funny",),
                "horror": ("scary",),
                "science fiction": ("sci-fi",),
                "romance": ("romantic",),
                "romance+comedy": ("romcom", "rom com"),
            },
        ),
        Facet("year", "number", unit="year", less=("older",), more=("newer",)),
        Facet("runtime", "number", unit="minutes", less=("shorter",), more=("longer",)),
        Facet("director", "people"),
        Facet("cast", "people"),
        Facet("country", "category", synonyms={"South Korea": ("Korean",)}),
        Facet("keywords", "tags"),
    ),
)
# title; year; minutes; genres; director; cast; country; keywords
_ROWS = """
Alien; 1979; 117; horror, science fiction; Ridley Scott; Sigourney Weaver, Tom Skerritt; United Kingdom; space, survival
Blade Runner; 1982; 117; science fiction, thriller; Ridley Scott; Harrison Ford, Rutger Hauer; United States; dystopia
Groundhog Day; 1993; 101; comedy, romance, fantasy; Harold Ramis; Bill Murray, Andie MacDowell; United States; time loop, feel-good
Heat; 1995; 170; crime, thriller; Michael Mann; Al Pacino, Robert De Niro; United States; heist
You've Got Mail; 1998; 119; comedy, romance; Nora Ephron; Tom Hanks, Meg Ryan; United States; feel-good, bookshop
Sleepless in Seattle; 1993; 105; comedy, romance, drama; Nora Ephron; Tom Hanks, Meg Ryan; United States; christmas
Forrest Gump; 1994; 142; drama, comedy; Robert Zemeckis; Tom Hanks, Robin Wright; United States; vietnam war
Parasite; 2019; 132; thriller, drama, comedy; Bong Joon-ho; Song Kang-ho, Choi Woo-shik; South Korea; class, twist ending
The Host; 2006; 120; horror, science fiction; Bong Joon-ho; Song Kang-ho, Bae Doona; South Korea; monster
The Lord of the Rings: The Two Towers; 2002; 179; fantasy, adventure; Peter Jackson; Elijah Wood; New Zealand; epic
The Lord of the Rings: The Return of the King; 2003; 201; fantasy, adventure; Peter Jackson; Elijah Wood; New Zealand; epic
Airplane!; 1980; 88; comedy; Jim Abrahams, David Zucker; Leslie Nielsen, Julie Hagerty; United States; spoof
"""  # noqa: E501


def films() -> tuple[Item, ...]:
    """Return twelve films; their ids are their titles in lower case, with dashes."""
    out = []
    for row in _ROWS.strip().splitlines():
        title, year, runtime, *worded = (part.strip() for part in row.split(";"))
        names = ("genres", "director", "cast", "country", "keywords")
        facts = {
            name: tuple(v.strip() for v in values.split(","))
            for name, values in zip(names, worded, strict=True)
        }
        key = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
        out.append(Item(key, title, "", {"year": int(year), "runtime": int(runtime), **facts}))
    return tuple(out)


class Shelf:
    """Items in memory behind the face of an index.

    Parameters
    ----------
    schema
        The facets; category values are counted from the items.
    items
        The items, the most popular first.
    """

    def __init__(self, schema: Schema = FILMS, items: Sequence[Item] | None = None) -> None:
        self._items = {item.id: item for item in (films() if items is None else items)}
        every = tuple(self._items.values())
        counted = count_values(schema, every)
        facets = tuple(replace(f, values=counted.get(f.name, ())) for f in schema.facets)
        self.schema = replace(schema, facets=facets)
        self.values = ValueIndex(self.schema, every, WordVectors(HashEncoder()))

    def get(self, ids: Sequence[str]) -> tuple[Item, ...]:
        """Return the items of those ids, in order; unknown ids are left out."""
        return tuple(self._items[i] for i in ids if i in self._items)

    def search(self, query: Query) -> Retrieved:
        """Return what fits, in the order of the shelf; the last wish that is in the way goes."""
        kept: list[Constraint] = []
        for constraint in query.constraints:
            if self._fitting((*kept, constraint), query):
                kept.append(constraint)
        found = [Candidate(i, 0.0, 0.0) for i in self._fitting(kept, query)[: query.limit]]
        return Retrieved(tuple(found), tuple(c for c in query.constraints if c not in kept))

    def _fitting(self, constraints: Sequence[Constraint], query: Query) -> list[Item]:
        return [
            item
            for item in self._items.values()
            if item.id not in query.exclude
            and all(satisfies(item, c, self.schema) for c in constraints)
        ]

    def quantile(self, facet: str, q: float, within: Sequence[str] | None = None) -> float | None:
        """Return the q-quantile of a number facet over all items or some, or None."""
        chosen = self._items.values() if within is None else self.get(within)
        facts = (item.facts.get(facet) for item in chosen)
        numbers = [float(f) for f in facts if isinstance(f, int | float)]
        return float(np.quantile(numbers, q)) if numbers else None

"""What annotated lines speak of: the bundled catalogues, and schemas written out in a line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.llm.base import Situation
from bot.understanding.hints import hints
from retrieval.catalog import bundled_path, load_catalog
from retrieval.embedding import Encoder
from retrieval.meaning import WordVectors
from retrieval.schema import with_ranges
from retrieval.types import Constraint, Facet, Item, Schema
from retrieval.values import ValueIndex, ranges


@dataclass(frozen=True)
class Known:
    """What is known of one catalogue: its schema, its values, and its titles by id."""

    schema: Schema
    values: ValueIndex
    titles: Mapping[str, str]

    def title(self, id_: str) -> str:
        """Return an item's title, empty if there is no such item."""
        return self.titles.get(id_, "")


class Catalogues:
    """Value indexes of the bundled catalogues and of schemas written out in lines.

    Parameters
    ----------
    encoder
        For linking by meaning.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._words = WordVectors(encoder)
        self._known: dict[str, Known] = {}

    def of(self, spec: str | Mapping[str, Any]) -> Known:
        """Return what is known of a bundled catalogue by name, or of a schema written out."""
        key = spec if isinstance(spec, str) else json.dumps(spec, sort_keys=True)
        if key not in self._known:
            if isinstance(spec, str):
                catalog = load_catalog(bundled_path(spec))
                schema, items = catalog.schema, catalog.items
                schema = with_ranges(schema, ranges(schema, items))
            else:
                schema = inline_schema(spec)
                items = _every_value(schema)
            titles = {item.id: item.title for item in items}
            self._known[key] = Known(schema, ValueIndex(schema, items, self._words), titles)
        return self._known[key]


def _every_value(schema: Schema) -> tuple[Item, ...]:
    """Return untitled items that hold every category value of a schema, one each."""
    pairs = [(f.name, v) for f in schema.facets if f.kind == "category" for v in f.values]
    return tuple(Item(f"{name}-{value}", "", "", {name: (value,)}) for name, value in pairs)


def inline_schema(row: Mapping[str, Any]) -> Schema:
    """Return a schema written out in an annotation line."""
    facets = tuple(
        Facet(
            name=f["name"],
            kind=f["kind"],
            unit=f.get("unit", ""),
            description=f.get("description", ""),
            values=tuple(f.get("values", ())),
        )
        for f in row["facets"]
    )
    return Schema(row["name"], facets)


def held(row: Sequence[Any]) -> Constraint:
    """Return a held wish of an annotation line: `[facet, op, value]`."""
    facet, op, value = row
    if isinstance(value, list) and value and isinstance(value[0], int | float):
        return Constraint(facet, op, (float(value[0]), float(value[1])))
    if isinstance(value, int | float):
        return Constraint(facet, op, float(value))
    return Constraint(facet, op, tuple(value) if isinstance(value, list) else (str(value),))


def situation_of(row: Mapping[str, Any], known: Known) -> Situation:
    """Return the situation of an annotation line, with the hints that its catalogue gives."""
    return Situation(
        schema=known.schema,
        text=row["text"],
        said=row.get("said", ""),
        state=tuple(held(c) for c in row.get("state", ())),
        shown=tuple(row.get("shown", ())),
        hints=hints(row["text"], known.values, known.title),
    )

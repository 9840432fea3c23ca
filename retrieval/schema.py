"""What a catalogue's columns mean: the YAML beside the file, and its inference from rows.

A YAML file looks like this; every key but `facets` may be left out.
```yaml
name: films
noun: film            # what one item is called, and many
nouns: films
id: id                # the columns of id, title and description; id and text may be lists
title: title
text: blurb
openings: [I'd like a comedy from the nineties]
facets:
  genres:
    kind: category    # category, number, people or tags
    column: Genres    # where it differs from the facet's name
    separator: "|"    # where one cell holds several values
    levels: 2         # of a path of categories, how many steps count
    description: the genres of a film
    vocabulary: genres  # words that are known for common values
    synonyms:           # and others, which go first
      science fiction: [sci-fi, scifi]
      romance + comedy: [romcom]          # all of these values must hold
      Sweden | Norway: [scandinavian]     # any of them
    say: "about {value}"  # how a reason says it of an item, where "a … film" would be wrong
  runtime: {kind: number, unit: minutes, less: [shorter], more: [longer]}
  year: {kind: number, unit: year, column: released, read: year}  # of a date; or month, range, low
  features: {kind: category, flags: {wifi: has_wifi}}  # columns of yes and no, by value
```
A property inside a nested cell is a column of its own: `specs.Material`.
This module knows nothing of items' facts or of the index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import CatalogError
from retrieval.types import Facet, FacetKind, Schema
from retrieval.vocabulary import Theme, synonyms_of


@dataclass(frozen=True)
class Layout:
    """A schema and the columns that it is read from.

    All mappings are keyed by facet name; `id` are the columns that together tell items apart
    (`*`: the whole row), `text` those that describe an item, `flags` the columns of yes and no by
    the value that yes stands for, `reads` what is taken of a cell. The facets' `values` are still
    empty here: they come with the rows.
    """

    schema: Schema
    id: tuple[str, ...]
    title: str
    text: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    vocabularies: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def named(self) -> dict[str, str]:
        """Return what each column that must be there is for: role or facet → column."""
        out = {} if self.id == ("*",) else {"id": self.id[0]}
        out |= {"title": self.title}
        out |= {f: c for f, c in self.columns.items() if f not in self.flags}
        out |= {f"{f}: {v}": c for f, by in self.flags.items() for v, c in by.items()}
        return out | {f"text {n}": c for n, c in enumerate(self.text, start=1)}


class _FacetFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: FacetKind
    column: str | None = None
    separator: str | None = None
    levels: int = Field(default=0, ge=0, le=20)
    read: Literal["", "year", "month", "range", "low", "grouped", "bare"] = ""
    flags: dict[str, str] = Field(default_factory=dict)
    unit: str = ""
    description: str = ""
    vocabulary: Theme | None = None
    synonyms: dict[str, list[str]] = Field(default_factory=dict)
    less: list[str] = Field(default_factory=list)
    more: list[str] = Field(default_factory=list)
    say: str = Field(default="", pattern=r"^$|\{value\}")


class _SchemaFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    noun: str = "item"
    nouns: str = "items"
    id: str | list[str] = "id"
    title: str = "title"
    text: str | list[str] = ""
    openings: list[str] = Field(default_factory=list)
    facets: dict[str, _FacetFile]


def parse_schema(path: Path, name: str) -> Layout:
    """Read a YAML file; `name` is the catalogue's name unless the file says otherwise.

    Raises
    ------
    CatalogError
        If the file is missing, is no YAML or has an unknown or mistyped key.
    """
    remedy = "Mend the YAML, or remove it to have it inferred again."
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        file = _SchemaFile.model_validate(raw)
    except FileNotFoundError as error:
        raise CatalogError(path, "a schema file", "no such file", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise CatalogError(path, "UTF-8 text", str(error), "Save the file as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise CatalogError(path, "valid YAML", f"{error.problem}", remedy, line) from error
    except yaml.YAMLError as error:
        raise CatalogError(path, "valid YAML", f"{error}", remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise CatalogError(path, f"a valid {where}", first["msg"], remedy) from error
    return _layout(file, name)


def _layout(file: _SchemaFile, name: str) -> Layout:
    facets = tuple(
        Facet(
            name=key,
            kind=f.kind,
            unit=f.unit,
            description=f.description,
            synonyms={value: tuple(words) for value, words in f.synonyms.items()},
            less=tuple(f.less),
            more=tuple(f.more),
            say=f.say,
        )
        for key, f in file.facets.items()
    )
    schema = Schema(file.name or name, facets, file.noun, file.nouns, tuple(file.openings))
    return Layout(
        schema,
        _several(file.id),
        file.title,
        _several(file.text),
        {key: f.column or key for key, f in file.facets.items() if not f.flags},
        {key: f.separator for key, f in file.facets.items() if f.separator},
        {key: f.vocabulary for key, f in file.facets.items() if f.vocabulary},
        {key: f.levels for key, f in file.facets.items() if f.levels},
        {key: f.read for key, f in file.facets.items() if f.read},
        {key: f.flags for key, f in file.facets.items() if f.flags},
    )


def _several(names: str | list[str]) -> tuple[str, ...]:
    return tuple(names) if isinstance(names, list) else (names,) if names else ()


_KINDS = """\
# Written from the file's contents; edit it and index again. It is not written over.
# kind:     category (a closed list), number, people (names) or tags (searched, not asked for)
# column:   where the facet stands in the file; `specs.Material` is a property inside a column
# separator, levels, read, flags, unit, less, more, synonyms, say: see the documentation
"""


def write_schema(
    layout: Layout,
    path: Path,
    taken: Mapping[str, str] | None = None,
    aside: Mapping[str, str] | None = None,
) -> None:
    """Write a layout as YAML for the owner to edit; nothing is written over an existing file.

    Parameters
    ----------
    layout
        What to write.
    path
        Where to.
    taken, aside
        A few words on each facet, and on each column that became none: written as comments.
    """
    schema = layout.schema
    head: dict[str, Any] = {
        "name": schema.name,
        "noun": schema.item,
        "nouns": schema.items,
        "id": layout.id[0] if len(layout.id) == 1 else list(layout.id),
        "title": layout.title,
        "text": layout.text[0] if len(layout.text) == 1 else list(layout.text) or "",
        "openings": list(schema.openings),
    }
    parts = [_KINDS, _dump(head), "facets:" + ("\n" if schema.facets else " {}\n")]
    for facet in schema.facets:
        said = (taken or {}).get(facet.name)
        parts += [f"  # {' '.join(said.split())}\n"] if said else []
        body = _dump({facet.name: _facet_out(facet, layout)})
        parts.append("".join(f"  {line}\n" for line in body.splitlines()))
    if aside:
        parts.append("# Columns that became no facet:\n")
        parts += [f"#   {line}\n" for line in grouped(aside)]
    with path.open("x", encoding="utf-8") as file:
        file.write("".join(parts))


def grouped(aside: Mapping[str, str]) -> list[str]:
    """Return what became of columns, one line a reason."""
    by_reason: dict[str, list[str]] = {}
    for column, why in aside.items():
        by_reason.setdefault(" ".join(why.split()), []).append(" ".join(column.split()))
    lines = []
    for why, columns in by_reason.items():
        more = f" and {len(columns) - 8} more" if len(columns) > 8 else ""
        lines.append(f"{', '.join(columns[:8])}{more}: {why}")
    return lines


def _dump(data: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(
        data, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
    return text


def _facet_out(facet: Facet, layout: Layout) -> dict[str, Any]:
    name = facet.name
    out: dict[str, Any] = {"kind": facet.kind}
    if layout.columns.get(name, name) != name:
        out["column"] = layout.columns[name]
    for key, found in (
        ("separator", layout.separators.get(name)),
        ("levels", layout.levels.get(name)),
        ("read", layout.reads.get(name)),
        ("flags", dict(layout.flags.get(name, {}))),
        ("vocabulary", layout.vocabularies.get(name)),
        ("unit", facet.unit),
        ("description", facet.description),
        ("say", facet.say),
        ("synonyms", {value: list(words) for value, words in facet.synonyms.items()}),
        ("less", list(facet.less)),
        ("more", list(facet.more)),
    ):
        if found:
            out[key] = found
    return out


def with_values(schema: Schema, values: Mapping[str, tuple[str, ...]]) -> Schema:
    """Return the schema with the category values that the rows really hold."""
    facets = tuple(replace(f, values=values.get(f.name, ())) for f in schema.facets)
    return replace(schema, facets=facets)


def with_ranges(schema: Schema, found: Mapping[str, tuple[float, float]]) -> Schema:
    """Return the schema with the ranges of its number facets."""
    facets = tuple(replace(f, range=found.get(f.name)) for f in schema.facets)
    return replace(schema, facets=facets)


def with_vocabulary(layout: Layout, values: Mapping[str, tuple[str, ...]]) -> Schema:
    """Return the layout's schema with its values and the known synonyms of those values."""
    schema = with_values(layout.schema, values)
    facets = []
    for facet in schema.facets:
        theme = layout.vocabularies.get(facet.name)
        known = synonyms_of(theme, facet.values) if theme else {}
        merged = {**known}
        for value, words in facet.synonyms.items():
            merged[value] = tuple(dict.fromkeys((*words, *known.get(value, ()))))
        facets.append(replace(facet, synonyms=merged))
    return replace(schema, facets=tuple(facets))


def to_json(schema: Schema) -> dict[str, Any]:
    """Return the schema as JSON-ready data, for storing beside an index."""
    return {
        "name": schema.name,
        "item": schema.item,
        "items": schema.items,
        "openings": list(schema.openings),
        "facets": [
            {
                "name": f.name,
                "kind": f.kind,
                "unit": f.unit,
                "description": f.description,
                "values": list(f.values),
                "synonyms": {value: list(words) for value, words in f.synonyms.items()},
                "less": list(f.less),
                "more": list(f.more),
                "say": f.say,
            }
            for f in schema.facets
        ],
    }


def from_json(data: Mapping[str, Any]) -> Schema:
    """Return the schema that `to_json` wrote."""
    facets = tuple(
        Facet(
            f["name"],
            f["kind"],
            f["unit"],
            f["description"],
            tuple(f["values"]),
            {value: tuple(words) for value, words in f["synonyms"].items()},
            tuple(f["less"]),
            tuple(f["more"]),
            f.get("say", ""),
        )
        for f in data["facets"]
    )
    return Schema(data["name"], facets, data["item"], data["items"], tuple(data["openings"]))

"""What a catalogue's columns mean: the YAML beside the file, and its inference from rows.

A YAML file looks like this; every key but `facets` may be left out.
```yaml
name: films
noun: film            # what one item is called, and many
nouns: films
id: id                # the columns of id, title and description
title: title
text: blurb
openings: [I'd like a comedy from the nineties]
facets:
  genres:
    kind: category    # category, number, people or tags
    column: Genres    # where it differs from the facet's name
    separator: "|"    # where one cell holds several values
    description: the genres of a film
    vocabulary: genres  # words that are known for common values
    synonyms:           # and others, which go first
      science fiction: [sci-fi, scifi]
      romance + comedy: [romcom]          # all of these values must hold
      Sweden | Norway: [scandinavian]     # any of them
    say: "about {value}"  # how a reason says it of an item, where "a … film" would be wrong
  runtime: {kind: number, unit: minutes, less: [shorter], more: [longer]}
```
This module knows nothing of items' facts or of the index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import CatalogError
from retrieval.types import Facet, FacetKind, Schema
from retrieval.vocabulary import Theme, synonyms_of


@dataclass(frozen=True)
class Layout:
    """A schema and the columns that it is read from.

    `columns`, `separators` and `vocabularies` are keyed by facet name; `text` is empty when no
    column describes the items. The facets' `values` are still empty here: they come with the
    rows.
    """

    schema: Schema
    id: str
    title: str
    text: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    vocabularies: Mapping[str, str] = field(default_factory=dict)


class _FacetFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: FacetKind
    column: str | None = None
    separator: str | None = None
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
    id: str = "id"
    title: str = "title"
    text: str = ""
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
        file.id,
        file.title,
        file.text,
        {key: f.column or key for key, f in file.facets.items()},
        {key: f.separator for key, f in file.facets.items() if f.separator},
        {key: f.vocabulary for key, f in file.facets.items() if f.vocabulary},
    )


def write_schema(layout: Layout, path: Path) -> None:
    """Write a layout as YAML for the owner to edit; nothing is written over an existing file."""
    schema = layout.schema
    out: dict[str, Any] = {
        "name": schema.name,
        "noun": schema.item,
        "nouns": schema.items,
        "id": layout.id,
        "title": layout.title,
        "text": layout.text,
        "openings": list(schema.openings),
        "facets": {f.name: _facet_out(f, layout) for f in schema.facets},
    }
    note = "# Inferred; edit freely. Kinds: category, number, people, tags.\n"
    body = yaml.safe_dump(out, sort_keys=False, allow_unicode=True, width=100)
    with path.open("x", encoding="utf-8") as file:
        file.write(note + body)


def _facet_out(facet: Facet, layout: Layout) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": facet.kind}
    if layout.columns.get(facet.name, facet.name) != facet.name:
        out["column"] = layout.columns[facet.name]
    if facet.name in layout.separators:
        out["separator"] = layout.separators[facet.name]
    if facet.name in layout.vocabularies:
        out["vocabulary"] = layout.vocabularies[facet.name]
    for key in ("unit", "description", "say"):
        if getattr(facet, key):
            out[key] = getattr(facet, key)
    if facet.synonyms:
        out["synonyms"] = {value: list(words) for value, words in facet.synonyms.items()}
    for key in ("less", "more"):
        if getattr(facet, key):
            out[key] = list(getattr(facet, key))
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

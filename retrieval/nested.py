"""Cells that hold properties of their own → one column a property: "specs.Material".

Reads JSON objects, lists of key and value, Ruby hashes, Python literals and "Key: value; …".
Knows nothing of what the properties mean.
"""

import ast
import json
import re
from collections.abc import Iterable, Mapping

from retrieval.facts import is_missing
from retrieval.rows import Row

MARK = "."
_KEYS = ("key", "name", "attribute", "label", "property", "feature")
_RUBY = re.compile(r'("(?:[^"\\]|\\.)*")\s*=>\s*')
_NIL = re.compile(r"(?<=:)\s*nil\b")
_PAIR = re.compile(r"\s*([^:;|\n]{1,40}?)\s*[:=]\s+?(.*\S)\s*|\s*([\w ]{1,40}?)=(\S.*)", re.DOTALL)
_LONGEST = 1 << 16


def properties(cell: object) -> Mapping[str, object] | None:
    """Return the properties that a cell holds, or None where it holds none."""
    if isinstance(cell, str):
        text = cell.strip()
        if len(text) > _LONGEST or not text:
            return None
        if text[0] in "{[":
            return _flat(_parsed(text))
        return _pairs(text)
    return _flat(cell) if isinstance(cell, Mapping | list | tuple) else None


def _parsed(text: str) -> object:
    """Return what a text spells in JSON, as a Ruby hash or as a Python literal; None if nothing."""
    for source, parse in (
        (text, json.loads),
        (_NIL.sub(" null", _RUBY.sub(r"\1: ", text)), json.loads),
        (text, ast.literal_eval),
    ):
        try:
            return parse(source)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def _flat(value: object) -> Mapping[str, object] | None:
    if isinstance(value, list | tuple):
        return _keyed(value)
    if not isinstance(value, Mapping):
        return None
    if len(value) == 1:
        inner = next(iter(value.values()))
        keyed = _keyed(inner) if isinstance(inner, list | tuple) else None
        if keyed is not None:
            return keyed
    out: dict[str, object] = {}
    for key, part in value.items():
        deeper = _flat(part) if isinstance(part, Mapping) else None
        if deeper is None:
            out[str(key)] = part
        else:
            out.update({f"{key}{MARK}{k}": v for k, v in deeper.items()})
    return out


def _keyed(parts: Iterable[object]) -> Mapping[str, object] | None:
    """Return a list of objects with a key and a value each as one mapping; None for other lists."""
    out: dict[str, object] = {}
    some = False
    for part in parts:
        if not isinstance(part, Mapping) or "value" not in part:
            return None
        key = next((part[k] for k in _KEYS if isinstance(part.get(k), str)), None)
        some = True
        if key is not None:
            out.setdefault(" ".join(str(key).split()), part["value"])
    return out if some else None


def _pairs(text: str) -> Mapping[str, object] | None:
    """Return the pairs of "Key: value; Key: value", of two or more."""
    for mark in ("\n", ";", "|", ","):
        parts = [part for part in text.split(mark) if part.strip()]
        if len(parts) < 2:
            continue
        found = [_PAIR.fullmatch(part) for part in parts]
        if all(found):
            return {(f[1] or f[3]).strip(): (f[2] or f[4]).strip() for f in found if f}
    return None


def nested_columns(sample: Iterable[Row]) -> tuple[str, ...]:
    """Return the columns most of whose filled cells hold properties."""
    filled: dict[str, int] = {}
    nested: dict[str, int] = {}
    for row in sample:
        for column, cell in row.items():
            if is_missing(cell):
                continue
            filled[column] = filled.get(column, 0) + 1
            if properties(cell):
                nested[column] = nested.get(column, 0) + 1
    return tuple(c for c, n in nested.items() if n >= 0.6 * filled[c])


def unfolded(row: Row, columns: Iterable[str]) -> Row:
    """Return a row with a column for every property that the given columns hold."""
    out = dict(row)
    for column in columns:
        cell = row.get(column)
        found = properties(cell) if cell is not None else None
        for key, value in (found or {}).items():
            out.setdefault(f"{column}{MARK}{key}", value)
    return out

"""One column → the kind of facet that it is: number, category, people, tags, and how it is read.

Knows nothing of the other columns.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.columns import Column
from retrieval.facts import (
    BadFact,
    is_true,
    parts_of,
    read_date,
    read_month,
    read_number,
    read_range,
    unbracketed,
    ungrouped,
)
from retrieval.measure import unit_of_cells, unit_of_name
from retrieval.types import FacetKind
from retrieval.words import names_people

Read = Literal["", "year", "month", "range", "low", "grouped", "bare"]
TAGS = re.compile(
    r"tags?$|keywords?$|themes?$|topics?$|labels?$|shelves$"
    r"|(?:ideal|suited|suitable|good|great|perfect|best|recommended|designed)_for$"
)
CLOSED = re.compile(
    r"brand|make$|manufacturer|category|genre|type$|kind$|colou?r|size$|country|region|city|cuisine"
    r"|location|style|grape|producer|industry|department|language|material|season|occasion"
)
_SEPARATORS = ("|", ";", "\n", " • ", " · ", ",", " / ", "/", " & ", " + ")
_PLAIN = ("|", ";", "\n", " • ")  # what is no part of a value
_PATHS = (">>", "→", "»", ">", "::", "|", "/", "\\")
_MANY_VALUES = 300  # a closed list longer than this is no list that a person chooses from
_LONGEST_VALUE = 40
_GROUPED = re.compile(r"\D{0,5}[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?(?:,-)?\D{0,12}")
_LEAST_GROUPED = 3  # cells that show it
_ALLOWED = re.compile(r"pets?|dogs?|cats?|animals|smoking|smokers|children|parties")
_FINE = frozenset({"kg", "m", "km", "litres", "GB", "TB"})  # units given to three digits
_SIDES = re.compile(r"\D{0,3}\d[\d.,]*\D{0,6}?\s?[x×]\s?\d.*", re.IGNORECASE)
_RATED = re.compile(r"[^()\d]{2,}\(\d[^()]*\)$")  # "Medium (2.6/5)"
_RUNNING = re.compile(r"runtime|run_time|duration|minutes|cook_time|prep_time|total_time|playtime")
_COUNTS = re.compile(r"count|number|num|qty|quantity|stock|bed|bath|rooms?$|players|cores|ports")


@dataclass(frozen=True)
class Told:
    """What a column is: a kind and how its cells are read.

    `read` says what is taken of a cell: the year or month of a date, every whole number of a
    range, its low end, a number whose points group thousands; `levels` how many steps of a
    category path. `example` is for people, `middle` the median of a number.
    """

    kind: FacetKind
    unit: str = ""
    values: tuple[str, ...] = ()
    separator: str = ""
    levels: int = 0
    read: Read = ""
    name: str = ""
    example: str = ""
    middle: float | None = None


def flag_of(column: Column, words: str) -> str:
    """Return what a column says of an item by yes, as "pets allowed"; empty for other columns."""
    said = [is_true(cell) for cell in column.cells]
    if not said or any(one is None for one in said):
        return ""
    kinds = {str(cell).strip().casefold() for cell in column.cells}
    numbers = kinds <= {"0", "1", "0.0", "1.0"}
    if (numbers and (_COUNTS.search(column.plain) or len(kinds) < 2)) or True not in said:
        return ""
    if all(said) and column.share > 0.95:
        return ""
    bare = re.sub(r"^(?:is|has|have|with|can be|can)\s+|\?|\s*\(.*\)", "", words).strip() or words
    return f"{bare} allowed" if _ALLOWED.fullmatch(bare) else bare


def told(column: Column) -> Told | str:
    """Return what a column is, or why it is of no use for asking."""
    cells = column.cells
    if any(isinstance(cell, dict) for cell in cells):
        return "holds objects"
    dated = _dated(column)
    if dated is not None:
        return dated
    if column.is_code:
        return "codes"
    if column.is_number:
        return _number(column)
    ranged = _ranged(column)
    if ranged is not None:
        return ranged
    path = _path(column)
    return path if path is not None else _worded(column)


def _is_grouped(column: Column) -> bool:
    """Tell whether points in a column's numbers group thousands: "31.000", "58.500"."""
    pointed = [s for s in column.strings if "." in s]
    if len(pointed) < _LEAST_GROUPED or unit_of_cells(pointed) in _FINE:
        return False
    return all(_GROUPED.fullmatch(s.strip()) for s in pointed)


def _number(column: Column) -> Told | str:
    numbers: list[float] = []
    grouped = _is_grouped(column)
    name, unit = unit_of_name(column.name)
    unit = unit or unit_of_cells(s for s in column.strings[:500])
    for cell in column.cells:
        try:
            numbers.append(float(read_number(ungrouped(cell) if grouped else cell, unit)))
        except BadFact:
            continue
    whole = all(n.is_integer() for n in numbers)
    distinct = len(set(numbers))
    if (
        whole
        and distinct == len(numbers) > 2
        and min(numbers) in (0, 1)
        and max(numbers) - min(numbers) == distinct - 1
    ):
        return "a running number"
    if whole and distinct > 0.9 * len(numbers) and min(numbers) >= 10**6:
        return "codes"
    if any(":" not in s and re.search(r"\dh", s, re.IGNORECASE) for s in column.strings[:100]):
        unit = "minutes"
    plain = column.plain
    if whole and re.search(r"year|vintage|released|published|jahr", plain) and not unit:
        unit = "year" if all(1000 <= n <= 2100 or n < 0 for n in numbers[:50]) else ""
    if not unit and _RUNNING.search(plain):
        unit = "minutes"
    few = sorted(set(numbers))
    middle = sorted(numbers)[len(numbers) // 2]
    shown = f"{few[0]:g} to {few[-1]:g}"
    read: Read = "grouped" if grouped else ""
    example = f"{shown} {unit}".strip()
    return Told("number", unit, read=read, name=name, example=example, middle=middle)


def _dated(column: Column) -> Told | str | None:
    """Return a column of dates as the year or the month, whichever tells items apart."""
    if column.is_number or not column.strings:
        return None
    dates = []
    for cell in column.cells:
        try:
            dates.append(read_date(cell))
        except BadFact:
            continue
    if len(dates) < 0.9 * len(column.cells):
        return None
    years = {year for year, _ in dates}
    if len(years) > 2:
        shown = f"{min(years)} to {max(years)}"
        return Told("number", "year", read="year", example=f"the year of a date, {shown}")
    months = Counter(read_month(cell) for cell in column.cells)
    if 2 <= len(months) <= 24:
        values = tuple(m for m, _ in months.most_common())
        return Told("category", values=values, read="month", example=f"the month: {values[0]}, …")
    return "dates that are all alike"


def _ranged(column: Column) -> Told | None:
    """Return a column of ranges: small whole numbers as all that they hold, others' low end."""
    ranges = [read_range(cell) for cell in column.cells]
    found = [r for r in ranges if r is not None]
    if len(found) < 0.2 * len(column.cells):
        return None
    rest = [c for c, r in zip(column.cells, ranges, strict=True) if r is None]
    if sum(_is_number(c) for c in rest) + len(found) < 0.9 * len(column.cells):
        return None
    _, named = unit_of_name(column.name)
    unit = named or unit_of_cells(column.strings[:500])
    small = all(a.is_integer() and b.is_integer() and b <= 99 and b - a <= 20 for a, b in found)
    example = str(next(c for c, r in zip(column.cells, ranges, strict=True) if r is not None))
    if small and not unit.startswith(("USD", "EUR", "GBP")):
        return Told(
            "category", unit, read="range", example=f"each number of a range such as {example}"
        )
    name, _ = unit_of_name(column.name)
    shown = f"the low end of a range such as {example}"
    return Told("number", unit, read="low", name=name, example=shown)


def _is_number(cell: object) -> bool:
    try:
        read_number(cell)
    except BadFact:
        return False
    return True


def _path(column: Column) -> Told | None:
    """Return a column of paths through a tree of categories, cut where they name single items."""
    cells = [parts_of(cell) for cell in column.cells]
    texts = [c if isinstance(c, str) else c[0] if len(c) == 1 else "" for c in cells]
    for mark in _PATHS:
        paths = [[s.strip() for s in t.split(mark)] for t in texts if mark in t]
        if len(paths) < 0.5 * len(texts):
            continue
        parents: dict[str, Counter[str]] = {}
        for path in paths:
            parents.setdefault(path[1], Counter())[path[0]] += 1
        own = sum(c.most_common(1)[0][1] for c in parents.values())
        tops = {path[0] for path in paths}
        if own < 0.9 * len(paths) or len(tops) > 0.5 * len(paths) or len(tops) > len(parents):
            continue
        if len(tops & parents.keys()) > 0.1 * len(parents):
            continue  # a list, whose parts stand in any place
        if len(mark) == 1 and mark in "|/\\" and len(parents) > 0.8 * len(paths):
            continue
        levels = _levels(paths)
        if levels < 2:
            continue
        values = Counter(step for path in paths for step in path[:levels])
        named = tuple(v for v, _ in values.most_common())
        kind: FacetKind = "category" if _recurring(values) <= _MANY_VALUES else "tags"
        shown = f" {mark} ".join(paths[0][:levels])
        return Told(kind, values=named, separator=mark, levels=levels, example=f"path {shown}")
    return None


def _levels(paths: Sequence[Sequence[str]]) -> int:
    """Return how deep paths go until their steps name single items."""
    depth = 1
    while True:
        steps = [path[depth] for path in paths if len(path) > depth]
        if len(steps) < 0.05 * len(paths) or len(set(steps)) > max(40, 0.3 * len(steps)):
            return depth
        if sum(step.endswith("...") for step in steps) > 0.1 * len(steps):
            return depth
        if _recurring(Counter(step for path in paths for step in path[: depth + 1])) > _MANY_VALUES:
            return depth
        depth += 1


def _recurring(values: Counter[str]) -> int:
    """Return how many values come more than once: what a person may know of a long list."""
    return sum(count > 1 for count in values.values())


def _worded(column: Column) -> Told | str:
    read: Read = "bare" if column.are(_RATED) else ""
    if read:
        column = replace(column, cells=tuple(unbracketed(cell) for cell in column.cells))
    separator = _separator(column)
    counts: Counter[str] = Counter()
    for cell in column.cells:
        parts = parts_of(cell, separator)
        counts.update({parts} if isinstance(parts, str) else set(parts))
    counts = _spelled_once(counts)
    values = tuple(v for v, _ in counts.most_common())
    shown = ", ".join(v[:30] for v in values[:4])
    kind = _worded_kind(column, counts)
    if kind is None:
        return "nearly every row says something else"
    closed = values if kind == "category" else ()
    example = f"{len(values)} values: {shown}" + (", …" if len(values) > 4 else "")
    return Told(kind, values=closed, separator=separator or "", read=read, example=example)


def _spelled_once(counts: Counter[str]) -> Counter[str]:
    """Return values counted without regard to case, each as it is mostly written."""
    forms: dict[str, str] = {}
    once: Counter[str] = Counter()
    for value, count in counts.most_common():
        once[forms.setdefault(value.casefold(), value)] += count
    return once


def _separator(column: Column) -> str | None:
    """Return what splits the cells into parts that recur, or None."""
    words = [w for w in column.strings if not w.startswith("[")]
    for mark in _SEPARATORS:
        split = [w for w in words if mark in w]
        if len(split) < max(1, 0.2 * len(words)):
            continue
        parts = [part.strip() for w in words for part in w.split(mark)]
        if sum(part.count("(") != part.count(")") for part in parts) > 0.2 * len(parts):
            continue
        short = sum(map(len, parts)) <= 30 * len(parts)
        few = sum(len(p.split()) for p in parts) <= 3 * len(parts)
        many = 0.9 if column.plain.endswith("s") else 0.7  # a plural says that there are several
        recur = len({p.casefold() for p in parts}) < many * len(parts)
        if short and few and (recur or len(parts) >= 3 * len(words) or mark in _PLAIN):
            return mark
    return None


def _worded_kind(column: Column, counts: Counter[str]) -> FacetKind | None:
    total, distinct = counts.total(), len(counts)
    if names_people(column.plain):
        return "people"
    if TAGS.search(column.plain):
        return "tags"
    if sum(len(value) * n for value, n in counts.items()) > _LONGEST_VALUE * total:
        return None
    if column.are(_SIDES) and distinct > 20:
        return "tags"  # "12 x 30 cm": nearly every item has its own
    if CLOSED.search(column.plain) and distinct <= 0.9 * total:
        return "category"
    if distinct > 20 and distinct > 0.6 * total:
        return "tags" if column.mean_words <= 6 else None
    return "category" if distinct <= _MANY_VALUES else "tags"

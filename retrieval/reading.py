"""Rows → items by a layout: ids, titles, descriptions and facts; what cannot be read is told.

Knows nothing of files and of the index.
"""

from dataclasses import dataclass

from retrieval.facts import (
    BadFact,
    is_missing,
    is_true,
    parts_of,
    plain_text,
    read_date,
    read_fact,
    read_month,
    read_number,
    read_range,
    unbracketed,
    ungrouped,
)
from retrieval.nested import MARK, unfolded
from retrieval.roles import id_of
from retrieval.rows import Row
from retrieval.schema import Layout
from retrieval.types import Facet, Fact, Item


@dataclass(frozen=True)
class Read:
    """An item, and what of its row could not be read and was left empty."""

    item: Item
    left_empty: tuple[str, ...] = ()


class Reader:
    """Turns the rows of one layout into items."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        columns = (*layout.named().values(), *layout.id)
        self._nested = tuple(
            dict.fromkeys(
                column[:at]
                for column in columns
                for at in range(len(column))
                if column[at] == MARK and at
            )
        )

    def unfolded(self, row: Row) -> Row:
        """Return a row with its nested properties as columns, where the layout asks for any."""
        return unfolded(row, self._nested) if self._nested else row

    def read(self, row: Row) -> Read:
        """Return the item that a row describes.

        A fact that cannot be read is left empty and told.

        Raises
        ------
        BadFact
            If the row has no id or no title.
        """
        row = self.unfolded(row)
        facts: dict[str, Fact] = {}
        wrong = []
        for facet in self._layout.schema.facets:
            try:
                facts[facet.name] = self._fact(row, facet)
            except BadFact as error:
                facts[facet.name] = None
                wrong.append(f"{facet.name}: {error}")
        layout = self._layout
        id_ = id_of(row, layout.id)
        if id_ is None:
            raise BadFact(f"id: expected a text in column {layout.id[0]!r}, got nothing")
        texts = [t for c in layout.text if (t := _string(row, c))]
        title = _string(row, layout.title)
        if not title:
            raise BadFact(f"title: expected a text in column {layout.title!r}, got nothing")
        return Read(Item(id_, title, " ".join(texts), facts), tuple(wrong))

    def _fact(self, row: Row, facet: Facet) -> Fact:
        name, layout = facet.name, self._layout
        if name in layout.flags:
            said = layout.flags[name].items()
            return tuple(value for value, column in said if is_true(row.get(column))) or None
        cell = row.get(layout.columns.get(name, name))
        if is_missing(cell):
            return None
        separator = layout.separators.get(name)
        if name in layout.levels:
            return _steps(cell, separator or "/", layout.levels[name])
        how = layout.reads.get(name)
        if how == "year":
            return read_date(cell)[0]
        if how == "month":
            return read_month(cell)
        if how == "range":
            return _numbers(cell)
        if how == "grouped":
            cell = ungrouped(cell)
        if how == "bare":
            cell = unbracketed(cell)
        ends = read_range(cell, facet.unit) if facet.kind == "number" else None
        if ends is not None:
            return int(ends[0]) if ends[0].is_integer() else ends[0]
        return read_fact(cell, facet.kind, separator, facet.unit)


def _steps(cell: object, mark: str, levels: int) -> Fact:
    """Return the first steps of a path, or of several, each once."""
    found = parts_of(cell)
    steps = (
        step.strip()
        for path in ([found] if isinstance(found, str) else found)
        for step in path.split(mark)[:levels]
    )
    return tuple(dict.fromkeys(step for step in steps if step)) or None


def _numbers(cell: object) -> Fact:
    """Return the whole numbers of a range as words, "2-4" → 2, 3, 4; of one number itself."""
    ends = read_range(cell)
    low, high = ends if ends is not None else (read_number(cell),) * 2
    if high - low > 99:
        raise BadFact(f"expected a range of at most 99 numbers, got {str(cell)[:40]!r}")
    return tuple(str(n) for n in range(int(low), int(high) + 1))


def _string(row: Row, column: str) -> str:
    cell = row.get(column)
    if is_missing(cell) or isinstance(cell, dict):
        return ""
    if isinstance(cell, list | tuple):
        return ", ".join(plain_text(part) for part in cell if not is_missing(part))
    return plain_text(cell)

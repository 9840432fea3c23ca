"""All that an index knows at one moment, read from its store and its segments.

Knows nothing of how it comes to change.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval import building
from retrieval.facets import Mask
from retrieval.items import ItemStore
from retrieval.keeping import segments_of
from retrieval.meaning import WordVectors
from retrieval.ordinary import OrdinaryWords
from retrieval.prior import Priors
from retrieval.schema import with_ranges, with_values
from retrieval.search import Snapshot
from retrieval.segment import Segment
from retrieval.title_keys import StoredTitles
from retrieval.types import Schema
from retrieval.values import Counts, ValueIndex, ordered

_NAMED = 50_000  # values of a facet, and people, that a text may name


@dataclass(frozen=True)
class State:
    """All that changes when items do; swapped whole, so a reader never sees half of it."""

    version: int
    schema: Schema
    snapshot: Snapshot
    values: ValueIndex


def read_state(folder: Path, words: WordVectors, opened: Mapping[str, Segment]) -> State:
    """Return what a folder holds now, for as long as anyone asks for it.

    Parameters
    ----------
    folder
        The index's.
    words
        For linking by meaning.
    opened
        Segments by name that need not be opened again.
    """
    store = ItemStore(folder)
    store.hold()
    version = building.version_of(store)
    known = segments_of(store)
    segments, alive = [], [np.zeros(0, dtype=np.bool_)]
    for name, sign in ((known.main, "<="), (known.beside, ">")):
        if name:
            segments.append(opened.get(name) or Segment(folder / name))
            alive.append(_alive(segments[-1], store, f"version {sign} {known.version}"))
    living = np.concatenate(alive)
    schema = building.schema_in(store)
    counts = _counts(schema, segments, living)
    schema = with_values(schema, ordered(schema, counts))
    schema = with_ranges(schema, _ranges(schema, segments, living))
    popular = np.concatenate([np.zeros(0), *(s.popular for s in segments)])
    snapshot = Snapshot(schema, store, tuple(segments), living, Priors(popular[living]))
    common = OrdinaryWords([s.ordinary for s in segments])
    titles = _titles(snapshot)
    values = ValueIndex(schema, (), words, counts=counts, common=common, titles=titles)
    values.prepare()
    return State(version, schema, snapshot, values)


def _alive(segment: Segment, store: ItemStore, where: str) -> Mask:
    """Return which items of a segment are still those that are stored."""
    if store.ask(f"SELECT count(*) FROM items WHERE {where}")[0][0] == len(segment):
        return np.ones(len(segment), dtype=np.bool_)  # all of them, which need not be read
    rows = (r[0] for r in store.each(f"SELECT row FROM items WHERE {where}"))
    return np.isin(segment.rows, np.fromiter(rows, dtype=np.int64))


def _counts(schema: Schema, segments: Sequence[Segment], alive: Mask) -> Counts:
    """Return, for each facet that is no number, how many living items hold each value.

    Of very many values only the most frequent can be named; others are found as words are.
    """
    counts = {f.name: Counter[str]() for f in schema.facets if f.kind != "number"}
    start = 0
    for segment in segments:
        part = alive[start : start + len(segment)]
        for name, counter in counts.items():
            counter.update(segment.facets.counts(name, part))
        start += len(segment)
    return {
        n: c if len(c) <= _NAMED else Counter(dict(c.most_common(_NAMED)))
        for n, c in counts.items()
    }


def _ranges(
    schema: Schema, segments: Sequence[Segment], alive: Mask
) -> dict[str, tuple[float, float]]:
    """Return the smallest and the largest fact of each number facet that has any."""
    out = {}
    for facet in (f for f in schema.facets if f.kind == "number"):
        columns = [s.facets.numbers[facet.name] for s in segments]
        numbers = np.concatenate([np.zeros(0), *columns])[alive]
        known = numbers[~np.isnan(numbers)]
        if len(known):
            out[facet.name] = (float(known.min()), float(known.max()))
    return out


def _titles(snapshot: Snapshot) -> StoredTitles:
    """Return the titles of a snapshot."""
    segments = snapshot.segments
    return StoredTitles(
        snapshot.store,
        [s.titles for s in segments],
        [s.rows for s in segments],
        [s.facets.numbers.get("year") for s in segments],
        snapshot.alive,
    )

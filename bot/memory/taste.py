"""A conversation's taste: the tracker's interest over its events, and where it points.

The tracker's state after a history is remembered, so that a longer history costs its new events
only; a history that was undone is played again. Knows nothing of wishes.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor

from bot.types import Point
from ranking.points import PointSpace, interest_points, point_space
from ranking.tracker import InterestTracker, TrackerState
from ranking.types import Event
from retrieval.index import Index

_MOST_STATES = 1024
_MOST_ITEMS = 20_000  # of a larger catalogue, an even sample tells what its values mean
_MOST_POINTS = 8


class Taste:
    """The interest of conversations over one catalogue. Safe to use from several threads.

    Parameters
    ----------
    tracker
        The interest tracker.
    index
        The catalogue.
    """

    def __init__(self, tracker: InterestTracker, index: Index) -> None:
        self._tracker, self._index = tracker, index
        self._states: OrderedDict[tuple[Event, ...], TrackerState] = OrderedDict()
        self._space: tuple[int, PointSpace] | None = None
        self._lock = threading.Lock()

    def interest(self, events: Sequence[Event]) -> Tensor | None:
        """Return the interest as a unit vector, shape (k,), or None without events.

        Parameters
        ----------
        events
            The history in time order; items that the catalogue no longer holds count for nothing.
        """
        known = self._known(events)
        return self._tracker.interest(self._state(known)) if known else None

    def vectors(self, ids: Sequence[str]) -> Tensor:
        """Return items' vectors in the space of interests, shape (n, k), row i of the i-th id.

        Raises
        ------
        KeyError
            If an id is unknown.
        """
        return self._tracker.vectors(ids, torch.from_numpy(self._index.vectors(ids)))

    def points(self, events: Sequence[Event]) -> tuple[Point, ...]:
        """Return the strongest interest points, strongest first; () without events."""
        interest = self.interest(events)
        if interest is None:
            return ()
        space = self._points()
        top = interest_points(interest, space.vectors, space.names, _MOST_POINTS, space.centre)
        return tuple(Point(name, p) for name, p in top)

    def warm(self) -> None:
        """Make ready what the first interest would otherwise have to wait for."""
        self._points()

    def _known(self, events: Sequence[Event]) -> tuple[Event, ...]:
        held = {item.id for item in self._index.get(list({e.item for e in events}))}
        return tuple(e for e in events if e.item in held)

    def _state(self, events: tuple[Event, ...]) -> TrackerState:
        """Return the state after the events, played on from the longest history remembered."""
        with self._lock:
            start = next((n for n in range(len(events), 0, -1) if events[:n] in self._states), 0)
            state = self._states[events[:start]] if start else self._tracker.start()
        rows = self.vectors([e.item for e in events[start:]])
        before_s = events[start - 1].time_s if start else None
        for event, row in zip(events[start:], rows, strict=True):
            dt_s = 0.0 if before_s is None else event.time_s - before_s
            state = self._tracker.update(state, row, event.kind, dt_s)
            before_s = event.time_s
        with self._lock:
            self._states[events] = state
            self._states.move_to_end(events)
            while len(self._states) > _MOST_STATES:
                self._states.popitem(last=False)
        return state

    def _points(self) -> PointSpace:
        size = len(self._index)
        with self._lock:
            if self._space is None or self._space[0] != size:
                ids = self._index.ids()[:: 1 + size // _MOST_ITEMS]
                facets = [f.name for f in self._index.schema.facets if f.kind == "category"]
                facets += [f.name for f in self._index.schema.facets if f.kind == "tags"]
                space = point_space(self._index.get(ids), self.vectors(ids), facets)
                self._space = size, space
            return self._space[1]

"""The interest tracker in use: from a history of events to a state.

The equations are in `ranking.lstm`, the files in `ranking.checkpoint`; both are offered here.
"""

from collections.abc import Sequence

from torch import Tensor

from ranking.checkpoint import SHIPPED, load_tracker, save_tracker
from ranking.errors import DimensionMismatch
from ranking.lstm import InterestTracker, TrackerConfig, TrackerState
from ranking.types import Event

__all__ = [
    "SHIPPED",
    "InterestTracker",
    "TrackerConfig",
    "TrackerState",
    "load_tracker",
    "replay",
    "save_tracker",
]


def replay(tracker: InterestTracker, events: Sequence[Event], vectors: Tensor) -> TrackerState:
    """Return the state after a whole history: `update`, event by event.

    Parameters
    ----------
    tracker
        The model.
    events
        The history in time order, n events.
    vectors
        Row i is the vector of `events[i].item`, shape (n, d).

    Raises
    ------
    DimensionMismatch
        If there are not as many vectors as events, or the width is not the tracker's.
    """
    if len(events) != len(vectors):
        raise DimensionMismatch(
            f"expected one vector for each of the {len(events)} events, got {len(vectors)}"
        )
    state = tracker.start()
    before_s: float | None = None
    for event, vector in zip(events, vectors, strict=True):
        dt_s = 0.0 if before_s is None else event.time_s - before_s
        state = tracker.update(state, vector, event.kind, dt_s)
        before_s = event.time_s
    return state

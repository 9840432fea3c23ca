"""Trackers that catalogues were given by training, under the state folder, beside their indexes."""

import logging
from pathlib import Path

from ranking.checkpoint import CONFIG, load_tracker
from ranking.tracker import InterestTracker
from retrieval.items import folder_of

_FOLDER = "trackers"
log = logging.getLogger(__name__)


def tracker_folder(home: Path, catalog: str) -> Path:
    """Return the folder of a catalogue's own tracker; it need not exist."""
    return home / _FOLDER / folder_of(home, catalog).name


def trained_tracker(home: Path, catalog: str, encoder: str) -> InterestTracker | None:
    """Return the tracker trained on a catalogue's interactions, or None if there is none to use.

    One that was trained with another encoder's vectors is not used; a warning says so.

    Raises
    ------
    WeightsCorrupt, WeightsMissing
        If there is one, but damaged.
    """
    folder = tracker_folder(home, catalog)
    if not (folder / CONFIG).is_file():
        return None
    tracker = load_tracker(folder)
    if tracker.config.encoder != encoder:
        log.warning(
            "%s: the tracker in %s was trained with the encoder %s, not %s, and is not used; train "
            "it again with `concierge train`",
            *(catalog, folder, tracker.config.encoder, encoder),
        )
        return None
    return tracker

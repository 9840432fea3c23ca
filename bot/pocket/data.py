"""Where the public data sets lie, for training and measuring alone."""

import os
from pathlib import Path


def data_folder() -> Path:
    """Return `$CONCIERGE_DATA`, or `../shared/data` beside the project; it may not exist."""
    default = Path(__file__).parents[2].parent / "shared" / "data"
    return Path(os.environ.get("CONCIERGE_DATA", default))

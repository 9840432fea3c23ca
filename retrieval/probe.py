"""Open a store that may be damaged in a process of its own, as its C++ part may crash.

`python -m retrieval.probe FOLDER` exits with 0 if all that is stored can be read and found.
Knows nothing of what to do about damage.
"""

import os
import subprocess
import sys
from pathlib import Path

from retrieval.errors import IndexStoreError
from retrieval.store import Store

_LIMIT_S = 300.0


def is_sound(folder: Path) -> bool:
    """Tell whether the store in a folder can be opened, read and searched; takes seconds."""
    root = str(Path(__file__).parents[1])
    paths = (root, os.environ.get("PYTHONPATH", ""))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "retrieval.probe", str(folder)],
            env=env,
            capture_output=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    """Probe the folder that the command line names."""
    try:
        store = Store(Path(sys.argv[1]))
        store.rows()
        store.try_out()
    except IndexStoreError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

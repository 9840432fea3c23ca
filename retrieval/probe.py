"""Open vectors that may be damaged in a process of its own, as Chroma's native part may crash.

`python -m retrieval.probe FOLDER ENCODER` exits with 0 if what is stored can be read and found.
Knows nothing of what to do about damage.
"""

import os
import subprocess
import sys
from pathlib import Path

from retrieval.errors import IndexStoreError
from retrieval.vectors import VectorStore

_LIMIT_S = 300.0


def is_sound(folder: Path, encoder: str) -> bool:
    """Tell whether the vectors in a folder can be opened, read and searched; takes seconds."""
    root = str(Path(__file__).parents[1])
    paths = (root, os.environ.get("PYTHONPATH", ""))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "retrieval.probe", str(folder), encoder],
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
        VectorStore(Path(sys.argv[1]), sys.argv[2]).try_out()
    except IndexStoreError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

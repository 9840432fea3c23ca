"""A training process that is killed outright goes on from its last whole checkpoint."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch
from accelerate import Accelerator

from ranking.learning import Recipe, learn
from ranking.lstm import InterestTracker
from ranking.sessions import Corpus, Session
from ranking.splits import leave_last_out
from ranking.types import Event
from ranking.vectors import unit
from retrieval.types import Item

ROOT = Path(__file__).parents[2]
RECIPE = Recipe(epochs=40, hidden_dim=16, width=8, dropout=0.3, sessions_a_step=8, epochs_a_check=1)
PATIENCE_S = 120.0  # until the process has imported torch and written its first checkpoint


def training(folder: Path) -> InterestTracker:
    """Train on thirty people who walk along twenty items."""
    random = torch.Generator().manual_seed(0)
    items = tuple(Item(str(n), "", "", {}) for n in range(20))
    corpus = Corpus("toy", items, unit(torch.randn(20, 6, generator=random)))
    people = [
        Session(str(p), tuple(Event(str((p + n) % 20), "liked", float(n)) for n in range(6)))
        for p in range(30)
    ]
    accelerator = Accelerator(cpu=True)
    split = leave_last_out(people)
    return learn(corpus, split, folder, RECIPE, "", 0, accelerator, progress=False)


def test_a_killed_process_goes_on_to_the_weights_of_one_that_was_not(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\n"
        "from pathlib import Path; from test_killed_training import training\n"
        f"training(Path({str(folder)!r}))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    try:
        until = time.monotonic() + PATIENCE_S
        while not list(folder.glob("checkpoint-*")):
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.01)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    # What a kill in the middle of writing leaves behind is no checkpoint.
    (folder / "checkpoint.part").mkdir(exist_ok=True)
    (folder / "checkpoint.part" / "model.safetensors").write_bytes(b"cut off")
    resumed, whole = training(folder), training(tmp_path / "whole")
    for (name, a), b in zip(whole.state_dict().items(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-6), name

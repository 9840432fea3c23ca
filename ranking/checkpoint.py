"""Trackers on disk: a config beside safetensors weights, bound together by a SHA-256.

Nothing on disk is executed. Training is not known here.
"""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from ranking.errors import WeightsCorrupt, WeightsMissing
from ranking.lstm import InterestTracker, TrackerConfig

CONFIG, WEIGHTS = "config.json", "tracker.safetensors"
SHIPPED = Path(__file__).parent / "weights"


def save_tracker(tracker: InterestTracker, folder: Path) -> None:
    """Write the tracker into the folder, in half precision, each file in one move.

    Half precision halves the files; the cosines change by less than 0.001.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = tracker.state_dict()
    blob = save({name: value.to(torch.float16).contiguous() for name, value in state.items()})
    config = {
        "model": "interest-tracker",
        **asdict(replace(tracker.config, dropout=0.0)),
        "sha256": hashlib.sha256(blob).hexdigest(),
    }
    _write(folder / WEIGHTS, blob)
    _write(folder / CONFIG, (json.dumps(config, indent=2) + "\n").encode())


def load_tracker(folder: Path = SHIPPED) -> InterestTracker:
    """Read a tracker, ready to use (evaluation mode, float32, CPU).

    Raises
    ------
    WeightsMissing
        If the folder lacks the config or the weights.
    WeightsCorrupt
        If either is damaged or they do not belong together.
    """
    config_path, weights_path = folder / CONFIG, folder / WEIGHTS
    for path in (config_path, weights_path):
        if not path.is_file():
            raise WeightsMissing(
                f"expected a tracker in {folder}, but {path.name} is missing; reinstall the "
                "package or train one with `python -m ranking.train`"
            )
    config, expected = _config(config_path)
    blob = weights_path.read_bytes()
    came = hashlib.sha256(blob).hexdigest()
    if came != expected:
        raise WeightsCorrupt(
            f"{weights_path}: expected SHA-256 {expected[:12]}…, got {came[:12]}… "
            f"({len(blob)} bytes); fetch the file again or train anew with `python -m "
            "ranking.train`"
        )
    tracker = InterestTracker(config)
    try:
        tracker.load_state_dict({name: value.float() for name, value in load(blob).items()})
    except (SafetensorError, RuntimeError) as error:
        raise WeightsCorrupt(
            f"{weights_path} does not hold the weights of {config}: {error}; fetch it again"
        ) from error
    return tracker.eval().requires_grad_(False)


def _config(path: Path) -> tuple[TrackerConfig, str]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["model"] != "interest-tracker":
            raise WeightsCorrupt(f"{path}: expected an interest-tracker, got {raw['model']!r}")
        config = TrackerConfig(
            int(raw["item_dim"]),
            int(raw["hidden_dim"]),
            str(raw["encoder"]),
            int(raw.get("width", 0)),
            tuple(str(id_) for id_ in raw.get("ids", ())),
            renown=int(raw.get("renown", 0)),
        )
        return config, str(raw["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsCorrupt(
            f"{path}: expected a tracker's config, got something else ({error!r}); fetch it again"
        ) from error


def _write(path: Path, blob: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(blob)
    part.replace(path)

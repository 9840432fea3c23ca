"""The training loop: accelerate, checkpoints, averaged weights, a named stop on divergence.

Batches are functions of seed and step, so a run that was killed and resumed sees the very
batches of a run that was not. Knows nothing of data sets.
"""

import json
import math
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import Tensor, nn
from tqdm import tqdm

from ranking.errors import CheckpointMismatch, TrainingDiverged
from ranking.lstm import InterestTracker, TrackerConfig
from ranking.objectives import Objective
from ranking.plot import Line, draw

CHECKPOINTS = "checkpoint-*"
CURVE = "curve.jsonl"


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    Parameters
    ----------
    steps
        Optimiser steps.
    learning_rate
        Peak of AdamW's rate; a warm-up over a twentieth of the steps, then a half cosine to 0.
    weight_decay
        AdamW's.
    anchor
        Weight of the squared distance to the weights at the start, for where there is little data
        and the start is a good tracker already.
    average
        Decay of the exponentially averaged weights, which are the result.
    clip
        Largest gradient norm.
    explode
        A loss this many times the first one stops the training.
    checkpoint_every
        Steps between checkpoints and validations.
    seed
        Of everything random.
    """

    steps: int = 1500
    learning_rate: float = 5e-4
    weight_decay: float = 0.0
    anchor: float = 1e-3
    average: float = 0.99
    clip: float = 1.0
    explode: float = 5.0
    checkpoint_every: int = 100
    seed: int = 0


class _Progress:
    """Where a run is, in a form that accelerate keeps with a checkpoint."""

    def __init__(self, settings: dict[str, object], start: dict[str, Tensor]) -> None:
        self.step = 0
        self.first_loss = math.nan
        self.seconds = 0.0
        self.best_score = -math.inf
        self.average = {name: value.clone() for name, value in start.items()}
        self.best = {name: value.clone() for name, value in start.items()}
        self.settings = settings

    def state_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if state["settings"] != self.settings:
            raise CheckpointMismatch(
                f"the checkpoint was made with {state['settings']}, this run has {self.settings}; "
                "train with the same settings or in another folder"
            )
        device = next(iter(self.average.values())).device
        self.__dict__.update(state)
        for weights in (self.average, self.best):
            weights.update({name: value.to(device) for name, value in weights.items()})


def train(
    objective: Objective,
    config: TrainConfig,
    folder: Path,
    validate: Callable[[InterestTracker], float] | None = None,
    accelerator: Accelerator | None = None,
    progress: bool = True,
) -> InterestTracker:
    """Train the objective's tracker in place and return it with its best averaged weights.

    If the folder holds a checkpoint, the run goes on from there. The curve is appended to
    `curve.jsonl` in the folder (seconds are those of training alone) and drawn in `curve.svg`.

    Parameters
    ----------
    objective
        What to learn from, around the model at its start.
    config
        How to train.
    folder
        Takes checkpoint and curve.
    validate
        Higher is better; None takes the last weights.
    accelerator
        Decides devices, processes and precision; None makes one for this machine.

    Raises
    ------
    TrainingDiverged
        If loss or gradient is not finite or explodes. The last checkpoint stays.
    CheckpointMismatch
        If the folder's checkpoint belongs to a run with other settings.
    """
    accelerator = accelerator or Accelerator()
    set_seed(config.seed)
    objective.to(accelerator.device)
    tracker = objective.tracker
    start = {name: value.detach().clone() for name, value in tracker.named_parameters()}
    state = _Progress({**asdict(config), **objective.settings}, start)
    optimiser = torch.optim.AdamW(
        objective.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    model, optimiser = accelerator.prepare(objective, optimiser)
    accelerator.register_for_checkpointing(state)
    newest = _newest(folder)
    if newest is not None:
        accelerator.load_state(str(newest))
    losses: list[float] = []
    shown = progress and accelerator.is_main_process
    with tqdm(initial=state.step, total=config.steps, desc="train", disable=not shown) as bar:
        while state.step < config.steps:
            began = time.perf_counter()
            losses.append(_step(model, optimiser, accelerator, objective, config, state, start))
            state.step += 1
            state.seconds += time.perf_counter() - began
            _move_average(state, tracker, config.average)
            bar.update()
            bar.set_postfix(loss=f"{losses[-1]:.3f}", best=f"{state.best_score:.4f}")
            if state.step % config.checkpoint_every == 0 or state.step == config.steps:
                _keep(folder, accelerator, state, tracker.config, fmean(losses), validate)
                losses.clear()
    tracker.load_state_dict(state.best)
    return tracker.to("cpu").eval()


def _step(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    accelerator: Accelerator,
    objective: Objective,
    config: TrainConfig,
    state: _Progress,
    start: dict[str, Tensor],
) -> float:
    """Take one optimiser step and return its loss."""
    for group in optimiser.param_groups:
        group["lr"] = config.learning_rate * _schedule(state.step, config.steps)
    process, processes = accelerator.process_index, accelerator.num_processes
    batch = objective.batch(config.seed, state.step, process, processes)
    model.train()
    loss = model(*(tensor.to(accelerator.device) for tensor in batch))
    if config.anchor:
        now = objective.tracker.named_parameters()
        loss = loss + config.anchor * sum(((p - start[name]) ** 2).sum() for name, p in now)
    optimiser.zero_grad()
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(model.parameters(), config.clip)
    value = float(loss.detach())
    _stop_if_diverged(value, float(norm) if norm is not None else 0.0, config, state)
    optimiser.step()
    return value


def _stop_if_diverged(loss: float, norm: float, config: TrainConfig, state: _Progress) -> None:
    if math.isnan(state.first_loss):
        state.first_loss = loss
    limit = config.explode * max(1.0, state.first_loss)
    if not (math.isfinite(loss) and math.isfinite(norm)) or loss > limit:
        raise TrainingDiverged(
            f"step {state.step}: expected a loss below {limit:.3g} and a finite gradient, got loss "
            f"{loss:.3g} and gradient norm {norm:.3g}; the last checkpoint is kept: lower the "
            f"learning rate ({config.learning_rate:g}) and go on from it in a new run"
        )


def _schedule(step: int, steps: int) -> float:
    """Return the learning rate's share of its peak: warm-up, then half a cosine."""
    warm = max(1, steps // 20)
    return min((step + 1) / warm, 0.5 * (1 + math.cos(math.pi * step / steps)))


def _move_average(state: _Progress, tracker: InterestTracker, decay: float) -> None:
    # The average follows closely at first, or it would remember the start for too long.
    decay = min(decay, (1 + state.step) / (10 + state.step))
    for name, value in tracker.named_parameters():
        state.average[name].lerp_(value.detach(), 1 - decay)


def _keep(
    folder: Path,
    accelerator: Accelerator,
    state: _Progress,
    shape: TrackerConfig,
    loss: float,
    validate: Callable[[InterestTracker], float] | None,
) -> None:
    """Validate the averaged weights, note the curve and write a checkpoint."""
    average = InterestTracker(shape)
    average.load_state_dict({name: value.cpu() for name, value in state.average.items()})
    score = float(state.step) if validate is None else validate(average.eval())
    if score > state.best_score:
        state.best_score = score
        state.best = {name: value.clone() for name, value in state.average.items()}
    if accelerator.is_main_process:
        folder.mkdir(parents=True, exist_ok=True)
        point = {
            "step": state.step,
            "seconds": round(state.seconds, 1),
            "loss": loss,
            "score": None if validate is None else score,
        }
        with (folder / CURVE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")
        _draw_curve(folder)
    part = folder / "checkpoint.part"
    accelerator.save_state(str(part))
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        older = list(folder.glob(CHECKPOINTS))
        target = folder / f"checkpoint-{state.step:07d}"
        if target in older:
            shutil.rmtree(target)
        part.rename(target)
        for path in older:
            shutil.rmtree(path, ignore_errors=True)


def _draw_curve(folder: Path) -> None:
    """Draw loss and, where there is one, validation score over steps."""
    log = (folder / CURVE).read_text(encoding="utf-8").splitlines()
    # Of a step noted twice, after a kill between note and checkpoint, the last counts.
    points = {row["step"]: row for row in map(json.loads, log)}
    steps = sorted(points)
    lines = [Line("loss", tuple((float(s), points[s]["loss"]) for s in steps))]
    scored = tuple((float(s), points[s]["score"]) for s in steps if points[s]["score"] is not None)
    if scored:
        lines.append(Line("validation", scored, own_scale=True))
    draw(folder / "curve.svg", "Training", "steps", "loss", lines)


def _newest(folder: Path) -> Path | None:
    """Return the last whole checkpoint of the folder."""
    return max(folder.glob(CHECKPOINTS), default=None)

"""The training loop: accelerate, checkpoints, averaged weights, a named stop on divergence.

Batches are functions of seed and step, so a run that was killed and resumed sees the very
batches of a run that was not. Knows nothing of data sets.
"""

import json
import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn
from tqdm import tqdm

from ranking.errors import CheckpointMismatch, TrainingDiverged
from ranking.feeds import Feed, draw_batch
from ranking.loss import next_liked_loss, push_loss
from ranking.lstm import InterestTracker, TrackerConfig

CHECKPOINTS = "checkpoint-*"
CURVE = "curve.jsonl"


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    Parameters
    ----------
    steps
        Optimiser steps.
    sessions_a_step
        Sessions in a batch.
    max_events
        Longer sessions are cut to so many consecutive events.
    competitors
        Items drawn anew at every step to compete with those of the batch in the softmax.
    learning_rate
        Peak of AdamW's rate; a warm-up over a twentieth of the steps, then a half cosine to 0.
    temperature
        Of the softmax over cosines.
    anchor
        Weight of the squared distance to the weights at the start: there is little data, and the
        start is a good tracker already.
    push
        Weight of the loss that makes dislikes push away.
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
    sessions_a_step: int = 32
    max_events: int = 24
    competitors: int = 1500
    learning_rate: float = 5e-4
    temperature: float = 0.05
    anchor: float = 1e-3
    push: float = 0.5
    average: float = 0.99
    clip: float = 1.0
    explode: float = 5.0
    checkpoint_every: int = 100
    seed: int = 0


class _Progress:
    """Where a run is, in a form that accelerate keeps with a checkpoint."""

    def __init__(self, config: TrainConfig, start: dict[str, Tensor]) -> None:
        self.step = 0
        self.first_loss = math.nan
        self.best_score = -math.inf
        self.average = {name: value.clone() for name, value in start.items()}
        self.best = {name: value.clone() for name, value in start.items()}
        self.settings = asdict(config)

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
    tracker: InterestTracker,
    feeds: Sequence[tuple[Feed, float]],
    config: TrainConfig,
    folder: Path,
    validate: Callable[[InterestTracker], float] | None = None,
    accelerator: Accelerator | None = None,
    progress: bool = True,
) -> InterestTracker:
    """Train the tracker in place and return it with its best averaged weights.

    If the folder holds a checkpoint, the run goes on from there. The curve is appended to
    `curve.jsonl` in the folder.

    Parameters
    ----------
    tracker
        The model at its start.
    feeds
        Where sessions come from, each with its share of the batches.
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
    """
    accelerator = accelerator or Accelerator()
    tracker.to(accelerator.device)
    start = {name: value.detach().clone() for name, value in tracker.named_parameters()}
    state = _Progress(config, start)
    optimiser = torch.optim.AdamW(tracker.parameters(), lr=config.learning_rate, weight_decay=0.0)
    model, optimiser = accelerator.prepare(tracker, optimiser)
    accelerator.register_for_checkpointing(state)
    newest = _newest(folder)
    if newest is not None:
        accelerator.load_state(str(newest))
    shown = progress and accelerator.is_main_process
    with tqdm(initial=state.step, total=config.steps, desc="train", disable=not shown) as bar:
        while state.step < config.steps:
            loss = _step(model, optimiser, accelerator, feeds, config, state, start)
            state.step += 1
            _move_average(state, tracker, config.average)
            bar.update()
            bar.set_postfix(loss=f"{loss:.3f}", best=f"{state.best_score:.4f}")
            if state.step % config.checkpoint_every == 0 or state.step == config.steps:
                _keep(folder, accelerator, state, tracker.config, loss, validate)
    tracker.load_state_dict(state.best)
    return tracker.to("cpu").eval()


def _step(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    accelerator: Accelerator,
    feeds: Sequence[tuple[Feed, float]],
    config: TrainConfig,
    state: _Progress,
    start: dict[str, Tensor],
) -> float:
    """Take one optimiser step and return its loss."""
    for group in optimiser.param_groups:
        group["lr"] = config.learning_rate * _schedule(state.step, config.steps)
    random = np.random.default_rng([config.seed, state.step, accelerator.process_index])
    shares = np.array([share for _, share in feeds])
    feed = feeds[int(random.choice(len(feeds), p=shares / shares.sum()))][0]
    batch, vectors = draw_batch(
        feed, random, config.sessions_a_step, config.max_events, config.competitors
    )
    batch, vectors = batch.to(accelerator.device), vectors.to(accelerator.device)
    model.train()
    items = vectors[batch.rows]
    interest = model(items, batch.kinds, batch.buckets).float()
    loss, _ = next_liked_loss(interest, vectors, batch, config.temperature)
    loss = loss + config.push * push_loss(interest, items, batch)
    now = accelerator.unwrap_model(model).named_parameters()
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
        point = {"step": state.step, "loss": loss, "score": None if validate is None else score}
        with (folder / CURVE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")
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


def _newest(folder: Path) -> Path | None:
    """Return the last whole checkpoint of the folder."""
    return max(folder.glob(CHECKPOINTS), default=None)

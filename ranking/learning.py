"""A catalogue's own tracker: learned item vectors from its people's interactions.

Splits, trains and measures; knows neither files of interactions nor where catalogues come from.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed

from ranking.evaluation import cases, evaluate
from ranking.lstm import AGAINST, InterestTracker, TrackerConfig
from ranking.objectives import NextItem
from ranking.recommenders import Tracked
from ranking.sessions import Corpus, Session
from ranking.splits import Split
from ranking.training import TrainConfig, train
from ranking.types import KINDS

# Everything that does not speak against an item may be what somebody turns to next.
TARGETS = tuple(kind for kind in KINDS if kind not in AGAINST)


@dataclass(frozen=True)
class Recipe:
    """How a tracker with item vectors is made; the defaults are those of short runs on ML-1M.

    Parameters
    ----------
    epochs
        How often every session is shown.
    hidden_dim, width
        Widths of the LSTM and of the item vectors.
    dropout
        Share of item vectors' and LSTM's outputs left out in training.
    learning_rate, weight_decay
        AdamW's.
    temperature
        Of the softmax over scores.
    smoothing
        Share of the target that is spread over all items.
    forget
        Share of items whose learned vector is left out at a step.
    average
        Decay of the averaged weights.
    sessions_a_step
        Sessions in a batch.
    max_events
        Older events are left out.
    min_events
        An item with fewer events gets no learned vector: its text says more.
    epochs_a_check
        Epochs between checkpoints and validations.
    """

    epochs: int = 30
    hidden_dim: int = 384
    width: int = 192
    dropout: float = 0.4
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    temperature: float = 0.1
    smoothing: float = 0.0
    forget: float = 0.05
    average: float = 0.99
    sessions_a_step: int = 64
    max_events: int = 200
    min_events: int = 3
    epochs_a_check: int = 2


def learn(
    corpus: Corpus,
    split: Split,
    folder: Path,
    recipe: Recipe = Recipe(),
    encoder: str = "",
    seed: int = 0,
    accelerator: Accelerator | None = None,
    progress: bool = True,
) -> InterestTracker:
    """Return a tracker with item vectors, the best by NDCG@10 on the validation's targets.

    Parameters
    ----------
    corpus
        The catalogue's items with their text vectors.
    split
        What to learn from and to choose by.
    folder
        Takes checkpoints and the curve; a run that was killed goes on from there.
    recipe
        How.
    encoder
        Name of the encoder that made the text vectors.
    seed
        Of everything random.
    accelerator
        Decides devices, processes and precision.
    progress
        Whether to show bars.

    Raises
    ------
    DataError, TrainingDiverged, CheckpointMismatch
        See `ranking.errors`.
    """
    set_seed(seed)
    config = TrackerConfig(
        corpus.vectors.shape[1],
        recipe.hidden_dim,
        encoder,
        recipe.width,
        frequent(split.train, recipe.min_events, corpus),
        recipe.dropout,
    )
    objective = NextItem(
        InterestTracker(config),
        corpus,
        split.train,
        recipe.sessions_a_step,
        recipe.max_events,
        recipe.temperature,
        recipe.smoothing,
        recipe.forget,
    )
    every = objective.steps_an_epoch
    loop = TrainConfig(
        steps=recipe.epochs * every,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        anchor=0.0,
        average=recipe.average,
        checkpoint_every=recipe.epochs_a_check * every,
        seed=seed,
    )
    return train(objective, loop, folder, validation(corpus, split), accelerator, progress)


def frequent(sessions: Sequence[Session], least: int, corpus: Corpus) -> tuple[str, ...]:
    """Return the ids of the items with that many events, in the corpus's order."""
    counts = Counter(event.item for session in sessions for event in session.events)
    return tuple(item.id for item in corpus.items if counts[item.id] >= least)


def validation(corpus: Corpus, split: Split) -> Callable[[InterestTracker], float] | None:
    """Return what scores a tracker by NDCG@10, or None where nobody has enough events."""
    asked = cases(split.validation, corpus, TARGETS)
    if not asked:
        return None

    @torch.no_grad()
    def score(tracker: InterestTracker) -> float:
        return evaluate(Tracked(tracker, corpus), asked, corpus, progress=False).ndcg10.mean

    return score

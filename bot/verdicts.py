"""What a comment's author thinks of the item: liked, disliked, or no verdict.

A logistic regression over the sentence encoder's vectors of the whole comment and of what it
comes to after its last contrast ("lovely screen, but the battery …"), and over a few cues. It was
trained on `verdicts.tsv`, comments that were written for it; `python -m bot.verdicts` trains it
again. Knows neither the LLM nor the catalogue.
"""

import argparse
import csv
import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import cross_entropy

from ranking.types import EventKind
from retrieval.embedding import Encoder, SentenceEncoder

VERDICTS: tuple[EventKind, ...] = ("liked", "disliked", "mentioned")
LINES = Path(__file__).with_name("verdicts.tsv")
WEIGHTS = Path(__file__).with_name("verdicts.safetensors")
# Chosen by ten-fold cross-validation on the lines.
RIDGE = 1.0
FOLDS = 10
_TURN = re.compile(
    r"\b(?:but|yet|however|still|although|though|except|shame|now)\b|[.!?;:]\s+|[，。；！]", re.I
)
_CUES = (
    re.compile(r"[?？]|吗"),
    re.compile(r"\b(?:i|me|my|we|us|our)\b", re.I),
    re.compile(r"n't\b|\b(?:not|no|never|nothing|hardly)\b|不|没", re.I),
    re.compile(r"^\W*(?:\w+\W+){0,2}\w+\W*$"),  # three words or fewer
)


def outcome(comment: str) -> str:
    """Return what a comment comes to: its last part, of two words or more, after a turn."""
    parts = [p for p in _TURN.split(comment) if len(p.split()) > 1 or not p.isascii()]
    return parts[-1].strip() if parts else comment


def features(comments: Sequence[str], encoder: Encoder) -> Tensor:
    """Return what a verdict is reached from, shape (n, 2 d + number of cues)."""
    whole = torch.from_numpy(encoder.encode(comments))
    end = torch.from_numpy(encoder.encode([outcome(comment) for comment in comments]))
    cues = torch.tensor([[float(bool(c.search(text))) for c in _CUES] for text in comments])
    return torch.cat([whole, end, cues.view(len(comments), len(_CUES))], dim=1)


class Verdicts:
    """Tells verdicts; `name` tells one training's from another's.

    Parameters
    ----------
    encoder
        What made the vectors in training: the default encoder.
    weights
        The trained weights.
    """

    def __init__(self, encoder: Encoder, weights: Path = WEIGHTS) -> None:
        self._encoder = encoder
        held = load_file(weights)
        self.name = hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
        self._weight, self._bias = held["weight"], held["bias"]

    def of(self, comments: Sequence[str]) -> tuple[EventKind, ...]:
        """Return each comment's verdict, in order."""
        if not comments:
            return ()
        scores = features(comments, self._encoder) @ self._weight.T + self._bias
        return tuple(VERDICTS[n] for n in scores.argmax(1).tolist())


def fit(given: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Return weights (3, f) and biases (3,) of a logistic regression with balanced classes.

    Parameters
    ----------
    given
        Features, shape (n, f).
    right
        Positions in `VERDICTS`, shape (n,).
    """
    weight = torch.zeros(len(VERDICTS), given.shape[1], requires_grad=True)
    bias = torch.zeros(len(VERDICTS), requires_grad=True)
    balance = len(right) / (len(VERDICTS) * right.bincount(minlength=len(VERDICTS)).clamp_min(1))
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        missed = cross_entropy(given @ weight.T + bias, right, balance, reduction="none").sum()
        out: Tensor = missed + 0.5 / RIDGE * weight.square().sum()
        out.backward()  # type: ignore[no-untyped-call]
        return out

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return weight.detach(), bias.detach()


def cross_validated(given: Tensor, right: Tensor) -> float:
    """Return the share of lines told rightly by what was trained on the other nine tenths."""
    fold = torch.randperm(len(right), generator=torch.Generator().manual_seed(0)) % FOLDS
    hits = 0
    for held in range(FOLDS):
        weight, bias = fit(given[fold != held], right[fold != held])
        said = (given[fold == held] @ weight.T + bias).argmax(1)
        hits += int((said == right[fold == held]).sum())
    return hits / len(right)


def main() -> None:
    """Train on the lines and write the weights."""
    argparse.ArgumentParser(prog="python -m bot.verdicts", description=__doc__).parse_args()
    with LINES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    given = features([row["comment"] for row in rows], SentenceEncoder())
    right = torch.tensor([VERDICTS.index(row["kind"]) for row in rows])
    share = cross_validated(given, right)
    sys.stdout.write(f"{len(rows)} lines, {share:.1%} right in cross-validation\n")
    weight, bias = fit(given, right)
    save_file({"weight": weight, "bias": bias}, WEIGHTS)


if __name__ == "__main__":
    main()

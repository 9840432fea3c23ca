"""The errors of ranking.

```
RankingError
├── DimensionMismatch      vectors of different widths, or as many rows as nobody asked for
├── WeightsError
│   ├── WeightsMissing     no config or no weights in the folder
│   └── WeightsCorrupt     the weights are not those that the config names
├── TrainingDiverged       a loss or a gradient is not a number, or exploded
├── CheckpointMismatch     a checkpoint to go on from belongs to another run
└── DataError              a data file is missing or cannot be read
```
"""


class RankingError(Exception):
    """The base of every error that ranking raises on purpose."""


class DimensionMismatch(RankingError):
    """Vectors do not fit together: the widths or the numbers of rows differ."""


class WeightsError(RankingError):
    """Weights cannot be loaded."""


class WeightsMissing(WeightsError):
    """The folder holds no config or no weights."""


class WeightsCorrupt(WeightsError):
    """The weights or their config are damaged or belong to something else."""


class TrainingDiverged(RankingError):
    """The loss or the gradient stopped being a usable number; the last good checkpoint stays."""


class CheckpointMismatch(RankingError):
    """A checkpoint was made with other settings than those given now."""


class DataError(RankingError):
    """A data file for training or evaluation is missing or cannot be read."""

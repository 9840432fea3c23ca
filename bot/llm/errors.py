"""The errors of the LLM seam.

```
LLMError
├── UnknownModel          a name that says no model that can be used here
├── UnknownQuantization   a quantization other than nf4, int8 and none
├── CorruptWeights        weights that are missing, damaged, or not safetensors
├── ModelUnavailable      the model is known but does not answer now
│   ├── Overloaded        more requests wait than the queue holds
│   ├── Late              no answer within the time that the turn has
│   └── Closed            the LLM was closed
├── UnusableAnswer        the model answered, twice, with something that is no reading
└── NothingQueued         the fake LLM has no answer left
```
Every message says what was expected, what came, and the remedy. None holds an API key.
"""


class LLMError(Exception):
    """The base of every error that the LLM seam raises on purpose."""


class UnknownModel(LLMError):
    """The name says no model, or one of a kind that cannot be used."""


class UnknownQuantization(LLMError):
    """The quantization is not one of `nf4`, `int8` and `none`."""


class CorruptWeights(LLMError):
    """Weights are missing from their folder, damaged, or not in the safetensors format."""


class ModelUnavailable(LLMError):
    """The model cannot be reached, takes too long, refuses, or does not fit in memory."""


class Overloaded(ModelUnavailable):
    """The queue of waiting requests is full."""


class Late(ModelUnavailable):
    """The answer did not come within the time that it was of use."""


class Closed(ModelUnavailable):
    """The LLM was closed and takes no more requests."""


class UnusableAnswer(LLMError):
    """What the model answered cannot be read, not even after it was asked again."""


class NothingQueued(LLMError):
    """The fake LLM was asked more often than it has answers."""

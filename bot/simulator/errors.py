"""The errors of the simulation.

```
SimulationError (a ConciergeError)
├── TitleLeaked     a message would have told the bot what is looked for
└── NobodyToBe      the catalogue has no item that a person could look for
```
"""

from bot.errors import ConciergeError


class SimulationError(ConciergeError):
    """The base of every error that the simulation raises on purpose."""


class TitleLeaked(SimulationError):
    """A simulated person would have said the title, or a word that only the target's title has."""


class NobodyToBe(SimulationError):
    """No item of the catalogue has facts that could be wished for."""

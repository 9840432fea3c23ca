"""The errors of scripted conversations.

```
ConciergeError
└── ScriptError
    ├── BrokenScript       a script that cannot be run as written (`mistakes`)
    ├── NoScripts          no script where one was looked for
    ├── RecordingError     a talk that cannot be written down as a script
    ├── RemoteError        a server that cannot be reached, refuses, or breaks the contract
    └── ReportNotWritten   the report's file cannot be written
```
"""

from bot.errors import ConciergeError


class ScriptError(ConciergeError):
    """The base of what can go wrong with scripts themselves."""


class NoScripts(ScriptError):
    """There is no script where one was looked for."""


class RecordingError(ScriptError):
    """A talk cannot be written down as a script."""


class RemoteError(ScriptError):
    """A server cannot be reached, refuses, or answers something else than the contract says."""


class ReportNotWritten(ScriptError):
    """The report's file cannot be written."""

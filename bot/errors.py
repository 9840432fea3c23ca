"""The errors of the dialogue.

```
ConciergeError
├── NoSession          a conversation that does not exist or was deleted
├── BadText            a message that is empty or too long
├── UnknownCatalog     a catalogue that is neither bundled nor indexed
├── BadItem            an item to be stored that does not fit its catalogue
├── UnknownItem        an item that the conversation's catalogue does not hold
├── NothingToUndo      the conversation has no turn left to take back
├── KeyReused          an idempotency key that was used for another message
├── MovedOn            a conversation that is not where the caller believes it to be
├── SessionBusy        another turn of the same conversation does not end
├── TooBusy            as many turns are running as are taken at once
├── NotReady           the bot is still being loaded, or could not be, or is ending
├── BadKeys            the file of API keys cannot be used, or has no such key
├── Unguarded          the service would be open to everyone without an API key
├── FaqError           a file of questions and answers, or what was made of it, cannot be used
├── PortTaken          the service cannot have the address it should listen on
└── StoreError         conversations cannot be kept
    ├── StoreFull      the disk is full
    ├── StoreDenied    the state folder cannot be read or written
    └── StoreCorrupt   the file is damaged or holds something else
```
Every message says what was expected, what came, and the remedy.
"""


class ConciergeError(Exception):
    """The base of every error that the dialogue raises on purpose."""


class NoSession(ConciergeError):
    """There is no conversation of that id."""


class BadText(ConciergeError):
    """The message is empty after cleaning, or too long."""


class UnknownCatalog(ConciergeError):
    """There is no catalogue of that name."""


class BadItem(ConciergeError):
    """What should be stored is no item of this catalogue."""


class UnknownItem(ConciergeError):
    """The catalogue has no item of that id."""


class NothingToUndo(ConciergeError):
    """The conversation is at its start."""


class SessionBusy(ConciergeError):
    """A turn of the same conversation is still running and did not end in time."""


class KeyReused(ConciergeError):
    """The idempotency key belongs to a request that said something else."""


class MovedOn(ConciergeError):
    """The conversation is at another place than the one to go on from."""


class TooBusy(ConciergeError):
    """No more turns are taken until some of those running end."""


class NotReady(ConciergeError):
    """The bot is still being loaded, or could not be, or takes no more because it ends."""


class BadKeys(ConciergeError):
    """The file of API keys is damaged, or holds no key of that name."""


class Unguarded(ConciergeError):
    """Without an API key the service listens to this machine only, unless told otherwise."""


class PortTaken(ConciergeError):
    """Something else listens on the port, or it may not be opened."""


class FaqError(ConciergeError):
    """A file of questions and answers, or what was made of it, cannot be used."""


class StoreError(ConciergeError):
    """Conversations cannot be read or written."""


class StoreFull(StoreError):
    """The disk that holds the conversations is full."""


class StoreDenied(StoreError):
    """The folder or the file of the conversations cannot be opened for writing."""


class StoreCorrupt(StoreError):
    """The file of the conversations is damaged, or not one of ours."""

"""The desk of a running service: what its channels share, built once when the bot is loaded.

Knows no HTTP.
"""

import logging

from bot.concierge import Concierge
from bot.desk.chatwoot import Chatwoot
from bot.desk.chatwoot_api import ChatwootApi
from bot.desk.events import Events
from bot.desk.store import DeskStore
from bot.settings import Settings

_log = logging.getLogger("concierge.desk")
_CHATWOOT = ("chatwoot_url", "chatwoot_account", "chatwoot_token")
_WEBHOOK = ("webhook_url", "webhook_secret")


class Desk:
    """The channels that the operator configured, over one bot.

    Parameters
    ----------
    concierge
        The bot; closed by whoever made it.

    Raises
    ------
    StoreError
        If the desk's file cannot be used.
    """

    def __init__(self, concierge: Concierge) -> None:
        settings = concierge.settings
        self.concierge = concierge
        self.store = DeskStore(settings.home)
        self.chatwoot: Chatwoot | None = None
        self.events: Events | None = None
        if _configured("Chatwoot is not served", settings, _CHATWOOT):
            token = settings.chatwoot_token.get_secret_value()
            api = ChatwootApi(settings.chatwoot_url, settings.chatwoot_account, token)
            self.chatwoot = Chatwoot(concierge, self.store, api)
        if _configured("events are not sent", settings, _WEBHOOK):
            self.events = Events(settings, self.store)
            concierge.listen(self.events.tell)

    def close(self) -> None:
        """End the channels, then close the file."""
        for part in (self.chatwoot, self.events):
            if part is not None:
                part.close()
        self.store.close()


def _configured(otherwise: str, settings: Settings, names: tuple[str, ...]) -> bool:
    """Tell whether all of these settings are given; say which are missing if only some are."""
    given = [name for name in names if _value(settings, name)]
    if given and len(given) < len(names):
        missing = ", ".join(f"CONCIERGE_{n.upper()}" for n in names if n not in given)
        _log.error("%s: expected %s to be set, too", otherwise, missing)
    return len(given) == len(names)


def _value(settings: Settings, name: str) -> object:
    value = getattr(settings, name)
    reveal = getattr(value, "get_secret_value", None)
    return reveal() if reveal else value

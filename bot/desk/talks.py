"""The talk of a person who comes through a channel: found again, or begun.

Knows nothing of the channels.
"""

from bot.concierge import Concierge
from bot.desk.store import DeskStore
from bot.errors import NoSession
from bot.types import Conversation


def talk_of(channel: str, person: str, concierge: Concierge, store: DeskStore) -> Conversation:
    """Return the conversation of a person; one that was forgotten or expired begins anew.

    Raises
    ------
    StoreError
        If it cannot be kept.
    """
    who = f"{channel}:{person}"
    session = store.session(who)
    if session is not None:
        try:
            return concierge.conversation(session)
        except NoSession:
            pass
    opened = concierge.open(user=who[:200])
    kept = store.bind(who, opened.id, session)
    if kept != opened.id:
        concierge.delete(opened.id)
        return concierge.conversation(kept)
    return opened

"""The bot's own words for the desk, outside of a turn.

Knows nothing of channels.
"""

from bot.policy import Decision
from bot.types import Conversation, Understood
from bot.voice.phrasing import Seed, phrases
from bot.voice.saying import Scene
from retrieval.index import Index


def scene(talk: Conversation, index: Index) -> Scene:
    """Return what is said from of a talk as it stands, in the language of its last message."""
    language = talk.history[-1].reply.understood.language if talk.history else "en"
    ids = (*talk.ever_shown, *talk.shown, *talk.likes, *talk.dislikes, *talk.wishes.similar)
    items = {item.id: item for item in index.get(list(dict.fromkeys(ids)))}
    speak, seed = phrases(language), Seed(talk.id, talk.turn)
    meant, decision = Understood("handoff", language=language), Decision("handoff")
    return Scene("", meant, talk, talk, decision, index.schema, items, (), speak, seed)

"""What a colleague should know who takes over a talk: wishes, items shown, the last words.

Put together from the conversation; no model is asked. Knows nothing of channels.
"""

from bot.desk.wording import scene
from bot.types import Conversation
from bot.voice.saying import wishes_in_words
from retrieval.index import Index

_MOST_SHOWN = 6


def summary(talk: Conversation, index: Index, why: str = "") -> str:
    """Return the note, a few short lines; empty parts are left out.

    Parameters
    ----------
    talk
        The conversation.
    index
        Of its catalogue.
    why
        What happened, where it was not the person's wish.
    """
    said = scene(talk, index)
    shown = list(dict.fromkeys((*talk.shown, *reversed(talk.ever_shown))))[:_MOST_SHOWN]
    parts = (
        ("Why", [why] if why else []),
        ("Wants", wishes_in_words(talk.wishes, said)),
        ("Shown", [f"{said.title(i)} [{i}]" for i in shown]),
        ("Likes", [said.title(i) for i in talk.likes]),
        ("Turned down", [said.title(i) for i in talk.dislikes]),
        ("Last message", [talk.history[-1].text] if talk.history else []),
    )
    lines = [f"{name}: {'; '.join(words)}" for name, words in parts if words]
    return "\n".join(("Handed over by the concierge.", *lines))

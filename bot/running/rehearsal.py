"""A turn for practice before the first real one: what is slow the first time is slow here.

Leaves nothing behind but warm caches.
"""

from bot import turn
from bot.llm.base import LLM
from bot.llm.errors import LLMError
from bot.shelves.rooms import Room
from bot.types import Conversation
from bot.voice.explanation import Case, brief
from bot.voice.matching import Matching
from bot.voice.phrasing import phrases
from retrieval.types import Query


def rehearse(llm: LLM, room: Room) -> None:
    """Read, search and write once over a catalogue."""
    index = room.index
    room.taste.warm()
    opening = next(iter(index.schema.openings), index.schema.items)
    turn.understand(Conversation(id="", catalog=index.schema.name), opening, llm, index)
    found = index.search(Query(opening, limit=1)).candidates
    cases = [Case(candidate.item, Matching()) for candidate in found]
    briefs = [brief(case, index.schema, phrases("en")) for case in cases]
    try:
        llm.write(briefs, 1)
    except LLMError:
        return  # a turn goes on without written reasons, too

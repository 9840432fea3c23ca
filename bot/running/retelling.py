"""Conversations of clients that send all their messages each time, found again or told anew.

Each state that a talk was in is known by the digest of the messages that led to it. A list that
goes on from a known state costs nothing; of any other list the messages after the longest known
part are read once more, and what was shown is taken from the answers in the list. Knows no HTTP.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import turn
from bot.checking.cleaning import clean_title
from bot.concierge import Concierge
from bot.llm.base import LLM
from bot.llm.deadline import within
from bot.memory.wishes import update
from bot.policy import Decision
from bot.running.stamps import Stamp, digest
from bot.shelves.rooms import Room
from bot.types import Conversation, Recommendation
from bot.voice.speaking import Answer, scene_of, year_said
from ranking.types import Why
from retrieval.index import Index

_MOST_RETOLD = 30  # exchanges; what lies further back is not read again
_NUMBERED = re.compile(r"^\s*\d{1,2}\.\s+(\S.*)$", re.MULTILINE)
_COLON = re.compile(r"[:：]|$")


@dataclass(frozen=True)
class Told:
    """One exchange as a client has it: what the person said and what was answered."""

    text: str
    reply: str


@dataclass(frozen=True)
class Place:
    """Where a turn goes: a conversation, and the stamp that holds it to the list's end."""

    talk: Conversation
    stamp: Stamp


def find(bot: Concierge, blank: Conversation, told: Sequence[Told]) -> Place:
    """Return the conversation that a list of exchanges has led to.

    Parameters
    ----------
    bot
        The bot.
    blank
        A conversation without a turn: its catalogue, user and owner.
    told
        The exchanges, oldest first.
    """
    chains = [digest("talk", blank.catalog, blank.owner or "", blank.user or "")]
    for one in told:
        chains.append(digest(chains[-1], one.text, one.reply))
    stamp = Stamp(chain=chains[-1])
    known, state = len(told), None
    while known and (state := bot.at(chains[known])) is None:
        known -= 1
    if state is not None and known == len(told):
        now = bot.conversation(state.id)
        return Place(now if now.chain == stamp.chain else bot.begin_at(state), stamp)
    begun = state or blank
    if known < len(told):
        bot.room(blank.catalog)
        with bot.admission.turn(), within(bot.settings.turn_limit_s):
            begun = _retold(bot, begun, told[known:][-_MOST_RETOLD:])
    return Place(bot.begin_at(replace(begun, chain=stamp.chain)), stamp)


def _retold(bot: Concierge, talk: Conversation, told: Sequence[Told]) -> Conversation:
    room = bot.room(talk.catalog)
    names = _names(room.index)
    states = [talk]
    for one in told:
        now = _heard(states[-1], one, bot.llm, room, names)
        if now is not None:
            states.append(now)
        elif len(states) > 1:
            states.pop()
    return states[-1]


def _heard(
    talk: Conversation, told: Told, llm: LLM, room: Room, names: dict[str, str]
) -> Conversation | None:
    """Return a conversation after an exchange that took place; None if it took back the last."""
    understood = turn.understand(talk, told.text, llm, room.index)
    if understood.act == "undo":
        return None
    now_s = time.time()
    after = update(talk, understood, room.index, now_s)
    items = tuple(_shown(told.reply, room.index, names))
    act = "recommend" if items else understood.act
    decision = Decision(act, about=understood.refers)
    scene = scene_of(told.text, understood, talk, after, decision, room)
    _, heard = turn.finish(scene, Answer(told.reply, items), now_s)
    return heard


def _shown(reply: str, index: Index, names: dict[str, str]) -> list[Recommendation]:
    """Return the items of an answer's numbered lines, in their order."""
    found: dict[str, Recommendation] = {}
    for line in _NUMBERED.findall(reply):
        ends = [match.start() for match in _COLON.finditer(line)]
        # The longest name that fits: titles may hold colons, too.
        named = (names.get(line[:end].strip().casefold()) for end in reversed(ends))
        id_ = next((i for i in named if i is not None), None)
        for item in index.get([id_] if id_ else []):
            title, reason = clean_title(item.title), line[len(item.title) :].partition(": ")[2]
            found[item.id] = Recommendation(
                item.id, title, item.facts, 0.0, reason, Why(0.0, 0.0, 0.0, 0.0)
            )
    return list(found.values())


def _names(index: Index) -> dict[str, str]:
    """Return the ids of all items by how their lines begin, folded: with the year and without."""
    names: dict[str, str] = {}
    for item in index.get(index.ids()):
        title = clean_title(item.title)
        names.setdefault(title.casefold(), item.id)
        names[f"{title} ({year_said(item, index.schema)})".casefold()] = item.id
    return names

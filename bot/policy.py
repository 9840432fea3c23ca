"""What the bot does next: the act, and what it is about. Pure decisions over typed values.

Recommending is the default; a question back is asked once at most. Knows no words, no model and
no catalogue beyond the ids that it is given.
"""

from dataclasses import dataclass
from typing import Literal

from bot.types import Act, Conversation, Understood, Wishes
from ranking.types import Ranked
from retrieval.types import Constraint, Retrieved

Trouble = Literal[
    "nothing_shown",  # a reference, and nothing it could refer to
    "which_one",  # several items shown, and no word on which of them
    "not_that_many",  # "the fifth one" of three
    "unknown_title",  # a title that the catalogue does not hold
    "impossible",  # wishes that nothing left can meet
    "nothing_left",  # everything was shown, seen or turned down
]
MAX_COUNT = 10


@dataclass(frozen=True)
class Decision:
    """What to say, before it is said.

    Parameters
    ----------
    act
        The act of the reply.
    items
        What is recommended, best first.
    about
        Ids of the items that are answered about, compared, explained or accepted.
    asks
        Facets asked about; `text` stands for the description.
    relaxed
        Wishes that were given up.
    spent
        Whether they were given up only because everything that fits was shown before.
    named
        Whether the items were asked for by name.
    trouble
        Why the act cannot be done as asked.
    """

    act: Act
    items: tuple[Ranked, ...] = ()
    about: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    relaxed: tuple[Constraint, ...] = ()
    spent: bool = False
    named: bool = False
    trouble: Trouble | None = None


def has_wishes(wishes: Wishes) -> bool:
    """Tell whether the person wants anything in particular."""
    return bool(
        wishes.constraints or wishes.relative or wishes.wish or wishes.avoid or wishes.similar
    )


def choose_act(before: Conversation, understood: Understood, after: Conversation) -> Act:
    """Return the act of the reply.

    Parameters
    ----------
    before, after
        The conversation before and after the message's wishes and tastes went in.
    understood
        The message. Its act stands, but for three cases: a question back is only asked where
        nothing at all is known and none was asked before; small talk that carries a wish or a
        taste is answered with a recommendation; and so is a comparison or explanation of nothing
        that is really a wish.
    """
    act = understood.act
    if act == "reset" and (understood.add or understood.wish):  # "start over, a western this time"
        return "recommend"
    known = has_wishes(after.wishes) or bool(after.likes or after.dislikes or after.seen)
    if act == "clarify":
        return "recommend" if known or before.asked or understood.unlinked else "clarify"
    if act in ("smalltalk", "decline") and _says_wish(understood):
        return "recommend"
    return act


def _says_wish(understood: Understood) -> bool:
    u = understood
    return bool(u.add or u.relative or u.likes or u.dislikes or u.seen or u.similar or u.remove)


def wanted(understood: Understood, usual: int) -> int:
    """Return how many items to show, 1 to `MAX_COUNT`; `usual` where no number was said."""
    return max(1, min(MAX_COUNT, usual if understood.count is None else understood.count))


def decide(
    act: Act,
    understood: Understood,
    conversation: Conversation,
    retrieved: Retrieved | None = None,
    ranked: tuple[Ranked, ...] = (),
) -> Decision:
    """Return what to say.

    Parameters
    ----------
    act
        From `choose_act`.
    understood
        The message.
    conversation
        With the message's wishes in it; `shown` are the items of the turn before.
    retrieved, ranked
        What was found and its order, for `recommend`.
    """
    if act == "recommend":
        return _recommend(understood, conversation, retrieved or Retrieved(()), ranked)
    if act in ("answer", "compare", "accept"):
        return _about_items(act, understood, conversation)
    if act == "explain":
        return _explain(understood, conversation)
    return Decision(act)


def _recommend(
    understood: Understood,
    conversation: Conversation,
    retrieved: Retrieved,
    ranked: tuple[Ranked, ...],
) -> Decision:
    if not ranked:
        known = bool(conversation.wishes.constraints)
        return Decision("recommend", trouble="impossible" if known else "nothing_left")
    named = bool(understood.refers) and ranked[0].candidate.item.id in understood.refers
    relaxed, spent = retrieved.relaxed, retrieved.spent
    return Decision("recommend", ranked, relaxed=relaxed, spent=spent, named=named)


def _about_items(act: Act, understood: Understood, conversation: Conversation) -> Decision:
    about = understood.refers or understood.likes or understood.similar
    if act == "compare" and len(about) < 2 and len(conversation.shown) < 2:
        about = tuple(dict.fromkeys((*_talked_of(conversation), *about)))
    if act == "compare" and len(about) < 2 and len(conversation.shown) > 1:
        about = conversation.shown if not about else _with_others(about, conversation)
    if not about:
        about, trouble = _pointed_at(act, understood, conversation)
        if trouble is not None:
            return Decision(act, trouble=trouble)
    asks = tuple(dict.fromkeys((*understood.asks, *(r.facet for r in understood.relative))))
    return Decision(act, about=tuple(dict.fromkeys(about)), asks=asks)


def _talked_of(conversation: Conversation) -> tuple[str, ...]:
    """Return the items of the last answers in a row: "these" where they came one by one."""
    found: list[str] = []
    for exchange in reversed(conversation.history):
        if exchange.reply.act not in ("answer", "compare"):
            break
        found = [*exchange.reply.understood.refers, *found]
    return tuple(dict.fromkeys(found))


def _with_others(about: tuple[str, ...], conversation: Conversation) -> tuple[str, ...]:
    """Return one item to compare beside those that it stands among, or beside the one in focus."""
    if conversation.focus and conversation.focus not in about:
        return (*about, conversation.focus)
    return (*about, *(i for i in conversation.shown if i not in about))


def _pointed_at(
    act: Act, understood: Understood, conversation: Conversation
) -> tuple[tuple[str, ...], Trouble | None]:
    """Return the items that a message without a reference is about, or why there are none."""
    if understood.unlinked:
        return (), "unknown_title"
    if conversation.focus:
        return (conversation.focus,), None
    if not conversation.shown:
        return (), "nothing_shown"
    if act == "accept" and len(conversation.shown) > 1:
        return (), "which_one"
    return conversation.shown, None


def _explain(understood: Understood, conversation: Conversation) -> Decision:
    """Explain the items named, or, where none is named, tell what is known of the person."""
    if understood.refers:
        return Decision("explain", about=understood.refers)
    if understood.unlinked:
        return Decision("explain", trouble="unknown_title")
    return Decision("explain")

"""The values of a simulation: wishes, moves, what was heard, and whole talks.

All are frozen. Items travel by id, but for those that were shown.
"""

from dataclasses import dataclass
from typing import Literal

from retrieval.types import Constraint, Item

MoveKind = Literal[
    "open",  # the first message
    "wish",  # one more wish
    "critique",  # "shorter", "cheaper than the second one"
    "without",  # "no horror"
    "similar",  # "more like the second one"
    "liked",  # a title that is near to what is looked for
    "disliked",  # "not the first one"
    "question",  # a fact of an item in sight
    "follow",  # a second question, about "it"
    "swap",  # a wish is taken back for another one
    "withdraw",  # a wish is taken back
    "others",  # "what else?"
    "accept",  # the target was shown
]
ChangeKind = Literal["number", "without", "nearer", "farther"]


@dataclass(frozen=True)
class Wish:
    """What a simulated person wants and said.

    Parameters
    ----------
    words
        How it was said: "from the nineties".
    facet
        The facet that it is about; empty for a word that is looked for in an item's own words.
    constraint
        What it means, None for such a word.
    theme
        Whether it is a theme, which items have more or less, and not a fact.
    """

    words: str
    facet: str
    constraint: Constraint | None = None
    theme: bool = False


@dataclass(frozen=True)
class Change:
    """How the next items should differ after a critique or a dislike.

    Parameters
    ----------
    kind
        `number`: the facet's number is below (above) the pivot; `without`: none of the facet's
        values is `value`; `nearer`, `farther`: more (less) like the anchor than the pivot.
    facet, value
        What is changed; empty where it is the likeness.
    up
        Whether a number should be above the pivot.
    pivot
        What to be beyond: a number of the facet, or a likeness in [0, 1].
    anchor
        The id of the item that is compared with.
    """

    kind: ChangeKind
    facet: str = ""
    value: str = ""
    up: bool = False
    pivot: float = 0.0
    anchor: str = ""


@dataclass(frozen=True)
class Move:
    """One message of a simulated person, and what they mean by it.

    Parameters
    ----------
    kind
        What kind of message it is.
    text
        The message.
    adds, drops
        Wishes that are said and taken back in it.
    points_at
        The id of the item that a reference in it means ("the second one", "it").
    asks
        The facet that is asked about.
    expects
        How the next items should differ.
    likes, dislikes
        Ids of the items for which a button is pressed before the message.
    """

    kind: MoveKind
    text: str
    adds: tuple[Wish, ...] = ()
    drops: tuple[Wish, ...] = ()
    points_at: str | None = None
    asks: str | None = None
    expects: tuple[Change, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What came back.

    Parameters
    ----------
    text, act
        The reply.
    items
        The items recommended in it, in order.
    referred
        The ids that the message was taken to refer to.
    announced
        Wishes that the reply says it gave up, as the bot holds them.
    unsupported
        For each item's reason, the claims in it that nothing supports; empty where no reasons
        are given.
    """

    text: str
    act: str
    items: tuple[Item, ...] = ()
    referred: frozenset[str] = frozenset()
    announced: tuple[Constraint, ...] = ()
    unsupported: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Step:
    """One turn of a talk.

    Parameters
    ----------
    move, heard
        What was said, and what came back.
    standing
        The wishes said by now and not taken back.
    earlier
        Those of them that were said in earlier turns.
    sight
        The ids of the items that were in sight when the message was written.
    """

    move: Move
    heard: Heard
    standing: tuple[Wish, ...] = ()
    earlier: tuple[Wish, ...] = ()
    sight: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A talk from its first message to the end.

    Parameters
    ----------
    person
        Whose talk it is.
    target
        The id of what was looked for.
    steps
        The turns, without the acceptance.
    found
        The turn in which the target was shown, from 1 on; None where it never was.
    closing
        The acceptance, where there was one.
    failure
        The error of the system that ended the talk, if one did.
    """

    person: int
    target: str
    steps: tuple[Step, ...]
    found: int | None = None
    closing: Step | None = None
    failure: str = ""

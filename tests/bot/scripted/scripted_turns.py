"""Turns made by hand, for expectations to be held against."""

from bot.scripted.moment import Held, Moment, Showing
from bot.shelves.shelf import films
from bot.types import Recommendation, Reply, Understood
from ranking.types import Why
from retrieval.types import Constraint

WHY = Why(0.4, 0.1, 0.2, 0.0, ("genres: comedy",))


def recommended(id_, reason="Funny.", **changed):
    item = next(item for item in films() if item.id == id_)
    facts = {**item.facts, **changed}
    return Recommendation(item.id, item.title, facts, 0.7, reason, WHY)


def moment(
    *ids,
    text="a comedy",
    said="Here you go.",
    act="recommend",
    before=(),
    add=(),
    held=None,
    stock=None,
    **understood,
):
    """Return a turn that shows items; `before` are the ids shown by the turn before."""
    showings = (Showing(1, tuple(recommended(i) for i in before)),) if before else ()
    meant = Understood(act=act, add=tuple(Constraint(*c) for c in add), **understood)
    reply = Reply(said, act, 2 if before else 1, tuple(recommended(i) for i in ids), meant)
    return Moment(text, reply, held or Held(), showings, (), 5.0, stock)

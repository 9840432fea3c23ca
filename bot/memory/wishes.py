"""Wishes over a conversation: what is held after each message, and the query it makes.

Pure: conversations and understandings in, conversations and queries out. Knows no LLM and does
not say anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.memory.bounds import narrowed
from bot.memory.degrees import bound, settled
from bot.memory.events import with_taste
from bot.memory.importance import by_importance
from bot.memory.kinds import of_their_kind
from bot.memory.removals import EVERYTHING, without, words_of
from bot.quantity.digits import lowered
from bot.quantity.units import lists_numbers
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation, Relative, Removal, Understood, Wishes
from bot.understanding.joining import holds
from retrieval.constraints import satisfies
from retrieval.types import Constraint, Query, Schema

T = TypeVar("T")

MOST_CONSTRAINTS = 16
MOST_WORDS = 8
MOST_COUNT = 10
_VAGUE = frozenset({"low", "high"})
_HELD = _VAGUE | {"min", "max"}


def update(
    conversation: Conversation, understood: Understood, index: Catalogue, now_s: float
) -> Conversation:
    """Return the conversation with what a message means taken in.

    Removals go first, then what is added, then relative wishes. Of wishes that contradict one
    another the newest holds. `undo` changes nothing here; `reset` clears the wishes and what was
    shown, and with `EVERYTHING` removed the taste as well.

    Parameters
    ----------
    conversation
        The conversation before the message.
    understood
        The message, linked.
    index
        The catalogue.
    now_s
        Unix time in seconds, for the taste events.

    Returns
    -------
    Conversation
        With new wishes, taste, events and focus. Turn number, shown items and history are left to
        the turn.
    """
    if understood.act == "undo":
        return conversation
    if understood.act == "reset":
        conversation = _reset(conversation, understood)
    conversation = with_taste(conversation, understood, now_s)
    return replace(conversation, wishes=_updated(conversation, understood, index))


def _updated(conversation: Conversation, understood: Understood, index: Catalogue) -> Wishes:
    """Return the wishes after a message whose taste is taken in already."""
    held = conversation.wishes.constraints
    wishes = _possible(without(conversation.wishes, understood.remove), index)
    added = tuple(c for c in understood.add if index.schema.facet(c.facet))
    wishes = _with_constraints(wishes, added, index)
    wishes = _with_relatives(wishes, understood, conversation, index)
    wishes = _with_words(_without_unknown(wishes, conversation), understood)
    similar = understood.similar or wishes.similar
    wishes = _without_people(wishes, understood, index)
    compared = {r.facet for r in understood.relative if r.direction not in _HELD}
    bounds = tuple(c for c in wishes.constraints if c.facet in compared and c not in added)
    return replace(
        wishes,
        similar=tuple(i for i in similar if i not in conversation.dislikes),
        constraints=by_importance(wishes, (*added, *bounds), held, index.schema)[:MOST_CONSTRAINTS],
        count=min(max(understood.count or Wishes().count, 1), MOST_COUNT),
    )


def _possible(wishes: Wishes, index: Catalogue) -> Wishes:
    """Return the wishes without what nothing in the catalogue has: it was told, once is enough."""
    kept = tuple(c for c in wishes.constraints if c.op == "!=" or holds((c,), index))
    return replace(wishes, constraints=kept)


def _reset(conversation: Conversation, understood: Understood) -> Conversation:
    fresh = replace(conversation, wishes=Wishes(), shown=(), ever_shown=(), focus=None, asked=False)
    if Removal(EVERYTHING) not in understood.remove:
        return fresh
    return replace(fresh, likes=(), dislikes=(), seen=(), events=())


def _with_constraints(wishes: Wishes, added: Sequence[Constraint], index: Catalogue) -> Wishes:
    constraints = wishes.constraints
    for new in added:
        facet = index.schema.facet(new.facet)
        others = tuple(c for c in constraints if c.facet != new.facet)
        same = tuple(c for c in constraints if c.facet == new.facet and c != new)
        if facet is not None and facet.kind == "number":
            left = narrowed(same, new)
        else:
            fresh = tuple(c for c in same if c in added)
            held = tuple(c for c in same if c not in added)
            left = (*_agreeing(held, new, fresh, index), *fresh)
        constraints = (*others, *left, new)
    constraints = of_their_kind(constraints, added, wishes.constraints, index)
    relative = tuple(r for r in wishes.relative if not any(_settles(c, r) for c in added))
    return replace(wishes, constraints=constraints, relative=relative)


def _without_people(wishes: Wishes, understood: Understood, index: Catalogue) -> Wishes:
    """Take back the people of earlier messages whom none of the items to resemble has.

    "More like Alien and Heat" asks for no Tom Hanks any more.
    """
    items = index.get(understood.similar)
    people = {f.name for f in index.schema.facets if f.kind == "people"}
    kept = tuple(
        c
        for c in wishes.constraints
        if c in understood.add
        or c.op != "="
        or c.facet not in people
        or not items
        or any(satisfies(item, c, index.schema) for item in items)
    )
    return replace(wishes, constraints=kept)


def _settles(constraint: Constraint, relative: Relative) -> bool:
    """Whether a number that is said makes a vague wish on the same side needless."""
    sides = {"low": "<=", "high": ">="}
    if constraint.facet != relative.facet or relative.direction in ("min", "max"):
        return False
    return constraint.op in ("=", "<>", "~") or constraint.op == sides.get(relative.direction)


def _agreeing(
    held: Sequence[Constraint], new: Constraint, fresh: Sequence[Constraint], index: Catalogue
) -> tuple[Constraint, ...]:
    """Return the held constraints on a worded facet that may stand beside a new one.

    Values that are no longer agreed on leave the held ones; where no item could satisfy the old
    and the new ones together ("Samsung", then "Apple"), the old ones go.
    """
    opposite = "=" if new.op == "!=" else "!="
    left: list[Constraint] = []
    for old in held:
        value = tuple(v for v in words_of(old) if v not in words_of(new))
        if old.op == opposite and len(value) < len(words_of(old)):
            left += [replace(old, value=value)] if value else []
        elif old.op == new.op == "=" and len(value) < len(words_of(old)):
            continue  # "a thriller or a comedy", then "ok, comedy": one is chosen
        elif old.op == opposite or value:
            left.append(old)
    facet = index.schema.facet(new.facet)
    firm = facet is not None and facet.kind != "tags" and new.op == "="
    alike = [c for c in left if c.op == "="]
    if facet is not None and lists_numbers(facet) and new.op == "=":  # we are six now, not four
        return tuple(c for c in left if c.op != "=" or c in fresh)
    if firm and alike and not holds((*alike, *fresh, new), index):
        return tuple(c for c in left if c.op != "=")
    return tuple(left)


def _with_relatives(
    wishes: Wishes, understood: Understood, conversation: Conversation, index: Catalogue
) -> Wishes:
    """Turn relative wishes into bounds.

    Vague degrees and superlatives stay held, so that "cheap" keeps its meaning when the rest of
    the wishes changes; a comparison is done with once it has become a bound.
    """
    known = (r for r in understood.relative if index.schema.facet(r.facet))
    said = [settled(r, conversation, index) for r in known]
    said = [r for r in said if not any(_settles(c, r) for c in understood.add)]
    held = [r for r in wishes.relative if r.facet not in {s.facet for s in said}]
    drawn = [r for r in wishes.relative if r.direction in _VAGUE]  # drawn anew below
    firm = tuple(c for c in wishes.constraints if not any(_drawn(c, r) for r in drawn))
    kept = [r for r in (*held, *said) if r.direction in _HELD]
    numbered = [r for r in kept if any(_settles(c, r) for c in firm)]
    kept = [r for r in kept if r not in numbered or r.direction not in _VAGUE]
    for relative in (*(r for r in said if r.direction not in _HELD), *numbered):
        firm = _moved(firm, bound(relative, conversation, firm, index), conversation, index)
    constraints = firm
    for relative in kept:
        constraints = _bounded(constraints, bound(relative, conversation, firm, index))
    newest = {r.facet: r for r in kept}
    return replace(wishes, constraints=constraints, relative=tuple(newest.values()))


def _bounded(held: tuple[Constraint, ...], new: Constraint | None) -> tuple[Constraint, ...]:
    """Return the constraints with a new bound among them."""
    if new is None:
        return held
    same = tuple(c for c in held if c.facet == new.facet)
    return (*(c for c in held if c.facet != new.facet), *narrowed(same, new), new)


def _moved(
    held: tuple[Constraint, ...],
    new: Constraint | None,
    conversation: Conversation,
    index: Catalogue,
) -> tuple[Constraint, ...]:
    """Return the constraints with a comparison's bound; what leaves nothing beside it goes.

    "Older than those", after films of the fifties, is older than the fifties.
    """
    bounded = _bounded(held, new)
    if new is None or bounded == (*(c for c in held if c.facet != new.facet), new):
        return bounded
    known = frozenset((*conversation.ever_shown, *conversation.seen, *conversation.dislikes))
    found = index.search(Query("", bounded, exclude=known, limit=1))
    if found.candidates and not found.relaxed:
        return bounded
    return (*(c for c in held if c.facet != new.facet), new)


def _drawn(constraint: Constraint, relative: Relative) -> bool:
    op = "<=" if relative.direction == "low" else ">="
    return constraint.facet == relative.facet and constraint.op == op


def _with_words(wishes: Wishes, understood: Understood) -> Wishes:
    """Add free words; the newest last, and nothing both wished and to be avoided."""
    wish = _newest((*wishes.wish, *understood.wish))
    avoid = _newest((*wishes.avoid, *understood.avoid))
    new_wish = {lowered(w) for w in understood.wish}
    new_avoid = {lowered(w) for w in understood.avoid}
    return replace(
        wishes,
        wish=tuple(w for w in wish if lowered(w) not in new_avoid),
        avoid=tuple(w for w in avoid if lowered(w) not in new_wish or lowered(w) in new_avoid),
    )


def _without_unknown(wishes: Wishes, conversation: Conversation) -> Wishes:
    """Return the wishes without the words that the message before named in vain.

    They were searched for once and told to be unknown; a title that is not here is no lasting wish.
    """
    last = conversation.history[-1].reply.understood if conversation.history else None
    gone = {lowered(w) for w in last.unlinked} if last else set()
    return replace(wishes, wish=tuple(w for w in wishes.wish if lowered(w) not in gone))


def _newest(words: Sequence[str]) -> tuple[str, ...]:
    last = dict.fromkeys(reversed(words))
    return tuple(reversed(list(last)))[-MOST_WORDS:]


def query(conversation: Conversation, schema: Schema, limit: int = 200) -> Query:
    """Return what to look for: the wishes held, without what is known already.

    The text for the dense and the lexical search is the free words, then the values asked for.
    Items shown, seen, liked and disliked are left out, and those that the result shall resemble.
    """
    wishes = conversation.wishes
    kinds = {f.name: f.kind for f in schema.facets}
    values = (
        str(value)
        for c in wishes.constraints
        if c.op == "=" and kinds.get(c.facet) in ("category", "people", "tags")
        for value in (c.value if isinstance(c.value, tuple) else ())
    )
    known = (conversation.ever_shown, conversation.seen, conversation.dislikes, conversation.likes)
    return Query(
        text=" ".join(_unique((*wishes.wish, *values))),
        constraints=wishes.constraints,
        similar=wishes.similar,
        avoid=wishes.avoid,
        exclude=frozenset(i for ids in (*known, wishes.similar) for i in ids),
        limit=limit,
    )


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))

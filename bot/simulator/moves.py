"""What a simulated person says next. No message gives the target's title away.

The kinds of messages are drawn by weights; one that cannot be said now gives way to another.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from bot.simulator import critiques
from bot.simulator.errors import TitleLeaked
from bot.simulator.mind import Mind, Moment
from bot.simulator.persons import Person
from bot.simulator.types import Heard, Move, Wish
from bot.simulator.wishing import another, is_head, opening, said_alone, wish_on, word_wish
from bot.simulator.words import say
from bot.simulator.world import World
from bot.voice.phrasing import phrases
from retrieval.types import Facet, Item
from retrieval.words import STOPWORDS, plain_words

_TRIES = 40
_HEAD = 0.75  # how often a person opens with what sort of thing it is
_TAKES_BACK = 0.6  # how likely a wish that is not meant is taken back in a turn
_FOLLOWS = 0.4  # how likely a question is followed by another
_QUESTIONS = 2  # questions in one talk
_AND = 0.25  # how often a critique brings a further wish
_NEAR = 10  # liked titles are among so many of the nearest
_LIKED = 0.5  # least closeness of an item that is liked by a button

Draw = Callable[[Moment], Move | None]


def first_move(person: Person, world: World, random: Random) -> tuple[Move, Mind]:
    """Return the first message, and the mind with its decoy if there is one.

    Raises
    ------
    TitleLeaked
        If every wording gives the target away.
    """
    now = Moment(person, Mind(), world, random)
    for _ in range(_TRIES):
        wishes, decoy = _first_wishes(now)
        text = opening(wishes, person.manner, world, random)
        if wishes and world.leak(text, person.target) is None:
            return Move("open", text, wishes), Mind(decoy=decoy)
    raise _leaked(person)


def _first_wishes(now: Moment) -> tuple[tuple[Wish, ...], Wish | None]:
    random, world = now.random, now.world
    most = random.choices((1, 2, 3), (0.3, 0.45, 0.25))[0]
    facets = sorted(
        (f for f in world.schema.facets if f.kind != "people" or now.person.names),
        key=lambda f: -(random.random() ** (1 / now.person.weights[f.name])),
    )
    if random.random() < _HEAD:
        facets.sort(key=lambda f: not is_head(f, world))
    wishes: list[Wish] = []
    for facet in facets:
        if len(wishes) == most:
            break
        if wish := wish_on(facet, now.target, world, random, wishes):
            wishes.append(wish)
    if not wishes and (word := word_wish(now.target, world, random)):
        wishes.append(word)
    decoy = _decoy(now, wishes) if now.person.wavers else None
    if decoy is None:
        return tuple(wishes), None
    kept = [w for w in wishes if w.facet != decoy.facet]
    return (*kept[: max(most - 1, 1)], decoy), decoy


def _decoy(now: Moment, wishes: list[Wish]) -> Wish | None:
    """Return a wish that another item meets and the target does not, to be taken back later."""
    facets = [f for f in now.world.schema.facets if f.kind in ("category", "number")]
    for _ in range(_TRIES if facets else 0):
        facet = now.random.choice(facets)
        if now.target.facts.get(facet.name) is None:
            continue
        other = now.random.choice(tuple(now.world.items.values()))
        wish = wish_on(facet, other, now.world, now.random, wishes)
        if wish is not None and not now.world.meets(wish, now.target):
            return wish
    return None


def next_move(person: Person, mind: Mind, heard: Heard, world: World, random: Random) -> Move:
    """Return the next message.

    Raises
    ------
    TitleLeaked
        If every wording gives the target away.
    """
    now = Moment(person, mind, world, random)
    for _ in range(_TRIES):
        move = _drawn(now, heard)
        if move is not None and world.leak(move.text, person.target) is None:
            return _with_buttons(_consistent(move, mind), now)
    raise _leaked(person)


def _consistent(move: Move, mind: Mind) -> Move:
    """Return a message that also takes back the decoy where it speaks of the same facet.

    The newest word on a facet holds; a wish that is not meant must not be counted beside it.
    """
    decoy = mind.decoy
    if decoy is None or decoy.facet not in {wish.facet for wish in move.adds}:
        return move
    return replace(move, drops=tuple(dict.fromkeys((*move.drops, decoy))))


def accept(person: Person, mind: Mind, world: World, random: Random) -> Move:
    """Return the message that takes the target, which is in sight."""
    reference = Moment(person, mind, world, random).place(person.target)
    text = say(random, "accept", ref=reference)
    return Move("accept", text, points_at=person.target.id)


def _leaked(person: Person) -> TitleLeaked:
    return TitleLeaked(
        f"expected words for person {person.number} that do not hold the title "
        f"{person.target.title!r}, got none in {_TRIES} draws; take another seed"
    )


def _drawn(now: Moment, heard: Heard) -> Move | None:
    random, mind = now.random, now.mind
    if heard.act == "clarify":
        return _wish(now, answering=True) or _others(now)
    if mind.focus and len(mind.asked) < _QUESTIONS and random.random() < _FOLLOWS:
        return critiques.question(now, now.world.items[mind.focus], "follow")
    if mind.sight and not mind.asked and random.random() < now.person.asks:
        return critiques.question(now, random.choice(mind.sight), "question")
    if mind.decoy and random.random() < _TAKES_BACK:
        return _taken_back(now, mind.decoy)
    draw = random.choices([d for d, _ in _WEIGHTS], [weight for _, weight in _WEIGHTS])[0]
    return draw(now)


def _wish(now: Moment, answering: bool = False) -> Move | None:
    """Return a further wish."""
    wish = _new_wish(now)
    if wish is None:
        return None
    return Move("wish", another(wish, answering, now.world, now.random), (wish,))


def _new_wish(now: Moment) -> Wish | None:
    """Return a wish that was not said before."""
    once, said = ("number", "people"), {w.constraint for w in now.mind.standing}
    facets: list[Facet | None] = [
        f
        for f in now.world.schema.facets
        if (f.kind != "people" or now.person.names)
        and not (f.kind in once and f.name in now.mind.spent)
    ]
    if all(f is None or f.kind != "tags" for f in facets):
        facets.append(None)
    facet = now.random.choice(facets)
    if facet is None:
        return word_wish(now.target, now.world, now.random)
    standing = [w for w in now.mind.standing if w != now.mind.decoy]
    wish = wish_on(facet, now.target, now.world, now.random, standing)
    if wish is None or wish.constraint in said:
        return None
    return None if now.mind.decoy and wish.facet == now.mind.decoy.facet else wish


def _critique(now: Moment) -> Move | None:
    """Return a critique, at times with a further wish."""
    move = critiques.critique(now) or critiques.without(now)
    wish = _new_wish(now) if move and now.random.random() < _AND else None
    if move is None or wish is None or wish.facet in {w.facet for w in move.adds}:
        return move
    head = is_head(now.world.schema.facet(wish.facet), now.world)
    joint = ", and " if not head else ", and rather "
    text = move.text.rstrip(".?!") + joint + said_alone(wish, now.random)
    return replace(move, text=text, adds=(*move.adds, wish))


def _liked(now: Moment) -> Move | None:
    """Return a title near the target, once; never one of the same series."""
    if now.mind.named:
        return None
    own = set(plain_words(now.target.title)) - STOPWORDS
    standing = {item.id for item in now.mind.sight} | {now.target.id}
    others = [
        item
        for item in now.world.items.values()
        if item.id not in standing and not own & set(plain_words(item.title))
    ]
    near = sorted(others, key=lambda item: -now.closeness(item))[:_NEAR]
    if not near:
        return None
    chosen = now.random.choice(near)
    text = say(now.random, "liked", title=chosen.title)
    return Move("liked", text)


def _others(now: Moment) -> Move | None:
    return Move("others", say(now.random, "others"))


def _taken_back(now: Moment, decoy: Wish) -> Move | None:
    """Return the message that swaps the wish that is not meant for a true one, or drops it.

    Whatever else was said on that facet is taken back with it.
    """
    facet = now.world.schema.facet(decoy.facet)
    if facet is None:
        return None
    noun = phrases("en").facet(facet)
    drops = tuple(w for w in now.mind.standing if w.facet == decoy.facet)
    new = wish_on(facet, now.target, now.world, now.random)
    if new is None or now.random.random() < 0.4:
        text = say(now.random, "withdraw", noun=noun, old=decoy.words)
        return Move("withdraw", text, drops=drops)
    text = say(now.random, "swap", new=new.words, old=decoy.words, noun=noun)
    return Move("swap", text, (new,), drops)


_WEIGHTS: tuple[tuple[Draw, float], ...] = (
    (_wish, 3.0),
    (_critique, 3.0),
    (critiques.without, 1.0),
    (critiques.similar, 1.0),
    (critiques.disliked, 0.7),
    (_liked, 0.7),
    (_others, 0.4),
)
_BUTTONS = ("wish", "critique", "without", "others")


def _with_buttons(move: Move, now: Moment) -> Move:
    """Return a message with the buttons that are pressed before it."""
    if move.kind not in _BUTTONS or now.random.random() >= now.person.clicks:
        return move
    bad = next((item for item in now.mind.sight if now.hated(item)), None)
    good = max(now.mind.sight, key=now.closeness, default=None)
    if good is None or good is bad or now.closeness(good) < _LIKED:
        good = None
    change = () if bad is None else (critiques.likeness("farther", bad, now),)
    return replace(move, likes=_ids(good), dislikes=_ids(bad), expects=(*move.expects, *change))


def _ids(item: Item | None) -> tuple[str, ...]:
    return () if item is None else (item.id,)

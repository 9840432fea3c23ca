"""Wishes that an item meets, in a person's own words, and the first message made of them.

Templates go by the kind of a facet; a few facets that many catalogues have get wordings of their
own. Knows nothing of what was shown.
"""

from collections.abc import Sequence
from random import Random

from bot.simulator.amounts import number_wish
from bot.simulator.types import Wish
from bot.simulator.words import key_of, say
from bot.simulator.world import World, number
from bot.voice.phrasing import capital, phrases
from retrieval.constraints import values_of
from retrieval.types import Constraint, Facet, Item

MOST_COMMON = 0.6  # a value that more items have is not worth a wish
_SORTS = ("kind", "type", "category")
_SPOKEN = 4  # of a person's many ways to say a value, only the first few
_STARS = 3


def wish_on(
    facet: Facet, item: Item, world: World, random: Random, within: Sequence[Wish] = ()
) -> Wish | None:
    """Return a wish on a facet that an item meets, or None where there is nothing to wish for.

    Parameters
    ----------
    facet
        The facet.
    item
        The item.
    world
        The catalogue.
    random
        Draws the value and the words.
    within
        Wishes said before: what is "cheap" depends on them.
    """
    if facet.kind == "number":
        own = number(item, facet.name)
        if own is None:
            return None
        others = [w for w in within if w.facet != facet.name and not w.theme]
        numbers = world.numbers(facet.name, others)
        return number_wish(facet, own, numbers, world.schema, random)
    values = values_of(item.facts.get(facet.name))
    if facet.kind == "people":
        values = values[:_STARS]
    elif facet.kind == "category":
        values = tuple(v for v in values if world.share(facet.name, v) <= MOST_COMMON)
    if not values:
        return None
    value = random.choice(values)
    constraint = Constraint(facet.name, "=", (value,))
    said = _words(facet, value, constraint, world, random)
    return Wish(said, facet.name, constraint, theme=facet.kind == "tags")


def word_wish(item: Item, world: World, random: Random) -> Wish | None:
    """Return a wish for a word of an item's own text."""
    words = world.common_words(item)
    return Wish(random.choice(words), "", theme=True) if words else None


def _words(facet: Facet, value: str, constraint: Constraint, world: World, random: Random) -> str:
    if is_head(facet, world):
        return _head(facet, value, world, random)
    said = phrases("en").constraint(constraint, world.schema)
    if facet.kind == "category":
        said = random.choice((said, _other_word(facet, value, world, random)))
        key = key_of("category", facet.name)
        return say(random, "category", key, value=value, said=said)
    return say(random, facet.kind, key_of(facet.kind, facet.name), value=value, said=said)


def is_head(facet: Facet | None, world: World) -> bool:
    """Tell whether a wish on a facet is said as a noun: the first category is what a thing is."""
    heads = (f for f in world.schema.facets if f.kind == "category")
    return facet is not None and facet == next(heads, None)


def _head(facet: Facet, value: str, world: World, random: Random) -> str:
    said = _other_word(facet, value, world, random)
    if facet.name not in _SORTS:
        nouns = {"item": world.schema.item, "items": world.schema.items}
        return _article(say(random, "heads", "sort", value=said, **nouns))
    key = "sort_many" if said.endswith("s") else "sort_noun"
    return _article(say(random, "heads", key, value=said))


def _article(words: str) -> str:
    vowel = words[2:].lower().startswith(("a", "e", "i", "o", "ul"))
    return "an" + words[1:] if words.startswith("a ") and vowel else words


def _other_word(facet: Facet, value: str, world: World, random: Random) -> str:
    """Return a value, or another word for it out of the schema that means nothing else.

    A "chromebook" is a laptop, but not every laptop is one: the word stands for an operating
    system, too.
    """
    ways = [
        word
        for word in facet.synonyms.get(value, ())[:_SPOKEN]
        if word.isalpha() and len(word) > 2 and world.meanings(word) == 1
    ]
    return random.choice((value, value, *ways))


def opening(wishes: Sequence[Wish], manner: str, world: World, random: Random) -> str:
    """Return the first message: one to three wishes, the noun among them in front."""
    heads = [w.words for w in wishes if _is_head_wish(w, world)]
    rest = [said_alone(w, random) for w in wishes if not _is_head_wish(w, world)]
    noun = say(random, "heads", "any", item=world.schema.item, items=world.schema.items)
    said = heads[0] if heads else noun
    for words in (*heads[1:], *rest):
        said += say(random, "joints", "wishes") + words
    return _sentence(say(random, "open", manner, wish=said), random)


def another(wish: Wish, answering: bool, world: World, random: Random) -> str:
    """Return a message that adds a wish; `answering` where the bot asked for one."""
    head = _is_head_wish(wish, world)
    key = "answer" if answering else "head" if head else "default"
    return _sentence(say(random, "wish", key, wish=said_alone(wish, random)), random)


def said_alone(wish: Wish, random: Random) -> str:
    """Return a wish as a part of a sentence."""
    return say(random, "word", value=wish.words) if not wish.facet else wish.words


def _is_head_wish(wish: Wish, world: World) -> bool:
    return is_head(world.schema.facet(wish.facet), world)


def _sentence(words: str, random: Random) -> str:
    """Return a message as people type it: with or without capital and full stop."""
    if random.random() < 0.3:
        return words
    return capital(words) + ("" if words.endswith(("?", "!", ".")) else random.choice(("", ".")))

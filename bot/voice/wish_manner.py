"""The manner of a free wish: where a person's own words stand in a sentence about an item.

"Tense" stands before the noun, "set in Paris" behind it; a work is "about greed", a device "for
gaming". English only.
"""

import re
from collections.abc import Sequence

from bot.voice.free_words import ADJECTIVES, form
from bot.voice.manner import Manner, being, having
from bot.voice.phrase import Phrase, Said, is_plural, listed

LABEL = "filed under"  # what leads to a theme that is only named
_IDEAS = re.compile(
    r"(ship|ness|ity|tion|sion|ment|ism|hood|ence|ance|eration)$"
    r"|\b(love|death|grief|guilt|fate|faith|memory|dreams|loss|greed|envy|freedom|revenge|poverty"
    r"|jealousy|marriage|family|betrayal|survival|regret|childhood|old age|politics|war|peace)$"
)
_MERITS = re.compile(  # "with good battery life", but "for gaming"
    r"\b(life|quality|sound|bass|autofocus|performance|speed|power|comfort|durability|portability"
    r"|reliability|storage|security|privacy|warmth|grip|support|suction|flavou?r|taste|value"
    r"|service|views)$|(?P<one>\b(screen|display|camera|zoom|keyboard|range|design|view|location)$)"
)
_PRAISE = ADJECTIVES | frozenset("good great best better excellent high wide decent nice".split())
_LACKING = ("no ", "almost no ", "little ", "hardly any ")


def is_thing(wish: str) -> bool:
    """Tell whether a free wish is a thing or a name, neither adjective nor phrase."""
    return form(wish) in ("thing", "name") and not wish.lower().startswith(_LACKING)


def of_wish(wish: str) -> Manner:
    """Return how a free wish that an item meets is said, where it is no thing."""
    said = Said(wish)
    if wish.lower().startswith(_LACKING):
        return Manner("with", (said,), having((said,)), 8)
    if form(wish) == "adjective":
        return Manner("adjective", (said,), being((said,)))
    if form(wish) == "modifier":
        # The longer it is, the farther from the noun: "a black and white heist film".
        return Manner("before", (said,), rank=3 if " " in wish else 4)
    return Manner("behind", (said,), being((said,)), 4)


def _is_definite(wish: str) -> bool:
    """Tell whether a thing has an article already ("the beatles")."""
    return wish.lower().startswith(("the ", "a ", "an ", "some ", "your "))


def is_theme(wish: str) -> bool:
    """Tell whether a work reads well as being about a thing: an idea, a plural.

    "Rivalry" and "puppies" do; a walrus or a lawnmower does not; several words may be a name.
    """
    idea = " " not in wish and _IDEAS.search(wish.lower()) is not None and form(wish) == "thing"
    return idea or _are_many(wish)


def _are_many(wish: str) -> bool:
    """Whether a thing is a plural that needs no article: "witches", but not "the beatles"."""
    return is_plural(wish.split()[-1]) and wish[:1].islower() and not _is_definite(wish)


def of_themes(wishes: Sequence[str]) -> tuple[Manner, ...]:
    """Return how things that a work is filed under are said: "about greed"; ideas before names."""
    ideas = [w for w in wishes if is_theme(w)]
    names = [w for w in wishes if w not in ideas]
    found = []
    if ideas:
        about: Phrase = ("about", *listed([(Said(w),) for w in ideas]))
        found.append(Manner("behind", about, being(about), rank=8))
    elif names:
        under: Phrase = (LABEL, *listed([(Said(w, quoted=True),) for w in names]))
        found.append(Manner("behind", under, being(under), rank=9))
    return tuple(found)


def of_things(wishes: Sequence[str]) -> Manner:
    """Return what an item that is no work serves, all in one."""
    own = listed([(Said(w, quoted=form(w) == "name" or _is_definite(w)),) for w in wishes])
    if len(wishes) == 1 and (merit := _MERITS.search(wishes[0].lower())):
        one = "a " if merit["one"] else ""
        praised = wishes[0].lower().split()[0] in _PRAISE
        merits: Phrase = own if praised else (f"{one}good", *own)
        return Manner("with", merits, having(merits))
    return Manner("behind", ("for", *own), (("suits", *own), ("suit", *own)), rank=4)

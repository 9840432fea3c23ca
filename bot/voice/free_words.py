"""Free wishes as parts of a sentence: "tense", "for date night", "time travel".

A wish is an adjective by a list of common ones and by its ending, a modifier by a list ("a heist
film"), a phrase behind the noun by its first word, else a thing. In doubt it is a thing in the
person's own words. Knows no catalogue.
"""

import re
from typing import Literal

from bot.checking.names import everyday

WishForm = Literal["adjective", "modifier", "behind", "thing", "name"]

ADJECTIVES = frozenset(
    """absurd affordable aimless amusing anarchic animated antiwar awkward beautiful big bittersweet
    black-and-white bleak bold brief bright brisk brutal calm campy cartoonish charming cheap
    cheerful cheesy chic chilling chilly claustrophobic clean clever cold colourful colorful comfy
    compact complex cool corporate cosy cozy crazy creepy cult cute cyberpunk cynical dark dazzling
    deadpan deep delicate depressing discreet disturbing dreamlike dreamy dry durable easy eccentric
    edgy eerie elegant emotional engaging entertaining epic erotic ethereal exciting existential
    experimental expressionist extravagant fast fierce firm fluffy foldable fresh friendly fun
    funny futuristic
    gay gentle gloomy gorgeous gory gothic graceful gripping gritty gruesome handy happy harrowing
    haunting heartbreaking heartfelt heartwarming heavy hilarious historic historical honest
    humorous hypnotic imaginative immersive independent indie inspirational inspiring intense
    intelligent intimate intricate inventive ironic kinky lavish lesbian lgbt lgbtq light
    lighthearted little lively local lonely long loud low-budget lush lyrical magical mature meta
    meditative medieval melancholic melancholy mellow messy mind-bending minimal minimalist modern
    moody moving mysterious mystical nail-biting neo-noir neorealist noir nostalgic nostalgic odd
    offbeat old old-fashioned optimistic ornate outdoor over-the-top peaceful philosophical playful
    plush poetic poignant political portable post-apocalyptic powerful practical profound
    psychedelic psychological punk puzzling quick quiet quirky quotable raunchy raw realistic
    reflective relaxed relaxing relentless reliable retro rich robust romantic rough rugged sad
    satirical scary self-aware sensual sentimental serious sexy shiny short silent silly simple
    sleek slim slow
    slow-paced small smart smooth soft solid sombre spare spicy spiritual spooky stark steady
    strange strong stylish stylised stylized subtle suburban sunny supernatural sure surprising
    surreal suspenseful sweet swift sympathetic tearful tender tense terrifying thin thoughtful
    thought-provoking thrilling tiny touching tough traditional tragic trippy twisted twisty
    undersea understated underwater unhurried unpredictable unsettling unusual uplifting upbeat
    urban vibrant victorian vintage violent visceral visual vivid warm waterproof wacky weird
    whimsical wholesome wild wintry wireless wise witty wordless young zany toxic
    evergreen organic vegan vegetarian""".split()
)
# Several words that stand before a noun, too; many are nouns by themselves.
_MODIFIERS = frozenset(
    " ".join(words.split())
    for words in """action-packed|black-and-white|black and white|coming of age|coming-of-age
    |cold war|feel good|feel-good|fast talking|fast paced|fast-paced|slow burn|slow-burn|slow paced
    |low budget|high school|small town|single location|stop motion|stop-motion|over the top|heist
    |superhero|samurai|zombie|vampire|spy|mafia|road trip|time travel|time loop|space|martial arts
    |kung fu|boxing|baseball|basketball|football|racing|courtroom|prison|underdog|revenge|survival
    |disaster|monster|detective|period|teen|buddy|christmas|halloween|anime|noise cancelling
    |noise-cancelling|noise canceling|dialogue driven|visually stunning|genre bending|real time
    |world war ii|multiplayer|open world|open-world|co-op""".split("|")
)
_ENDINGS = re.compile(
    r"(ful|less|ous|ish|able|ible|esque|worthy|proof|friendly|resistant|driven|based|paced|bending"
    r"|hearted|warming|minded|cancell?ing|like|free|ready|oriented)$"
)
_HYPHEN_ENDINGS = re.compile(r"-(y|ly|ed|ing|good|budget|fi|fashioned|key|brow|scale|range|size)$")
_NOUNS = frozenset(
    """finish british radish dish fish english spanish danish vegetable table stable cable bible
    variable hostess princess loneliness business happiness sadness darkness madness
    kindness weakness illness witness wilderness""".split()
)
_BEHIND = frozenset(
    """for in on at with without about from of by to under over near during after before like set
    based made shot told starring featuring directed written inspired that which where whose full
    not""".split()
)
_SUITED = re.compile(r"(good|great|perfect|suitable|fit|ideal|easy) (for|with|to|as|in|on) .")
# Everyday in a catalogue's texts, and names all the same.
_PLACES = frozenset(
    """africa algeria amazon america arizona asia atlanta australia barcelona beijing berlin boston
    brazil britain brooklyn burma california canada chicago china cuba dakar detroit disney dublin
    england europe france germany hollywood india ireland israel istanbul italy japan johannesburg
    korea london madrid manhattan mars marvel mexico miami montana moscow mumbai oxford paris
    philadelphia pixar poland prague rome russia scotland seoul shanghai spain sweden sydney taipei
    tehran texas tokyo turkey los angeles hong kong francisco
    delhi egypt georgia greece hawaii iran iraq jerusalem kenya lisbon morocco nepal norway
    nigeria peru portugal sicily texas tibet venice vienna vietnam wales warsaw wyoming york
    zealand""".split()
)
_BESIDE_PLACES = frozenset("new san los st saint north south east west the of and".split())
_PEOPLE_WORDS = {
    "my": "your", "me": "you", "i": "you", "i'm": "you're", "i’m": "you’re", "mine": "yours",
    "myself": "yourself", "our": "your", "us": "you", "we": "you", "ours": "yours",
    "i've": "you've", "i’ve": "you’ve", "i'd": "you'd", "i’d": "you’d",
}  # fmt: skip
_DEGREES = frozenset("very really quite truly deeply darkly visually lightly".split())
_WORD = re.compile(r"(?<![\w-])[A-Za-z]+(?:['’][A-Za-z]+)?(?![\w-])")


def form(wish: str) -> WishForm:
    """Return how a wish joins the noun that it is about."""
    low = " ".join(wish.lower().split())
    parts = low.split()
    if not parts:
        return "name"
    if low not in _MODIFIERS and len(parts) > 1 and (parts[0] in _BEHIND or _SUITED.match(low)):
        return "behind"
    if low in _MODIFIERS:
        return "modifier"
    if _before(low) or (len(parts) == 2 and parts[0] in _DEGREES and _before(parts[1])):
        return "adjective"
    known = all(everyday(part) and part not in _PLACES for part in parts)
    return "thing" if known and not parts[0].isdigit() else "name"


def _before(low: str) -> bool:
    if low in ADJECTIVES:
        return True
    if " " in low or low in _NOUNS:
        return False
    return bool(_ENDINGS.search(low) or _HYPHEN_ENDINGS.search(low)) and len(low) > 5


def written(wish: str, text: str) -> str:
    """Return a wish as it is written: "vienna" → "Vienna".

    A name is known by the item's text, which writes it in capitals, or as a common place.
    """
    found = re.search(rf"(?<=[a-z,] ){re.escape(wish)}(?!\w)", text, re.IGNORECASE)
    if found and not found.group().islower():
        return found.group()
    parts = wish.split()
    places = [p for p in parts if p.lower() in _PLACES]
    if places and all(p.lower() in _PLACES | _BESIDE_PLACES for p in parts):
        return " ".join(p if p in ("the", "of", "and") else p.capitalize() for p in parts)
    return wish


def is_place(wish: str) -> bool:
    """Tell whether a wish is a well-known place: "Paris", "New York"."""
    parts = wish.lower().split()
    return not _PLACES.isdisjoint(parts) and all(p in _PLACES | _BESIDE_PLACES for p in parts)


def turned(wish: str) -> str:
    """Return a wish as it is said back to the person: "for my mother" → "for your mother"."""

    def turn(match: re.Match[str]) -> str:
        word = match.group()
        return word if word == "US" else _PEOPLE_WORDS.get(word.lower(), word)

    return _WORD.sub(turn, wish)

"""What a message thinks of each shown item, by clause: "the first was dull, loved the third".

The model sees that there are verdicts more surely than whose they are. Knows no model.
"""

import re
from collections.abc import Iterator

from bot.llm.base import Situation
from bot.pocket.pointing import ordinals
from bot.reading import Reading

_BREAK = re.compile(
    r"[,.;!?，。；！？、]+|\b(?:but|and|while|whereas|though|although)\b|但是?|不过|而"
    r"|\s+(?=第[一二三四五])",
    re.IGNORECASE,
)
_GOOD = (
    r"(?:brilliant|great|fantastic|superb|excellent|amazing|awesome|wonderful|perfect|lovely"
    r"|(?:a |my )?(?:masterpiece|favou?rite|delight)|fun|funny|hilarious|beautiful|gorgeous)"
)
_LIKES = r"\b(?:lov|lik|ador|enjoy)(?:ed?|es|ing)?\b"
_PRAISE = re.compile(
    rf"{_LIKES}|\w (?:(?:really|so|just|very|absolutely|pretty) )?{_GOOD}\b"
    r"|\bwas (?:really |very |pretty )?good\b|喜欢|爱看|好看|不错|很棒|精彩|经典",
    re.IGNORECASE,
)
_BLAME = re.compile(
    rf"(?:\b(?:not|never|hardly|no)|n['’]?t) (?:\w+ ){{0,2}}(?:{_GOOD}|good"
    r"|my (?:thing|taste|style)|for (?:me|us)|finish)\b"
    rf"|(?:\bnot|n['’]?t|\bnever) (?:really )?{_LIKES}"
    r"|\b(?:hat|loath|despis|dislik)(?:ed?|es)\b"
    r"|\b(?:meh|dull|boring|bored (?:me|us)|awful|terrible|horrible|dreadful|rubbish|crap|garbage"
    r"|trash|tedious|overrated|unwatchable|gave up on|put me off|fell asleep|let ?down"
    r"|(?:could|did)(?:n['’]?t| not) (?:finish|stand|get into))\b"
    r"|不喜欢|不好看|没意思|无聊|难看|讨厌|烂|闷|看不下去",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:would|might|may|could (?:be|have)|if|looks?|sounds?|seems?|more like"
    r"|like (?:the|that|this|it))\b"
    r"|[?？]$|看起来|听起来",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:seen|saw|watched|read|tried|played)\b (?:them |those |these )?(?:both|all)"
    r"(?: of (?:them|these|those))?(?: (?:already|before|twice))?"
    r"(?=$|\W*(?:[,.;!?]|\b(?:and|but)\b))"
    r"|(?:^|[,.;!?，。]\s*)(?:这[些几]\w?|全)?都(?:已经)?看过",
    re.IGNORECASE,
)


def judged(situation: Situation, reading: Reading) -> Reading:
    """Return the reading with each verdict on the shown item of its clause.

    A clause counts if it points at one item by its place and says plainly what became of it.
    """
    if not situation.shown or reading.act not in ("recommend", "clarify"):
        return reading
    if _ALL.search(situation.text) and all(r.startswith("#") for r in reading.seen):
        reading = reading.model_copy(update={"seen": ("#all",)})
    told = dict(_verdicts(situation))
    if not told:
        return reading
    update = {
        role: tuple(
            dict.fromkeys(
                (
                    *(r for r in getattr(reading, role) if told.get(r, role) == role),
                    *(item for item, said in told.items() if said == role),
                )
            )
        )
        for role in ("likes", "dislikes")
    }
    return reading.model_copy(update=update)


def _verdicts(situation: Situation) -> Iterator[tuple[str, str]]:
    """Yield the shown items that a clause of a message judges, with the role they get by it."""
    count = len(situation.shown)
    for clause in _BREAK.split(situation.text):
        places = set(ordinals(clause, count))
        if len(places) != 1:
            continue
        if _BLAME.search(clause):
            yield places.pop(), "dislikes"
        elif _PRAISE.search(clause) and not _UNSURE.search(clause):
            yield places.pop(), "likes"

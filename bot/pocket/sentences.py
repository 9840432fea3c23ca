"""Whole sentences of a description, told apart by their ends and by what they can follow.

An abbreviation, an initial or a decimal point ends no sentence. Knows no pieces.
"""

import re
from dataclasses import dataclass

_END = re.compile(r"[.!?…]+[\"”’')]*(?=\s|$)")
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|No|Vol|Inc|Ltd|Rs|approx|e\.g|i\.e)|\b[A-Z])\.$"
)
_BUT = re.compile(
    r"\b(no|not|n['’]t|lacks?|only|average|without|cannot|never|few|weak|poor|pricey|expensive|heavy"
    r"|hefty|slow|dim|short|modest|dated|basic|limited|missing|extra|skimps?|struggles?|but|though"
    r"|although|however|fiddly|bulky|noisy|mediocre|cramped|sluggish)\b",
    re.IGNORECASE,
)
# Words that begin a sentence with a capital that means nothing else.
_OPENERS = frozenset(
    """a an the two three four five six seven eight nine ten this these that his her its their your
    in on at as when after before while with without for from over under between during among
    against near to by if since because one some many most every each all both another no nothing
    it he she they there what how where and but or so small big large light very""".split()
)
# What shops say of every item: it speaks of the shop, and is no reason for this one.
_SALES = re.compile(
    r"\b(?:buy|shop|order|price)\b.*(?:\bonline\b|\b(?:at|in) (?:rs|inr|usd|eur)\b|[:$€£₹] ?\d)"
    r"|\bprice:|\brs\.? ?\d|free (?:shipping|delivery)|genuine products|cash on delivery"
    r"|replacement guarantee|money[- ]back|great discounts?|add to (?:cart|basket)|in stock now",
    re.IGNORECASE,
)
_SHORTEST = 3  # words


@dataclass(frozen=True)
class Sentence:
    """A sentence by its character offsets.

    `follows` tells whether it may follow a colon with a small letter, `but` whether it tells
    what speaks against the item.
    """

    start: int
    end: int
    follows: bool
    but: bool


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return a text's whole sentences in order; a last one without an end is left out.

    So is what a shop says to sell: prices, delivery, guarantees.
    """
    found = []
    start = 0
    for match in _END.finditer(text):
        if _NO_END.search(text[start : match.end()]):
            continue
        said = text[start : match.end()]
        lead = len(said) - len(said.lstrip())
        words = said.split()
        whole = len(words) >= _SHORTEST and not match.group().startswith("…")
        if whole and not _SALES.search(said):
            follows = words[0].lower() in _OPENERS
            found.append(
                Sentence(start + lead, match.end(), follows, _BUT.search(said) is not None)
            )
        start = match.end()
    return tuple(found)

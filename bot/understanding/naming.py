"""Which people and items a name means, and when a close name means someone else.

The catalogue offers what is closest; this module turns down what only looks alike, since a taste
for "Argo" is none for "Fargo". Knows no dialogue.
"""

import re

from rapidfuzz import fuzz

from bot.checking.names import everyday
from bot.shelves.catalogue import Catalogue
from bot.understanding.glossary import in_english
from retrieval.title_words import canonical
from retrieval.types import Item
from retrieval.words import plain_key

_MOST_OF_A_SERIES = 8
_SHORTEST_TYPO = 6  # letters below which another spelling is another title
_SHARE = 0.7  # of a title's words that its part must have
_LIKE, _LIKE_SURNAME = 78.0, 70.0  # least rapidfuzz ratios of whole names, of last names
_NOUN = re.compile(r"\s+(?:movie|film|flick|one|picture)$", re.IGNORECASE)
_CLAN = re.compile(r"\b(?:the|brothers|bros\.?|sisters|siblings)\b", re.IGNORECASE)
_SUBTITLE = re.compile(r"\s*[:(\u2013\u2014]\s*|\s+(?:or|-)\s+")


def person(words: str, index: Catalogue, facet: str | None = None) -> tuple[str, str] | None:
    """Return (facet, name) of the person that words name, the given facet preferred, or None.

    A whole name has to be much like the one found: a shared first name is not enough. "The Coen
    brothers" are the one of them who is found by the surname.
    """
    words = in_english(words) or words
    nouns = (index.schema.items, index.schema.item, "books", "novels", "films", "movies")
    words = re.sub(rf"\s+(?:{'|'.join(map(re.escape, nouns))})$", "", words, flags=re.IGNORECASE)
    surname = _CLAN.sub("", words).strip()
    if surname and surname != words:
        return index.values.link_person(surname, facet)
    found = index.values.link_person(words, facet)
    if found is None or " " not in words.strip():
        return found
    ours, theirs = plain_key(words), plain_key(found[1])
    whole = max(fuzz.ratio(ours, theirs), fuzz.token_set_ratio(ours, theirs))
    last = max(fuzz.ratio(ours.split()[-1], word) for word in theirs.split())
    return found if whole >= _LIKE and last >= _LIKE_SURNAME else None


def titled(words: str, index: Catalogue) -> tuple[str, ...]:
    """Return the ids of the items that a title means; () where none is close enough.

    Of items that share the whole title the first is meant; of the first words of several works
    ("lord of the rings") all; of a product's part ("iPhone 13") the one with the fewest other
    words.
    """
    words = in_english(words) or words
    ids = index.values.link_title(words)
    is_called_so = not ids and _NOUN.search(words) is not None  # "that Priscilla movie"
    if is_called_so:
        words = _NOUN.sub("", words)
        ids = index.values.link_title(words)
    key, found = canonical(words), index.get(ids)
    if not found or any(canonical(item.title) == key for item in found):
        return ids[:1]
    if not any(f.kind == "people" for f in index.schema.facets):
        return _product(key, found)
    series = [item.id for item in found if _begins(key, item)]
    if series:
        return tuple(series[:_MOST_OF_A_SERIES])
    part = next((item.id for item in found if _is_part(key, item) or _is_typo(key, item)), None)
    return (part,) if part else _by_a_word(key, found) if is_called_so else ()


def _by_a_word(key: str, found: tuple[Item, ...]) -> tuple[str, ...]:
    """Return the one work whose title holds a rare word: "Priscilla"."""
    holding = [i.id for i in found if f" {key} " in f" {canonical(i.title)} "]
    rare = len(key) >= _SHORTEST_TYPO and " " not in key and not everyday(key)
    return tuple(holding) if rare and len(holding) == 1 else ()


def _product(key: str, found: tuple[Item, ...]) -> tuple[str, ...]:
    titles = [f" {canonical(item.title)} " for item in found]
    holding = [(len(t.split()), i) for i, t in enumerate(titles) if f" {key} " in t]
    if holding:
        return (found[min(holding)[1]].id,)
    typo = next((item.id for item in found if _is_typo(key, item)), None)
    return (typo,) if typo else ()


def _begins(key: str, item: Item) -> bool:
    """Whether a work's title goes on from the key: two words of it, or all before a colon."""
    title = canonical(item.title)
    if not title.startswith(f"{key} "):
        return False
    numbered = re.fullmatch(r"\d+", title[len(key) + 1 :]) is not None
    return " " in key or numbered or canonical(_SUBTITLE.split(item.title)[0]) == key


def _is_part(key: str, item: Item) -> bool:
    title = canonical(item.title)
    if key in (canonical(part) for part in _SUBTITLE.split(item.title)[1:] if part):
        return " " in key
    share = len(key.split()) / len(title.split())
    return f" {key} " in f" {title} " and " " in key and share >= _SHARE


def _is_typo(key: str, item: Item) -> bool:
    title = canonical(item.title)
    return (
        len(key) >= _SHORTEST_TYPO
        and title[:1] == key[:1]
        and fuzz.ratio(key.replace(" ", ""), title.replace(" ", "")) >= 85.0
    )

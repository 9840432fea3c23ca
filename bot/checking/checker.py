"""The checker: every claim of a sentence about an item must be traced, or it is named.

Checked are numbers, names and quotations, facet values, who did what, and a few kinds of claims
that only an item's own text can carry (awards, true stories, warranties). What is no sentence at
all is named, too. It does not judge opinions ("tense", "moving") or style, and it does not know
who wrote the sentence.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from rapidfuzz import fuzz

from bot.checking.cleaning import clean_text, is_order
from bot.checking.denials import unsupported_denials, unsupported_makers
from bot.checking.evidence import Evidence, Words, words_of
from bot.checking.names import everyday, unsupported_names
from bot.checking.numbers_said import unsupported_numbers
from bot.checking.roles import unsupported_roles
from bot.checking.unsupported import Unsupported
from bot.checking.values_said import unsupported_values
from bot.checking.wellformed import malformed
from bot.quantity.units import is_money
from retrieval.types import Item, Schema
from retrieval.words import fold, tokens

__all__ = ["MAX_LENGTH", "Unsupported", "check", "true_text"]

MAX_LENGTH = 400
_FORM = re.compile(
    r"https?:|www\.|\S@\S+\.\S|<[a-zA-Z/!]|\]\(|```|\*\*|\{\w*\}|@\w+|\n"
    r"|\b(as an ai|language model|system prompt|my instructions)\b",
    re.IGNORECASE,
)
# What a seller might add and only the owner's text can vouch for. Matched by beginning of word.
_CLAIMS = re.compile(
    r"\b(award|oscar|prize|accolade|acclaim|best-?sell|box[- ]office|blockbuster|true (story|event)"
    r"|real[- ]life|based on|inspired by|sequel|prequel|a remake|remake of|reboot|franchise"
    r"|adapt|discount|on sale|free (shipping|delivery|returns?)|warrant|guarantee|waterproof"
    r"|in stock|sold out|limited edition|number one|top[- ]rated|five[- ]star|imdb|rotten)\w*"
    r"|获奖|奥斯卡|真实(故事|事件)|改编|续集|打折|包邮|保修",
    re.IGNORECASE,
)
# No text can make an item free that has a price.
_GRATIS = re.compile(
    r"\bfree (?:today|now|for you|of charge|gift)\b|\bfor free\b|\bcosts? nothing\b|免费",
    re.IGNORECASE,
)
_LIKE_TITLE = 80  # least rapidfuzz ratio of a phrase that means the title
_LIKE_WORD = 50  # and of each of its words that is not in the title
_SHORTEST_TITLE = 4  # letters below which a word is like too many others
_NAME_AHEAD = re.compile(r"(?:[\s&-]|['’]s\s)+\w*[A-ZÀ-Þ0-9]")
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ]\w+[\s&-]+$")
_HEAD = re.compile(r"(?:^|[.!?…:]\s+)[“\"']?$")
_CJK = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")


class Mentioned(Protocol):
    """A place in a sentence that names something of the catalogue (`retrieval.values.Mention`)."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def facet(self) -> str | None: ...  # noqa: D102
    @property
    def value(self) -> str: ...  # noqa: D102


def check(
    sentence: str,
    item: Item,
    schema: Schema,
    allowed_words: Collection[str],
    mentions: Sequence[Mentioned] = (),
) -> tuple[Unsupported, ...]:
    """Return the claims of a sentence that nothing supports, in the order of their kinds.

    Parameters
    ----------
    sentence
        One to three sentences about the item, in English or Chinese.
    item
        The item that they are about.
    schema
        Its catalogue's schema, with the values of its category facets.
    allowed_words
        The person's own words and the titles that they named. They may be repeated; they do not
        vouch for a fact of the item.
    mentions
        What the catalogue's value index finds in the sentence, where it is at hand: it knows
        people and titles that are not written with capitals.

    Returns
    -------
    tuple of Unsupported
        Empty if the sentence may be said.
    """
    evidence = Evidence(item, schema, tuple(allowed_words))
    if not sentence.strip():
        return (Unsupported("form", "", "there is no sentence"),)
    if len(sentence) > MAX_LENGTH:
        return (Unsupported("form", sentence[:20], f"it is longer than {MAX_LENGTH} characters"),)
    plain = evidence.without_names(sentence, " ")
    named = _without_values(evidence.without_origins(sentence, "_"), schema, alone=True)
    found = [
        *_forms(sentence, evidence),
        *unsupported_numbers(_without_values(plain, schema), evidence),
        *unsupported_values(plain, evidence),
        *unsupported_roles(sentence, evidence),
        *unsupported_denials(sentence, evidence),
        *unsupported_makers(sentence, evidence),
        *unsupported_names(named, evidence),
        *_misspelt(evidence.without_names(sentence, "_"), evidence),
        *_claims(sentence, evidence),
        *_mentioned(sentence, named, evidence, mentions),
    ]
    return tuple(dict.fromkeys(found))


def _forms(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    for match in _FORM.finditer(sentence):
        yield Unsupported("form", match.group(), "a reason is plain text without links or markup")
    if is_order(sentence):
        yield Unsupported("form", sentence[:40], "it gives orders")
    if wrong := malformed(evidence.without_names(sentence, "Name")):
        yield Unsupported("form", sentence[:40], wrong)


def true_text(item: Item, schema: Schema) -> str:
    """Return an item's own description without the sentences that its facts contradict.

    It is cleaned and cut as by `bot.checking.cleaning.clean_text`.
    """
    evidence = Evidence(item, schema)
    kept = []
    for sentence in _SENTENCE.split(clean_text(item.text)):
        plain = evidence.without_names(sentence, " ")
        found = (
            *unsupported_numbers(_without_values(plain, schema), evidence),
            *unsupported_values(plain, evidence),
            *unsupported_roles(sentence, evidence),
            *unsupported_denials(sentence, evidence),
            *unsupported_makers(sentence, evidence),
            *_claims(sentence, evidence),
        )
        if not found:
            kept.append(sentence)
    return " ".join(kept)


def _claims(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    for match in _CLAIMS.finditer(sentence):
        # The beginning of the word will do: "adapted" is vouched for by "an adaptation".
        if fold(match.group(1) or match.group()) not in evidence.own_text:
            yield Unsupported("claim", match.group(), "the item's text does not say so")
    priced = any(is_money(f) and evidence.number(f.name) for f in evidence.facets("number"))
    if priced and (free := _GRATIS.search(sentence)):
        yield Unsupported("claim", free.group(), "it has a price")


def _without_values(sentence: str, schema: Schema, alone: bool = False) -> str:
    """Return a sentence of the same length with values masked that are checked as values.

    "Bang & Olufsen" are no two names, "Pine64" is no number; with `alone`, a value that is no
    part of a longer name ("Not a JBL device") is masked, too.
    """
    for facet in schema.facets:
        for value in facet.values if facet.kind == "category" else ():
            if value not in sentence or not value[:1].isupper():
                continue
            odd = "&" in value or re.search(r"[^\W\d]\d", value)
            for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", sentence):
                if odd or (alone and _stands_alone(sentence, match.start(), match.end())):
                    mask = "_" * len(value)
                    sentence = sentence[: match.start()] + mask + sentence[match.end() :]
    return sentence


def _stands_alone(sentence: str, start: int, end: int) -> bool:
    """Tell whether a capitalised word is no part of a longer name."""
    if _NAME_AHEAD.match(sentence[end:]):
        return False
    before = _NAME_BEFORE.search(sentence[:start])
    return before is None or _HEAD.search(sentence[: before.start()]) is not None


def _misspelt(masked: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield phrases that are nearly, but not quite, the item's title.

    The sentence comes with the exact title and the titles that the person named masked.
    """
    title = words_of(evidence.item.title)
    said = tokens(masked)
    for at in range(len(said) - len(title) + 1):
        window = said[at : at + len(title)]
        phrase = masked[window[0].start : window[-1].end] if window else ""
        if _SENTENCE.search(phrase) and not _SENTENCE.search(evidence.item.title):
            continue  # two sentences hold no title, unless it is "Mrs. Doubtfire"
        words = tuple(word.name for word in window)
        if _nearly(words, title, phrase) and not evidence.names(words):
            yield Unsupported("name", phrase, f"the title is {evidence.item.title}")


def _nearly(words: Words, title: Words, phrase: str) -> bool:
    """Tell whether a phrase looks like a title and is another one."""
    if words == title or not any(c.isupper() for c in phrase):
        return False
    if fuzz.ratio(" ".join(words), " ".join(title)) < _LIKE_TITLE:
        return False
    other = [(w, t) for w, t in zip(words, title, strict=True) if w != t]
    if any(_CJK.search(w) and not _CJK.search(t) for w, t in other):
        return False  # "OnePlus 手机" is a phone, not the OnePlus 13
    if len(title) == 1 and (len(title[0]) < _SHORTEST_TITLE or everyday(words[0])):
        return False
    return all(
        fuzz.ratio(w, t) >= _LIKE_WORD
        or (
            max(len(w), len(t)) < _SHORTEST_TITLE and not (any(map(str.isdigit, t)) and everyday(w))
        )
        for w, t in other
    )


def _mentioned(
    sentence: str, masked: str, evidence: Evidence, mentions: Sequence[Mentioned]
) -> Iterator[Unsupported]:
    """Name people and titles of the catalogue that the item has nothing to do with.

    `masked` is the sentence with the values masked that stand alone in it.
    """
    people = {f.name for f in evidence.facets("people")}
    for mention in mentions:
        said = sentence[mention.start : mention.end]
        words = words_of(said)
        if not masked[mention.start : mention.end].strip("_ "):
            continue  # "Israel" the country is checked as a value
        if mention.facet in people:
            if not said[:1].isupper() and len(words) == 1:
                continue  # "stone walls", "a chase"
            if mention.value not in evidence.people and not evidence.names(words):
                yield Unsupported("name", said, f"{mention.value} is not among the item's people")
        elif mention.facet is None and mention.value != evidence.item.id:
            if len(words) > 1 and said[:1].isupper() and not evidence.names(words):
                yield Unsupported("name", said, "another item's title")

"""The checker: every claim of a sentence about an item must be traced, or it is named.

Checked are numbers, names and quotations, facet values, who did what, and a few kinds of claims
that only an item's own text can carry (awards, true stories, warranties). What is no sentence at
all is named, too. It does not judge opinions ("tense", "moving") or style, and it does not know
who wrote the sentence.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from bot.evidence import Evidence, words_of
from bot.names import unsupported_names
from bot.numbers_said import unsupported_numbers
from bot.roles import unsupported_roles
from bot.unsupported import Unsupported
from bot.values_said import unsupported_values
from bot.wellformed import malformed
from retrieval.types import Item, Schema
from retrieval.words import fold

__all__ = ["MAX_LENGTH", "Unsupported", "check"]

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
    found = [
        *_forms(sentence, evidence),
        *unsupported_numbers(plain, evidence),
        *unsupported_values(plain, evidence),
        *unsupported_roles(sentence, evidence),
        *unsupported_names(sentence, evidence),
        *_claims(sentence, evidence),
        *_mentioned(sentence, evidence, mentions),
    ]
    return tuple(dict.fromkeys(found))


def _forms(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    for match in _FORM.finditer(sentence):
        yield Unsupported("form", match.group(), "a reason is plain text without links or markup")
    if wrong := malformed(evidence.without_names(sentence, "Name")):
        yield Unsupported("form", sentence[:40], wrong)


def _claims(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    for match in _CLAIMS.finditer(sentence):
        # The beginning of the word will do: "adapted" is vouched for by "an adaptation".
        if fold(match.group(1) or match.group()) not in evidence.own_text:
            yield Unsupported("claim", match.group(), "the item's text does not say so")


def _mentioned(
    sentence: str, evidence: Evidence, mentions: Sequence[Mentioned]
) -> Iterator[Unsupported]:
    """Name people and titles of the catalogue that the item has nothing to do with."""
    people = {f.name for f in evidence.facets("people")}
    for mention in mentions:
        said = sentence[mention.start : mention.end]
        words = words_of(said)
        if mention.facet in people:
            if not said[:1].isupper() and len(words) == 1:
                continue  # "stone walls", "a chase"
            if mention.value not in evidence.people and not evidence.names(words):
                yield Unsupported("name", said, f"{mention.value} is not among the item's people")
        elif mention.facet is None and mention.value != evidence.item.id:
            if len(words) > 1 and said[:1].isupper() and not evidence.names(words):
                yield Unsupported("name", said, "another item's title")

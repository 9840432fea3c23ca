"""Facet values in a sentence, held against an item's: genres, countries, brands, systems.

A value that the item does not have must at least occur in its title, text or themes; "no horror"
is true of an item without horror. Synonyms that are also everyday words ("funny", "love") are
opinions and pass, unless they stand as a kind ("a scary film"). Knows no numbers and no names.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.checking.evidence import Evidence
from bot.checking.names import everyday
from bot.checking.unsupported import Unsupported
from bot.voice.phrasing import LANGUAGES, phrases
from retrieval.types import Schema
from retrieval.words import Token, fold, stem_key, tokens

_LONGEST = 5
# How many letters a synonym shares with its value where it is a form of it ("romantic").
_COGNATE = 3
_NEGATORS = frozenset(
    "no not without never neither nor isn't isnt nothing none hardly avoids avoiding lacks lacking"
    " skips minus sans zero free except excluding rather instead anything aint"
    " doesn't doesnt nobody noone".split()
)
_NEGATION_REACH = 3  # words between a negation and what it denies, list words aside
# What these begin is no longer denied ("rain does not bother this camera").
_FRESH = frozenset(
    "this that these those your its his her which who where when while as needing".split()
)
_LIST_WORDS = frozenset({"or", "nor", "and", "no"})
_CLAUSE_END = re.compile(r"[.!?;:—–]|\bbut\b|\byet\b|，|。|；|但")
_CJK_NEGATION = re.compile(r"(不是|没有|并非|不含|绝无|毫无|无|非|不要|不)[^，。；]{0,4}$")
_CJK_KIND = re.compile(r"^(片|电影|类|剧|题材|元素|作品|手机|电脑)")
_FREE_OF = re.compile(r"^[\s-]free\b", re.IGNORECASE)
_SENTENCE_HEAD = re.compile(r"(^|[.!?…]\s+)$")
_MAKER = re.compile(r"^(['’]s|\s+(built|builds|made|makes|designed|designs|sells|phone)\b)")
_SPOKEN = re.compile(r"\b(in|speaks?|spoken|speaking)\s+$", re.IGNORECASE)
_SORTS = frozenset({"kind", "type", "category"})
_IS_A = re.compile(r"(\b(is|are|get)( an?)?|(^|[.!?] )(this|an?))\s+$", re.IGNORECASE)
_COMPOUND = re.compile(r"^[\s-](jack|port|case|mode|bag|sleeve|stand|quality|app|battery)", re.I)
_KIND_NOUNS = frozenset("film movie flick picture story tale ride one romp piece".split())


@dataclass(frozen=True)
class _Form:
    """One way to say a value; `loose` ones are everyday words that often mean nothing by it."""

    facet: str
    values: tuple[str, ...]
    loose: bool


def unsupported_values(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield the facet values of a sentence that the item does not have."""
    forms = _forms_of(_Key(evidence.schema))
    words = tokens(sentence)
    at = 0
    while at < len(words):
        length = _longest(words, at, forms)
        verdict = _verdict(sentence, words, at, length, forms, evidence) if length else None
        if verdict:
            yield verdict
        at += length or 1


def _longest(words: tuple[Token, ...], at: int, forms: Mapping[str, tuple[_Form, ...]]) -> int:
    """Return how many words at a place name a value, as many as possible; 0 for none."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        key = " ".join(w.stem for w in words[at : at + length])
        if key in forms:
            return length
    return 0


def _verdict(
    sentence: str,
    words: tuple[Token, ...],
    at: int,
    length: int,
    known: Mapping[str, tuple[_Form, ...]],
    evidence: Evidence,
) -> Unsupported | None:
    """Return what is wrong with the value that stands at a word, if anything is."""
    forms = known[" ".join(w.stem for w in words[at : at + length])]
    start, end = words[at].start, words[at + length - 1].end
    said = sentence[start:end]
    if all(f.loose for f in forms) and not _stands_as_kind(sentence, words, at + length, end):
        return None
    if said.islower() and forms[0].values[0][0].isupper() and (len(said) <= 2 or everyday(said)):
        return None  # "us" is not the United States, nor "nothing" a brand
    if said.lower() in _NEGATORS and _SENTENCE_HEAD.search(sentence[:start]):
        if not _MAKER.match(sentence[end:]):
            return None  # "Nothing is wasted here"
    forms = _meant(forms, sentence[:start])
    true = any(set(form.values) & set(evidence.values(form.facet)) for form in forms)
    value = forms[0].values[0]
    if _negated(sentence, words, at, end, known, evidence):
        if _COMPOUND.match(sentence[end:]):
            return None  # "no headphone jack" denies no headphones
        held = any(set(f.values) <= set(evidence.values(f.facet)) for f in _strict(forms))
        denies = f"it is {value}, and the sentence denies it"
        return Unsupported("value", said, denies) if held else None
    told = evidence.says(tuple(w.stem for w in words[at : at + length]))
    if true or (told and not _is_what_it_is(forms, sentence, start, end)):
        return None
    return Unsupported("value", said, f"the item's {forms[0].facet} does not hold {value}")


def _meant(forms: tuple[_Form, ...], before: str) -> tuple[_Form, ...]:
    """Return the readings of a value that the words before it leave open ("in French")."""
    spoken = tuple(f for f in forms if f.facet == "language")
    return spoken if spoken and _SPOKEN.search(before) else forms


def _strict(forms: tuple[_Form, ...]) -> tuple[_Form, ...]:
    """Return the values' own names where there are any, else all forms."""
    return tuple(f for f in forms if not f.loose) or forms


def _is_what_it_is(forms: tuple[_Form, ...], sentence: str, start: int, end: int) -> bool:
    """Tell whether a value says what sort of thing the item is: its text cannot vouch for that."""
    if not any(f.facet in _SORTS for f in forms):
        return False
    return bool(_IS_A.search(sentence[:start]) and not _COMPOUND.match(sentence[end:]))


def _stands_as_kind(sentence: str, words: tuple[Token, ...], after: int, end: int) -> bool:
    """Tell whether a word is used to say what kind of thing the item is ("a scary film")."""
    if _is_cjk(sentence[end - 1]):
        return _CJK_KIND.match(sentence[end:]) is not None
    return after < len(words) and words[after].stem in _KIND_NOUNS


def _negated(
    sentence: str,
    words: tuple[Token, ...],
    at: int,
    end: int,
    forms: Mapping[str, object],
    evidence: Evidence,
) -> bool:
    """Tell whether what stands at a word is denied; a brand called Nothing denies nothing."""
    start, steps = words[at].start, 0
    if _FREE_OF.match(sentence[end:]) or _CJK_NEGATION.search(sentence[:start]):
        return True
    for back in range(at - 1, -1, -1):
        between = sentence[words[back].end : start]
        _, comma, tail = between.rpartition(",")
        rest = [w.plain for w in tokens(tail)]
        listed = set(rest) <= _LIST_WORDS or bool({"or", "nor"} & set(rest[:2]))
        if _CLAUSE_END.search(between) or (comma and not listed):
            return False  # a comma ends the negation but in a list: "no horror, war or gore"
        if words[back].plain in _NEGATORS and not _is_own(sentence, words[back], evidence):
            return words[back].plain != "free" or words[back + 1].plain == "of"
        steps += words[back].plain not in _LIST_WORDS and words[back].stem not in forms
        if steps > _NEGATION_REACH or words[back].plain in _FRESH:
            return False
    return False


def _is_own(sentence: str, word: Token, evidence: Evidence) -> bool:
    """Tell whether a word is written as one of the item's own values is."""
    said = sentence[word.start : word.end]
    return any(said in evidence.values(f.name) for f in evidence.facets("category"))


class _Key:
    """A schema as a cache key: by identity, as its mappings cannot be hashed."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.schema is self.schema


@lru_cache(maxsize=16)
def _forms_of(key: _Key) -> Mapping[str, tuple[_Form, ...]]:
    """Return every way to say a value of a category facet, by its stems."""
    found: dict[str, list[_Form]] = defaultdict(list)
    for facet in key.schema.facets:
        if facet.kind != "category":
            continue
        for value in facet.values:
            if value.isdigit():
                continue  # numbers are checked as such; a "1" among colours is no word
            found[stem_key(value)].append(_Form(facet.name, (value,), False))
            for language in LANGUAGES:
                other = phrases(language).one_value(value)
                if other != value:
                    found[stem_key(other)].append(_Form(facet.name, (value,), True))
        for name, ways in facet.synonyms.items():
            values = tuple(p.strip() for p in name.replace("|", "+").split("+"))
            held = tuple(v for v in values if v in facet.values)
            for way in ways:
                if held:
                    form = _Form(facet.name, held, _is_loose(way, held))
                    found[stem_key(way)].append(form)
    return {key: tuple(_strictest(forms)) for key, forms in found.items() if key}


def _strictest(forms: list[_Form]) -> list[_Form]:
    """Drop nothing, but put a value's own name before synonyms that are spelled like it."""
    return sorted(forms, key=lambda form: form.loose)


def _is_loose(way: str, values: tuple[str, ...]) -> bool:
    """Tell whether a synonym is an everyday word: one word, of another root than its value."""
    if _is_cjk(way[:1]):
        return True
    if " " in way or "-" in way:
        return False
    return not any(fold(way)[:_COGNATE] == fold(value)[:_COGNATE] for value in values)


def _is_cjk(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"

"""What a sentence about an item may rest on: its facts, title and text, and the person's words.

Phrases are compared by folded words, so case, accents and punctuation do not matter. Knows
nothing of what a sentence claims.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.quantity.numerals import numerals
from bot.voice.attributive import DEMONYMS
from retrieval.types import Facet, Item, Schema
from retrieval.words import fold, tokens

Words = tuple[str, ...]
_LARGER = {"GB": "TB", "MB": "GB"}  # what a thousand of a unit is called


@lru_cache(maxsize=16384)  # facts and wordings come again with every sentence that is checked
def words_of(text: str, stems: bool = False) -> Words:
    """Return the folded words of a text, without possessive endings."""
    return tuple(t.stem if stems else t.name for t in tokens(text))


def holds(text: Words, phrase: Words) -> bool:
    """Tell whether a phrase occurs word for word in a text; an empty one never does."""
    n = len(phrase)
    return n > 0 and any(text[i : i + n] == phrase for i in range(len(text) - n + 1))


@dataclass(frozen=True)
class Evidence:
    """One item's evidence.

    Parameters
    ----------
    item
        The item.
    schema
        Its catalogue's schema.
    allowed
        The person's own words and the titles that they named.
    """

    item: Item
    schema: Schema
    allowed: Collection[str] = ()

    def values(self, facet: str) -> Words:
        """Return the item's values of a facet as the catalogue spells them; () for numbers."""
        fact = self.item.facts.get(facet)
        if isinstance(fact, str):
            return (fact,)
        return fact if isinstance(fact, tuple) else ()

    def number(self, facet: str) -> float | None:
        """Return the item's number of a facet."""
        fact = self.item.facts.get(facet)
        return float(fact) if isinstance(fact, int | float) else None

    def facets(self, *kinds: str) -> tuple[Facet, ...]:
        """Return the schema's facets of these kinds."""
        return tuple(f for f in self.schema.facets if f.kind in kinds)

    def without_names(self, sentence: str, fill: str) -> str:
        """Return a sentence with names masked that may stand in it as they are.

        The item's title and people, and the titles that the person named: what looks like a
        number or a value inside them ("10 Cloverfield Lane", "Cuba Gooding Jr.") is none; and the
        adjectives of its countries. With a `fill` of one character the length stays.
        """
        titles = (words for words in self.allowed if words != words.lower())
        spellings = {self.item.title, *self.people, *titles}
        for name in sorted(spellings, key=len, reverse=True):
            if any(c.isalpha() for c in name):
                end = name[len(name.rstrip("!?.…")) :]
                mask = fill * len(name) if len(fill) == 1 else fill + end
                sentence = sentence.replace(name, mask)
        return self.without_origins(sentence, fill[0])

    def without_origins(self, sentence: str, fill: str) -> str:
        """Return a sentence of the same length with adjectives of the item's countries masked.

        "A French film" is one from France; "in French" speaks of its language.
        """
        own = {DEMONYMS[v] for f in self.facets("category") for v in self.values(f.name)
               if v in DEMONYMS}  # fmt: skip
        for word in own:
            pattern = rf"(?<!\w)(?<!\bin ){re.escape(word)}(?![\w-])"
            sentence = re.sub(pattern, fill * len(word), sentence)
        return sentence

    @cached_property
    def people(self) -> dict[str, tuple[str, ...]]:
        """The item's people: name → the facets that hold it."""
        found: dict[str, tuple[str, ...]] = {}
        for facet in self.facets("people"):
            for name in self.values(facet.name):
                found[name] = (*found.get(name, ()), facet.name)
        return found

    @cached_property
    def _own(self) -> tuple[str, ...]:
        """All that the item itself says, in pieces."""
        tags = (v for f in self.facets("tags") for v in self.values(f.name))
        return (self.item.title, self.item.text, *tags)

    @cached_property
    def own_text(self) -> str:
        """The title, the text and the themes, folded."""
        return fold("\n".join(self._own))

    @cached_property
    def own_words(self) -> tuple[Words, ...]:
        """The words of the title, the text and each theme."""
        return tuple(words_of(piece) for piece in self._own)

    @cached_property
    def own_stems(self) -> tuple[Words, ...]:
        """The same without plurals."""
        return tuple(words_of(piece, stems=True) for piece in self._own)

    @cached_property
    def own_numbers(self) -> frozenset[float]:
        """Numbers that the title, the text or a theme holds."""
        return frozenset(value for piece in self._own for _, _, value in numerals(piece))

    @cached_property
    def allowed_numbers(self) -> frozenset[float]:
        """Numbers in the person's own words."""
        return frozenset(value for piece in self.allowed for _, _, value in numerals(piece))

    @cached_property
    def _names(self) -> tuple[Words, ...]:
        """Everything whose words may be written with a capital."""
        return (*self.own_words, *(words_of(name) for name in self._spellings()))

    def _spellings(self) -> Iterator[str]:
        yield from self.allowed
        yield from self.people
        for facet in self.facets("category"):
            held = self.values(facet.name)
            yield from held
            for key, ways in facet.synonyms.items():
                if any(part.strip() in held for part in key.replace("|", "+").split("+")):
                    yield from ways
        for facet in self.schema.facets:
            yield from (facet.name.replace("_", " "), facet.unit, facet.description)
            yield _LARGER.get(facet.unit, "")
        yield from (self.schema.item, self.schema.items)

    def names(self, phrase: Words) -> bool:
        """Tell whether a name occurs anywhere in the evidence."""
        return any(holds(source, phrase) for source in self._names) or self._is_person(phrase)

    def _is_person(self, phrase: Words) -> bool:
        """Tell whether first and last name of one of the item's people are meant."""
        if len(phrase) < 2:
            return False
        known = (words_of(name) for name in self.people)
        return any(n[:1] == phrase[:1] and n[-1:] == phrase[-1:] for n in known)

    def says(self, phrase: Words) -> bool:
        """Tell whether the item's own words hold a phrase, plurals aside."""
        return any(holds(source, phrase) for source in self.own_stems)

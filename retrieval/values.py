"""Words → a catalogue's values: mentions in a message, and links of single spans.

`ValueIndex` puts the parts together: the gazetteer (exact look-ups), people, titles and meaning.
Knows nothing of dialogue: whether "Korean" is a country or a language is the caller's to choose.
"""

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import replace

from retrieval.constraints import values_of
from retrieval.gazetteer import Gazetteer, Mention
from retrieval.linking import FacetLinker, Link
from retrieval.meaning import WordVectors
from retrieval.ordinary import ordinary_words
from retrieval.people import PeopleLinker
from retrieval.title_keys import MemoryTitles, Titles
from retrieval.titles import TitleLinker
from retrieval.types import Item, Schema
from retrieval.vocabulary import EVERYDAY, THEMES, synonyms_of
from retrieval.words import stem

__all__ = ["Link", "Mention", "ValueIndex", "count_values", "ranges"]

Counts = Mapping[str, Counter[str]]


def value_counts(schema: Schema, items: Sequence[Item]) -> dict[str, Counter[str]]:
    """Return, for each facet that is no number, how many items hold each value."""
    out: dict[str, Counter[str]] = {f.name: Counter() for f in schema.facets if f.kind != "number"}
    for item in items:
        for name, counts in out.items():
            counts.update(values_of(item.facts.get(name)))
    return out


def count_values(schema: Schema, items: Sequence[Item]) -> dict[str, tuple[str, ...]]:
    """Return each category facet's values, most frequent first, ties by name."""
    return ordered(schema, value_counts(schema, items))


def ordered(schema: Schema, counts: Counts) -> dict[str, tuple[str, ...]]:
    """Return each category facet's counted values, most frequent first, ties by name."""
    return {
        f.name: tuple(sorted(counts[f.name], key=lambda v, c=counts[f.name]: (-c[v], v)))  # type: ignore[misc]
        for f in schema.facets
        if f.kind == "category"
    }


def ranges(schema: Schema, items: Sequence[Item]) -> dict[str, tuple[float, float]]:
    """Return the smallest and the largest fact of each number facet that has any."""
    found = {}
    for facet in schema.facets:
        facts = [item.facts.get(facet.name) for item in items] if facet.kind == "number" else []
        numbers = [float(f) for f in facts if isinstance(f, int | float)]
        if numbers:
            found[facet.name] = (min(numbers), max(numbers))
    return found


def with_everyday_words(
    schema: Schema, counts: Counts, titles: TitleLinker | None = None
) -> Schema:
    """Return the schema with what people call its worded values anywhere: "my dog" for pets.

    A word of titles means those items and no value: of a list of jobs a nurse is a nurse and not
    all of health care. Places are known in their people's words, too.
    Genres, countries and languages have words of their own; themes of works are left alone, as a
    film about a dog is about no other pet.
    """
    works = any(f.kind == "people" for f in schema.facets)
    kinds = ("category",) if works else ("category", "tags")
    facets = []
    for facet in schema.facets:
        if facet.kind in kinds and facet.name not in THEMES:
            held = tuple(counts[facet.name])
            known = synonyms_of(EVERYDAY, held)
            stems = {stem(way) for ways in known.values() for way in ways}
            titled = titles.known(stems) if titles is not None else frozenset()
            apart = {
                v: tuple(w for w in ways if stem(w) not in titled) for v, ways in known.items()
            }
            words = [facet.synonyms, apart]
            if not works:
                words.append(synonyms_of("products", held))
            countries = synonyms_of("countries", held)
            if len(countries) > 1 and facet.kind == "category":
                words.append(countries)
            merged = {
                value: tuple(dict.fromkeys(way for known in words for way in known.get(value, ())))
                for value in dict.fromkeys(value for known in words for value in known)
            }
            facet = replace(facet, synonyms=merged)
        facets.append(facet)
    return replace(schema, facets=tuple(facets))


class ValueIndex:
    """What a catalogue's items are called and what they can be.

    Parameters
    ----------
    schema
        The schema with its category values filled in.
    items
        All items; none where the next three are given.
    vectors
        For linking by meaning.
    counts, common, titles
        What `value_counts`, `ordinary_words` and `MemoryTitles` make of the items.
    """

    def __init__(
        self,
        schema: Schema,
        items: Sequence[Item],
        vectors: WordVectors,
        *,
        counts: Counts | None = None,
        common: Container[str] | None = None,
        titles: Titles | None = None,
    ) -> None:
        counts = value_counts(schema, items) if counts is None else counts
        people = {f.name: counts[f.name] for f in schema.facets if f.kind == "people"}
        common = ordinary_words(items) if common is None else common
        titles = MemoryTitles(items) if titles is None else titles
        self._titles = TitleLinker(titles, common, products=not people)
        schema = with_everyday_words(schema, counts, None if people else self._titles)
        nouns = (schema.item, schema.items)
        self._facets = {
            f.name: FacetLinker(f, counts[f.name], nouns, vectors)
            for f in schema.facets
            if f.kind in ("category", "tags")
        }
        self._people = PeopleLinker(people, common)
        self._gazetteer = Gazetteer(schema, counts, titles, self._people, common)

    def prepare(self) -> None:
        """Make the vectors of all category values now; else a facet's first use makes them."""
        for linker in self._facets.values():
            linker.prepare()

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return what the text names, exactly but for case, accents, punctuation and plural.

        Category values, their synonyms and tags; people's full names, surnames of four or more
        letters (the most frequent bearer) and first names that only one person bears; titles. A
        title or surname that is an ordinary word counts only if it is capitalised or quoted.
        Ordered by place, the longer first; mentions of the same facet do not overlap, but a
        synonym that stands for two values gives two mentions of the same place. Cost: hash
        look-ups only, independent of the catalogue's size.
        """
        return self._gazetteer.mentions(text)

    def link(self, facet: str, text: str) -> Link | None:
        """Return the catalogue's values that a span names, or None if none comes close.

        Exact, then synonym, plural, part of a value, typo (rapidfuzz ratio of at least 85), then,
        for category facets, meaning. A people facet gives the person; a number facet None.
        """
        if facet in self._facets:
            return self._facets[facet].link(text)
        person = self._people.link(text, facet, only=True)
        return Link((person[0][1],), person[1]) if person else None

    def link_person(self, text: str, facet: str | None = None) -> tuple[str, str] | None:
        """Return (facet, canonical name) of the person that a span names, or None.

        Full name, then surname or first name, then typos; among namesakes the most frequent.
        Someone who does not occur in the wished facet is looked for in the other people facets.
        """
        person = self._people.link(text, facet)
        return person[0] if person else None

    def link_title(self, text: str) -> tuple[str, ...]:
        """Return the ids of the items that a span may name, best first; () if none is close.

        The whole title (of several with the same, the newest first), then titles that hold all
        of its words (works by year, products newest first), then typos.
        """
        return self._titles.link(text)

    def respelled(self, word: str) -> str:
        """Return the word of titles that a word is but for a typo: kadai → kadhai; else itself."""
        return self._titles.respelled(word)

    def things(self, stems: Collection[str], at_least: int = 1) -> frozenset[str]:
        """Return which stems so many products' titles are about: "nurse", of nurses' jobs."""
        return self._titles.heads(stems, at_least)

    def link_series(self, text: str) -> tuple[str, ...]:
        """Return the ids of the items whose titles are a span or begin with it, by year."""
        return self._titles.series(text)

"""Names of people: whole names, surnames, first names and typos → one person of the catalogue.

Knows nothing of who a person is beyond the facets that name them and how often.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from retrieval.words import join_initials, tokens

FUZZY = 85.0  # least rapidfuzz ratio, 0 to 100
_SHORTEST_SURNAME = 4
_SHORTEST_FIRST = 5
_SHORTEST_FUZZY = 5
_TIES = 20
Person = tuple[str, str]  # facet, name
Words = tuple[str, ...]
Table = dict[Words, list[Person]]


class PeopleLinker:
    """All people of a catalogue by facet.

    Parameters
    ----------
    counts
        Facet → name → number of items that name them.
    common
        Words that occur in ordinary text; a surname among them ("Young") counts less.
    """

    def __init__(self, counts: Mapping[str, Counter[str]], common: Container[str]) -> None:
        self._common = common
        self._count = {(f, n): c for f, names in counts.items() for n, c in names.items()}
        self._full: Table = defaultdict(list)
        self._surname: Table = defaultdict(list)
        self._first: Table = defaultdict(list)
        for person in sorted(self._count, key=lambda p: (-self._count[p], p)):
            self._add(person)
        self._full_texts = [" ".join(words) for words in self._full]
        self._surname_texts = [" ".join(words) for words in self._surname]

    def _add(self, person: Person) -> None:
        # A hyphenated name is one part: "Joon-ho" has no surname "ho".
        parts = [tuple(t.name for t in tokens(part)) for part in person[1].split()]
        parts = [part for part in parts if part]
        words = tuple(word for part in parts for word in part)
        if not words:
            return
        for form in {words, join_initials(words)}:
            self._full[form].append(person)
        for start in range(1, len(parts)):
            self._surname[tuple(w for part in parts[start:] for w in part)].append(person)
        if len(parts) > 1:
            self._first[parts[0]].append(person)

    def forms(self) -> Iterator[Words]:
        """Yield every sequence of words that may name someone."""
        for table in (self._full, self._surname, self._first):
            yield from table

    def named(self, words: Words, written_as_name: bool) -> Iterator[tuple[str, tuple[str]]]:
        """Yield (facet, (name,)) for whom these words name in running text.

        A whole name counts always; a surname of four or more letters, or a first name of five or
        more that only one person bears, if it is no ordinary word or is written as a name.
        """
        people: Sequence[Person] = self._full.get(words, ())
        ordinary = len(words) == 1 and words[0] in self._common
        if ordinary and not written_as_name:
            return
        length = sum(map(len, words))
        if not people and length >= _SHORTEST_SURNAME:
            people = self._surname.get(words, ())
        if not people and length >= _SHORTEST_FIRST and not ordinary:
            bearers = self._first.get(words, ())
            people = bearers if len({name for _, name in bearers}) == 1 else ()
        for facet in dict.fromkeys(facet for facet, _ in people):
            yield facet, (next(name for f, name in people if f == facet),)

    def link(
        self, text: str, facet: str | None = None, only: bool = False
    ) -> tuple[Person, float] | None:
        """Return the person that a span names and a score of 0 to 100, or None.

        What is spelled right goes before typos, and within each the given facet before the
        others; `only` keeps to it.
        """
        words = tuple(t.name for t in tokens(text))
        if not words:
            return None
        for offers in (self._spelled, self._misspelled):
            for any_facet in (True,) if facet is None else (False,) if only else (False, True):
                for people, score in offers(words):
                    chosen = [p for p in people if any_facet or p[0] == facet]
                    if chosen:
                        return min(chosen, key=lambda p: (-self._count[p], p)), score
        return None

    def _spelled(self, words: Words) -> Iterator[tuple[Sequence[Person], float]]:
        """Yield people with their scores, the surest kind of match first."""
        turned = ((*words[1:], words[0]), (words[-1], *words[:-1])) if len(words) > 1 else ()
        for form in dict.fromkeys((words, join_initials(words), *turned)):
            yield self._full.get(form, ()), 100.0
        if sum(map(len, words)) >= 3:
            yield self._surname.get(words, ()), 95.0
            yield self._first.get(words, ()), 90.0

    def _misspelled(self, words: Words) -> Iterator[tuple[Sequence[Person], float]]:
        key = " ".join(words)
        if len(key) < _SHORTEST_FUZZY:
            return
        tables = ((self._full, self._full_texts), (self._surname, self._surname_texts))
        for table, texts in tables:
            close = process.extract(key, texts, scorer=fuzz.ratio, score_cutoff=FUZZY, limit=_TIES)
            top = close[0][1] if close else 0.0
            best = [p for name, s, _ in close if s == top for p in table[tuple(name.split())]]
            yield best, float(top)

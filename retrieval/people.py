"""Names of people: whole names, surnames, first names and typos → one person of the catalogue.

Knows nothing of who a person is beyond the facets that name them and how often.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from retrieval.words import join_initials, tokens

FUZZY = 85.0  # least rapidfuzz ratio, 0 to 100
_SHORTEST_SURNAME = 4
_SHORTEST_FUZZY = 5
_TIES = 20
Person = tuple[str, str]  # facet, name
Words = tuple[str, ...]


class PeopleLinker:
    """All people of a catalogue by facet.

    Parameters
    ----------
    counts
        Facet → name → number of items that name them.
    """

    def __init__(self, counts: Mapping[str, Counter[str]]) -> None:
        self._count = {(f, n): c for f, names in counts.items() for n, c in names.items()}
        self._full: dict[Words, list[Person]] = defaultdict(list)
        self._surname: dict[Words, list[Person]] = defaultdict(list)
        self._first: dict[Words, list[Person]] = defaultdict(list)
        for person in sorted(self._count, key=lambda p: (-self._count[p], p)):
            self._add(person)
        self._full_texts = [" ".join(words) for words in self._full]
        self._surname_texts = [" ".join(words) for words in self._surname]

    def _add(self, person: Person) -> None:
        words = tuple(t.name for t in tokens(person[1]))
        if not words:
            return
        for form in {words, join_initials(words)}:
            self._full[form].append(person)
            for start in range(1, len(form)):
                self._surname[form[start:]].append(person)
        if len(words) > 1:
            self._first[words[:1]].append(person)

    def named(self, words: Words, capitalised: bool) -> Iterator[tuple[str, tuple[str]]]:
        """Yield (facet, (name,)) for whom these words name: a whole name or a surname.

        A surname counts if it has four letters and the text writes it like a name, or writes
        everything small.
        """
        people = self._full.get(words, ())
        if not people and capitalised and sum(map(len, words)) >= _SHORTEST_SURNAME:
            people = self._surname.get(words, ())
        for facet in dict.fromkeys(facet for facet, _ in people):
            yield facet, (next(name for f, name in people if f == facet),)

    def link(
        self, text: str, facet: str | None = None, only: bool = False
    ) -> tuple[Person, float] | None:
        """Return the person that a span names and a score of 0 to 100, or None.

        `only` keeps to the given facet; otherwise others are looked at where it has no one.
        """
        words = tuple(t.name for t in tokens(text))
        if not words:
            return None
        for people, score in self._offers(words):
            wished = [p for p in people if facet is None or p[0] == facet]
            chosen = wished or ([] if only else list(people))
            if chosen:
                return max(chosen, key=lambda p: (self._count[p], p)), score
        return None

    def _offers(self, words: Words) -> Iterator[tuple[Sequence[Person], float]]:
        """Yield people with their scores, the surest kind of match first."""
        for form in dict.fromkeys((words, join_initials(words))):
            yield self._full.get(form, ()), 100.0
        if sum(map(len, words)) >= 3:
            yield self._surname.get(words, ()), 95.0
        if len(words[0]) >= _SHORTEST_SURNAME:
            yield self._first.get(words, ()), 90.0
        key = " ".join(words)
        if len(key) < _SHORTEST_FUZZY:
            return
        tables = ((self._full, self._full_texts), (self._surname, self._surname_texts))
        for table, texts in tables:
            close = process.extract(key, texts, scorer=fuzz.ratio, score_cutoff=FUZZY, limit=_TIES)
            top = close[0][1] if close else 0.0
            best = [p for name, s, _ in close if s == top for p in table[tuple(name.split())]]
            yield best, float(top)
        turned = tuple(reversed(words))
        if len(words) == 2:
            yield self._full.get(turned, ()), 90.0

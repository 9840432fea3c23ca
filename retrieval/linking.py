"""One span → the values of one facet: exact, synonym, part, typo, meaning.

Knows nothing of people and titles, which have rules of their own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from retrieval.facts import yes_of
from retrieval.meaning import MeaningTable, WordVectors
from retrieval.types import Facet
from retrieval.words import STOPWORDS, fold, plain_key, squashed, stem_key

FUZZY = 85.0  # least rapidfuzz ratio, 0 to 100
# Least cosine at which a span means a value or one of its synonyms: of 85 hand-made pairs of span
# and value (or none) over genres, countries, languages, kinds and systems, .60 links 30 of 49
# rightly and 4 of 36 wrongly; .50 links 36 and 15.
MEANING = 0.6
_MOST_BY_MEANING = 1000  # a facet of more values is no closed list
_SHORTEST_FUZZY = 4
_LONG = 7  # letters from which on the first may be the wrong one
_SHORTEST_MEANT = 3
_NOUNS = ("movie", "film", "flick", "picture", "one", "thing", "stuff", "item", "product", "kind")


@dataclass(frozen=True)
class Link:
    """The values that a span names.

    Parameters
    ----------
    values
        The values, as the catalogue spells them.
    score
        How close, 0 to 100; 100 for a value or a synonym.
    all
        Whether all of the values must hold ("romcom"), else any of them ("Scandinavian").
    """

    values: tuple[str, ...]
    score: float
    all: bool = False


def by_stem(values: Iterable[str]) -> dict[str, str]:
    """Return stem key → value; of values with the same key the first stands."""
    out: dict[str, str] = {}
    for value in values:
        out.setdefault(stem_key(value), value)
    return out


def synonym_targets(expression: str, known: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """Return the values of a synonym's key that are known, and whether all of them must hold.

    `known` is what `by_stem` gives. The key is a value, or values joined by `+` (all) or `|`
    (any); a `+` key of which a value is unknown gives no value at all.
    """
    mark = "+" if "+" in expression else "|"
    parts = [known.get(stem_key(part)) for part in expression.split(mark)]
    here = tuple(part for part in parts if part is not None)
    if mark == "+":
        return (here, True) if len(here) == len(parts) else ((), False)
    return here, False


class FacetLinker:
    """The values of one category or tags facet, by every key that may name them."""

    def __init__(
        self,
        facet: Facet,
        counts: Counter[str],
        nouns: Sequence[str],
        vectors: WordVectors,
    ) -> None:
        self._nouns = frozenset((*_NOUNS, *(stem_key(noun) for noun in nouns)))
        self._values = sorted(counts, key=lambda v: (-counts[v], v))
        self._exact = {fold(value): Link((value,), 100.0) for value in self._values}
        self._links: dict[str, Link] = {}
        known = by_stem(self._values)
        for expression, ways in facet.synonyms.items():
            targets, together = synonym_targets(expression, known)
            if targets:
                for way in ways:
                    self._links.setdefault(stem_key(way), Link(targets, 100.0, together))
        self._holding: dict[str, set[str]] = defaultdict(set)
        for key, value in known.items():
            self._links[key] = Link((value,), 100.0)
            for word in key.split():
                self._holding[word].add(key)
        for key in list(self._links):
            self._links.setdefault(squashed(key), self._links[key])
        yes = yes_of(self._values)
        if yes:  # "waterproof" in a column of that name is its yes
            words = stem_key(facet.name.replace("_", " "))
            for key in (words, squashed(words), *words.split(), fold(facet.name)):
                self._links.setdefault(key, Link((yes,), 100.0))
        self._links.pop("", None)
        self._meaning: MeaningTable | None = None
        if facet.kind == "category" and 0 < len(self._values) <= _MOST_BY_MEANING and not yes:
            self._meaning = MeaningTable(_owners(facet, self._values), vectors)

    def prepare(self) -> None:
        """Make what linking by meaning needs, unless it is there."""
        if self._meaning is not None:
            self._meaning.prepare()

    def link(self, text: str) -> Link | None:
        """Return the values that a span names, or None."""
        exact = self._exact.get(fold(text.strip()))
        if exact is not None:
            return exact
        key = stem_key(text)
        bare = self._bare(key)
        for form in (key, bare, squashed(bare)):
            if form and form in self._links:
                return self._links[form]
        if not bare:
            return None
        return self._part(bare) or self._typo(bare) or self._meant(text)

    def _bare(self, key: str) -> str:
        """Return a key without function words and nouns that name any item ("scary movie")."""
        words = [w for w in key.split() if w not in STOPWORDS and w not in self._nouns]
        return " ".join(words)

    def _part(self, key: str) -> Link | None:
        """Return the longest value held by the span, or the one value that holds the span."""
        words = key.split()
        for size in range(len(words) - 1, 0, -1):
            for first in range(len(words) - size, -1, -1):
                link = self._links.get(" ".join(words[first : first + size]))
                if link is not None:
                    return Link(link.values, 88.0, link.all)
        if len(key) < _SHORTEST_FUZZY:
            return None
        wanted = f" {key} "
        holders = [k for k in self._holding.get(words[0], ()) if wanted in f" {k} "]
        return Link(self._links[holders[0]].values, 86.0) if len(holders) == 1 else None

    def _typo(self, key: str) -> Link | None:
        if len(key) < _SHORTEST_FUZZY:
            return None
        best = process.extractOne(key, self._links.keys(), scorer=fuzz.ratio, score_cutoff=FUZZY)
        if best is None or len(key) < _LONG and best[0][:1] != key[:1]:
            return None  # "frock" is no "Rock"
        link = self._links[best[0]]
        return Link(link.values, float(best[1]), link.all)

    def _meant(self, text: str) -> Link | None:
        if self._meaning is None or len(text) < _SHORTEST_MEANT:
            return None
        value, cosine = self._meaning.nearest(plain_key(text))
        return Link((value,), 100.0 * min(cosine, 1.0)) if cosine >= MEANING else None


def _owners(facet: Facet, values: Sequence[str]) -> dict[str, str]:
    """Return word → value for the values and for their synonyms; combined keys are left out."""
    owners = {value.casefold(): value for value in values}
    for value, ways in facet.synonyms.items():
        if value in values:
            for way in ways:
                owners.setdefault(way.casefold(), value)
    return owners

"""Whether what a script names exists: its facets, their values, people and titles.

An expectation that the catalogue can never meet, or that a typing error lets pass, is a mistake of
the script; titles to be left out may be made up. Themes are an open vocabulary and not looked up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.scripted.fields import reference
from bot.scripted.form import (
    Expect,
    FacetTest,
    FacetTests,
    Feedback,
    Items,
    Meant,
    Named,
    Said,
    Turn,
    Wanted,
)
from bot.scripted.item_checks import TITLE
from bot.scripted.mistakes import Mistake, one_of, use_instead, where
from bot.scripted.parsing import Written
from bot.scripted.stock import Stock, Stocks
from retrieval.types import Facet
from retrieval.words import plain_key

Place = tuple[str | int, ...]
_LOOKED_UP = ("category", "people")
_NUMBER_TESTS = ("between", "at_most", "at_least", "less_than", "more_than")
_WORD_TESTS = ("has", "has_any", "has_not")


def unknown_names(written: Written, stock: Stock) -> tuple[Mistake, ...]:
    """Return what a script names and a catalogue does not have, in the script's order."""
    return tuple(_Vetting(written, stock).script())


def all_unknown_names(
    scripts: Iterable[Written], stocks: Stocks, catalog: str
) -> tuple[Mistake, ...]:
    """Return the same of many scripts; `catalog` is that of scripts that name none.

    Scripts whose catalogue is not at hand are passed over.
    """
    found: list[Mistake] = []
    for written in scripts:
        stock = stocks.get(written.script.catalog or catalog)
        found += unknown_names(written, stock) if stock else ()
    return tuple(found)


@dataclass(frozen=True)
class _Vetting:
    """One script held against one catalogue."""

    written: Written
    stock: Stock

    def script(self) -> Iterator[Mistake]:
        for n, step in enumerate(self.written.script.turns):
            if isinstance(step, Feedback):
                yield from self._feedback(step, ("turns", n, "feedback", "item"))
            elif isinstance(step, Turn):
                yield from self._expect(step.expect, ("turns", n, "expect"))

    def _mistake(self, place: Place, expected: str, got: str, remedy: str) -> Mistake:
        line = self.written.line(*place)
        return Mistake(self.written.file, line, expected, got, remedy, where(place))

    def _feedback(self, step: Feedback, place: Place) -> Iterator[Mistake]:
        item = step.feedback.item
        found = reference(item)
        if found is None:
            yield from self._titles((item,), place)
        elif found[2] is not None:
            remedy = f"write {item.partition('.')[0]}"
            yield self._mistake(place, "an item", f"its {found[2]}", remedy)

    def _expect(self, expect: Expect, place: Place) -> Iterator[Mistake]:
        if expect.items:
            yield from self._items(expect.items, (*place, "items"))
        if expect.understood:
            yield from self._meant(expect.understood, (*place, "understood"))
        if expect.reply:
            yield from self._said(expect.reply, (*place, "reply"))

    def _items(self, items: Items, place: Place) -> Iterator[Mistake]:
        for name in ("every", "some", "none", "max", "min", "first"):
            tests: FacetTests = getattr(items, name)
            for facet, test in tests.items():
                yield from self._test(facet, test, (*place, name, facet), name in ("max", "min"))
        if items.titles:
            yield from self._named(items.titles, (*place, "titles"))

    def _facet(self, name: str, place: Place) -> Iterator[Mistake]:
        names = [facet.name for facet in self.stock.schema.facets]
        if name not in (*names, TITLE):
            expected = f"a facet of {self.stock.schema.name}: {one_of(names)}"
            yield self._mistake(place, expected, repr(name), use_instead(name, names))

    def _test(self, name: str, test: FacetTest, place: Place, extreme: bool) -> Iterator[Mistake]:
        yield from self._facet(name, place)
        facet = self.stock.schema.facet(name)
        if facet is None:
            return
        given = {field.alias or n for n, field in FacetTest.model_fields.items()}
        given = {n for n in given if getattr(test, "is_" if n == "is" else n) is not None}
        number = facet.kind == "number"
        if extreme and not number:
            yield self._mistake(place, "a facet with numbers", name, "use every or some")
        unfit = [n for n in (_WORD_TESTS if number else _NUMBER_TESTS) if n in given]
        if isinstance(test.is_, float) != number and test.is_ is not None:
            unfit.append("is")
        if unfit:
            fit = (
                "is, between, at_most, at_least, less_than, more_than"
                if number
                else ("has, has_any, has_not, is with words")
            )
            got = f"{', '.join(unfit)} for the {facet.kind} facet {name}"
            yield self._mistake((*place, unfit[0]), f"one of {fit}", got, "use one of those")
            return
        for n in (*_WORD_TESTS, "is"):
            value = getattr(test, "is_" if n == "is" else n)
            if isinstance(value, tuple):
                yield from self._values(facet, value, (*place, n))

    def _values(self, facet: Facet, values: Iterable[object], place: Place) -> Iterator[Mistake]:
        if facet.kind not in _LOOKED_UP:
            return
        known = self.stock.known(facet)
        for value in map(str, values):
            if plain_key(value) not in known:
                spelled = list(facet.values or sorted(known.values()))
                expected = f"a value of {facet.name}: {one_of(spelled)}"
                remedy = use_instead(value, spelled, "use one that the catalogue holds")
                yield self._mistake(place, expected, repr(value), remedy)

    def _named(self, named: Named, place: Place) -> Iterator[Mistake]:
        # A title that is nowhere may well be excluded: one that a message tries to plug.
        yield from self._titles(named.include, (*place, "include"))

    def _titles(self, titles: Sequence[str], place: Place) -> Iterator[Mistake]:
        for title in titles:
            if not self.stock.ids(title):
                expected = f"a title of {self.stock.schema.name}"
                remedy = use_instead(title, self.stock.titles, "use one that the catalogue holds")
                yield self._mistake(place, expected, repr(title), remedy)

    def _meant(self, meant: Meant, place: Place) -> Iterator[Mistake]:
        if meant.constraints:
            held, at = meant.constraints, (*place, "constraints")
            for name, wanted in (("include", held.include), ("exclude", held.exclude)):
                for n, one in enumerate(wanted):
                    yield from self._constraint(one, (*at, name, n))
            for name, facets in (("facets", held.facets), ("without", held.without)):
                for n, facet in enumerate(facets):
                    yield from self._facet(facet, (*at, name, n))
        for name in ("likes", "dislikes", "seen"):
            named: Named | None = getattr(meant, name)
            if named:
                yield from self._named(named, (*place, name))

    def _constraint(self, wanted: Wanted, place: Place) -> Iterator[Mistake]:
        yield from self._facet(wanted.facet, place)
        facet = self.stock.schema.facet(wanted.facet)
        if facet is None:
            return
        words = isinstance(wanted.value, tuple) and wanted.op != "<>"
        if words == (facet.kind == "number"):
            expected = "a number" if facet.kind == "number" else "words"
            got = f"{wanted.op} {wanted.value}"
            yield self._mistake(place, f"{expected} for {facet.name}", got, "change the value")
        elif words and wanted.op not in ("=", "!="):
            expected = f"= or != for the {facet.kind} facet {facet.name}"
            yield self._mistake(place, expected, wanted.op, "use one of the two")
        elif words:
            yield from self._values(facet, wanted.value, place)

    def _said(self, said: Said, place: Place) -> Iterator[Mistake]:
        for name, words in (
            ("mentions", said.mentions),
            ("mentions_any", said.mentions_any),
            ("not", said.not_),
        ):
            for n, text in enumerate(words):
                found = reference(text)
                if found is None:
                    continue
                at = (*place, name, n)
                if found[2] is None:
                    remedy = f"write {text}.{TITLE}, for instance"
                    yield self._mistake(at, "a fact of the item", text, remedy)
                else:
                    yield from self._facet(found[2], at)

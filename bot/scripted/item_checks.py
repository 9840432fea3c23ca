"""What a script expects of the items of a reply.

Where no item came, every expectation on items fails but `none`, `none_of` and `exclude`.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.scripted.facet_tests import Before, failing, said
from bot.scripted.form import Count, FacetTest, FacetTests, Items, Named
from bot.scripted.moment import Failure, Moment
from bot.types import Recommendation
from retrieval.types import Fact
from retrieval.words import plain_key

TITLE = "title"
_BY = "; ".join


def item_failures(expected: Items, moment: Moment) -> Iterator[Failure]:
    """Yield what does not hold of a turn's items."""
    shown = moment.reply.items
    if expected.count:
        yield from _count(expected.count, len(shown))
    yield from _each(expected, moment)
    yield from _some(expected.some, moment)
    yield from _none(expected.none, moment)
    for name, tests in (("max", expected.max), ("min", expected.min)):
        for facet, test in tests.items():
            yield from _extreme(name, facet, test, moment)
    if expected.none_of:
        earlier = {item.id for showing in moment.before for item in showing.items}
        again = [item.title for item in shown if item.id in earlier]
        if again:
            yield Failure("items.none_of", "nothing shown before", ", ".join(again))
    if expected.titles:
        yield from _titles(expected.titles, shown)


def fact_of(item: Recommendation, facet: str) -> Fact:
    """Return a fact of an item; its title is one, too."""
    return item.title if facet == TITLE else item.facts.get(facet)


def before(moment: Moment, facet: str) -> Before:
    """Return the range of a facet over the items last shown before a turn."""
    numbers = _numbers(moment.shown, facet).values()
    return Before(min(numbers), max(numbers)) if numbers else Before()


def _numbers(items: Sequence[Recommendation], facet: str) -> Mapping[str, float]:
    """Return the known numbers of a facet by title."""
    facts = {item.title: fact_of(item, facet) for item in items}
    return {title: float(f) for title, f in facts.items() if isinstance(f, int | float)}


def _count(expected: Count, n: int) -> Iterator[Failure]:
    wanted = (
        (expected.is_, "exactly", n == expected.is_),
        (expected.min, "at least", n >= (expected.min or 0)),
        (expected.max, "at most", n <= (expected.max or 0)),
    )
    for k, words, holds in wanted:
        if k is not None and not holds:
            yield Failure("items.count", f"{words} {k} items", str(n))


def _misses(item: Recommendation, facet: str, test: FacetTest, moment: Moment) -> tuple[str, ...]:
    return failing(test, fact_of(item, facet), before(moment, facet))


def _none_came(place: str, tests: FacetTests, moment: Moment) -> Iterator[Failure]:
    if tests and not moment.reply.items:
        yield Failure(place, "items", "none")


def _each(expected: Items, moment: Moment) -> Iterator[Failure]:
    shown = moment.reply.items
    for name, tests, items in (
        ("every", expected.every, shown),
        ("first", expected.first, shown[:1]),
    ):
        yield from _none_came(f"items.{name}", tests, moment)
        for facet, test in tests.items():
            for item in items:
                missed = _misses(item, facet, test, moment)
                if missed:
                    got = f"{said(fact_of(item, facet))} ({item.title})"
                    yield Failure(f"items.{name}.{facet}", _BY(missed), got)


def _some(tests: FacetTests, moment: Moment) -> Iterator[Failure]:
    """Yield a failure where no item meets all of the tests at once."""
    yield from _none_came("items.some", tests, moment)
    missed = {
        item.title: [f"{f} {w}" for f, t in tests.items() for w in _misses(item, f, t, moment)]
        for item in moment.reply.items
    }
    if tests and missed and all(missed.values()):
        got = ", ".join(f"{title} (fails {_BY(words)})" for title, words in missed.items())
        yield Failure("items.some", "an item that meets all of it", got)


def _none(tests: FacetTests, moment: Moment) -> Iterator[Failure]:
    """Yield a failure for every item that meets any one of the tests."""
    for facet, test in tests.items():
        for item in moment.reply.items:
            if not _misses(item, facet, test, moment):
                got = f"{said(fact_of(item, facet))} ({item.title})"
                yield Failure(f"items.none.{facet}", "no such item", got)


def _extreme(name: str, facet: str, test: FacetTest, moment: Moment) -> Iterator[Failure]:
    """Yield a failure where the largest or smallest known value does not meet a test."""
    numbers = _numbers(moment.reply.items, facet)
    if not numbers:
        yield Failure(f"items.{name}.{facet}", f"items with a known {facet}", "none")
        return
    title = (max if name == "max" else min)(numbers, key=numbers.__getitem__)
    missed = failing(test, numbers[title], before(moment, facet))
    if missed:
        yield Failure(f"items.{name}.{facet}", _BY(missed), f"{numbers[title]:g} ({title})")


def _titles(expected: Named, shown: Sequence[Recommendation]) -> Iterator[Failure]:
    held = {key for item in shown for key in (plain_key(item.title), plain_key(item.id))}
    came = ", ".join(item.title for item in shown) or "no items"
    for title in expected.include:
        if plain_key(title) not in held:
            yield Failure("items.titles.include", title, came)
    for title in expected.exclude:
        if plain_key(title) in held:
            yield Failure("items.titles.exclude", f"anything but {title}", came)

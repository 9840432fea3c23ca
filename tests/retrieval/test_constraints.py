"""Constraints: the predicate by hand, and the mask over all items against the predicate."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.constraints import satisfies
from retrieval.errors import QueryError
from retrieval.fakes import TINY_SCHEMA, tiny_catalog
from retrieval.types import Constraint, Item, Query

ITEMS = tiny_catalog().items
WORDED = [f.name for f in TINY_SCHEMA.facets if f.kind != "number"]


def _values(facet):
    found = {"no such value"}
    for item in ITEMS:
        fact = item.facts[facet]
        found.update(fact if isinstance(fact, tuple) else [fact] if fact else [])
    return sorted(found)


worded = st.sampled_from(WORDED).flatmap(
    lambda facet: st.builds(
        Constraint,
        st.just(facet),
        st.sampled_from(["=", "!="]),
        st.lists(st.sampled_from(_values(facet)), min_size=1, max_size=3).map(tuple),
    )
)
numbers = st.one_of(st.integers(60, 180), st.integers(1960, 2020), st.floats(60, 180)).map(float)
numeric = st.one_of(
    st.builds(
        Constraint,
        st.sampled_from(["year", "runtime"]),
        st.sampled_from(["=", "!=", ">=", "<=", "~"]),
        numbers,
    ),
    st.builds(
        Constraint,
        st.sampled_from(["year", "runtime"]),
        st.just("<>"),
        st.tuples(numbers, numbers),
    ),
)
constraint = st.one_of(worded, numeric)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(constraint, min_size=1, max_size=4).map(tuple))
def test_the_mask_keeps_what_the_predicate_keeps(index, constraints):
    expected = {i.id for i in ITEMS if all(satisfies(i, c, TINY_SCHEMA) for c in constraints)}
    if expected:
        found = index.search(Query("", constraints))
        assert found.relaxed == ()
        assert {c.item.id for c in found.candidates} == expected
    else:
        assert index.search(Query("", constraints)).relaxed


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(constraint, max_size=3).map(tuple), st.sampled_from(["", "sea", "ghosts in space"]))
def test_every_candidate_satisfies_all_that_was_not_relaxed(index, constraints, text):
    found = index.search(Query(text, constraints))
    assert found.candidates
    kept = [c for c in constraints if c not in found.relaxed]
    for candidate in found.candidates:
        assert all(satisfies(candidate.item, c, TINY_SCHEMA) for c in kept)
    expected = {i.id for i in ITEMS if all(satisfies(i, c, TINY_SCHEMA) for c in kept)}
    ids = {c.item.id for c in found.candidates}
    numbers = any(c.facet in ("year", "runtime") and c.op != "!=" for c in found.relaxed)
    assert ids <= expected if numbers else ids == expected  # the nearest to a bound given up


def _film(**facts):
    return Item("x", "X", "", {f.name: facts.get(f.name) for f in TINY_SCHEMA.facets})


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("=", 100.0, True),
        ("!=", 100.0, False),
        (">=", 100.0, True),
        ("<=", 99.0, False),
        ("<>", (100.0, 100.0), True),
        ("<>", (120.0, 90.0), False),
        ("~", 110.0, True),
        ("~", 118.0, False),
        ("~", 91.0, True),
    ],
)
def test_numbers_compare_as_written(op, value, holds):
    film = _film(runtime=100)
    assert satisfies(film, Constraint("runtime", op, value), TINY_SCHEMA) is holds


@pytest.mark.parametrize(("year", "holds"), [(1997, True), (1996, False), (2003, True)])
def test_about_a_year_means_within_three_years(year, holds):
    assert satisfies(_film(year=year), Constraint("year", "~", 2000.0), TINY_SCHEMA) is holds


@pytest.mark.parametrize("value", [("comedy",), 100.0])
def test_a_missing_fact_satisfies_only_what_is_excluded(value):
    facet = "genres" if isinstance(value, tuple) else "runtime"
    for op in ("=", "!=") if isinstance(value, tuple) else ("=", "!=", ">=", "<=", "~"):
        assert satisfies(_film(), Constraint(facet, op, value), TINY_SCHEMA) is (op == "!=")


@pytest.mark.parametrize(
    "bad",
    [
        Constraint("colour", "=", ("red",)),
        Constraint("genres", ">=", ("comedy",)),
        Constraint("genres", "=", ()),
        Constraint("genres", "=", 3.0),
        Constraint("genres", "<>", (1.0, 2.0)),
        Constraint("year", "=", ("1999",)),
        Constraint("year", "<>", 1999.0),
        Constraint("year", ">=", (1.0, 2.0)),
    ],
)
def test_a_constraint_that_does_not_fit_the_schema_is_named(index, bad):
    with pytest.raises(QueryError, match="expected"):
        index.search(Query("", (bad,)))


def test_a_strict_bound_leaves_its_own_number_out():
    item = ITEMS[0]
    runtime = item.facts["runtime"]
    for op in (">=", "<="):
        assert satisfies(item, Constraint("runtime", op, runtime), TINY_SCHEMA)
        assert not satisfies(item, Constraint("runtime", op, runtime, strict=True), TINY_SCHEMA)
    assert satisfies(item, Constraint("runtime", ">=", runtime - 1, strict=True), TINY_SCHEMA)

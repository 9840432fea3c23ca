"""How many false claims of each kind the checker catches, and how many true ones it lets pass.

The claims are drawn by Hypothesis from both bundled catalogues, always the same ones. At least 99
of 100 false ones must be caught, and at least 98 of 100 true ones pass.
"""

import itertools
import random
from functools import lru_cache

import pytest
from claim_words import Claim, Shelf
from false_claims import FALSE_DEVICES, FALSE_FILMS, false_claims
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from true_claims import TRUE, true_claims

from bot.checking.checker import check, true_text
from bot.checking.cleaning import clean_text
from retrieval.catalog import bundled_path, load_catalog
from retrieval.embedding import HashEncoder
from retrieval.values import ValueIndex

_CAUGHT, _PASSED = 0.99, 0.98
_DRAWN = 100
drawn = settings(
    max_examples=_DRAWN,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
seeds = st.integers(0, 2**32 - 1)


@lru_cache(maxsize=2)
def shelf(name: str) -> tuple[Shelf, ValueIndex]:
    """Return a bundled catalogue with its names."""
    read = load_catalog(bundled_path(name))
    return Shelf(read.schema, read.items), ValueIndex(read.schema, read.items, HashEncoder())


def verdict(claim: Claim, name: str) -> tuple[object, ...]:
    """Return what the checker finds wrong with a claim."""
    on, names = shelf(name)
    return check(claim.text, claim.item, on.schema, claim.allowed, names.mentions(claim.text))


def tally(name: str, kind: str, make) -> list[tuple[Claim, tuple[object, ...]]]:
    """Return claims of a kind with their verdicts."""
    found = []

    @drawn
    @given(seeds)
    def draw(seed):
        claim = next(make(random.Random(f"{kind} {seed}"), shelf(name)[0], kind))
        found.append((claim, verdict(claim, name)))

    draw()
    return found


FALSE = [("movies", kind) for kind in FALSE_FILMS]
FALSE += [("electronics", kind) for kind in FALSE_DEVICES]
TRUTHS = [
    (name, kind)
    for name in ("movies", "electronics")
    for kind in (*TRUE, "the person's words")
    if (name, kind) != ("electronics", "theme")
]


@pytest.mark.parametrize(("name", "kind"), FALSE)
def test_false_claims_of_every_kind_are_caught(name, kind):
    found = tally(name, kind, false_claims)
    missed = [(claim.item.title, claim.text) for claim, wrong in found if not wrong]
    assert len(found) >= _DRAWN // 2
    assert len(missed) <= (1 - _CAUGHT) * len(found), missed


@pytest.mark.parametrize(("name", "kind"), TRUTHS)
def test_true_claims_of_every_kind_pass(name, kind):
    found = tally(name, kind, true_claims)
    turned_down = [(claim.item.title, claim.text, wrong) for claim, wrong in found if wrong]
    assert len(found) >= _DRAWN // 2
    assert len(turned_down) <= (1 - _PASSED) * len(found), turned_down


@pytest.mark.parametrize("name", ["movies", "electronics"])
def test_no_sentence_of_a_bundled_description_is_taken_for_a_contradiction(name):
    on, _ = shelf(name)
    items = list(itertools.islice(on.items, 0, None, 5))
    changed = [i.title for i in items if true_text(i, on.schema) != clean_text(i.text)]
    assert len(changed) <= (1 - _PASSED) * len(items), changed

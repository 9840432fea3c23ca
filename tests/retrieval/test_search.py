"""What comes back for a query: fusion, relaxing, similar, avoided and excluded items."""

import numpy as np

from retrieval.catalog import Catalog
from retrieval.embedding import HashEncoder
from retrieval.index import Index
from retrieval.types import Constraint, Facet, Item, Query, Schema

COMEDY = Constraint("genres", "=", ("comedy",))
HORROR = Constraint("genres", "=", ("horror",))
KOREA = Constraint("country", "=", ("South Korea",))
BEFORE_1980 = Constraint("year", "<=", 1979.0)
IMPOSSIBLE = Constraint("director", "=", ("Nobody",))


def _ids(found):
    return [c.item.id for c in found.candidates]


def test_the_item_whose_words_are_asked_for_comes_first(index):
    found = index.search(Query("thieves plan a robbery"))
    assert found.candidates[0].item.title == "The Long Heist"
    assert found.candidates[0].lexical == 1.0
    assert found.relaxed == ()


def test_dense_is_the_cosine_of_query_and_item(index):
    encoder = HashEncoder()
    query = encoder.encode(["ghosts by the sea"])[0]
    for candidate in index.search(Query("ghosts by the sea")).candidates:
        cosine = float(index.vectors([candidate.item.id])[0] @ query)
        assert np.isclose(candidate.dense, cosine, atol=1e-4)
        assert 0.0 <= candidate.lexical <= 1.0


def test_an_unknown_word_still_brings_candidates(index):
    found = index.search(Query("zzz"))
    assert len(found.candidates) == 12
    assert all(c.lexical == 0.0 for c in found.candidates)


def test_no_text_brings_everything_that_fits_in_a_fixed_order(index):
    found = index.search(Query("", (HORROR,)))
    assert sorted(_ids(found)) == ["film-11", "film-7", "film-8"]
    assert _ids(found) == _ids(index.search(Query("  ", (HORROR,))))
    assert all(c.dense == 0.0 and c.lexical == 0.0 for c in found.candidates)


def test_the_limit_is_kept(index):
    assert len(index.search(Query("space", limit=2)).candidates) == 2
    assert len(index.search(Query("", limit=2)).candidates) == 2


def test_excluded_items_never_come_back(index):
    shown = frozenset(_ids(index.search(Query("space", limit=3))))
    again = index.search(Query("space", exclude=shown, limit=3))
    assert len(again.candidates) == 3
    assert not shown & set(_ids(again))


def test_when_everything_is_excluded_nothing_comes_back(index):
    found = index.search(Query("space", exclude=frozenset(index.ids())))
    assert found.candidates == ()
    assert found.relaxed == ()


def test_an_excluded_id_that_is_unknown_does_no_harm(index):
    assert len(index.search(Query("space", exclude=frozenset({"gone"}))).candidates) == 12


def test_similar_items_draw_their_kind_and_stay_out_themselves(index):
    found = index.search(Query("", similar=("film-4",), limit=2))
    assert set(_ids(found)) == {"film-5", "film-6"}
    assert found.candidates[0].dense > 0.0


def test_an_unknown_similar_id_is_passed_over(index):
    assert len(index.search(Query("", similar=("gone",))).candidates) == 12


def test_what_is_to_be_avoided_is_dropped_by_tag_and_by_text(index):
    assert "film-8" not in _ids(index.search(Query("a broadcast", avoid=("violent",))))
    assert "film-1" not in _ids(index.search(Query("one last job", avoid=("robberies",))))
    assert "film-7" not in _ids(index.search(Query("", (HORROR,), avoid=("haunted houses",))))


def test_part_of_a_word_is_not_that_word(index):
    assert "film-4" in _ids(index.search(Query("space", avoid=("pac",))))


def test_if_all_are_to_be_avoided_they_are_offered_rather_than_nothing(index):
    ghosts = Constraint("keywords", "=", ("ghosts",))
    assert set(_ids(index.search(Query("", (ghosts,), avoid=("ghosts",))))) == {
        "film-8",
        "film-11",
    }


def test_what_comes_close_to_something_avoided_sinks(index):
    plain = _ids(index.search(Query("sea")))
    wary = _ids(index.search(Query("sea", avoid=("two neighbours fall in love with thieves",))))
    assert plain.index("film-2") < wary.index("film-2")


def test_the_last_constraint_is_given_up_first(index):
    found = index.search(Query("", (HORROR, BEFORE_1980, Constraint("year", ">=", 2000.0))))
    assert found.relaxed == (Constraint("year", ">=", 2000.0),)
    assert _ids(found) == ["film-7"]


def test_the_first_constraint_outlives_the_others(index):
    later = Constraint("year", ">=", 2020.0)
    found = index.search(Query("", (COMEDY, KOREA, later)))
    assert found.relaxed == (KOREA, later)
    assert all("comedy" in c.item.facts["genres"] for c in found.candidates)


def test_a_wish_that_is_not_in_the_way_survives_one_that_is(index):
    found = index.search(Query("", (COMEDY, KOREA, Constraint("runtime", "<=", 90.0))))
    assert found.relaxed == (KOREA,)
    assert _ids(found) == ["film-10"]


def test_an_impossible_wish_is_given_up_even_when_it_comes_first(index):
    found = index.search(Query("sea", (IMPOSSIBLE, COMEDY)))
    assert found.relaxed == (IMPOSSIBLE,)
    assert found.candidates


def test_only_impossible_wishes_leave_everything(index):
    found = index.search(Query("", (IMPOSSIBLE,)))
    assert found.relaxed == (IMPOSSIBLE,)
    assert len(found.candidates) == 12


def test_a_tag_is_given_up_before_a_later_fact(index):
    tag = Constraint("keywords", "=", ("space",))
    found = index.search(Query("", (tag, COMEDY)))
    assert found.relaxed == (tag,)


def test_wishes_are_relaxed_when_all_that_fits_was_shown(index):
    found = index.search(Query("", (COMEDY, KOREA), exclude=frozenset()))
    assert found.relaxed == (KOREA,)
    shown = frozenset(_ids(found))
    again = index.search(Query("", (COMEDY,), exclude=shown))
    assert again.relaxed == (COMEDY,)
    assert not shown & set(_ids(again))


def test_two_constraints_on_one_facet_must_both_hold(index):
    both = (COMEDY, Constraint("genres", "=", ("romance",)))
    assert set(_ids(index.search(Query("", both)))) == {"film-2", "film-3"}


def test_the_same_constraint_twice_counts_once(index):
    found = index.search(Query("", (IMPOSSIBLE, IMPOSSIBLE, COMEDY)))
    assert found.relaxed == (IMPOSSIBLE, IMPOSSIBLE)


def test_where_a_bound_is_given_up_what_comes_nearest_is_found(tmp_path):
    dear = tuple(
        Item(f"d{n}", f"Lamp {n}", "A lamp.", {"price": 100.0 + 50 * n}) for n in range(30)
    )
    catalog = Catalog(Schema("lamps", (Facet("price", "number", "USD"),)), dear)
    index = Index.open("lamps", tmp_path, HashEncoder(), catalog)
    found = index.search(Query("lamp", (Constraint("price", "<=", 90.0),)))
    index.close()
    assert [c.facet for c in found.relaxed] == ["price"]
    assert max(c.item.facts["price"] for c in found.candidates) == 450.0

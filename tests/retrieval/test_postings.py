"""Keys and the places that hold them, sorted outside memory."""

import random

import numpy as np
import pytest

from retrieval import postings
from retrieval.postings import (
    KeySet,
    Postings,
    Sorter,
    key_of,
    phrase_key,
    run_keys,
    trigram_keys,
    write,
    write_frequent,
)


@pytest.fixture(params=[10, 1 << 19], ids=["parked", "in memory"])
def held(request, monkeypatch):
    monkeypatch.setattr(postings, "_HELD", request.param)


def _filled(words_of_places):
    sorter = Sorter()
    for place, words in enumerate(words_of_places):
        counts = {w: words.count(w) for w in words}
        sorter.add(map(key_of, counts), place, counts.values())
    return sorter


def _some():
    chance = random.Random(3)
    return [[f"w{chance.randrange(40)}" for _ in range(chance.randrange(6))] for _ in range(200)]


def test_every_word_gives_its_places_in_order(held, tmp_path):
    some = _some()
    write(tmp_path / "some", _filled(some), lambda part: part.times.astype(np.float32))
    stored = Postings.read(tmp_path / "some")
    gathered = Postings.gathered(_filled(some))
    for word in [f"w{n}" for n in range(41)]:
        expected = [n for n, words in enumerate(some) if word in words]
        assert stored.places(key_of(word)).tolist() == expected
        assert gathered.places(key_of(word)).tolist() == expected
        times = [some[n].count(word) for n in expected]
        assert stored.weights(key_of(word)).tolist() == times


def test_what_is_frequent_is_counted_over_all_places(held, tmp_path):
    some = _some()
    write_frequent(tmp_path / "frequent", _filled(some), 12)
    frequent = KeySet.read(tmp_path / "frequent")
    for word in [f"w{n}" for n in range(41)]:
        assert (word in frequent) == (sum(words.count(word) for words in some) >= 12)


def test_nothing_is_found_where_nothing_was_written(tmp_path):
    write(tmp_path / "none", Sorter())
    stored = Postings.read(tmp_path / "none")
    assert not len(stored.places(key_of("a")))
    assert not stored.knows(np.array([1, 2], dtype=np.uint64)).any()


def test_the_key_of_a_run_is_that_of_the_phrase():
    words = ["the", "long", "way", "home"]
    runs = run_keys(words, 3)
    assert [len(keys) for keys in runs] == [4, 3, 2]
    assert int(runs[2][1]) == phrase_key(["long", "way", "home"])
    assert run_keys([], 3) == []


def test_trigrams_of_any_script_are_told_apart():
    shared = np.intersect1d(trigram_keys("naïve 東京都"), trigram_keys("a 東京都庁"))
    assert len(shared) == 2
    assert not len(trigram_keys("ab"))

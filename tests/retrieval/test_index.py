"""The index on disk: opening again, refreshing, changing, damage."""

import dataclasses
import errno
import multiprocessing
import os
import shutil
import signal

import numpy as np
import pytest

from retrieval.catalog import Catalog
from retrieval.embedding import HashEncoder
from retrieval.errors import IndexStoreError
from retrieval.fakes import tiny_catalog
from retrieval.index import Index
from retrieval.items import ItemStore, folder_of
from retrieval.types import Constraint, Item, Query
from retrieval.vectors import FOLDER, mark_of


class CountingEncoder(HashEncoder):
    """A hash encoder that notes what it was asked."""

    def __init__(self, dimension=256):
        super().__init__(dimension)
        self.asked = []

    def encode(self, texts):
        self.asked.extend(texts)
        return super().encode(texts)


def _changed(catalog, id_, **changes):
    items = tuple(dataclasses.replace(i, **changes) if i.id == id_ else i for i in catalog.items)
    return Catalog(catalog.schema, items)


def _open(home, catalog=None, encoder=None, **more):
    return Index.open("tiny", home, encoder or HashEncoder(), catalog, **more)


def test_an_index_reopens_without_its_source(tmp_path, catalog):
    first = _open(tmp_path, catalog)
    found = first.search(Query("sea"))
    first.close()
    again = _open(tmp_path)
    assert len(again) == 12
    assert again.schema == first.schema == catalog.schema
    assert again.get([i.id for i in catalog.items]) == catalog.items
    assert again.search(Query("sea")) == found
    again.close()


def test_reopening_with_the_same_source_embeds_no_item(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    encoder = CountingEncoder()
    _open(tmp_path, catalog, encoder).close()
    assert encoder.asked == []


def test_only_a_changed_text_is_embedded_again(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    encoder = CountingEncoder()
    changed = _changed(catalog, "film-4", text="A crew is lost on Mars.")
    opened = _open(tmp_path, changed, encoder)
    assert len([t for t in encoder.asked if "Mars" in t]) == 1 == len(encoder.asked)
    assert opened.search(Query("mars", limit=1)).candidates[0].item.id == "film-4"
    opened.close()


def test_a_changed_number_is_stored_without_embedding(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    encoder = CountingEncoder()
    facts = {**catalog.items[3].facts, "runtime": 61}
    opened = _open(tmp_path, _changed(catalog, "film-4", facts=facts), encoder)
    assert encoder.asked == []
    short = opened.search(Query("", (Constraint("runtime", "<=", 62.0),)))
    assert [c.item.id for c in short.candidates] == ["film-4"]
    opened.close()


def test_a_fact_that_went_away_is_no_longer_found(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    facts = {**catalog.items[6].facts, "genres": None}
    opened = _open(tmp_path, _changed(catalog, "film-7", facts=facts))
    found = opened.search(Query("", (Constraint("genres", "=", ("horror",)),)))
    assert {c.item.id for c in found.candidates} == {"film-8", "film-11"}
    opened.close()


def test_another_way_to_put_an_item_in_words_embeds_it_again(tmp_path, catalog, monkeypatch):
    _open(tmp_path, catalog).close()
    for module in ("items", "building", "staging", "keeping"):
        monkeypatch.setattr(f"retrieval.{module}.item_text", lambda item: f"zebra {item.id}")
    encoder = CountingEncoder()
    _open(tmp_path, catalog, encoder).close()
    assert len([text for text in encoder.asked if text.startswith("zebra")]) == 12


def test_items_gone_from_the_source_stay_unless_pruned(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    fewer = Catalog(catalog.schema, catalog.items[:10])
    kept = _open(tmp_path, fewer)
    assert len(kept) == 12
    kept.upsert([Item("mine", "Mine", "", {})])
    kept.close()
    pruned = _open(tmp_path, fewer, prune=True)
    assert len(pruned) == 11
    assert pruned.get(["film-12", "mine"])[0].id == "mine"
    pruned.close()


def test_another_encoder_embeds_everything_anew_and_loses_nothing(tmp_path, catalog):
    first = _open(tmp_path, catalog)
    first.upsert([Item("mine", "Mine", "A pit.", {})])
    first.close()
    other = _open(tmp_path, None, HashEncoder(64))
    assert len(other) == 13
    assert other.vectors(["mine"]).shape == (1, 64)
    assert other.search(Query("pit", limit=1)).candidates[0].item.id == "mine"
    other.close()
    assert [p.name for p in (tmp_path / "indexes").iterdir() if p.is_dir()] == ["tiny"]


def test_a_build_that_was_cut_off_goes_on_where_it_stopped(tmp_path, catalog):
    class Cut(Exception):
        pass

    class CutEncoder(HashEncoder):
        def encode(self, texts):
            if any("ghosts" in t for t in texts):
                raise Cut
            return super().encode(texts)

    _open(tmp_path, Catalog(catalog.schema, catalog.items[:6])).close()
    with pytest.raises(Cut):
        _open(tmp_path, catalog, CutEncoder())
    encoder = CountingEncoder()
    opened = _open(tmp_path, catalog, encoder)
    assert len(opened) == 12
    assert not any("Heist" in text for text in encoder.asked)
    opened.close()


def test_an_upserted_item_is_found_at_the_next_search_and_after_reopening(own_index, tmp_path):
    facts = {"genres": ("comedy",), "country": "Iceland", "year": 2024}
    own_index.upsert([Item("new", "Lava Bread", "Bakers on a volcano.", facts)])
    assert own_index.search(Query("volcano", limit=1)).candidates[0].item.id == "new"
    assert own_index.values.link_title("lava bread") == ("new",)
    assert own_index.values.link("country", "iceland").values == ("Iceland",)
    assert "Iceland" in own_index.schema.facet("country").values
    own_index.close()
    again = _open(tmp_path)
    assert again.get(["new"])[0].facts["year"] == 2024
    again.close()


def test_an_upsert_replaces_the_item_of_that_id(own_index):
    before = own_index.vectors(["film-1"]).copy()
    own_index.upsert([Item("film-1", "Quite Another", "Sheep.", {"year": 2000})])
    assert len(own_index) == 12
    assert own_index.get(["film-1"])[0].facts.get("genres") is None
    assert not np.allclose(own_index.vectors(["film-1"]), before)


def test_a_deleted_item_is_gone(own_index):
    own_index.delete(["film-1", "no such id"])
    assert len(own_index) == 11
    assert own_index.get(["film-1"]) == ()
    assert own_index.values.link_title("the long heist") == ()
    assert all(c.item.id != "film-1" for c in own_index.search(Query("heist")).candidates)


def test_everything_can_be_deleted(own_index):
    own_index.delete(own_index.ids())
    assert len(own_index) == 0
    assert own_index.search(Query("sea")).candidates == ()
    assert own_index.search(Query("", (Constraint("year", ">=", 1.0),))).candidates == ()


def test_items_come_in_the_order_asked_and_unknown_ones_are_left_out(index):
    assert [i.id for i in index.get(["film-3", "gone", "film-1"])] == ["film-3", "film-1"]


def test_vectors_come_in_the_order_asked(index):
    both = index.vectors(["film-3", "film-1", "film-3"])
    np.testing.assert_array_equal(both[0], both[2])
    np.testing.assert_allclose(np.linalg.norm(both, axis=1), 1.0, atol=1e-4)
    assert index.vectors([]).shape == (0, 256)
    with pytest.raises(KeyError):
        index.vectors(["gone"])


def test_quantiles_are_of_the_known_numbers(index):
    assert index.quantile("year", 0.0) == 1966.0
    assert index.quantile("year", 1.0) == 2019.0
    assert index.quantile("runtime", 0.5, ["film-7", "film-8", "film-12"]) == 93.5
    assert index.quantile("runtime", 0.5, ["film-12"]) is None
    assert index.quantile("genres", 0.5) is None
    assert index.quantile("nothing", 0.5) is None


@pytest.mark.parametrize("name", ["tiny", "Ein Größeres/Zeug", "..", "a b", "x" * 300, "🎬"])
def test_any_name_is_a_catalogue_of_its_own(tmp_path, name):
    folder = folder_of(tmp_path, name)
    assert folder.parent == tmp_path / "indexes"
    assert folder.name not in ("", ".", "..")
    assert folder_of(tmp_path, name + "2") != folder


@pytest.mark.parametrize("id_", ["a/b", "ü", "🎬", "x" * 500, "with space", "'\"; drop"])
def test_any_id_is_kept(own_index, id_):
    own_index.upsert([Item(id_, "Odd", "Odd.", {})])
    assert own_index.get([id_])[0].id == id_
    assert id_ in [c.item.id for c in own_index.search(Query("odd")).candidates]


def test_without_index_and_source_the_remedy_is_told(tmp_path):
    with pytest.raises(IndexStoreError, match="Index a catalogue"):
        _open(tmp_path)


def test_a_damaged_database_is_set_aside_and_built_again(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    folder = folder_of(tmp_path, "tiny")
    for file in folder.glob("items.sqlite*"):
        file.unlink()
    (folder / "items.sqlite").write_bytes(b"this is no database" * 1000)
    with pytest.raises(IndexStoreError, match="delete this folder"):
        _open(tmp_path)
    again = _open(tmp_path, catalog)
    assert len(again) == 12
    assert again.search(Query("sea")).candidates
    assert (tmp_path / "indexes" / "tiny.broken").is_dir()
    again.close()


def test_a_lost_database_is_built_again_without_embedding(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    for file in folder_of(tmp_path, "tiny").glob("items.sqlite*"):
        file.unlink()
    with pytest.raises(IndexStoreError, match="Index a catalogue"):
        _open(tmp_path)
    encoder = CountingEncoder()
    again = _open(tmp_path, catalog, encoder)
    assert len(again) == 12
    assert encoder.asked == []
    again.close()


@pytest.mark.parametrize("damage", ["gone", "cut", "zeros", "no database"])
def test_vectors_that_a_crash_cut_off_come_back_from_the_segments(tmp_path, catalog, damage):
    # Chroma writes vectors to files of their own after a thousand changes; damaged ones can
    # crash the process that reads them.
    more = tuple(Item(f"n{n}", f"Film {n}", "Text.", {}) for n in range(1100))
    large = Catalog(catalog.schema, catalog.items + more)
    _open(tmp_path, large, HashEncoder(16)).close()
    folder = folder_of(tmp_path, "tiny") / FOLDER
    assert not mark_of(folder).exists()
    mark_of(folder).touch()
    if damage == "no database":
        (folder / "chroma.sqlite3").write_bytes(b"nothing" * 100)
    else:
        path = next(folder.rglob("data_level0.bin"))
        whole = path.read_bytes()
        path.write_bytes(bytes(len(whole)) if damage == "zeros" else whole[: len(whole) // 3])
        if damage == "gone":
            path.unlink()
    encoder = CountingEncoder(16)
    changed = Catalog(large.schema, (*large.items[1:], Item("new", "New", "New text.", {})))
    again = _open(tmp_path, changed, encoder)
    assert encoder.asked == ["New. New text."]
    assert len(again) == 1113
    assert len(again.search(Query("film", limit=50)).candidates) == 50
    again.close()


@pytest.mark.parametrize("where", ["embedding", "switching"])
def test_a_process_that_is_killed_leaves_what_was_there_and_the_next_one_goes_on(
    tmp_path, catalog, where
):
    _open(tmp_path, catalog).close()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_killed, args=(tmp_path, where))
    process.start()
    process.join(300)
    assert process.exitcode == -signal.SIGKILL
    kept = _open(tmp_path)
    assert kept.ids() == tuple(i.id for i in catalog.items)
    assert kept.search(Query("sea")).candidates
    kept.close()
    encoder = CountingEncoder()
    again = _open(tmp_path, _larger(), encoder)
    assert len(again) == 512
    assert len(encoder.asked) == (244 if where == "embedding" else 0)
    again.close()
    assert len(list(folder_of(tmp_path, "tiny").glob("segment-*"))) == 1


def _larger():
    tiny = tiny_catalog()
    more = tuple(Item(f"n{n}", f"Film {n}", f"Text of number {n}.", {}) for n in range(500))
    return Catalog(tiny.schema, tiny.items + more)


class _Deadly(HashEncoder):
    """Kills its own process at the second batch."""

    def encode(self, texts):
        if len(texts) == 244:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)


def _killed(home, where):
    if where == "embedding":
        _open(home, _larger(), _Deadly())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ItemStore, "remove", lambda *_: None)
        patch.setattr(
            "retrieval.building.write_segment", lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        )
        _open(home, _larger())


def test_a_full_disk_is_named_and_the_index_left_alone(tmp_path, catalog, monkeypatch):
    _open(tmp_path, catalog).close()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("retrieval.building.write_segment", full)
    with pytest.raises(IndexStoreError, match="Free some space"):
        _open(tmp_path, _changed(catalog, "film-1", text="New."))
    monkeypatch.undo()
    again = _open(tmp_path)
    assert len(again) == 12
    assert again.get(["film-1"]) == catalog.items[:1]
    again.close()


def test_a_search_under_way_never_sees_half_a_catalogue(tmp_path, catalog):
    """What another process writes is there as a whole at the next search."""
    reading = _open(tmp_path, catalog)
    writing = _open(tmp_path)
    before = reading.get(["film-1"])
    state = reading._state
    writing.upsert([Item("film-1", "Other", "Zebra.", {}), Item("new", "New", "Zebra.", {})])
    assert reading.get(["film-1", "new"]) == before
    assert {c.item.id for c in reading.search(Query("zebra", limit=2)).candidates} == {
        "film-1",
        "new",
    }
    assert state.snapshot.store.get(["film-1"])["film-1"] == before[0]
    reading.close()
    writing.close()


def test_a_small_change_to_a_large_catalogue_writes_only_a_small_segment(tmp_path, monkeypatch):
    monkeypatch.setattr("retrieval.building._SMALL", 10)
    large = _larger()
    opened = _open(tmp_path, large)
    folder = folder_of(tmp_path, "tiny")
    main = next(folder.glob("segment-*")).name
    opened.upsert([Item("n7", "Film 7", "A zebra.", {"genres": ("comedy",), "year": 1990})])
    opened.upsert([Item("added", "Added", "A zebra, too.", {"genres": ("comedy",), "year": 1991})])
    opened.delete(["n8"])
    assert (folder / main).is_dir() and len(list(folder.glob("segment-*"))) == 2
    found = opened.search(Query("zebra", limit=5))
    assert {c.item.id for c in found.candidates if c.lexical > 0} == {"n7", "added"}
    comedies = opened.search(Query("", (Constraint("year", "<>", (1990.0, 1991.0)),)))
    assert {c.item.id for c in comedies.candidates} == {"n7", "added"}
    assert len(opened) == 512 and opened.get(["n8"]) == ()
    assert opened.vectors(["added", "n9"]).shape == (2, 256)
    state = opened.search(Query("text", limit=600))
    opened.close()
    again = _open(tmp_path)
    assert again.search(Query("text", limit=600)) == state
    again.close()


def test_a_home_that_cannot_be_written_is_named(tmp_path, catalog):
    (tmp_path / "indexes").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(IndexStoreError, match="writable"):
        _open(tmp_path, catalog)


def _open_elsewhere(home, queue):
    opened = Index.open("tiny", home, HashEncoder(), tiny_catalog())
    queue.put((len(opened), opened.search(Query("sea", limit=1)).candidates[0].item.title))
    opened.close()


def test_two_processes_may_open_one_home_at_the_same_time(tmp_path):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    processes = [context.Process(target=_open_elsewhere, args=(tmp_path, queue)) for _ in range(2)]
    for process in processes:
        process.start()
    answers = [queue.get(timeout=300) for _ in processes]
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert answers == [(12, "Harbour Lights")] * 2


def test_a_catalogue_without_facts_can_be_searched(tmp_path, catalog):
    bare = Catalog(dataclasses.replace(catalog.schema, facets=()), (Item("1", "One", "", {}),))
    opened = _open(tmp_path, bare)
    assert opened.search(Query("one")).candidates[0].item.id == "1"
    assert opened.values.mentions("is it One?")[0].value == "1"
    opened.close()


def test_popularity_becomes_the_prior_and_orders_what_nothing_else_orders(tmp_path, catalog):
    items = tuple(
        dataclasses.replace(i, facts={**i.facts, "votes": n}) for n, i in enumerate(catalog.items)
    )
    opened = _open(tmp_path, Catalog(catalog.schema, items))
    found = opened.search(Query(""))
    assert [c.item.id for c in found.candidates[:2]] == ["film-12", "film-11"]
    assert found.candidates[0].prior == 1.0
    opened.close()
    shutil.rmtree(tmp_path / "indexes")


def test_segments_of_another_version_are_written_anew_without_embedding(tmp_path, catalog):
    _open(tmp_path, catalog).close()
    store = ItemStore(folder_of(tmp_path, "tiny"))
    with store.transaction():
        store.note({"format": "0"})
    before = set(store.folder.glob("segment-*"))
    store.close()
    encoder = CountingEncoder()
    again = _open(tmp_path, encoder=encoder)
    assert not encoder.asked and len(again) == 12
    assert again.search(Query("sea")).candidates
    assert not before & set(folder_of(tmp_path, "tiny").glob("segment-*"))
    again.close()


def test_titles_are_known_from_the_moment_they_are_stored(own_index):
    own_index.upsert([Item("new", "The Unheard Of Title", "", {"year": 2020})])
    values = own_index.values
    assert values.link_title("unherd of title") == ("new",)
    assert [m.value for m in values.mentions("Like The Unheard Of Title?")] == ["new"]
    own_index.upsert([Item("new", "Another Name", "", {})])
    own_index.delete(["film-1"])
    assert own_index.values.link_title("Another Name") == ("new",)
    assert not own_index.values.link_title("The Unheard Of Title")
    assert not own_index.values.link_title("The Long Heist")


def test_of_very_many_values_the_most_frequent_can_be_named(tmp_path, catalog, monkeypatch):
    monkeypatch.setattr("retrieval.state._NAMED", 2)
    index = _open(tmp_path, catalog)
    counted = index.schema.facet("genres").values
    assert len(counted) == 2
    held = [i for i in catalog.items if counted[0] in i.facts["genres"]]
    assert len(held) > 1 and index.values.mentions(counted[0])
    index.close()

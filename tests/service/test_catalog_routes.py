"""Items that come and go over HTTP, and what the next turn makes of it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot import trial
from bot.running.warmup import Warmup
from bot.service.app import create

ITEM = {
    "id": "new/ü 🎬",
    "title": "Lava Bread",
    "text": "Bakers on a volcano.",
    "facts": {"genres": ["comedy", "western"], "year": 2024, "runtime": "1h 30m"},
}


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service of its own, as its catalogue changes."""
    bot = trial.build(tmp_path_factory.mktemp("home"))
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        yield client
    bot.close()


def _found(client: TestClient, text: str) -> list[str]:
    session = client.post("/api/sessions", json={}).json()["id"]
    reply = client.post(f"/api/sessions/{session}/messages", json={"text": text}).json()
    return [item["id"] for item in reply["items"]]


def test_an_upserted_item_is_recommended_at_the_next_turn_and_a_deleted_one_never(
    fresh: TestClient,
) -> None:
    assert ITEM["id"] not in _found(fresh, "a western")
    stored = fresh.post("/api/catalogs/films/items", json=ITEM)
    assert (stored.status_code, stored.json()) == (200, {"stored": 1, "items": 13})
    assert _found(fresh, "a western") == [ITEM["id"]]
    gone = fresh.delete(f"/api/catalogs/films/items/{ITEM['id']}")
    assert gone.status_code == 204
    assert ITEM["id"] not in _found(fresh, "a western")
    assert fresh.delete(f"/api/catalogs/films/items/{ITEM['id']}").status_code == 404


def test_an_upsert_replaces_and_numbers_are_read_as_in_files(fresh: TestClient) -> None:
    changed = {**ITEM, "id": "heat", "facts": {"runtime": "2 h", "genres": "western"}}
    assert fresh.post("/api/catalogs/films/items", json=[changed, ITEM]).json()["items"] == 13
    assert sorted(_found(fresh, "a western")) == ["heat", ITEM["id"]]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"id": "x", "title": "X", "facts": {"colour": "red"}}, "expected facts among genres"),
        ({"id": "x", "title": "X", "facts": {"year": "soon"}}, "year: expected a number"),
        ({"id": "", "title": "X"}, ""),
        ({"id": "x"}, ""),
        ([], ""),
        ({"id": "x", "title": "X", "price": 3}, ""),
    ],
)
def test_what_is_no_item_is_refused_whole(fresh: TestClient, body: object, says: str) -> None:
    answer = fresh.post("/api/catalogs/films/items", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    unknown = fresh.post("/api/catalogs/nothing/items", json=ITEM)
    assert unknown.status_code == 422 and "nothing" in unknown.json()["detail"]

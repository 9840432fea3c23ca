"""The index goes while the service runs: it says so, and goes on when the index is back."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot import trial
from bot.concierge import Concierge
from bot.running.pulse import Pulse
from bot.running.warmup import Warmup, dry_turn
from bot.service.app import create
from bot.shelves.catalogs import Catalogs
from retrieval.embedding import HashEncoder

FILM = {"id": "n", "title": "A new one", "text": "", "facts": {"genres": ["comedy"]}}


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Concierge]:
    """Give a bot that opens its index from the folder, as the real one does."""
    made = trial.build(tmp_path)
    catalogs = Catalogs(tmp_path, HashEncoder)
    parts = replace(made._parts, catalogs=catalogs, forget=catalogs.forget)
    yield Concierge(made.settings, parts)
    catalogs.close()
    made.close()


@pytest.fixture
def client(bot: Concierge) -> Iterator[TestClient]:
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        yield client


def folder(bot: Concierge) -> Path:
    return bot.settings.home / "indexes" / "films"


def say(client: TestClient, text: str = "a comedy") -> int:
    session = client.post("/api/sessions", json={}).json()["id"]
    return client.post(f"/api/sessions/{session}/messages", json={"text": text}).status_code


def test_turns_go_on_without_the_vectors_which_come_back(
    client: TestClient, bot: Concierge
) -> None:
    assert say(client) == 200
    shutil.rmtree(folder(bot) / "vectors")
    assert say(client) == 200
    assert client.post("/api/catalogs/films/items", json=FILM).status_code == 200
    assert say(client) == 200 and (folder(bot) / "vectors").is_dir()


def test_a_damaged_vector_store_is_built_again_when_items_come(
    client: TestClient, bot: Concierge
) -> None:
    assert say(client) == 200
    (folder(bot) / "vectors" / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    assert say(client) == 200
    assert client.post("/api/catalogs/films/items", json=FILM).status_code == 200
    assert "n" in bot.catalogs["films"].ids() and say(client) == 200


def test_a_lost_index_is_told_and_found_again_without_a_restart(
    client: TestClient, bot: Concierge, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say(client) == 200
    saved = shutil.copytree(folder(bot), bot.settings.home / "saved")
    shutil.rmtree(folder(bot))
    refused = client.post("/api/catalogs/films/items", json=FILM)
    assert refused.status_code == 503 and str(bot.settings.home) not in refused.text
    assert say(client) == 503
    monkeypatch.setattr(Pulse, "due", lambda self: False)
    ready = client.get("/ready")
    assert ready.status_code == 503 and ready.json()["failing"] == "catalogue"
    shutil.rmtree(folder(bot), ignore_errors=True)
    shutil.move(saved, folder(bot))
    dry_turn(bot)
    assert client.get("/ready").status_code == 200 and say(client) == 200

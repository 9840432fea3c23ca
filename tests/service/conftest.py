"""A service over a bot of fakes: twelve films, no weights."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot import trial
from bot.concierge import Concierge
from bot.service.app import create
from bot.warmup import Warmup


@pytest.fixture(scope="module")
def concierge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Concierge]:
    """Give a bot whose state lives for one test module."""
    bot = trial.build(tmp_path_factory.mktemp("home"))
    yield bot
    bot.close()


@pytest.fixture(scope="module")
def client(concierge: Concierge) -> Iterator[TestClient]:
    """Give a client of the service, which answers errors instead of raising them."""
    with TestClient(create(Warmup.done(concierge)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def session(client: TestClient) -> str:
    """Give the id of a fresh session."""
    return str(client.post("/api/sessions", json={}).json()["id"])

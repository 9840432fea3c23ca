"""A service over a bot of fakes whose desk talks to a stand-in of Chatwoot."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chatwoot_standin import StandIn, running
from fastapi.testclient import TestClient

from bot import trial
from bot.running.warmup import Warmup
from bot.service.app import create


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with running() as stand:
        yield stand


@pytest.fixture
def configured(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what an operator sets for Chatwoot and for events."""
    monkeypatch.setenv("CONCIERGE_CHATWOOT_URL", standin.url)
    monkeypatch.setenv("CONCIERGE_CHATWOOT_ACCOUNT", "3")
    monkeypatch.setenv("CONCIERGE_CHATWOOT_TOKEN", "bot-token")


@pytest.fixture
def client(configured: None, tmp_path: Path) -> Iterator[TestClient]:
    bot = trial.build(tmp_path)
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        yield client
    bot.close()

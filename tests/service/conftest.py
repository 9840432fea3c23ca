"""A service over a bot of fakes: twelve films, no weights."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from bot import trial
from bot.concierge import Concierge
from bot.running.keys import Keys
from bot.running.warmup import Warmup
from bot.service import server
from bot.service.app import create
from bot.service.door import Policy


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


@pytest.fixture
def guarded(concierge: Concierge, tmp_path: Path) -> Iterator[tuple[TestClient, Keys]]:
    """Give a client of a service that needs keys, and the keys."""
    keys = Keys(tmp_path)
    policy = Policy(keys, guarded=True, rate_key=100_000, rate_address=100_000)
    application = create(Warmup.done(concierge), policy=policy)
    with TestClient(application, raise_server_exceptions=False) as client:
        yield client, keys


@contextmanager
def _served(concierge: Concierge) -> Iterator[str]:
    listener = server.listen("127.0.0.1", 0)
    ready = threading.Event()
    application = create(Warmup.done(concierge), opened=ready.set)
    config = uvicorn.Config(application, log_level="error", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield server.address_of(listener)
    finally:
        running.should_exit = True
        thread.join(20)
        listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Concierge], str]]:
    """Give a function that serves a bot on a free port and returns the address."""
    with ExitStack() as stack:
        yield lambda bot: stack.enter_context(_served(bot))

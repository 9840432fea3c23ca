"""Getting ready: the port answers while parts load, and says which."""

import socket
import threading
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from bot.concierge import Concierge
from bot.errors import PortTaken
from bot.running.warmup import Stage, Warmup, dry_turn
from bot.service import server
from bot.service.app import create


def page(concierge: Concierge) -> FastAPI:
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    made.add_route("/", lambda request: PlainTextResponse("the page"))
    made.add_route("/gradio_api/upload", lambda request: PlainTextResponse("open"))
    return made


def test_while_loading_the_service_says_what_it_waits_for(concierge: Concierge) -> None:
    go = threading.Event()

    def slow(built: Concierge | None) -> Concierge:
        go.wait(10)
        return concierge

    moves: list[tuple[str, str]] = []
    warmup = Warmup([Stage("catalogue", slow)], lambda name, state: moves.append((name, state)))
    thread = threading.Thread(target=warmup.run)
    thread.start()
    try:
        with TestClient(create(warmup, page)) as client:
            assert client.get("/health").status_code == 200
            waiting = client.get("/ready")
            assert waiting.status_code == 503
            assert waiting.json()["stages"] == {"catalogue": "loading"}
            assert "catalogue" in waiting.json()["detail"]
            assert waiting.headers["retry-after"] == "1"
            refused = client.post("/api/sessions", json={})
            assert refused.status_code == 503 and refused.json()["title"] == "Not ready"
            first = client.get("/")
            assert first.status_code == 503 and "getting ready" in first.text
    finally:
        go.set()
        thread.join()
    assert moves == [("catalogue", "loading"), ("catalogue", "done")]


def test_the_page_opens_when_everything_is_loaded(concierge: Concierge) -> None:
    opened = threading.Event()
    with TestClient(create(Warmup.done(concierge), page, opened.set)) as client:
        assert opened.wait(10)
        assert client.get("/").text == "the page"


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "/gradio_api/info", "/docs", "/monitoring", "/assets/../config"]
)
def test_nothing_but_the_page_can_be_reached_behind_it(concierge: Concierge, path: str) -> None:
    opened = threading.Event()
    with TestClient(create(Warmup.done(concierge), page, opened.set)) as client:
        assert opened.wait(10)
        assert client.get(path).status_code == 404


def test_a_part_that_cannot_load_is_told_without_its_cause() -> None:
    def broken(built: Concierge | None) -> Concierge:
        raise OSError("/root/secret is damaged")

    states: list[str] = []
    warmup = Warmup([Stage("language model", broken)], lambda name, state: states.append(state))
    warmup.run()
    assert isinstance(warmup.error, OSError)
    assert states == ["loading", "failed"]
    with TestClient(create(warmup)) as client:
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["stages"] == {"language model": "failed"}
    assert "secret" not in answer.text


def test_the_turn_for_practice_leaves_no_conversation_behind(concierge: Concierge) -> None:
    opened: list[str] = []
    real: Callable[..., object] = concierge.open

    def remembered(*given: str) -> object:
        talk = real(*given)
        opened.append(talk.id)  # type: ignore[attr-defined]
        return talk

    concierge.open = remembered  # type: ignore[method-assign, assignment]
    try:
        dry_turn(concierge)
    finally:
        del concierge.open  # type: ignore[attr-defined]
    assert len(opened) == 1
    with TestClient(create(Warmup.done(concierge))) as client:
        assert client.get(f"/api/sessions/{opened[0]}").status_code == 404


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port} .*--port"):
            server.listen("127.0.0.1", port)


def test_port_0_lets_the_system_choose() -> None:
    listener = server.listen("127.0.0.1", 0)
    try:
        assert server.address_of(listener).startswith("http://127.0.0.1:")
    finally:
        listener.close()


def test_an_impossible_host_is_told() -> None:
    with pytest.raises(PortTaken, match="--host"):
        server.listen("no such host", 0)

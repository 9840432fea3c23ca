"""Bad input gets a clear problem (RFC 9457) and loses nothing."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot import errors
from bot.concierge import Concierge
from bot.llm.errors import ModelUnavailable, Overloaded
from bot.service.limits import BODY_BYTES
from retrieval.errors import IndexStoreError


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert set(found) >= {"type", "title", "status", "detail"}
    assert found["status"] == status
    assert "Traceback" not in answer.text and ".py" not in answer.text
    return found


@pytest.mark.parametrize("text", ["", "   \n", "\u0000\u0007\u200b", "x" * 20_000])
def test_a_text_that_cannot_be_answered_is_refused(
    client: TestClient, session: str, text: str
) -> None:
    answer = client.post(f"/api/sessions/{session}/messages", json={"text": text})
    found = problem(answer, 422)
    assert found["type"] == "urn:concierge:problem:bad-text"
    assert client.get(f"/api/sessions/{session}").json()["turn"] == 0


@pytest.mark.parametrize("text", ["", "x" * 20_000])
def test_a_stream_that_cannot_begin_is_refused_with_a_status(
    client: TestClient, session: str, text: str
) -> None:
    answer = client.post(
        f"/api/sessions/{session}/messages",
        json={"text": text},
        headers={"Accept": "text/event-stream"},
    )
    problem(answer, 422)


def test_control_characters_in_a_text_do_no_harm(client: TestClient, session: str) -> None:
    answer = client.post(
        f"/api/sessions/{session}/messages", json={"text": "a\u0000 comedy\u001b[31m\u202e"}
    )
    assert answer.status_code == 200
    assert "\u0000" not in client.get(f"/api/sessions/{session}").text


def test_half_a_surrogate_pair_is_refused(client: TestClient, session: str) -> None:
    answer = client.post(
        f"/api/sessions/{session}/messages",
        content=b'{"text": "\\ud83d"}',
        headers={"Content-Type": "application/json"},
    )
    problem(answer, 422)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/undo", None),
        ("POST", "/messages", {"text": "a comedy"}),
        ("POST", "/feedback", {"item": "heat", "kind": "like"}),
    ],
)
def test_an_unknown_session_is_not_found(
    client: TestClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    for session in ("nobody", "..%2f..%2fetc", "a" * 100, "%00"):
        answer = client.request(method, f"/api/sessions/{session}{path}", json=body)
        problem(answer, 404)


def test_an_unknown_catalogue_is_refused_and_the_known_ones_are_named(client: TestClient) -> None:
    found = problem(client.post("/api/sessions", json={"catalog": "wines"}), 422)
    assert "films" in found["detail"] and "wines" in found["detail"]


def test_an_unknown_item_is_refused(client: TestClient, session: str) -> None:
    body = {"item": "no-such-film", "kind": "like"}
    found = problem(client.post(f"/api/sessions/{session}/feedback", json=body), 422)
    assert found["type"].endswith("unknown-item")


def test_an_unknown_kind_of_feedback_is_refused(client: TestClient, session: str) -> None:
    body = {"item": "heat", "kind": "adore"}
    found = problem(client.post(f"/api/sessions/{session}/feedback", json=body), 422)
    assert found["errors"][0]["field"] == "kind"


def test_undo_at_the_start_is_a_conflict(client: TestClient, session: str) -> None:
    problem(client.post(f"/api/sessions/{session}/undo"), 409)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"text": ', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
        (b'{"text": "a comedy"}', "text/plain", 415),
        (b"text=a+comedy", "application/x-www-form-urlencoded", 415),
        (b'{"text": 7}', "application/json", 422),
        (b'{"text": null}', "application/json", 422),
        (b'{"words": "a comedy"}', "application/json", 422),
        (b'{"text": "a comedy", "more": 1}', "application/json", 422),
        (b'["a comedy"]', "application/json", 422),
        (b"", "application/json", 422),
    ],
)
def test_a_body_of_another_form_is_refused(
    client: TestClient, session: str, content: bytes, kind: str, status: int
) -> None:
    answer = client.post(
        f"/api/sessions/{session}/messages", content=content, headers={"Content-Type": kind}
    )
    problem(answer, status)


def test_a_body_of_more_than_64_kib_is_refused(client: TestClient, session: str) -> None:
    text = "x" * BODY_BYTES
    answer = client.post(f"/api/sessions/{session}/messages", json={"text": text})
    found = problem(answer, 413)
    assert "65,536" in found["detail"]


def test_a_body_that_does_not_announce_its_size_is_counted(
    client: TestClient, session: str
) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(80):
            yield b" " * 1024

    answer = client.post(
        f"/api/sessions/{session}/messages",
        content=parts(),
        headers={"Content-Type": "application/json"},
    )
    problem(answer, 413)


def test_other_addresses_and_methods_are_problems_too(client: TestClient) -> None:
    problem(client.get("/api/nothing"), 404)
    answer = client.put("/api/sessions", json={})
    problem(answer, 405)
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("secret /root/place"), 500),
        (errors.StoreFull("no room at /root/place"), 507),
        (errors.StoreCorrupt("damaged: /root/place"), 503),
        (IndexStoreError.__new__(IndexStoreError), 503),
        (ModelUnavailable("no answer from /root/place"), 503),
        (Overloaded("the queue is full"), 503),
        (errors.SessionBusy("the turn before is still running"), 409),
    ],
)
def test_what_fails_inside_is_told_without_paths(
    client: TestClient,
    concierge: Concierge,
    session: str,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def fail(*given: object) -> None:
        raise error

    monkeypatch.setattr(concierge, "turn", fail)
    answer = client.post(f"/api/sessions/{session}/messages", json={"text": "a comedy"})
    problem(answer, status)
    assert "/root" not in answer.text and "secret" not in answer.text


def test_a_stream_that_breaks_off_ends_in_a_problem(
    client: TestClient, concierge: Concierge, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.concierge import Token

    def broken(*given: object) -> Iterator[Token]:
        yield Token("So")
        raise RuntimeError("secret")

    monkeypatch.setattr(concierge, "stream", broken)
    answer = client.post(
        f"/api/sessions/{session}/messages",
        json={"text": "a comedy"},
        headers={"Accept": "text/event-stream"},
    )
    last = answer.text.strip().split("\n\n")[-1]
    assert last.startswith("event: problem\n") and '"status": 500' in last
    assert "secret" not in last


def test_every_answer_carries_the_safe_headers(client: TestClient) -> None:
    headers = client.get("/health").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers

"""The HTTP contract, route by route."""

import json
from typing import Any

from fastapi.testclient import TestClient

REPLY = {"reply", "act", "turn", "items", "understood", "interest", "timings_ms"}
ITEM = {"id", "title", "facts", "score", "reason", "why"}
WHY = {"query", "interest", "prior", "matched", "unmet"}


def say(client: TestClient, session: str, text: str) -> dict[str, Any]:
    answer = client.post(f"/api/sessions/{session}/messages", json={"text": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_process_says_that_it_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json()["status"] == "ready"


def test_a_new_session_has_an_id_that_cannot_be_guessed(client: TestClient) -> None:
    made = client.post("/api/sessions", json={"user": "ada", "catalog": "films"})
    assert made.status_code == 201
    assert set(made.json()) == {"id"}
    assert len(made.json()["id"]) >= 20
    assert made.headers["location"].endswith(made.json()["id"])


def test_a_message_is_answered_as_the_contract_says(client: TestClient, session: str) -> None:
    reply = say(client, session, "a comedy, no romance")
    assert set(reply) >= REPLY
    assert reply["act"] == "recommend" and reply["turn"] == 1
    assert reply["items"]
    for item in reply["items"]:
        assert set(item) >= ITEM and set(item["why"]) >= WHY
        assert "comedy" in item["facts"]["genres"] and "romance" not in item["facts"]["genres"]
    constraints = reply["understood"]["constraints"]
    assert {"facet": "genres", "op": "=", "value": "comedy"} in constraints
    assert {"facet": "genres", "op": "!=", "value": "romance"} in constraints
    assert set(reply["timings_ms"]) == {"understand", "retrieve", "rank", "say", "total"}


def test_a_message_can_be_streamed(client: TestClient, session: str) -> None:
    answer = client.post(
        f"/api/sessions/{session}/messages",
        json={"text": "a thriller"},
        headers={"Accept": "text/event-stream"},
    )
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [
        (block.split("\n")[0].removeprefix("event: "), json.loads(block.split("\ndata: ")[1]))
        for block in answer.text.strip().split("\n\n")
    ]
    names = [name for name, _ in events]
    assert names[0] == "understood" and names[-1] == "reply"
    assert set(names[1:-1]) == {"token"}
    told = "".join(data["text"] for name, data in events if name == "token")
    assert told == events[-1][1]["reply"]
    assert set(events[-1][1]) >= REPLY


def test_turns_of_both_kinds_are_kept_in_one_session(client: TestClient, session: str) -> None:
    say(client, session, "a comedy")
    client.post(
        f"/api/sessions/{session}/messages",
        json={"text": "no romance"},
        headers={"Accept": "text/event-stream"},
    )
    held = client.get(f"/api/sessions/{session}").json()
    assert held["turn"] == 2
    assert [turn["text"] for turn in held["history"]] == ["a comedy", "no romance"]
    assert {"facet": "genres", "op": "=", "value": "comedy"} in held["wishes"]["constraints"]


def test_feedback_answers_with_the_interest_and_is_kept(client: TestClient, session: str) -> None:
    for item, kind in (("heat", "like"), ("alien", "dislike"), ("airplane", "seen")):
        answer = client.post(f"/api/sessions/{session}/feedback", json={"item": item, "kind": kind})
        assert answer.status_code == 200
        assert all(set(point) == {"point", "p"} for point in answer.json()["interest"])
    held = client.get(f"/api/sessions/{session}").json()
    assert (held["likes"], held["dislikes"], held["seen"]) == (["heat"], ["alien"], ["airplane"])


def test_undo_takes_the_last_turn_back(client: TestClient, session: str) -> None:
    say(client, session, "a comedy")
    say(client, session, "horror")
    reply = client.post(f"/api/sessions/{session}/undo")
    assert reply.status_code == 200 and reply.json()["act"] == "undo"
    assert client.get(f"/api/sessions/{session}").json()["turn"] == 1


def test_a_deleted_session_is_gone(client: TestClient, session: str) -> None:
    assert client.delete(f"/api/sessions/{session}").status_code == 204
    assert client.get(f"/api/sessions/{session}").status_code == 404
    assert client.delete(f"/api/sessions/{session}").status_code == 404


def test_sessions_do_not_see_each_other(client: TestClient) -> None:
    one, other = (client.post("/api/sessions", json={}).json()["id"] for _ in range(2))
    say(client, one, "horror")
    assert client.get(f"/api/sessions/{other}").json()["turn"] == 0


def test_the_openapi_file_names_every_route(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert set(paths) >= {
        "/health",
        "/ready",
        "/metrics",
        "/v1/models",
        "/v1/chat/completions",
        "/api/users/{user}",
        "/api/users/{user}/export",
        "/api/sessions",
        "/api/sessions/{id}",
        "/api/sessions/{id}/messages",
        "/api/sessions/{id}/feedback",
        "/api/sessions/{id}/undo",
        "/webhooks/rest/",
        "/webhooks/rest/webhook",
        "/webhooks/chatwoot",
    }

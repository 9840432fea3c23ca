"""Rasa's REST channel."""

import json
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from bot import trial
from bot.running.warmup import Warmup
from bot.service.app import create


def say(client: TestClient, sender: str, message: str) -> dict[str, Any]:
    answer = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": message})
    assert answer.status_code == 200, answer.text
    messages = answer.json()
    assert isinstance(messages, list) and len(messages) == 1
    found: dict[str, Any] = messages[0]
    return found


def test_a_message_is_answered_in_rasas_form(client: TestClient) -> None:
    got = say(client, "ada", "a comedy")
    assert got["recipient_id"] == "ada" and got["text"]
    assert got["custom"]["act"] == "recommend" and len(got["custom"]["items"]) == 3


def test_a_sender_keeps_the_talk_and_senders_do_not_share_one(client: TestClient) -> None:
    say(client, "ada", "a comedy")
    assert say(client, "ada", "no romance")["custom"]["turn"] == 2
    assert say(client, "grace", "horror")["custom"]["turn"] == 1


def test_a_sender_keeps_the_talk_over_a_restart(tmp_path: Path) -> None:
    for turn in (1, 2):
        bot = trial.build(tmp_path)
        with TestClient(create(Warmup.done(bot))) as client:
            assert say(client, "ada", "a comedy")["custom"]["turn"] == turn
        bot.close()


def test_a_talk_that_was_forgotten_begins_anew(client: TestClient, tmp_path: Path) -> None:
    say(client, "ada", "a comedy")
    bot = client.app.state.warmup.concierge  # type: ignore[attr-defined]
    store = client.app.state.desk.get().store  # type: ignore[attr-defined]
    bot.delete(store.session("rasa:ada"))
    assert say(client, "ada", "a comedy")["custom"]["turn"] == 1


def test_names_of_senders_are_kept_as_digests_only(client: TestClient, tmp_path: Path) -> None:
    say(client, "ada.lovelace@example.org", "a comedy")
    held = b"".join(p.read_bytes() for p in tmp_path.glob("desk.sqlite*"))
    assert b"lovelace" not in held and b"comedy" not in held


def test_members_that_rasa_allows_are_ignored_and_wrong_ones_refused(client: TestClient) -> None:
    extra = {"sender": "a", "message": "a comedy", "metadata": {"x": 1}, "input_channel": "web"}
    assert client.post("/webhooks/rest/webhook", json=extra).status_code == 200
    for wrong in ({"sender": "a"}, {"sender": "a", "message": 5}, {"sender": "", "message": "x"}):
        refused = client.post("/webhooks/rest/webhook", json=wrong)
        assert refused.status_code == 422, wrong
    empty = client.post("/webhooks/rest/webhook", json={"sender": "a", "message": " "})
    assert empty.status_code == 422


def test_the_channel_says_that_it_is_there(client: TestClient) -> None:
    assert client.get("/webhooks/rest/").json() == {"status": "ok"}


def test_a_stream_is_messages_of_one_line_each_that_make_the_answer(client: TestClient) -> None:
    asked = {"sender": "bea", "message": "a comedy"}
    with client.stream("POST", "/webhooks/rest/webhook?stream=true", json=asked) as answer:
        assert answer.status_code == 200
        told = [json.loads(line) for line in answer.iter_lines()]
    whole = client.post("/webhooks/rest/webhook", json={**asked, "sender": "cid"}).json()[0]
    assert len(told) == 1 + len(whole["custom"]["items"]) > 2
    assert {m["recipient_id"] for m in told} == {"bea"}
    assert "custom" in told[-1] and not any("custom" in m for m in told[:-1])
    assert [i["id"] for i in told[-1]["custom"]["items"]] == [
        i["id"] for i in whole["custom"]["items"]
    ]


def test_an_error_before_a_stream_has_its_status(client: TestClient) -> None:
    at = "/webhooks/rest/webhook?stream=true"
    assert client.post(at, json={"sender": "dora", "message": " "}).status_code == 422

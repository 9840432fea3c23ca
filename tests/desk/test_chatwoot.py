"""The Chatwoot agent bot, against a stand-in of Chatwoot's API."""

import json
import time
from typing import Any

import pytest
from chatwoot_standin import StandIn, asked, by_agent
from fastapi.testclient import TestClient

from bot import trial
from bot.desk.signing import signature
from bot.llm.errors import LLMError
from bot.reading import Reading


def post(client: TestClient, event: Any, **headers: str) -> int:
    body = json.dumps(event).encode()
    return client.post("/webhooks/chatwoot", content=body, headers=headers).status_code


def idle(client: TestClient) -> bool:
    store = client.app.state.desk.get().store  # type: ignore[attr-defined]
    return not store._rows("SELECT 1 FROM inbox WHERE NOT done")


def test_a_message_is_answered_through_the_api(client: TestClient, standin: StandIn) -> None:
    assert post(client, asked("a comedy", 1)) == 200
    standin.wait(lambda s: len(s.got) == 1)
    got = standin.got[0]
    assert got.path == "/api/v1/accounts/3/conversations/7/messages"
    assert got.headers["api_access_token"] == "bot-token"
    assert got.body["message_type"] == "outgoing" and got.body["private"] is False
    assert "1. " in got.body["content"]


def test_a_repeated_delivery_is_answered_once(client: TestClient, standin: StandIn) -> None:
    for _ in range(3):
        assert post(client, asked("a comedy", 1)) == 200
    assert post(client, asked("horror", 2)) == 200
    standin.wait(lambda s: len(s.got) == 2)
    standin.wait(lambda _: idle(client))
    assert len(standin.got) == 2


def test_messages_of_a_conversation_are_answered_in_order(
    client: TestClient, standin: StandIn
) -> None:
    for n, text in enumerate(("a comedy", "a film, no romance", "undo"), start=1):
        post(client, asked(text, n))
    standin.wait(lambda s: len(s.got) == 3)
    assert "no romance" in standin.messages()[1]
    assert "no romance" not in standin.messages()[2]  # what stood before stands again


def test_a_passing_failure_is_tried_again(client: TestClient, standin: StandIn) -> None:
    standin.statuses.extend([503, 429])
    post(client, asked("a comedy", 1))
    standin.wait(lambda s: len(s.got) == 1)
    standin.wait(lambda _: idle(client))
    assert len(standin.got) == 1


def test_a_refusal_is_logged_and_the_next_message_goes_on(
    client: TestClient, standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    standin.statuses.append(401)
    post(client, asked("a comedy", 1))
    post(client, asked("horror", 2))
    standin.wait(lambda s: len(s.got) == 1)
    assert "CONCIERGE_CHATWOOT_TOKEN" in caplog.text and "bot-token" not in caplog.text


@pytest.fixture
def handing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    read = trial.Spotter._read

    def reading(self: trial.Spotter, situation: Any) -> Reading:
        if "human" in situation.text:
            return Reading(act="handoff")
        return read(self, situation)

    monkeypatch.setattr(trial.Spotter, "_read", reading)


def test_handing_over_opens_the_conversation_with_a_private_note(
    handing_over: None, client: TestClient, standin: StandIn
) -> None:
    post(client, asked("a comedy, no romance", 1))
    post(client, asked("a human please", 2))
    standin.wait(lambda s: len(s.got) == 4)
    told, note, opened = standin.got[1:]
    assert "colleague" in told.body["content"] and told.body["private"] is False
    assert note.body["private"] is True
    wants = next(x for x in note.body["content"].splitlines() if x.startswith("Wants:"))
    assert "comedy" in wants and "no romance" in wants
    assert "Shown: " in note.body["content"] and "Last message: a human" in note.body["content"]
    assert opened.path.endswith("/conversations/7/toggle_status")
    assert opened.body == {"status": "open"}


def test_the_bot_is_silent_while_a_human_has_the_conversation(
    client: TestClient, standin: StandIn
) -> None:
    post(client, asked("a comedy", 1, status="open"))
    post(client, asked("a comedy", 2, status="resolved"))
    owned = asked("a comedy", 3)
    owned["conversation"]["meta"] = {"assignee": {"id": 2}, "assignee_type": "User"}
    post(client, owned)
    post(client, by_agent("I'll take this one", 4, "pending", private=False))
    post(client, asked("a comedy", 5))
    post(client, asked("horror", 6, conversation=8))
    standin.wait(lambda s: len(s.got) == 1)
    standin.wait(lambda _: idle(client))
    assert [g.path.split("/")[-2] for g in standin.got] == ["8"]


def test_the_bot_goes_on_when_the_conversation_is_pending_again(
    client: TestClient, standin: StandIn
) -> None:
    post(client, asked("a comedy", 1, status="open"))
    post(client, asked("a comedy", 2))
    standin.wait(lambda s: len(s.got) == 1)


def test_the_bot_goes_on_at_an_agents_command(client: TestClient, standin: StandIn) -> None:
    post(client, by_agent("mine", 1, "pending", private=False))
    post(client, asked("/bot", 2))
    post(client, by_agent("/bot", 3, "open", private=True))
    standin.wait(lambda s: len(s.got) == 1)
    assert standin.got[0].body == {"status": "pending"}
    post(client, asked("a comedy", 4))
    standin.wait(lambda s: len(s.got) == 2)


def test_what_is_no_message_of_a_customer_is_passed_over(
    client: TestClient, standin: StandIn
) -> None:
    own = by_agent("1. A film", 1, "pending", private=False)
    own["content_attributes"] = {"concierge": True}
    other = asked("a comedy", 2) | {"account": {"id": 4}}
    widget = {"event": "webwidget_triggered", "account": {"id": 3}, "source_id": "x"}
    update = asked("a comedy", 4) | {"event": "message_updated"}
    note = by_agent("he is in a hurry", 5, "pending", private=True)
    for event in (own, other, widget, update, note):
        assert post(client, event) == 200
    post(client, asked("a comedy", 6))
    standin.wait(lambda s: len(s.got) == 1)
    standin.wait(lambda _: idle(client))
    assert len(standin.got) == 1


def test_a_message_that_cannot_be_read_goes_to_a_human(
    client: TestClient, standin: StandIn
) -> None:
    post(client, asked(None, 1, attachments=[{"file_type": "image"}]))
    standin.wait(lambda s: len(s.got) == 3)
    assert "cannot read" in standin.messages()[1] and standin.got[2].body == {"status": "open"}


def test_when_the_bot_fails_for_long_a_human_gets_the_customer(
    client: TestClient, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_: object) -> None:
        raise LLMError("expected an answer, got none; start the endpoint")

    monkeypatch.setattr(trial.Spotter, "_read", dead)
    monkeypatch.setattr("bot.desk.chatwoot.MOST_ATTEMPTS", 2)
    post(client, asked("a comedy", 1))
    standin.wait(lambda s: len(s.got) == 3)
    assert "failed to answer" in standin.messages()[1]


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CONCIERGE_CHATWOOT_SECRET", "s3cret")
    return "s3cret"


def signed(event: Any, secret: str, now: float) -> dict[str, str]:
    stamp = str(int(now))
    value = signature(secret, stamp, json.dumps(event).encode())
    return {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": value}


def test_a_signed_event_is_taken(secret: str, client: TestClient, standin: StandIn) -> None:
    event = asked("a comedy", 1)
    assert post(client, event, **signed(event, secret, time.time())) == 200
    standin.wait(lambda s: len(s.got) == 1)


def test_forged_unsigned_and_replayed_events_are_refused(
    secret: str, client: TestClient, standin: StandIn
) -> None:
    event = asked("a comedy", 1)
    now = time.time()
    good = signed(event, secret, now)
    assert post(client, event) == 401
    assert post(client, event, **signed(event, "other", now)) == 401
    assert post(client, event, **signed(event, secret, now - 400)) == 401
    assert post(client, asked("horror", 2), **good) == 401
    later = good | {"X-Chatwoot-Timestamp": str(int(now) + 1)}
    assert post(client, event, **later) == 401
    assert post(client, event, **(good | {"X-Chatwoot-Timestamp": "soon"})) == 401
    assert standin.got == []


def test_a_signature_that_cannot_be_checked_is_refused(client: TestClient) -> None:
    event = asked("a comedy", 1)
    assert post(client, event, **signed(event, "", time.time())) == 401


def test_a_malformed_event_is_refused_in_plain_words(client: TestClient) -> None:
    for body in (b"", b"{", b"[]", b"{}", b'{"event": 5}', b"\xff"):
        answer = client.post("/webhooks/chatwoot", content=body)
        assert answer.status_code == 422, body
        assert answer.json()["type"] == "urn:concierge:problem:bad-event"


def test_without_settings_there_is_no_such_address(
    client: TestClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.running.warmup import Warmup
    from bot.service.app import create

    monkeypatch.setenv("CONCIERGE_CHATWOOT_TOKEN", "")
    bot = trial.build(tmp_path / "other")
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as bare:
        assert post(bare, asked("a comedy", 1)) == 404
    bot.close()

"""Events to the shop's own software."""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatwoot_standin import StandIn

from bot import trial
from bot.concierge import Concierge
from bot.desk import events
from bot.desk.desk import Desk
from bot.desk.signing import is_genuine
from bot.reading import Reading


@pytest.fixture
def webhook(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCIERGE_WEBHOOK_URL", f"{standin.url}/events")
    monkeypatch.setenv("CONCIERGE_WEBHOOK_SECRET", "s3cret")


@pytest.fixture
def concierge(webhook: None, tmp_path: Path) -> Iterator[Concierge]:
    bot = trial.build(tmp_path)
    yield bot
    bot.close()


@pytest.fixture
def desk(concierge: Concierge) -> Iterator[Desk]:
    made = Desk(concierge)
    yield made
    made.close()


def test_a_recommendation_is_told_and_signed(
    concierge: Concierge, desk: Desk, standin: StandIn
) -> None:
    talk = concierge.open(user="ada")
    reply = concierge.turn(talk.id, "a comedy")
    standin.wait(lambda s: len(s.got) == 1)
    got = standin.got[0]
    stamp, given = got.headers["x-concierge-timestamp"], got.headers["x-concierge-signature"]
    assert is_genuine("s3cret", stamp, got.raw, given, time.time())
    assert not is_genuine("s3cret", stamp, got.raw + b" ", given, time.time())
    assert got.body["event"] == "recommended" and got.body["user"] == "ada"
    assert got.body["id"] == got.headers["x-concierge-event"]
    assert [i["id"] for i in got.body["items"]] == [i.id for i in reply.items]
    assert (got.body["session"], got.body["turn"]) == (talk.id, 1)


def test_an_item_that_is_bought_is_told(concierge: Concierge, desk: Desk, standin: StandIn) -> None:
    talk = concierge.open()
    concierge.feedback(talk.id, "heat", "like")
    concierge.feedback(talk.id, "heat", "bought")
    standin.wait(lambda s: len(s.got) == 1)
    assert standin.got[0].body["event"] == "accepted"
    assert standin.got[0].body["items"][0]["id"] == "heat"


def test_a_handoff_is_told_with_its_summary(
    concierge: Concierge, desk: Desk, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial.Spotter, "_read", lambda *_: Reading(act="handoff"))
    concierge.turn(concierge.open().id, "a human please")
    standin.wait(lambda s: len(s.got) == 1)
    assert standin.got[0].body["event"] == "handoff"
    assert "Last message: a human please" in standin.got[0].body["summary"]


def test_an_event_is_sent_until_it_is_taken(
    concierge: Concierge, desk: Desk, standin: StandIn
) -> None:
    standin.statuses.extend([500, 301, 404])
    concierge.turn(concierge.open().id, "a comedy")
    standin.wait(lambda s: len(s.got) == 1)
    standin.wait(lambda _: desk.store._rows("SELECT 1 FROM outbox") == [])
    assert len(standin.got) == 1


def test_what_was_not_sent_is_sent_after_a_restart(webhook: None, tmp_path: Path) -> None:
    from chatwoot_standin import running

    bot = trial.build(tmp_path)
    desk = Desk(bot)
    assert desk.events is not None
    desk.events._worker.close()
    bot.turn(bot.open().id, "a comedy")
    kept = desk.store.outgoing(9)
    desk.close()
    with running() as later, pytest.MonkeyPatch.context() as changed:
        changed.setenv("CONCIERGE_WEBHOOK_URL", later.url)
        bot.close()
        again = trial.build(tmp_path)
        desk = Desk(again)
        later.wait(lambda s: len(s.got) == 1)
        assert later.got[0].body == json.loads(kept[0].body)
        desk.close()
        again.close()


def test_a_full_queue_loses_events_and_says_so_but_no_turn(
    concierge: Concierge,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(events, "MOST_WAITING", 0)
    with caplog.at_level(logging.ERROR):
        assert concierge.turn(concierge.open().id, "a comedy").items
    assert "CONCIERGE_WEBHOOK_URL" in caplog.text


def test_half_of_the_settings_are_told_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CONCIERGE_WEBHOOK_URL", "http://127.0.0.1:9")
    bot = trial.build(tmp_path)
    desk = Desk(bot)
    assert desk.events is None and "CONCIERGE_WEBHOOK_SECRET" in caplog.text
    desk.close()
    bot.close()

"""What breaks: the process in any stage of a turn, the disk, the file, the LLM, the clock."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from stuck_service import HERE

from bot import trial
from bot.concierge import Concierge
from bot.errors import NotReady, TooBusy
from bot.llm.base import ReasonBrief, Situation
from bot.llm.batching import Batched
from bot.llm.errors import Late, ModelUnavailable
from bot.reading import Reading
from bot.running.parts import Parts
from bot.running.sessions import FILE
from bot.running.warmup import Warmup, dry_turn
from bot.service.app import create
from bot.service.expiry import Steady, expire
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(home: Path, stage: str = "") -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run a service that sticks in a stage; give its address and the process."""
    port = free_port()
    with subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "tests" / "service" / "stuck_service.py"),
            str(home),
            str(port),
            stage,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert "open" in running.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}", running
        finally:
            running.kill()


@pytest.mark.parametrize("stage", ["understand", "retrieve", "rank", "say", "keep", "kept"])
def test_a_process_that_is_killed_in_a_stage_leaves_a_turn_whole_or_none(
    tmp_path: Path, stage: str
) -> None:
    before = trial.build(tmp_path)
    session = before.open().id
    before.turn(session, "a thriller")
    before.close()
    head = {"Idempotency-Key": "once"}
    with process(tmp_path, stage) as (address, running):

        def send() -> None:
            with suppress(httpx.HTTPError):
                httpx.post(
                    f"{address}/api/sessions/{session}/messages",
                    json={"text": "from South Korea"},
                    headers=head,
                    timeout=60,
                )

        sender = threading.Thread(target=send)
        sender.start()
        assert running.stdout is not None and HERE in running.stdout.readline()
        running.send_signal(signal.SIGKILL)
        running.wait()
        sender.join()
    after = trial.build(tmp_path)
    assert after.conversation(session).turn == (2 if stage == "kept" else 1)
    with TestClient(create(Warmup.done(after))) as client:
        for _ in range(2):
            answer = client.post(
                f"/api/sessions/{session}/messages",
                json={"text": "from South Korea"},
                headers=head,
            )
            assert answer.status_code == 200 and answer.json()["turn"] == 2
    talk = after.conversation(session)
    after.close()
    assert [e.text for e in talk.history] == ["a thriller", "from South Korea"]


def test_a_service_that_is_told_to_end_answers_what_it_has_begun(tmp_path: Path) -> None:
    slow = Slow(1.0)
    bot = trial.build(tmp_path, slow)
    session = bot.open().id
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(bot.turn(session, "a comedy")))
    thread.start()
    slow.asked.wait(10)
    assert not bot.admission.wait(0.01)
    bot.admission.close()
    with pytest.raises(NotReady, match="ending"):
        bot.turn(session, "a thriller")
    assert bot.admission.wait(20)
    thread.join()
    assert len(answers) == 1 and bot.conversation(session).turn == 1
    bot.close()


def test_sigterm_lets_a_turn_over_http_end(tmp_path: Path) -> None:
    with process(tmp_path, "slow") as (address, running):
        session = httpx.post(f"{address}/api/sessions", json={}).json()["id"]
        answers: list[httpx.Response] = []

        def send() -> None:
            at = f"{address}/api/sessions/{session}/messages"
            answers.append(httpx.post(at, json={"text": "a comedy"}, timeout=60))

        sender = threading.Thread(target=send)
        sender.start()
        assert running.stdout is not None and HERE in running.stdout.readline()
        running.terminate()
        sender.join(60)
        running.wait(60)
    assert [answer.status_code for answer in answers] == [200]


def test_a_damaged_state_costs_one_session_and_is_told_without_a_path(tmp_path: Path) -> None:
    bot = trial.build(tmp_path)
    hurt, well = bot.open().id, bot.open().id
    bot.turn(hurt, "a comedy")
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE checkpoints SET checkpoint = x'00' WHERE thread_id = ?", (hurt,))
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        answer = client.post(f"/api/sessions/{hurt}/messages", json={"text": "more"})
        assert answer.status_code == 503 and str(tmp_path) not in answer.text
        body = {"text": "a comedy"}
        assert client.post(f"/api/sessions/{well}/messages", json=body).status_code == 200
    bot.close()


def test_a_disk_that_is_full_changes_nothing_and_room_brings_it_back(tmp_path: Path) -> None:
    bot = trial.build(tmp_path)
    session = bot.open().id
    bot.turn(session, "a comedy")
    file = bot._sessions.saver.conn
    at = f"/api/sessions/{session}"
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        file.execute(f"PRAGMA max_page_count = {file.execute('PRAGMA page_count').fetchone()[0]}")
        full = client.post(f"{at}/messages", json={"text": "from South Korea"})
        for _ in range(3):  # small states may still find a place in a page
            if full.status_code == 507:
                break
            full = client.post(f"{at}/messages", json={"text": "from South Korea"})
        assert full.status_code == 507 and "disk is full" in full.json()["detail"]
        assert client.get("/ready").json()["failing"] == "conversations"
        turns = client.get(at).json()["turn"]
        file.execute("PRAGMA max_page_count = 1000000")
        again = client.post(f"{at}/messages", json={"text": "from South Korea"})
        assert again.status_code == 200 and again.json()["turn"] == turns + 1
        assert client.get("/ready").status_code == 200
    bot.close()


class Slow(trial.Spotter):
    """Takes its time, or is away."""

    def __init__(self, read_s: float = 0.0, write_s: float = 0.0) -> None:
        self.read_s, self.write_s, self.away = read_s, write_s, False
        self.asked = threading.Event()

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        self.asked.set()
        if self.away:
            raise ModelUnavailable("expected an answer of http://user:secret@host, none came")
        time.sleep(self.read_s)
        return super().read(situations)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        time.sleep(self.write_s)
        return tuple(("It is about this much.",) for _ in briefs)


def hurried(home: Path, slow: Slow, **chosen: float) -> Concierge:
    """Return a bot whose turns have little time."""
    made = trial.build(home, Batched(slow))
    settings = Settings(home=home, catalog="films", **chosen)  # type: ignore[arg-type]
    parts = made._parts
    return Concierge(
        settings, Parts(parts.llm, parts.tracker, parts.catalogs, parts.sessions, close=parts.close)
    )


def test_reasons_that_take_too_long_are_put_together_from_facts(tmp_path: Path) -> None:
    bot = hurried(tmp_path, Slow(write_s=2.0), turn_s=0.5)
    begun = time.monotonic()
    reply = bot.turn(bot.open().id, "a comedy")
    assert reply.items and all(not item.generated for item in reply.items)
    assert time.monotonic() - begun < 2.0
    assert b"concierge_fallback_reasons_total 3.0" in bot.meter.text()
    bot.close()


def test_a_message_that_cannot_be_read_in_time_is_refused_and_can_be_sent_again(
    tmp_path: Path,
) -> None:
    slow = Slow(read_s=1.0)
    bot = hurried(tmp_path, slow, turn_s=0.2)
    session = bot.open().id
    with pytest.raises(Late):
        bot.turn(session, "a comedy")
    slow.read_s = 0.0
    time.sleep(1.0)
    assert bot.turn(session, "a comedy").turn == 1
    bot.close()


def test_an_llm_that_is_away_is_told_and_comes_back_without_a_restart(tmp_path: Path) -> None:
    slow = Slow()
    bot = trial.build(tmp_path, slow)
    session = bot.open().id
    body = {"text": "a comedy"}
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        slow.away = True
        away = client.post(f"/api/sessions/{session}/messages", json=body)
        assert away.status_code == 503 and "retry-after" in away.headers
        assert "secret" not in away.text
        state = client.get("/ready")
        assert state.status_code == 503 and state.json()["failing"] == "language model"
        assert client.get("/health").status_code == 200
        slow.away = False
        bot.pulse._next_try_s = 0.0  # now, rather than in five seconds
        client.get("/ready")
        for _ in range(200):
            if client.get("/ready").status_code == 200:
                break
            time.sleep(0.05)
        assert client.get("/ready").status_code == 200
        reply = client.post(f"/api/sessions/{session}/messages", json=body)
        assert reply.status_code == 200 and reply.json()["turn"] == 1
    bot.close()


def test_a_service_starts_although_its_llm_is_away(tmp_path: Path) -> None:
    slow = Slow()
    slow.away = True
    bot = trial.build(tmp_path, slow)
    dry_turn(bot)
    assert bot.pulse.failing == "language model"
    bot.close()


def test_more_turns_than_are_taken_at_once_are_refused_at_once(tmp_path: Path) -> None:
    slow = Slow(read_s=0.5)
    bot = hurried(tmp_path, slow, turns_at_once=2)
    answers: list[httpx.Response] = []
    with TestClient(create(Warmup.done(bot))) as client:
        sessions = [client.post("/api/sessions", json={}).json()["id"] for _ in range(6)]

        def send(session: str) -> None:
            at = f"/api/sessions/{session}/messages"
            answers.append(client.post(at, json={"text": "a comedy"}))

        threads = [threading.Thread(target=send, args=(s,)) for s in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [a for a in answers if a.status_code == 503]
        assert {a.status_code for a in answers} == {200, 503}
        assert all(a.headers["retry-after"] for a in refused)
        assert bot.admission.running == 0
        with pytest.raises(TooBusy):
            for session in sessions:
                bot.stream(session, "a thriller")
    bot.admission.wait(20)
    bot.close()


def test_a_clock_that_goes_back_loses_no_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = trial.build(tmp_path)
    session = bot.open().id
    bot.turn(session, "a comedy")
    bot.feedback(session, "airplane", "like")
    bot.close()
    back = time.time_ns() - 86_400 * 10**9
    monkeypatch.setattr("langgraph.checkpoint.base.id.time.time_ns", lambda: back)
    monkeypatch.setattr("langgraph.checkpoint.base.id._last_v6_timestamp", None)
    bot = trial.build(tmp_path)
    assert bot.turn(session, "from South Korea").turn == 2
    assert bot.turn(session, "but no horror").turn == 3
    assert bot.conversation(session).turn == 3
    bot.undo(session)
    assert bot.conversation(session).turn == 2
    bot.close()


def test_conversations_that_nobody_used_are_forgotten_and_others_are_not(tmp_path: Path) -> None:
    bot = trial.build(tmp_path)
    old, young = bot.open().id, bot.open().id
    bot.turn(old, "a comedy")
    days = bot.settings.expire_days
    file = bot._sessions.saver.conn
    with bot._sessions.saver.cursor() as cursor:
        cursor.execute("UPDATE talks SET used_s = used_s - ? WHERE id = ?", (days * 86_400, old))
    expire(bot, time.time() - 60)
    assert bot.conversation(old).turn == 1
    expire(bot, time.time() + 60)
    assert [row[0] for row in file.execute("SELECT DISTINCT thread_id FROM checkpoints")] == [young]
    bot.close()


def test_a_clock_that_jumps_ahead_is_not_taken_for_time_that_passed() -> None:
    clock = Steady(wall_s=1_000_000.0, even_s=0.0)
    assert clock.is_so(1_003_600.0, 3_600.0)
    assert not clock.is_so(1_003_600.0 + 10 * 365 * 86_400, 7_200.0)
    assert clock.is_so(1_007_200.0 + 10 * 365 * 86_400, 10_800.0)
    assert not clock.is_so(0.0, 14_400.0)

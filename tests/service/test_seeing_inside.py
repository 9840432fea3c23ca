"""What operators see: metrics, logs, traces; and what nobody else does."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot import trial
from bot.errors import Unguarded
from bot.llm.fake import FakeLLM, hinted
from bot.llm.tally import Tally
from bot.running import starting
from bot.running.logs import TurnLog, write_to_stderr
from bot.running.warmup import Warmup
from bot.running.watching import Took, digest
from bot.service.app import create
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
WORDS = "a comedy with Zanzibarian penguins"


def test_metrics_count_turns_stages_and_what_was_not_true(tmp_path: Path) -> None:
    llm = FakeLLM(hinted, lambda brief, n: ("It was directed by Nobody Atall.",))
    llm.tally = Tally()  # type: ignore[attr-defined]
    llm.tally.add(7, 3)  # type: ignore[attr-defined]
    bot = trial.build(tmp_path, llm)
    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        session = client.post("/api/sessions", json={}).json()["id"]
        client.post(f"/api/sessions/{session}/messages", json={"text": WORDS})
        client.post("/api/sessions/none/messages", json={"text": WORDS})
        told = client.get("/metrics").text
    for line in (
        'concierge_turns_total{act="recommend"} 1.0',
        'concierge_stage_seconds_count{stage="understand"} 1.0',
        "concierge_turn_seconds_count 1.0",
        "concierge_items_total 3.0",
        "concierge_fallback_reasons_total 3.0",
        "concierge_grounding_failures_total 6.0",
        "concierge_turns_running 0.0",
        'concierge_llm_tokens_total{kind="read"} 7.0',
    ):
        assert line in told, line
    assert "Zanzibar" not in told and session not in told
    bot.close()


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Give the root logger, and put its handlers back."""
    logger = logging.getLogger()
    before = list(logger.handlers)
    yield logger
    logger.handlers[:] = before


@pytest.mark.parametrize("log", ["json", "plain"])
def test_the_log_names_turns_and_never_what_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], root: logging.Logger, log: str
) -> None:
    write_to_stderr(Settings(home=tmp_path, log=log))  # type: ignore[arg-type]
    bot = trial.build(tmp_path)
    seen: list[Took] = []
    bot._turns._watchers = (*bot._turns._watchers, TurnLog(with_text=False), seen.append)

    def fail(*given: object) -> None:
        raise ValueError(f"cannot read {WORDS!r}")

    with TestClient(create(Warmup.done(bot)), raise_server_exceptions=False) as client:
        session = client.post("/api/sessions", json={}).json()["id"]
        at = f"/api/sessions/{session}/messages"
        named = client.post(at, json={"text": WORDS}).headers["x-request-id"]
        bot._sessions.trim = fail  # type: ignore[method-assign, assignment]
        broken = client.post(at, json={"text": WORDS})
    assert broken.status_code == 500
    told = capsys.readouterr().err
    assert "Zanzibar" not in told and session not in told
    assert seen[0].request == named and seen[0].session == digest(session)
    assert "ValueError" in told and "test_seeing_inside.py" in told
    if log == "json":
        lines = [json.loads(line) for line in told.splitlines()]
        turn = next(line for line in lines if line["message"] == "turn")
        assert turn["request"] == named and turn["act"] == "recommend" and turn["turn"] == 1
        error = next(line for line in lines if line["level"] == "error")
        assert error["request"] == broken.headers["x-request-id"]
        assert broken.json()["instance"].endswith(error["request"])
    bot.close()


def test_the_log_holds_what_is_said_where_the_operator_wants_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "concierge.turn")
    took = Took("r", "s", 0.0, 0.1, WORDS)
    TurnLog(with_text=False)(took)
    TurnLog(with_text=True)(took)
    silent, open_ = (record.about for record in caplog.records)  # type: ignore[attr-defined]
    assert "text" not in silent and open_["text"] == WORDS


class Collector(HTTPServer):
    """Takes whatever is posted."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.came = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.got.append((self.path, body))
                server.came.set()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.shutdown()
    made.server_close()


def test_traces_hold_a_turn_with_its_stages_and_no_words(
    tmp_path: Path, collector: Collector
) -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    from bot.running.tracing import Tracer

    tracer = Tracer(collector.url)
    bot = trial.build(tmp_path)
    bot._turns._watchers = (*bot._turns._watchers, tracer)
    bot.turn(bot.open().id, WORDS)
    bot.close()
    tracer.close()
    assert collector.came.wait(20)
    path, body = collector.got[0]
    assert path == "/v1/traces"
    for name in (b"turn", b"understand", b"retrieve", b"rank", b"say", b"recommend"):
        assert name in body
    assert b"Zanzibar" not in body


LANGSMITH = """
import sys
from pathlib import Path
import bot.app, bot.trial
from bot.settings import Settings
bot.app.build(Settings(home=Path(sys.argv[1]) / "unused", catalog="movies"), preload=False)
made = bot.trial.build(Path(sys.argv[1]))
made.turn(made.open().id, "a comedy")
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
print("done")
"""


def test_langsmiths_own_variables_send_nothing_away(tmp_path: Path, collector: Collector) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LANGSMITH, str(tmp_path)],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_API_KEY": "none",
            "LANGSMITH_ENDPOINT": collector.url,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert "done" in done.stdout
    assert not collector.got


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_nobody_else_is_let_in_without_a_key_unless_told(tmp_path: Path, host: str) -> None:
    with pytest.raises(Unguarded, match="concierge keys add"):
        starting.serve(Settings(home=tmp_path, host=host, port=0))
    policy = starting._policy(Settings(home=tmp_path, host=host, without_keys=True), local=False)
    assert not policy.guarded


def test_html_in_messages_and_names_comes_back_as_json_alone(client: TestClient) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    session = client.post("/api/sessions", json={"user": attack}).json()["id"]
    for answer in (
        client.post(f"/api/sessions/{session}/messages", json={"text": f"a comedy {attack}"}),
        client.get(f"/api/sessions/{session}"),
        client.get(f"/api/sessions/{attack}"),
        client.post("/api/sessions", json={"catalog": attack}),
        client.get(f"/{attack}"),
    ):
        assert "json" in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"

"""kill -9 between taking a message and answering it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from chatwoot_standin import StandIn, asked

from bot.desk.store import DeskStore
from bot.running.sessions import open_sessions

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@contextmanager
def service(home: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(HERE / "desk_process.py"), str(home), str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/ready").status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield url, process
    finally:
        process.kill()
        process.wait()


def test_a_message_taken_before_a_kill_is_answered_once_after_it(
    configured: None, standin: StandIn, tmp_path: Path
) -> None:
    standin.statuses.extend([503] * 1000)  # Chatwoot does not take our answers yet
    with service(tmp_path) as (url, process):
        for _ in range(2):
            taken = httpx.post(f"{url}/webhooks/chatwoot", json=asked("a comedy", 1))
            assert taken.status_code == 200
        standin.wait(lambda s: len(s.statuses) < 1000)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    standin.statuses.clear()
    with service(tmp_path) as (url, _):
        standin.wait(lambda s: len(s.got) == 1, 60)
        again = httpx.post(f"{url}/webhooks/chatwoot", json=asked("a comedy", 1))
        assert again.status_code == 200
        httpx.post(f"{url}/webhooks/chatwoot", json=asked("horror", 2))
        standin.wait(lambda s: len(s.got) == 2)
    store, sessions = DeskStore(tmp_path), open_sessions(tmp_path)
    talk = sessions.get(store.session("chatwoot:3:7") or "")
    assert [e.text for e in talk.history] == ["a comedy", "horror"]
    sessions.close()
    store.close()


def test_a_turn_that_ran_before_a_kill_is_not_run_again(
    configured: None, standin: StandIn, tmp_path: Path
) -> None:
    with service(tmp_path) as (url, _):
        httpx.post(f"{url}/webhooks/chatwoot", json=asked("a comedy", 1))
        standin.wait(lambda s: len(s.got) == 1)
    # As a kill leaves it that comes after the turn is kept and before its reply is planned.
    store = DeskStore(tmp_path)
    with store._changing() as file:
        file.execute("UPDATE inbox SET done = 0, text = 'a comedy', turn = 0")
    store.close()
    with service(tmp_path):
        standin.wait(lambda s: len(s.got) == 2, 60)
    assert standin.messages()[0] == standin.messages()[1]
    store, sessions = DeskStore(tmp_path), open_sessions(tmp_path)
    assert sessions.get(store.session("chatwoot:3:7") or "").turn == 1
    sessions.close()
    store.close()

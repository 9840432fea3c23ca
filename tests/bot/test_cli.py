"""The command line: pipes, exit codes and one clear line for every error, over a bot of fakes."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot import cli, trial
from bot.running import starting

ROOT = Path(__file__).parents[2]
# A command line whose bot is made of fakes, for processes of their own.
FAKE = """
import sys
from pathlib import Path
import bot.app, bot.running.starting, bot.trial
bot.app.build = lambda settings, progress=False: bot.trial.build(settings.home)
bot.running.starting.check_catalog = lambda settings: None
from bot.cli import main
main()
"""


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Put a bot of fakes behind the command line; give its state folder."""
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    monkeypatch.setenv("CONCIERGE_CATALOG", "films")
    monkeypatch.setattr("bot.app.build", lambda settings, progress: trial.build(settings.home))
    monkeypatch.setattr(starting, "check_catalog", lambda settings: None)
    return tmp_path


def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    lines: str = "",
) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code and what it wrote."""
    monkeypatch.setattr(sys, "argv", ["concierge", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    code = cli.run()
    out, err = capsys.readouterr()
    return code, out, err


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_lines_of_a_pipe_become_one_json_reply_a_line(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "a comedy, no romance\n\nhorror\nundo\n/like 1\n"
    code, out, err = run(monkeypatch, capsys, ["talk", "--json"], lines)
    replies = json_lines(out)
    assert (code, err) == (0, "")
    assert [reply.get("act") for reply in replies] == ["recommend", "recommend", "undo", None]
    assert len(replies[0]["items"]) == 3
    assert [reply["turn"] for reply in replies[:3]] == [1, 2, 1]
    assert replies[3]["interest"]


def test_a_talk_in_words_prints_the_reply(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "a comedy\n/like 1\n/seen 2\n/undo\n/new\n/help\n/quit\nnever read\n"
    code, out, err = run(monkeypatch, capsys, ["talk"], lines)
    assert (code, err) == (0, "")
    assert "\n1. " in out and "\n3. " in out
    assert "I believe you like" in out and "A new talk." in out and "/undo" in out
    assert "never read" not in out


def test_a_line_that_cannot_be_answered_is_told_and_the_next_goes_on(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "x" * 9_000 + "\n/like 7\n/dance\na comedy\n"
    code, out, err = run(monkeypatch, capsys, ["talk"], lines)
    assert code == 1
    assert "1. " in out
    assert [line.startswith("concierge: ") for line in err.splitlines()] == [True] * 3
    code, out, _ = run(monkeypatch, capsys, ["talk", "--json"], lines)
    assert code == 1
    assert ["error" in line for line in json_lines(out)] == [True, True, True, False]


def test_understand_keeps_lines_in_and_lines_out_in_step(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, ["understand"], "a comedy\n\nno horror\n")
    found = json_lines(out)
    assert code == 1
    assert found[0]["constraints"] == [{"facet": "genres", "op": "=", "value": "comedy"}]
    assert set(found[1]) == {"error"}
    assert len(found) == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["talk", "--catalog", "wines"], "movies"),
        (["serve", "--catalog", "wines"], "electronics"),
        (["talk", "--shout"], "--shout"),
        (["fly"], "fly"),
        (["serve", "--port", "many"], "integer"),
        (["serve", "--port", "70000"], "port"),
        (["talk", "--quantize", "fp3"], "quantize"),
        (["index"], "file"),
        (["index", "no-such-file.csv"], "no-such-file.csv"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    code, out, err = run(monkeypatch, capsys, arguments)
    assert (code, out) == (2, "")
    assert err.startswith("concierge: ") and err.count("\n") == 1 and says in err


def test_a_setting_of_the_environment_that_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCIERGE_COUNT", "99")
    code, _, err = run(monkeypatch, capsys, ["talk"])
    assert code == 2 and "count" in err and "99" in err


def test_a_part_that_cannot_load_is_one_line_and_exit_code_1(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(settings: object, progress: bool) -> None:
        raise OSError("no space\nleft on the disk")

    monkeypatch.setattr("bot.app.build", broken)
    code, out, err = run(monkeypatch, capsys, ["talk"], "a comedy\n")
    assert (code, out, err) == (1, "", "concierge: no space left on the disk\n")


def test_a_port_in_use_is_told_before_anything_is_loaded(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, out, err = run(monkeypatch, capsys, ["serve", "--port", port])
    assert (code, out) == (2, "")
    assert port in err and "--port" in err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["serve", "--help"], ["talk", "--help"]])
def test_help_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, out, err = run(monkeypatch, capsys, arguments)
    assert (code, err) == (0, "")
    assert out.startswith("Usage: ")


def test_help_loads_no_model_library() -> None:
    heavy = "torch transformers chromadb gradio sentence_transformers fastapi numpy"
    asked = f"import sys, bot.cli; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_catalogue_file_is_taken_in_and_bad_rows_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from retrieval.embedding import HashEncoder

    file = tmp_path / "wines.csv"
    file.write_text("id,title,colour,price\n1,Brunello,red,60\n2,,white,9\n3,Riesling,white,12\n")
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("retrieval.embedding.SentenceEncoder", lambda name: HashEncoder())
    code, out, err = run(monkeypatch, capsys, ["index", str(file), "--name", "wines"])
    assert code == 0
    assert out.startswith("wines: 2 items (2 new) in ")
    assert "wines, line 3: left out: title" in err
    assert "1 row left out" in err
    report = tmp_path / "wines.report.txt"
    assert "line 3: left out: title" in report.read_text(encoding="utf-8")


@pytest.fixture
def process(tmp_path: Path) -> "Process":
    return Process(tmp_path)


class Process:
    """Starts command lines of fakes as processes of their own."""

    def __init__(self, home: Path) -> None:
        self.environment = {
            **os.environ,
            "CONCIERGE_HOME": str(home),
            "CONCIERGE_CATALOG": "films",
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "latin-1",
        }

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", FAKE, *arguments],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Whoever runs the tests in the background ignores Ctrl-C, and processes inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )


def test_a_reader_that_goes_away_ends_the_talk_quietly(process: Process) -> None:
    running = process.start("talk", "--json")
    assert running.stdin and running.stdout and running.stderr
    running.stdin.write("un café, 喜剧, a comedy\n".encode() + b"\xff\xfe broken bytes\n")
    running.stdin.flush()
    assert json.loads(running.stdout.readline())["act"]
    running.stdout.close()
    running.stdin.write(b"horror\n" * 50)
    running.stdin.close()
    assert running.wait(120) == 0
    assert running.stderr.read() == b""


def test_ctrl_c_ends_a_talk_in_one_line(process: Process) -> None:
    running = process.start("talk", "--json")
    assert running.stdin and running.stdout and running.stderr
    running.stdin.write(b"a comedy\n")
    running.stdin.flush()
    assert json.loads(running.stdout.readline())["act"]
    running.send_signal(signal.SIGINT)
    assert running.wait(120) == 130
    assert running.stderr.read() == b"concierge: stopped\n"


def test_serve_prints_its_address_when_it_is_ready_and_ends_on_ctrl_c(process: Process) -> None:
    import httpx

    running = process.start("serve", "--port", "0")
    assert running.stdout and running.stderr
    line = running.stdout.readline().decode()
    assert line.startswith("Concierge is ready: http://127.0.0.1:")
    address = line.split()[3]
    assert httpx.get(f"{address}/ready").json()["status"] == "ready"
    assert httpx.get(address).status_code == 200
    until = time.monotonic() + 60
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 0
    assert time.monotonic() < until
    assert running.stderr.read() == b""

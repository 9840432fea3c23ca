"""What is kept of a user is handed out or forgotten, all of it."""

import json
import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot import cli, trial
from bot.running.sessions import FILE

WORDS = "a comedy with Zanzibarian penguins"


def talk_as(client: TestClient, user: str, text: str) -> str:
    session = str(client.post("/api/sessions", json={"user": user}).json()["id"])
    client.post(f"/api/sessions/{session}/messages", json={"text": text})
    client.post(f"/api/sessions/{session}/feedback", json={"item": "heat", "kind": "like"})
    return session


def test_an_export_holds_what_was_said_and_what_is_believed(client: TestClient) -> None:
    session = talk_as(client, "ada", WORDS)
    found = client.get("/api/users/ada/export").json()
    assert found["user"] == "ada" and [s["id"] for s in found["sessions"]] == [session]
    held = found["sessions"][0]
    assert held["history"][0]["text"] == WORDS
    assert [event["item"] for event in held["events"]] == ["heat"]
    assert client.get("/api/users/nobody/export").json() == {"user": "nobody", "sessions": []}


def test_a_user_who_is_forgotten_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    bot = trial.build(tmp_path)
    for _ in range(2):
        session = bot.open(user="eve").id
        bot.turn(session, WORDS)
        bot.feedback(session, "heat", "like")
    kept = bot.open(user="ada").id
    assert bot.people.forget("eve") == 2
    assert bot.people.forget("eve") == 0
    assert bot.people.talks("eve") == ()
    assert bot.conversation(kept).user == "ada"
    bot.close()
    left = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE}*"))
    with sqlite3.connect(tmp_path / FILE) as file:
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}
        for table in tables & {"checkpoints", "writes", "talks"}:
            column = "id" if table == "talks" else "thread_id"
            assert {r[0] for r in file.execute(f"SELECT {column} FROM {table}")} <= {kept}
    assert b"eve" not in left


def test_what_was_said_stays_out_of_other_files(tmp_path: Path) -> None:
    bot = trial.build(tmp_path)
    session = bot.open(user="eve-of-all-users").id
    # A word of its own: Chroma writes stray memory of the process into its files, and other tests
    # may have left theirs there.
    bot.turn(session, WORDS.replace("Zanzibarian", "Lilliputian"))
    bot.close()
    for path in tmp_path.rglob("*"):
        if path.is_file() and not path.name.startswith(FILE):
            data = path.read_bytes()
            assert b"Lilliputian" not in data and b"eve-of-all-users" not in data, path
            assert session not in path.name


def test_the_file_of_conversations_is_ones_own(tmp_path: Path) -> None:
    trial.build(tmp_path).close()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["concierge", *arguments])
    code = cli.run()
    out, err = capsys.readouterr()
    return code, out, err


def test_the_commands_export_and_forget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    bot = trial.build(tmp_path)
    session = bot.open(user="eve").id
    bot.turn(session, WORDS)
    bot.close()
    code, out, _ = command(monkeypatch, capsys, "export", "eve")
    assert code == 0 and json.loads(out)["sessions"][0]["id"] == session
    assert command(monkeypatch, capsys, "forget", "eve")[:2] == (0, "1 session of eve forgotten\n")
    _, out, _ = command(monkeypatch, capsys, "export", "eve")
    assert json.loads(out)["sessions"] == []


def test_the_commands_make_list_and_take_back_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    code, secret, _ = command(monkeypatch, capsys, "keys", "add", "desk")
    assert code == 0 and secret.startswith("ck_") and len(secret.strip()) > 40
    _, listed, _ = command(monkeypatch, capsys, "keys", "list", "--json")
    assert json.loads(listed)["name"] == "desk" and secret.strip() not in listed
    code, _, told = command(monkeypatch, capsys, "keys", "revoke", "desk")
    assert code == 0 and "refuses everyone" in told
    code, _, told = command(monkeypatch, capsys, "keys", "revoke", "desk")
    assert code == 2 and told.startswith("concierge: expected the name")


def test_replay_shows_each_turn_with_its_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    monkeypatch.setattr("bot.app.build", lambda settings, preload: trial.build(settings.home))
    bot = trial.build(tmp_path)
    session = bot.open().id
    replies = [bot.turn(session, text) for text in ("a comedy", "hello", "from South Korea")]
    bot.close()
    code, out, _ = command(monkeypatch, capsys, "replay", session, "--json")
    turns = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and [turn["text"] for turn in turns] == [
        "a comedy",
        "hello",
        "from South Korea",
    ]
    for turn, reply in zip(turns, replies, strict=True):
        assert not turn["stages"]["changed_since"]
        ranked = [r["id"] for r in turn["stages"].get("ranked", ())]
        assert ranked == [item.id for item in reply.items]
    code, out, _ = command(monkeypatch, capsys, "replay", session)
    assert code == 0 and "retrieved" in out and "genres = ('comedy',)" in out
    code, _, told = command(monkeypatch, capsys, "replay", "nothing")
    assert code == 2 and "open a new one" in told

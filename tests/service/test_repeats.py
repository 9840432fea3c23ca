"""A request that is sent again is no second turn; messages at once are taken in order."""

import threading
from pathlib import Path

from fastapi.testclient import TestClient

from bot import trial
from bot.concierge import Concierge


def say(client: TestClient, session: str, text: str, key: str, **head: str) -> object:
    answer = client.post(
        f"/api/sessions/{session}/messages",
        json={"text": text},
        headers={"Idempotency-Key": key, **head},
    )
    assert answer.status_code == 200, answer.text
    return answer.text if head else answer.json()


def turns(client: TestClient, session: str) -> int:
    return int(client.get(f"/api/sessions/{session}").json()["turn"])


def test_a_repeated_message_has_the_same_answer_and_is_no_turn(
    client: TestClient, session: str
) -> None:
    first = say(client, session, "a comedy", "k1")
    assert say(client, session, "a comedy", "k1") == first
    assert turns(client, session) == 1
    say(client, session, "a comedy", "k2")
    assert turns(client, session) == 2


def test_a_repeated_message_can_be_streamed(client: TestClient, session: str) -> None:
    first = say(client, session, "a comedy", "k1")
    stream = say(client, session, "a comedy", "k1", Accept="text/event-stream")
    names = [line[7:] for line in str(stream).splitlines() if line.startswith("event: ")]
    assert names == ["understood", "token", "reply"]
    assert isinstance(first, dict) and first["items"][0]["id"] in str(stream)
    assert turns(client, session) == 1


def test_a_key_with_another_message_is_refused(client: TestClient, session: str) -> None:
    say(client, session, "a comedy", "k1")
    answer = client.post(
        f"/api/sessions/{session}/messages",
        json={"text": "a thriller"},
        headers={"Idempotency-Key": "k1"},
    )
    assert answer.status_code == 422 and answer.json()["type"].endswith("key-reused")
    assert turns(client, session) == 1


def test_the_same_key_in_another_session_is_another_request(
    client: TestClient, session: str
) -> None:
    other = str(client.post("/api/sessions", json={}).json()["id"])
    say(client, session, "a comedy", "k1")
    say(client, other, "a thriller", "k1")
    assert turns(client, other) == 1


def test_a_repeated_undo_takes_back_one_turn(client: TestClient, session: str) -> None:
    for key in ("k1", "k2"):
        say(client, session, "a comedy", key)
    head = {"Idempotency-Key": "k3"}
    first = client.post(f"/api/sessions/{session}/undo", headers=head)
    again = client.post(f"/api/sessions/{session}/undo", headers=head)
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    assert turns(client, session) == 1
    say(client, session, "undo that", "k4")
    say(client, session, "undo that", "k4")
    assert turns(client, session) == 0


def test_a_message_repeated_after_it_was_taken_back_stays_taken_back(
    client: TestClient, session: str
) -> None:
    first = say(client, session, "a comedy", "k1")
    client.post(f"/api/sessions/{session}/undo")
    assert say(client, session, "a comedy", "k1") == first
    assert turns(client, session) == 0


def test_a_message_sent_twice_at_once_is_one_turn(client: TestClient, session: str) -> None:
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.append(say(client, session, "a comedy", "k1")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert turns(client, session) == 1
    assert len(answers) == 6 and all(answer == answers[0] for answer in answers)


def test_messages_at_once_are_all_turns_of_their_own(client: TestClient, session: str) -> None:
    threads = [
        threading.Thread(target=say, args=(client, session, "a comedy", f"k{n}")) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = client.get(f"/api/sessions/{session}").json()
    assert [turn["reply"]["turn"] for turn in held["history"]] == [1, 2, 3, 4, 5, 6]


def test_a_key_that_is_none_is_refused(client: TestClient, session: str) -> None:
    for key in ("x" * 300, "two words", "b\xe4d"):
        answer = client.post(
            f"/api/sessions/{session}/messages",
            json={"text": "a comedy"},
            headers={"Idempotency-Key": key.encode("latin-1")},  # type: ignore[dict-item]
        )
        assert answer.status_code == 422, key


def test_a_repeat_is_known_after_a_restart(tmp_path: Path) -> None:
    from bot.running.stamps import Stamp

    def run(bot: Concierge, session: str) -> object:
        try:
            return bot.turn(session, "a comedy", Stamp(key="k1"))
        finally:
            bot.close()

    bot = trial.build(tmp_path)
    session = bot.open().id
    first = run(bot, session)
    assert run(trial.build(tmp_path), session) == first
    bot = trial.build(tmp_path)
    assert bot.conversation(session).turn == 1
    bot.close()

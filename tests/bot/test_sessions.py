"""The store of conversations: what survives, what is refused, what two processes do."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot import trial
from bot.errors import (
    NoSession,
    NothingToUndo,
    SessionBusy,
    StoreCorrupt,
    StoreDenied,
    StoreFull,
)
from bot.llm.fake import FakeLLM, silent
from bot.reading import Added, Reading
from bot.running.locks import Turnstile
from bot.running.sessions import (
    FILE,
    JsonSerde,
    from_json,
    named_errors,
    new_id,
    open_sessions,
    to_json,
)
from bot.types import (
    Conversation,
    Exchange,
    Point,
    Recommendation,
    Relative,
    Reply,
    Understood,
    Wishes,
)
from ranking.types import Event, Why
from retrieval.types import Constraint

HORROR = Reading(act="recommend", add=(Added(facet="genres", op="=", text="horror"),))
FULL = Conversation(
    id="s",
    catalog="films",
    user="u",
    turn=2,
    wishes=Wishes(
        constraints=(
            Constraint("year", "<>", (1990.0, 1999.0)),
            Constraint("genres", "=", ("comedy", "drama")),
            Constraint("runtime", "<=", 120.0),
        ),
        relative=(Relative("price", "low", "x", 0.5),),
        wish=("tense",),
    ),
    shown=("a", "b"),
    events=(Event("a", "liked", 12.5),),
    history=(
        Exchange(
            "hello “you” 👩\u200d👧",
            Reply(
                "hi",
                "recommend",
                1,
                (
                    Recommendation(
                        "a",
                        "A",
                        {"year": 1999, "price": 9.5, "os": None, "cast": ("X", "Y"), "kind": "z"},
                        0.25,
                        "because",
                        Why(0.1, 0.2, 0.0, 0.05, ("m",), ("n",)),
                    ),
                ),
                Understood("recommend", count=3),
                (Point("comedy", 0.5),),
                {"total": 12.0},
            ),
        ),
    ),
)


def test_a_conversation_comes_back_from_json_as_it_was():
    back = from_json(to_json(FULL))
    assert back == FULL
    facts = back.history[0].reply.items[0].facts
    assert isinstance(facts["year"], int) and isinstance(facts["price"], float)
    serde = JsonSerde()
    assert serde.loads_typed(serde.dumps_typed({"a": [FULL, 1]})) == {"a": [FULL, 1]}


def test_what_is_no_conversation_is_refused():
    with pytest.raises(StoreCorrupt, match="stored conversation"):
        from_json({"id": 3})
    with pytest.raises(StoreCorrupt, match="damaged"):
        JsonSerde().loads_typed(("json.z", b"rubbish"))
    with pytest.raises(TypeError):
        JsonSerde().dumps_typed(object())


def test_ids_cannot_be_guessed():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000 and all(len(i) == 22 for i in ids)


def test_a_file_that_is_no_database_is_named_with_its_remedy(tmp_path):
    (tmp_path / FILE).write_bytes(b"this is not a database, and it is long enough to be read" * 50)
    with pytest.raises(StoreCorrupt, match="backup"):
        open_sessions(tmp_path)


def test_a_home_that_is_a_file_is_named_with_its_remedy(tmp_path):
    (tmp_path / "home").write_text("here")
    with pytest.raises(StoreDenied, match="CONCIERGE_HOME"):
        open_sessions(tmp_path / "home")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database or disk is full", StoreFull),
        ("attempt to write a readonly database", StoreDenied),
        ("database is locked", StoreDenied),
    ],
)
def test_errors_of_the_disk_have_names(said, kind):
    with pytest.raises(kind, match="expected"), named_errors("somewhere"):
        raise sqlite3.OperationalError(said)


def test_a_full_disk_loses_nothing_and_the_message_can_be_sent_again(tmp_path):
    bot = trial.build(tmp_path, FakeLLM([HORROR] * 3, silent))
    session = bot.open().id
    bot.turn(session, "horror")
    before = bot.conversation(session)
    connection = bot._sessions.saver.conn
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull, match="free some space"):
        for _ in range(2):
            bot.turn(session, "more horror")
    held = bot.conversation(session)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert held.turn in (before.turn, before.turn + 1)
    bot.close()


def test_only_so_many_states_are_kept(tmp_path):
    bot = trial.build(tmp_path, FakeLLM([Reading(act="smalltalk")] * 80, silent))
    session = bot.open().id
    for _ in range(80):
        bot.turn(session, "hello")
    rows = bot._sessions.saver.conn.execute("SELECT count(*) FROM checkpoints").fetchone()[0]
    assert rows <= 3 * bot.settings.undo_depth + 1
    for _ in range(bot.settings.undo_depth):
        bot.undo(session)
    assert bot.conversation(session).turn == 80 - bot.settings.undo_depth
    bot.close()


def test_undo_of_a_conversation_without_a_turn_is_refused(tmp_path):
    sessions = open_sessions(tmp_path)
    with pytest.raises(NothingToUndo):
        sessions.before(FULL)
    with pytest.raises(NoSession):
        sessions.get("s")
    sessions.close()


def test_turns_come_through_in_the_order_in_which_they_came(tmp_path):
    gate, order = Turnstile(tmp_path, 20.0), []

    def pass_through(n):
        with gate.turn("s"):
            order.append(n)

    threads = [threading.Thread(target=pass_through, args=(n,)) for n in range(8)]
    with gate.turn("s"):
        for n, thread in enumerate(threads):
            thread.start()
            while len(gate._waiting["s"]) < n + 2:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8)) and gate._waiting == {}


def test_a_turn_that_never_ends_makes_the_next_one_give_up(tmp_path):
    gate = Turnstile(tmp_path, 0.05)
    with gate.turn("s"):
        with pytest.raises(SessionBusy, match="send the message again"), gate.turn("s"):
            pass
        with gate.turn("other"):
            pass
    with gate.turn("s"):
        pass


def test_another_process_on_the_same_home_waits_for_the_turn(tmp_path):
    script = (
        "import sys; from pathlib import Path; from bot.running.locks import Turnstile\n"
        "with Turnstile(Path(sys.argv[1]), 5.0).turn('s'):\n"
        "    print('in', flush=True); sys.stdin.readline()\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as other:
        assert other.stdout.readline().strip() == "in"
        with pytest.raises(SessionBusy), Turnstile(tmp_path, 0.2).turn("s"):
            pass
        other.stdin.write("\n")
        other.stdin.flush()
        with Turnstile(tmp_path, 10.0).turn("s"):
            pass


def test_two_bots_on_one_home_see_each_others_turns(tmp_path):
    one = trial.build(tmp_path, FakeLLM([HORROR], silent))
    session = one.open().id
    two = trial.build(tmp_path, FakeLLM([Reading(act="smalltalk")], silent))
    one.turn(session, "horror")
    two.turn(session, "thanks")
    assert one.conversation(session).turn == 2
    assert one.conversation(session) == replace(two.conversation(session))
    one.close()
    two.close()

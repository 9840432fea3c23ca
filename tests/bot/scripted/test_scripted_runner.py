"""Scripts played over twelve films: each in a talk of its own, here and over HTTP."""

import pytest

from bot.llm.fake import FakeLLM, silent
from bot.reading import Added, Reading
from bot.running.warmup import Warmup
from bot.scripted.errors import RemoteError
from bot.scripted.parsing import gather, read_scripts
from bot.scripted.report import outcome_lines, summary
from bot.scripted.runner import Stage
from bot.scripted.stages import here
from bot.scripted.stock import Stocks
from bot.service.app import create

GOOD = """\
  - user: a comedy, no romance
    expect:
      act: recommend
      items: {count: {is: 3}, every: {genres: {has: comedy, has_not: romance}}}
      understood: {constraints: {include: [[genres, =, comedy], [genres, "!=", romance]]}}
      reply: {mentions: ["items[0].title", "items[1].year"], language: en}
      latency: {max_ms: 600000}
  - feedback: {item: "items[0]", kind: like}
  - user: something like Heat
    expect: {items: {none_of: shown, titles: {exclude: [Heat]}}}
  - user: undo
    expect: {act: undo, items: {count: {is: 3}}}
  - feedback: {item: Heat, kind: seen}
  - user: hello
    expect: {act: smalltalk, items: {count: {max: 0}}, understood: {seen: {include: [Heat]}}}
"""
BAD = """\
  - user: a comedy, no romance
    expect: {act: clarify, items: {every: {year: {at_most: 1900}}}}
  - feedback: {item: "items[7]", kind: like}
  - user: hello
    expect: {act: smalltalk}
"""


def test_a_script_is_played_to_its_end(script, bot):
    concierge = bot()
    outcome = here(concierge).play(script(GOOD))
    assert outcome.passed and outcome.checked, "\n".join(outcome_lines(outcome))
    assert len(outcome.taken) == 6 and outcome.seconds > 0
    (line,) = outcome_lines(outcome)
    assert line.startswith("ok ") and "one (4 turns, " in line


def test_the_talk_is_forgotten_when_the_script_is_over(script, bot):
    concierge = bot()
    opened = []
    stage = here(concierge)
    open_one = stage.talker.open
    stage.talker.open = lambda *named: opened.append(open_one(*named)) or opened[-1]
    stage.play(script(GOOD))
    stage.play(script(GOOD))
    assert len(opened) == 2
    for session in opened:
        with pytest.raises(Exception, match="conversation"):
            concierge.conversation(session)


def test_a_failing_step_prints_the_turn_what_was_understood_and_why(script, bot):
    outcome = here(bot()).play(script(BAD))
    assert not outcome.passed and [step.number for step in outcome.failed] == [1, 2]
    told = "\n".join(outcome_lines(outcome))
    assert told.startswith("FAIL ") and "one.chat.yaml:4), you said: a comedy, no romance" in told
    assert "✗ act: expected clarify, got recommend" in told
    assert told.count("✗ items.every.year: expected at most 1900") == 3
    assert "understood: recommend; constraints: genres = comedy, genres != romance" in told
    assert "items[0] " in told and "score " in told and "= query " in told and "+ prior" in told
    assert "meets genres: comedy" in told
    assert "✗ feedback.item: expected items[7], got " in told


def test_a_bot_that_lies_fails_a_script_without_any_expectation(script, bot, monkeypatch):
    from bot.voice import explanation

    monkeypatch.setattr(explanation, "check", lambda *given: ())
    llm = FakeLLM(
        [Reading(act="recommend", add=(Added(facet="genres", op="=", text="crime"),))],
        lambda brief, n: ("It stars Charlie Chaplin.",),
    )
    outcome = here(bot(llm)).play(script("  - user: a crime film\n"))
    (step,) = outcome.failed
    assert step.failures[0].where == "grounded" and "Charlie Chaplin" in str(step.failures[0])


def test_an_error_ends_its_script_and_no_other(script, bot):
    stage = here(bot(FakeLLM([Reading(act="smalltalk")], silent)))
    first = script("  - user: hello\n  - user: and again\n  - user: more\n", "a.chat.yaml")
    outcome = stage.play(first)
    assert not outcome.passed and len(outcome.taken) == 1 and "queue" in outcome.error
    assert "ended after step 1: " in "\n".join(outcome_lines(outcome))
    lost = stage.play(script("name: b\ncatalog: wines\nturns: [{user: a}]\n", "b.chat.yaml"))
    assert "films" in lost.error and summary([outcome, lost]).startswith("0 of 2 scripts passed")


def test_many_scripts_at_a_time_come_to_the_same_in_the_same_order(script, bot, tmp_path):
    for n in range(6):
        script(GOOD if n % 2 else BAD, f"{n}.chat.yaml")
    scripts, mistakes = read_scripts(gather([tmp_path]))
    outcomes = list(here(bot()).play_all(scripts, parallel=4))
    assert not mistakes and [o.written.file.name[0] for o in outcomes] == list("012345")
    assert [o.passed for o in outcomes] == [False, True] * 3


@pytest.fixture
def server(bot):
    from fastapi.testclient import TestClient

    with TestClient(create(Warmup.done(bot()))) as client:
        yield client


def test_a_server_is_talked_to_as_a_bot_in_this_process(script, server, stock):
    from bot.scripted.remote import There

    there = There("http://testserver", server)
    stage = Stage(there, Stocks(lambda name: stock), "films")
    outcome = stage.play(script(GOOD))
    assert outcome.passed and outcome.checked, "\n".join(outcome_lines(outcome))
    assert not stage.play(script(BAD)).passed
    blind = Stage(there, Stocks(lambda name: None), "films").play(script("  - user: a comedy\n"))
    assert blind.passed and not blind.checked
    assert "claims not checked in 1" in summary([blind])


def test_what_a_server_refuses_or_breaks_is_told(server):
    import httpx

    from bot.scripted.remote import There

    with pytest.raises(RemoteError, match="422.*wines"):
        There("http://testserver", server).open("wines")
    odd = httpx.MockTransport(lambda request: httpx.Response(200, json={"reply": 3}))
    with pytest.raises(RemoteError, match="session API"):
        There("http://odd", httpx.Client(transport=odd, base_url="http://odd")).open(None)
    with pytest.raises(RemoteError, match="concierge serve"):
        There("http://127.0.0.1:1").open(None)

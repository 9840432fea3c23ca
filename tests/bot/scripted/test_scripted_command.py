"""`concierge test`: options, exit codes, reports, recording."""

import io
import sys
import xml.etree.ElementTree as ET

import pytest

from bot import cli, trial
from bot.running import starting
from bot.scripted.parsing import read_script
from bot.scripted.stages import here

GOOD = "  - user: a comedy, no romance\n    expect: {act: recommend, items: {count: {min: 3}}}\n"
BAD = "  - user: a comedy\n    expect: {act: clarify}\n"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run a command line over a bot of fakes; give its exit code and what it wrote."""
    home = tmp_path / "home"
    monkeypatch.setenv("CONCIERGE_HOME", str(home))
    monkeypatch.setenv("CONCIERGE_CATALOG", "films")
    monkeypatch.setattr("bot.app.build", lambda settings, progress: trial.build(settings.home))
    monkeypatch.setattr(starting, "check_catalog", lambda settings: None)

    def with_lines(*arguments, lines=""):
        monkeypatch.setattr(sys, "argv", ["concierge", "test", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        code = cli.run()
        return (code, *capsys.readouterr())

    return with_lines


def test_all_passed_is_zero_and_any_failure_one(run, script, tmp_path):
    script(GOOD, "talks/good.chat.yaml")
    code, out, err = run(tmp_path / "talks")
    assert (code, err) == (0, "") and out.endswith("1 of 1 scripts passed, 1 turns\n")
    script(BAD, "talks/bad.chat.yaml")
    code, out, err = run(tmp_path / "talks", "--parallel", "2")
    assert code == 1 and "✗ act: expected clarify" in out and "1 of 2 scripts passed" in out


def test_broken_scripts_are_two_and_nothing_is_run(run, script, tmp_path):
    script(GOOD, "talks/good.chat.yaml")
    (tmp_path / "talks" / "bad.chat.yaml").write_text("name: a\nturns: [{usr: a}]\n")
    code, out, err = run(tmp_path / "talks", "--junit", tmp_path / "out" / "report.xml")
    assert (code, out) == (2, "")
    assert "bad.chat.yaml:2: turns[0].usr: expected" in err and "2 mistakes in 1 script" in err
    suite = ET.parse(tmp_path / "out" / "report.xml").getroot()[0]
    assert suite.get("errors") == "2" and suite[0][0].get("type") == "BrokenScript"


def test_names_that_the_catalogue_does_not_have_are_two(run, script, tmp_path):
    script(GOOD.replace("count: {min: 3}", "every: {genre: {has: comedy}}"), "a.chat.yaml")
    code, out, err = run(tmp_path / "a.chat.yaml")
    assert (code, out) == (2, "") and "did you mean genres?" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "expected scripts at"),
        ([".", "--session", "x"], "--update"),
        (["a", "b", "--update"], "one new file"),
        (["talk.yaml", "--update"], ".chat.yaml"),
        ([], "See `concierge --help`"),
        ([".", "--parallel", "0"], "See `concierge --help`"),
    ],
)
def test_wrong_use_is_two_and_one_line(run, arguments, says):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and says in err and err.count("\n") == 1


def test_a_report_is_written_for_ci(run, script, tmp_path):
    script(GOOD, "talks/good.chat.yaml")
    script(BAD, "talks/bad.chat.yaml")
    report = tmp_path / "report.xml"
    assert run(tmp_path / "talks", "--junit", report)[0] == 1
    suite = ET.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    bad, good = suite
    assert good.get("name") == "one" and len(good) == 0 and float(good.get("time")) >= 0
    assert bad.get("line") == "4" and bad[0].get("message").startswith("step 1, act: expected")
    assert "understood: recommend" in bad[0].text and "= query" in bad[0].text


def test_a_talk_is_recorded_and_the_script_passes(run, tmp_path):
    file = tmp_path / "new" / "a-comedy-and-more.chat.yaml"
    lines = "a comedy, no romance\n/like 1\n/dance\n\nhorror\n/quit\nnever read\n"
    code, out, err = run(file, "--update", lines=lines)
    assert code == 0 and "1. " in out and "3 steps" in out and "/dance" in err
    first, mark, second = read_script(file).script.turns
    assert read_script(file).script.name == "a comedy and more"
    assert first.user == "a comedy, no romance" and first.expect.act == ("recommend",)
    assert first.expect.items.every["genres"].has == ("comedy",)
    assert first.expect.items.every["genres"].has_not == ("romance",)
    assert len(first.expect.understood.constraints.include) == 2
    assert mark.feedback.item == "items[0]" and mark.feedback.kind == "like"
    assert second.expect.items.none_of == "shown"
    assert run(file)[0] == 0
    code, _, err = run(file, "--update", lines="a comedy\n")
    assert code == 2 and "there already" in err
    assert run(tmp_path / "b.chat.yaml", "--update")[0] == 2


def test_a_saved_conversation_becomes_a_script(run, tmp_path):
    bot = trial.build(tmp_path / "home")
    session = bot.open().id
    bot.turn(session, "a comedy, no romance")
    bot.turn(session, "horror")
    bot.close()
    file = tmp_path / "saved.chat.yaml"
    assert run(file, "--update", "--session", session)[0] == 0
    assert [turn.user for turn in read_script(file).script.turns] == [
        "a comedy, no romance",
        "horror",
    ]
    code, out, _ = run(file)
    assert code == 0, out
    code, _, err = run(tmp_path / "c.chat.yaml", "--update", "--session", "nobody")
    assert code == 2 and "conversation" in err


def test_answers_are_recorded_by_the_facts_that_they_state(bot, tmp_path):
    from bot.llm.fake import FakeLLM, silent
    from bot.reading import Added, Reading
    from bot.scripted.live import record

    readings = [
        Reading(act="recommend", add=(Added(facet="genres", op="=", text="crime"),)),
        Reading(act="answer", refers=("#1",), asks=("director",)),
        Reading(act="smalltalk"),
    ]
    file = tmp_path / "a.chat.yaml"
    lines = iter(("a crime film", "who made it?", "谢谢"))
    assert record(here(bot(FakeLLM(readings, silent))), file, "films", lines) == 0
    _, answer, thanks = read_script(file).script.turns
    assert answer.expect.reply.mentions == ("items[0].director",)
    assert thanks.expect.reply.language == "zh"
    outcome = here(bot(FakeLLM(readings, silent))).play(read_script(file))
    assert outcome.passed

"""The pytest plugin: scripts are tests where they are asked for, and nowhere else."""

import pytest

pytest_plugins = ("pytester",)

CONFTEST = """
from pathlib import Path
import pytest
from bot import trial

@pytest.hookimpl(optionalhook=True)
def pytest_concierge(config):
    return trial.build(Path(__file__).parent / "home")
"""
GOOD = "name: good one\ncatalog: films\nturns: [{user: a comedy, expect: {act: recommend}}]\n"
BAD = "name: bad one\ncatalog: films\nturns:\n  - user: a comedy\n    expect: {act: clarify}\n"
BROKEN = "name: broken one\ncatalog: films\nturns: [{usr: a comedy}]\n"
UNKNOWN = GOOD.replace("act: recommend", "items: {every: {genre: {has: comedy}}}")


@pytest.fixture
def pytest_in(pytester, monkeypatch):
    """Run pytest with the plugin in a folder of scripts."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("CONCIERGE_CONVERSATIONS", raising=False)
    monkeypatch.setenv("CONCIERGE_CATALOG", "films")
    pytester.makeconftest(CONFTEST)

    def run(*arguments, **scripts):
        for name, text in scripts.items():
            (pytester.path / f"{name}.chat.yaml").write_text(text)
        return pytester.runpytest_inprocess("-p", "bot.scripted.plugin", *arguments)

    return run


def test_scripts_are_not_collected_unless_they_are_asked_for(pytest_in, monkeypatch):
    assert pytest_in(good=GOOD).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    pytest_in("--conversations").assert_outcomes(passed=1)
    pytest_in("good.chat.yaml").assert_outcomes(passed=1)
    monkeypatch.setenv("CONCIERGE_CONVERSATIONS", "1")
    pytest_in().assert_outcomes(passed=1)


def test_a_failing_script_is_reported_in_the_words_of_the_command(pytest_in):
    result = pytest_in("--conversations", good=GOOD, bad=BAD, unknown=UNKNOWN)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            "*✗ act: expected clarify, got recommend",
            "*understood: recommend; constraints: genres = comedy",
            "*items[[]0[]] *: score * = query *",
            "*did you mean genres?",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_broken_script_is_an_error_of_collection(pytest_in):
    result = pytest_in("--conversations", broken=BROKEN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines_random(["*broken.chat.yaml:3: turns[[]0[]].usr: expected*"])


def test_a_script_known_to_fail_is_told_when_it_passes(pytest_in):
    known = "known: not yet\n"
    result = pytest_in("--conversations", "-rxX", good=known + GOOD, bad=known + BAD)
    result.assert_outcomes(xfailed=1, xpassed=1)

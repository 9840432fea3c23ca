"""The pytest plugin: every `*.chat.yaml` is a test, where they are asked for.

They are collected with `--conversations`, with `CONCIERGE_CONVERSATIONS` set in the environment,
or when named on the command line; else not, as a bot with a real model takes its time. Loaded
with every pytest run where Concierge is installed, so it imports nothing but pytest until then.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.scripted import SUFFIX

if TYPE_CHECKING:
    from bot.scripted.parsing import Written
    from bot.scripted.runner import Outcome, Stage

_VARIABLE = "CONCIERGE_CONVERSATIONS"
_OFF = ("", "0", "no", "false")


class ScriptFailed(Exception):
    """A script did not come to what it must."""

    def __init__(self, outcome: "Outcome") -> None:
        super().__init__(outcome.written.script.name)
        self.outcome = outcome


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the hook by which a project brings its own bot."""
    from bot.scripted import hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("concierge", "scripted conversations")
    group.addoption(
        "--conversations",
        action="store_true",
        help=f"collect *{SUFFIX}, as {_VARIABLE}=1 in the environment does",
    )
    group.addoption(
        "--conversations-url",
        metavar="URL",
        help="let them talk to the Concierge at this address",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScriptFile | None":
    """Collect a script where scripts are asked for."""
    if not file_path.name.endswith(SUFFIX) or not _wanted(file_path, parent.config):
        return None
    collected: ScriptFile = ScriptFile.from_parent(parent, path=file_path)
    return collected


def _wanted(file: Path, config: pytest.Config) -> bool:
    if config.getoption("conversations") or config.getoption("conversations_url"):
        return True
    if os.environ.get(_VARIABLE, "").lower() not in _OFF:
        return True
    here = config.invocation_params.dir
    named = (here / argument.split("::")[0] for argument in config.args)
    return any(path.resolve() == file.resolve() for path in named)


class ScriptFile(pytest.File):
    """A script's file."""

    def collect(self) -> "Iterator[ScriptItem]":
        """Give the script as one test."""
        from bot.scripted.mistakes import BrokenScript
        from bot.scripted.parsing import read_script

        try:
            written = read_script(self.path)
        except BrokenScript as error:
            raise self.CollectError(str(error)) from error
        item: ScriptItem = ScriptItem.from_parent(self, name=written.script.name, written=written)
        if written.script.known:
            item.add_marker(pytest.mark.xfail(reason=written.script.known))
        yield item


class ScriptItem(pytest.Item):
    """A script as a test."""

    def __init__(self, *, written: "Written", **given: Any) -> None:  # noqa: ANN401
        super().__init__(**given)
        self.written = written

    def runtest(self) -> None:
        """Play the script."""
        from bot.scripted.mistakes import BrokenScript
        from bot.scripted.vocabulary import all_unknown_names

        stage = _stage(self.config)
        mistakes = all_unknown_names((self.written,), stage.stocks, stage.default)
        if mistakes:
            raise BrokenScript(mistakes)
        outcome = stage.play(self.written)
        if not outcome.passed:
            raise ScriptFailed(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return what failed in the words of `concierge test`."""
        from bot.scripted.mistakes import BrokenScript
        from bot.scripted.report import detail_lines

        error = excinfo.value
        if isinstance(error, ScriptFailed):
            return "\n".join(detail_lines(error.outcome))
        if isinstance(error, BrokenScript):
            return str(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the script stands and what it is called."""
        return self.path, 0, f"{self.path.name}: {self.name}"


_STAGE = pytest.StashKey["Stage"]()
_OPENED = pytest.StashKey[ExitStack]()


def _stage(config: pytest.Config) -> "Stage":
    """Return where scripts are played; it is made once and stays open until pytest ends."""
    if _STAGE not in config.stash:
        opened = config.stash.setdefault(_OPENED, ExitStack())
        config.stash[_STAGE] = _open(config, opened)
    return config.stash[_STAGE]


def _open(config: pytest.Config, opened: ExitStack) -> "Stage":
    from bot.running.starting import ready
    from bot.scripted import stages
    from bot.settings import Settings

    url = config.getoption("conversations_url")
    if url:
        return opened.enter_context(stages.there(url, Settings()))
    concierge = config.hook.pytest_concierge(config=config)
    if concierge is not None:
        opened.callback(concierge.close)
        return stages.here(concierge)
    return stages.here(opened.enter_context(ready(Settings())))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the bot, if one was opened."""
    if _OPENED in config.stash:
        config.stash[_OPENED].close()

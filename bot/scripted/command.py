"""`concierge test`: from paths and options to an exit code, with the report on standard output.

Exit codes: 0 all passed, 1 something failed, 2 broken scripts (nothing is run then).
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UnknownCatalog
from bot.scripted import stages
from bot.scripted.errors import RecordingError
from bot.scripted.junit import write_junit
from bot.scripted.live import check_new, convert, record
from bot.scripted.mistakes import Mistake, where
from bot.scripted.parsing import Written, gather, read_scripts
from bot.scripted.report import outcome_lines, summary
from bot.scripted.runner import Outcome, Stage
from bot.scripted.stock import Stocks
from bot.scripted.vocabulary import all_unknown_names
from bot.settings import Settings

PASSED, FAILED, BROKEN = 0, 1, 2


@dataclass(frozen=True)
class Options:
    """What `concierge test` was told.

    Parameters
    ----------
    paths
        Files and folders; the one new file when recording.
    junit
        Where to write JUnit XML.
    parallel
        How many scripts to play at a time.
    url
        A server to talk to instead of a bot in this process.
    facts
        Catalogues' files, to check a server's claims by.
    update
        Whether to record a script.
    session
        The saved conversation to record.
    """

    paths: tuple[Path, ...]
    junit: Path | None = None
    parallel: int = 1
    url: str | None = None
    facts: tuple[Path, ...] = ()
    update: bool = False
    session: str | None = None


def test(options: Options, settings: Settings) -> int:
    """Run scripts, or record one; return the exit code.

    Raises
    ------
    ScriptError
        See `bot.scripted.errors`; broken scripts are told and not raised.
    """
    if options.update:
        return _record(options, settings)
    if options.session is not None:
        raise RecordingError("expected --update with --session, got none; add it and a new file")
    scripts, mistakes = read_scripts(gather(options.paths))
    if options.url is None:
        mistakes += _unknown_catalogs(scripts, settings)
    files = stages.of_files(options.facts)
    mistakes += all_unknown_names(scripts, files, settings.catalog)
    if mistakes:
        return _broken(mistakes, options)
    names = dict.fromkeys(written.script.catalog or settings.catalog for written in scripts)
    with _open(options, settings, tuple(names), files) as stage:
        mistakes = all_unknown_names(scripts, stage.stocks, settings.catalog)
        if mistakes:
            return _broken(mistakes, options)
        outcomes = _play(stage, scripts, options.parallel)
    if options.junit:
        write_junit(options.junit, outcomes)
    return PASSED if all(outcome.expected for outcome in outcomes) else FAILED


def _record(options: Options, settings: Settings) -> int:
    if len(options.paths) != 1:
        got = f"{len(options.paths)} paths"
        raise RecordingError(f"expected one new file with --update, got {got}; name one")
    file = options.paths[0]
    check_new(file)
    with _open(options, settings, (settings.catalog,), stages.of_files(options.facts)) as stage:
        if options.session is not None:
            return convert(stage, file, options.session)
        return record(stage, file, settings.catalog)


def _unknown_catalogs(scripts: Iterable[Written], settings: Settings) -> tuple[Mistake, ...]:
    """Return the scripts' catalogues that do not exist here; nothing is opened to find out."""
    from bot.running.starting import check_catalog

    found = []
    for written in scripts:
        name = written.script.catalog or settings.catalog
        try:
            check_catalog(settings.model_copy(update={"catalog": name}))
        except UnknownCatalog as error:
            line = written.line("catalog")
            expected, _, remedy = str(error).removeprefix("expected ").partition("; ")
            expected = expected.partition(", got ")[0]
            place = where(("catalog",))
            found.append(Mistake(written.file, line, expected, repr(name), remedy, place))
    return tuple(found)


@contextmanager
def _open(
    options: Options, settings: Settings, catalogs: Sequence[str], files: Stocks
) -> Iterator[Stage]:
    """Give a stage: a server, or a bot in this process that is ready for all catalogues."""
    if options.url is not None:
        with stages.there(options.url, settings, files) as stage:
            yield stage
        return
    from bot.running.starting import ready

    with ready(settings.model_copy(update={"catalog": catalogs[0]})) as concierge:
        for name in catalogs[1:]:
            concierge.warm(name)
        yield stages.here(concierge)


def _play(stage: Stage, scripts: Sequence[Written], parallel: int) -> tuple[Outcome, ...]:
    outcomes: list[Outcome] = []
    for outcome in stage.play_all(scripts, parallel):
        outcomes.append(outcome)
        sys.stdout.write("\n".join(outcome_lines(outcome)) + "\n")
        sys.stdout.flush()
    sys.stdout.write(summary(outcomes) + "\n")
    return tuple(outcomes)


def _broken(mistakes: Sequence[Mistake], options: Options) -> int:
    """Tell the mistakes of scripts; return the exit code."""
    for mistake in mistakes:
        sys.stderr.write(f"{mistake}\n")
    files = len({mistake.file for mistake in mistakes})
    many = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
    sys.stderr.write(
        f"concierge: {many} in {files} script{'s' if files > 1 else ''}; none was run\n"
    )
    if options.junit:
        write_junit(options.junit, (), mistakes)
    return BROKEN

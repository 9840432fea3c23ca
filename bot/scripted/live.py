"""Recording: lines are typed or piped in, answered, and written down as a script.

Marks on items are typed as in `concierge talk`: /like N, /dislike N, /seen N; /quit ends it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from bot.errors import ConciergeError
from bot.memory.feedback import FeedbackKind
from bot.scripted import SUFFIX
from bot.scripted.errors import RecordingError
from bot.scripted.moment import Moment
from bot.scripted.parsing import read_script
from bot.scripted.recorder import Marked, moments_of, script_yaml
from bot.scripted.runner import Stage, follow, last_shown, start

_PROMPT = "you> "
_MARKS: dict[str, FeedbackKind] = {"/like": "like", "/dislike": "dislike", "/seen": "seen"}


def check_new(file: Path) -> None:
    """Fail where a script must not be written.

    Raises
    ------
    RecordingError
        If its name does not end as scripts' names do, or it is there already.
    """
    if not file.name.endswith(SUFFIX):
        raise RecordingError(
            f"expected a name that ends in {SUFFIX}, got {file.name}; add the ending, so that the "
            "script is found"
        )
    if file.exists():
        raise RecordingError(
            f"expected a new file, got {file}, which is there already; name another or delete it"
        )


def record(stage: Stage, file: Path, catalog: str, lines: Iterator[str] | None = None) -> int:
    """Talk until the lines end and write the script; return the exit code.

    Parameters
    ----------
    stage
        The bot to talk to.
    file
        Where to write, a new file.
    catalog
        The catalogue's name.
    lines
        What the person says; by default what is typed or piped in.

    Raises
    ------
    RecordingError
        If nothing was said, or the file cannot be written.
    """
    session = stage.talker.open(catalog)
    try:
        steps = list(_steps(stage, session, catalog, _typed() if lines is None else lines))
    finally:
        stage.talker.close(session)
    if not any(isinstance(step, Moment) for step in steps):
        raise RecordingError("expected at least one line, got none; type what you would say")
    _write(file, script_yaml(_name(file), catalog, steps))
    return 0


def convert(stage: Stage, file: Path, session: str) -> int:
    """Write a saved conversation down as a script; return the exit code.

    Raises
    ------
    RecordingError
        If it is empty or no longer whole, or the file cannot be written.
    """
    past = stage.talker.past(session)
    moments = moments_of(past, stage.stocks.get(past.catalog))
    _write(file, script_yaml(_name(file), past.catalog, moments))
    return 0


def _steps(
    stage: Stage, session: str, catalog: str, lines: Iterator[str]
) -> Iterator[Moment | Marked]:
    now = start(stage.stocks.get(catalog))
    for line in lines:
        text = line.strip()
        if text in ("/quit", "/exit"):
            return
        if not text:
            continue
        try:
            if text.startswith("/"):
                yield _mark(stage, session, text, now)
                continue
            reply = stage.talker.say(session, text)
        except ConciergeError as error:
            sys.stderr.write(f"concierge: left out: {error}\n")
            continue
        now = follow(now, text, reply, stage.talker.held(session))
        sys.stdout.write(reply.reply + "\n")
        sys.stdout.flush()
        yield now


def _mark(stage: Stage, session: str, text: str, now: Moment) -> Marked:
    name, _, rest = text.partition(" ")
    shown = last_shown(now)
    place = int(rest) if rest.isdecimal() else 0
    if name not in _MARKS or not 1 <= place <= len(shown):
        raise RecordingError(
            f"expected {', '.join(_MARKS)} and a number from 1 to {len(shown)}, or /quit, got "
            f"{text[:40]!r}; type it so"
        )
    stage.talker.feedback(session, shown[place - 1].id, _MARKS[name])
    return Marked(place - 1, _MARKS[name])


def _typed() -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    while True:
        try:
            yield input(_PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return


def _name(file: Path) -> str:
    return file.name.removesuffix(SUFFIX).replace("-", " ").replace("_", " ").strip() or "a talk"


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise RecordingError(
            f"expected to write {file}, got {error.strerror}; name another file"
        ) from error
    steps = len(read_script(file).script.turns)
    sys.stdout.write(f"{file}: {steps} steps. Read it over, then: concierge test {file}\n")

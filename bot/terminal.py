"""A talk in the terminal or through a pipe, and lines read one by one.

Lines in, text or JSON lines out; an error of one line is told and the next line goes on.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.concierge import Concierge, Done, FeedbackKind, Token, reply_json, understood_json
from bot.errors import BadText, ConciergeError
from bot.replies import points_json

PROMPT = "you> "
_HELP = """\
Say what you are looking for, in your own words.
/like N, /dislike N, /seen N   what you think of the N-th item shown
/undo                          take the last turn back
/new                           start over
/quit                          end (or Ctrl-D)
"""
_MARKS: tuple[FeedbackKind, ...] = ("like", "dislike", "seen")


@dataclass
class _Talk:
    """One talk at the terminal: where it stands and how it is written."""

    concierge: Concierge
    as_json: bool
    session: str
    failed: bool = False


def talk(concierge: Concierge, as_json: bool = False) -> int:
    """Answer lines until they end; return the exit code, 1 where a line could not be answered.

    Parameters
    ----------
    concierge
        The bot.
    as_json
        Whether to write one JSON reply a line instead of text.
    """
    now = _Talk(concierge, as_json, concierge.open().id)
    at_terminal = sys.stdin.isatty()
    if at_terminal and not as_json:
        _write("Say what you are looking for; /help tells what else you can do.")
    for line in _typed() if at_terminal else sys.stdin:
        text = line.strip()
        if text in ("/quit", "/exit"):
            break
        if not text:
            continue
        try:
            _answer(now, text)
        except ConciergeError as error:
            now.failed = not at_terminal
            _complain(now, error)
    return 1 if now.failed else 0


def understand(concierge: Concierge) -> int:
    """Write what each line means as one JSON line; return the exit code as `talk` does.

    A line that cannot be read becomes `{"error": …}`, so that lines in and out stay in step.
    """
    failed = False
    for line in sys.stdin:
        try:
            found: dict[str, Any] = understood_json(concierge.understand(line.rstrip("\n")))
        except BadText as error:
            failed, found = True, {"error": str(error)}
        _write(json.dumps(found, ensure_ascii=False))
    return 1 if failed else 0


def _typed() -> Iterator[str]:
    """Yield the lines typed at a terminal, with the keys that edit them."""
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - editing keys and history for `input`
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            _write("")
            return


def _answer(now: _Talk, text: str) -> None:
    if text.startswith("/"):
        _command(now, text)
    elif now.as_json:
        _write(json.dumps(reply_json(now.concierge.turn(now.session, text)), ensure_ascii=False))
    else:
        for part in now.concierge.stream(now.session, text):
            if isinstance(part, Token):
                sys.stdout.write(part.text)
                sys.stdout.flush()
            elif isinstance(part, Done):
                _write("\n")


def _command(now: _Talk, text: str) -> None:
    name, _, rest = text[1:].partition(" ")
    commands: dict[str, Callable[[], None]] = {
        "help": lambda: _write(_HELP),
        "undo": lambda: _undo(now),
        "new": lambda: _anew(now),
    }
    kind = next((mark for mark in _MARKS if mark == name), None)
    if kind is not None:
        _mark(now, kind, rest)
    elif name in commands:
        commands[name]()
    else:
        raise BadText(f"there is no /{name[:20]}; /help lists what there is")


def _undo(now: _Talk) -> None:
    reply = now.concierge.undo(now.session)
    _write(json.dumps(reply_json(reply), ensure_ascii=False) if now.as_json else reply.reply)


def _anew(now: _Talk) -> None:
    now.session = now.concierge.open().id
    if not now.as_json:
        _write("A new talk.")


def _mark(now: _Talk, kind: FeedbackKind, rest: str) -> None:
    shown = now.concierge.conversation(now.session).shown
    place = int(rest) if rest.isdecimal() else 0
    if not 1 <= place <= len(shown):
        raise BadText(f"expected /{kind} and a number from 1 to {len(shown)}, got {rest[:20]!r}")
    points = now.concierge.feedback(now.session, shown[place - 1], kind)
    if now.as_json:
        _write(json.dumps({"interest": points_json(points)}, ensure_ascii=False))
    else:
        said = ", ".join(f"{p.point} {p.p:.0%}" for p in points[:4])
        _write(f"Noted. I believe you like: {said or 'nothing yet'}.")


def _complain(now: _Talk, error: ConciergeError) -> None:
    if now.as_json:
        _write(json.dumps({"error": str(error)}, ensure_ascii=False))
    else:
        sys.stdout.flush()
        sys.stderr.write(f"concierge: {error}\n")


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

"""`concierge export USER` and `concierge forget USER`: all that is kept of someone."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.running.people import People

User = Annotated[str, typer.Argument(help="The user's name, as sessions were opened with.")]


@contextmanager
def _people() -> "Iterator[People]":
    """Give the store without any model; a service on the same folder may go on."""
    from bot.running.locks import Turnstile
    from bot.running.people import People
    from bot.running.sessions import open_sessions
    from bot.settings import Settings

    settings = Settings()
    sessions = open_sessions(settings.home)
    try:
        yield People(sessions, Turnstile(settings.home / "locks", settings.busy_s))
    finally:
        sessions.close()


def export(user: User) -> None:
    """Print everything that is kept of a user, as JSON."""
    from bot.running.people import export_json

    with _people() as people:
        found = export_json(user, people.talks(user))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def forget(user: User) -> None:
    """Forget a user: every session with its states, for good."""
    with _people() as people:
        gone = people.forget(user)
    sys.stdout.write(f"{gone} session{'' if gone == 1 else 's'} of {user} forgotten\n")

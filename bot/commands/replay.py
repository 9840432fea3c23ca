"""`concierge replay SESSION`: each turn of a talk with its stages."""

import json
import sys
from typing import Annotated

import typer


def replay(
    session: Annotated[str, typer.Argument(help="A session's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one turn a line.")] = False,
) -> None:
    """Show what was understood, found, ranked and said in each turn of a session."""
    from bot import app
    from bot.running.replay import step_json, step_text, steps
    from bot.settings import Settings
    from ranking.score import ScoreWeights

    settings = Settings()
    bot = app.build(settings, preload=False)
    try:
        talk = bot.conversation(session)
        states = bot.states(session)
        for step in steps(states, bot.room(talk.catalog), ScoreWeights(), settings.count):
            line = json.dumps(step_json(step), ensure_ascii=False) if as_json else step_text(step)
            sys.stdout.write(line + "\n")
    finally:
        bot.close()

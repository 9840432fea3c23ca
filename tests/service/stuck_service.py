"""A service of fakes in a process of its own that stops in a stage of a turn, or is slow.

`python tests/service/stuck_service.py HOME PORT STAGE`; without a stage it just serves.
"""

import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from bot import app, trial, turn  # noqa: F401 - the parts that are stopped
from bot import graph as graph_module
from bot.running.checkpoints import Saver
from bot.running.warmup import Stage, Warmup
from bot.service import server
from bot.service.app import create
from bot.types import Understood

HERE = "stuck in the stage"


def stop(*given: Any, **named: Any) -> NoReturn:
    print(HERE, flush=True)  # noqa: T201
    time.sleep(600)
    raise SystemExit


def stick(stage: str) -> None:
    """Replace what a stage calls."""
    if stage == "slow":
        understand = turn.understand

        def slowly(*given: Any) -> Understood:
            print(HERE, flush=True)  # noqa: T201
            time.sleep(1.5)
            return understand(*given)

        turn.understand = slowly
    elif stage == "understand":
        turn.understand = stop
    elif stage == "retrieve":
        turn.retrieve = stop
    elif stage == "rank":
        graph_module.rank_found = stop
    elif stage == "say":
        graph_module.say = stop
    elif stage == "keep":
        Saver.put = stop  # type: ignore[method-assign]
    elif stage == "kept":
        # The turn is on the disk, its answer is not yet sent.
        from bot.running.sessions import Sessions

        Sessions.trim = stop  # type: ignore[method-assign]


def main(home: str, port: str, stage: str = "") -> None:
    bot = trial.build(Path(home))
    listener = server.listen("127.0.0.1", int(port))
    warmup = Warmup([Stage("bot", lambda _: bot)])
    bot.warm()
    if stage:
        bot.turn(bot.open().id, "a comedy")
        stick(stage)
    server.run(create(warmup, opened=lambda: print("open", flush=True)), warmup, listener)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])

"""One turn as server-sent events: `understood`, `token` …, `reply`; `problem` if it breaks off.

Knows nothing of how a turn is made; the facade runs it to its end even when the reader goes away.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.concierge import Done, Said, Token, Understanding, reply_json, understood_json
from bot.service.problems import problem_of

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def events(said: Iterator[Said]) -> Iterator[str]:
    """Return the events of a turn as text.

    The first part of the turn is awaited here, so that an error before it is raised to the
    caller, who can still answer with a status.
    """
    return _written(_event(next(said)), said)


def _written(first: str, rest: Iterator[Said]) -> Iterator[str]:
    yield first
    try:
        for part in rest:
            yield _event(part)
    except Exception as error:  # noqa: BLE001 - the status is sent: the stream itself must say it
        yield _sse("problem", problem_of(error).json())


def _event(part: Said) -> str:
    match part:
        case Understanding(understood):
            return _sse("understood", understood_json(understood))
        case Token(text):
            return _sse("token", {"text": text})
        case Done(reply):
            return _sse("reply", reply_json(reply))


def _sse(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

"""The log on standard error: a line for each turn and each trouble, without anyone's words.

As JSON each line is one object. Errors of other libraries are told by their kind and place
alone, since their messages may quote what people said or what must stay secret.
"""

import copy
import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping
from typing import Any

from bot.errors import ConciergeError
from bot.llm.errors import LLMError
from bot.running import trail
from bot.running.watching import Took
from bot.settings import Settings
from ranking.errors import RankingError
from retrieval.errors import RetrievalError

_OURS = (ConciergeError, LLMError, RankingError, RetrievalError)
_turns = logging.getLogger("concierge.turn")


def write_to_stderr(settings: Settings) -> None:
    """Log warnings of every library, and turns where the log is read by machines."""
    as_json = settings.log == "json" or (settings.log == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if as_json else _Plain())
    # Some libraries set levels of their own, hence the handler's; turns are ours and wanted.
    handler.addFilter(lambda record: record.levelno >= _least(record.name, as_json))
    logging.getLogger().addHandler(handler)
    logging.getLogger("concierge").setLevel(logging.INFO)


def _least(name: str, as_json: bool) -> int:
    return logging.INFO if as_json and name.startswith("concierge.") else logging.WARNING


class TurnLog:
    """Logs each turn that ends; its text only where the operator wants it."""

    def __init__(self, with_text: bool) -> None:
        self._with_text = with_text

    def __call__(self, took: Took) -> None:
        """Log a turn."""
        about: dict[str, Any] = {
            "session": took.session,
            "ms": round(took.lasted_s * 1000),
            "failed": took.failed,
        }
        if took.reply is not None:
            stages = {name: round(ms) for name, ms in took.reply.timings_ms.items()}
            about |= {"turn": took.reply.turn, "act": took.reply.act, "stages_ms": stages}
            about |= {"items": len(took.reply.items), "plain": took.plain}
        if self._with_text:
            about["text"] = took.text
            about["reply"] = took.reply.reply if took.reply else ""
        _turns.info("turn", extra={"about": about, "request": took.request})


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request", "") or trail.current(),
        }
        about = getattr(record, "about", None)
        if isinstance(about, Mapping):
            line |= about
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"], line["stack"] = _kind(error), _stack(error)
        return json.dumps({k: v for k, v in line.items() if v != ""}, ensure_ascii=False)


class _Plain(logging.Formatter):
    """A line for people, and where an error came from."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        fresh = copy.copy(record)
        fresh.exc_text = None  # another handler may have left the whole error there
        return super().format(fresh)

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - the base's name and type
        error: BaseException = ei[1]
        return "\n".join((f"  {_kind(error)}", *(f"  {line}" for line in _stack(error))))


def _kind(error: BaseException) -> str:
    """Return an error's kind, and its words where they are ours."""
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, _OURS) else name


def _stack(error: BaseException) -> list[str]:
    """Return where an error came from, the innermost place last."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]

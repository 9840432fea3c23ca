"""Errors as RFC 9457 problem details: a type, a title, the status and one clear sentence.

What the caller can mend is told in full; what only the operator can mend is told in general and
logged in full, so that no path and no stack trace leaves the service.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot import errors
from bot.llm.errors import Late, LLMError, Overloaded
from bot.running import trail
from retrieval.errors import RetrievalError

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("concierge.service")


@dataclass(frozen=True)
class Problem:
    """One problem: `kind` is the stable name of its type, `retry_s` when to try again."""

    status: int
    kind: str
    title: str
    detail: str
    retry_s: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """Return the members of the problem as JSON holds them."""
        return {
            "type": f"urn:concierge:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:concierge:request:{trail.current()}",
            **self.extra,
        }

    def response(self) -> JSONResponse:
        """Return the problem as a response."""
        headers = dict(self.headers)
        if self.retry_s is not None:
            headers["Retry-After"] = str(self.retry_s)
        return JSONResponse(self.json(), self.status, headers, MEDIA_TYPE)


def respond(problem: Problem, path: str) -> JSONResponse:
    """Return a problem as a response, under `/v1/` in the words of OpenAI's API, too."""
    if not path.startswith("/v1/"):
        return problem.response()
    kind = "invalid_request_error" if problem.status < 500 else "server_error"
    error = {"message": problem.detail, "type": kind, "param": None, "code": problem.kind}
    return replace(problem, extra={**problem.extra, "error": error}).response()


# Errors of the caller, told in their own words.
_CALLER: tuple[tuple[type[errors.ConciergeError], int, str, str], ...] = (
    (errors.NoSession, 404, "unknown-session", "Unknown session"),
    (errors.BadText, 422, "bad-text", "Message not readable"),
    (errors.UnknownCatalog, 422, "unknown-catalog", "Unknown catalogue"),
    (errors.BadItem, 422, "bad-item", "Item not usable"),
    (errors.UnknownItem, 422, "unknown-item", "Unknown item"),
    (errors.NothingToUndo, 409, "nothing-to-undo", "Nothing to undo"),
    (errors.KeyReused, 422, "key-reused", "Key used before"),
)
_OPERATOR = "The operator finds the cause in the service's log. Please try again in a while."


def problem_of(error: Exception) -> Problem:
    """Return the problem that tells an error; what is not the caller's is logged here."""
    if isinstance(error, errors.NotReady):
        return Problem(503, "not-ready", "Not ready", str(error), retry_s=1)
    for kind, status, name, title in _CALLER:
        if isinstance(error, kind):
            return Problem(status, name, title, str(error))
    if isinstance(error, errors.SessionBusy):
        return Problem(409, "session-busy", "Session busy", str(error), retry_s=1)
    if isinstance(error, Overloaded | errors.TooBusy):
        detail = "More messages wait than can be answered now. Please try again in a moment."
        return Problem(503, "overloaded", "Overloaded", detail, retry_s=2)
    if isinstance(error, Late):
        detail = "The answer takes too long just now. Please try again in a moment."
        return Problem(503, "too-late", "Too late", detail, retry_s=5)
    _log.error("request failed", exc_info=error)
    if isinstance(error, errors.StoreFull):
        return Problem(507, "store-full", "No room left", f"The disk is full. {_OPERATOR}")
    if isinstance(error, errors.ConciergeError | RetrievalError | LLMError):
        return Problem(
            503, "unavailable", "Unavailable", f"A part is not available. {_OPERATOR}", retry_s=5
        )
    return Problem(500, "internal", "Internal error", f"Something went wrong here. {_OPERATOR}")


def install(app: FastAPI) -> None:
    """Make an application answer every error that it knows with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(errors.ConciergeError, _raised)
    app.add_exception_handler(RetrievalError, _raised)
    app.add_exception_handler(LLMError, _raised)


async def _raised(request: Request, error: Exception) -> JSONResponse:
    return respond(problem_of(error), request.scope["path"])


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return await _raised(request, error)
    status = error.status_code
    told = {
        400: ("not-json", "Not JSON", "The body is not readable as JSON in UTF-8."),
        404: ("no-such-page", "Not found", "There is nothing at this address."),
        405: ("method", "Method not allowed", f"{request.method} is not possible here."),
    }
    kind, title, detail = told.get(status, ("http", "Not possible", str(error.detail)))
    problem = Problem(status, kind, title, detail, headers=error.headers or {})
    return respond(problem, request.scope["path"])


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found = list(error.errors()) if isinstance(error, RequestValidationError) else []
    return respond(_told(found, request.headers.get("content-type", "")), request.scope["path"])


def _told(found: Sequence[Any], media: str) -> Problem:
    """Return the problem of a request that does not fit its schema."""
    if any(e["type"] == "json_invalid" for e in found):
        return Problem(400, "not-json", "Not JSON", "The body is not readable as JSON in UTF-8.")
    if any(e["loc"][0] == "body" for e in found) and "json" not in media:
        expected = "Expected a body with Content-Type: application/json."
        return Problem(415, "media-type", "Unsupported media type", expected)
    listed = [
        {"field": ".".join(str(part) for part in e["loc"][1:]) or "body", "message": e["msg"]}
        for e in found
    ]
    detail = "; ".join(f"{e['field']}: {e['message']}" for e in listed) or "The body is not valid."
    return Problem(422, "invalid", "Not valid", detail, extra={"errors": listed})

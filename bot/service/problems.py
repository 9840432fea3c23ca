"""Errors as RFC 9457 problem details: a type, a title, the status and one clear sentence.

What the caller can mend is told in full; what only the operator can mend is told in general and
logged in full, so that no path and no stack trace leaves the service.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot import errors
from bot.llm.errors import LLMError, Overloaded
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

    def json(self) -> dict[str, Any]:
        """Return the members of the problem as JSON holds them."""
        return {
            "type": f"urn:concierge:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }

    def response(self) -> JSONResponse:
        """Return the problem as a response."""
        headers = {"Retry-After": str(self.retry_s)} if self.retry_s is not None else None
        return JSONResponse(self.json(), self.status, headers, MEDIA_TYPE)


# Errors of the caller, told in their own words.
_CALLER: tuple[tuple[type[errors.ConciergeError], int, str, str], ...] = (
    (errors.NoSession, 404, "unknown-session", "Unknown session"),
    (errors.BadText, 422, "bad-text", "Message not readable"),
    (errors.UnknownCatalog, 422, "unknown-catalog", "Unknown catalogue"),
    (errors.BadItem, 422, "bad-item", "Item not usable"),
    (errors.UnknownItem, 422, "unknown-item", "Unknown item"),
    (errors.NothingToUndo, 409, "nothing-to-undo", "Nothing to undo"),
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
    if isinstance(error, Overloaded):
        detail = "More messages wait than can be answered now. Please try again in a moment."
        return Problem(503, "overloaded", "Overloaded", detail, retry_s=2)
    _log.error("request failed: %s", error, exc_info=error)
    if isinstance(error, errors.StoreFull):
        return Problem(507, "store-full", "No room left", f"The disk is full. {_OPERATOR}")
    if isinstance(error, errors.ConciergeError | RetrievalError | LLMError):
        return Problem(
            503, "unavailable", "Unavailable", f"A part is not available. {_OPERATOR}", retry_s=5
        )
    return Problem(500, "internal", "Internal error", f"Something went wrong here. {_OPERATOR}")


def install(app: FastAPI) -> None:
    """Make an application answer every error with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(errors.ConciergeError, _raised)
    app.add_exception_handler(RetrievalError, _raised)
    app.add_exception_handler(LLMError, _raised)
    app.add_exception_handler(Exception, _raised)


async def _raised(request: Request, error: Exception) -> JSONResponse:
    return problem_of(error).response()


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return problem_of(error).response()
    status = error.status_code
    told = {
        400: ("not-json", "Not JSON", "The body is not readable as JSON in UTF-8."),
        404: ("no-such-page", "Not found", "There is nothing at this address."),
        405: ("method", "Method not allowed", f"{request.method} is not possible here."),
    }
    kind, title, detail = told.get(status, ("http", "Not possible", str(error.detail)))
    response = Problem(status, kind, title, detail).response()
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found = list(error.errors()) if isinstance(error, RequestValidationError) else []
    if any(e["type"] == "json_invalid" for e in found):
        return Problem(
            400, "not-json", "Not JSON", "The body is not readable as JSON in UTF-8."
        ).response()
    media = request.headers.get("content-type", "")
    if "json" not in media:
        return Problem(
            415,
            "media-type",
            "Unsupported media type",
            "Expected a body with Content-Type: application/json.",
        ).response()
    listed = [
        {"field": ".".join(str(part) for part in e["loc"][1:]) or "body", "message": e["msg"]}
        for e in found
    ]
    detail = "; ".join(f"{e['field']}: {e['message']}" for e in listed) or "The body is not valid."
    return Problem(422, "invalid", "Not valid", detail, extra={"errors": listed}).response()

"""The desk's routes: Rasa's channel, Chatwoot's webhook, the widget's file.

They translate between HTTP and the desk and decide nothing.
"""

import contextlib
import json
import time
from collections.abc import AsyncIterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import anyio
import anyio.to_thread
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from bot.desk import rasa
from bot.desk.chatwoot_event import Payload
from bot.desk.desk import Desk
from bot.desk.signing import is_genuine
from bot.errors import NotReady
from bot.running.loading import Later
from bot.running.warmup import Warmup
from bot.service import streaming
from bot.service.problems import MEDIA_TYPE as PROBLEM
from bot.service.problems import Problem

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be met as it is", "content": {PROBLEM: {}}},
    "5XX": {"description": "The service cannot meet the request now", "content": {PROBLEM: {}}},
}


@contextlib.asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    """Open the desk when the bot is loaded, so that what was left undone goes on by itself."""
    warmup: Warmup = app.state.warmup
    desk = Later("desk", lambda: Desk(warmup.concierge))
    app.state.desk = desk

    async def when_ready() -> None:
        await anyio.to_thread.run_sync(warmup.wait, abandon_on_cancel=True)
        if warmup.ready:
            desk.start()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(when_ready)
        yield
        tasks.cancel_scope.cancel()
    if desk.ready:
        desk.get().close()


router = APIRouter(lifespan=_open)


def _desk(request: Request) -> Desk:
    warmup: Warmup = request.app.state.warmup
    later: Later[Desk] = request.app.state.desk
    if not warmup.ready:
        raise NotReady(warmup.missing())
    return later.get()


@router.get("/webhooks/rest/")
def rasa_is_there() -> dict[str, str]:
    """Tell that the channel is there, as Rasa does."""
    return {"status": "ok"}


@router.post("/webhooks/rest/webhook", responses=_PROBLEMS)
def rasa_message(request: Request, body: rasa.RasaMessage, stream: str = "") -> Response:
    """Answer a message as Rasa's REST channel does; with `stream=true` piece by piece."""
    desk = _desk(request)
    if stream.lower() == "true":
        lines = rasa.stream(body, desk.concierge, desk.store)
        return StreamingResponse(lines, media_type=streaming.MEDIA_TYPE, headers=streaming.HEADERS)
    return JSONResponse(rasa.answer(body, desk.concierge, desk.store))


@router.post("/webhooks/chatwoot", responses=_PROBLEMS)
async def chatwoot_event(request: Request) -> Response:
    """Take an event of a Chatwoot agent bot; the answer comes through Chatwoot's API."""
    body = await request.body()
    return await anyio.to_thread.run_sync(_take, request, body)


def _take(request: Request, body: bytes) -> Response:
    desk = _desk(request)
    if desk.chatwoot is None:
        raise HTTPException(404)
    secret = desk.concierge.settings.chatwoot_secret.get_secret_value()
    stamp = request.headers.get("x-chatwoot-timestamp", "")
    given = request.headers.get("x-chatwoot-signature", "")
    if (secret or given) and not is_genuine(secret, stamp, body, given, time.time()):
        return Problem(
            401,
            "not-genuine",
            "Not genuine",
            "Expected a recent signature by the secret in CONCIERGE_CHATWOOT_SECRET.",
        ).response()
    try:
        payload = Payload.model_validate_json(body)
    except ValidationError:
        return Problem(
            422, "bad-event", "Event not readable", "Expected an event of Chatwoot's as JSON."
        ).response()
    desk.chatwoot.take(payload)
    return JSONResponse({"status": "taken"})


@router.get("/widget.js", include_in_schema=False)
def widget() -> Response:
    """Return the script that puts the chat on a page."""
    headers = {
        "Cache-Control": "public, max-age=300",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(_script(), media_type="text/javascript", headers=headers)


@lru_cache
def _script() -> bytes:
    """Return the widget's script with its style in it, so that it asks for no other file."""
    folder = files("bot.desk") / "widget"
    style = (folder / "widget.css").read_text(encoding="utf-8")
    script = (folder / "widget.js").read_text(encoding="utf-8")
    return script.replace('"STYLE"', json.dumps(style), 1).encode()

"""The routes of the session API. Each is a plain function that runs on a worker thread.

They translate between HTTP and the facade and decide nothing.
"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from bot.concierge import Concierge, reply_json
from bot.errors import NotReady
from bot.replies import points_json
from bot.service import streaming
from bot.service.problems import MEDIA_TYPE as PROBLEM
from bot.service.problems import problem_of
from bot.service.schemas import Feedback, Message, NewSession, session_json
from bot.warmup import Warmup

router = APIRouter()
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be met as it is", "content": {PROBLEM: {}}},
    "5XX": {"description": "The service cannot meet the request now", "content": {PROBLEM: {}}},
}
SessionId = Annotated[str, Path(min_length=1, max_length=128)]


def _facade(request: Request) -> Concierge:
    warmup: Warmup = request.app.state.warmup
    return warmup.concierge


@router.get("/health")
def health() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "ok"}


@router.get("/ready", responses=_PROBLEMS)
def ready(request: Request) -> Response:
    """Tell whether turns can be taken, and what is still loading."""
    warmup: Warmup = request.app.state.warmup
    if not warmup.ready:
        waiting = problem_of(NotReady(warmup.missing()))
        return replace(waiting, extra={"stages": warmup.states}).response()
    return JSONResponse({"status": "ready", "stages": warmup.states})


@router.post("/api/sessions", status_code=201, responses=_PROBLEMS)
def open_session(request: Request, body: NewSession) -> Response:
    """Begin a conversation."""
    opened = _facade(request).open(catalog=body.catalog, user=body.user)
    where = {"Location": f"/api/sessions/{opened.id}"}
    return JSONResponse({"id": opened.id}, 201, headers=where)


@router.post("/api/sessions/{id}/messages", responses=_PROBLEMS)
def take_turn(
    request: Request, id: SessionId, body: Message, accept: Annotated[str, Header()] = ""
) -> Response:
    """Take a message and answer it: as one JSON reply, or as a stream of events."""
    facade = _facade(request)
    if streaming.MEDIA_TYPE not in accept:
        return JSONResponse(reply_json(facade.turn(id, body.text)))
    events = streaming.events(facade.stream(id, body.text))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type=streaming.MEDIA_TYPE, headers=headers)


@router.post("/api/sessions/{id}/feedback", responses=_PROBLEMS)
def give_feedback(request: Request, id: SessionId, body: Feedback) -> Response:
    """Take what the person did with an item; answer what is now believed of their interest."""
    points = _facade(request).feedback(id, body.item, body.kind)
    return JSONResponse({"interest": points_json(points)})


@router.post("/api/sessions/{id}/undo", responses=_PROBLEMS)
def undo(request: Request, id: SessionId) -> Response:
    """Take the last turn back; answer the reply that stands now."""
    return JSONResponse(reply_json(_facade(request).undo(id)))


@router.get("/api/sessions/{id}", responses=_PROBLEMS)
def read_session(request: Request, id: SessionId) -> Response:
    """Return what the conversation holds and what was said in it."""
    facade = _facade(request)
    conversation = facade.conversation(id)
    return JSONResponse(session_json(conversation, facade.interest(conversation)))


@router.delete("/api/sessions/{id}", status_code=204, responses=_PROBLEMS)
def delete_session(request: Request, id: SessionId) -> Response:
    """Forget the conversation."""
    _facade(request).delete(id)
    return Response(status_code=204)

"""The routes of the session API. Each is a plain function that runs on a worker thread.

They translate between HTTP and the facade, and see to it that callers reach only what is theirs.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from bot.concierge import Concierge, reply_json
from bot.replies import points_json
from bot.running.people import export_json
from bot.running.stamps import Stamp
from bot.running.warmup import Warmup
from bot.service import streaming
from bot.service.door import caller_of
from bot.service.problems import MEDIA_TYPE as PROBLEM
from bot.service.schemas import Feedback, Message, NewSession, session_json
from bot.types import Conversation

router = APIRouter()
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be met as it is", "content": {PROBLEM: {}}},
    "5XX": {"description": "The service cannot meet the request now", "content": {PROBLEM: {}}},
}
SessionId = Annotated[str, Path(min_length=1, max_length=128)]
User = Annotated[str, Path(min_length=1, max_length=200)]


def facade_of(request: Request) -> Concierge:
    """Return the bot.

    Raises
    ------
    NotReady
        If it is still loading.
    """
    warmup: Warmup = request.app.state.warmup
    return warmup.concierge


Facade = Annotated[Concierge, Depends(facade_of)]


def _stamp(
    idempotency_key: Annotated[
        str, Header(max_length=255, pattern=r"^[\x21-\x7e]*$", description="Repeats are no turn")
    ] = "",
) -> Stamp:
    return Stamp(key=idempotency_key)


Stamped = Annotated[Stamp, Depends(_stamp)]


def _talk(request: Request, facade: Facade, id: SessionId) -> Conversation:
    """Return the conversation if it is the caller's."""
    talk = facade.conversation(id)
    caller_of(request).check(talk)
    return talk


Own = Annotated[Conversation, Depends(_talk)]


@router.post("/api/sessions", status_code=201, responses=PROBLEMS)
def open_session(request: Request, facade: Facade, body: NewSession) -> Response:
    """Begin a conversation."""
    caller = caller_of(request)
    refusal = caller.refusal(body.user)
    if refusal is not None:
        return refusal.response()
    opened = facade.open(body.catalog, body.user or caller.user, caller.owner)
    where = {"Location": f"/api/sessions/{opened.id}"}
    return JSONResponse({"id": opened.id}, 201, headers=where)


@router.post("/api/sessions/{id}/messages", responses=PROBLEMS)
def take_turn(
    facade: Facade, talk: Own, body: Message, stamp: Stamped, accept: Annotated[str, Header()] = ""
) -> Response:
    """Take a message and answer it: as one JSON reply, or as a stream of events."""
    if streaming.MEDIA_TYPE not in accept:
        return JSONResponse(reply_json(facade.turn(talk.id, body.text, stamp)))
    events = streaming.events(facade.stream(talk.id, body.text, stamp))
    return StreamingResponse(events, media_type=streaming.MEDIA_TYPE, headers=streaming.HEADERS)


@router.post("/api/sessions/{id}/feedback", responses=PROBLEMS)
def give_feedback(facade: Facade, talk: Own, body: Feedback) -> Response:
    """Take what the person did with an item; answer what is now believed of their interest."""
    points = facade.feedback(talk.id, body.item, body.kind)
    return JSONResponse({"interest": points_json(points)})


@router.post("/api/sessions/{id}/undo", responses=PROBLEMS)
def undo(facade: Facade, talk: Own, stamp: Stamped) -> Response:
    """Take the last turn back; answer the reply that stands now."""
    return JSONResponse(reply_json(facade.undo(talk.id, stamp)))


@router.get("/api/sessions/{id}", responses=PROBLEMS)
def read_session(facade: Facade, talk: Own) -> Response:
    """Return what the conversation holds and what was said in it."""
    return JSONResponse(session_json(talk, facade.interest(talk)))


@router.delete("/api/sessions/{id}", status_code=204, responses=PROBLEMS)
def delete_session(facade: Facade, talk: Own) -> Response:
    """Forget the conversation."""
    facade.delete(talk.id)
    return Response(status_code=204)


@router.get("/api/users/{user}/export", responses=PROBLEMS)
def export_user(request: Request, facade: Facade, user: User) -> Response:
    """Return everything that is kept of a user, as far as it is the caller's."""
    caller = caller_of(request)
    refusal = caller.refusal(user)
    if refusal is not None:
        return refusal.response()
    talks = facade.people.talks(user, None if caller.user else caller.owner)
    return JSONResponse(export_json(user, talks))


@router.delete("/api/users/{user}", responses=PROBLEMS)
def forget_user(request: Request, facade: Facade, user: User) -> Response:
    """Forget a user with every conversation, as far as it is the caller's."""
    caller = caller_of(request)
    refusal = caller.refusal(user)
    if refusal is not None:
        return refusal.response()
    gone = facade.people.forget(user, None if caller.user else caller.owner)
    return JSONResponse({"sessions": gone})

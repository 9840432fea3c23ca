"""OpenAI's chat completions: any client of that API can talk with the bot.

The list of messages is the conversation; `bot.running.retelling` finds the state that it has led
to. System messages and sampling options change nothing here and are passed over.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from bot.checking.cleaning import clean_message
from bot.concierge import Concierge, reply_json
from bot.errors import BadText, MovedOn
from bot.running import retelling
from bot.running.retelling import Place, Told
from bot.said import Done, Said, Token
from bot.service import streaming
from bot.service.door import caller_of
from bot.service.problems import Problem, problem_of, respond
from bot.service.routes import PROBLEMS, Facade
from bot.service.schemas import ChatMessage, ChatRequest
from bot.types import Conversation, Reply, Wishes

router = APIRouter()
MODEL = "concierge"
_TRIES = 3
T = TypeVar("T")


@router.get("/v1/models", responses=PROBLEMS)
def list_models(facade: Facade) -> Response:
    """List what can be talked with: the usual catalogue, and each catalogue by name."""
    names = [MODEL, *(f"{MODEL}/{name}" for name in facade.catalogs)]
    models = [{"id": n, "object": "model", "created": 0, "owned_by": MODEL} for n in names]
    return JSONResponse({"object": "list", "data": models})


@router.post("/v1/chat/completions", responses=PROBLEMS)
def complete(request: Request, facade: Facade, body: ChatRequest) -> Response:
    """Answer the last message of a list; with `stream`, piece by piece.

    The reply as the session API has it, items and all, comes in the field `concierge`.
    """
    caller = caller_of(request)
    catalog = _catalog(facade, body.model)
    refusal = _no_such_model(body.model) if catalog is None else caller.refusal(body.user)
    if refusal is not None:
        return respond(refusal, request.scope["path"])
    told, text = exchanges(body.messages)
    blank = Conversation(
        id="",
        catalog=catalog or "",
        user=body.user or caller.user,
        wishes=Wishes(count=facade.settings.count),
        owner=caller.owner,
    )
    if body.stream:
        counted = body.stream_options is not None and body.stream_options.include_usage
        chunks = _chunks(_begun(facade, blank, told, text), body.model, counted)
        return StreamingResponse(chunks, media_type=streaming.MEDIA_TYPE, headers=streaming.HEADERS)
    talk, reply = _in_place(
        facade, blank, told, lambda place: facade.turn(place.talk.id, text, place.stamp)
    )
    return JSONResponse(_completion(body.model, reply, talk))


def exchanges(messages: list[ChatMessage]) -> tuple[tuple[Told, ...], str]:
    """Return the exchanges that are over, and the message to answer.

    What a person says in several messages at a time is one.

    Raises
    ------
    BadText
        If the last message of a person or an assistant is no person's.
    """
    told: list[Told] = []
    said: list[str] = []
    for message in messages:
        if message.role == "user":
            said.append(message.text())
        elif message.role == "assistant" and said and message.text().strip():
            try:
                told.append(Told(clean_message("\n".join(said)), message.text().strip()))
            except BadText:
                pass  # it was refused when it was said
            said = []
    if not said:
        raise BadText("expected the last message to be the user's, got none after the assistant's")
    return tuple(told), "\n".join(said)


def _catalog(facade: Concierge, model: str) -> str | None:
    if model == MODEL:
        return facade.settings.catalog
    name = model.removeprefix(f"{MODEL}/")
    return name if name != model and name in facade.catalogs else None


def _no_such_model(model: str) -> Problem:
    detail = f"Expected a model that /v1/models lists, such as {MODEL!r}, got {model[:60]!r}."
    return Problem(404, "model_not_found", "Unknown model", detail)


def _in_place(
    facade: Concierge, blank: Conversation, told: tuple[Told, ...], run: Callable[[Place], T]
) -> tuple[Conversation, T]:
    """Run a turn where the list leads to, again if another list was quicker to go on there."""
    for _ in range(_TRIES):
        place = retelling.find(facade, blank, told)
        try:
            return place.talk, run(place)
        except MovedOn:
            continue
    raise MovedOn("expected the conversation to stay where these messages end")


def _begun(
    facade: Concierge, blank: Conversation, told: tuple[Told, ...], text: str
) -> tuple[Conversation, Said, Iterator[Said]]:
    """Return a turn that has begun, with its first piece: errors before it still have a status."""

    def run(place: Place) -> tuple[Said, Iterator[Said]]:
        said = facade.stream(place.talk.id, text, place.stamp)
        return next(said), said

    talk, (first, rest) = _in_place(facade, blank, told, run)
    return talk, first, rest


def _chunks(
    turn: tuple[Conversation, Said, Iterator[Said]], model: str, counted: bool
) -> Iterator[str]:
    talk, first, rest = turn
    head = _head("chat.completion.chunk", model)
    yield _data(head | _delta({"role": "assistant", "content": ""}))
    try:
        for part in _each(first, rest):
            if isinstance(part, Token):
                yield _data(head | _delta({"content": part.text}))
            elif isinstance(part, Done):
                yield _data(head | _delta({}, "stop") | _extra(part.reply, talk))
                if counted:
                    yield _data(head | {"choices": [], "usage": _usage(part.reply)})
    except Exception as error:  # noqa: BLE001 - the status is sent: the stream itself must say it
        problem = problem_of(error)
        yield _data(
            {
                "error": {
                    "message": problem.detail,
                    "type": "server_error",
                    "param": None,
                    "code": problem.kind,
                }
            }
        )
        return
    yield "data: [DONE]\n\n"


def _each(first: Said, rest: Iterator[Said]) -> Iterator[Said]:
    yield first
    yield from rest


def _head(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}


def _completion(model: str, reply: Reply, talk: Conversation) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.reply, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    said = {"choices": [choice], "usage": _usage(reply)}
    return _head("chat.completion", model) | said | _extra(reply, talk)


def _usage(reply: Reply) -> dict[str, int]:
    """Return the tokens that the LLM really read and wrote for a reply, its own prompts' too."""
    read, written = reply.tokens
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }


def _extra(reply: Reply, talk: Conversation) -> dict[str, Any]:
    """Return the field of ours; a talk of nobody in particular is not told, as it may be shared."""
    session = {"session": talk.id} if talk.user is not None else {}
    return {"concierge": reply_json(reply) | session}


def _data(chunk: dict[str, Any]) -> str:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"

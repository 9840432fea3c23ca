"""A bot elsewhere, over the session API. What it answers is untrusted and read into typed values.

Knows no page and no streaming.
"""

from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.memory.feedback import FeedbackKind
from bot.scripted.errors import RemoteError
from bot.scripted.moment import Held
from bot.scripted.talkers import Past
from bot.types import Act, Exchange, Point, Recommendation, Reply, Understood
from ranking.types import Why
from retrieval.types import Constraint, Fact, Op

_TIMEOUT_S = 120.0
_MOST_SAID = 300


class _Read(BaseModel):
    # A newer server may say more than we read.
    model_config = ConfigDict(frozen=True, extra="ignore")


M = TypeVar("M", bound=_Read)


class _Constraint(_Read):
    facet: str
    op: Op
    value: str | float | list[str] | list[float]
    strict: bool = False

    def typed(self) -> Constraint:
        value = self.value
        if isinstance(value, str):
            return Constraint(self.facet, self.op, (value,))
        if isinstance(value, list):
            return Constraint(self.facet, self.op, tuple(value))  # type: ignore[arg-type]
        return Constraint(self.facet, self.op, float(value), self.strict)


class _Why(_Read):
    query: float
    interest: float
    prior: float
    penalty: float = 0.0
    matched: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


class _Item(_Read):
    id: str
    title: str
    facts: dict[str, str | int | float | list[str] | None]
    score: float
    reason: str
    why: _Why

    def typed(self) -> Recommendation:
        facts: dict[str, Fact] = {
            name: tuple(fact) if isinstance(fact, list) else fact
            for name, fact in self.facts.items()
        }
        why = Why(**self.why.model_dump())
        return Recommendation(self.id, self.title, facts, self.score, self.reason, why)


class _Understood(_Read):
    act: Act | None = None
    constraints: tuple[_Constraint, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    wish: str = ""
    avoid: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()
    language: str = "en"

    def typed(self, act: Act) -> Understood:
        return Understood(
            act=self.act or act,
            add=tuple(c.typed() for c in self.constraints),
            likes=self.likes,
            dislikes=self.dislikes,
            seen=self.seen,
            similar=self.similar,
            refers=self.refers,
            wish=(self.wish,) if self.wish else (),
            avoid=self.avoid,
            unlinked=self.unlinked,
            language=self.language,
        )


class _Point(_Read):
    point: str
    p: float


class _Reply(_Read):
    reply: str
    act: Act
    turn: int
    items: tuple[_Item, ...] = ()
    understood: _Understood = Field(default_factory=_Understood)
    interest: tuple[_Point, ...] = ()
    timings_ms: dict[str, float] = {}

    def typed(self) -> Reply:
        return Reply(
            self.reply,
            self.act,
            self.turn,
            tuple(item.typed() for item in self.items),
            self.understood.typed(self.act),
            tuple(Point(point.point, point.p) for point in self.interest),
            self.timings_ms,
        )


class _Wishes(_Read):
    constraints: tuple[_Constraint, ...] = ()
    wish: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


class _Exchange(_Read):
    text: str
    reply: _Reply


class _Opened(_Read):
    id: str


class _Session(_Read):
    catalog: str
    turn: int
    wishes: _Wishes = Field(default_factory=_Wishes)
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    history: tuple[_Exchange, ...] = ()

    def held(self) -> Held:
        constraints = tuple(c.typed() for c in self.wishes.constraints)
        taste = (self.likes, self.dislikes, self.seen)
        return Held(constraints, self.wishes.wish, *taste, self.wishes.similar)


class There:
    """A bot that runs elsewhere.

    Parameters
    ----------
    url
        Its address, such as http://127.0.0.1:7860.
    client
        An HTTP client to use instead of one of our own, for tests.
    """

    def __init__(self, url: str, client: httpx.Client | None = None) -> None:
        self._url = url.rstrip("/")
        self._client = client or httpx.Client(base_url=self._url, timeout=_TIMEOUT_S)

    def open(self, catalog: str | None, script: str = "") -> str:  # noqa: ARG002 - the server names it
        """Begin a conversation; return its id."""
        body = {} if catalog is None else {"catalog": catalog}
        return self._ask(_Opened, "POST", "/api/sessions", body).id

    def say(self, session: str, text: str) -> Reply:
        """Say something; return the reply."""
        path = f"/api/sessions/{session}/messages"
        return self._ask(_Reply, "POST", path, {"text": text}).typed()

    def feedback(self, session: str, item: str, kind: FeedbackKind) -> None:
        """Tell what the person does with an item."""
        body = {"item": item, "kind": kind}
        self._ask(_Read, "POST", f"/api/sessions/{session}/feedback", body)

    def held(self, session: str) -> Held:
        """Return what the bot holds now."""
        return self._session(session).held()

    def past(self, session: str) -> Past:
        """Return what was said in a conversation."""
        found = self._session(session)
        exchanges = tuple(Exchange(e.text, e.reply.typed()) for e in found.history)
        return Past(found.catalog, found.turn, exchanges, found.held())

    def close(self, session: str) -> None:
        """Forget a conversation."""
        self._answer("DELETE", f"/api/sessions/{session}", None)

    def disconnect(self) -> None:
        """Close the connections."""
        self._client.close()

    def _session(self, session: str) -> _Session:
        return self._ask(_Session, "GET", f"/api/sessions/{session}", None)

    def _ask(self, kind: type[M], method: str, path: str, body: object) -> M:
        answer = self._answer(method, path, body)
        try:
            return kind.model_validate(answer.json())
        except (ValidationError, ValueError) as error:
            first = error.errors()[0] if isinstance(error, ValidationError) else None
            what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else "no JSON"
            raise RemoteError(
                f"expected the session API's answer to {method} {path} from {self._url}, got "
                f"{what}; give the address of a Concierge of this version"
            ) from error

    def _answer(self, method: str, path: str, body: object) -> httpx.Response:
        try:
            answer = self._client.request(method, path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            got = str(error) or type(error).__name__
            raise RemoteError(
                f"expected a Concierge at {self._url}, got: {got}; start one with "
                "`concierge serve`, or mend the address"
            ) from error
        if answer.is_success:
            return answer
        raise RemoteError(
            f"expected {self._url} to take {method} {path}, got {answer.status_code}: "
            f"{_detail(answer)}; mend the request or see the server's log"
        )


def _detail(answer: httpx.Response) -> str:
    try:
        problem: Any = answer.json()
    except ValueError:
        problem = None
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return str(detail or answer.text)[:_MOST_SAID]

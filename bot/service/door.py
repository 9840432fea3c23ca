"""Who may come in: API keys, rates, and this machine's own name.

An ASGI layer before every route. What is not named here as open to all needs a key as soon as
there are keys, so a route that is forgotten is closed. Tells the routes who is calling.
"""

import ipaddress
import math
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from bot.errors import BadKeys, NoSession
from bot.running.keys import Key, Keys
from bot.service.asgi import Asgi, Receive, Scope, Send
from bot.service.place import is_page
from bot.service.problems import Problem, problem_of, respond
from bot.service.rates import Rate
from bot.types import Conversation

# Alive and ready; what a web page needs before it has a key; what brings its own signature.
_OPEN = frozenset({"/health", "/ready", "/webhooks/chatwoot"})
_OPEN_UNDER = ("/widget",)
# A turn from the page: counted as one from the address it comes from.
_PAGE_TURN = "/gradio_api/queue/join"
# What a key that stands in a web page opens, and one of a single user.
_PUBLIC_UNDER = ("/api/sessions",)
_USERS_UNDER = ("/api/sessions", "/api/users/", "/v1/")


@dataclass(frozen=True)
class Caller:
    """Who asks: the holder of a key, or whoever has reached a service that needs none."""

    key: Key | None = None

    @property
    def owner(self) -> str | None:
        """What the conversations that they begin belong to."""
        return self.key.id if self.key else None

    @property
    def user(self) -> str | None:
        """The only user that they may speak for; None for any."""
        return self.key.user if self.key else None

    def check(self, talk: Conversation) -> None:
        """Refuse a conversation of others as if there were none.

        Raises
        ------
        NoSession
            If it belongs to another key and another user.
        """
        if self.key is None:
            return
        own = talk.user == self.user if self.user is not None else talk.owner == self.key.id
        if not own:
            raise NoSession(
                f"expected the id of a conversation, got {talk.id[:40]!r}; open a new one"
            )

    def refusal(self, user: str | None) -> Problem | None:
        """Return why they may not speak for a user; None if they may, or for none is asked."""
        public = self.key is not None and self.key.public
        if user is not None and (public or self.user not in (None, user)):
            return Problem(403, "not-yours", "Not allowed", "This key cannot speak for that user.")
        return None


@dataclass(frozen=True)
class Policy:
    """What the operator chose.

    Parameters
    ----------
    keys
        The API keys; None where there can be none.
    guarded
        Whether a key is needed even if none was ever made.
    local
        Whether only this machine is listened to: then, without keys, only its own names are
        answered, so that a web page elsewhere cannot pass for it.
    rate_key, rate_address
        Requests a minute for each key and for each address without one.
    """

    keys: Keys | None = None
    guarded: bool = False
    local: bool = False
    rate_key: int = 0
    rate_address: int = 0


class Door:
    """The ASGI layer."""

    def __init__(self, app: Asgi, policy: Policy) -> None:
        self.app, self._policy = app, policy
        self._by_key = Rate(policy.rate_key)
        self._by_address = Rate(policy.rate_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            found = self._judge(scope)
        except BadKeys as error:
            found = problem_of(error)
        if isinstance(found, Problem):
            await respond(found, scope["path"])(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = found
        await self.app(scope, receive, send)

    def _judge(self, scope: Scope) -> Caller | Problem:
        path: str = scope["path"]
        guarded = self._guarded()
        if self._policy.local and not guarded and not _is_own_name(scope):
            return Problem(
                421,
                "other-name",
                "Not this service",
                "Expected to be called by this machine's own name, such as localhost.",
            )
        address = _address(scope)
        if path in _OPEN or path.startswith(_OPEN_UNDER) or is_page(path):
            counted = path == _PAGE_TURN
            return (self._too_often(address, guarded) if counted else None) or Caller()
        if not guarded:
            return self._too_often(address, guarded) or Caller()
        return self._by_its_key(scope, address)

    def _by_its_key(self, scope: Scope, address: str) -> Caller | Problem:
        scheme, _, secret = _header(scope, "authorization").partition(" ")
        bearer = scheme.lower() == "bearer"
        key = self._policy.keys.find(secret.strip()) if self._policy.keys and bearer else None
        if key is None or key.public:
            # Guesses are counted as well, or they would be free.
            often = self._too_often(address, True)
            if often is not None:
                return often
        if key is None:
            return Problem(
                401,
                "no-key",
                "Key needed",
                "Expected a valid API key in the header Authorization: Bearer KEY.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        wait_s = self._by_key.wait_s(key.id)
        if wait_s:
            return _often(wait_s)
        path = scope["path"]
        under = _PUBLIC_UNDER if key.public else _USERS_UNDER if key.user is not None else ("/",)
        if not path.startswith(under):
            return Problem(403, "not-yours", "Not allowed", "This key does not open this address.")
        return Caller(key)

    def _guarded(self) -> bool:
        keys = self._policy.keys
        return self._policy.guarded or (keys is not None and keys.exist)

    def _too_often(self, address: str, guarded: bool) -> Problem | None:
        if not guarded and self._policy.local:
            return None
        wait_s = self._by_address.wait_s(address)
        return _often(wait_s) if wait_s else None


def caller_of(request: HTTPConnection) -> Caller:
    """Return who asks, as the door found out."""
    caller: Caller = request.state.caller
    return caller


def _often(wait_s: float) -> Problem:
    return Problem(
        429,
        "too-often",
        "Too many requests",
        "More requests came than are allowed a minute. Please wait a moment.",
        retry_s=math.ceil(wait_s),
    )


def _header(scope: Scope, name: str) -> str:
    wanted = name.encode("ascii")
    found = [value for key, value in scope["headers"] if key == wanted]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _address(scope: Scope) -> str:
    """Return what stands for a caller's address; whoever has one IPv6 address has many."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _is_own_name(scope: Scope) -> bool:
    host = _header(scope, "host").rsplit("@")[-1].lower()
    name = host[1 : host.index("]")] if host[:1] == "[" and "]" in host else host.split(":")[0]
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

"""What every request must keep to, and what every response carries.

Plain ASGI layers: they know nothing of the routes.
"""

import contextlib
from collections.abc import Mapping

import anyio

from bot.running import trail
from bot.service.asgi import Asgi, Message, Receive, Scope, Send
from bot.service.problems import Problem, problem_of, respond

BODY_BYTES = 64 * 1024
# A list of all messages of a talk, and rows of a catalogue, are longer than one message.
LONGER_BYTES: Mapping[str, int] = {"/v1/": 1024 * 1024, "/api/catalogs/": 8 * 1024 * 1024}
_BODY_S = 20.0  # for a body to come; a sender that trickles holds a connection for no longer
# The page builds its templates with `Function` and styles elements in place, hence the unsafe-*;
# nothing outside this origin is ever allowed.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", _POLICY.encode("ascii")),
)


class _Refused(Exception):
    """More of a body came than is allowed, or it came too slowly."""


class BodyLimit:
    """Refuse bodies that are too large with 413, whether announced or not, or too slow with 408.

    Parameters
    ----------
    app
        What comes after.
    most
        The most bytes of a body.
    longer
        The most bytes under some addresses.
    """

    def __init__(
        self, app: Asgi, most: int = BODY_BYTES, longer: Mapping[str, int] = LONGER_BYTES
    ) -> None:
        self.app, self._most, self._longer = app, most, longer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        under = (most for path, most in self._longer.items() if scope["path"].startswith(path))
        most = next(under, self._most)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        # A number of that many digits is no size; Python would refuse to read much longer ones.
        if announced.isdigit() and (len(announced) > 15 or int(announced) > most):
            await respond(_too_large(most), scope["path"])(scope, receive, send)
            return
        seen = 0
        started = whole = slow = False

        async def counted() -> Message:
            nonlocal seen, whole, slow
            if whole:
                return await receive()
            try:
                with anyio.fail_after(_BODY_S):
                    message = await receive()
            except TimeoutError:
                slow = True
                raise _Refused from None
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > most:
                raise _Refused
            return message

        async def watched(message: Message) -> None:
            # An application that catches the error and answers in its own way is not heard.
            nonlocal started
            if started or not (slow or seen > most):
                started = True
                await send(message)

        with contextlib.suppress(_Refused):
            await self.app(scope, counted, watched)
        if (slow or seen > most) and not started:
            problem = _TOO_SLOW if slow else _too_large(most)
            await respond(problem, scope["path"])(scope, receive, send)


_TOO_SLOW = Problem(408, "too-slow", "Too slow", f"Expected the body within {_BODY_S:g} seconds.")


def _too_large(most: int) -> Problem:
    return Problem(413, "too-large", "Too large", f"Expected a body of at most {most:,} bytes.")


class Outermost:
    """What holds for every response, of errors that nobody expected, too.

    Adds the headers that keep a browser from guessing types and from loading from elsewhere, and
    the name of the request, which the log uses, too.
    """

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to its response."""
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                present = {name.lower() for name, _ in message["headers"]}
                named = (b"x-request-id", trail.current().encode("ascii"))
                added = [pair for pair in (*_HEADERS, named) if pair[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with trail.request():
            try:
                await self.app(scope, receive, with_headers)
            except Exception as error:
                problem = problem_of(error)
                if started:
                    raise  # what was begun can only be broken off
                await respond(problem, scope["path"])(scope, receive, with_headers)

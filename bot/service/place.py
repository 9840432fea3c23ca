"""The place of the web page: a waiting page until the chat is built, then the chat itself.

Only the addresses that the page needs are passed on, so that nothing else of the page's
framework (uploads, files, proxies, its own API) can be reached.
"""

from starlette.responses import HTMLResponse

from bot.service.asgi import Asgi, Message, Receive, Scope, Send
from bot.service.problems import Problem

# Seen in a browser's network log; all else is answered with 404.
_EXACT = frozenset(
    {
        "/",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/app_id",
        "/gradio_api/cancel",
        "/gradio_api/reset",
        "/gradio_api/startup-events",
    }
)
_UNDER = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")

_WAITING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2"><title>Concierge is starting</title>
<style>
:root { color-scheme: light dark }
body { font: 1.1rem/1.6 system-ui, sans-serif; display: grid; place-items: center;
  min-height: 90vh; margin: 0 1.5rem; text-align: center }
</style></head>
<body><main><h1>One moment</h1><p>The concierge is getting ready. This page opens by itself.</p>
</main></body></html>
"""


class Place:
    """An ASGI application that stands for another which comes later."""

    def __init__(self) -> None:
        self._page: Asgi | None = None

    def fill(self, page: Asgi) -> None:
        """Put the page in its place."""
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for the page."""
        if scope["type"] != "http":
            return
        if not is_page(scope["path"]):
            problem = Problem(404, "no-such-page", "Not found", "There is nothing at this address.")
            await problem.response()(scope, receive, send)
        elif self._page is not None:
            await self._page(scope, receive, _kept(scope["path"], send))
        else:
            await HTMLResponse(_WAITING, 503, {"Retry-After": "2"})(scope, receive, send)


def _kept(path: str, send: Send) -> Send:
    """Return a sender that lets browsers keep files whose names change with their content."""
    if not path.startswith("/assets/"):
        return send

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            header = (b"cache-control", b"public, max-age=31536000, immutable")
            message = {**message, "headers": [*message["headers"], header]}
        await send(message)

    return keep


def is_page(path: str) -> bool:
    """Tell whether an address is one of the page's."""
    return path in _EXACT or path.startswith(_UNDER)

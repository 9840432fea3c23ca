"""A small stand-in of Chatwoot's API, and of any receiver of webhooks: records what it gets."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found


class StandIn:
    """What came, and with which status the next requests are answered (200 when none is left)."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.statuses: deque[int] = deque()
        self.url = ""

    def messages(self) -> list[str]:
        return [g.body["content"] for g in self.got if g.path.endswith("/messages")]

    def wait(self, enough: Callable[["StandIn"], bool], seconds: float = 20.0) -> None:
        ends = time.monotonic() + seconds
        while not enough(self):
            assert time.monotonic() < ends, [(g.path, g.raw) for g in self.got]
            time.sleep(0.02)


@contextmanager
def running() -> Iterator[StandIn]:
    """Give a stand-in that listens on a free port."""
    stand = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status = stand.statuses.popleft() if stand.statuses else 200
            if status == 200:
                headers = {k.lower(): v for k, v in self.headers.items()}
                stand.got.append(Got(self.path, headers, raw))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked(
    text: str | None, message: int, conversation: int = 7, status: str = "pending", **more: Any
) -> dict[str, Any]:
    """Return the event of a customer's message, in the form that Chatwoot sends."""
    return {
        "event": "message_created",
        "id": message,
        "content": text,
        "content_type": "text",
        "content_attributes": {},
        "message_type": "incoming",
        "private": False,
        "created_at": "2026-11-22T10:00:00Z",
        "account": {"id": 3, "name": "Shop"},
        "inbox": {"id": 1, "name": "Web"},
        "sender": {"id": 11, "name": "Ada", "type": "contact"},
        "conversation": {
            "id": conversation,
            "status": status,
            "channel": "Channel::WebWidget",
            "meta": {"sender": {"id": 11}, "assignee": None},
        },
        **more,
    }


def by_agent(text: str, message: int, status: str, private: bool, conversation: int = 7) -> Any:
    """Return the event of an agent's message or note."""
    return asked(text, message, conversation, status) | {
        "message_type": "outgoing",
        "private": private,
        "sender": {"id": 2, "name": "Grace", "type": "user"},
    }

"""A small OpenAI-compatible server on loopback that does what it is told and remembers requests."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

READING = json.dumps({"act": "recommend", "wish": ["tense"]})


class Stub:
    """`answer` turns a request's JSON into the choices' texts, or into (status, body); status 0
    hangs up without an answer."""

    def __init__(self) -> None:
        self.answer: Callable[[dict[str, Any]], Any] = lambda request: [READING]
        self.finish = "stop"
        self.delay_s = 0.0
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.most_at_once = 0
        self.stopping = threading.Event()
        self._now = 0
        self._lock = threading.Lock()

    def __enter__(self) -> "Stub":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening; safe to call again."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def respond(self, request: dict[str, Any], key: str | None) -> tuple[int, bytes]:
        with self._lock:
            self.requests.append(request)
            self.keys.append(key)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self.stopping.wait(self.delay_s)
        answer = self.answer(request)
        with self._lock:
            self._now -= 1
        if isinstance(answer, tuple):
            status, body = answer
            return status, body if isinstance(body, bytes) else json.dumps(body).encode()
        choices = [
            {
                "index": i,
                "finish_reason": self.finish,
                "message": {"role": "assistant", "content": text},
            }
            for i, text in enumerate(answer)
        ]
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        body = {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": request.get("model"),
            "choices": choices,
            "usage": usage,
        }
        return 200, json.dumps(body).encode()

    def _handler(stub) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                request = json.loads(self.rfile.read(length))
                request["path"] = self.path
                status, body = stub.respond(request, self.headers.get("Authorization"))
                if not status:
                    self.close_connection = True
                    return
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the client gave up waiting

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def refusal(message: str) -> tuple[int, dict[str, Any]]:
    """A 400 as OpenAI writes it."""
    return 400, {"error": {"message": message, "type": "invalid_request_error", "code": None}}

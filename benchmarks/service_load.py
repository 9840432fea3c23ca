"""The service under load: `python -m benchmarks.service_load` against a server of its own.

Starts `concierge serve` with the embedded LLM, talks with it as one chat, as 16 and as 100 at
once, and prints turns a minute, waiting times, the first token, refusals and memory. Messages are
fixed; each chat keeps its session for a few turns.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

MESSAGES = (
    "a comedy from the nineties",
    "something shorter",
    "who directed the first one?",
    "no romance please",
    "a tense thriller from South Korea",
    "more like the second one",
    "nothing older than 2000",
    "why the first one?",
)
PATIENCE_S = 300.0
SERVE = "from bot.cli import main; main()"


@dataclass
class Counts:
    """What came back of one stage of the load."""

    lasted_s: list[float] = field(default_factory=list)
    first_s: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def line(self, name: str) -> str:
        took = sorted(self.lasted_s) or [float("nan")]
        first = sorted(self.first_s) or [float("nan")]
        rate = 60 * len(self.lasted_s) / self.seconds
        return (
            f"{name:<10} {len(self.lasted_s):>6} turns {rate:>6.0f}/min  "
            f"p50 {statistics.median(took):5.2f} s  p95 {took[int(0.95 * len(took)) - 1]:5.2f} s  "
            f"first token p50 {statistics.median(first):5.2f} s  503 {self.refused}  "
            f"errors {len(self.errors)}"
        )


class Chats:
    """So many people who talk at once until a number of turns is reached."""

    def __init__(self, address: str, chats: int, turns: int) -> None:
        self._address, self._chats, self._left = address, chats, turns
        self._lock = threading.Lock()
        self.counts = Counts()

    def run(self) -> Counts:
        begun = time.perf_counter()
        threads = [threading.Thread(target=self._chat, args=(n,)) for n in range(self._chats)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.counts.seconds = time.perf_counter() - begun
        return self.counts

    def _next(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0

    def _chat(self, number: int) -> None:
        with httpx.Client(base_url=self._address, timeout=PATIENCE_S) as client:
            session, place = "", number
            while self._next():
                try:
                    if not session or place % len(MESSAGES) == 0:
                        session = client.post("/api/sessions", json={}).json()["id"]
                    self._turn(client, session, MESSAGES[place % len(MESSAGES)])
                except (httpx.HTTPError, KeyError, ValueError) as error:
                    self.counts.errors.append(f"{type(error).__name__}: {error}")
                place += 1

    def _turn(self, client: httpx.Client, session: str, text: str) -> None:
        begun = time.perf_counter()
        at = f"/api/sessions/{session}/messages"
        head = {"Accept": "text/event-stream"}
        with client.stream("POST", at, json={"text": text}, headers=head) as answer:
            if answer.status_code == 503 and "retry-after" in answer.headers:
                answer.read()
                self.counts.refused += 1
                time.sleep(float(answer.headers["retry-after"]))
                return
            if answer.status_code != 200:
                answer.read()
                self.counts.errors.append(f"HTTP {answer.status_code}: {answer.text[:200]}")
                return
            first, last = 0.0, ""
            for line in answer.iter_lines():
                if line == "event: token" and not first:
                    first = time.perf_counter() - begun
                last = line[7:] if line.startswith("event: ") else last
        if last != "reply":
            self.counts.errors.append(f"a stream ended in {last!r}")
            return
        self.counts.lasted_s.append(time.perf_counter() - begun)
        self.counts.first_s.append(first)


def started(home: Path) -> tuple["subprocess.Popen[bytes]", str]:
    """Start a server and wait until it is ready."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(port)],
        env={**os.environ, "CONCIERGE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    ends_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_s and process.poll() is None:
        try:
            if httpx.get(f"{address}/ready").status_code == 200:
                return process, address
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    process.kill()
    raise SystemExit("expected the server to be ready in time, it is not")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--turns", type=int, default=2000, help="turns of 16 chats at once")
    parser.add_argument("--alone", type=int, default=200, help="turns of one chat")
    parser.add_argument("--crowd", type=int, default=500, help="attempts of 100 chats at once")
    parser.add_argument("--long", type=int, default=10_000, help="turns for memory; 0 for none")
    parser.add_argument("--home", type=Path, help="state folder, to save indexing")
    args = parser.parse_args()
    home = args.home or Path(tempfile.mkdtemp())
    process, address = started(home)
    try:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, embedded LLM, movies")
        Chats(address, 1, 8).run()
        alone = Chats(address, 1, args.alone).run()
        print(alone.line("1 chat"))
        many = Chats(address, 16, args.turns).run()
        print(many.line("16 chats"))
        rate = (len(many.lasted_s) / many.seconds) / (len(alone.lasted_s) / alone.seconds)
        print(f"16 chats make {rate:.1f} times the turns a minute of one")
        crowd = Chats(address, 100, args.crowd).run()
        print(crowd.line("100 chats"))
        before = psutil.Process(process.pid).memory_info().rss
        if args.long:
            print(Chats(address, 4, args.long).run().line("4 chats"))
            grown = psutil.Process(process.pid).memory_info().rss / before - 1
            print(f"memory {before / 2**20:.0f} MiB, {100 * grown:+.1f} % after {args.long} turns")
        errors = (*alone.errors, *many.errors, *crowd.errors)
        print(json.dumps(sorted(set(errors))[:10], indent=1) if errors else "no errors")
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    main()

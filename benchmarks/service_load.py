"""The service under load: `python -m benchmarks.service_load` against a server of its own.

Starts `concierge serve` with the embedded LLM, talks with it as one chat, as 16 and as 100 at
once, and prints turns a minute, waiting times, the first token, refusals and memory. Messages are
fixed; each chat keeps its session for a few turns.

`--part` runs some of it alone; what each part found is kept in the state folder (`--home`), so
that the ratio of 16 chats to one is told over runs, too. Ctrl-C ends it with what it saw so far;
errors are counted by kind. `--llm fake` leaves the LLM out: 10,000
turns in minutes, for what else might leak.
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
from collections import Counter
from dataclasses import dataclass, field, replace
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
PARTS = ("one", "sixteen", "hundred", "memory")
SERVE = "from bot.cli import main; main()"


@dataclass
class Counts:
    """What came back of one stage of the load."""

    lasted_s: list[float] = field(default_factory=list)
    first_s: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False

    @property
    def rate(self) -> float:
        """Turns answered a minute."""
        return 60 * len(self.lasted_s) / self.seconds

    def line(self, name: str) -> str:
        took = sorted(self.lasted_s) or [float("nan")]
        first = sorted(self.first_s) or [float("nan")]
        return (
            f"{name:<10} {len(self.lasted_s):>6} turns {self.rate:>6.0f}/min  "
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
        threads = [
            threading.Thread(target=self._chat, args=(n,), daemon=True) for n in range(self._chats)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:  # what came back is told, the turns under way are not awaited
            self.counts.stopped = True
        self.counts.seconds = time.perf_counter() - begun
        return replace(self.counts, errors=list(self.counts.errors))

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


def started(home: Path, llm: str) -> tuple["subprocess.Popen[bytes]", str]:
    """Start a server and wait until it is ready."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(port), "--llm", llm],
        env={**os.environ, "CONCIERGE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the benchmark, not for its server
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
    parser.add_argument("--part", action="append", choices=PARTS, help="one part; may be repeated")
    parser.add_argument("--llm", default="pocket", help="what reads and writes: pocket, fake, …")
    parser.add_argument("--turns", type=int, default=2000, help="turns of 16 chats at once")
    parser.add_argument("--alone", type=int, default=200, help="turns of one chat")
    parser.add_argument("--crowd", type=int, default=500, help="attempts of 100 chats at once")
    parser.add_argument("--long", type=int, default=10_000, help="turns for memory")
    parser.add_argument("--home", type=Path, help="state folder, to save indexing")
    args = parser.parse_args()
    home = args.home or Path(tempfile.mkdtemp())
    process, address = started(home, args.llm)
    try:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, LLM {args.llm}, movies")
        Chats(address, 1, 8).run()
        errors: list[str] = []
        for part in args.part or PARTS:
            if part == "memory":
                errors += memory(address, process.pid, args.long)
                continue
            chats, turns = {
                "one": (1, args.alone),
                "sixteen": (16, args.turns),
                "hundred": (100, args.crowd),
            }[part]
            counts = Chats(address, chats, turns).run()
            print(counts.line(f"{chats} chat{'s' * (chats > 1)}"), flush=True)
            errors += counts.errors
            if counts.stopped:
                break
            keep(home / "service_load.json", f"{args.llm} {part}", counts.rate)
        rates = kept(home / "service_load.json")
        one, sixteen = (rates.get(f"{args.llm} {part}") for part in ("one", "sixteen"))
        if one and sixteen:
            print(f"16 chats make {sixteen / one:.1f} times the turns a minute of one")
        for error, times in Counter(errors).most_common():
            print(f"{times:>6} × {error}")
        print(f"{len(errors) or 'no'} errors")
    finally:
        process.terminate()
        process.wait(60)


def memory(address: str, pid: int, turns: int) -> list[str]:
    """Talk as four chats, print the memory after each tenth of the turns; return the errors.

    The first tenth warms up: growth is told from its end.
    """
    errors, sizes = [], []
    for _ in range(10):
        counts = Chats(address, 4, turns // 10).run()
        errors += counts.errors
        sizes.append(psutil.Process(pid).memory_info().rss / 2**20)
        print(f"{len(sizes) * (turns // 10):>6} turns  {sizes[-1]:6.0f} MiB", flush=True)
        if counts.stopped:
            break
    print(f"memory {100 * (sizes[-1] / sizes[0] - 1):+.1f} % from the first tenth to the last")
    return errors


def kept(file: Path) -> dict[str, float]:
    """Return the turns a minute of the parts that ran with this state folder."""
    return dict(json.loads(file.read_text())) if file.is_file() else {}


def keep(file: Path, part: str, rate: float) -> None:
    """Note the turns a minute of a part."""
    file.write_text(json.dumps({**kept(file), part: rate}))


if __name__ == "__main__":
    main()

"""A service of fakes for the browser, and what a person does on its page.

`python browsing.py HOME PORT GATE` serves it in a process of its own, which can be killed.
"""

import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot import trial
from bot.llm.base import Situation
from bot.reading import Reading
from bot.running.warmup import Warmup
from bot.service import server
from bot.service.app import create

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 120_000


class Waiting(trial.Spotter):
    """An LLM that reads nothing before a file is there."""

    def __init__(self, gate: Path) -> None:
        self._gate = gate

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        while not self._gate.exists():
            time.sleep(0.02)
        return super().read(situations)


@contextmanager
def serving(home: Path, port: int = 0, gate: Path | None = None) -> Iterator[str]:
    """Run a service whose state is under `home`; give its address.

    With a gate, messages are read once that file is there.
    """
    import uvicorn

    from bot.web.page import build

    bot = trial.build(home, Waiting(gate) if gate else None)
    opened = threading.Event()
    listener = server.listen("127.0.0.1", port)
    application = create(Warmup.done(bot), build, opened.set)
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert opened.wait(PATIENCE_MS / 1000)
        yield server.address_of(listener)
    finally:
        running.should_exit = True
        thread.join(PATIENCE_MS / 1000)
        listener.close()
        bot.close()


def visit(page: "Page", address: str) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("#last .empty, #last .turn")
    page.wait_for_selector("#panel .part", state="attached")


def ask(page: "Page", text: str) -> None:
    box = page.get_by_label("Your message")
    box.fill(text)
    box.press("Enter")
    page.wait_for_selector(f"#last .turn:not([aria-busy]):has-text('{text}') .copy")


def chips(page: "Page", place: str) -> list[str]:
    return [words.strip() for words in page.locator(f"{place} .chip").all_inner_texts()]


if __name__ == "__main__":
    with serving(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])) as there:
        sys.stdout.write(f"{there}\n")
        sys.stdout.flush()
        threading.Event().wait()

"""The pictures of the page in docs/, made with the real weights and catalogues.

`python tests/web/screenshots.py` serves the bot, talks on the page and writes the files.
"""

import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from browsing import CHROMIUM, FLAGS, ask, visit
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page

DOCS = Path(__file__).parents[2] / "docs"
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
MOST_BYTES = 250_000


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Run the real service with its state under `home`; give its address."""
    import uvicorn

    from bot import app
    from bot.running.warmup import Warmup
    from bot.service import server
    from bot.service.app import create
    from bot.settings import Settings
    from bot.web.page import build

    bot = app.build(Settings(home=home))
    bot.warm()
    opened = threading.Event()
    listener = server.listen("127.0.0.1", 0)
    made = create(Warmup.done(bot), build, opened.set)
    running = uvicorn.Server(uvicorn.Config(made, log_level="warning"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    opened.wait()
    yield server.address_of(listener)
    running.should_exit = True
    thread.join(10)
    bot.close()


def like(page: "Page", number: int) -> None:
    """Press Like on a card of the last turn, counted from 0."""
    pressed = page.locator("#last [data-do=like][aria-pressed=true]").count()
    page.locator("#last [data-do=like]").nth(number).click()
    page.wait_for_function(
        "(n) => document.querySelectorAll('#last [data-do=like][aria-pressed=true]').length > n",
        arg=pressed,
    )


def keep(page: "Page", name: str) -> None:
    """Write what the page shows as a small PNG."""
    page.mouse.move(0, 0)
    page.wait_for_function("document.getAnimations().every((a) => a.playState !== 'running')")
    page.wait_for_timeout(800)  # the talk has scrolled to its place
    whole = page.screenshot()
    if len(whole) > MOST_BYTES:
        drawn = Image.open(io.BytesIO(whole)).convert("RGB").quantize(256)
        drawn.save(DOCS / name, optimize=True)
    else:
        (DOCS / name).write_bytes(whole)


def first_answer(page: "Page") -> None:
    ask(page, "a tense science fiction film, nothing longer than two hours, no horror")
    like(page, 0)
    keep(page, "first-answer.png")


def taste(page: "Page") -> None:
    ask(page, "a science fiction film, no horror")
    like(page, 0)
    ask(page, "something newer")
    like(page, 0)
    ask(page, "a comedy instead of science fiction")
    like(page, 1)
    ask(page, "with a bit of romance")
    like(page, 0)
    for pick in page.locator("#last [data-pick]").all()[:2]:
        pick.click()
    page.locator("#tray .compare").click()
    page.wait_for_selector("#last .compared")
    keep(page, "taste.png")


def phone(page: "Page") -> None:
    ask(page, "a comedy from the nineties")
    keep(page, "phone.png")


def electronics(page: "Page") -> None:
    page.get_by_label("Catalogue").select_option("electronics")
    page.wait_for_selector("#last .empty:not([aria-busy]) .opening:has-text('laptop')")
    ask(page, "a light laptop under a grand")
    keep(page, "electronics.png")


def main() -> None:
    """Make every picture, each in a talk of its own."""
    from playwright.sync_api import sync_playwright

    scenes = (
        (first_answer, WIDE, "light"),
        (taste, {**WIDE, "height": 1020}, "light"),
        (phone, PHONE, "light"),
        (electronics, WIDE, "dark"),
    )
    with tempfile.TemporaryDirectory() as home, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with serving(Path(home)) as address:
            for scene, size, scheme in scenes:
                context = browser.new_context(viewport=size, color_scheme=scheme)
                page = context.new_page()
                visit(page, address)
                scene(page)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()

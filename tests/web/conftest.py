"""A bot of fakes behind the page's handlers and in a browser: twelve films, no weights."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browsing import CHROMIUM, FLAGS, serving, visit

from bot import trial
from bot.concierge import Concierge
from bot.web.handlers import Chat

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def concierge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Concierge]:
    """Give a bot whose state lives for one test module."""
    bot = trial.build(tmp_path_factory.mktemp("home"))
    yield bot
    bot.close()


@pytest.fixture(scope="module")
def chat(concierge: Concierge) -> Chat:
    """Give the handlers of a page over that bot."""
    return Chat(concierge)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Give a browser with a fresh profile; without Chromium its tests are skipped."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (make test-browser installs it)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running service."""
    with serving(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def page(browser: "Browser", address: str) -> "Iterator[Page]":
    """Give an open page in a context of its own; an error in its console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    visit(opened, address)
    yield opened
    context.close()
    assert errors == []

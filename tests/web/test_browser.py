"""The page in a real browser: Chromium over a service of fakes on a free port."""

import shutil
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bot import trial
from bot.running.warmup import Warmup
from bot.service import server
from bot.service.app import create

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running service."""
    import uvicorn

    from bot.web.page import build

    bot = trial.build(tmp_path_factory.mktemp("home"))
    opened = threading.Event()
    listener = server.listen("127.0.0.1", 0)
    application = create(Warmup.done(bot), build, opened.set)
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert opened.wait(120)
    yield server.address_of(listener)
    running.should_exit = True
    thread.join(10)
    listener.close()
    bot.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Give a browser with a fresh profile."""
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


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


def visit(page: "Page", address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#last .empty, #last .turn", timeout=PATIENCE_MS)
    page.wait_for_selector("#panel .part", state="attached", timeout=PATIENCE_MS)


def ask(page: "Page", text: str) -> None:
    box = page.get_by_label("Your message")
    box.fill(text)
    box.press("Enter")
    page.wait_for_selector(f"#last .turn:has-text('{text}') .deed", timeout=PATIENCE_MS)


def chips(page: "Page", place: str) -> list[str]:
    return [words.strip() for words in page.locator(f"{place} .chip").all_inner_texts()]


def test_a_question_is_answered_with_cards(page: "Page") -> None:
    ask(page, "a comedy, no romance")
    assert page.locator("#last .card").count() == 3
    assert page.locator("#last .card .poster").count() == 3
    assert chips(page, "#panel") == ["no romance", "comedy"]
    assert page.get_by_label("Your message").input_value() == ""


def test_an_example_opening_can_be_pressed(page: "Page") -> None:
    page.get_by_role("button", name="Something like Parasite").click()
    page.wait_for_selector("#last .turn .deed", timeout=PATIENCE_MS)
    assert "Something like Parasite" in page.locator("#last .mine").inner_text()


def test_like_stays_after_a_reload_and_the_talk_resumes(page: "Page", address: str) -> None:
    ask(page, "a comedy")
    page.get_by_role("button", name="Like: Airplane!", exact=True).click()
    page.wait_for_selector("#last .deed[aria-pressed=true]", timeout=PATIENCE_MS)
    page.wait_for_selector("#panel .marked", timeout=PATIENCE_MS)
    page.wait_for_function("localStorage.length > 0")
    page.reload()
    page.wait_for_selector("#last .deed[aria-pressed=true]", timeout=PATIENCE_MS)
    assert "Airplane!" in page.locator("#panel .marked").inner_text()


def test_a_chip_is_removed_and_undo_brings_it_back(page: "Page") -> None:
    ask(page, "a comedy, no romance")
    page.locator("#panel").get_by_role("button", name="Remove: no romance").click()
    page.wait_for_selector("#last .mine:has-text('Remove: no romance')", timeout=PATIENCE_MS)
    page.wait_for_selector("#last .deed", timeout=PATIENCE_MS)
    page.wait_for_function("document.querySelectorAll('#panel .chip').length === 1")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelectorAll('#panel .chip').length === 2")
    assert page.locator(".turn").count() == 1


def test_starting_over_shows_the_greeting_again(page: "Page") -> None:
    ask(page, "a comedy")
    page.get_by_role("button", name="Start over").click()
    page.wait_for_selector("#last .empty", timeout=PATIENCE_MS)
    assert page.locator(".turn").count() == 0


def test_two_browsers_never_share_a_talk(browser: "Browser", page: "Page", address: str) -> None:
    ask(page, "a comedy")
    other = browser.new_context()
    try:
        second = other.new_page()
        visit(second, address)
        assert second.locator(".turn").count() == 0
    finally:
        other.close()


def test_words_with_markup_are_shown_as_words(page: "Page") -> None:
    words = "a comedy <img src=x onerror=\"document.title='hit'\"> ${document.title=1} {{this}}"
    box = page.get_by_label("Your message")
    box.fill(words)
    box.press("Enter")
    page.wait_for_selector("#last .deed", timeout=PATIENCE_MS)
    said = words.replace("<", "‹").replace(">", "›")  # a tag in a message is kept as its words
    assert page.locator("#last .mine").inner_text().endswith(said)
    assert page.title() == "Concierge"
    assert page.locator("#last img").count() == 0


def test_nothing_is_fetched_from_elsewhere(browser: "Browser", address: str) -> None:
    context = browser.new_context()
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        visit(page, address)
        ask(page, "a comedy")
    finally:
        context.close()
    assert {url for url in asked if not url.startswith((address, "data:", "blob:"))} == set()


def test_a_narrow_dark_screen_holds_everything(browser: "Browser", address: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme="dark", has_touch=True
    )
    try:
        page = context.new_page()
        visit(page, address)
        ask(page, "a comedy")
        wide = "document.scrollingElement.scrollWidth <= innerWidth"
        assert page.evaluate(wide)
        assert page.evaluate("document.body.classList.contains('dark')")
        assert not page.locator("#panel").is_visible()
        page.get_by_role("button", name="Your taste").click()
        page.wait_for_selector("#panel .chip", state="visible", timeout=PATIENCE_MS)
        page.keyboard.press("Escape")
        page.wait_for_selector("#panel", state="hidden", timeout=PATIENCE_MS)
    finally:
        context.close()


def test_the_page_works_by_keyboard_alone(page: "Page") -> None:
    page.get_by_label("Your message").focus()
    page.keyboard.type("horror")
    page.keyboard.press("Enter")
    page.wait_for_selector("#last .deed", timeout=PATIENCE_MS)
    like = page.locator("#last .deed").first
    like.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#last .deed[aria-pressed=true]", timeout=PATIENCE_MS)
    assert page.evaluate("document.activeElement.dataset.do") == "like"


def test_every_control_has_a_name(page: "Page") -> None:
    ask(page, "a comedy")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, textarea, select')]
        .filter((e) => e.offsetParent !== null)
        .filter((e) => !(e.innerText?.trim() || e.getAttribute('aria-label') || e.labels?.length
          || e.title || e.getAttribute('aria-labelledby')))
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    assert page.locator("[aria-live=polite]").count() >= 1

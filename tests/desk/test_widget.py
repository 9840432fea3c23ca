"""The widget on a shop's page, in a real browser, under a strict content security policy."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import trial
from bot.running.warmup import Warmup
from bot.service import server
from bot.service.app import create

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

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
PATIENCE_MS = 30_000
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'none'; "
    "require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'"
)
SHOP = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>A shop</h1><a href="#">a link of the page</a><input aria-label="Search">
<script src="/widget.js" data-title="Film finder" {more}></script></body></html>"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running service."""
    with served(tmp_path_factory.mktemp("home")) as running:
        yield running


@contextmanager
def served(home: Path, *origins: str) -> Iterator[str]:
    """Run a service that pages of some origins may call."""
    import uvicorn

    bot = trial.build(home)
    listener = server.listen("127.0.0.1", 0)
    application = create(Warmup.done(bot), origins=origins)
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield server.address_of(listener)
    running.should_exit = True
    thread.join(10)
    listener.close()
    bot.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


def shop(page: "Page", address: str, more: str = "") -> None:
    """Open a shop's page that carries the widget."""

    def fulfill(route: "Route") -> None:
        body = SHOP.format(more=more)
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=body, content_type="text/html", headers=headers)

    page.route(f"{address}/shop", fulfill)
    page.goto(f"{address}/shop")


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """Give a page; an error or a violated policy in its console fails the test."""
    context = browser.new_context(viewport={"width": 1100, "height": 760})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    # A browser writes these of every request that fails, whatever the page makes of it.
    assert [e for e in errors if not e.startswith("Failed to load resource")] == []


def ask(page: "Page", text: str, cards: int = 3) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")
    page.wait_for_function(
        "n => document.querySelector('concierge-chat').shadowRoot"
        ".querySelectorAll('.card').length === n",
        arg=cards,
    )


def test_one_line_puts_the_chat_on_a_page_with_a_strict_policy(page: "Page", address: str) -> None:
    shop(page, address)
    page.get_by_role("button", name="Film finder").click()
    ask(page, "a comedy")
    card = page.get_by_role("listitem").first
    assert card.locator(".reason").inner_text() and card.locator(".facts").inner_text()
    assert "1. " not in page.locator(".said").last.inner_text()
    panel = page.get_by_role("dialog", name="Film finder")
    assert panel.evaluate("e => getComputedStyle(e).position") == "fixed"


def test_it_works_by_keyboard_and_keeps_the_focus_in(page: "Page", address: str) -> None:
    shop(page, address)
    launch = page.get_by_role("button", name="Film finder")
    launch.focus()
    page.keyboard.press("Enter")
    inside = "document.activeElement.tagName + ' ' + (document.activeElement.shadowRoot"
    inside += "?.activeElement?.getAttribute('aria-label') ?? '')"
    assert page.evaluate(inside) == "CONCIERGE-CHAT Your message"
    page.keyboard.type("horror")
    page.keyboard.press("Enter")
    page.locator(".card").first.wait_for()
    reached = set()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(14):
            page.keyboard.press(key)
            reached.add(page.evaluate(inside))
    assert all(where.startswith("CONCIERGE-CHAT") for where in reached)
    assert {"CONCIERGE-CHAT Close", "CONCIERGE-CHAT Your message"} <= reached
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    assert launch.is_visible() and launch.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.tagName") == "CONCIERGE-CHAT"


def test_what_is_said_is_told_to_screen_readers(page: "Page", address: str) -> None:
    shop(page, address, "data-open")
    assert page.get_by_role("log", name="Conversation").get_attribute("aria-live") == "polite"
    ask(page, "a comedy")
    assert page.locator(".mine").inner_text().startswith("You:")
    nameless = page.evaluate(
        """() => [...document.querySelector('concierge-chat').shadowRoot
        .querySelectorAll('button, input')]
        .filter((e) => !(e.innerText?.trim() || e.getAttribute('aria-label')))
        .map((e) => e.outerHTML)"""
    )
    assert nameless == []


def test_the_talk_survives_a_reload_with_its_marks(page: "Page", address: str) -> None:
    shop(page, address, "data-open")
    ask(page, "a comedy")
    like = page.get_by_role("button", name="I like it: Airplane!", exact=True)
    like.click()
    page.locator("[data-kind=like][aria-pressed=true]").wait_for()
    page.reload()
    page.locator("[data-kind=like][aria-pressed=true]").wait_for()
    assert page.locator(".mine").count() == 1 and page.locator(".card").count() == 3
    page.get_by_label("Your message").fill("horror")
    page.get_by_label("Your message").press("Enter")
    page.locator(".card").nth(3).wait_for()


def test_starting_over_forgets_the_talk(page: "Page", address: str) -> None:
    shop(page, address, "data-open")
    ask(page, "a comedy")
    with page.expect_request(lambda r: r.method == "DELETE"):
        page.get_by_role("button", name="Start over").click()
    page.reload()
    page.locator(".said").first.wait_for()
    assert page.locator(".mine").count() == 0


def test_it_says_when_the_server_is_away_and_sends_when_it_is_back(
    page: "Page", address: str
) -> None:
    shop(page, address, "data-open")
    ask(page, "a comedy")
    keys: list[str] = []

    def gone(route: "Route") -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort()

    page.route("**/messages", gone)
    page.get_by_label("Your message").fill("horror")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("cannot be reached right now").wait_for()
    page.reload()
    page.get_by_text("cannot be reached right now").wait_for()
    page.unroute("**/messages")
    page.locator(".card").nth(3).wait_for()
    assert page.locator(".mine").count() == 2 and len(set(keys)) == 1
    assert page.locator(".status").inner_text() == ""


def test_a_session_that_expired_is_begun_anew(page: "Page", address: str) -> None:
    shop(page, address, "data-open")
    ask(page, "a comedy")
    kept = "JSON.parse(Object.values(sessionStorage)[0]).id"
    session = page.evaluate(kept)
    page.request.delete(f"{address}/api/sessions/{session}")
    page.get_by_label("Your message").fill("horror")
    with page.expect_response(lambda r: r.status == 201):
        page.get_by_role("button", name="Send").click()
    page.locator(".card").nth(3).wait_for()
    assert page.evaluate(kept) != session


def test_markup_in_messages_and_items_is_shown_as_words(page: "Page", address: str) -> None:
    evil = "<img src=x onerror=document.title='hit'>"

    def poisoned(route: "Route") -> None:
        answer = route.fetch()
        reply = answer.json()
        reply["reply"] = evil
        reply["items"][0] |= {"title": evil, "reason": evil, "facts": {"brand": evil}}
        route.fulfill(response=answer, json=reply)

    page.route("**/messages", poisoned)
    shop(page, address, "data-open")
    ask(page, f"a comedy {evil}")
    assert page.locator("h3").first.inner_text() == evil
    assert page.locator("concierge-chat img").count() == 0 and page.title() == "Shop"


@pytest.mark.parametrize("accent", ["#ffd400", "#222", "red; } * { display: none"])
def test_the_theme_is_set_by_attributes_and_stays_readable(
    page: "Page", address: str, accent: str
) -> None:
    shop(page, address, f'data-theme="dark" data-position="left" data-accent="{accent}"')
    launch = page.get_by_role("button", name="Film finder")
    assert launch.bounding_box()["x"] < 100  # type: ignore[index]
    colours = launch.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).display]")
    assert colours[0] == ("rgb(0, 0, 0)" if accent == "#ffd400" else "rgb(255, 255, 255)")
    assert colours[1] != "none"
    launch.click()
    ground = page.get_by_role("dialog").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(22, 25, 29)"


def test_a_narrow_screen_holds_everything(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme="dark")
    page = context.new_page()
    shop(page, address, "data-open")
    ask(page, "a comedy")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    panel = page.get_by_role("dialog")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
    assert panel.evaluate(
        "e => [...e.querySelectorAll('*')].every((x) => x.getBoundingClientRect().right <= 361)"
    )
    context.close()


@contextmanager
def shop_elsewhere() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a shop's page from an origin of its own; its policy allows the service alone."""
    of: dict[str, str] = {}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the library's name
            page = SHOP.replace("/widget.js", f"{of['service']}/widget.js").format(more="")
            policy = POLICY.replace("'self'", of["service"])
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{shop.server_port}", of
        shop.shutdown()


def test_a_page_of_an_origin_that_is_named_talks_under_a_strict_policy(
    page: "Page", tmp_path: Path
) -> None:
    with shop_elsewhere() as (origin, of), served(tmp_path, origin) as address:
        of["service"] = address
        page.goto(origin)
        page.get_by_role("button", name="Film finder").click()
        ask(page, "a comedy")
        page.get_by_role("button", name="I like it").first.click()
        page.locator("[data-kind=like][aria-pressed=true]").wait_for()
        page.reload()
        page.locator(".card").nth(2).wait_for()  # it is found again


def test_a_page_of_any_other_origin_gets_no_answer(browser: "Browser", tmp_path: Path) -> None:
    named = "https://shop.example"
    with shop_elsewhere() as (origin, of), served(tmp_path, named) as address:
        of["service"] = address
        context = browser.new_context()
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(origin)
        page.get_by_role("button", name="Film finder").click()
        page.get_by_label("Your message").fill("a comedy")
        page.get_by_label("Your message").press("Enter")
        page.get_by_text("cannot be reached right now").wait_for()
        assert page.locator(".card").count() == 0
        assert any("CORS policy" in text for text in said)
        context.close()

"""The page in a real browser: Chromium over a service of fakes on a free port."""

from typing import TYPE_CHECKING

from browsing import PATIENCE_MS, ask, chips, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


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
    assert page.locator("#panel .marked").first.inner_text() == "Airplane!"


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

"""A whole talk by keys alone, and what a reader of screens is told of it."""

from typing import TYPE_CHECKING

import pytest
from browsing import ask, visit

from bot.web.past import DRAWN_TURNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

# What has the focus: the id of its part of the page, and what it is called.
FOCUS = """() => {
  const on = document.activeElement;
  const part = ["past", "last", "tray", "panel", "side", "bar", "composer", "scroll"]
    .find((id) => document.getElementById(id).contains(on)) ?? on.tagName;
  return [part, on.getAttribute("aria-label") ?? on.innerText];
}"""
# Everything that is told from now on, in order.
LISTEN = """() => {
  window.told = [];
  for (const place of document.querySelectorAll("#notice [role=status], #tray [role=status]"))
    new MutationObserver(() => place.textContent && told.push(place.textContent))
      .observe(place, { childList: true, characterData: true, subtree: true });
}"""
OUTLINED = """() => [document.activeElement, document.activeElement.closest("#composer, .wrap")]
  .some((e) => e && (getComputedStyle(e).outlineStyle !== "none"
    || getComputedStyle(e).boxShadow.includes("0px 0px 0px 1px")))"""


@pytest.fixture(params=[1280, 360])
def keyed(request: pytest.FixtureRequest, browser: "Browser", address: str) -> "Iterator[Page]":
    """Give an open page, wide and narrow."""
    context = browser.new_context(viewport={"width": request.param, "height": 740})
    page = context.new_page()
    visit(page, address)
    yield page
    context.close()


def tab_to(page: "Page", name: str, key: str = "Tab") -> None:
    """Press Tab until a control of that name has the focus; every stop on the way shows itself."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement === document.body"):
            continue  # the browser's own controls stand between the last and the first
        assert page.evaluate(OUTLINED), page.evaluate(FOCUS)
        if page.evaluate(FOCUS)[1] == name:
            return
    raise AssertionError(f"expected a control named {name!r} within 80 stops")


def answered(page: "Page", words: str) -> None:
    page.wait_for_selector(f"#last .turn:not([aria-busy]) .mine:has-text('{words}')")
    page.wait_for_selector("#last .copy")


def test_a_whole_talk_by_keys_alone_never_loses_the_focus(keyed: "Page") -> None:
    keyed.keyboard.type("a comedy, no romance")
    keyed.keyboard.press("Enter")
    answered(keyed, "a comedy, no romance")
    assert keyed.evaluate(FOCUS)[0] == "composer"

    tab_to(keyed, "Like: Airplane!", "Shift+Tab")
    keyed.keyboard.press("Space")
    keyed.wait_for_selector("#last [data-do=like][aria-pressed=true]")
    assert keyed.evaluate(FOCUS) == ["last", "Like: Airplane!"]

    tab_to(keyed, "Remove: no romance", "Shift+Tab")
    keyed.keyboard.press("Enter")
    answered(keyed, "Remove: no romance")
    assert keyed.evaluate(FOCUS)[0] == "last"

    for words in ("Compare: Sleepless in Seattle", "Compare: Groundhog Day"):
        tab_to(keyed, words)
        keyed.keyboard.press("Space")
    tab_to(keyed, "Compare")
    keyed.keyboard.press("Enter")
    answered(keyed, "Compare Sleepless in Seattle and Groundhog Day")
    assert keyed.evaluate(FOCUS)[0] == "composer"

    tab_to(keyed, "Undo")
    keyed.keyboard.press("Enter")
    answered(keyed, "Remove: no romance")
    assert keyed.evaluate(FOCUS) == ["bar", "Undo"]

    tab_to(keyed, "Copy")
    keyed.keyboard.press("Enter")
    keyed.wait_for_function("document.activeElement.innerText === 'Copied'")

    tab_to(keyed, "Start over")
    keyed.keyboard.press("Enter")
    keyed.wait_for_selector("#last .empty:not([aria-busy]) .opening")
    assert keyed.evaluate(FOCUS) == ["bar", "Start over"]

    tab_to(keyed, "A comedy from the nineties")
    keyed.keyboard.press("Enter")
    answered(keyed, "A comedy from the nineties")
    assert keyed.evaluate(FOCUS) == ["last", "The latest turn"]


def test_the_focus_goes_to_the_next_wish_and_then_to_the_panel(page: "Page") -> None:
    ask(page, "a comedy, no romance")
    page.locator("#panel .chip button").first.focus()
    page.keyboard.press("Enter")
    answered(page, "Remove: no romance")
    assert page.evaluate(FOCUS) == ["panel", "Remove: comedy"]
    page.keyboard.press("Enter")
    answered(page, "Remove: comedy")
    assert page.evaluate(FOCUS) == ["side", "Your taste"]


def test_walking_past_the_catalogues_keeps_the_talk(page: "Page") -> None:
    ask(page, "a comedy")
    tab_to(page, "Undo")
    tab_to(page, "Catalogue", "Shift+Tab")
    page.keyboard.press("Tab")
    ask(page, "horror")
    assert page.locator("#past .turn").count() == 1
    assert page.get_by_label("Catalogue").input_value() == "films"


def test_the_panel_opens_and_closes_by_keys_on_a_phone(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        visit(page, address)
        ask(page, "a comedy")
        tab_to(page, "Your taste")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id === 'side'")
        page.wait_for_selector("#panel .chip button", state="visible")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS) == ["panel", "Remove: comedy"]
        page.keyboard.press("Escape")
        page.wait_for_function("document.activeElement.id === 'toggle'")
        page.wait_for_selector("#panel", state="hidden")
    finally:
        context.close()


def test_earlier_turns_are_reached_by_keys(page: "Page") -> None:
    for number in range(DRAWN_TURNS + 2):
        ask(page, f"hello {number}.")
    page.locator("#past .earlier button").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('#past .earlier')")
    assert page.evaluate(FOCUS) == ["scroll", "Our talk"]


def test_a_reply_is_told_once_and_whole(page: "Page") -> None:
    page.evaluate(LISTEN)
    ask(page, "a comedy")
    page.locator("#last [data-do=like]").first.click()
    page.wait_for_function("told.length === 2")
    reply, liked = page.evaluate("told")
    assert "1. Airplane! (1980)" in reply and "3. Parasite" in reply
    assert liked == "Liked: Airplane!"

"""Comparing, copying, exporting; reloads, restarts and long talks, in a real browser."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from browsing import ask, serving, visit

from bot.concierge import Concierge
from bot.web import transcript
from bot.web.handlers import Chat
from bot.web.past import DRAWN_TURNS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Where the cards of the last turn begin, in pixels, from HTML that stands in for it.
TOPS = """(html) => {
  const last = document.querySelector("#last");
  last.querySelector(".turn, .empty").parentElement.innerHTML = html;
  return [...last.querySelectorAll(".card")].map((card) => card.offsetTop);
}"""

# Sums up how far things moved that nobody moved (cumulative layout shift).
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
  }).observe({ type: "layout-shift" });
}"""


def test_two_picked_items_are_compared(page: "Page") -> None:
    ask(page, "a comedy")
    assert not page.locator("#tray .tray").is_visible()
    first, second = (page.locator("#last [data-pick]").nth(n) for n in (0, 1))
    first.click()
    assert page.locator("#tray .compare").is_disabled()
    second.click()
    titles = [button.get_attribute("data-title") for button in (first, second)]
    page.locator("#tray .compare").click()
    page.wait_for_selector("#last .compared")
    assert page.locator("#last .compared thead th").all_inner_texts() == titles
    assert not page.locator("#tray .tray").is_visible()
    assert page.locator("[data-pick][aria-pressed=true]").count() == 0


def test_a_pick_outlives_a_like_and_is_taken_back(page: "Page") -> None:
    ask(page, "a comedy")
    page.locator("#last [data-pick]").first.click()
    page.locator("#last [data-do=like]").first.click()
    page.wait_for_selector("#last [data-do=like][aria-pressed=true]")
    assert page.locator("#last [data-pick][aria-pressed=true]").count() == 1
    page.get_by_role("button", name="Clear").click()
    assert page.locator("#last [data-pick][aria-pressed=true]").count() == 0


def test_a_reply_is_copied_as_it_was_said(page: "Page", address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    ask(page, "a comedy")
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    opening, _, rest = copied.partition("\n")
    assert "comedy" in opening and rest.startswith("1. Airplane! (1980)")


def test_the_talk_is_exported_without_leaving_the_page(page: "Page") -> None:
    ask(page, "a comedy, no romance")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.endswith(".md")
    text = Path(download.value.path()).read_text("utf-8")
    assert "> a comedy, no romance" in text and "* no romance" in text
    assert page.locator("#last .turn").count() == 1


def test_typed_words_outlive_a_reload(page: "Page") -> None:
    ask(page, "a comedy")
    page.get_by_label("Your message").fill("something darker")
    page.reload()
    page.wait_for_function("document.querySelector('#box textarea')?.value === 'something darker'")
    page.wait_for_selector("#last .turn:has-text('a comedy')")


def test_an_answered_message_does_not_come_back_after_a_reload(page: "Page") -> None:
    ask(page, "a comedy")
    page.wait_for_function("sessionStorage.length === 0")
    page.reload()
    page.wait_for_selector("#last .turn .copy")
    assert page.get_by_label("Your message").input_value() == ""


def test_a_restart_of_the_service_is_told_and_loses_nothing(
    browser: "Browser", tmp_path: Path
) -> None:
    context = browser.new_context()
    try:
        page = context.new_page()
        with serving(tmp_path) as address:
            visit(page, address)
            ask(page, "a comedy")
        page.get_by_label("Your message").fill("horror")
        page.get_by_label("Your message").press("Enter")
        page.wait_for_selector("#tray .down:not(:empty)")
        assert page.get_by_label("Your message").input_value() == "horror"
        with serving(tmp_path, urlsplit(address).port or 0):
            page.wait_for_selector("#tray .down:empty", state="attached")
            page.wait_for_function("document.querySelector('#box textarea')?.value === 'horror'")
            ask(page, "horror")
            page.wait_for_selector("#past .turn:has-text('a comedy')")
            context.close()
    finally:
        context.close()


def test_an_item_of_hostile_texts_does_nothing(browser: "Browser", tmp_path: Path) -> None:
    evil = "<img src=/evil onerror='document.title=1'> ![x](/evil) <script>fetch('/evil')</script>"
    item: dict[str, Any] = {"id": evil, "title": f"Hit {evil}", "text": evil}
    item["facts"] = {"genres": ["slapstick", evil], "year": 1999, "director": [evil]}
    context = browser.new_context()
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        with serving(tmp_path) as address:
            answer = httpx.post(f"{address}/api/catalogs/films/items", json=item)
            assert answer.is_success, answer.text
            visit(page, address)
            ask(page, "slapstick")
            assert "Hit" in page.locator("#last .card h2").inner_text()
            page.locator("#last [data-do=like]").click()
            page.wait_for_selector("#panel .marked:has-text('Hit')")
            assert page.title() == "Concierge"
            assert page.locator("#room :is(img, script, a)").count() == 0
            assert [url for url in asked if "evil" in url] == []
            context.close()
    finally:
        context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_cards_that_are_still_written_have_the_room_of_whole_ones(
    browser: "Browser", address: str, concierge: Concierge, width: int
) -> None:
    talk = concierge.open("films")
    reply = concierge.turn(talk.id, "a comedy").reply
    (resumed,) = Chat(concierge).resume({"session": talk.id})
    whole = resumed.last
    pending = transcript.pending("a comedy", reply, _chips_of(whole or ""))
    context = browser.new_context(viewport={"width": width, "height": 740})
    try:
        page = context.new_page()
        visit(page, address)
        growing, drawn = page.evaluate(TOPS, pending), page.evaluate(TOPS, whole)
    finally:
        context.close()
    assert len(growing) == len(drawn) == 3
    assert growing[0] == pytest.approx(drawn[0], abs=1)
    assert growing[2] == pytest.approx(drawn[2], abs=80)


def _chips_of(turn: str) -> str:
    begin = turn.index('<ul class="chips"')
    return turn[begin : turn.index("</ul>", begin) + len("</ul>")]


def test_a_very_long_talk_keeps_the_page_small(page: "Page", concierge: Concierge) -> None:
    talk = concierge.open("films")
    for _ in range(DRAWN_TURNS + 4):
        concierge.turn(talk.id, "a comedy")
    (change,) = Chat(concierge).resume({"session": talk.id})
    assert change.past
    nodes = page.evaluate(
        "(html) => new DOMParser().parseFromString(html, 'text/html').querySelectorAll('*').length",
        "".join(change.past.turns) + (change.last or "") + (change.side or ""),
    )
    assert nodes < 2_500


def test_a_long_talk_shows_its_latest_turns_and_more_when_asked(page: "Page") -> None:
    for number in range(DRAWN_TURNS + 3):
        ask(page, f"hello {number}.")
    said = page.locator("#past .mine")
    assert said.count() == DRAWN_TURNS and said.first.inner_text().endswith("hello 2.")
    page.locator("#past .earlier button").click()
    page.wait_for_function("!document.querySelector('#past .earlier')")
    shown = [words.split("\n")[-1] for words in said.all_inner_texts()]
    assert shown == [f"hello {n}." for n in range(DRAWN_TURNS + 2)]


def test_a_talk_that_went_on_in_another_tab_is_shown_whole(page: "Page", address: str) -> None:
    ask(page, "a comedy")
    page.wait_for_function("localStorage.length > 0")
    other = page.context.new_page()
    visit(other, address)
    other.wait_for_selector("#last .turn")
    for words in ("horror", "a thriller"):
        ask(other, words)
    ask(page, "a drama")
    page.wait_for_function("document.querySelectorAll('#past .turn').length === 3")
    said = page.locator("#room .mine").all_inner_texts()
    assert [words.split()[-1] for words in said] == ["comedy", "horror", "thriller", "drama"]


def test_a_like_is_shown_on_cards_of_the_past(page: "Page") -> None:
    ask(page, "a comedy")
    ask(page, "hello")
    page.locator("#past [data-do=like]").first.click()
    page.wait_for_selector("#past [data-do=like][aria-pressed=true]")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector("#past .turn", state="detached")
    assert page.locator("#last [data-do=like]").count() == 3


@pytest.mark.parametrize("width", [1280, 360])
def test_what_is_read_stays_where_it_is_while_answers_stream(
    browser: "Browser", address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740})
    try:
        page = context.new_page()
        visit(page, address)
        page.evaluate(SHIFTS)
        for words in ("a comedy", "no romance", "horror", "hello", "a thriller"):
            page.get_by_label("Your message").press_sequentially(words)
            ask(page, words)
        assert page.evaluate("shifted") <= 0.2
    finally:
        context.close()


@pytest.mark.parametrize("by", ["mouse", "held key"])
def test_a_chip_that_is_pressed_twice_is_one_turn(page: "Page", by: str) -> None:
    ask(page, "a comedy, no romance")
    chip = page.locator("#panel .chip button").first
    if by == "mouse":
        chip.dblclick()
    else:
        chip.focus()
        for _ in range(3):
            page.keyboard.down("Enter")
        page.keyboard.up("Enter")
    page.wait_for_selector("#last .turn:not([aria-busy]) .mine:has-text('Remove')")
    ask(page, "hello")
    assert page.locator("#past .turn").count() == 2

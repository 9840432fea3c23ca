"""Reloads while an answer is on its way, in a real browser."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import browsing
import pytest
from browsing import serving, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def blank(browser: "Browser") -> "Iterator[Page]":
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@contextmanager
def killed(home: Path, port: int, gate: Path) -> Iterator[str]:
    """Run a service in a process that is killed at the end; give its address."""
    command = [sys.executable, browsing.__file__, str(home), str(port), str(gate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            yield running.stdout.readline().strip()
        finally:
            running.kill()


def say(page: "Page", words: str) -> None:
    """Send a message and wait until the browser has kept that it is being answered."""
    kept = page.evaluate("JSON.stringify(localStorage)")
    page.get_by_label("Your message").fill(words)
    page.get_by_label("Your message").press("Enter")
    page.wait_for_selector(f"#last .turn[aria-busy]:has-text('{words}')")
    page.wait_for_function("(kept) => JSON.stringify(localStorage) !== kept", arg=kept)


def assert_answered(page: "Page", words: str) -> None:
    page.wait_for_selector(f"#last .turn:not([aria-busy]):has-text('{words}') .copy")
    assert page.locator("#last .card").count() == 3
    assert page.locator("#past .turn").count() == 0
    assert page.get_by_label("Your message").input_value() == ""


def test_an_answer_on_its_way_is_shown_after_a_reload(blank: "Page", tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving(tmp_path / "home", gate=gate) as address:
        visit(blank, address)
        say(blank, "a comedy")
        blank.reload()
        blank.wait_for_selector("#last .turn[aria-busy]:has-text('a comedy')")
        gate.touch()
        assert_answered(blank, "a comedy")
        blank.reload()
        assert_answered(blank, "a comedy")


@pytest.mark.parametrize("reloaded", [True, False])
def test_an_answer_lost_with_the_service_is_given_by_the_next_one(
    blank: "Page", tmp_path: Path, reloaded: bool
) -> None:
    gate, home = tmp_path / "gate", tmp_path / "home"
    with killed(home, 0, gate) as address:
        visit(blank, address)
        say(blank, "a comedy")
    blank.wait_for_selector("#tray .down:not(:empty)")
    gate.touch()
    with killed(home, urlsplit(address).port or 0, gate):
        if reloaded:
            blank.reload()
        assert_answered(blank, "a comedy")


def test_a_talk_that_was_left_does_not_come_back_with_its_answer(
    blank: "Page", tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    with serving(tmp_path / "home", gate=gate) as address:
        visit(blank, address)
        say(blank, "a comedy")
        blank.get_by_role("button", name="Start over").click()
        blank.wait_for_selector("#last .empty:not([aria-busy]) .opening")
        gate.touch()
        box = blank.get_by_label("Your message")
        box.fill("horror")
        while box.input_value():  # a press is not taken before the one that was left is done
            box.press("Enter")
            blank.wait_for_timeout(100)
        blank.wait_for_selector("#last .turn:not([aria-busy]):has-text('horror') .copy")
        assert blank.locator("#past .turn").count() == 0


def test_a_second_tab_shows_the_answer_that_the_first_waits_for(
    blank: "Page", tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    with serving(tmp_path / "home", gate=gate) as address:
        visit(blank, address)
        say(blank, "a comedy")
        other = blank.context.new_page()
        visit(other, address)
        other.wait_for_selector("#last .turn[aria-busy]:has-text('a comedy')")
        gate.touch()
        assert_answered(blank, "a comedy")
        assert_answered(other, "a comedy")

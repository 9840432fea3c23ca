"""What axe finds on the page: nothing, in every state, wide and narrow, light and dark."""

from typing import TYPE_CHECKING, Any

import pytest
from browsing import ask, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def faults(page: "Page") -> list[str]:
    """Return what axe finds wrong with the page as it is."""
    checker: Any = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = checker.run(page, options=RULES)
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_wrong(browser: "Browser", address: str, width: int, scheme: Any) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        visit(page, address)
        assert faults(page) == []
        ask(page, "a comedy, no romance")
        page.locator("#last [data-do=like]").first.click()
        page.wait_for_selector("#last [aria-pressed=true]")
        ask(page, "horror")
        for pick in page.locator("#last [data-pick]").all()[:2]:
            pick.click()
        assert faults(page) == []
        page.locator("#tray .compare").click()
        page.wait_for_selector("#last .compared")
        if width < 960:
            page.get_by_role("button", name="Your taste").click()
            page.wait_for_selector("#panel .bars", state="visible")
        assert faults(page) == []
    finally:
        context.close()

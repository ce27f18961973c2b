"""A first visit by a slow phone: how long until a value can be typed, and until its answer is there."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page, expect

from tests.browsing import PHONE

SLOW_3G = {  # "Slow 3G" of Chromium's developer tools
    "offline": False,
    "latency": 2_000,  # milliseconds
    "downloadThroughput": 400_000 / 8,  # bytes a second
    "uploadThroughput": 400_000 / 8,
}
SLOWER = 4  # times, the processor
PATIENCE = 120_000  # milliseconds
TYPED, LATER = (
    ("20", "81"),
    8,
)  # into the first field; the second value that many seconds after the first answer
_BOX, _HEADLINE = "#form input[type=number]", "#headline .headline"


def slow_visit(browser: Browser, url: str) -> dict[str, float]:
    """Seconds of a first visit, with an empty cache.

    Returns:
        Since the start of the visit, ``shown_s`` until a field is there, ``answered_s`` until the answer to a
        value that is typed at once, and ``gradio_s`` until Gradio's page is there; ``later_answer_s`` from a
        value that is typed while Gradio's scripts are loaded to its answer.
    """
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    _slow_down(page)
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    expect(page.locator(_BOX).first).to_be_visible(timeout=PATIENCE)
    found = {"shown_s": time.perf_counter() - begun}
    _ask(page, TYPED[0])
    found["answered_s"] = time.perf_counter() - begun
    page.wait_for_timeout(LATER * 1_000)
    asked = time.perf_counter()
    _ask(page, TYPED[1])
    found["later_answer_s"] = time.perf_counter() - asked
    expect(page.locator("html.arrived")).to_have_count(1, timeout=PATIENCE)
    found["gradio_s"] = time.perf_counter() - begun
    context.close()
    return found


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _ask(page: Page, value: str) -> None:
    """Type a value that leads to another segment, and wait for that."""
    headline = page.locator(_HEADLINE)
    before = headline.text_content() or ""
    page.locator(_BOX).first.fill(value)
    expect(headline).not_to_have_text(before, timeout=PATIENCE)

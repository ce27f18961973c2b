"""Checks the API's own page in Chromium: it asks no other site, and an operation can be tried with a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app import build_app
from service.settings import PREDICT, ApiKey, Settings, digest_of
from tests.browsing import DESKTOP, PHONE, chromium
from tests.free_port import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Playwright's own event loop
]

KEY = "cs_for_the_page"
PATIENCE = 20_000  # milliseconds, for a machine with other things to do


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    keys = (ApiKey(name="page", scopes=frozenset({PREDICT}), digest=digest_of(KEY)),)
    site = build_app(Settings(host="127.0.0.1", port=free_port(), api_keys=keys))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def tried(page: Page) -> str:
    """The status of a prediction that is tried on the page."""
    page.get_by_role("button", name="Execute").click()
    status = page.locator(".live-responses-table .response-col_status").last
    expect(status).to_be_visible(timeout=PATIENCE)
    return status.inner_text().split()[0]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_an_operation_can_be_tried_with_a_key(browser: Browser, url: str, size: tuple[int, int]) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/v1/docs")
    expect(page.locator(".opblock")).to_have_count(10, timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.locator("#operations-predictions-predict .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    assert tried(page) == "401"
    page.get_by_role("button", name="Authorize").click()
    page.locator(".auth-container input").fill(KEY)
    page.locator(".auth-btn-wrapper").get_by_role("button", name="Apply credentials").click()
    page.locator(".auth-btn-wrapper").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Clear").click()
    assert tried(page) == "200"
    assert faults == []
    assert [each for each in asked if not each.startswith((url, "data:", "blob:"))] == []
    page.close()


def test_the_page_leads_to_it(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url)
    expect(page.locator('a[href="./v1/docs"]')).to_have_count(1, timeout=PATIENCE)
    page.close()

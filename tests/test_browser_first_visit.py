"""Checks a first visit in Chromium: nothing moves, the language is true, paper and high contrast work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from inference import Segmenter
from service.page.texts import frame_texts
from tests.browsing import PHONE, chromium, served, wait_for_gradio
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Playwright's own event loop
]

GOOD_SHIFT = 0.1  # https://web.dev/articles/cls; 0.29 and more without the style sheet for the first paint
RECORD = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifts += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(Segmenter.load(ROOT / "artifacts" / "model.onnx")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def opened(browser: Browser, url: str, size: tuple[int, int], **options: str) -> Page:
    """The page, with its form shown."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **options)  # type: ignore[arg-type]  # Playwright types each option
    page.add_init_script(RECORD)
    page.goto(url)
    wait_for_gradio(page)
    return page


@pytest.mark.parametrize("size", [PHONE, (1440, 900), (1920, 1080)])
def test_nothing_moves_while_the_page_is_loaded(browser: Browser, url: str, size: tuple[int, int]) -> None:
    page = opened(browser, url, size)
    page.wait_for_timeout(1500)  # until the panel has been opened by script, too
    assert page.evaluate("window.shifts") < GOOD_SHIFT
    page.close()


@pytest.mark.parametrize("width", [1100, 1279, 1280, 1440, 1536, 1920])
def test_the_open_panel_covers_nothing(browser: Browser, url: str, width: int) -> None:
    page = opened(browser, url, (width, 900))
    expect(page.locator(".sidebar.open")).to_be_visible()
    page.wait_for_timeout(500)
    panel, tabs = page.locator(".sidebar").bounding_box(), page.locator(".tabs").bounding_box()
    assert panel is not None
    assert tabs is not None
    assert panel["x"] == 0
    assert panel["width"] <= tabs["x"]
    page.close()


def test_the_panel_closes_and_opens_by_its_button(browser: Browser, url: str) -> None:
    page = opened(browser, url, (1440, 900))
    expect(page.locator(".sidebar.open")).to_be_visible()
    page.locator(".sidebar .toggle-button").click()
    expect(page.locator(".sidebar.open")).to_have_count(0)
    page.wait_for_timeout(500)
    panel = page.locator(".sidebar").bounding_box()
    assert panel is not None
    assert panel["x"] < 0
    page.locator(".sidebar .toggle-button").click()
    expect(page.locator(".sidebar.open")).to_be_visible()
    page.close()


@pytest.mark.parametrize(("locale", "lang"), [("nl-NL", "en"), ("de-DE", "de")])
def test_the_language_is_that_of_the_page_in_every_browser(
    browser: Browser, url: str, locale: str, lang: str
) -> None:
    page = opened(browser, url, (1440, 900), locale=locale)
    assert page.evaluate("document.documentElement.lang") == lang
    page.close()


def test_paper_has_the_answer_and_no_controls(browser: Browser, url: str) -> None:
    page = opened(browser, url, (1440, 900))
    page.get_by_role("tab", name=frame_texts.TAB_PREDICTION).click()
    expect(page.locator("#answer h2").first).to_be_visible()
    page.emulate_media(media="print")
    for hidden in (".sidebar", "footer", "[role=tablist]"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#answer h2").first).to_be_visible()
    page.close()


def test_meters_and_switches_are_seen_in_forced_colours(browser: Browser, url: str) -> None:
    page = opened(browser, url, (1440, 900))
    page.emulate_media(forced_colors="active")
    style = "(found, name) => getComputedStyle(found)[name]"
    for drawn in (".meter", ".switch input"):
        assert page.locator(drawn).first.evaluate(style, "borderTopWidth") != "0px"
    meter = page.locator(".meter i").first
    assert meter.evaluate(style, "backgroundColor") != page.locator("body").evaluate(style, "backgroundColor")
    page.close()

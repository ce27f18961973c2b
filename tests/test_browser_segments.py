"""Checks the tab Segments in a browser: comparing, choosing columns, and the table of segments as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from inference import Segmenter
from service.page.texts import segments_texts as texts
from service.settings import DEFAULT_MODEL
from tests.browsing import Visit, chromium, served, visit

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def segments_tab(browser: Browser) -> Iterator[Visit]:
    """The tab on a desktop; afterwards the page must not have had a fault."""
    with served(Segmenter.load(DEFAULT_MODEL)) as url:
        opened = visit(browser, url)
        opened.open_tab(texts.TAB)
        yield opened
        opened.page.context.close()
        assert opened.faults == []


def test_two_segments_are_compared_by_the_chosen_column_with_the_keyboard(segments_tab: Visit) -> None:
    page = segments_tab.page
    cards = page.locator(".segment-card")
    expect(cards).to_have_count(len(Segmenter.load(DEFAULT_MODEL).contract.segments))
    for name in ("High income, high score", "Low income, low score"):
        _choose(segments_tab, texts.COMPARE, name)
    expect(cards).to_have_count(2)
    left, right = (cards.nth(place).bounding_box() for place in (0, 1))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    _choose(segments_tab, texts.COLUMNS, "Age")
    expect(page.locator(".special-track")).to_have_count(2)
    expect(page.locator(".special-label").first).to_have_text("Age")


def test_the_table_of_segments_is_a_file(segments_tab: Visit, tmp_path: Path) -> None:
    with segments_tab.page.expect_download() as found:
        segments_tab.page.get_by_role("link", name=texts.EXPORT).click()
    target = tmp_path / found.value.suggested_filename
    found.value.save_as(target)
    assert target.name == texts.EXPORT_NAME
    assert "High income, high score" in target.read_text(encoding="utf-8")


def test_choices_and_buttons_are_not_printed(segments_tab: Visit) -> None:
    segments_tab.page.emulate_media(media="print")
    expect(segments_tab.page.locator("#segment-choices")).to_be_hidden()
    expect(segments_tab.page.locator("#print-segments")).to_be_hidden()
    expect(segments_tab.page.locator(".segment-card").first).to_be_visible()


def test_bars_and_points_are_seen_in_forced_colours(segments_tab: Visit) -> None:
    page = segments_tab.page
    page.emulate_media(forced_colors="active")
    colour = "(found, name) => getComputedStyle(found)[name]"
    ground = page.locator("body").evaluate(colour, "backgroundColor")
    assert page.locator(".special-track").first.evaluate(colour, "borderTopWidth") != "0px"
    assert page.locator(".special-track i").first.evaluate(colour, "backgroundColor") != ground
    assert page.locator(".value-dot").first.evaluate(colour, "color") != ground


def _choose(opened: Visit, field: str, option: str) -> None:
    box = opened.page.locator("#segment-choices").get_by_label(field)
    box.focus()
    box.type(option)
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Escape")

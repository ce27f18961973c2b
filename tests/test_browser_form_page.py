"""Checks what the form does beyond its fields: faults, the address, the map, a server that is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inference import Segmenter
from service.page.texts import form_texts, segments_texts
from service.settings import DEFAULT_MODEL
from tests.browsing import Visit, chromium, served, visit

ASKED = "**/gradio_api/run/**"  # not the heartbeat: once that is back, Gradio loads the page again
pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

INCOME, SCORE = "#field-annual_income", "#field-spending_score"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(Segmenter.load(DEFAULT_MODEL)) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, url: str) -> Iterator[Visit]:
    """The page on a desktop; afterwards it must not have had a fault."""
    made = visit(browser, url)
    yield made
    made.page.context.close()
    assert made.faults == []


def test_each_wrong_field_says_so_itself(opened: Visit) -> None:
    page = opened.page
    page.locator(INCOME).fill("99999")
    page.locator(SCORE).fill("17.5")
    for field, sentence in (
        (INCOME, form_texts.OUTSIDE_WHOLE.format(low="0", high="10,000 k$")),
        (SCORE, form_texts.OUTSIDE_WHOLE.format(low="1", high="100")),
    ):
        box = page.locator(field)
        expect(box).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{box.get_attribute('aria-errormessage')}")).to_be_visible()
        expect(page.locator(f"#{box.get_attribute('aria-errormessage')}")).to_have_text(sentence)
    page.locator(INCOME).fill("60")
    page.locator(SCORE).fill("50")
    expect(page.locator(".field-problem:visible")).to_have_count(0)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)


def test_the_address_follows_the_customer_and_the_tab(opened: Visit, url: str) -> None:
    page = opened.page
    page.locator(INCOME).fill("61")
    expect(page).to_have_url(re.compile(r"[?&]annual_income=61\b"))
    opened.open_tab(segments_texts.TAB)
    expect(page).to_have_url(re.compile(r"annual_income=61\b.*#segments$"))
    page.reload()
    expect(page.get_by_role("tab", name=segments_texts.TAB)).to_have_attribute("aria-selected", "true")
    expect(page.locator(INCOME)).to_have_value("61")


def test_a_click_and_a_drag_on_the_map_set_the_customer(opened: Visit) -> None:
    page = opened.page
    page.locator("#summary .plot").evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(300)
    box = page.locator("#summary .plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    expect(page.locator(".map-hint")).to_contain_text("Annual income")
    page.mouse.down()
    expect(page.locator("#headline")).to_contain_text("High income, high score")
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.9, steps=5)
    page.mouse.up()
    expect(page.locator("#headline")).to_contain_text("Low income, low score")
    set_to = float(page.locator(INCOME).input_value())
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.wait_for_timeout(300)
    assert float(page.locator(INCOME).input_value()) == set_to  # it was let go


@pytest.mark.parametrize("status", [None, 404])
def test_an_answer_is_marked_while_the_server_does_not_answer(opened: Visit, status: int | None) -> None:
    """Neither it nor a proxy that does not find it."""
    page = opened.page
    page.route(ASKED, lambda route: route.abort() if status is None else route.fulfill(status=status))
    page.locator(INCOME).fill("40")
    expect(page.locator("[data-stale]")).to_be_visible()
    expect(page.locator("body.stale-answer")).to_have_count(1)
    page.unroute(ASKED)
    page.locator(INCOME).fill("41")
    expect(page.locator("[data-stale]")).to_be_hidden()
    expect(page.locator("body.stale-answer")).to_have_count(0)
    opened.faults.clear()  # the requests that were cut

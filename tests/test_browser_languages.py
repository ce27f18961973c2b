"""Checks the page in other languages in a browser: language, direction, words, events, and WCAG by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from inference import Segmenter
from service.languages.language import LANGUAGES, speaking
from service.languages.number_format import by_count
from service.page.texts import answer_texts, frame_texts, score_texts, segments_texts
from service.settings import DEFAULT_MODEL
from tests.browsing import DESKTOP, PHONE, Visit, chromium, served, visit
from tests.test_catalogues import english, of, parts

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
STANDARDS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
CODES = ("de", "ja", "ar")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The service."""
    with served(Segmenter.load(DEFAULT_MODEL)) as address:
        yield address.rstrip("/")


@pytest.fixture(params=CODES)
def abroad(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[tuple[str, Visit]]:
    """The page in a language; afterwards it must not have had a fault."""
    opened = visit(browser, f"{url}/{request.param}")
    yield request.param, opened
    opened.page.context.close()
    assert opened.faults == []


def violations(page: Page) -> list[str]:
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
    found = Axe().run(page, options=STANDARDS).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def test_language_direction_and_words_are_those_of_the_page(abroad: tuple[str, Visit]) -> None:
    code, opened = abroad
    expect(opened.page.locator("html")).to_have_attribute("lang", code)
    expect(opened.page.locator("html")).to_have_attribute("dir", LANGUAGES[code].direction)
    shown = opened.page.locator("body").inner_text()
    own = {text for each in of(LANGUAGES[code]).values() for text in parts(each)}
    left = {
        text
        for name, each in english().items()
        if not name.startswith("own_data")
        for text in parts(each)
        if len(text) > 12 and "{" not in text and text not in own and text in shown
    }
    assert left == set()


def test_the_answer_to_an_event_is_in_the_language(abroad: tuple[str, Visit]) -> None:
    code, opened = abroad
    opened.page.locator(".chip.plain").first.click()
    with speaking(LANGUAGES[code]):
        expect(opened.headline).to_have_text(answer_texts.EMPTY_TITLE)
    assert violations(opened.page) == []


def test_a_file_that_waits_in_the_queue_is_answered_in_the_language(
    abroad: tuple[str, Visit], tmp_path: Path
) -> None:
    code, opened = abroad
    file = tmp_path / "two.csv"
    file.write_text("gender,age,annual_income,spending_score\nFemale,31,17,40\nMale,45,85,", encoding="utf-8")
    with speaking(LANGUAGES[code]):
        opened.page.get_by_role("tab", name=frame_texts.TAB_SCORE, exact=True).click()
        done = by_count(2, score_texts.SCORE_DONE)
    opened.page.locator("#score-file input[type=file]").set_input_files(file)
    expect(opened.page.locator("#score-result h2").first).to_have_text(done)


def test_axe_finds_nothing_on_three_tabs(abroad: tuple[str, Visit]) -> None:
    code, opened = abroad
    with speaking(LANGUAGES[code]):
        names = [frame_texts.TAB_INPUT, frame_texts.TAB_PREDICTION, segments_texts.TAB]
    for name in names:
        opened.page.get_by_role("tab", name=name, exact=True).click()
        opened.page.wait_for_load_state("networkidle")
        assert violations(opened.page) == [], name


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_fits_the_window(browser: Browser, url: str, code: str, size: tuple[int, int]) -> None:
    opened = visit(browser, f"{url}/{code}", size)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    opened.page.context.close()


def test_the_switch_leads_to_another_language_and_is_remembered(browser: Browser, url: str) -> None:
    opened = visit(browser, url)
    opened.page.get_by_role("link", name="Deutsch").click()
    expect(opened.page).to_have_url(re.compile(r"/de/\?lang=de"))
    opened.page.goto(f"{url}/")
    expect(opened.page).to_have_url(re.compile(r"/de/$"))
    opened.page.context.close()

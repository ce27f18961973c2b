"""Checks in a browser that a segment is renamed on its card, with the keyboard and with a key of the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inference import Segmenter
from service.languages.language import LANGUAGES, speaking
from service.page.texts import form_texts, frame_texts
from service.page.texts import segments_texts as texts
from service.settings import ADMIN, DEFAULT_MODEL, ApiKey, Settings, digest_of
from tests.browsing import DESKTOP, PHONE, Visit, served, visit
from tests.test_browser_interfaces import disable_fading, violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

OWN = "High income, high score"


def open_form(opened: Visit, name: str) -> None:
    """Press the button of a card with the keyboard; the field of its form has the focus then."""
    button = opened.page.get_by_role("button", name=texts.RENAME_ONE.format(name=name), exact=True)
    button.focus()
    opened.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(opened.page.get_by_label(texts.RENAME_NAME).and_(opened.page.locator(":focus"))).to_have_value(
        name
    )


def expect_sound(page: Page, width: int) -> None:
    disable_fading(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
def test_a_segment_is_renamed_with_the_keyboard_everywhere_on_the_page_and_back(
    browser: Browser, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    settings = Settings(segment_names_file=tmp_path / "names.json", segment_names_open=True)
    with served(Segmenter.load(DEFAULT_MODEL), settings) as url:
        opened = visit(browser, url, size, theme, "&annual_income=80&spending_score=80")
        page, keyboard = opened.page, opened.page.keyboard
        opened.open_tab(texts.TAB)
        open_form(opened, OWN)
        expect_sound(page, size[0])
        keyboard.press("Escape")
        button = page.get_by_role("button", name=texts.RENAME_ONE.format(name=OWN), exact=True)
        expect(button).to_be_focused()
        expect(page.locator(".rename:visible")).to_have_count(0)
        open_form(opened, OWN)
        keyboard.type("Mid Income, mid score")
        keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=texts.RENAME_TAKEN)).to_be_visible()
        expect(page.locator(".rename input:focus")).to_have_attribute("aria-invalid", "true")
        expect_sound(page, size[0])
        keyboard.press("ControlOrMeta+A")
        keyboard.type("Champions")
        keyboard.press("Enter")
        renamed = page.get_by_role("button", name=texts.RENAME_ONE.format(name="Champions"), exact=True)
        expect(renamed).to_be_focused()
        expect(page.get_by_text(texts.RENAME_MODEL.format(name=OWN))).to_be_visible()
        expect_sound(page, size[0])
        opened.open_tab(frame_texts.TAB_INPUT)
        expect(opened.headline).to_have_text("Champions")
        chips = page.get_by_role("group", name=form_texts.EXAMPLES)
        expect(chips.get_by_role("button", name="Champions")).to_be_visible()
        opened.open_tab(texts.TAB)
        open_form(opened, "Champions")
        page.get_by_role("button", name=texts.RENAME_BACK).click()
        expect(button).to_be_focused()
        expect(page.get_by_text("Champions")).to_have_count(0)
        page.context.close()
        assert opened.faults == []


def test_a_key_of_the_api_is_asked_for_and_a_wrong_one_refused(browser: Browser, tmp_path: Path) -> None:
    key = ApiKey(name="owner", scopes=frozenset({ADMIN}), digest=digest_of("cs_owner"))
    settings = Settings(api_keys=(key,), segment_names_file=tmp_path / "names.json")
    with served(Segmenter.load(DEFAULT_MODEL), settings) as url:
        opened = visit(browser, url)
        page, keyboard = opened.page, opened.page.keyboard
        opened.open_tab(texts.TAB)
        open_form(opened, OWN)
        keyboard.type("Champions")
        keyboard.press("Tab")
        keyboard.type("cs_guess")
        keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=texts.RENAME_NO_KEY)).to_be_visible()
        expect(page.get_by_label(texts.RENAME_KEY).and_(page.locator(":focus"))).to_have_count(1)
        expect_sound(page, DESKTOP[0])
        keyboard.press("ControlOrMeta+A")
        keyboard.type("cs_owner")
        keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Champions", exact=True)).to_be_visible()
        assert "cs_owner" not in page.url
        page.context.close()
        assert opened.faults == []


def test_who_renames_on_another_languages_page_leaves_the_others_in_theirs(
    browser: Browser, tmp_path: Path
) -> None:
    settings = Settings(segment_names_file=tmp_path / "names.json", segment_names_open=True)
    with served(Segmenter.load(DEFAULT_MODEL), settings) as url:
        opened = visit(browser, f"{url}/de")
        page = opened.page
        with speaking(LANGUAGES["de"]):
            opened.open_tab(texts.TAB)
            open_form(opened, OWN)
            page.keyboard.type("Stammgäste")
            page.get_by_role("button", name=texts.RENAME_SAVE, exact=True).locator("visible=true").click()
            expect(page.get_by_role("heading", name="Stammgäste", exact=True)).to_be_visible()
        page.goto(f"{url}/?lang=en#segments")
        expect(page.get_by_role("heading", name="Stammgäste", exact=True)).to_be_visible()
        expect(page.get_by_role("tab", name=frame_texts.TAB_PREDICTION)).to_be_visible()
        page.context.close()
        assert [each for each in opened.faults if url not in each] == []

"""Checks that the answer changes while a user types, on any screen, light or dark, and offline."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inference import Segmenter
from service.page.texts import (
    answer_texts,
    decision_map_texts,
    form_texts,
    frame_texts,
    model_texts,
    segments_texts,
)
from service.settings import DEFAULT_MODEL
from tests.browsing import DESKTOP, PHONE, TABLET, TABS, WIDE, Visit, chromium, served, visit
from tests.synthetic import SyntheticModel, contract, day, number

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    with served(Segmenter.load(DEFAULT_MODEL)) as address:
        yield address


@pytest.fixture(scope="module")
def dated_url() -> Iterator[str]:
    """The address of a page about a made-up model with a date."""
    model = SyntheticModel(contract([day("joined"), number("a")], ["Old friends", "Newcomers"]))
    with served(model) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def desktop(browser: Browser, url: str) -> Iterator[Visit]:
    """The page on a desktop; afterwards it must not have had a fault."""
    opened = visit(browser, url)
    yield opened
    opened.page.context.close()
    assert opened.faults == []


def test_the_page_opens_with_a_typical_customer_answered(desktop: Visit) -> None:
    segments = Segmenter.load(DEFAULT_MODEL).contract.segments
    expect(desktop.headline).to_have_text(segments[0].name)
    chip = desktop.page.get_by_role("button", name=segments[0].name)
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(desktop.page.get_by_role("heading", level=1)).to_have_text(frame_texts.HEADING)


def test_the_button_in_the_heading_opens_a_tab(desktop: Visit) -> None:
    desktop.page.get_by_role("link", name=frame_texts.HERO_SEGMENTS).click()
    tab = desktop.page.get_by_role("tab", name=segments_texts.TAB)
    expect(tab).to_have_attribute("aria-selected", "true")


def test_moving_a_slider_changes_the_shown_segment(desktop: Visit) -> None:
    desktop.slider("Spending score").fill("15")
    expect(desktop.headline).to_have_text("High income, low score")
    expect(desktop.box("Spending score")).to_have_value("15")
    desktop.slider("Annual income").fill("20")
    expect(desktop.headline).to_have_text("Low income, low score")


def test_the_prediction_tab_follows_the_form(desktop: Visit) -> None:
    desktop.box("Spending score").fill("15")
    expect(desktop.headline).to_have_text("High income, low score")
    desktop.page.get_by_role("button", name=frame_texts.SEE_MORE).click()
    expect(desktop.page.get_by_role("tab", name=frame_texts.TAB_PREDICTION)).to_have_attribute(
        "aria-selected", "true"
    )
    shown = desktop.page.get_by_role("tabpanel").filter(has=desktop.page.locator(".ranking"))
    expect(shown.get_by_role("heading", name="High income, low score", exact=True)).to_be_visible()
    expect(shown.get_by_role("img", name=re.compile("Map of the segments"))).to_be_visible()
    desktop.open_tab(frame_texts.TAB_INPUT)
    desktop.box("Spending score").fill("90")
    expect(desktop.headline).to_have_text("High income, high score")
    desktop.open_tab(frame_texts.TAB_PREDICTION)
    expect(shown.get_by_role("heading", name="High income, high score").first).to_be_visible()


def test_an_example_fills_the_whole_form(desktop: Visit) -> None:
    desktop.page.get_by_role("button", name="Low income, high score").click()
    expect(desktop.headline).to_have_text("Low income, high score")
    expect(desktop.slider("Annual income")).to_have_value(desktop.box("Annual income").input_value())


def test_a_value_can_be_unknown_and_known_again(desktop: Visit) -> None:
    unknown = desktop.page.get_by_role("checkbox", name="Spending score: unknown")
    unknown.check()
    expect(desktop.page.locator("#summary")).to_contain_text(answer_texts.ROUTE_PARTIAL)
    expect(desktop.page.locator("#summary")).to_contain_text(decision_map_texts.MAP_SOMEWHERE)
    expect(desktop.box("Spending score")).to_have_value("")
    desktop.slider("Spending score").fill("90")
    expect(unknown).not_to_be_checked()
    expect(desktop.page.locator("#summary")).to_contain_text(answer_texts.ROUTE_EXACT)
    desktop.box("Spending score").fill("")
    expect(unknown).to_be_checked()
    desktop.page.get_by_role("radio", name=form_texts.UNKNOWN).check(force=True)
    expect(desktop.page.locator("#summary")).to_contain_text(answer_texts.ROUTE_PARTIAL)


def test_clearing_everything_leaves_an_empty_state(desktop: Visit) -> None:
    desktop.page.get_by_role("button", name=form_texts.CLEAR).click()
    expect(desktop.headline).to_have_text(answer_texts.EMPTY_TITLE)
    desktop.open_tab(frame_texts.TAB_PREDICTION)
    expect(desktop.page.get_by_role("heading", name=answer_texts.RANKING_TITLE_EMPTY).last).to_be_visible()


def test_any_valid_value_can_be_typed_and_a_wrong_one_is_explained(desktop: Visit) -> None:
    desktop.box("Annual income").fill("9999")
    expect(desktop.page.locator("#summary")).to_contain_text(answer_texts.NOVEL_TITLE)
    desktop.box("Annual income").fill("20000")
    expect(desktop.page.get_by_role("alert").first).to_contain_text("must be from 0 to 10000 k$")
    desktop.box("Annual income").fill("60")
    expect(desktop.page.locator("#summary")).to_contain_text(answer_texts.ROUTE_EXACT)


def test_the_form_works_from_the_keyboard(desktop: Visit) -> None:
    slider = desktop.slider("Spending score")
    slider.focus()
    desktop.page.keyboard.press("Home")
    expect(desktop.headline).to_have_text("High income, low score")
    desktop.page.keyboard.press("End")
    expect(desktop.headline).to_have_text("High income, high score")


def test_many_quick_changes_end_at_the_last_one(desktop: Visit) -> None:
    slider = desktop.slider("Annual income")
    slider.focus()
    for _ in range(60):
        desktop.page.keyboard.press("ArrowLeft")
    expect(desktop.page.locator("#summary .map [role=img]")).to_have_attribute(
        "aria-label", re.compile(f"annual income {slider.input_value()} k\\$, spending")
    )


def test_model_info_shows_tables_and_both_curves(desktop: Visit) -> None:
    desktop.open_tab(frame_texts.TAB_MODEL)
    for title in (
        model_texts.SEGMENTS_TITLE,
        model_texts.CLASSIFIERS_TITLE,
        model_texts.COLUMNS_TITLE,
        model_texts.LIMITS_TITLE,
    ):
        expect(desktop.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(desktop.page.get_by_role("img", name=re.compile("^Elbow"))).to_be_visible()
    expect(desktop.page.get_by_role("img", name=re.compile("^Silhouette"))).to_be_visible()
    desktop.page.get_by_text(model_texts.K_TABLE).click()
    expect(desktop.page.get_by_role("columnheader", name=model_texts.COL_RESULT)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP, WIDE], ids=["phone", "tablet", "desktop", "wide"])
def test_every_tab_fits_the_screen_without_faults(
    browser: Browser, url: str, size: tuple[int, int], theme: str
) -> None:
    opened = visit(browser, url, size, theme)
    for tab in TABS:
        opened.open_tab(tab)
        widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        needed, there = opened.page.evaluate(widths)
        assert needed <= there, tab
        assert opened.page.evaluate(_SPILLING) == [], tab
    dark = opened.page.evaluate("document.body.classList.contains('dark')")
    assert dark is (theme == "dark")
    opened.page.context.close()
    assert opened.faults == []


# Texts that reach out of the window without a box of their own to scroll in.
_SPILLING = """() => ['h1', 'h2', 'p', 'label', 'button', '.tag', '.chip']
    .flatMap((each) => [...document.querySelectorAll(`main ${each}`)])
    .filter((each) => each.offsetParent && !each.closest('.scroll'))
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.textContent)"""


def test_the_panel_is_open_on_a_desktop_and_closed_on_a_phone(browser: Browser, url: str) -> None:
    for size, is_open in ((DESKTOP, True), (PHONE, False)):
        opened = visit(browser, url, size)
        panel = opened.page.locator(".sidebar")
        expect(panel).to_have_class(re.compile(r"\bopen\b") if is_open else re.compile(r"^(?!.*\bopen\b)"))
        opened.page.context.close()


def test_on_a_phone_the_answer_stays_in_view_above_the_form(browser: Browser, url: str) -> None:
    opened = visit(browser, url, PHONE)
    line = opened.page.locator("#headline")
    expect(line).to_be_in_viewport()
    slider = opened.slider("Spending score")
    slider.scroll_into_view_if_needed()
    slider.fill("15")
    expect(line).to_contain_text("High income, low score")
    expect(line).to_be_in_viewport()
    opened.page.context.close()
    assert opened.faults == []


def test_a_date_can_be_entered_unknown_and_known_again(browser: Browser, dated_url: str) -> None:
    opened = visit(browser, dated_url)
    box = opened.page.locator("input[type=date]")
    expect(opened.headline).to_have_text("Old friends")
    opened.slider("A").fill("75")
    box.fill("2024-11-30")
    expect(opened.headline).to_have_text("Newcomers")
    unknown = opened.page.get_by_role("checkbox", name="Joined: unknown")
    unknown.check()
    expect(box).to_have_value("")
    expect(opened.headline).not_to_have_text("Newcomers")
    unknown.uncheck()
    expect(box).to_have_value("2022-07-02")
    opened.page.get_by_role("button", name="Old friends").click()
    expect(box).to_have_value("2021-04-01")
    box.fill("2031-01-01")
    expect(opened.page.locator("#summary")).to_contain_text("must be from 2020-01-01 to 2024-12-31")
    opened.page.context.close()
    assert opened.faults == []

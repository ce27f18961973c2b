"""Checks what users do outside the form: links, suggested changes, files, other maps, keyboard only."""

from __future__ import annotations

import csv
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from inference import Segmenter
from service.page.handlers import Model
from service.page.texts import (
    answer_texts,
    decision_map_texts,
    form_texts,
    frame_texts,
    model_texts,
    score_texts,
    segments_texts,
)
from service.settings import DEFAULT_MODEL
from tests.browsing import DESKTOP, PHONE, Visit, chromium, served, visit
from tests.synthetic import SyntheticModel, category, contract, number

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
HEADER = "id,gender,age,annual_income,spending_score"
ROWS = ["7,Female,31,17,40", "8,Male,45,85,", "9,Male,45,99999,20"]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    with served(Segmenter.load(DEFAULT_MODEL)) as address:
        yield address


@pytest.fixture(scope="module")
def wide_url() -> Iterator[str]:
    """The address of a page about a model of thirty columns and ten segments."""
    clustering = [
        number(name, unit="EUR", label=f"Spending of kind {name} over twelve months") for name in "abcdef"
    ]
    regions = category("region", [f"Region number {place}" for place in range(12)])
    others = [number(f"other_{place}", -5, 5, role="profile") for place in range(23)]
    names = [f"Segment {place} of customers who like long names" for place in range(10)]
    model: Model = SyntheticModel(contract([*clustering, regions, *others], names))
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


def give(page: Page, folder: Path, *lines: str) -> None:
    """Choose a CSV file on the open tab."""
    path = folder / "customers.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    page.locator("#score-file input[type=file]").set_input_files(path)


def violations(page: Page) -> list[str]:
    """The violations of WCAG 2.2 A and AA that axe finds in the shown page."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def disable_fading(page: Page) -> None:
    """Disable fading, which axe would report as poor contrast."""
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator(".pending, .generating")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_tab(
    browser: Browser, url: str, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    opened = visit(browser, url, size, theme)
    disable_fading(opened.page)
    assert violations(opened.page) == []
    opened.open_tab(frame_texts.TAB_PREDICTION)
    disable_fading(opened.page)
    assert violations(opened.page) == []
    opened.open_tab(segments_texts.TAB)
    disable_fading(opened.page)
    assert violations(opened.page) == []
    opened.open_tab(frame_texts.TAB_MODEL)
    opened.page.get_by_text(model_texts.K_TABLE).click()
    opened.page.get_by_text(model_texts.FILES_CARD, exact=True).click()
    expect(opened.page.get_by_role("heading", name="Intended use")).to_be_visible()
    disable_fading(opened.page)
    assert violations(opened.page) == []
    opened.open_tab(frame_texts.TAB_SCORE)
    opened.page.get_by_role("button", name=score_texts.SCORE_OPTIONS).click()
    assert violations(opened.page) == []
    give(opened.page, tmp_path, HEADER, *ROWS)
    expect(opened.page.get_by_role("heading", name="3 rows scored")).to_be_visible()
    disable_fading(opened.page)
    assert violations(opened.page) == []
    opened.page.context.close()
    assert opened.faults == []


def test_axe_finds_nothing_without_an_answer(desktop: Visit) -> None:
    desktop.page.get_by_role("button", name=form_texts.CLEAR).click()
    expect(desktop.headline).to_have_text(answer_texts.EMPTY_TITLE)
    assert violations(desktop.page) == []
    desktop.box("Annual income").fill("20000")
    expect(desktop.page.get_by_role("alert").first).to_be_visible()
    disable_fading(desktop.page)
    assert violations(desktop.page) == []


def test_a_page_of_thirty_columns_fits_a_phone_and_passes_axe(browser: Browser, wide_url: str) -> None:
    for size, theme in ((PHONE, "dark"), (DESKTOP, "light")):
        opened = visit(browser, wide_url, size, theme)
        for tab in (
            frame_texts.TAB_INPUT,
            frame_texts.TAB_PREDICTION,
            segments_texts.TAB,
            frame_texts.TAB_MODEL,
            frame_texts.TAB_SCORE,
        ):
            opened.open_tab(tab)
            disable_fading(opened.page)
            needed = opened.page.evaluate("document.documentElement.scrollWidth")
            assert needed <= size[0], tab
            assert violations(opened.page) == [], tab
        opened.page.context.close()
        assert opened.faults == []


def test_the_map_can_be_drawn_along_other_columns(browser: Browser, wide_url: str) -> None:
    opened = visit(browser, wide_url)
    opened.open_tab(frame_texts.TAB_PREDICTION)
    across = opened.page.get_by_label(decision_map_texts.MAP_ACROSS)
    across.click()
    opened.page.get_by_role("option", name="Spending of kind e over twelve months").click()
    picture = opened.page.locator("#place .map [role=img]")
    expect(picture).to_have_attribute("aria-label", re.compile(r"^Map of the segments by Spending of kind e"))
    opened.page.context.close()
    assert opened.faults == []


def test_the_prediction_says_why_and_a_change_can_be_tried(desktop: Visit) -> None:
    desktop.open_tab(frame_texts.TAB_PREDICTION)
    shown = desktop.page.locator("#answer")
    expect(shown.get_by_role("heading", name="Why High income, high score")).to_be_visible()
    turn = shown.locator(".turns li").filter(has_text="leads to Mid income, mid score")
    turn.get_by_role("button").click()
    expect(shown.get_by_role("heading", name="Why Mid income, mid score")).to_be_visible()
    desktop.open_tab(frame_texts.TAB_INPUT)
    expect(desktop.headline).to_have_text("Mid income, mid score")


def test_a_link_opens_the_page_with_its_customer(browser: Browser, url: str) -> None:
    opened = visit(browser, url, query="&annual_income=20&spending_score=15&gender=male")
    expect(opened.headline).to_have_text("Low income, low score")
    expect(opened.box("Annual income")).to_have_value("20")
    expect(opened.page.get_by_role("radio", name="Male", exact=True)).to_be_checked()
    expect(opened.page.get_by_role("checkbox", name="Age: unknown")).to_be_checked()
    opened.slider("Spending score").fill("90")
    expect(opened.headline).to_have_text("Low income, high score")
    opened.page.get_by_role("button", name=form_texts.LINK).click()
    expect(opened.page).to_have_url(re.compile(r"\?gender=Male&annual_income=20&spending_score=90$"))
    opened.page.reload()
    expect(opened.headline).to_have_text("Low income, high score")
    opened.page.context.close()
    assert opened.faults == []


def test_a_file_can_be_uploaded_scored_and_downloaded(desktop: Visit, tmp_path: Path) -> None:
    desktop.open_tab(frame_texts.TAB_SCORE)
    give(desktop.page, tmp_path, HEADER, *ROWS)
    expect(desktop.page.get_by_role("heading", name="3 rows scored")).to_be_visible()
    expect(desktop.page.get_by_role("heading", name=score_texts.SCORE_PROBLEMS)).to_be_visible()
    expect(desktop.page.get_by_role("cell", name="Low income, low score")).to_be_visible()
    with desktop.page.expect_download() as started:
        desktop.page.get_by_role("link", name="Download customers-scored.csv").or_(
            desktop.page.locator("#download")
        ).first.click()
    header, *rows = csv.reader(Path(started.value.path()).read_text(encoding="utf-8").splitlines())
    assert header[:5] == HEADER.split(",")
    assert [",".join(row[:5]) for row in rows] == ROWS
    assert [row[header.index("route")] for row in rows] == ["complete", "partial", "error"]


def test_an_invalid_file_gets_a_message_and_the_next_file_is_scored(desktop: Visit, tmp_path: Path) -> None:
    desktop.open_tab(frame_texts.TAB_SCORE)
    give(desktop.page, tmp_path, "id,colour", "1,red")
    alert = desktop.page.get_by_role("alert").filter(has_text=score_texts.SCORE_REFUSED)
    expect(alert).to_contain_text("annual_income")
    expect(desktop.page.locator("#download")).not_to_be_visible()
    give(desktop.page, tmp_path, HEADER, *ROWS)
    expect(desktop.page.get_by_role("heading", name="3 rows scored")).to_be_visible()


def test_the_model_and_an_example_file_can_be_downloaded(desktop: Visit) -> None:
    desktop.open_tab(frame_texts.TAB_MODEL)
    with desktop.page.expect_download() as model:
        desktop.page.locator("#model-download").click()
    assert model.value.suggested_filename == "model.onnx"
    assert Path(model.value.path()).read_bytes() == Path("artifacts/model.onnx").read_bytes()
    desktop.open_tab(frame_texts.TAB_SCORE)
    with desktop.page.expect_download() as example:
        desktop.page.get_by_role("link", name=score_texts.SCORE_EXAMPLE).click()
    text = Path(example.value.path()).read_text(encoding="utf-8")
    assert text.startswith("gender,age,annual_income,spending_score")


def test_the_keyboard_alone_goes_from_the_form_to_the_prediction_and_tries_a_change(desktop: Visit) -> None:
    keys = desktop.page.keyboard
    desktop.page.get_by_role("tab", name=frame_texts.TAB_INPUT).focus()
    _tab_to(desktop.page, "High income, low score")
    keys.press("Enter")
    expect(desktop.headline).to_have_text("High income, low score")
    _tab_to(desktop.page, frame_texts.SEE_MORE)
    keys.press("Enter")
    shown = desktop.page.locator("#answer")
    expect(shown.get_by_role("heading", name="Why High income, low score")).to_be_visible()
    desktop.page.get_by_role("tab", name=frame_texts.TAB_PREDICTION).focus()
    _tab_to(desktop.page, answer_texts.TURN_TRY)
    keys.press("Enter")
    expect(shown.get_by_role("heading", name="Why High income, low score")).not_to_be_visible()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until an element with this text has a visible focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim()") == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
            assert outline != "none" or shadow != "none"
            return
    raise AssertionError(f"Tab never reaches {name!r}")


# Milliseconds from moving the slider to the new answer in the document, for each of some values.
_DELAYS = """async (values) => {
  const slider = document.querySelector("[data-name=spending_score] input[type=range]");
  const delays = [];
  for (const value of values) {
    const start = performance.now();
    const shown = new Promise((done) => {
      new MutationObserver((_, observer) => {
        const reported = document.querySelector("#summary [role=img]")?.getAttribute("aria-label") ?? "";
        if (!reported.includes(`spending score ${value}, in`)) return;
        observer.disconnect();
        done(performance.now() - start);
      }).observe(document.querySelector("#summary"), { childList: true, subtree: true });
    });
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    delays.push(await shown);
  }
  return delays;
}"""


@pytest.mark.timed
def test_the_answer_follows_a_change_within_150_milliseconds(desktop: Visit) -> None:
    delays = desktop.page.evaluate(_DELAYS, list(range(5, 95, 3)))
    assert statistics.median(delays) < 150  # other work on the machine slows single answers

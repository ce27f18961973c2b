"""Checks the tab Your data in a browser: from a file to segments, with every kind of table and every end."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from inference import Segmenter
from service.languages.language import LANGUAGES, Language, speaking
from service.page.texts import answer_texts, frame_texts, segments_texts
from service.settings import DEFAULT_MODEL, Settings, TrainingSettings
from service.train.own_data import own_data_texts as texts
from tests.browsing import DESKTOP, PHONE, TABLET, Visit, chromium, served, visit
from tests.test_browser_interfaces import disable_fading, violations
from tests.test_roles_command import customers, orders

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

TRAINING = 240_000  # milliseconds, on a machine with other things to do


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a service that trains."""
    settings = Settings(training=TrainingSettings(max_rows=1_000))
    with served(Segmenter.load(DEFAULT_MODEL), settings) as address:
        yield address


def messy_export(folder: Path) -> Path:
    """A table as a shop in Germany exports it: semicolons, decimal commas, a title above, a total below."""
    with customers(folder).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    path = folder / "Kunden Übersicht.csv"
    lines = ["Kundenliste;;;;", ";;;;", ";".join(header)]
    lines += [";".join([*row[:2], row[2].replace(".", ","), *row[3:]]) for row in rows]
    total = sum(float(row[2]) for row in rows)
    lines.append(f"Summe;;{total:.2f};;".replace(".", ","))
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def workbook(folder: Path) -> Path:
    """The same customers as a workbook."""
    with customers(folder).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header)
    for row in rows:
        sheet.append([row[0], int(row[1]), float(row[2]), *row[3:]])
    path = folder / "customers.xlsx"
    book.save(path)
    return path


def opened_tab(browser: Browser, url: str, size: tuple[int, int] = DESKTOP, theme: str = "light") -> Visit:
    opened = visit(browser, url, size, theme)
    opened.open_tab(texts.TAB)
    return opened


def give(page: Page, path: Path) -> None:
    """Give a file, and wait for the roles of its columns."""
    page.locator("#own-file input[type=file]").set_input_files(path)
    expect(page.locator("#own-roles")).to_be_visible(timeout=TRAINING)


def segments_of(page: Page) -> list[str]:
    """Find segments; returns their names."""
    page.locator("#own-find").click()
    expect(page.locator("#own-found")).to_be_visible(timeout=TRAINING)
    return page.locator(".own-segment h3").all_inner_texts()


@pytest.mark.parametrize("table", [messy_export, workbook, orders])
def test_a_table_becomes_segments_and_a_page_about_them(
    browser: Browser, url: str, tmp_path: Path, table: object
) -> None:
    assert callable(table)
    opened = opened_tab(browser, url)
    page = opened.page
    give(page, table(tmp_path))
    names = segments_of(page)
    assert len(names) >= 2
    with page.expect_download() as given:
        page.get_by_role("link", name=texts.DOWNLOADS["customers"]).click()
    scored = given.value.path().read_text(encoding="utf-8-sig").splitlines()
    answered = [line for line in scored if re.search('[;,]"?(complete|partial)"?[;,]', line)]
    assert len(answered) == (60 if table is orders else 120)
    address = page.locator(".own-open").get_attribute("href")
    assert address is not None
    page.goto(f"{url}{address.removeprefix('.')}")
    opened.open_tab(segments_texts.TAB)
    cards = page.locator("#segment-cards")
    for name in names:
        expect(cards.get_by_text(name.strip(), exact=True).first).to_be_visible()
    page.context.close()
    assert opened.faults == []


def test_the_page_about_the_segments_is_in_the_language_of_the_tab(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    """It answers in the language, leads to the others, and has the API of its model."""
    german, arabic = LANGUAGES["de"], LANGUAGES["ar"]
    opened = visit(browser, url, PHONE)
    page = opened.page
    with speaking(german):
        opened.page.goto(f"{url}/de/")
        opened.open_tab(texts.TAB)
        give(page, customers(tmp_path))
        names = segments_of(page)
        address = page.locator(".own-open").get_attribute("href") or ""
        assert re.fullmatch(r"\.\./own/[\w-]{32}/de/", address)
        page.goto(f"{url}/{address.removeprefix('../')}")
        is_in(opened, german)
        for name in names:
            expect(page.get_by_text(name.strip(), exact=True).first).to_be_attached()
        page.locator(".chip.plain").first.click()
        expect(opened.headline).to_have_text(answer_texts.EMPTY_TITLE)
        expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator("#about .languages a[hreflang=ar]").evaluate("link => link.click()")
    with speaking(arabic):
        is_in(opened, arabic)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        disable_fading(page)
        assert violations(page) == []
        page.locator(".chip.plain").first.click()
        expect(opened.headline).to_have_text(answer_texts.EMPTY_TITLE)
    link = page.locator("#about a[href$='v1/docs']").evaluate("link => link.href")
    assert link == f"{url}/own/{address.split('/')[2]}/v1/docs"
    assert page.request.get(link).ok
    page.context.close()
    assert opened.faults == []


def is_in(opened: Visit, language: Language) -> None:
    """Expect the page of a model in a language, in which the texts are read."""
    expect(opened.page).to_have_url(re.compile(rf"/{language.code}/(\?|$)"))
    expect(opened.page.locator("html")).to_have_attribute("lang", language.code)
    expect(opened.page.locator("html")).to_have_attribute("dir", language.direction)
    expect(opened.page.get_by_role("slider").first).to_be_visible()
    expect(opened.page.locator("h1")).to_have_text(frame_texts.HEADING)
    expect(opened.page.get_by_role("tab", name=segments_texts.TAB)).to_be_visible()


def test_other_segments_and_own_names_make_the_model_again(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    opened = opened_tab(browser, url)
    page = opened.page
    give(page, customers(tmp_path))
    before = segments_of(page)
    page.locator("#own-names [data-field=name]").first.fill("Regulars")
    page.get_by_role("button", name=texts.RENAME).click()
    first = page.locator(".own-segment h3").first
    expect(first).to_contain_text("Regulars", timeout=TRAINING)
    assert page.locator(".own-segment h3").all_inner_texts()[1:] == before[1:]
    page.get_by_role("button", name=texts.TAKE).click()
    expect(page.locator("#own-running")).to_be_visible()
    expect(page.locator("#own-found")).to_be_visible(timeout=TRAINING)
    assert len(page.locator(".own-segment h3").all_inner_texts()) != len(before)
    page.get_by_role("button", name=texts.REMOVE).click()
    expect(page.get_by_text(texts.REMOVED)).to_be_visible()
    expect(page.locator("#own-found")).to_be_hidden()
    page.context.close()
    assert opened.faults == []


def test_an_edited_role_decides_and_a_training_can_be_cancelled(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    opened = opened_tab(browser, url)
    page = opened.page
    give(page, customers(tmp_path))
    basket = page.locator("#own-roles [data-column='Basket (EUR)'] [data-field=role]")
    expect(basket).to_have_value("clustering")
    basket.select_option("left out")
    page.locator("#own-find").click()
    expect(page.locator("#own-running .own-bar")).to_be_visible()
    page.locator("#own-cancel").click()
    expect(page.get_by_text(texts.CANCELLED)).to_be_visible()
    segments_of(page)
    links = page.locator(".own-files a").evaluate_all("links => links.map(each => each.href)")
    report = next(link for link in links if link.endswith("/report"))
    columns = json.loads(page.request.get(report).text())["columns"]
    clustering = [each["name"] for each in columns if each["role"] == "clustering"]
    assert "orders" in clustering
    assert not any("basket" in name for name in clustering)
    page.context.close()
    assert opened.faults == []


def test_a_table_that_cannot_be_used_is_refused_with_the_reason(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    opened = opened_tab(browser, url)
    few = tmp_path / "few.csv"
    few.write_text("a,b\n1,2\n", encoding="utf-8")
    opened.page.locator("#own-file input[type=file]").set_input_files(few)
    expect(opened.page.get_by_role("alert")).to_contain_text("at least 50 customers", timeout=TRAINING)
    opened.page.context.close()
    assert opened.faults == []


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_axe_finds_nothing_at_any_step(browser: Browser, url: str, size: tuple[int, int], theme: str) -> None:
    opened = opened_tab(browser, url, size, theme)
    page = opened.page
    disable_fading(page)
    assert violations(page) == []
    page.locator("#own-example").click()
    expect(page.locator("#own-roles")).to_be_visible(timeout=TRAINING)
    assert violations(page) == []
    page.locator("#own-find").click()
    expect(page.locator("#own-running .own-bar")).to_be_visible()
    assert violations(page) == []
    expect(page.locator("#own-found")).to_be_visible(timeout=TRAINING)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    opened.open_tab(frame_texts.TAB_INPUT)
    page.context.close()
    assert opened.faults == []


def test_the_keyboard_alone_finds_segments_on_a_tablet_in_forced_colours(browser: Browser, url: str) -> None:
    opened = opened_tab(browser, url, TABLET)
    page = opened.page
    page.emulate_media(forced_colors="active")
    page.locator("#own-example").press("Enter")
    expect(page.locator("#own-roles")).to_be_visible(timeout=TRAINING)
    role = page.locator("#own-roles [data-field=role]").first
    role.focus()
    before = role.input_value()
    page.keyboard.press("ArrowDown")
    assert role.input_value() != before
    page.keyboard.press("ArrowUp")
    assert role.input_value() == before
    page.locator("#own-find").press("Enter")
    bar = page.locator("#own-running .own-bar")
    expect(bar).to_be_visible()
    expect(page.locator("#own-found")).to_be_visible(timeout=TRAINING)
    assert page.evaluate("document.documentElement.scrollWidth") <= TABLET[0]
    page.locator(".own-open").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.context.close()
    assert opened.faults == []

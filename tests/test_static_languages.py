"""Checks the static page in other languages: its choice, words offline, numbers, and WCAG by axe."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from examples.browser.in_chromium import DIST, served
from inference import Segmenter
from service.languages.language import LANGUAGES, OTHERS, speaking
from service.languages.number_format import by_count, grouped, percent
from service.page.texts import answer_texts, form_texts, frame_texts, score_texts, static_page_texts
from tests.conftest import ROOT
from tests.static_page import PATIENCE, READY, built, open_page
from tests.test_browser_interfaces import violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SAMPLE = (ROOT / "examples" / "sample.csv").read_bytes()
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
MOST_BYTES = {
    "words": 5_000,
    "language.js": 1_500,
}  # compressed, on a first visit


def is_in(page: Page, code: str) -> None:
    """Expect the page in a language, when its model is loaded."""
    language = LANGUAGES[code]
    page.locator(READY).wait_for(timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator("html")).to_have_attribute("dir", language.direction)
    expect(page.locator(".languages [aria-current]")).to_have_text(language.name)
    with speaking(language):
        expect(page.locator("h1")).to_have_text(frame_texts.HEADING)
        expect(page.locator("nav")).to_have_attribute("aria-label", frame_texts.LANGUAGES)
        expect(page.locator("#status")).to_have_text(static_page_texts.STORED)


def give(page: Page, content: bytes) -> None:
    """Score a file."""
    page.evaluate("document.querySelector('#scored').replaceChildren()")
    page.set_input_files("#file", {"name": "customers.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("#scored a.button, #scored .message").wait_for(timeout=PATIENCE)


def test_the_address_decides_and_is_remembered(browser: Browser) -> None:
    with open_page(browser, "?lang=de", locale="fr-FR") as page:
        is_in(page, "de")
        page.goto(page.url.partition("?")[0])
        is_in(page, "de")
        page.goto(f"{page.url}?lang=xx")
        is_in(page, "de")


@pytest.mark.parametrize(
    ("locale", "code"), [("fr-CA", "fr"), ("ar-EG", "ar"), ("pt-BR", "en"), ("en-GB", "en")]
)
def test_the_browser_s_language_is_chosen_where_nobody_chose(
    browser: Browser, locale: str, code: str
) -> None:
    with open_page(browser, locale=locale) as page:
        is_in(page, code)


def test_a_folder_of_a_language_decides(browser: Browser, tmp_path: Path) -> None:
    built()
    (tmp_path / "ja").symlink_to(DIST)
    (tmp_path / "index.html").touch()
    with served(tmp_path) as url:
        page = browser.new_context(locale="fr-FR").new_page()
        page.goto(f"{url}ja/")
        is_in(page, "ja")
        page.context.close()


def test_the_switch_keeps_what_is_entered_and_tells_no_server(browser: Browser) -> None:
    with open_page(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        assert page.locator(".languages a").all_inner_texts() == [each.name for each in LANGUAGES.values()]
        page.fill("#field-age", "44")
        page.fill("#field-annual_income", "88.5")
        page.get_by_role("link", name="Deutsch").click()
        expect(page).to_have_url(f"{asked[0].partition('?')[0]}?lang=de")
        is_in(page, "de")
        assert page.input_value("#field-age") == "44"
        assert page.input_value("#field-annual_income") == "88,5"
        assert not any("88" in url.partition("?")[2] for url in asked)
        page.reload()
        is_in(page, "de")
        assert page.input_value("#field-age") != "44"


def test_words_are_loaded_only_in_the_language_of_the_page(browser: Browser) -> None:
    for search, wanted in (("", set()), ("?lang=es", {"words.es.json"})):
        with served() as url:
            assert {name for name in _asked(browser, f"{url}{search}") if name.startswith("words.")} == wanted


def _asked(browser: Browser, url: str) -> set[str]:
    """The files that a first visit asks for."""
    asked: set[str] = set()
    page = browser.new_context().new_page()
    page.on("request", lambda request: asked.add(request.url.rpartition("/")[2]))
    page.goto(url)
    page.locator(READY).wait_for(timeout=PATIENCE)
    page.context.close()
    return asked


def test_another_language_adds_a_few_kilobytes_to_a_first_visit() -> None:
    built()
    names = {f"words.{each.code}.json" for each in OTHERS}
    assert {path.name for path in DIST.glob("words.*")} == names
    for name in (*names, "language.js"):
        size = len(gzip.compress((DIST / name).read_bytes()))
        assert size <= MOST_BYTES[name.removesuffix(".json").partition(".")[0] if "words" in name else name]


def test_the_language_that_was_read_is_there_without_a_network(browser: Browser) -> None:
    """Another one is not; the page is then in English, and says so to the browser."""
    with served() as url:
        page = browser.new_context().new_page()
        page.goto(f"{url}?lang=ar")
        is_in(page, "ar")
        page.context.set_offline(True)
        page.reload()
        is_in(page, "ar")
        with speaking(LANGUAGES["ar"]):
            page.click("#clear")
            expect(page.locator("#answer h2").first).to_have_text(answer_texts.EMPTY_TITLE)
        page.get_by_role("link", name="Deutsch").click()
        is_in(page, "en")
        page.context.set_offline(False)
        page.reload()
        is_in(page, "de")
        page.context.close()


def test_a_new_version_of_the_page_keeps_the_language_that_was_read(browser: Browser, tmp_path: Path) -> None:
    built()
    shutil.copytree(DIST, tmp_path / "dist")
    worker = tmp_path / "dist" / "sw.js"
    with served(tmp_path / "dist") as url:
        page = browser.new_context().new_page()
        page.goto(f"{url}?lang=ar")
        is_in(page, "ar")
        worker.write_text(worker.read_text(encoding="utf-8").replace('VERSION = "', 'VERSION = "2'), "utf-8")
        page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update())")
        page.wait_for_function(
            "caches.keys().then((names) => names.length === 1 && names[0].startsWith('2'))", timeout=PATIENCE
        )
        page.context.set_offline(True)
        page.reload()
        is_in(page, "ar")
        page.context.close()


@pytest.mark.parametrize(
    ("code", "counts"), [("ar", (1, 2, 3, 11, 100, 102)), ("fr", (1, 2, 1234)), ("es", (1, 1234, 12_345))]
)
def test_counts_have_the_forms_and_marks_of_the_language(
    browser: Browser, code: str, counts: tuple[int, ...]
) -> None:
    with open_page(browser, f"?lang={code}") as page, speaking(LANGUAGES[code]):
        for count in counts:
            give(page, b"income,score\n" + b"17,40\n" * count)
            expect(page.locator("#scored h3").first).to_have_text(by_count(count, score_texts.SCORE_DONE))
            expect(page.locator("#scored .tile dd").first).to_have_text(grouped(count))


def test_a_number_is_typed_with_the_decimal_mark_of_the_language(
    browser: Browser, published: Segmenter
) -> None:
    """One that could have either mark is refused, in words of the language."""
    with open_page(browser, "?lang=de") as page, speaking(LANGUAGES["de"]):
        page.click("#clear")
        page.fill("#field-age", "30,5")
        page.fill("#field-annual_income", "88.5")
        answer = published.predict(age=30.5, annual_income=88.5)
        likeliest = page.locator("[data-card=ranking] li").first
        expect(likeliest.locator(".label")).to_have_text(answer.segment)
        expect(likeliest.locator(".figure").first).to_have_text(percent(answer.probability))
        page.fill("#field-annual_income", "1.234")
        asked = form_texts.OUTSIDE_WHOLE.format(low="0", high="10.000 k$")
        expect(page.locator("#field-annual_income-problem")).to_have_text(asked)
        expect(page.locator("#answer h2")).to_have_text(answer_texts.PROBLEM_TITLE)
        expect(page.locator("#answer p [lang=en]")).to_contain_text("Annual income must be a number")
        page.click("#link")
        assert parse_qs(urlsplit(page.url).query) == {"age": ["30.5"]}  # and not 1.234


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", ["ar", "ja"])
def test_axe_finds_nothing_in_another_language(
    browser: Browser, code: str, scheme: str, size: dict[str, int]
) -> None:
    """With a segment, without one, with a refused value, and with a scored and a refused file."""
    with open_page(browser, f"?lang={code}", viewport=size, color_scheme=scheme) as page:
        found = violations(page)
        for name, value in (("annual_income", ""), ("spending_score", ""), ("annual_income", "x")):
            page.fill(f"#field-{name}", value)
            page.wait_for_timeout(200)
            found += violations(page)
        for content in (SAMPLE, b"name,town\nAda,London\n"):
            give(page, content)
            page.locator("#scored details").evaluate("each => (each.open = true)")
            found += violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert found == []

"""Checks that the static page works on any screen and without a network, and sends no data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from examples.browser.in_chromium import ARGUMENTS, check, find_chromium, served
from inference import Segmenter
from inference.loading.seal import add_seal
from tests.conftest import ROOT
from tests.static_page import PATIENCE, READY, built
from tests.test_browser_interfaces import violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SAMPLE = ROOT / "examples" / "sample.csv"
PHONE, TABLET, DESKTOP, WIDE = (360, 740), (768, 1024), (1280, 900), (1920, 1080)


@dataclass
class Visit:
    """An open page, its requests, and its faults."""

    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def fill(self, column: str, value: str) -> None:
        """Type into a column's field."""
        self.page.fill(f"#field-{column}", value)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the built page on a plain server; it is built if necessary."""
    built()
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A new visitor; parametrized by size and colour scheme."""
    (width, height), scheme = getattr(request, "param", (DESKTOP, "light"))
    made = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext, url: str) -> Iterator[Visit]:
    """The loaded page; it must not have had an error at the end of the test."""
    visit = Visit(context.new_page())
    visit.page.on(
        "console", lambda reported: visit.faults.append(reported.text) if reported.type == "error" else None
    )
    visit.page.on("pageerror", lambda error: visit.faults.append(str(error)))
    context.on("request", lambda request: visit.requests.append(request.url))
    visit.page.goto(url)
    visit.page.locator(READY).wait_for(timeout=PATIENCE)
    yield visit
    assert visit.faults == []


def test_answers_as_python_does(visit: Visit, published: Segmenter) -> None:
    for values in (
        {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40},
        {"age": 31, "annual_income": 88},
        {"gender": "Male", "spending_score": 12},
    ):
        visit.page.click("#clear")
        for name, value in values.items():
            if name == "gender":
                visit.page.select_option("#field-gender", str(value))
            else:
                visit.fill(name, str(value))
        answer = published.predict(**values)
        likeliest = visit.page.locator("[data-card=ranking] li").first
        expect(likeliest.locator(".label")).to_have_text(answer.segment)
        shown = float(likeliest.locator("progress").first.get_attribute("value") or "nan")
        assert shown == pytest.approx(answer.probability, abs=1e-5)


def test_a_value_out_of_range_is_refused_next_to_its_field(visit: Visit) -> None:
    visit.fill("age", "900")
    expect(visit.page.locator("#field-age-problem")).to_have_text(
        "Enter a whole number from 0 to 120 years, or leave it unknown."
    )
    expect(visit.page.locator("#field-age")).to_have_attribute("aria-invalid", "true")
    expect(visit.page.locator("#answer h2")).to_have_text("This value cannot be used")
    visit.fill("age", "")
    expect(visit.page.locator("#field-age-problem")).to_be_empty()


def test_the_map_shows_a_point_a_line_or_nothing(visit: Visit) -> None:
    marks = visit.page.locator("#map .here"), visit.page.locator("#map .line")
    expect(marks[0]).to_have_count(1)
    visit.fill("annual_income", "")
    expect(marks[1]).to_have_count(1)
    expect(marks[0]).to_have_count(0)
    visit.fill("spending_score", "")
    expect(marks[1]).to_have_count(0)
    expect(visit.page.locator("#map .centre")).to_have_count(5)


def test_markup_in_a_file_stays_text(visit: Visit, tmp_path: Path) -> None:
    bad = 'income,score,gender\n17,40,"<img src=x onerror=alert(1)>"\n'
    (tmp_path / "bad.csv").write_text(bad, encoding="utf-8")
    visit.page.set_input_files("#file", tmp_path / "bad.csv")
    expect(visit.page.locator("#scored td").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert visit.page.locator("#scored img").count() == 0


def test_no_request_is_sent_after_loading(visit: Visit) -> None:
    asked = len(visit.requests)
    visit.fill("age", "44")
    visit.page.set_input_files("#file", SAMPLE)
    with visit.page.expect_download():
        visit.page.click("#scored a.button")
    assert [each for each in visit.requests[asked:] if not each.startswith("blob:")] == []


def test_everything_comes_from_the_page_s_own_server(visit: Visit, url: str) -> None:
    assert {re.sub(r"^blob:", "", each).startswith(url) for each in visit.requests} == {True}


def test_the_page_cannot_call_another_server(visit: Visit) -> None:
    refused = visit.page.evaluate("fetch('http://127.0.0.1:9/').then(() => '', (error) => error.message)")
    assert refused
    assert any("Content Security Policy" in fault for fault in visit.faults)
    visit.faults.clear()


def test_works_without_a_network_after_the_first_visit(context: BrowserContext, visit: Visit) -> None:
    context.set_offline(True)
    visit.page.reload()
    visit.page.locator(READY).wait_for(timeout=PATIENCE)
    visit.fill("annual_income", "88")
    visit.fill("spending_score", "12")
    expect(visit.page.locator("#answer h2").first).to_have_text("High income, low score")
    found = check(visit.page)
    assert (found["mismatches"], int(found["rows"]) >= 500) == ("0", True)


@pytest.mark.parametrize(
    "context",
    [(size, scheme) for size in (PHONE, TABLET, DESKTOP, WIDE) for scheme in ("light", "dark")],
    ids=lambda value: f"{value[0][0]}-{value[1]}",
    indirect=True,
)
def test_nothing_is_wider_than_the_screen_and_every_target_is_large(visit: Visit) -> None:
    width = visit.page.evaluate("innerWidth")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    for each in visit.page.locator("input:visible:not([type=file]), select, button").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 40
    dark = visit.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(15, 18, 23)" if dark else "rgb(246, 247, 249)")


@pytest.mark.parametrize(
    "context",
    [(size, scheme) for size in (PHONE, DESKTOP) for scheme in ("light", "dark")],
    ids=lambda value: f"{value[0][0]}-{value[1]}",
    indirect=True,
)
def test_axe_finds_nothing_in_any_state(visit: Visit) -> None:
    """With a segment, without one, with a refused value, and with a scored and a refused file."""
    found = violations(visit.page)
    for name, value in (("annual_income", ""), ("spending_score", ""), ("annual_income", "17,5")):
        visit.fill(name, value)
        expect(visit.page.locator(f"#field-{name}")).to_have_value(value)
        visit.page.wait_for_timeout(200)
        found += violations(visit.page)
    for content in (SAMPLE.read_bytes(), b"name,town\nAda,London\n"):
        visit.page.set_input_files(
            "#file", {"name": "customers.csv", "mimeType": "text/csv", "buffer": content}
        )
        expect(visit.page.locator("#scored details")).to_have_count(1)
        visit.page.locator("#scored details").evaluate("each => (each.open = true)")
        found += violations(visit.page)
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        visit.page.evaluate("document.querySelector('#scored').replaceChildren()")
    assert found == []


@pytest.mark.parametrize("isolated", [False, True], ids=["plain", "COOP and COEP"])
def test_every_test_vector_is_answered_with_and_without_isolating_headers(
    browser: Browser, url: str, isolated: bool
) -> None:
    headers = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
    with served(headers=headers if isolated else {}) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        page.locator(READY).wait_for(timeout=PATIENCE)
        assert page.evaluate("crossOriginIsolated") is isolated
        found = check(page)
        assert (found["mismatches"], int(found["rows"]) >= 500) == ("0", True)
        page.context.close()


@pytest.mark.parametrize("sealed", [False, True], ids=["changed", "changed and sealed again"])
def test_a_wrong_model_is_refused_at_loading(browser: Browser, url: str, sealed: bool) -> None:
    """A change by the seal, a false file with a right seal by its own self-test in this browser."""
    model = (ROOT / "artifacts" / "model.onnx").read_bytes()
    damaged = model.replace(b'"complete":[true', b'"complete":[null')
    assert damaged != model
    page = browser.new_context(service_workers="block").new_page()
    page.route("**/model.onnx", lambda route: route.fulfill(body=add_seal(damaged) if sealed else damaged))
    page.goto(url)
    page.locator("#status.bad").wait_for(timeout=PATIENCE)
    assert ("must answer its self-test" if sealed else "SHA-256 of its seal") in page.inner_text("#status")
    page.context.close()

"""Checks the first screen in Chromium: of use before Gradio has loaded, and nothing is lost afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from inference import Segmenter
from service.languages.language import LANGUAGES, speaking
from service.page.texts import answer_texts, form_texts, frame_texts
from service.settings import DEFAULT_MODEL
from tests.browsing import DESKTOP, PATIENCE, PHONE, WIDE, chromium, served, wait_for_gradio
from tests.synthetic import SyntheticModel, category, contract, day, number
from tests.test_browser_first_visit import RECORD
from tests.test_browser_interfaces import disable_fading, violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
INCOME, SCORE = "#field-annual_income", "#field-spending_score"
SEGMENT, LINE = "#short .who h2", "#headline"
MOST_SHIFT = 0.05
NEAR = 4  # pixels, for lines of another font
NASTY = '"><img src=x onerror=alert(1)>${1}</script></template>'


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The service."""
    with served(Segmenter.load(DEFAULT_MODEL)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as started:
        yield started


@dataclass
class Gate:
    """Where scripts wait until it is opened."""

    is_open: bool = False
    waiting: list[Route] = field(default_factory=list)

    def meet(self, route: Route) -> None:
        """Let one through, or let it wait."""
        if self.is_open:
            route.continue_()
        else:
            self.waiting.append(route)

    def open(self) -> None:
        """Let all through."""
        self.is_open = True
        for route in self.waiting:
            route.continue_()


@contextmanager
def waiting(browser: Browser, address: str, size: tuple[int, int] = PHONE) -> Iterator[tuple[Page, Gate]]:
    """The page whose scripts do not come, until they are let through; it has no fault."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.add_init_script(RECORD)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    gate = Gate()
    page.route("**/assets/*.js", gate.meet)
    page.goto(address, wait_until="commit")
    expect(page.locator("#form .field").first).to_be_visible()
    yield page, gate
    page.close()
    assert faults == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_typed_value_is_answered_before_gradio_is_there(
    browser: Browser, url: str, size: tuple[int, int]
) -> None:
    with waiting(browser, url, size) as (page, _):
        expect(page.locator(SEGMENT)).to_have_text("High income, high score")
        page.locator(INCOME).fill("20")
        expect(page.locator(SEGMENT)).to_have_text("Low income, high score")
        page.get_by_role("button", name="High income, low score").click()
        expect(page.locator(SEGMENT)).to_have_text("High income, low score")
        expect(page.locator(LINE)).to_contain_text("High income, low score")
        page.locator(SCORE).fill("500")
        expect(page.locator(".field-problem:visible")).to_have_count(1)
        expect(page.locator("#short [role=alert]")).to_be_visible()
        expect(page.locator("[aria-busy]")).to_have_count(0)
        disable_fading(page)
        assert violations(page) == []


def test_what_was_typed_goes_on_in_gradios_page(browser: Browser, url: str) -> None:
    with waiting(browser, url) as (page, gate):
        page.locator(INCOME).fill("20")
        page.locator(SCORE).press("End")
        page.get_by_role("checkbox", name="Age: unknown").check()
        page.locator(SCORE).focus()
        gate.open()
        wait_for_gradio(page)
        expect(page.locator("#first-screen")).to_have_count(0)
        expect(page.locator(INCOME)).to_have_value("20")
        expect(page.locator(SCORE)).to_have_value("83")
        expect(page.get_by_role("checkbox", name="Age: unknown")).to_be_checked()
        expect(page.locator("#summary h2").first).to_have_text("Low income, high score")
        expect(page.locator(SCORE)).to_be_focused()
        assert "annual_income=20" in page.url
        page.keyboard.type("0")  # after what is there
        expect(page.locator(SCORE)).to_have_value("830")
        assert page.evaluate("window.shifts") < MOST_SHIFT


def test_a_field_is_not_taken_away_while_it_is_used(browser: Browser, url: str) -> None:
    with waiting(browser, url) as (page, gate):
        slider = page.get_by_role("slider").first
        slider.evaluate("slider => slider.scrollIntoView({ block: 'center' })")
        box = slider.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        gate.open()
        expect(page.locator("gradio-app #form .field").first).to_be_attached()
        page.wait_for_timeout(1_000)
        expect(page.locator("#first-screen")).to_have_count(1)
        page.mouse.move(box["x"], box["y"] + box["height"] / 2)
        page.mouse.up()
        wait_for_gradio(page)
        expect(page.locator(INCOME)).to_have_value("10")


def test_a_chosen_tab_opens_once_it_is_there(browser: Browser, url: str) -> None:
    with waiting(browser, url) as (page, gate):
        page.get_by_role("link", name=frame_texts.TAB_MODEL).click()
        gate.open()
        expect(page.locator("html.arrived")).to_have_count(1)
        expect(page.get_by_role("tab", name=frame_texts.TAB_MODEL)).to_have_attribute("aria-selected", "true")


def test_a_link_to_a_customer_is_answered_before_gradio_is_there(browser: Browser, url: str) -> None:
    with waiting(browser, f"{url}/?annual_income=21&spending_score=79") as (page, gate):
        expect(page.locator(INCOME)).to_have_value("21")
        expect(page.locator(SEGMENT)).to_have_text("Low income, high score")
        expect(page.get_by_role("checkbox", name="Age: unknown")).to_be_checked()
        gate.open()
        wait_for_gradio(page)
        expect(page.locator(INCOME)).to_have_value("21")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_in_another_language_it_has_its_words_and_its_direction(
    browser: Browser, url: str, size: tuple[int, int]
) -> None:
    with waiting(browser, f"{url}/ar/", size) as (page, gate), speaking(LANGUAGES["ar"]):
        box = page.locator(INCOME)
        box.fill("")
        expect(page.locator("#short")).to_contain_text(answer_texts.ROUTE_PARTIAL)
        expect(page.locator("[aria-busy]")).to_have_count(0)
        assert page.locator("main").evaluate("main => getComputedStyle(main).direction") == "rtl"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        disable_fading(page)
        assert violations(page) == []
        gate.open()
        wait_for_gradio(page)
        expect(page.locator(INCOME)).to_have_value("")
        assert page.evaluate("window.shifts") < MOST_SHIFT


def _below_a_path(page: Page, url: str) -> None:
    """Lead what is below ``/shop/`` to the service, as a proxy that takes the path away, and nothing else."""
    page.route(f"{url}/**", lambda route: route.fulfill(status=404))
    page.route(f"{url}/shop/**", lambda route: route.continue_(url=route.request.url.replace("/shop/", "/")))


def test_it_works_below_a_path_of_a_proxy(browser: Browser, url: str) -> None:
    page = browser.new_page()
    _below_a_path(page, url)
    page.route("**/assets/*.js", lambda route: route.abort())  # the later route is asked first
    page.goto(f"{url}/shop/")
    page.locator(INCOME).fill("20")
    expect(page.locator(SEGMENT)).to_have_text("Low income, high score")
    page.close()


@pytest.mark.parametrize("path", ["", "de/"])
def test_gradios_page_goes_on_below_a_path_of_a_proxy(browser: Browser, url: str, path: str) -> None:
    page = browser.new_page()
    _below_a_path(page, url)
    page.goto(f"{url}/shop/{path}", wait_until="commit")
    page.locator(INCOME).fill("20")
    wait_for_gradio(page)
    segment = page.locator("#summary h2").first
    expect(segment).to_have_text("Low income, high score", timeout=PATIENCE)
    page.locator(INCOME).fill("90")
    expect(segment).to_have_text("High income, high score", timeout=PATIENCE)
    page.close()


def test_without_the_service_the_answer_is_marked_until_there_is_one(browser: Browser, url: str) -> None:
    with waiting(browser, url) as (page, _):
        page.route("**/gradio_api/**", lambda route: route.abort())
        page.locator(INCOME).fill("20")
        expect(page.get_by_text(form_texts.STALE)).to_be_visible()
        page.unroute("**/gradio_api/**")
        page.locator(INCOME).fill("21")
        expect(page.get_by_text(form_texts.STALE)).to_be_hidden()
        expect(page.locator(SEGMENT)).to_have_text("Low income, high score")


def test_without_scripts_it_shows_the_form_and_an_answer(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    expect(page.locator(INCOME)).to_be_visible()
    expect(page.locator(SEGMENT)).to_have_text("High income, high score")
    context.close()


def test_any_model_has_one_and_its_names_stay_text(browser: Browser) -> None:
    columns = [
        day("joined"),
        number("a b", label=NASTY),
        category("plan", [NASTY, *"bcdef"]),
        category("colour", ["red", "green"]),
    ]
    model = SyntheticModel(contract(columns, ["Old friends", NASTY]))
    with served(model) as address, waiting(browser, address, DESKTOP) as (page, gate):
        expect(page.locator(SEGMENT)).to_have_text("Old friends")
        page.locator("#field-a_b").fill("75")
        page.locator("input[type=date]").fill("2024-11-30")
        expect(page.locator(SEGMENT)).to_have_text(NASTY)
        page.locator("select").select_option(NASTY)
        page.get_by_role("radio", name="green").check()
        gate.open()
        wait_for_gradio(page)
        expect(page.locator("#field-joined")).to_have_value("2024-11-30")
        expect(page.locator("#form select")).to_have_value(NASTY)
        expect(page.get_by_role("radio", name="green")).to_be_checked()
        expect(page.locator("#summary h2").first).to_have_text(NASTY)


@pytest.mark.parametrize("size", [PHONE, DESKTOP, WIDE], ids=["phone", "desktop", "wide"])
@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_everything_stays_in_its_place(browser: Browser, url: str, path: str, size: tuple[int, int]) -> None:
    with waiting(browser, f"{url}{path}", size) as (page, gate):
        before = places(page)
        gate.open()
        wait_for_gradio(page)
        for name, place in places(page).items():
            assert place == pytest.approx(before[name], abs=NEAR), name


def places(page: Page) -> dict[str, tuple[float, ...]]:
    """Where the parts are: left, top and width."""
    found: dict[str, tuple[float, ...]] = {}
    for selector in (".hero", "#form .card", "#form .field", "#summary .result", ".about", ".toggle-button"):
        box = page.locator(selector).first.bounding_box()
        if box is not None and 0 <= box["x"] < page.evaluate("innerWidth"):
            found[selector] = (box["x"], box["y"], box["width"])
    return found

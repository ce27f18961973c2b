"""Checks the tab Customers and saving in a browser, on a phone and a desktop, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from inference import Segmenter
from service.page.texts import customers_texts, frame_texts
from service.settings import DEFAULT_MODEL, Settings, StoreSettings
from tests.browsing import DESKTOP, PHONE, served, visit
from tests.test_browser_interfaces import disable_fading, violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")])
def test_a_customer_is_saved_shown_and_erased(
    browser: Browser, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    settings = Settings(store=StoreSettings(address=f"sqlite:///{tmp_path / 'c.sqlite'}", lasts=False))
    with served(Segmenter.load(DEFAULT_MODEL), settings) as url:
        opened = visit(browser, url, size, theme)
        page = opened.page
        opened.open_tab(frame_texts.TAB_PREDICTION)
        page.locator("#save").get_by_role("textbox").fill("K-77")
        page.locator("#save").get_by_role("button", name=customers_texts.SAVE_BUTTON).click()
        expect(page.locator("#saved")).to_contain_text("Saved. K-77 is in")
        disable_fading(page)
        assert violations(page) == []
        opened.open_tab(frame_texts.TAB_CUSTOMERS)
        expect(page.locator("#customer-list").get_by_role("rowheader", name="K-77")).to_be_visible()
        expect(page.locator("#customers")).to_contain_text(customers_texts.CUSTOMERS_LOST)
        page.locator("#customer-list").get_by_role("button", name="K-77").click()
        expect(page.locator("#customer-id").get_by_role("textbox")).to_have_value("K-77")
        expect(page.locator("#one-customer")).to_contain_text("first answer")
        for name in (customers_texts.CUSTOMER_LETTER, customers_texts.CUSTOMER_EXPORT):
            page.get_by_role("button", name=name, exact=True).click()
            link = page.locator("#customers a[download]").last
            expect(link).to_have_attribute("download", {"JSON": "customer.json"}.get(name, "letter.html"))
            kept = page.request.get(str(link.get_attribute("href")))
            assert "K-77" in kept.text()
        letter = page.context.new_page()
        letter.goto(f"{url.rstrip('/')}/v1/customers/K-77/letter")
        expect(letter.get_by_role("heading", name="What would change it")).to_be_visible()
        assert letter.evaluate("getComputedStyle(document.body).fontSize") == "17px"
        assert violations(letter) == []
        letter.close()
        disable_fading(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.get_by_role("button", name=customers_texts.CUSTOMER_ERASE, exact=True).click()
        page.locator("#customer-id").get_by_role("textbox").fill("another")
        page.locator("#customer-sure").click()
        expect(page.locator("#one-customer")).to_contain_text(customers_texts.CUSTOMER_OTHER)
        page.get_by_role("button", name=customers_texts.CUSTOMER_ERASE, exact=True).click()
        expect(page.locator("#one-customer")).to_contain_text("no customer has it")
        page.locator("#customer-id").get_by_role("textbox").fill("K-77")
        page.get_by_role("button", name=customers_texts.CUSTOMER_ERASE, exact=True).click()
        expect(page.locator("#customer-sure")).to_have_text(customers_texts.CUSTOMER_SURE.format(id="K-77"))
        page.locator("#customer-sure").click()
        expect(page.locator("#one-customer")).to_contain_text("Erased from every table")
        expect(page.locator("#customer-list")).to_contain_text("No customer matches")
        assert opened.faults == []


def test_without_a_store_there_is_no_such_tab(browser: Browser) -> None:
    with served(Segmenter.load(DEFAULT_MODEL)) as url:
        opened = visit(browser, url)
        expect(opened.page.get_by_role("tab", name=frame_texts.TAB_CUSTOMERS)).to_have_count(0)
        expect(opened.page.locator("#save")).to_have_count(0)

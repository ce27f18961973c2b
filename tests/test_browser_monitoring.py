"""Checks the tab Monitoring in a browser: before and after customers came, on any screen, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inference import Segmenter
from service.page.texts import frame_texts, monitoring_texts
from service.settings import DEFAULT_MODEL
from tests.browsing import DESKTOP, PHONE, served, visit
from tests.mall_samples import rows_of, sample, shifted
from tests.server import post
from tests.test_browser_interfaces import disable_fading, violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def url() -> Iterator[str]:
    """A service that nobody has asked yet."""
    with served(Segmenter.load(DEFAULT_MODEL)) as address:
        yield address


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
def test_the_tab_follows_the_customers_and_passes_axe(
    browser: Browser, url: str, size: tuple[int, int], theme: str
) -> None:
    opened = visit(browser, url, size, theme)
    opened.open_tab(frame_texts.TAB_MONITORING)
    title = opened.page.get_by_role("heading", level=2)
    expect(title.filter(has_text=monitoring_texts.MONITORING_TITLES["too few"])).to_be_visible()
    disable_fading(opened.page)
    assert violations(opened.page) == []
    for columns in (sample(1000), shifted(sample(1000, seed=1))):
        assert post(f"{url}/v1/predict/batch", {"rows": rows_of(columns)})[0] == 200
    opened.page.get_by_role("button", name=monitoring_texts.MONITORING_REFRESH).click()
    expect(title.filter(has_text=monitoring_texts.MONITORING_TITLES["red"])).to_be_visible()
    expect(opened.page.get_by_text("Train the model again")).to_be_visible()
    expect(opened.page.get_by_role("img", name="Annual income (k$). Below 24")).to_be_visible()
    expect(opened.page.get_by_role("img", name="Complete windows. window 1")).to_be_visible()
    disable_fading(opened.page)
    assert violations(opened.page) == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    opened.open_tab(frame_texts.TAB_INPUT)
    assert post(f"{url}/v1/predict/batch", {"rows": rows_of(sample(1000, seed=2))})[0] == 200
    opened.open_tab(frame_texts.TAB_MONITORING)
    expect(opened.page.get_by_text("3,000", exact=True).first).to_be_visible()
    opened.page.context.close()
    assert opened.faults == []

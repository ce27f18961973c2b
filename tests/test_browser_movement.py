"""Checks in a browser who came into each segment and who left it: the table, its pictures, and the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from customers.records import Sent
from customers.store import open_store
from inference import Segmenter
from service.page.texts import customers_texts, segments_texts
from service.settings import DEFAULT_MODEL, Settings, StoreSettings
from tests.browsing import DESKTOP, PHONE, served, visit
from tests.test_browser_interfaces import disable_fading, violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def fill(address: str, segmenter: Segmenter) -> None:
    """Forty customers, thirty of whom went from the first segment to the third 50 days ago."""
    store, names = open_store(address), segmenter.contract.segment_names
    for days, moved in ((100, 0), (50, 2)):
        sent = [
            Sent(
                id=f"K{at}",
                inputs={"age": days},
                segment_id=place,
                segment=names[place],
                probability=1.0,
                route="complete",
            )
            for at in range(40)
            for place in [moved if at < 30 else 1]
        ]
        store.save(sent, model=segmenter.fingerprint, at=datetime.now(UTC) - timedelta(days=days))
    store.close()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone", "desktop"])
def test_movement_is_shown_for_the_chosen_time_and_downloaded(
    browser: Browser, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    address, model = f"sqlite:///{tmp_path / 'c.sqlite'}", Segmenter.load(DEFAULT_MODEL)
    fill(address, model)
    with served(model, Settings(store=StoreSettings(address=address))) as url:
        opened = visit(browser, url, size, theme)
        page = opened.page
        opened.open_tab(segments_texts.TAB)
        moved = page.locator("#moved")
        expect(moved).to_contain_text(customers_texts.MOVED_TOTAL.format(moved=0, total=40))
        chosen = page.locator("#moved-days").get_by_role("radio")
        chosen.nth(2).focus()
        page.keyboard.press("Space")
        expect(moved).to_contain_text(customers_texts.MOVED_TOTAL.format(moved=30, total=40))
        third = moved.get_by_role("row").filter(
            has=page.get_by_role("rowheader", name="Low income, high score")
        )
        expect(third.first).to_contain_text("+30")
        picture = customers_texts.MOVED_PICTURE.format(left=0, came=30)
        expect(third.first.get_by_role("img", name=picture)).to_be_visible()
        moved.get_by_text(customers_texts.MOVED_MATRIX).first.click()
        disable_fading(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        with page.expect_download() as found:
            moved.get_by_role("link", name=customers_texts.MOVED_EXPORT).click()
        found.value.save_as(tmp_path / "moved.csv")
        assert '"High income, high score","Low income, high score",30' in (tmp_path / "moved.csv").read_text(
            "utf-8"
        )
        page.context.close()
        assert opened.faults == []

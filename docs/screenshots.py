"""Takes the README's pictures of the page: ``python -m docs.screenshots``; needs a Chromium."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from inference import Segmenter
from service.page.delivery.link_preview import PICTURE, PICTURE_SIZE
from service.page.texts import frame_texts, monitoring_texts, score_texts, segments_texts
from service.settings import DEFAULT_MODEL, Settings, TrainingSettings
from service.train.own_data import own_data_texts
from tests.browsing import PHONE, Visit, chromium, served, visit
from tests.mall_samples import rows_of, sample, shifted
from tests.server import post

FOLDER = Path(__file__).parent
DESKTOP = (1440, 900)
TRAINING = 300_000  # milliseconds that a training on the page may take
CUSTOMERS = FOLDER.parent / "trainer" / "data" / "mall_customers.csv"


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """Write one picture next to this file."""
    page.emulate_media(reduced_motion="reduce")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)


def customers_to_score(folder: Path) -> Path:
    """Some rows of the embedded table, with a few values removed and one invalid value."""
    with CUSTOMERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    header, *customers = rows
    for place, row in enumerate(customers):
        if place % 7 == 3:
            row[-1] = ""
    customers[5][-2] = "99999"
    path = folder / "customers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *customers])
    return path


def form_and_prediction(opened: Visit) -> None:
    """The first two tabs, with the customer that the page shows first."""
    take(opened.page, "page-input")
    opened.open_tab(frame_texts.TAB_PREDICTION)
    take(opened.page, "page-prediction")


def link_preview(browser: Browser, url: str) -> None:
    """The picture that other sites show of a link to the page."""
    width, height = PICTURE_SIZE
    opened = visit(browser, url, (width, height))
    opened.page.emulate_media(reduced_motion="reduce")
    opened.page.screenshot(path=PICTURE)


def segments_side_by_side(opened: Visit) -> None:
    """The cards of the segments and their chart."""
    opened.open_tab(segments_texts.TAB)
    take(opened.page, "page-segments", whole=True)


def own_table(opened: Visit) -> None:
    """The segments that a training on the page finds in the example."""
    opened.open_tab(own_data_texts.TAB)
    opened.page.locator("#own-example").click()
    opened.page.locator("#own-find").click(timeout=TRAINING)
    result = opened.page.locator(".card:has(#own-found)")
    expect(result).to_be_visible(timeout=TRAINING)
    result.screenshot(path=FOLDER / "page-your-data.png")


def scored_file(opened: Visit, folder: Path) -> None:
    """A file that was scored."""
    opened.open_tab(frame_texts.TAB_SCORE)
    opened.page.locator("#score-file input[type=file]").set_input_files(customers_to_score(folder))
    expect(opened.page.get_by_role("heading", name=score_texts.SCORE_SEGMENTS)).to_be_visible()
    take(opened.page, "page-score")


def customers_that_changed(opened: Visit) -> None:
    """What the monitor says after customers with higher incomes came."""
    for columns in (sample(1000), shifted(sample(1000, seed=1))):
        status, answer = post(f"{opened.url}/v1/predict/batch", {"rows": rows_of(columns)})
        if status != 200:
            raise RuntimeError(answer)
    opened.open_tab(frame_texts.TAB_MONITORING)
    expect(opened.page.get_by_role("heading", name=monitoring_texts.MONITORING_TITLES["red"])).to_be_visible()
    take(opened.page, "page-monitoring")


def main() -> None:
    """Serve the page, open it and take every picture."""
    with (
        served(Segmenter.load(DEFAULT_MODEL), Settings(training=TrainingSettings())) as url,
        chromium() as browser,
        tempfile.TemporaryDirectory() as folder,
    ):
        link_preview(browser, url)
        form_and_prediction(visit(browser, url, DESKTOP))
        segments_side_by_side(visit(browser, url, DESKTOP))
        own_table(visit(browser, url, DESKTOP))
        scored_file(visit(browser, url, DESKTOP, "dark"), Path(folder))
        customers_that_changed(visit(browser, url, DESKTOP))
        phone = visit(browser, url, PHONE)
        take(phone.page, "page-phone-input")
        phone.open_tab(frame_texts.TAB_PREDICTION)
        take(phone.page, "page-phone-prediction")


if __name__ == "__main__":
    main()

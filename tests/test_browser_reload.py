"""Checks in a browser that an open page never mixes two models, and goes on with the values in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from inference import Segmenter
from service.page.texts import answer_texts, frame_texts
from service.server import Site
from service.settings import DEFAULT_MODEL, Settings
from tests.browsing import visit
from tests.free_port import free_port
from tests.test_browser_interfaces import disable_fading, violations

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_a_page_opened_before_a_reload_goes_on_after_it(
    browser: Browser, tmp_path: Path, model_path: Path
) -> None:
    path = Path(shutil.copy(DEFAULT_MODEL, tmp_path / "model.onnx"))
    site = Site(Segmenter.load(path), Settings(host="127.0.0.1", port=free_port(), model_path=path))
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        opened = visit(browser, url)
        opened.box("Annual income").fill("87")
        opened.box("Spending score").fill("15")
        expect(opened.headline).to_have_text("High income, low score")
        shutil.copy(model_path, path)
        assert site.reloading.reload() is True
        page = opened.page.evaluate("fetch('.').then((answer) => answer.text())")
        assert Segmenter.load(model_path).fingerprint in page.partition("window.gradio_config")[0]
        opened.box("Age").fill("33")
        expect(opened.headline).to_have_text(answer_texts.OUTDATED_TITLE)
        disable_fading(opened.page)
        assert violations(opened.page) == []
        opened.open_tab(frame_texts.TAB_SCORE)
        opened.page.locator("#score-file input[type=file]").set_input_files(
            {
                "name": "c.csv",
                "mimeType": "text/csv",
                "buffer": b"annual_income,spending_score\n20,80\n87,15\n",
            }
        )
        expect(opened.page.get_by_role("heading", name="2 rows scored")).to_be_visible()
        opened.open_tab(frame_texts.TAB_INPUT)
        opened.page.get_by_role("link", name=answer_texts.OUTDATED_LINK).first.click()
        expect(opened.box("Annual income")).to_have_value("87")
        expect(opened.box("Age")).to_have_value("33")
        opened.box("Spending score").fill("80")
        expect(opened.headline).to_have_text("High income, high score")
        opened.page.context.close()
        assert opened.faults == []
    finally:
        site.close()

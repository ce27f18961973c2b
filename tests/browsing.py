"""How the browser tests open the page, and the faults that they record."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import cast

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from inference import Segmenter
from service.page.handlers import Model
from service.page.texts import frame_texts, segments_texts
from service.server import Site
from service.settings import Settings
from tests.free_port import free_port

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PHONE, TABLET, DESKTOP, WIDE = (390, 844), (768, 1024), (1280, 900), (1920, 1080)
TABS = (
    frame_texts.TAB_INPUT,
    frame_texts.TAB_PREDICTION,
    segments_texts.TAB,
    frame_texts.TAB_MODEL,
    frame_texts.TAB_SCORE,
    frame_texts.TAB_MONITORING,
)
PATIENCE = 20_000  # milliseconds, for a machine with other things to do


@dataclass
class Visit:
    """An open page and the faults it had."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def open_tab(self, name: str) -> None:
        """Go to a tab by its name."""
        self.page.get_by_role("tab", name=name).click()
        expect(self.page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")

    @property
    def headline(self) -> Locator:
        """The name of the segment next to the form."""
        return self.page.locator("#summary h2").first

    def slider(self, label: str) -> Locator:
        """The slider of a column."""
        return self.page.get_by_role("slider", name=re.compile(label))

    def box(self, label: str) -> Locator:
        """The number box of a column."""
        return self.page.get_by_role("spinbutton", name=re.compile(label))


@contextmanager
def served(model: Model, settings: Settings | None = None) -> Iterator[str]:
    """The address of the page about a model, served in this process."""
    settings = replace(settings or Settings(), host="127.0.0.1", port=free_port(), mcp=False)
    site = Site(cast(Segmenter, model), settings)
    try:
        yield site.launch(prevent_thread_lock=True, quiet=True)
    finally:
        site.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium; without one the tests fail."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def visit(
    browser: Browser, url: str, size: tuple[int, int] = DESKTOP, theme: str = "light", query: str = ""
) -> Visit:
    """Open the page and record every fault."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    opened = Visit(page, url)
    page.on(
        "console", lambda reported: opened.faults.append(reported.text) if reported.type == "error" else None
    )
    page.on("pageerror", lambda error: opened.faults.append(str(error)))
    page.on("request", lambda sent: None if _is_local(sent.url, url) else opened.faults.append(sent.url))
    page.goto(f"{url}/?__theme={theme}{query}")
    wait_for_gradio(page)
    page.wait_for_load_state("networkidle")
    return opened


def wait_for_gradio(page: Page) -> None:
    """Until Gradio's page is in the place of the first screen."""
    expect(page.locator("html.arrived")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#form .field").first).to_be_visible()


def _is_local(address: str, url: str) -> bool:
    return address.startswith((url, "data:", "blob:"))

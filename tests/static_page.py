"""How the tests open the static page of examples/browser, and the texts that they read on both pages."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from examples.browser.in_chromium import DIST, served

PATIENCE = 60_000  # milliseconds, for a machine with other things to do
READY = "#status[data-ready]"


def built() -> None:
    """Build the page if necessary."""
    with (DIST.parent / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that need it, one builds
        if (DIST / "index.html").exists():
            return
        if shutil.which("npm") is None and not os.environ.get("CI"):
            pytest.skip("building the page needs npm")
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=DIST.parent, check=True)
        subprocess.run(["npm", "run", "build"], cwd=DIST.parent, check=True)


@contextmanager
def open_page(browser: Browser, search: str = "", **visitor: Any) -> Iterator[Page]:
    """The static page of a new visitor, loaded; it must not have had an error at the end."""
    built()
    faults: list[str] = []
    with served() as url:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **visitor})
        page = context.new_page()
        page.on(
            "console", lambda reported: faults.append(reported.text) if reported.type == "error" else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url + search)
        page.locator(READY).wait_for(timeout=PATIENCE)
        yield page
        context.close()
    assert faults == []


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.found.append(data)


def texts(markup: str) -> str:
    """All texts in markup, as ``TEXTS`` reads them in a browser."""
    parser = _Texts()
    parser.feed(markup)
    parser.close()
    return " ".join(" ".join(parser.found).split())


TEXTS = """(place) => {
  place.normalize(); // texts side by side are one
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode.data);
  return found.join(" ").split(/\\s+/).filter(Boolean).join(" ");
}"""

"""Pages in headless Chromium, one for each way to draw: how long it takes, and who can use it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

from benchmarks.drawing.drawing_ways import DrawingWay
from benchmarks.speed.measuring import Figures

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SLOWER = 4  # times, as phones of the middle class are taken to be
DESKTOP, NARROW = (900, 800), (320, 700)
ADDRESS = "http://drawing.test"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
READY = "typeof ask === 'function'"
STARTED = """readyAt - performance.getEntriesByType('resource')
  .find((each) => each.name.endsWith('draw.js')).responseEnd"""

# The texts inside the drawing with their boxes: those beyond the window are cut off or make it scroll.
TEXTS = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.getElementById('drawing'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!node.data.trim() || !box.width || node.parentElement.closest('style, title, desc')) continue;
    const matrix = node.parentElement.getScreenCTM?.();
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize) * scale;
    found.push({ text: node.data, left: box.left, right: box.right, size });
  }
  return found;
}"""


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """A page that can draw, and the faults it had."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def draw(self, name: str, payload: bytes) -> float:
        """Draw and wait until it is painted; milliseconds."""
        return float(self.page.evaluate("([name, payload]) => ask(name, payload)", [name, payload.decode()]))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, way: DrawingWay, size: tuple[int, int] = DESKTOP) -> Iterator[OpenPage]:
    """A page of its own; its policy allows no script but its own files, and no text to become a script."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    visited = OpenPage(page=context.new_page())
    visited.page.on("pageerror", lambda error: visited.faults.append(str(error)))
    visited.page.on(
        "console", lambda line: visited.faults.append(line.text) if line.type == "error" else None
    )
    visited.page.route("**/*", lambda route: _serve(route, way, visited.faults))
    visited.page.goto(f"{ADDRESS}/")
    visited.page.wait_for_function(READY)
    yield visited
    context.close()


def _serve(route: Route, way: DrawingWay, faults: list[str]) -> None:
    specs = way.specs.decode().replace("<", "\\u003c")
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Drawing</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="page.css"></head><body><main class="gradio-container"><h1>Drawing</h1>'
        f'<div id="drawing"></div></main><script type="application/json" id="specs">{specs}</script>'
        '<script src="draw.js"></script></body></html>'
    )
    files = {
        "/": ("text/html", body.encode()),
        "/page.css": ("text/css", way.style),
        "/draw.js": ("text/javascript", way.script),
    }
    kind, content = files.get(route.request.url.removeprefix(ADDRESS), ("", b""))
    if not kind:
        faults.append(f"asked for {route.request.url}")
        route.abort()
        return
    route.fulfill(body=content, content_type=kind, headers={"Content-Security-Policy": POLICY})


class Throttled:
    """A page on a processor that is ``SLOWER``, asked again and again."""

    def __init__(self, visited: OpenPage) -> None:
        self._visited = visited
        self._session: CDPSession = visited.page.context.new_cdp_session(visited.page)
        self._session.send(
            "Performance.enable", {"timeDomain": "threadTicks"}
        )  # CPU: other work does not count
        self._session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def draw(self, name: str, payload: bytes) -> Figures:
        """``painted_ms`` from the answer to the screen, and ``busy_ms`` of CPU of the page's main thread."""
        before = self._busy()
        painted = self._visited.draw(name, payload)
        return {"painted_ms": painted, "busy_ms": (self._busy() - before) * 1e3}

    def start_again(self) -> Figures:
        """``start_ms`` from the script in the browser until it can draw; then the page is as new."""
        self._visited.page.reload()
        self._visited.page.wait_for_function(READY)
        return {"start_ms": float(self._visited.page.evaluate(STARTED))}

    def _busy(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def inspected(browser: Browser, way: DrawingWay, name: str, payload: bytes) -> dict[str, Any]:
    """What axe and a phone of 320 pixels show of one drawing, and whether the page's policy was kept."""
    with opened(browser, way) as visited:
        visited.draw(name, payload)
        found = Axe().run(visited.page, context="#drawing", options=AXE).response["violations"]
        faults = list(visited.faults)
    with opened(browser, way, NARROW) as visited:
        visited.draw(name, payload)
        texts = visited.page.evaluate(TEXTS)
        wide = visited.page.evaluate("document.documentElement.scrollWidth")
    return {
        "axe_violations": sum(len(each["nodes"]) for each in found),
        "axe_rules": sorted(each["id"] for each in found),
        "scrolls_at_320": wide > NARROW[0],
        "texts_cut_off_at_320": sum(each["left"] < -1 or each["right"] > NARROW[0] + 1 for each in texts),
        "smallest_text_at_320": round(min(each["size"] for each in texts), 1),
        "faults_under_strict_policy": faults,
    }

"""Runs the built page in a headless Chromium, with the same commands as the other examples.

Usage: python in_chromium.py vectors | bench | score IN.csv OUT.csv

Needs `npm run build` before, the Python package playwright, and a Chromium (or its path in CHROMIUM).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Page, sync_playwright

DIST = Path(__file__).parent / "dist"
REPLACED = {"/model.onnx": "MODEL", "/test_vectors.json": "VECTORS"}  # by files named in the environment
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 60_000  # milliseconds, enough for a busy machine


class Quiet(SimpleHTTPRequestHandler):
    """A plain static server: the files without special headers unless told, nothing printed."""

    headers_sent: Mapping[str, str] = MappingProxyType({})

    def end_headers(self) -> None:
        """Add the headers that every answer has."""
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""

    def translate_path(self, path: str) -> str:
        """The file at an address."""
        other = os.environ.get(REPLACED.get(path, ""))
        return other or super().translate_path(path)


@contextmanager
def served(folder: Path = DIST, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a folder on a port of this machine, with more headers if given; gives its address."""
    if not (folder / "index.html").exists():
        raise FileNotFoundError(f"the page must be built before, but {folder} has none; run `npm run build`")
    more = type("WithHeaders", (Quiet,), {"headers_sent": dict(headers or {})})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(more, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def find_chromium() -> str:
    """The browser's path."""
    known = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, known)), None)
    if found is None:
        raise FileNotFoundError("a Chromium must be installed, but none was found; name it in CHROMIUM")
    return found


@contextmanager
def opened(search: str = "") -> Iterator[Page]:
    """The page, loaded."""
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(url + search)
        page.locator("#status[data-ready], #status.bad").wait_for(timeout=PATIENCE)
        if page.locator("#status.bad").count():
            raise RuntimeError(page.inner_text("#status"))
        yield page
        browser.close()


def check(page: Page) -> dict[str, Any]:
    """Press "Check it" and read the result."""
    page.click("#check")
    page.locator("#checked[data-rows]").wait_for(timeout=PATIENCE)
    return page.eval_on_selector("#checked", "each => ({...each.dataset})")  # type: ignore[no-any-return]  # JavaScript's


def vectors() -> int:
    """Check the test vectors in the page, without the self-test, so that each difference is reported."""
    with opened("?without-self-test") as page:
        found = check(page)
        lines = page.locator("#checked code").all_inner_texts()
    print("\n".join(lines), end="\n" if lines else "", file=sys.stderr)
    mismatches, p50 = int(found["mismatches"]), round(float(found["p50"]), 1)
    told = {"language": "Browser", "runtime": found["runtime"], "rows": int(found["rows"])}
    print(json.dumps({**told, "mismatches": mismatches, "p50_us": p50}))
    return 1 if mismatches else 0


def bench() -> int:
    """Print the median time of one row."""
    with opened() as page:
        print(f"{float(check(page)['p50']):.1f} us per row (median)")
    return 0


def score(source: str, target: str) -> int:
    """Score a file in the page and save it."""
    with opened() as page:
        page.set_input_files("#file", source)
        page.locator("#scored a.button, #scored .message").wait_for(timeout=PATIENCE)
        if page.locator("#scored .message").count():
            raise ValueError(page.inner_text("#scored .message p"))
        with page.expect_download() as download:
            page.click("#scored a.button")
        download.value.save_as(target)
        print(page.locator("#scored h3").first.inner_text(), file=sys.stderr)
    return 0


def main() -> int:
    """Run the sub-command that is named first."""
    commands: dict[str, Callable[..., int]] = {"vectors": vectors, "bench": bench, "score": score}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return commands[sys.argv[1]](*sys.argv[2:])
    except (OSError, RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

"""Checks a built site: every link leads to a page or an anchor, and nothing is loaded from other servers.

    python docs/check_site.py docs-site

Links to other servers are not followed, since the checks run without a network; the console lists them.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}
_CSS_URL = re.compile(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')\s]+)")


class Page(HTMLParser):
    """The links, anchors and loaded files of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element links to, loads, or is called."""
        for name, value in attrs:
            if value is None:
                continue
            if name in ("id", "name"):
                self.anchors.add(value)
            if (tag, name) in _LOADED:
                self.loaded.append(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)


def faults(site: Path) -> list[str]:
    """What is wrong with a built site, in sentences; empty when nothing is."""
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        if name.name == "404.html":  # its links are absolute: it is shown at any address
            continue
        for link in (*page.links, *page.loaded):
            problem = _problem(path, link, pages)
            if problem:
                found.append(f"{name}: {link!r} {problem}")
        found += [
            f"{name}: {each!r} is loaded from another server" for each in page.loaded if _elsewhere(each)
        ]
    for path in sorted(site.rglob("*.css")):
        for url in _CSS_URL.findall(path.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(site)}: {url!r} is loaded from another server")
    return found


def elsewhere(site: Path) -> set[str]:
    """The links to other servers."""
    return {link for path in site.rglob("*.html") for link in Page(path).links if _elsewhere(link)}


def _elsewhere(link: str) -> bool:
    return bool(urlsplit(link).netloc)


def _problem(path: Path, link: str, pages: dict[Path, Page]) -> str:
    """What is wrong with a link of a page; empty when nothing is."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "leads to no file"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return "leads to no anchor of its page"
    return ""


def main(arguments: list[str]) -> int:
    """Print the faults of a site; returns the exit status."""
    site = Path(arguments[0])
    found = faults(site)
    for sentence in found:
        sys.stderr.write(f"{sentence}\n")
    pages = len(list(site.rglob("*.html")))
    sys.stdout.write(f"{pages} pages, {len(found)} faults; not followed: {sorted(elsewhere(site))}\n")
    return int(bool(found) or pages == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

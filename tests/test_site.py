"""Checks that the site of the documentation has every page, and that its own checks find what is wrong.

``just docs`` builds the site; that needs requirements/docs.lock.
"""

from __future__ import annotations

import importlib
import re
import sys
import types
from pathlib import Path

import pytest

from docs.check_site import elsewhere, faults
from tests.conftest import ROOT

pytestmark = pytest.mark.fast

LISTED_ELSEWHERE = re.compile(r"decisions/0.*\.md|examples/\w+/README\.md")  # mkdocs.yml: not_in_nav
PAGE = '<html><head><link href="style.css" rel="stylesheet"></head><body id="top">{}</body></html>'


def navigation() -> list[str]:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return re.findall(r"^ +- .+: (\S+\.md)$", text[text.index("\nnav:") :], re.M)


def test_every_page_of_the_repository_is_in_the_navigation_once() -> None:
    pages = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    pages |= {f"notebooks/{path.stem}.md" for path in (ROOT / "notebooks").glob("*.ipynb")}
    pages |= {"index.md", "examples/README.md", "artifacts/MODEL_CARD.md", "reference/inference.md"}
    pages |= {str(path.relative_to(ROOT)) for path in ROOT.glob("*.md") if path.name != "README.md"}
    pages |= {"reference/trainer.md"}
    listed = navigation()
    assert len(listed) == len(set(listed))
    assert {page for page in pages if not LISTED_ELSEWHERE.fullmatch(page)} == set(listed)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two pages that link to each other."""
    (tmp_path / "style.css").write_text("body { color: black }", encoding="utf-8")
    (tmp_path / "index.html").write_text(PAGE.format('<a href="more/two.html#top">two</a>'), encoding="utf-8")
    (tmp_path / "more").mkdir()
    two = PAGE.replace("style.css", "../style.css").format(
        '<a href="..">one</a> <a href="https://semver.org">out</a>'
    )
    (tmp_path / "more" / "two.html").write_text(two, encoding="utf-8")
    return tmp_path


def test_a_site_whose_links_lead_somewhere_has_no_fault(site: Path) -> None:
    assert faults(site) == []
    assert elsewhere(site) == {"https://semver.org"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('<a href="gone.html">x</a>', "leads to no file"),
        ('<a href="more/two.html#gone">x</a>', "leads to no anchor"),
        ('<a href="#gone">x</a>', "leads to no anchor"),
        ('<img src="gone.png">', "leads to no file"),
        ('<script src="https://cdn.example/x.js"></script>', "loaded from another server"),
        ('<script src="//cdn.example/x.js"></script>', "loaded from another server"),
    ],
)
def test_a_broken_link_and_a_foreign_file_are_found(site: Path, content: str, fault: str) -> None:
    (site / "index.html").write_text(PAGE.format(content), encoding="utf-8")
    (sentence,) = faults(site)
    assert fault in sentence


def test_a_font_of_another_server_is_found(site: Path) -> None:
    (site / "style.css").write_text("@import 'https://fonts.example/a.css';", encoding="utf-8")
    assert len(faults(site)) == 1


def test_an_entry_with_several_names_becomes_one_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    griffe = types.ModuleType("griffe")
    monkeypatch.setattr(griffe, "Extension", object, raising=False)
    monkeypatch.setitem(sys.modules, "griffe", griffe)
    split_names = importlib.import_module("docs.docstring_names").split_names
    given = "Attributes:\n    a, b: what both\n        are.\n    c: alone"
    lines = [
        "Attributes:",
        "    a: what both",
        "        are.",
        "    b: what both",
        "        are.",
        "    c: alone",
    ]
    assert split_names(given).splitlines() == lines

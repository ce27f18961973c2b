"""Promises that the interfaces of the service know the API below them and never each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

SERVICE = ROOT / "service"
ALLOWED: dict[str, set[str]] = {  # folder -> folders it may import; "" is the modules directly in service/
    "": {""},
    "api": {"api", ""},
    "rest": {"rest", "api", ""},
    "gradio_api": {"gradio_api", "api", ""},
    "mcp": {"mcp", "api", ""},
    "page": {"page", ""},
}
MOST_ENTRIES = 16


def imports(folder: str) -> Iterator[tuple[str, str]]:
    """Each module of a folder with each folder of the service that it imports from."""
    files = (SERVICE / folder).rglob("*.py") if folder else SERVICE.glob("*.py")
    for path in files:
        if path == SERVICE / "server.py":  # puts everything together
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "service":
                parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
                yield str(path), parts[1] if (SERVICE / parts[1]).is_dir() else ""


@pytest.mark.parametrize("folder", list(ALLOWED))
def test_a_folder_imports_only_what_is_below_it(folder: str) -> None:
    found = list(imports(folder))
    assert found or not folder
    assert [(path, other) for path, other in found if other not in ALLOWED[folder]] == []


def test_every_folder_has_a_row_in_the_table() -> None:
    folders = {path.name for path in SERVICE.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == set(ALLOWED) - {""}


def test_no_folder_holds_more_than_a_reader_can_take_in() -> None:
    for folder in [SERVICE, *(path for path in SERVICE.rglob("*") if path.is_dir())]:
        entries = [path.name for path in folder.iterdir() if path.name != "__pycache__"]
        assert len(entries) <= MOST_ENTRIES, folder

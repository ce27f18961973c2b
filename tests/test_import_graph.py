"""Checks that the packages import in one direction without a cycle, and that names and folders are clear.

The rule: every import statement counts, also inside functions and under ``TYPE_CHECKING``: what a reader
must understand first does not depend on when Python loads it.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.permitted_imports import PERMITTED

pytestmark = pytest.mark.fast

PACKAGES = ("trainer", "inference", "service", "customers")
LARGEST_TOP = 16  # entries to see at once


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file of every module of the three packages."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> set[str]:
    """The modules of the three packages that a file imports, at any position."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name the whole path"
            inside = {f"{node.module}.{each.name}" for each in node.names}
            found |= inside & modules().keys() or {str(node.module)}
    return found & modules().keys()


@cache
def graph() -> dict[str, set[str]]:
    """Module -> the modules it imports."""
    return {name: imports(path) - {name} for name, path in modules().items()}


def folder(name: str) -> str:
    """The folder of a module; a package is in its own folder."""
    return name if modules()[name].name == "__init__.py" else name.rpartition(".")[0]


def test_no_module_is_part_of_a_cycle() -> None:
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_each_folder_imports_only_what_is_permitted() -> None:
    surplus = {
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if folder(other) != folder(name) and folder(other) not in PERMITTED.get(folder(name), ())
    }
    assert surplus == set()


def test_nothing_is_permitted_that_is_not_used() -> None:
    used = {(folder(name), folder(other)) for name, others in graph().items() for other in others}
    assert {(name, other) for name, others in PERMITTED.items() for other in others} <= used


def test_packages_import_in_the_direction_of_inference() -> None:
    permitted = {
        "trainer": {"trainer", "inference", "customers"},
        "inference": {"inference"},
        "service": {"service", "inference", "customers"},
        "customers": {"customers", "inference"},
    }
    for name, others in graph().items():
        top = name.split(".")[0]
        assert {other.split(".")[0] for other in others} <= permitted[top], name


def test_no_module_name_is_used_twice() -> None:
    names = Counter(path.stem for path in modules().values() if not path.stem.startswith("__"))
    assert {name for name, times in names.items() if times > 1} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_few_entries_at_the_top(package: str) -> None:
    entries = [path.name for path in (ROOT / package).iterdir() if path.name != "__pycache__"]
    assert len(entries) <= LARGEST_TOP, sorted(entries)


def test_a_cycle_would_be_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"c"}, "c": {"a"}}).prepare()

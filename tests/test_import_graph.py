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

pytestmark = pytest.mark.fast

PACKAGES = ("trainer", "inference", "service", "customers")
LARGEST_TOP = 16  # entries to see at once

PERMITTED = {  # folder -> what its modules may import, besides their own folder
    "inference": {
        "inference.contract",
        "inference.engines",
        "inference.explanations",
        "inference.files",
        "inference.files.compare",
        "inference.files.read",
        "inference.kinds",
        "inference.loading",
    },
    "inference.loading": {"inference", "inference.contract", "inference.kinds"},
    "inference.drift": {"inference", "inference.contract", "inference.kinds"},
    "inference.contract": {"inference"},
    "inference.engines": {"inference", "inference.contract", "inference.kinds"},
    "inference.explanations": {"inference", "inference.contract", "inference.kinds"},
    "inference.files": {
        "inference",
        "inference.contract",
        "inference.files.read",
        "inference.files.write",
        "inference.kinds",
    },
    "inference.files.columns": {"inference.files.columns.dates", "inference.files.columns.numbers"},
    "inference.files.columns.numbers": {"inference.files.columns"},
    "inference.files.columns.dates": {"inference", "inference.files.columns"},
    "inference.files.compare": {
        "inference",
        "inference.drift",
        "inference.files",
        "inference.files.read",
        "inference.files.write",
    },
    "inference.files.read": {
        "inference",
        "inference.contract",
        "inference.files",
        "inference.files.columns",
        "inference.files.columns.dates",
        "inference.files.columns.numbers",
        "inference.files.read.arrow",
        "inference.files.read.delimited",
        "inference.files.read.excel",
        "inference.files.read.json",
        "inference.files.read.layout",
        "inference.files.read.parquet",
        "inference.kinds",
    },
    "inference.files.read.arrow": {
        "inference",
        "inference.files",
        "inference.files.columns",
        "inference.files.read",
    },
    "inference.files.read.json": {
        "inference",
        "inference.files",
        "inference.files.read",
    },
    "inference.files.read.delimited": {
        "inference",
        "inference.files",
        "inference.files.read",
        "inference.files.read.layout",
        "inference.kinds",
    },
    "inference.files.read.excel": {
        "inference",
        "inference.files",
        "inference.files.read",
        "inference.files.read.layout",
    },
    "inference.files.read.layout": {"inference", "inference.files.columns"},
    "inference.files.read.parquet": {
        "inference",
        "inference.files",
        "inference.files.read",
    },
    "inference.files.write.formats": {"inference", "inference.files.columns", "inference.files.read"},
    "inference.files.write": {
        "inference.files.write.formats",
        "inference",
        "inference.contract",
        "inference.files",
        "inference.files.columns",
        "inference.files.read",
        "inference.files.read.delimited",
    },
    "inference.kinds": {"inference", "inference.contract"},
    "service": {
        "service.settings",
        "inference",
        "inference.kinds",
        "service.api",
        "service.gradio_api",
        "service.kinds",
        "service.mcp",
        "service.models",
        "service.monitor",
        "service.page",
        "service.page.delivery",
        "service.page.views",
        "service.remember",
        "service.rest",
    },
    "service.api": {
        "service.settings",
        "inference",
        "inference.contract",
        "inference.explanations",
        "inference.files",
        "inference.kinds",
        "service",
        "service.kinds",
        "service.monitor",
    },
    "service.gradio_api": {
        "service.settings",
        "inference",
        "inference.files",
        "service",
        "service.api",
        "service.kinds",
    },
    "service.kinds": {"inference", "inference.contract", "inference.kinds", "service", "service.api"},
    "service.mcp": {"service.settings", "inference", "service", "service.api"},
    "service.models": {
        "service.settings",
        "inference",
        "inference.contract",
        "service",
        "service.api",
        "service.gradio_api",
        "service.mcp",
        "service.monitor",
        "service.page",
        "service.page.views",
        "service.remember",
        "service.rest",
    },
    "service.monitor": {
        "service.settings",
        "inference",
        "inference.contract",
        "inference.drift",
        "inference.files",
        "inference.kinds",
        "service",
        "service.api",
        "service.page.views",
    },
    "service.page": {
        "service.page.texts",
        "service.settings",
        "inference",
        "inference.contract",
        "inference.files",
        "service",
        "service.api",
        "service.kinds",
        "service.monitor",
        "service.page.draw",
        "service.page.views",
    },
    "service.page.delivery": {"service.page.texts", "service.page.draw"},
    "service.page.draw": {
        "service.page.texts",
        "inference",
        "inference.contract",
        "inference.kinds",
        "service",
        "service.kinds",
    },
    "service.page.views": {
        "service.page.texts",
        "inference",
        "inference.contract",
        "inference.drift",
        "inference.files",
        "service",
        "service.kinds",
        "service.monitor",
        "service.page",
        "service.page.draw",
    },
    "service.remember": {
        "service.page.texts",
        "service.settings",
        "customers",
        "customers.webhooks",
        "inference",
        "inference.drift",
        "service",
        "service.api",
        "service.page",
        "service.page.draw",
        "service.page.views",
    },
    "service.rest": {
        "service.settings",
        "inference",
        "inference.files",
        "inference.files.read",
        "inference.files.write",
        "service",
        "service.api",
    },
    "service.settings": {"customers"},
    "trainer": {
        "inference",
        "inference.contract",
        "inference.files",
        "trainer.classifier",
        "trainer.classifier.evaluation",
        "trainer.classifier.models",
        "trainer.cli",
        "trainer.export",
        "trainer.report",
        "trainer.report.figures",
        "trainer.results",
        "trainer.roles",
        "trainer.roles.settings",
        "trainer.schema",
        "trainer.segments",
        "trainer.segments.alternatives",
        "trainer.segments.structure",
        "trainer.table",
    },
    "trainer.classifier": {
        "trainer.classifier.evaluation",
        "trainer.classifier.models",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
        "trainer.table",
    },
    "trainer.classifier.models": {
        "trainer.classifier",
        "trainer.classifier.evaluation",
        "trainer.schema",
        "trainer.segments",
    },
    "trainer.classifier.evaluation": {
        "trainer",
        "trainer.classifier",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
        "trainer.table",
    },
    "customers": {
        "inference",
        "inference.drift",
        "inference.explanations",
        "inference.files",
        "inference.files.compare",
        "inference.files.read",
        "inference.files.write",
        "inference.kinds",
    },
    "customers.migrations.versions": {"customers"},
    "customers.webhooks": {"customers"},
    "customers.migrations": {"customers"},
    "trainer.cli": {
        "customers",
        "inference",
        "inference.files",
        "inference.loading",
        "trainer",
        "trainer.report",
        "trainer.results",
        "trainer.rfm",
        "trainer.roles",
        "trainer.roles.settings",
        "trainer.schema",
        "trainer.table",
    },
    "trainer.export": {
        "inference.contract",
        "inference.files.columns.dates",
        "inference.loading",
        "trainer.classifier",
        "trainer.results",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
        "trainer.table",
    },
    "trainer.report": {
        "inference",
        "inference.contract",
        "inference.drift",
        "inference.kinds",
        "inference.loading",
        "trainer",
        "trainer.classifier",
        "trainer.classifier.evaluation",
        "trainer.export",
        "trainer.report.card",
        "trainer.report.figures",
        "trainer.results",
        "trainer.roles.settings",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
    },
    "trainer.report.card": {
        "inference",
        "inference.contract",
        "trainer.classifier",
        "trainer.classifier.evaluation",
        "trainer.classifier.models",
        "trainer.report",
        "trainer.results",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
        "trainer.segments.alternatives",
    },
    "trainer.report.figures": {
        "inference",
        "trainer",
        "trainer.classifier",
        "trainer.classifier.evaluation",
        "trainer.report",
        "trainer.results",
        "trainer.schema",
        "trainer.segments",
    },
    "trainer.results": {
        "inference.contract",
        "trainer",
        "trainer.classifier",
        "trainer.classifier.evaluation",
        "trainer.classifier.models",
        "trainer.schema",
        "trainer.segments",
        "trainer.segments.alternatives",
        "trainer.table",
    },
    "trainer.rfm": {
        "inference",
        "inference.files.columns",
        "inference.files.columns.dates",
        "inference.files.columns.numbers",
        "trainer.schema",
    },
    "trainer.roles": {
        "inference",
        "inference.contract",
        "inference.files.columns",
        "inference.files.columns.dates",
        "inference.files.read",
        "trainer",
        "trainer.roles.recognise",
        "trainer.roles.settings",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.table",
    },
    "trainer.roles.recognise": {
        "inference",
        "inference.contract",
        "inference.files.columns",
        "inference.files.columns.dates",
        "inference.files.columns.numbers",
        "inference.kinds",
        "trainer.roles",
        "trainer.roles.settings",
        "trainer.schema",
    },
    "trainer.roles.settings": {
        "inference",
        "inference.contract",
        "trainer.roles",
        "trainer.schema",
        "trainer.schema.kinds",
    },
    "trainer.schema": {"inference", "inference.contract", "trainer.schema.kinds"},
    "trainer.schema.kinds": {
        "inference",
        "inference.contract",
        "inference.files.columns.dates",
        "inference.kinds",
        "trainer.schema",
    },
    "trainer.segments": {
        "inference",
        "inference.contract",
        "trainer",
        "trainer.roles",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments.naming",
        "trainer.segments.structure",
        "trainer.table",
    },
    "trainer.segments.alternatives": {
        "inference",
        "trainer",
        "trainer.roles",
        "trainer.roles.recognise",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
        "trainer.segments.structure",
        "trainer.table",
    },
    "trainer.segments.naming": {
        "inference",
        "inference.contract",
        "trainer.roles.recognise",
        "trainer.schema",
        "trainer.schema.kinds",
        "trainer.segments",
    },
    "trainer.segments.structure": {"inference", "trainer", "trainer.schema"},
    "trainer.table": {
        "inference",
        "inference.contract",
        "inference.files",
        "inference.files.columns",
        "inference.files.columns.dates",
        "inference.files.columns.numbers",
        "inference.files.read",
        "inference.kinds",
        "trainer.schema",
        "trainer.schema.kinds",
    },
}


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

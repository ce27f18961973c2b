"""Checks that the notebooks were run, show nothing private, and use public names only.

``just notebooks-check`` runs them and compares their outputs; that needs requirements/notebooks.lock.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import inference
import trainer
from notebooks.execute import differences, texts
from tests.conftest import ROOT

pytestmark = pytest.mark.fast

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = ["01_preprocessing", "02_clustering", "03_classification", "04_your_own_table"]
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|usr|var|Users|opt)/|[A-Z]:\\\\|site-packages")
SHOWN_ROWS = 5  # of the public table, by head()


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def outputs(path: Path) -> list[dict[str, Any]]:
    return [output for cell in code_cells(path) for output in cell["outputs"]]


def shown(path: Path) -> str:
    """Everything that the stored outputs show but pictures of pixels."""
    found = []
    for output in outputs(path):
        data = {"text/plain": output.get("text", ""), **output.get("data", {})}
        found += ["".join(text) for kind, text in data.items() if kind != "image/png"]
    return "\n".join(found)


def test_the_four_notebooks_exist() -> None:
    assert [path.stem for path in NOTEBOOKS] == NAMES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEachNotebook:
    def test_was_run_from_top_to_bottom_without_an_error_or_a_warning(self, path: Path) -> None:
        cells = code_cells(path)
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        kinds = {(output["output_type"], output.get("name")) for output in outputs(path)}
        assert kinds <= {("stream", "stdout"), ("display_data", None), ("execute_result", None)}

    def test_shows_no_path_of_a_machine(self, path: Path) -> None:
        assert MACHINE_PATH.search(path.read_text(encoding="utf-8")) is None

    def test_shows_no_customer_but_the_first_rows_of_the_public_table(self, path: Path) -> None:
        with (ROOT / "trainer" / "data" / "mall_customers.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        text = shown(path)
        assert re.findall(r"\bM\d{4}\b", text) == []  # the made-up members of the fourth notebook
        as_html = [r"\s*".join(f"<td>{re.escape(cell)}</td>" for cell in row) for row in rows]
        as_text = [r"\s+".join(re.escape(cell) for cell in row) for row in rows]
        for patterns in (as_html, [rf"(?m)^\d+\s+{pattern}$" for pattern in as_text]):
            assert len([pattern for pattern in patterns if re.search(pattern, text)]) <= SHOWN_ROWS

    def test_has_pictures_and_few_lines_of_code(self, path: Path) -> None:
        kinds = [kind for output in outputs(path) for kind in output.get("data", {})]
        assert "image/png" in kinds or "image/svg+xml" in kinds
        lines = [line for cell in code_cells(path) for line in "".join(cell["source"]).splitlines() if line]
        assert len(lines) <= 100

    def test_imports_public_names_of_the_packages_only(self, path: Path) -> None:
        public = {"inference": set(inference.__all__), "trainer": set(trainer.__all__)}
        for cell in code_cells(path):
            for node in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in public:
                    assert {name.name for name in node.names} <= public[str(node.module)]

    def test_links_to_what_exists(self, path: Path) -> None:
        words = "\n".join("".join(cell["source"]) for cell in read(path)["cells"])
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", words):
            assert (path.parent / link).exists(), link

    def test_has_the_outputs_that_a_run_gives_as_long_as_none_differs(self, path: Path) -> None:
        stored = read(path)
        assert any(texts(stored))
        assert differences(stored, deepcopy(stored)) == []


def test_an_output_that_differs_is_reported_with_both_texts() -> None:
    stored = read(NOTEBOOKS[1])
    found = deepcopy(stored)
    printed = next(
        output
        for cell in found["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
        if output["output_type"] == "stream"
    )
    printed["text"] = ["another answer\n"]
    (sentence,) = differences(stored, found)
    assert "another answer" in sentence
    assert "natural" in sentence


def test_a_lost_cell_is_reported() -> None:
    stored = read(NOTEBOOKS[1])
    (sentence,) = differences({**stored, "cells": stored["cells"][:-1]}, stored)
    assert "code cells" in sentence

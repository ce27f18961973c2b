"""Checks the model as C, compiled by gcc and, as WebAssembly, by zig; needs requirements/engines.lock."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import Contract, Segmenter
from inference.__main__ import main

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"
ARTIFACTS = ROOT / "artifacts"
STRICT = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"]
LARGEST = 60_000  # bytes of the WebAssembly module
# Reads a customer a line, each cell after a tab, "-" for one that is unknown, and writes the answer.
DRIVER = """
#include <stdio.h>
#include <stdlib.h>
static char line[1000];
static const char *text(void) {
  char *cell = strtok(NULL, "\\t\\n");
  return *cell == '-' && !cell[1] ? "" : cell;
}
static double number(void) {
  const char *cell = text();
  return *cell ? strtod(cell, NULL) : NAN;
}
int main(void) {
  while (fgets(line, sizeof line, stdin)) {
    customer x;
    strtok(line, "\\t");
    CELLS
    answer found = segment_of(&x);
    printf("%d %d %d %.17g", found.segment, found.complete, found.enough, found.novelty);
    for (int at = 0; at < SEGMENTS; at++) printf(" %.17g", found.probabilities[at]);
    printf("\\n");
  }
  return 0;
}
"""
WASI = """
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";
const wasi = new WASI({ version: "preview1" });
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), wasi.getImportObject());
wasi.start(instance);
"""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Segmenter.load(MODEL).contract


@pytest.fixture(scope="module")
def source(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as C, and below it a program that answers lines."""
    path = tmp_path_factory.mktemp("c") / "segments.c"
    assert main(["c", str(MODEL), "--out", str(path)]) == 0
    cells = [
        f"x.{column.name} = {'text' if column.kind == 'category' else 'number'}();"
        for column in contract.columns
    ]
    program = path.with_name("program.c")
    program.write_text(path.read_text("utf-8") + DRIVER.replace("CELLS", " ".join(cells)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ARTIFACTS / "test_vectors.json").read_text(encoding="utf-8"))
    return found


def test_it_compiles_without_a_warning(source: Path, tmp_path: Path) -> None:
    subprocess.run(["gcc", *STRICT, "-O2", "-c", source, "-o", tmp_path / "segments.o"], check=True)


@pytest.mark.parametrize("level", ["-O0", "-O3"])
def test_compiled_by_gcc_it_answers_as_the_file(
    source: Path, vectors: dict[str, Any], contract: Contract, tmp_path: Path, level: str
) -> None:
    program = tmp_path / "program"
    subprocess.run(
        ["gcc", "-std=c99", level, source.with_name("program.c"), "-o", program, "-lm"], check=True
    )
    _assert_answers(contract, vectors, [str(program)])


def test_as_webassembly_it_is_small_and_answers_as_the_file(
    source: Path, vectors: dict[str, Any], contract: Contract, tmp_path: Path
) -> None:
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-wasi", "-Os", "-s"]
    alone = tmp_path / "segments.wasm"
    library = ["-mexec-model=reactor", "-Wl,--export=segment_of"]
    subprocess.run([*zig, *library, source, "-o", alone], check=True)
    assert alone.stat().st_size <= LARGEST
    program = tmp_path / "program.wasm"
    subprocess.run([*zig, source.with_name("program.c"), "-o", program], check=True)
    script = tmp_path / "run.mjs"
    script.write_text(WASI, encoding="utf-8")
    _assert_answers(contract, vectors, ["node", "--no-warnings", str(script), str(program)])


def _assert_answers(contract: Contract, vectors: dict[str, Any], command: Sequence[str]) -> None:
    columns = [[_cell(cell) for cell in vectors["inputs"][name]] for name in contract.names]
    lines = "".join("\t".join(["row", *row]) + "\n" for row in zip(*columns, strict=True))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    found = np.array([line.split() for line in done.stdout.splitlines()], dtype=float)
    wanted = {name: _array(cells) for name, cells in vectors["outputs"].items() if name != "segment"}
    np.testing.assert_array_equal(found[:, 0], wanted["segment_id"])
    np.testing.assert_array_equal(found[:, 1], wanted["complete"])
    np.testing.assert_allclose(found[:, 3], wanted["novelty"], rtol=1e-9, equal_nan=True)
    np.testing.assert_allclose(found[:, 4:], wanted["probabilities"], rtol=0, atol=1e-5)


def _cell(cell: float | str | None) -> str:
    return repr(cell) if isinstance(cell, float) else "-" if cell in (None, "") else str(cell)


def _array(cells: list[Any]) -> Any:
    return np.array([math.nan if cell is None else cell for cell in cells], dtype=float)

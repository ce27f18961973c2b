"""One complete customer in every language of ``examples/``, and in C without a runtime."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.made_customers import Columns, customers, one_by_one
from benchmarks.speed.measuring import NOT_INSTALLED, OURS, Case, Figures, Way
from benchmarks.speed.processes import ROOT
from benchmarks.speed.rows import MICROSECONDS, MODEL
from examples.run import BROWSER, PYTHON, Example, examples
from inference import Segmenter
from inference.engines.c.c_source import c_source
from inference.validation import check_table

CALLS = 2_000  # as the examples do: another customer each call
WITHOUT_RUNTIME = "C of `python -m inference c`, without a runtime"
_TOLD = re.compile(r"([\d.]+) us")
# Calls take less than a clock does, so the median is that of means over many.
DRIVER = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static const customer rows[] = {ROWS};
enum { COUNT = sizeof rows / sizeof *rows, AT_ONCE = 100, TIMED = 2000 };
static double times[TIMED];
static int ascending(const void *one, const void *other) {
  const double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}
int main(void) {
  volatile int sum = 0;
  for (int turn = 0; turn < TIMED; turn++) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int at = 0; at < AT_ONCE; at++) sum += segment_of(&rows[(turn * AT_ONCE + at) % COUNT]).segment;
    clock_gettime(CLOCK_MONOTONIC, &end);
    times[turn] = ((end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3) / AT_ONCE;
  }
  qsort(times, TIMED, sizeof *times, ascending);
  printf("p50 of one row: %.3f us\\n", times[TIMED / 2]);
  return 0;
}
"""


@contextmanager
def _ways() -> Iterator[Mapping[str, Way]]:
    """Python first; every program is built before the first round."""
    segmenter = Segmenter.load(MODEL)
    rows = customers(CALLS, seed=1)
    with tempfile.TemporaryDirectory() as temporary:
        vectors = Path(temporary) / "complete.json"
        vectors.write_text(json.dumps(complete_vectors(segmenter, rows)), encoding="utf-8")
        ways: dict[str, Way] = {}
        for each in _examples():
            if not each.missing():
                ways[_title(each)] = partial(_told, partial(_bench, _built(each), vectors))
        if shutil.which("cc"):
            program = build_c(segmenter, one_by_one(rows), Path(temporary))
            ways[WITHOUT_RUNTIME] = partial(_told, partial(_output, [str(program)]))
        yield ways


def _absent() -> Mapping[str, str]:
    titles = [_title(each) for each in _examples() if each.missing()]
    return dict.fromkeys(titles if shutil.which("cc") else [*titles, WITHOUT_RUNTIME], NOT_INSTALLED)


def _examples() -> list[Example]:
    """Those that time one row, Python first: a browser's clock has too large steps."""
    return [each for each in examples([]) if each.name != BROWSER]


def _title(example: Example) -> str:
    return OURS if example.name == PYTHON else f"{example.settings['language']}, with onnxruntime"


def _built(example: Example) -> Example:
    """The example after its build.

    Raises:
        RuntimeError: with the last lines of a build that fails.
    """
    if not example.build():
        raise RuntimeError("\n".join(example.faults))
    return example


def _bench(example: Example, vectors: Path) -> subprocess.CompletedProcess[str]:
    return example.call([*example.settings["run"], "bench"], {"VECTORS": str(vectors)})


def _told(call: Callable[[], subprocess.CompletedProcess[str]], _turn: int) -> Figures:
    """What a program says of its median.

    Raises:
        RuntimeError: when it says nothing of the kind.
    """
    done = call()
    found = _TOLD.search(done.stdout)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"{done.args} must print its median, but it ended with {done.stdout}{done.stderr}")
    return {"us": float(found[1])}


def _output(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def complete_vectors(segmenter: Segmenter, rows: Columns) -> dict[str, Any]:
    """Test vectors of complete customers alone, in the form that the examples read."""
    document: dict[str, Any] = json.loads(MODEL.with_name("test_vectors.json").read_text(encoding="utf-8"))
    names = list(document["outputs"])
    found = segmenter.values(check_table(segmenter.contract, rows), names)
    inputs: dict[str, Any] = {name: rows[name].tolist() for name in segmenter.contract.names}
    outputs = {name: _as_json(found[name]) for name in names}
    return {**document, "inputs": inputs, "outputs": outputs}


def _as_json(values: Any) -> Any:
    """Arrays as lists, NaN as null."""
    if values.dtype.kind != "f":
        return values.tolist()
    cells = values.astype(object)
    cells[np.isnan(values)] = None
    return cells.tolist()


def build_c(segmenter: Segmenter, rows: list[dict[str, Any]], folder: Path) -> Path:
    """The model as C with a program that times it for some customers."""
    source, program = folder / "bench.c", folder / "bench"
    given = ", ".join(
        f"{{{', '.join(f'.{name} = {_in_c(cell)}' for name, cell in row.items())}}}" for row in rows
    )
    source.write_text(c_source(segmenter) + DRIVER.replace("ROWS", given), encoding="utf-8")
    subprocess.run(["cc", "-std=gnu99", "-O2", source, "-o", program, "-lm"], cwd=ROOT, check=True)
    return program


def _in_c(cell: float | str) -> str:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, str) else repr(float(cell))


CASES = (
    Case(
        key="languages",
        title="one customer, all known, in the languages of `examples/`; this product: Python",
        metrics=(MICROSECONDS,),
        ways=_ways,
        absent=_absent,
        rounds=5,
        wanted="<= 15 us in C, C++, Rust, Go, Java",
    ),
)

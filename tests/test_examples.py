"""Checks that examples are small and pinned, and runs that in Python; examples/run.py checks the others."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import onnx
import pytest

from examples.conformance import moved_model
from examples.python import segment
from examples.run import (
    PYTHON,
    Example,
    _alike,
    compare_scored,
    compare_times,
    examples,
    runtime_library,
    table,
)
from inference import Segmenter
from inference.contract import Category, Column
from inference.kinds.cell_rules import parse_cell
from inference.loading.seal import SEAL_BYTES
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"
VECTORS = ROOT / "artifacts" / "test_vectors.json"
LONGEST = 260  # lines
NOTHING: Mapping[str, str] = MappingProxyType({})
SOURCES = {".c", ".cc", ".cpp", ".cs", ".css", ".go", ".h", ".html", ".java", ".js", ".py", ".rs", ".ts"}


def tracked() -> list[Path]:
    """The files of the examples that version control tracks or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "examples"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    skipped = {"node_modules", "dist", "target", "bin", "obj"}  # a copy without version control has them, too
    found = [ROOT / name for name in listed] or [path for path in EXAMPLES.rglob("*") if path.is_file()]
    return [path for path in found if not skipped & set(path.relative_to(ROOT).parts)]


def run_python(*arguments: str, extra: Mapping[str, str] = NOTHING) -> subprocess.CompletedProcess[str]:
    """The Python example, with ``extra`` in the environment."""
    (python,) = (each for each in examples([PYTHON]) if each.name == PYTHON)
    return python.call([sys.executable, "segment.py", *arguments], dict(extra))


def test_no_source_is_long() -> None:
    sources = [path for path in tracked() if path.suffix in SOURCES]
    assert len(sources) > 10
    for path in sources:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST, path


def test_every_example_defines_how_to_run_it_and_has_a_page() -> None:
    known = examples([])
    assert {"python", "javascript", "browser"} <= {each.name for each in known}
    for each in known:
        assert {"language", "needs", "build", "run"} <= each.settings.keys(), each.name
        assert (each.folder / "README.md").exists(), each.name


def test_every_package_is_pinned_and_no_lock_names_a_registry() -> None:
    packages = [path for path in tracked() if path.name == "package.json"]
    assert len(packages) == 2
    for path in packages:
        document = json.loads(path.read_text(encoding="utf-8"))
        wanted = document.get("dependencies", {}) | document.get("devDependencies", {})
        lock = json.loads(path.with_name("package-lock.json").read_text(encoding="utf-8"))["packages"]
        for name, version in wanted.items():
            assert lock[f"node_modules/{name}"]["version"] == version
        assert not [name for name, entry in lock.items() if "resolved" in entry]


def test_the_rust_lock_has_every_checksum_and_no_registry() -> None:
    text = (EXAMPLES / "rust" / "locked.toml").read_text(encoding="utf-8")
    packages = tomllib.loads(text)["package"]
    assert "source" not in text
    unchecked = [each["name"] for each in packages if "checksum" not in each]
    assert unchecked == ["customer-segmentation"]
    wanted = tomllib.loads((EXAMPLES / "rust" / "Cargo.toml").read_text(encoding="utf-8"))["dependencies"]
    pins = {name: each if isinstance(each, str) else each["version"] for name, each in wanted.items()}
    held = {each["name"]: f"={each['version']}" for each in packages}
    assert {name: held[name] for name in pins} == pins


def test_the_python_example_checks_every_row() -> None:
    done = run_python("vectors")
    reported = json.loads(done.stdout)
    rows = len(json.loads(VECTORS.read_text(encoding="utf-8"))["outputs"]["segment"])
    assert (done.returncode, reported["mismatches"], reported["rows"]) == (0, 0, rows)
    assert reported["p50_us"] > 0


def test_one_cut_moved_by_one_ulp_is_detected(tmp_path: Path) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    (tmp_path / "model.onnx").write_bytes(moved_model(vectors))
    done = run_python("vectors", extra={"MODEL": str(tmp_path / "model.onnx")})
    assert done.returncode == 1
    assert done.stderr.startswith("mismatch: row ")


def test_the_moved_model_differs_in_one_number() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    before = (ROOT / "artifacts" / "model.onnx").read_bytes()[:-SEAL_BYTES]
    after = onnx.load_model_from_string(moved_model(vectors)).SerializeToString()[:-SEAL_BYTES]
    assert len(before) == len(after)
    changed = np.flatnonzero(np.frombuffer(before, np.uint8) != np.frombuffer(after, np.uint8))
    assert 1 <= len(changed) <= 4
    assert changed[-1] - changed[0] < 4


@pytest.mark.parametrize(
    ("name", "changed"),
    [("segment_id", 99), ("probabilities", [0.5, 0.5, 0, 0, 0]), ("novelty", None), ("complete", False)],
)
def test_a_wrong_answer_in_the_vectors_is_detected(tmp_path: Path, name: str, changed: object) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    row = vectors["outputs"]["complete"].index(True)
    vectors["outputs"][name][row] = changed
    (tmp_path / "vectors.json").write_text(json.dumps(vectors), encoding="utf-8")
    done = run_python("vectors", extra={"VECTORS": str(tmp_path / "vectors.json")})
    assert done.returncode == 1
    assert f"mismatch: row {row}: {name}: found" in done.stderr


def test_the_python_example_scores_as_the_package_does(tmp_path: Path, published: Segmenter) -> None:
    assert run_python("score", "../sample.csv", str(tmp_path / "out.csv")).returncode == 0
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answer = published.predict(gender="Female", age=31.5, annual_income=17.25, spending_score=40.5)
    assert rows[0]["segment"] == answer.segment
    assert float(rows[0]["probability"]) == pytest.approx(answer.probability, abs=1e-6)
    assert [bool(row["problem"]) for row in rows].count(True) == 4
    assert rows[8]["note"] == "two\nlines"


def test_the_python_example_refuses_a_ragged_file(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("age,score\n31,40\n31\n", encoding="utf-8")
    done = run_python("score", str(tmp_path / "in.csv"), str(tmp_path / "out.csv"))
    assert done.returncode == 2
    assert "row 2 must have 2 cells as the header has, but it has 1" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_the_python_example_refuses_with_the_package_s_sentence() -> None:
    done = run_python("predict", "age=310")
    assert done.returncode == 2
    assert "column 'age' must be from 0 to 120 years, but it is 310" in done.stderr


def column(kind: str, **given: Any) -> Column:
    return Column(name="it", label="It", kind=kind, role="profile", quantiles={}, **given)


def test_the_python_example_feeds_a_date_as_a_number() -> None:
    fed = segment._feed(column("date"), [19783.0, None])
    assert fed.dtype == np.float64
    np.testing.assert_array_equal(fed, [[19783.0], [np.nan]])
    assert segment._feed(column("category"), ["a", None]).tolist() == [["a"], [""]]


def test_the_python_example_reads_a_date_of_a_file_as_text() -> None:
    cells = [segment.read_cell(column("date"), text) for text in ("2024-03-01", "19783", "", "nan")]
    assert cells == ["2024-03-01", "19783", None, None]


def test_the_python_example_times_valid_values() -> None:
    known = (Category(value="a"), Category(value="b"))
    for each, cell, value in [
        (column("date", range=(0.0, 19783.0)), 19783.0, "2024-03-01"),
        (column("date"), None, None),
        (column("number"), 31.5, 31.5),
        (column("category", categories=known), "new", None),
        (column("category", categories=known, other="b"), "new", "new"),
    ]:
        assert segment._value(each, cell) == value
        assert parse_cell(each, value)[1] is None


def made(name: str, p50: float) -> Example:
    """An example that has run."""
    found = {"language": name.title(), "runtime": "1.2.3", "rows": 500, "mismatches": 0, "p50_us": p50}
    return Example(
        EXAMPLES / name, {"needs": [], "run": ["{python}", "-c", f"print({json.dumps(found)!r})"]}, found
    )


def test_a_slow_row_is_a_fault_except_in_a_browser() -> None:
    python, slow, browser = made(PYTHON, 100.0), made("javascript", 301.0), made("browser", 301.0)
    for each in (python, slow, browser):
        compare_times(each, python)
    assert [len(each.faults) for each in (python, slow, browser)] == [0, 1, 0]


def test_another_cell_in_the_scored_sample_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "python.csv").write_text("a,0.500000,refused.\n", encoding="utf-8")
    (tmp_path / "javascript.csv").write_text("a,0.500001,refused. Did you mean 'b'?\n", encoding="utf-8")
    (tmp_path / "browser.csv").write_text("a,0.500010,refused.\n", encoding="utf-8")
    right, wrong = made("javascript", 1.0), made("browser", 1.0)
    compare_scored(right, tmp_path)
    compare_scored(wrong, tmp_path)
    assert right.faults == []
    assert wrong.faults == ["a cell of the scored sample must be '0.500000', but it is '0.500010'"]
    assert not _alike("Average", "average")


def test_a_missing_toolchain_is_named() -> None:
    assert Example(EXAMPLES, {"needs": ["sh", "no-such-program|nor-this"]}).missing() == [
        "no-such-program|nor-this"
    ]


def test_the_table_contains_what_was_measured() -> None:
    assert "| [Python](python/) | 1.2.3 | 500 | 0 | 100 µs |" in table([made(PYTHON, 100.4)])


def test_the_shared_library_of_the_installed_package_is_found() -> None:
    assert runtime_library().exists()

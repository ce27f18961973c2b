"""Checks that after any failed call of the system the state is whole, and the message a sentence.

SQLite's tests work in this manner (https://www.sqlite.org/testing.html); ``tests/faulty_operations.py`` is
the program whose calls fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.faults

FORMATS = ("csv", "parquet", "excel", "ndjson")
FILES = ("open", "read", "write", "sync", "rename")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that fails calls."""
    built = tmp_path_factory.mktemp("faults") / "faulty_io.so"
    source = ROOT / "tests" / "faulty_io.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", built, source, "-ldl"], check=True)
    return built


def runs(library: Path, operation: str, kind: str, folder: Path) -> list[dict[str, Any]]:
    """What became of the operation for each n; in the last one no call failed."""
    command = [sys.executable, "-m", "tests.faulty_operations", operation, kind, str(folder)]
    environment = {**os.environ, "LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1"}  # threads end at a fork
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=600
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found[-1]["said"] == "done"
    assert len(found) > 1, "no call failed"
    return found


def check(found: list[dict[str, Any]], *, before: str, after: str) -> None:
    """Everything is as before, with a sentence, or done; a fault that does no harm may go unnoticed."""
    for each in found:
        assert each["state"] in (before, after), each
        if each["said"] == "done":
            assert each["state"] == after, each
        else:
            assert each["said"] == "told", each
            assert each["state"] == before, each
            assert len(each["why"]) > 20, each
    assert "told" in {each["said"] for each in found}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("output", FORMATS)
def test_a_scored_file_is_whole_or_absent(library: Path, tmp_path: Path, output: str, kind: str) -> None:
    check(runs(library, f"score-{output}", kind, tmp_path), before="absent", after="new")


@pytest.mark.parametrize("output", ["csv", "parquet"])
def test_a_file_that_does_not_fit_the_memory_is_refused(library: Path, tmp_path: Path, output: str) -> None:
    found = runs(library, f"score-{output}", "memory", tmp_path)
    ended = [each for each in found if each["said"] == "died"]  # C++ ends the process where it cannot go on
    assert len(ended) < len(found) / 3
    assert all(each["state"] == "absent" for each in ended)
    check([each for each in found if each not in ended], before="absent", after="new")


@pytest.mark.parametrize("kind", ["open", "write", "sync", "rename"])
def test_published_artifacts_are_the_old_or_the_new_ones(library: Path, tmp_path: Path, kind: str) -> None:
    check(runs(library, "publish", kind, tmp_path), before="old", after="new")


@pytest.mark.parametrize("kind", ["open", "read"])
def test_the_service_goes_on_with_its_model_or_takes_the_new_one(
    library: Path, tmp_path: Path, kind: str
) -> None:
    check(runs(library, "reload", kind, tmp_path), before="old", after="new")


@pytest.mark.parametrize("kind", ["accept", "read", "write"])
def test_after_a_connection_has_failed_the_others_are_answered(
    library: Path, tmp_path: Path, kind: str
) -> None:
    check(runs(library, "connect", kind, tmp_path), before="old", after="old")


@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_request_is_answered_whole_or_with_a_problem_and_the_next_one_too(
    library: Path, tmp_path: Path, kind: str
) -> None:
    check(runs(library, "serve", kind, tmp_path), before="old", after="old")

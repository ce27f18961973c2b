"""Whatever a reader raises, and whenever, is one sentence, and nothing is published."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from inference import InputError, Segmenter, score_file
from inference.__main__ import main
from inference.files.read.delimited.csv_source import CsvSource
from inference.files.read.excel import excel_worker
from inference.files.read.read_table import read_whole
from tests.hostile_files import far_cell
from tests.scored_files import HEADER, ROW, text
from tests.test_excel_source import workbook
from tests.web import client

FAULTS = [
    pa.ArrowInvalid("x" * 1000),
    OSError("corrupt page"),
    ValueError("no\nvalue"),
    KeyError("key"),
    MemoryError(),
    RuntimeError("odd"),
    StopIteration(),
    UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
    ZeroDivisionError(),
]


def broken(monkeypatch: pytest.MonkeyPatch, method: str, fault: Exception) -> None:
    """Let a method of the reader of CSV fail after the first rows."""
    real = getattr(CsvSource, method)
    calls = 0

    def blocks(self: CsvSource) -> Iterator[Any]:
        given = real(self)
        yield next(given)
        raise fault  # a StopIteration becomes a RuntimeError here

    def parse(self: CsvSource, *values: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise fault
        return real(self, *values)

    monkeypatch.setattr(CsvSource, method, blocks if method == "blocks" else parse)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("method", ["blocks", "parse"])
def test_a_late_fault_of_a_reader_is_a_sentence(
    published: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, fault: Exception
) -> None:
    source, target = tmp_path / "customers.csv", tmp_path / "scored.csv"
    source.write_text(text(*[ROW] * 100_000))
    broken(monkeypatch, method, fault)
    with pytest.raises(InputError, match="readable to its end, but it is not") as caught:
        score_file(published, source, target)
    assert len(str(caught.value)) <= 300
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["customers.csv"]


def test_every_way_in_answers_a_late_fault(
    published: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "customers.csv"
    source.write_text(text(*[ROW] * 100_000))
    broken(monkeypatch, "blocks", KeyError("late"))
    assert main(["score", str(source), "--quiet"]) == 2
    assert capsys.readouterr().err.startswith("error: the file must be readable to its end")
    with pytest.raises(InputError, match="readable to its end"):
        read_whole(source)
    with client(published) as asked:
        answer = asked.post("/v1/score", content=source.read_bytes(), headers={"Content-Type": "text/csv"})
        assert answer.status_code == 422
        assert "readable to its end" in answer.json()["detail"]


WITHOUT_RESOURCE = """
import runpy, sys
sys.modules["resource"] = None
worker = sys.argv[1]
sys.argv = sys.argv[1:]
runpy.run_path(worker, run_name="__main__")
"""


def read_without_limits(content: bytes) -> bytes:
    """What the reader of Excel writes where memory cannot be limited."""
    import python_calamine

    folder = str(Path(python_calamine.__file__).parents[1])
    command = [sys.executable, "-c", WITHOUT_RESOURCE, excel_worker.__file__, folder, "", "1", "1000", "100"]
    run = subprocess.run(command, input=content, capture_output=True, timeout=60, check=True)
    return run.stdout


def test_the_extent_of_a_sheet_is_checked_first_where_memory_cannot_be_limited() -> None:
    refused = json.loads(read_without_limits(far_cell()).partition(b"\n")[0])
    assert refused == {"problem": "area", "rows": 1_048_576, "columns": 16_384}
    read = json.loads(read_without_limits(workbook([*HEADER.split(",")], [1, 2])).partition(b"\n")[0])
    assert (read["first"], read["width"]) == (0, 5)


def test_what_a_pipe_gives_is_complete_at_its_end(published: Segmenter) -> None:
    out = io.BytesIO()
    scored = score_file(published, io.BytesIO(text(ROW, ROW).encode()[:-8]), out)
    assert scored.rows == 2

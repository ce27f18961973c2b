"""Files made to exhaust their reader are answered by a result or one sentence, within 512 MB of memory.

Each is scored in a process of its own, whose memory is measured together with that of the process it starts.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inference import InputError, Segmenter, score_file
from service.settings import Settings
from tests.conftest import ROOT
from tests.hostile_files import (
    blanks,
    far_cell,
    json_of_brackets,
    large_cell,
    large_page,
    long_json_list,
    long_list,
    many_cells,
    many_columns,
    many_keys,
    many_parts,
    not_utf8,
    one_line_csv,
    quotes_csv,
    ragged_csv,
    repeated_arrow,
    repeated_plain_text,
    repeated_text,
    short_objects,
    unpacking_arrow,
    wide_csv,
)
from tests.measured_memory import measured
from tests.scored_files import HEADER, ROW
from tests.web import client
from trainer.table.raw_table import read_raw

REFUSED: dict[Callable[[], bytes], str] = {
    far_cell: "delete the cells far from the table",
    large_cell: "memory|cannot be read",
    blanks: "memory|cannot be read|empty",
    many_cells: "memory",
    many_parts: "at most 10,000 parts",
    large_page: "each page must unpack to at most 32 MB",
    long_list: "lists of a row group",
    many_columns: "at most",
    not_utf8: "must have valid cells",
    wide_csv: "at most 32,768 columns",
    quotes_csv: "a row must have at most",
    one_line_csv: "a row must have at most",
    unpacking_arrow: "a batch of the Arrow file must take at most",
    many_keys: "at most 32,768 columns",
    json_of_brackets: "each line must have at most 1 MiB",
    long_json_list: "at most 16 MiB",
}


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: str(make.__name__))
def test_a_file_that_would_exhaust_memory_is_refused_in_little(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=REFUSED[make]):
        raise InputError(measured(make(), tmp_path, "score"))


@pytest.mark.parametrize(
    "make", [repeated_text, repeated_plain_text, ragged_csv, repeated_arrow, short_objects]
)
def test_a_file_whose_rows_are_large_is_scored_in_little_memory(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    assert measured(make(), tmp_path, "score") == ""


@pytest.mark.parametrize("make", [repeated_text, repeated_plain_text, far_cell])
def test_the_trainer_refuses_what_it_could_not_hold(make: Callable[[], bytes], tmp_path: Path) -> None:
    assert measured(make(), tmp_path, "train") != ""


@pytest.mark.parametrize("make", [far_cell, not_utf8, many_parts])
def test_the_service_answers_and_goes_on(published: Segmenter, make: Callable[[], bytes]) -> None:
    content = make()
    kind = "vnd.apache.parquet" if content.startswith(b"PAR1") else (
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )  # fmt: skip
    with client(published) as asked:
        headers = {"Content-Type": f"application/{kind}"}
        refused = asked.post("/v1/score", content=content, headers=headers)
        assert refused.status_code == 422
        assert asked.post("/v1/predict", json={}).status_code == 200


def test_an_answer_far_larger_than_its_file_is_refused(published: Segmenter) -> None:
    header = f"{HEADER}," + ",".join(f"c{place}" for place in range(4_000))
    content = f"{header}\n{ROW}{',' * 4_000}\n".encode() + b"1\n" * 20_000  # filled up to 80 MB
    with client(published, Settings(max_upload_mb=1, max_upload_rows=30_000)) as asked:
        headers = {"Content-Type": "text/csv", "Accept-Encoding": "identity"}
        answer = asked.post("/v1/score", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("the scored file must have at most 19,360,000 bytes")


def test_a_small_file_with_large_rows_is_scored_where_its_answer_is_small(published: Segmenter) -> None:
    with client(published, Settings(max_upload_mb=1, max_upload_rows=200_000)) as asked:
        headers = {"Content-Type": "application/vnd.apache.parquet"}
        answer = asked.post("/v1/score", content=repeated_plain_text(), headers=headers)
    assert (answer.status_code, answer.headers["x-rows"]) == (200, "16000")


def test_the_command_lines_end_with_status_2(tmp_path: Path) -> None:
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(far_cell())
    for command in (
        ["inference", "score", str(path)],
        ["trainer", "--data", str(path), "--out", str(tmp_path)],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert run.returncode == 2
        assert run.stderr.startswith("error: ")


def test_a_file_that_changes_while_it_is_read_is_not_published(published: Segmenter, tmp_path: Path) -> None:
    source, target = tmp_path / "customers.csv", tmp_path / "scored.csv"
    source.write_text(f"{HEADER}\n" + f"{ROW}\n" * 100_000)

    def cut(rows: int, read: int, size: int | None) -> None:
        with source.open("a") as stream:
            stream.write(f"{ROW}\n")

    with pytest.raises(InputError, match="must stay as it is while it is read"):
        score_file(published, source, target, progress=cut)
    assert [path.name for path in tmp_path.iterdir()] == ["customers.csv"]


def test_a_table_of_the_trainer_must_stay_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inference.files.read import read_table

    source = tmp_path / "customers.csv"
    source.write_text(f"{HEADER}\n{ROW}\n{ROW}\n")
    parse = read_table._parsed

    def changed(*given: object) -> object:
        source.write_text(f"{HEADER}\n{ROW}\n")
        return parse(*given)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(read_table, "_parsed", changed)
    with pytest.raises(InputError, match="must stay as it is"):
        read_raw(source)

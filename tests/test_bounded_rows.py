"""Files whose rows are all in error are scored like others: in little memory, with few different messages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError, ScoreOptions, Segmenter, score_file
from inference.files.read.delimited import csv_fill, csv_rows
from inference.kinds.row_problems import MOST_MESSAGES, UNWORDED, RowProblems
from tests.measured_memory import measured
from tests.scored_files import HEADER, ROW, score, text

SIZE = 6_000_000  # bytes
KNOWN = b"Gender,Age,Annual Income (k$),Spending Score (1-100)\n"


def short_rows() -> bytes:
    return KNOWN + b"a\n" * (SIZE // 2)


def short_and_long_rows() -> bytes:
    return KNOWN + b'Male\nMale,31,17,40,"1",2\n' * (SIZE // 26)


def different_numbers() -> bytes:
    return KNOWN + b"".join(b"Male,31,x%d,40\n" % row for row in range(SIZE // 18))


def different_notes() -> bytes:
    return KNOWN + b"".join(b"q%d,%d,17,40\n" % (row, 200 + row) for row in range(SIZE // 18))


def blank_rows() -> bytes:
    return KNOWN + b"Male,31,17,40\n" + b'"",,,\n' * (SIZE // 6) + b"Male,31,17,40\n"


@pytest.mark.parametrize(
    "make", [short_rows, short_and_long_rows, different_numbers, different_notes, blank_rows]
)
def test_rows_in_error_take_little_memory(make: Callable[[], bytes], tmp_path: Path) -> None:
    assert measured(make(), tmp_path, "score") == ""


def test_empty_lines_below_the_header_are_not_held_without_end(tmp_path: Path) -> None:
    content = KNOWN + b'""\n' * 16_000_000
    assert "many lines below it have no text" in measured(content, tmp_path, "score")


def test_short_rows_under_a_wide_header_are_refused_before_they_fill_the_disk(published: Segmenter) -> None:
    header = HEADER + "," + ",".join(f"c{place}" for place in range(20_000))
    content = f"{header}\n{ROW}{',' * 20_000}\n".encode() + b"1\n" * 20_000
    with pytest.raises(InputError, match="like the header, but most of those up to line"):
        score_file(published, io.BytesIO(content), io.BytesIO())


def test_parquet_of_very_many_columns_is_not_written(published: Segmenter) -> None:
    header = HEADER + "," + ",".join(f"c{place}" for place in range(10_001))
    content = f"{header}\n{ROW}{',' * 10_001}\n".encode()
    options = ScoreOptions(output_format="parquet")
    with pytest.raises(InputError, match="must have at most 10,000 columns of its own"):
        score_file(published, io.BytesIO(content), io.BytesIO(), options=options)


def scored_rows(segmenter: Segmenter, source: str) -> list[dict[str, str]]:
    out = io.BytesIO()
    score_file(segmenter, io.BytesIO(source.encode()), out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


ODD = [
    ROW,
    "7",
    "8,Female,31",
    '9,"Fe""male",31,17,40,"more, cells",x',
    "10,Martian,31,17,40",
    "11,Martian,999,17,40",
    "12,Female,31,x,40",
    "13,Female,31,1e99,-5",
    '"14,Female"',
    "15,Female,31,17,400",
    "16,,,,",
]


def test_rows_together_say_what_each_says_alone(published: Segmenter) -> None:
    together = score(published, text(*ODD))[0].splitlines()[1:]
    for place, line in enumerate(ODD):
        alone = score(published, text(ROW, line, ROW))[0].splitlines()[2]
        assert together[place].replace(b"line %d:" % (place + 2), b"line 3:") == alone, line


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_where_blocks_are_cut_does_not_matter(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    source = text(*ODD, "", *ODD).encode()
    expected, cut = io.BytesIO(), io.BytesIO()
    score_file(published, io.BytesIO(source), expected)
    monkeypatch.setattr(csv_fill, "MOST_CELLS", rows * 5)
    score_file(published, io.BytesIO(source), cut)
    assert cut.getvalue() == expected.getvalue()


def test_blocks_of_wide_tables_are_read_together(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = text(*ODD, "", *ODD).encode()
    expected, wide = io.BytesIO(), io.BytesIO()
    score_file(published, io.BytesIO(source), expected)
    monkeypatch.setattr(csv_fill, "WIDE", 1)
    monkeypatch.setattr("inference.files.read.delimited.csv_records.BLOCK_BYTES", 40)
    monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", 400)
    score_file(published, io.BytesIO(source), wide)
    assert wide.getvalue() == expected.getvalue()


def test_only_so_many_different_cells_are_quoted(published: Segmenter) -> None:
    lines = [f"{row},Female,{500 + row},x{row},40" for row in range(2 * MOST_MESSAGES)]
    found = scored_rows(published, text(*lines))
    quoted = [row for row in found if "but it is 'x" in row["error"]]
    assert len(quoted) == MOST_MESSAGES
    assert all(UNWORDED in row["error"] for row in found[MOST_MESSAGES:])
    assert found[-1]["error"] == f"line {2 * MOST_MESSAGES + 1}: column 'annual_income' {UNWORDED}"
    notes = [f"{row},Q{row},{500 + row},17,40" for row in range(2 * MOST_MESSAGES)]
    for row in scored_rows(published, text(*notes))[MOST_MESSAGES:]:
        assert row["note"].count("; counted as missing") == 2
        assert row["segment"]


def test_typed_rows_have_the_same_messages(published: Segmenter, tmp_path: Path) -> None:
    ages = [float(200 + row) for row in range(2 * MOST_MESSAGES)]
    rows = len(ages)
    table = pa.table(
        {
            "gender": ["Female"] * rows,
            "age": ages,
            "annual_income": [17.0] * (rows - 1) + [float("inf")],
            "spending_score": [40] * rows,
        }
    )
    path, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet.write_table(table, path)
    scored = score_file(published, path, target)
    found = parquet.read_table(target).to_pylist()
    assert found[0]["note"] == "column 'age' must be from 0 to 120 years, but it is 200.0; counted as missing"
    assert UNWORDED.partition(";")[0] in found[-2]["note"]
    assert found[-1]["error"].startswith(f"row {rows}: column 'annual_income' must be a")
    assert [(note.column, note.rows) for note in scored.notes] == [("age", rows - 1)]


def test_the_first_thing_that_is_noted_about_a_row_stays() -> None:
    problems = RowProblems(3, most=1)
    problems.note(0, "age", "first")
    problems.adopt(np.array([1, 1, 0]), [("income", "second")])
    problems.adopt_unworded(np.array([True, True, True]), "age")
    assert dict(problems) == {
        0: ("age", "first"),
        1: ("income", "second"),
        2: ("age", f"column 'age' {UNWORDED}"),
    }
    assert problems.room("age") == 0
    assert problems.room("gender") == 1
    with pytest.raises(KeyError):
        problems[3]


def test_lines_without_text_are_held_by_the_memory_they_take() -> None:
    from inference.files.read.delimited.csv_records import Block

    ends = np.arange(1, 2001, 2)
    block = Block(data=b",\n" * 1000, starts=ends - 1, ends=ends, lines=ends, bytes_read=2000)
    assert csv_rows.held_bytes(block) == 2000 + 24 * 1000
    assert csv_rows.filled_rows(block, ",") == 0

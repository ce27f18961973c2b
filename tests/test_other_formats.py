"""Checks that JSON and Arrow are read, and that every format is written, with nothing lost on the way."""

from __future__ import annotations

import io
import json
import math
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from inference import InputError, ScoreOptions, Segmenter, score_file
from inference.files.options import EXTENSIONS, FORMATS
from inference.files.read.read_table import read_whole
from inference.files.write.formats import excel_format
from inference.files.write.table_writer import row_format

ROWS: list[dict[str, Any]] = [
    {"id": "007", "gender": "Male", "age": 31, "annual_income": 17.5, "spending_score": 40},
    {"id": "=1+1", "annual_income": 99, "spending_score": 80, "news": True},
    {"id": 'a "b" \\ \n c', "age": None, "annual_income": 54.25, "spending_score": 50, "tags": ["x", 1]},
    {"id": "ä € 😀", "age": 200, "annual_income": "n/a", "spending_score": 50},
]


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    """NDJSON."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def as_arrow(table: pa.Table, *, file: bool = False, codec: str | None = None) -> bytes:
    """An Arrow stream or file."""
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=codec)
    make = pa.ipc.new_file if file else pa.ipc.new_stream
    with make(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def scored(model: Segmenter, content: bytes, output: str = "ndjson") -> bytes:
    """What comes back for a file."""
    target = io.BytesIO()
    score_file(model, io.BytesIO(content), target, options=ScoreOptions(output_format=output))
    return target.getvalue()


def objects(content: bytes) -> list[dict[str, Any]]:
    """The objects of NDJSON."""
    return [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize(
    "content",
    [
        as_lines(ROWS),
        b"\xef\xbb\xbf" + as_lines(ROWS).replace(b"\n", b"\r\n\r\n"),
        json.dumps(ROWS, indent=2).encode(),
        json.dumps({"rows": ROWS}).encode(),
    ],
    ids=["lines", "lines from Windows", "a list", "a list in an object"],
)
def test_json_comes_back_with_its_values_and_the_segments(published: Segmenter, content: bytes) -> None:
    found = objects(scored(published, content))
    keys = list(dict.fromkeys(key for row in ROWS for key in row))
    assert list(found[0]) == [*keys, "segment", "probability", "route", "novelty", "error", "note"]
    for sent, got in zip(ROWS, found, strict=True):
        for key in keys:
            value = sent.get(key)
            mixed = key == "annual_income" and value is not None  # numbers and a word: all as text
            assert got[key] == (
                json.dumps(value) if (mixed or key == "tags") and value and value != "n/a" else value
            )
    answers = [
        published.predict(**{k: v for k, v in row.items() if k in published.contract.names})
        for row in ROWS[:3]
    ]
    assert [row["segment"] for row in found[:3]] == [each.segment for each in answers]
    assert [row["probability"] for row in found[:3]] == pytest.approx([each.probability for each in answers])
    assert found[3]["route"] == "partial"
    assert found[3]["note"].startswith("column 'age'")


def test_every_format_in_gives_the_same_answers_in_every_format_out(
    published: Segmenter, tmp_path: Path
) -> None:
    rows = [
        {"age": 20 + at % 50, "annual_income": 15 + at % 100, "spending_score": 1 + at % 99}
        for at in range(300)
    ]
    table = pa.Table.from_pylist(rows)
    sources = {"ndjson": as_lines(rows), "json": json.dumps(rows).encode(), "arrow": as_arrow(table)}
    for name in ("csv", "parquet", "excel"):
        stream = io.BytesIO()
        writer = row_format(name, stream, table.schema.names, own_columns=3)
        writer.write(writer.encode(table.to_batches()[0]))
        writer.close()
        sources[name] = stream.getvalue()
    assert set(sources) == set(FORMATS)
    wanted = published.predict_many(rows).segment.tolist()
    for source, content in sources.items():
        for output in FORMATS:
            path = tmp_path / f"{source}.{EXTENSIONS[output]}"
            score_file(published, io.BytesIO(content), path)  # the extension says the format
            back = read_whole(path).cells
            assert back["segment"].to_pylist() == wanted, (source, output)
            assert [float(each) for each in back["age"].to_pylist()] == [row["age"] for row in rows]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"age": 1}\n{"age": 2', "line 2 cannot be read"),
        (b'{"age": 1}\n[1]\n', "line 2 is something else"),
        (b'{"age": 1, "age": 2}\n', "'age' occurs twice"),
        (b'{"age": NaN}\n', "NaN is no number"),
        (b'{"age": 1e999}\n', "is too large"),
        (b'{"age": "\\ud800"}\n', "half a character"),
        (b'{"a": "\xff"}\n', "line 1 is not"),
        (b'{"a":' + b"[" * 100_000 + b"\n", "too deeply"),
        (b'{"a": "' + b"x" * 2_000_000 + b'"}\n', "line 1 has more"),
        (b"[[1, 2], [3, 4]]", "object 1 is something else"),
        (b'[{"age": 1} {"age": 2}]', "no comma"),
        (b'[{"age": 1},]', "object 2 cannot be read"),
        (b'[{"age": 1}] x', "nothing must follow"),
        (b'{"rows": [{"age": 1}], "more": 1}', "nothing must follow"),
        (b'{"rows": []}', "must have a customer"),
        (b"[]", "must have a customer"),
        (b"{}", "must have a customer"),
        (b'{"Age": 1, "age": 2}\n', "differ by more than case"),
        (b"[" + b'{"a":1},' * 3_000_000, "at most 16 MiB"),
    ],
)  # fmt: skip
def test_json_that_is_no_table_is_refused_in_a_sentence(
    published: Segmenter, content: bytes, sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        scored(published, content if content.startswith((b"[", b"{")) else b"x")
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("codec", [None, "zstd", "lz4"])
@pytest.mark.parametrize("file", [False, True])
def test_arrow_comes_back_with_its_types(published: Segmenter, codec: str | None, file: bool) -> None:
    table = pa.table(
        {
            "id": pa.array(["a", "b", "a"]).dictionary_encode(),
            "when": pa.array([1, None, 3], pa.timestamp("ms", tz="UTC")),
            "note": pa.array(["x", None, "long enough to be no inlined view"], pa.string_view()),
            "annual_income": pa.array([17.5, 99, None]),
            "spending_score": pa.array([40, 80, 50], pa.int16()),
        },
        metadata={"from": "elsewhere"},
    )
    back = pa.ipc.open_stream(scored(published, as_arrow(table, file=file, codec=codec), "arrow")).read_all()
    assert back.schema.metadata == {b"from": b"elsewhere"}
    for name in table.schema.names:
        assert back[name].to_pylist() == table[name].to_pylist()
        assert back[name].type == (pa.large_string() if name == "note" else table[name].type)
    wanted = published.predict_many({"annual_income": [17.5, 99, None], "spending_score": [40, 80, 50]})
    assert back["segment"].to_pylist() == wanted.segment.tolist()


def test_an_arrow_file_that_unpacks_to_gigabytes_is_refused_before_it_does(published: Segmenter) -> None:
    table = pa.table(
        {"annual_income": pa.array([0.0] * 20_000_000), "spending_score": pa.array([0.0] * 20_000_000)}
    )
    packed = io.BytesIO()
    with pa.ipc.new_stream(
        packed, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
    ) as writer:
        writer.write_table(table)  # in one batch of 320 MB
    assert len(packed.getvalue()) < 1 << 20
    with pytest.raises(InputError, match="a batch of the Arrow file must take at most 128 MB"):
        scored(published, packed.getvalue())


@given(
    places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 2_000),
)
def test_a_damaged_arrow_file_is_answered_or_refused(
    published: Segmenter, places: list[tuple[int, int]], cut: int
) -> None:
    table = pa.table(
        {
            "name": pa.array(["a", "bb", "a"]).dictionary_encode(),
            "annual_income": pa.array([17.5, 99, None]),
            "spending_score": pa.array([40, 80, 50]),
        }
    )
    content = bytearray(as_arrow(table, codec="lz4"))
    for place, value in places:
        content[place % len(content)] = value
    damaged = bytes(content[: len(content) - cut % len(content)])
    with suppress(InputError):  # any other exception fails
        scored(published, damaged)


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)


@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b", "ä"]), VALUES, max_size=3), min_size=1, max_size=6)
)
def test_no_value_of_json_changes(published: Segmenter, rows: list[dict[str, Any]]) -> None:
    """A column of one kind keeps it; one of several kinds has the text of each value."""
    rows = [{"annual_income": 1, "spending_score": 1, **row} for row in rows]
    found = objects(scored(published, as_lines(rows)))
    for sent, got in zip(rows, found, strict=True):
        for key, value in sent.items():
            same = got[key] == value and isinstance(got[key], bool) == isinstance(value, bool)
            assert same or got[key] == json.dumps(value) or float(got[key]) == value, (key, value, got[key])


def test_excel_has_numbers_dates_and_texts_that_are_no_formulas(published: Segmenter) -> None:
    lines = [
        "id,since,spend,annual_income,spending_score",
        "007,2024-05-01,1.50,17,40",
        "=cmd|' /C calc'!A0,x,1234567890123456789,17.25,80",
    ]
    content = scored(published, "\n".join(lines).encode(), "excel")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:5] == ("id", "since", "spend", "annual_income", "spending_score")
    assert rows[1][:5] == ("007", "2024-05-01", "1.50", 17, 40)  # 1.50 is not how a number shows
    assert rows[2][:5] == ("=cmd|' /C calc'!A0", "x", "1234567890123456789", 17.25, 80)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.freeze_panes == "A2"
    typed = pa.table(
        {"annual_income": [17.0], "spending_score": [40], "day": pa.array([19_000], pa.date32())}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(scored(published, as_arrow(typed), "excel"))).active
    assert sheet is not None
    assert str(sheet["C2"].value).startswith("2022-01-08")


def test_what_a_sheet_cannot_hold_is_refused(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    long = f"note,annual_income,spending_score\n{'x' * 32_768},17,40\n".encode()
    with pytest.raises(InputError, match="column 'note': a cell of Excel must have at most 32,767"):
        score_file(published, io.BytesIO(long), tmp_path / "out.xlsx")
    monkeypatch.setattr(excel_format, "MOST_ROWS", 2)
    rows = b"annual_income,spending_score\n" + b"17,40\n" * 3
    with pytest.raises(InputError, match="at most 2 rows"):
        score_file(published, io.BytesIO(rows), tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []  # nor is there a file of rows in the folder for temporary files


def test_json_has_null_for_what_is_no_number(published: Segmenter) -> None:
    table = pa.table(
        {"annual_income": [17.0, math.nan], "spending_score": [40.0, 80.0], "x": [math.inf, -math.inf]}
    )
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    found = objects(scored(published, sink.getvalue()))
    assert [row["x"] for row in found] == [None, None]
    assert found[1]["annual_income"] is None


def test_the_list_of_no_rows_is_a_list() -> None:
    for output, wanted in (("json", b"[]\n"), ("ndjson", b"")):
        stream = io.BytesIO()
        row_format(output, stream, ["a"]).close()
        assert stream.getvalue() == wanted

"""Checks that Parquet is recognised by content, read per row group, and that all columns keep their types."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError, Scored, Segmenter, score_batches, score_file
from inference.files.options import ReadOptions
from inference.files.read import row_sizes
from inference.files.read.parquet.parquet_source import ParquetSource
from tests.scored_files import ADDED, score

OWN: dict[str, Any] = {
    "Gender": ["Female", "m", None],
    "Age": [31, None, 40],
    "income": [17.0, 15.5, 20.0],
    "score": [40, 39, 50],
}
MORE = {
    "dictionary": pa.array(["a", None, "=b"]).dictionary_encode(),
    "decimal": pa.array([1, None, 2], pa.decimal128(10, 2)),
    "bool": pa.array([True, None, False]),
    "date": pa.array([dt.date(2020, 1, 1), None, None]),
    "nanoseconds": pa.array([1, None, 2**60], pa.timestamp("ns", "Europe/Paris")),
    "binary": pa.array([b"\xff", None, b""]),
    "list": pa.array([[1], None, []]),
    "struct": pa.array([{"a": 1}, None, {"a": None}]),
    "nothing": pa.nulls(3),
    "large": pa.array([2**53 + 1, None, -1]),
    "text": pa.array(["00123", "1E5", ""], pa.large_string()),
}


def written(table: pa.Table, **options: Any) -> bytes:
    content = io.BytesIO()
    parquet.write_table(table, content, **options)
    return content.getvalue()


def scored(segmenter: Segmenter, table: pa.Table, **options: Any) -> tuple[pa.Table, Scored]:
    data, result = score(segmenter, written(table, row_group_size=2), **options)
    return parquet.read_table(io.BytesIO(data)), result


def test_own_columns_keep_their_types_and_values(published: Segmenter) -> None:
    table = pa.table({**OWN, **MORE}, metadata={"who": "me"})
    found, result = scored(published, table)
    assert found.column_names == [*table.column_names, *ADDED]
    assert found.select(table.column_names).equals(table)
    assert found.schema.metadata[b"who"] == b"me"
    assert [str(found.schema.field(name).type) for name in ADDED] == [
        "string",
        "float",
        "string",
        "double",
        "string",
        "string",
    ]
    assert (result.rows, result.complete) == (3, 3)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_batches_do_not_change_the_answers(
    published: Segmenter, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pa.concat_tables([pa.table(OWN)] * 5)
    whole, _ = scored(published, table)
    monkeypatch.setattr(row_sizes, "BATCH_BYTES", size)
    assert scored(published, table)[0].equals(whole)


def test_who_asks_for_the_first_rows_meanwhile_does_not_change_the_batches() -> None:
    """One reader of a file has one size of its batches."""
    content = io.BytesIO(written(pa.table({"age": range(20_000)})))
    source = ParquetSource(content, ReadOptions(), None)
    source._at_once = 8_000
    sizes = []
    for rows in source.rows_in_order():
        sizes.append(rows.cells.num_rows)
        assert len(source.sample()[0]) == row_sizes.SAMPLE_ROWS
    assert sizes == [8_000, 8_000, 4_000]


def test_row_groups_without_rows_are_passed_over(published: Segmenter) -> None:
    table = pa.table(OWN)
    content = io.BytesIO()
    with parquet.ParquetWriter(content, table.schema) as writer:
        for part in (table.slice(0, 0), table, table.slice(0, 0), table):
            writer.write_table(part)
    assert score(published, content.getvalue())[1].rows == 6


def test_the_index_of_pandas_stays_one(published: Segmenter) -> None:
    frame = pd.DataFrame({**OWN, "Age": [31, 20, 40]}, index=[7, 8, 9])
    content = io.BytesIO()
    frame.to_parquet(content)
    data, _ = score(published, content.getvalue())
    found = pd.read_parquet(io.BytesIO(data))
    assert found.index.tolist() == [7, 8, 9]
    pd.testing.assert_frame_equal(found[list(OWN)], frame)


def test_csv_of_it_has_every_value(published: Segmenter) -> None:
    names = ["decimal", "bool", "date", "nanoseconds", "nothing", "large", "text"]
    data, _ = score(
        published, written(pa.table({**OWN, **{name: MORE[name] for name in names}})), output_format="csv"
    )
    lines = data.decode().splitlines()
    assert lines[0].startswith("Gender,Age,income,score,decimal")
    assert lines[1].startswith('"Female",31,17,40,1.00,true,2020-01-01,')
    assert ',,9007199254740993,"00123",' in lines[1]


def test_nested_columns_cannot_become_csv(published: Segmenter) -> None:
    with pytest.raises(InputError, match=r"'list': list<element: int64>.*write Parquet"):
        score(published, written(pa.table({**OWN, "list": MORE["list"]})), output_format="csv")


def test_what_is_under_a_wrong_name_is_read_for_what_it_is(published: Segmenter, tmp_path: Path) -> None:
    source = tmp_path / "customers.csv"
    source.write_bytes(written(pa.table(OWN)))
    assert score_file(published, source, tmp_path / "out.parquet").reading.kind == "parquet"
    assert parquet.read_table(tmp_path / "out.parquet").num_rows == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (written(pa.table(OWN))[:-9], "cannot be read as such .* damaged or cut off"),
        (written(pa.table(OWN).slice(0, 0)), "must have rows, but it has none"),
        (written(pa.table({**OWN, "age": [1, 2, 3]})), "must differ by more than case"),
        (written(pa.table({"Gender": ["m"], "Age": [1], "Incme": [2]})), "Did you mean 'Incme'"),
    ],
    ids=["cut", "no rows", "alike", "missing"],
)
def test_refuses_what_is_not_a_table(published: Segmenter, content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        score(published, content)


def test_a_damaged_page_is_reported(published: Segmenter) -> None:
    data = bytearray(written(pa.table({**OWN, "x": ["y" * 5000] * 3}), compression="snappy"))
    data[10:200] = b"\xff" * 190
    with pytest.raises(InputError, match="cannot be read"):
        score(published, bytes(data))


def test_limits_hold(published: Segmenter) -> None:
    for options in ({"max_rows": 2}, {"max_bytes": 100}):
        with pytest.raises(InputError, match="must have at most"):
            score(published, written(pa.table(OWN)), **options)


def test_record_batches_come_back_one_by_one(published: Segmenter) -> None:
    table = pa.table({**OWN, **MORE}, metadata={"who": "me"})
    whole, _ = scored(published, table)
    batches = table.to_batches()
    given = [batches[0].slice(0, 0), batches[0].slice(0, 1), batches[0].slice(1)]
    found = list(score_batches(published, given))
    assert [batch.num_rows for batch in found] == [0, 1, 2]
    assert pa.Table.from_batches(found).select(ADDED).equals(whole.select(ADDED))
    assert pa.Table.from_batches(found).select(table.column_names).equals(table)
    assert found[1].schema.metadata == {b"who": b"me"}
    assert pa.Table.from_batches(list(score_batches(published, table))).num_rows == 3


def test_record_batches_are_read_lazily(published: Segmenter) -> None:
    taken = []

    def batches() -> Any:
        for number in range(5):
            taken.append(number)
            yield pa.RecordBatch.from_pydict(OWN)

    next(iter(score_batches(published, batches())))
    assert taken == [0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "at least one record batch"),
        ([{"a": 1}], "must be a pyarrow.RecordBatch, but one is dict"),
        ([pa.RecordBatch.from_pydict(OWN), pa.RecordBatch.from_pydict({"a": [1]})], "must have the columns"),
    ],
    ids=["none", "dict", "another"],
)
def test_refuses_other_batches(published: Segmenter, given: list[Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        list(score_batches(published, given))


def test_infinite_and_large_numbers_cost_their_row(published: Segmenter) -> None:
    table = pa.table({**OWN, "income": [np.inf, 1e308, np.nan]})
    found, result = scored(published, table)
    assert found.column("route").to_pylist() == ["error", "error", "partial"]
    assert result.problems[0].rows == 2
    assert found.column("error").to_pylist()[1].startswith("row 2: column 'annual_income'")

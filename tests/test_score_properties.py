"""For any table: no row is lost, order is kept, bytes stay, and every way in gives the same answers.

A file counts a profile column's refused cell as missing and notes it, where ``predict`` raises: the answers
are compared with those about the same customer without that value.
"""

from __future__ import annotations

import csv
import io
import math
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from inference import InputError, Segmenter, score_batches
from inference.files.read.delimited import csv_records
from inference.files.read.delimited.csv_quotes import quoted_spans
from inference.validation import check_columns
from tests.scored_files import score

COLUMNS = ("gender", "age", "annual_income", "spending_score")
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

numbers = st.one_of(
    st.none(), st.integers(-5, 150), st.floats(-1, 200), st.sampled_from([1e308, -math.inf, 1e39])
)
genders = st.one_of(st.none(), st.sampled_from(["Female", "m", " MALE ", "x", "Woman"]))
customers = st.lists(st.tuples(genders, numbers, numbers, numbers), min_size=1, max_size=30)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
cells = st.one_of(
    words,
    st.sampled_from(["00123", "9007199254740993", "1E5", "=1", "-x", 'a"b', "a,b", "a\nb", "a\r\nb", " "]),
)


def reported(table: pa.Table) -> list[tuple[str, str | None, float | None, float | None]]:
    """Route, segment, probability and novelty of each row."""
    names = ("route", "segment", "probability", "novelty")
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def one_by_one(segmenter: Segmenter, rows: list[tuple[Any, ...]]) -> list[tuple[str, Any, Any, Any]]:
    """The same, each row asked alone, without the values of profile columns that are refused."""
    return [alone(segmenter, dict(zip(COLUMNS, row, strict=True))) for row in rows]


def alone(segmenter: Segmenter, customer: dict[str, Any]) -> tuple[str, Any, Any, Any]:
    """Route, segment, probability and novelty of one customer."""
    try:
        answer = segmenter.predict(**customer)
    except InputError as error:
        if segmenter.contract.column(str(error.column)).clusters:
            return "error", None, None, None
        return alone(segmenter, {**customer, str(error.column): None})
    return answer.route, answer.segment, answer.probability, answer.novelty


def same(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> bool:
    """Whether words are equal, and numbers apart from float32 rounding."""
    return len(one) == len(other) and all(
        mine[:2] == theirs[:2]
        and all(
            a == b or (a is not None and b is not None and math.isclose(a, b, abs_tol=1e-6))
            for a, b in zip(mine[2:], theirs[2:], strict=True)
        )
        for mine, theirs in zip(one, other, strict=True)
    )


def typed(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    kinds = [pa.string(), pa.float64(), pa.float64(), pa.float64()]
    plain = [
        columns[0],
        *([None if cell is None else float(cell) for cell in column] for column in columns[1:]),
    ]
    return pa.table(
        {name: pa.array(cells, kind) for name, kind, cells in zip(COLUMNS, kinds, plain, strict=True)}
    )


@SLOW
@given(customers, st.integers(1, 7))
def test_every_way_in_gives_the_same_answers(
    published: Segmenter, rows: list[tuple[Any, ...]], size: int
) -> None:
    expected = one_by_one(published, rows)
    table = typed(rows)
    assert same(
        reported(pa.Table.from_batches(list(score_batches(published, table.to_batches(size))))), expected
    )
    content = io.BytesIO()
    parquet.write_table(table, content, row_group_size=size)
    found = parquet.read_table(io.BytesIO(score(published, content.getvalue())[0]))
    assert same(reported(found), expected)
    assert found.select(COLUMNS).equals(table)
    out = io.StringIO()
    csv.writer(out).writerows([("id", *COLUMNS), *((place, *row) for place, row in enumerate(rows))])
    with (
        patch.object(csv_records, "BLOCK_BYTES", size),
        patch("inference.files.read.open_source.SAMPLE_BYTES", 40 + size),
    ):
        from_text, scored = score(published, out.getvalue(), output_format="parquet", separator=",")
    assert same(reported(parquet.read_table(io.BytesIO(from_text))), expected)
    assert (scored.rows, scored.errors) == (len(rows), sum(route == "error" for route, *_ in expected))


@SLOW
@given(customers)
def test_many_at_once_are_the_same_as_a_file(published: Segmenter, rows: list[tuple[Any, ...]]) -> None:
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    checked = check_columns(published.contract, columns)
    answers = published.answer(checked)
    table = pa.Table.from_batches(list(score_batches(published, typed(rows))))
    needed = {each.name: columns[each.name] for each in published.contract.columns if each.clusters}
    refused = check_columns(published.contract, needed).problems
    scored = np.array([row not in refused for row in range(len(rows))])
    noted = {row for row in checked.problems if row not in refused}
    assert {row for row, note in enumerate(table["note"].to_pylist()) if note} == noted
    assert [route != "error" for route in table["route"].to_pylist()] == scored.tolist()
    wanted = zip(answers.route, answers.segment, answers.probability, answers.novelty, strict=True)
    expected = [tuple(None if value != value else value for value in row) for row in wanted]  # noqa: PLR0124  (NaN)
    assert same(
        [each for each in reported(table) if each[0] != "error"],
        [row for row, ok in zip(expected, scored, strict=True) if ok],
    )


def without_added(record: bytes, separator: bytes) -> bytes:
    """A record without its last six cells."""
    places = np.flatnonzero(np.frombuffer(record, dtype=np.uint8) == separator[0])
    places = places[quoted_spans(record, separator.decode()).outside(places)]
    return record[: int(places[-6])]


@SLOW
@given(
    st.lists(st.tuples(cells, genders, numbers, numbers, numbers, cells), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.integers(1, 60),
)
def test_own_bytes_stay(
    published: Segmenter, rows: list[tuple[Any, ...]], separator: str, end: str, quoting: Any, size: int
) -> None:
    written = []
    for line in (("a", *COLUMNS, "z"), *((f"i{row[0]}", *row[1:]) for row in rows)):
        out = io.StringIO()
        csv.writer(out, delimiter=separator, quoting=quoting).writerow(line)
        written.append(out.getvalue().removesuffix("\r\n").encode())
    source = end.encode().join([*written, b""])
    with (
        patch.object(csv_records, "BLOCK_BYTES", size),
        patch("inference.files.read.open_source.SAMPLE_BYTES", 60 + size),
    ):
        data, scored = score(published, source, separator=separator, encoding="utf-8", neutralise=False)
        neutral, counted = score(published, source, separator=separator, encoding="utf-8")
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    ends = breaks[quoted_spans(data, separator).outside(breaks)]
    found = [
        data[start:stop].removesuffix(b"\r") for start, stop in zip([0, *(ends[:-1] + 1)], ends, strict=True)
    ]
    assert [without_added(record, separator.encode()) for record in found] == written
    assert scored.rows == len(rows)
    assert len(neutral) == len(data) + counted.neutralised
    assert [row[0] for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator)][
        1:
    ] == [f"i{row[0]}" for row in rows]

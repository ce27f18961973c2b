"""Checks that DataFrames of polars are read like those of any other library, to predict and to train."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from inference import InputError, Segmenter
from inference.validation import check_table
from tests.synthetic import contract, day
from tests.test_tables_in_memory import COLUMNS, HEADERS
from trainer import MALL, prepare
from trainer.table.customer_table import EMBEDDED, clean, embedded
from trainer.table.raw_table import raw_of, table_of_arrow

FRAME = pl.DataFrame(COLUMNS)
FRAMES = {
    "by name": FRAME,
    "by header": FRAME.rename(dict(zip(FRAME.columns, HEADERS, strict=True))),
    "with one more column": FRAME.with_columns(id=pl.Series([1, 2, 3])),
    "categorical": FRAME.with_columns(pl.col("gender").cast(pl.Categorical)),
    "enum": FRAME.with_columns(pl.col("gender").cast(pl.Enum(["Male", "Female"]))),
    "decimal": FRAME.with_columns(pl.col("age").cast(pl.Decimal(10, 2))),
    "small integers": FRAME.with_columns(pl.col("age").cast(pl.Int8)),
    "several chunks": pl.concat([FRAME[:1], FRAME[1:]], rechunk=False),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_every_type_of_column_gives_the_answers_of_its_values(
    published: Segmenter, frame: pl.DataFrame
) -> None:
    expected, found = published.predict_many(COLUMNS), published.predict_many(frame)
    assert found.segment.tolist() == expected.segment.tolist()
    assert np.array_equal(found.probabilities, expected.probabilities)


def test_dates_keep_their_day_in_their_own_time_zone() -> None:
    dated = contract([day("bought", range=None)], ("One", "Two"))
    times = [datetime(2024, 3, 1, 23, 30, tzinfo=UTC), None]
    zoned = pl.DataFrame({"bought": times}).with_columns(pl.col("bought").dt.convert_time_zone("Asia/Tokyo"))
    plain = pl.DataFrame({"bought": [date(2024, 3, 2), None]})
    read = [check_table(dated, frame).feeds["bought"] for frame in (zoned, plain)]
    assert np.array_equal(read[0], read[1], equal_nan=True)


def test_a_lazy_frame_is_refused_with_what_to_do(published: Segmenter) -> None:
    with pytest.raises(InputError, match=r"a DataFrame, but they are .*LazyFrame; collect it first"):
        published.predict_many(FRAME.lazy())
    with pytest.raises(InputError, match="must be a path, a DataFrame of pandas or polars, or a pyarrow"):
        prepare(FRAME.lazy())


def test_training_reads_the_same_table_as_from_its_file() -> None:
    read = clean(raw_of(table_of_arrow(pl.read_csv(EMBEDDED))), MALL)
    expected = clean(embedded(), MALL)
    assert all((read.columns[name] == expected.columns[name]).all() for name in MALL.names)
    assert prepare(pl.read_csv(EMBEDDED)).table.report.rows_kept == 200


def test_a_series_is_no_table() -> None:
    with pytest.raises(InputError, match="readable as an Arrow table, but this Series is not"):
        prepare(pl.Series([1, 2, 3]))

"""Checks that a table is the same from every source, and that its fingerprint depends on its cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from inference import InputError
from trainer import MALL, Table
from trainer.table.customer_table import EMBEDDED, clean
from trainer.table.raw_table import raw_of, read_raw


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """The embedded table as a data frame."""
    return pd.read_csv(EMBEDDED)


def _same(table: Table, other: Table) -> bool:
    return all((table.columns[name] == other.columns[name]).all() for name in MALL.names)


def test_a_data_frame_is_the_table_of_its_file(table: Table, frame: pd.DataFrame) -> None:
    assert _same(clean(raw_of(frame), MALL), table)


def test_an_arrow_table_and_a_categorical_are_too(table: Table, frame: pd.DataFrame) -> None:
    typed = frame.assign(Gender=frame["Gender"].astype("category"), Age=frame["Age"].astype("Int8"))
    assert _same(clean(raw_of(typed), MALL), table)
    assert _same(clean(raw_of(pa.Table.from_pandas(frame)), MALL), table)


@pytest.mark.parametrize("name", ["customers.parquet", "customers.xlsx", "customers.csv"])
def test_every_kind_of_file_is_the_same_table(
    tmp_path: Path, table: Table, frame: pd.DataFrame, name: str
) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        frame.to_parquet(path)
    elif name.endswith("xlsx"):
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep=";", encoding="utf-16")
    assert _same(clean(read_raw(path), MALL), table)


def test_missing_cells_of_any_kind_are_missing(frame: pd.DataFrame) -> None:
    holes = frame.astype({"Age": "Int64", "Gender": object})
    holes.loc[0, "Age"], holes.loc[1, "Gender"], holes.loc[2, "Gender"] = pd.NA, None, np.nan
    columns = clean(raw_of(holes), MALL).columns
    assert np.isnan(columns["age"][0])
    assert columns["gender"][1:4].tolist() == ["", "", "Female"]


def test_a_column_of_mixed_types_is_text() -> None:
    cells = raw_of(pd.DataFrame({"mixed": [1, "x", None, 2.5]})).cells
    assert cells["mixed"].to_pylist() == ["1", "x", None, "2.5"]


def test_text_numbers_with_decimal_commas_are_found() -> None:
    raw = raw_of(pd.DataFrame({"spend": ["1,5", "2,25", "3"], "note": ["a, b", "c", "1,5"]}))
    kinds = {header: column.kind for header, column in raw.readings.columns.items()}
    assert kinds == {"spend": "numbers", "note": "text"}


def test_the_fingerprint_depends_on_names_and_cells_only() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None]})
    whole = pa.Table.from_pandas(frame)
    chunks = pa.concat_tables([whole.slice(0, 1), whole.slice(1)]).replace_schema_metadata(None)
    assert raw_of(whole).sha256 == raw_of(chunks).sha256 == raw_of(frame).sha256
    changed = [frame.rename(columns={"a": "c"}), frame.assign(a=[1, 2, 4]), frame.assign(b=["x", "y", ""])]
    assert len({raw_of(each).sha256 for each in (frame, *changed)}) == 4


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (pd.DataFrame({"a": [], "b": []}), "must have rows, but it has none"),
        (pd.DataFrame([[1, 2]], columns=["a", "A"]), "must differ by more than case"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(frame: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        raw_of(frame)

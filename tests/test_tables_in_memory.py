"""Many customers at once may be columns, rows or any library's DataFrame, and a model may go anywhere."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from inference import ArtifactError, Contract, InputError, Segmenter
from inference.files.read.frames import frame_columns
from inference.kinds.cell_rules import parse_cell
from inference.validation import check_table
from tests.conftest import ROOT
from tests.synthetic import category, contract, number

MODEL = ROOT / "artifacts" / "model.onnx"
COLUMNS: dict[str, list[Any]] = {
    "gender": ["Female", None, "Male"],
    "age": [31, 40, None],
    "annual_income": [17, None, 99],
    "spending_score": [40, 80, 15],
}
ROWS = [{name: cells[row] for name, cells in COLUMNS.items()} for row in range(3)]
HEADERS = ["Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)"]


class Exported:
    """A table that offers Arrow's C interface and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


class Series:
    """A column as polars has it: an array, and a list that keeps the time zone."""

    def __init__(self, values: list[Any], dtype: object = None) -> None:
        self._values, self.dtype = values, dtype

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Any:
        return np.array(self._values, dtype=object)

    def to_list(self) -> list[Any]:
        return self._values


class Frame:
    """A DataFrame as polars has it: names in ``columns``, and a column for a name."""

    def __init__(self, columns: dict[str, Series]) -> None:
        self.columns = list(columns)
        self._columns = columns

    def __getitem__(self, name: str) -> Series:
        return self._columns[name]


def one_column(name: str, **changes: Any) -> Contract:
    """A contract of one column."""
    return contract([number(name, **changes)], ("One", "Two"))


def pandas_frame() -> pd.DataFrame:
    """The customers with the headers of the table that the model was trained on, and one more column."""
    frame = pd.DataFrame(COLUMNS)
    frame.columns = HEADERS
    return frame.assign(CustomerID=[1, 2, 3])


def arrow_table() -> pa.Table:
    return pa.table({"id": [1, 2, 3], **COLUMNS})


FRAMES: dict[str, Callable[[], Any]] = {
    "pandas": pandas_frame,
    "pandas, nullable types": lambda: pandas_frame().convert_dtypes(),
    "pandas, categories": lambda: pandas_frame().astype({"Gender": "category"}),
    "pandas, an index of its own": lambda: pandas_frame().set_index(pd.Index([7, 7, 9])),
    "pyarrow table": arrow_table,
    "pyarrow batch": lambda: arrow_table().to_batches()[0],
    "pyarrow, dictionaries": lambda: arrow_table().set_column(
        1, "gender", pa.array(COLUMNS["gender"]).dictionary_encode()
    ),
    "pyarrow reader": lambda: arrow_table().to_reader(),
    "Arrow's C interface": lambda: Exported(arrow_table()),
    "like polars": lambda: Frame({name: Series(cells) for name, cells in COLUMNS.items()}),
}


@pytest.mark.parametrize("made", FRAMES.values(), ids=FRAMES)
def test_every_dataframe_gives_the_answers_of_its_columns(
    published: Segmenter, made: Callable[[], Any]
) -> None:
    expected = published.predict_many(COLUMNS)
    found = published.predict_many(made())
    assert found.segment.tolist() == expected.segment.tolist()
    assert found.route.tolist() == expected.route.tolist()
    assert found.probability.tolist() == expected.probability.tolist()


def test_rows_give_the_answers_of_their_columns(published: Segmenter) -> None:
    bare = [{name: value for name, value in row.items() if value is not None} for row in ROWS]
    expected = published.predict_many(COLUMNS).probabilities
    for rows in (ROWS, tuple(ROWS), bare):
        assert np.array_equal(published.predict_many(rows).probabilities, expected)
    assert len(published.predict_many([])) == 0


def test_a_row_that_is_wrong_is_named(published: Segmenter) -> None:
    with pytest.raises(InputError, match=r"row 1: unknown column 'agee'.*Did you mean 'age'") as caught:
        published.predict_many([{"age": 3}, {"agee": 4}])
    assert caught.value.row == 1
    with pytest.raises(InputError, match="row 1: must be a mapping of column names to values, but it is 5"):
        published.predict_many([{"age": 3}, 5])
    with pytest.raises(InputError, match="row 1: column 'age' must be from 0 to 120 years"):
        published.predict_many([{"age": 3}, {"age": 400}])


def test_a_dataframe_needs_the_clustering_columns_and_no_others(published: Segmenter) -> None:
    frame = pandas_frame()[HEADERS[2:]]
    assert published.predict_many(frame).route.tolist() == ["complete", "partial", "complete"]
    with pytest.raises(
        InputError, match=r"column 'annual_income' is missing; found: 'Age', 'Incom'.*filled with None"
    ):
        published.predict_many(pd.DataFrame({"Age": [3], "Incom": [17]}))
    with pytest.raises(InputError, match="column 'annual_income' is missing; found: none"):
        published.predict_many(pd.DataFrame())
    with pytest.raises(InputError, match="must differ by more than case"):
        published.predict_many(pd.concat([pandas_frame(), pandas_frame()], axis=1))


@pytest.mark.parametrize(
    "given", [5, None, "abc", b"bytes", {1}, iter([]), np.zeros((2, 2)), pd.Series([1]), MODEL]
)
def test_what_is_no_table_is_refused(published: Segmenter, given: Any) -> None:
    with pytest.raises(
        InputError, match=r"must be columns by name, a list of rows, or a DataFrame|readable as an"
    ):
        published.predict_many(given)


def test_a_time_keeps_its_zone(published: Segmenter) -> None:
    late = datetime(2024, 3, 2, 7, 30, tzinfo=UTC)  # the evening before in Los Angeles
    known = one_column("since", kind="date", range=None)
    local = pa.array([late], pa.timestamp("ns", tz="America/Los_Angeles"))
    frame = Frame({"since": Series([late], dtype=type("Zoned", (), {"time_zone": "UTC"})())})
    assert frame_columns(known, frame)["since"] == [late]
    day = check_table(known, pa.table({"since": local})).feeds["since"][0, 0]
    assert day == parse_cell(known.columns[0], "2024-03-01")[0]


@pytest.mark.parametrize(
    "duration",
    [
        timedelta(days=30),
        np.timedelta64(30, "D"),
        np.timedelta64(720, "h"),
        pd.Timedelta(days=30),
        Fraction(30),
    ],
)
def test_a_duration_is_a_number_of_days(published: Segmenter, duration: Any) -> None:
    known = one_column("recency")
    assert parse_cell(known.columns[0], duration) == (30.0, None)
    for many in ([duration], np.array([duration]), pd.Series([duration])):
        assert check_table(known, {"recency": many}).feeds["recency"].tolist() == [[30.0]]


def test_durations_of_arrow_and_missing_ones_are_days(published: Segmenter) -> None:
    known = one_column("recency")
    table = pa.table({"recency": [timedelta(days=2, hours=12), None]})
    feed = check_table(known, table).feeds["recency"]
    assert feed[0, 0] == 2.5
    assert np.isnan(feed[1, 0])
    assert np.isnan(parse_cell(known.columns[0], np.timedelta64("NaT"))[0])


@pytest.mark.parametrize("duration", [np.timedelta64(3, "M"), np.timedelta64(3, "Y"), np.timedelta64(3)])
def test_a_duration_without_a_fixed_length_is_refused(duration: Any) -> None:
    known = one_column("recency")
    assert str(parse_cell(known.columns[0], duration)[1]).startswith("must be a number, but it is")
    assert 0 in check_table(known, {"recency": np.array([duration])}).problems


def test_a_duration_is_not_taken_for_another_unit() -> None:
    _, refusal = parse_cell(one_column("age", unit="years").columns[0], timedelta(days=30))
    assert refusal == "must be a number, but it is datetime.timedelta(days=30); give it as a number of years"


class Broken:
    """Something that promises to be an array."""

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Any:
        raise RuntimeError("boom")


WEIRD: list[Any] = [
    np.array(["NaT"], "m8"), np.array([5], "m8"), np.array([5], "m8[M]"), np.array([5], "m8[D]"),
    np.array(["NaT"], "M8"), np.array([5], "M8[D]"), np.array([1j]), np.zeros(1, "V3"),
    np.zeros(1, [("a", int)]), np.array(["x"]), np.array([b"x"]), np.array([[[1]]]), np.array(3),
    np.array([np.longdouble("1e4000")]), [{}], [[1]], [object()], [10**400], [Fraction(10**400)],
    [timedelta.max], ["\ud800"], [np.timedelta64(3, "M")], [pd.Timedelta(days=3)], [pd.NaT], [pd.NA],
    pd.Series([[1]]), pa.array([None]), pa.array([[1]]), pa.array([b"x"]), pa.array([timedelta(days=3)]),
    "abc", 5, None, iter([1]), {1}, Broken(),
]  # fmt: skip


@pytest.mark.parametrize("values", WEIRD, ids=[str(place) for place in range(len(WEIRD))])
@pytest.mark.parametrize("name", ["gender", "age", "since"])
def test_no_value_raises_an_error_of_numpy_or_onnxruntime(values: Any, name: str) -> None:
    columns = (
        category("gender", ("a", "b")),
        number("age"),
        number("since", kind="date", range=None),
    )
    known = contract(columns, ("One", "Two"))
    for given in ({name: values}, [{name: values}]):
        with suppress(InputError):
            check_table(known, given)


def test_a_model_is_pickled_with_its_bytes(published: Segmenter) -> None:
    again = pickle.loads(pickle.dumps(published))  # noqa: S301 - its own bytes
    assert again.fingerprint == published.fingerprint
    assert again.predict(**ROWS[0]) == published.predict(**ROWS[0])


def test_a_process_pool_can_predict(published: Segmenter) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        answers = pool.submit(published.predict_many, COLUMNS).result(timeout=120)
    assert answers.segment.tolist() == published.predict_many(COLUMNS).segment.tolist()


def test_a_model_is_loaded_from_bytes_and_from_streams(published: Segmenter) -> None:
    content = MODEL.read_bytes()
    with MODEL.open("rb") as file:
        for source in (content, bytearray(content), memoryview(content), io.BytesIO(content), file):
            assert Segmenter.load(source).fingerprint == published.fingerprint  # type: ignore[arg-type]  # each kind of source


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"x", r"the file '\(bytes\)' must be an ONNX model"),
        (io.BytesIO(b"x"), r"the file '\(stream\)' must be an ONNX model"),
        (io.StringIO("x"), "must be read as bytes, but reading it gives str; open it with mode 'rb'"),
        (5, "must be given by its path, its bytes or a binary stream, but it is 5"),
        (Path("nowhere.onnx"), "no model file can be read at 'nowhere.onnx'"),
    ],
    ids=["bytes", "stream", "text", "number", "path"],
)
def test_what_is_no_model_is_refused(source: Any, sentence: str) -> None:
    with pytest.raises(ArtifactError, match=sentence):
        Segmenter.load(source)


def test_nothing_is_imported_for_columns_and_rows() -> None:
    code = (
        "import sys; from inference import Segmenter; model = Segmenter.load(sys.argv[1]);"
        "model.predict_many({'age': [1]}); model.predict_many([{'age': 1}]);"
        "print(sorted({'pyarrow', 'pandas', 'polars', 'narwhals'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(MODEL)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

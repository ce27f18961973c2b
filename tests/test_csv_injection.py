"""Checks that text cells that a spreadsheet would run get an apostrophe, and all others stay as they are."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import Segmenter
from inference.files.write.csv_injection import dangerous_cells, neutral_text, with_apostrophes
from tests.scored_files import HEADER, ROW, rows, score, text

pytestmark = pytest.mark.fast

RUN = [
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "-x",
    "+49 170 12",
    "\t=1",
    "\r=1",
    "=",
    "@",
    "--5",
    "-5x",
    "\n=1",
    "＝1+1",  # noqa: RUF001 - look-alikes are what is tested
    "＋A1",  # noqa: RUF001 - look-alikes are what is tested
    "－A1",  # noqa: RUF001 - look-alikes are what is tested
    "＠SUM(A1)",  # noqa: RUF001 - look-alikes are what is tested
    "\N{ZERO WIDTH SPACE}=1",
    "\N{ZERO WIDTH NO-BREAK SPACE}=1",
    "\N{WORD JOINER}\N{SOFT HYPHEN}-A1",
    "\N{ZERO WIDTH SPACE}＝1",  # noqa: RUF001 - look-alikes are what is tested
]
LEFT = ["-5", "+5", "-1.5e3", "+1,5", "-5%", "-", "+", "a=1", " =1", "'=1", "5", "", "1-2", "-1.234,5"]
LEFT += ["－５", "\N{ZERO WIDTH SPACE}5", "\N{ZERO WIDTH SPACE}a", "é=1", "ａ=1", "\N{EN DASH}x"]  # noqa: RUF001 - look-alikes are what is tested


def neutralised(data: bytes, separator: str = ",") -> bytes:
    return with_apostrophes(data, dangerous_cells(data, separator))


@pytest.mark.parametrize("cell", RUN)
def test_neutralises_what_would_be_run(cell: str) -> None:
    assert neutral_text(pa.array([cell, "a", None]))[0].to_pylist() == ["'" + cell, "a", None]
    quoted = f'"{cell}"'.encode()
    assert neutralised(b"a," + quoted + b",b\n" + quoted) == (
        b"a," + quoted.replace(b'"', b"\"'", 1) + b",b\n" + quoted.replace(b'"', b"\"'", 1)
    )
    if not cell.startswith(("\r", "\n")):  # unquoted they end a line
        plain = cell.encode()
        assert neutralised(plain + b"|a\r\nb|" + plain, "|") == b"'" + plain + b"|a\r\nb|'" + plain


@pytest.mark.parametrize("cell", LEFT)
def test_leaves_numbers_and_other_text(cell: str) -> None:
    assert neutral_text(pa.array([cell]))[1] == 0
    data = f'{cell};"{cell}"\n"{cell}";{cell}'.encode()
    assert neutralised(data, ";") == data


@pytest.mark.parametrize(
    "data",
    [b'"a,=1","b\n=2","x"",=3"\n', b'5",x=1\n', b'a"b,c\n', b"a,b\r\n=\r"[:5], b'"a;""=1"\n'],
)
def test_what_stands_within_a_cell_is_left(data: bytes) -> None:
    assert neutralised(data) == data


def test_a_stray_quote_hides_nothing() -> None:
    assert neutralised(b'5" pipe,=1\nx,=2\n"q"r"s,=3\n') == b'5" pipe,\'=1\nx,\'=2\n"q"r"s,\'=3\n'


def test_the_separator_itself_is_no_danger() -> None:
    assert neutralised(b"a\t\tb\t=1\n", "\t") == b"a\t\tb\t'=1\n"


def test_a_quoted_separator_is_a_danger() -> None:
    assert neutralised(b'a\t"\t=1"\tb\n', "\t") == b'a\t"\'\t=1"\tb\n'


def test_counts_them_and_can_be_switched_off(published: Segmenter) -> None:
    source = text(ROW + ",=1+1", ROW + ",-5", header=HEADER + ",@note")
    data, scored = score(published, source)
    assert b",'@note," in data
    assert b",'=1+1," in data
    assert scored.neutralised == 2
    assert "2 text cells start like a formula" in " ".join(scored.sentences())
    data, scored = score(published, source, neutralise=False)
    assert b",=1+1," in data
    assert b",@note," in data
    assert scored.neutralised == 0


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_text_from_parquet_is_neutralised_whatever_its_type(published: Segmenter, kind: pa.DataType) -> None:
    cells = (
        pa.array(["=1", "a"]).dictionary_encode()
        if pa.types.is_dictionary(kind)
        else pa.array(["=1", "a"]).cast(kind)
    )
    table = pa.table({"Gender": ["m", "f"], "Age": [1, 2], "income": [1, 2], "score": [1, 2], "=n": cells})
    content = io.BytesIO()
    parquet.write_table(table, content)
    data, scored = score(published, content.getvalue(), output_format="csv")
    assert b"'=1" in data
    assert scored.neutralised == 2
    data, scored = score(published, content.getvalue())
    assert parquet.read_table(io.BytesIO(data)).column("=n").to_pylist() in (["=1", "a"], [b"=1", b"a"])
    assert scored.neutralised == 0


def test_no_sentence_about_a_row_is_run(published: Segmenter) -> None:
    row = rows(published, text("1,=x,31,=1+1,40"))[0]
    assert (row["Gender"], row["Annual Income (k$)"]) == ("'=x", "'=1+1")
    assert row["error"].startswith("line 2: ")
    row = rows(published, text("1,=x,31,17,40"))[0]
    assert row["note"].startswith("column 'gender' must be")

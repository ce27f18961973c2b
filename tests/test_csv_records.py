"""Checks that records are separated as by Python's csv, wherever the stream is cut and whatever is quoted."""

from __future__ import annotations

import csv
import io
import random

import pytest

from inference import InputError
from inference.files.read.delimited import csv_records
from inference.files.read.delimited.csv_quotes import quoted_spans, split_cells
from inference.files.read.delimited.csv_records import Block, blocks, line_breaks
from inference.files.read.delimited.dialect import Dialect

pytestmark = pytest.mark.fast

PLAIN = Dialect(encoding="utf-8", bom=b"", separator=",", separator_line=False)
PIECES = [
    "a",
    '5" pipe',
    '"q"',
    '"x,y"',
    '"two\nlines"',
    '"say ""hi"""',
    '"back"slid',
    '""',
    " ",
    '"\r\n"',
    '"',
]
ENDS = ["\n", "\r\n", "\r"]


def read(data: bytes, dialect: Dialect = PLAIN, *, sample: int = 7) -> list[Block]:
    """Every block of some bytes, the first of which are the sample."""
    return list(blocks(io.BytesIO(data[sample:]), data[:sample], dialect))


def cells(data: bytes, dialect: Dialect = PLAIN) -> list[list[str]]:
    """The cells of every record; blank lines are left out, as csv leaves them."""
    found = [block.record(row) for block in read(data, dialect) for row in range(len(block.ends))]
    split = [split_cells(record, dialect.separator) for record in found if record]
    return [[cell.decode("utf-8") for cell in record] for record in split]


def reference(text: str) -> list[list[str]]:
    """The records of Python's csv."""
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


def drawn(rng: random.Random) -> str:
    """Records of odd cells with mixed line ends, every quoted cell closed."""
    ends = ENDS if rng.random() < 0.5 else [rng.choice(ENDS)]
    lines = []
    for _ in range(rng.randint(1, 8)):
        row = [rng.choice(PIECES[:-1]) for _ in range(rng.randint(1, 4))]
        lines.append(",".join(row) + rng.choice(ends))
    text = "".join(lines)
    return text if rng.random() < 0.7 else text.rstrip("\r\n")


@pytest.mark.parametrize("seed", range(300))
def test_every_cut_gives_the_records_of_python_csv(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)  # noqa: S311  (draws tables, no secrets)
    text = drawn(rng)
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", rng.randint(1, 9))
    assert cells(text.encode()) == reference(text), repr(text)


@pytest.mark.parametrize("end", ENDS)
def test_no_byte_is_lost_between_blocks(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 3)
    data = end.join(["a,b", '"1\n2",3', "", "4,5", ""]).encode()
    assert b"".join(block.data for block in read(data)) == data


def test_counts_lines_within_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 4)
    data = b'a\r\n"1\n2\r3\r\n4"\r5\n6\n'
    lines = [line for block in read(data) for line in block.lines.tolist()]
    assert lines == [1, 2, 6, 7]


def test_a_carriage_return_at_the_cut_waits_for_its_newline() -> None:
    assert line_breaks(b"a\r", last=False).tolist() == []
    assert line_breaks(b"a\r", last=True).tolist() == [1]
    assert line_breaks(b"a\r\nb\rc\n").tolist() == [2, 4, 6]


def test_a_quote_within_a_cell_opens_nothing() -> None:
    spans = quoted_spans(b'5" a,"b,",6"\n', ",")
    assert (spans.opens.tolist(), spans.closes.tolist(), spans.unclosed) == ([5], [8], None)


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\n1,2\n3,"4\n5,6\n', 3), ('a,b\n"1\n\n1",2\n3,"4""\n""5', 5), ('a,b\r1,"2', 2)],
)
def test_refuses_a_quote_that_is_never_closed(text: str, line: int) -> None:
    with pytest.raises(InputError, match=f"the one that opens on line {line} never is"):
        read(text.encode())


@pytest.mark.parametrize("sample", [4, 10, 100])
def test_refuses_nul_bytes_with_their_line(sample: int) -> None:
    with pytest.raises(InputError, match="NUL byte on line 3"):
        read(b"a,b\n1,2\n3,\x004\n", sample=sample)


def test_refuses_too_many_bytes_while_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 10)
    stream = io.BytesIO(b"1,2\n" * 1000)
    with pytest.raises(InputError, match="at most 100 bytes, but it has more"):
        list(blocks(stream, b"a,b\n", PLAIN, max_bytes=100))
    assert stream.tell() <= 110


def test_refuses_a_record_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "LARGEST_RECORD", 50)
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 20)
    with pytest.raises(InputError, match="at most 50 bytes, but the one on line 2 has more"):
        read(b"a,b\n" + b"1" * 200 + b"\n")
    with pytest.raises(InputError, match="opens on line 2 never is"):
        read(b'a,b\n"' + b"1\n" * 200)


def test_tells_apart_wide_encodings_cut_within_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 3)
    dialect = Dialect(encoding="utf-16-le", bom=b"\xff\xfe", separator=",", separator_line=False)
    assert cells("a,ü\r\n1,😀\r\n".encode("utf-16-le"), dialect) == [["a", "ü"], ["1", "😀"]]


def test_refuses_wide_text_that_ends_within_a_character() -> None:
    dialect = Dialect(encoding="utf-16-le", bom=b"", separator=",", separator_line=False)
    with pytest.raises(InputError, match="must be text in utf-16-le, but from line 2 on it is not"):
        read("a,b\n1,2\n".encode("utf-16-le")[:-1], dialect)

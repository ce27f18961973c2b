"""Checks that any CSV file keeps all its rows and bytes, or is refused with one message."""

from __future__ import annotations

import copy
import io
import random
import re
from dataclasses import replace

import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError, ScoreOptions, Segmenter
from inference.files.read.delimited import csv_records, csv_rows, csv_source
from inference.files.read.delimited.csv_source import CsvSource
from inference.files.read.open_source import open_source
from tests.scored_files import ADDED, HEADER, ROW, errors, rows, score, text
from tests.test_csv_records import ENDS, PIECES


def read(content: str, width: int, **options: object) -> tuple[list[tuple[str, ...]], list[int], list[int]]:
    """Cells, line numbers and refused rows of a file."""
    with open_source(io.BytesIO(content.encode()), ScoreOptions(**options)) as source:  # type: ignore[arg-type]  # options of any type
        batches = [source.parse(block, range(width)) for block in source.blocks()]
    cells = [row for batch in batches for row in zip(*(c.to_pylist() for c in batch.cells), strict=True)]
    lines = [line for batch in batches for line in batch.lines.tolist()]
    return cells, lines, [int(batch.lines[row]) for batch in batches for row in batch.refused]


@pytest.mark.parametrize("seed", range(60))
def test_cells_and_lines_do_not_depend_on_where_blocks_end(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)  # noqa: S311  (draws tables, no secrets)
    lines = [",".join(rng.choice(PIECES[:-1]) for _ in range(rng.choice([2, 2, 2, 3]))) for _ in range(9)]
    content = "a,b\n" + "".join(line + rng.choice([*ENDS, "\n\n", "\n,\n"]) for line in lines) + "x,y"
    whole = read(content, 2)
    monkeypatch.setattr(csv_source, "SAMPLE_BYTES", 1)
    monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", 25)
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", rng.randint(1, 30))
    assert read(content, 2, separator=",") == whole
    assert len(whole[0]) >= 10


def test_ragged_rows_are_refused_with_their_lines_and_keep_their_cells() -> None:
    cells, lines, refused = read('a,b\n"1\n2",3\n4\n5,6,7\n\n8,9\n', 2)
    assert cells == [("1\n2", "3"), ("4", ""), ("5", "6"), ("8", "9")]
    assert (lines, refused) == ([2, 4, 5, 7], [4, 5])


def test_ragged_rows_keep_the_prediction_in_its_columns(published: Segmenter) -> None:
    scored = rows(published, text(ROW, "2,F,31", ROW))
    assert [row["route"] for row in scored] == ["complete", "error", "complete"]
    assert scored[1]["error"].startswith("line 3: the row must have 5 cells like the header, but it has 3")
    data, _ = score(published, text(ROW, "3,F,31,17,40,9,=9"))
    assert b"\n3,F,31,17,40,9,'=9,,,error,," in data


def test_lines_of_separators_are_rows_but_at_the_end(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = text(ROW, ",,,,", ROW, ",,,,", "", '"",,,,', " ")
    for size in (10_000, 40, 7):
        monkeypatch.setattr(csv_records, "BLOCK_BYTES", size)
        monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", size + 70)
        data, scored = score(published, source)
        assert (scored.rows, scored.complete, scored.prior) == (3, 2, 1)
        assert data.endswith(b'\n,,,,\n\n"",,,,\n \n')


def test_more_lines_of_separators_than_can_be_held_are_rows(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "MOST_HELD", 200)
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 50)
    monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", 150)
    _, scored = score(published, text(ROW, *[",,,,"] * 200))
    assert scored.complete == 1
    assert 150 < scored.prior <= 200


def test_one_column_may_be_all_there_is(published: Segmenter) -> None:
    source = 'spending_score\n5\n\n""\n7\n'
    data, scored = score(published, source, missing=("gender", "age", "annual_income"))
    assert (scored.rows, scored.partial, scored.prior) == (3, 2, 1)
    assert [line.split(b",")[0] for line in data.splitlines()[1:]] == [b"5", b"", b'""', b"7"]


def test_ten_thousand_columns_are_read(published: Segmenter) -> None:
    header = HEADER + "," + ",".join(f"c{place}" for place in range(10_000))
    data, scored = score(published, text(*[ROW + ",x" * 10_000] * 5, header=header))
    assert scored.complete == 5
    assert all((ROW + ",x" * 10_000).encode() in line for line in data.splitlines()[1:])


def test_huge_cells_are_read(published: Segmenter) -> None:
    huge = "y" * 3_000_000
    data, scored = score(
        published, text(f"{ROW},{huge}", f'{ROW},"{huge}\n"', ROW, header=HEADER + "," + "h" * 200_000)
    )
    assert (scored.complete, scored.errors) == (2, 1)
    assert data.count(huge.encode()) == 2


def test_a_header_may_hold_anything(published: Segmenter) -> None:
    header = '"Customer\nID", Gender ,"Age",,"Annual\r\nIncome","Spending ""Score"""'
    data, scored = score(published, text("1,F,31,,17,40", "2,F,31,,17,x", header=header))
    assert scored.reading.headers == (
        "Customer\nID",
        "Gender",
        "Age",
        "",
        "Annual\r\nIncome",
        'Spending "Score"',
    )
    assert data.startswith(header.encode() + b",segment,")
    assert scored.problems[0].example.startswith("line 5: ")


def test_a_scored_file_is_scored_again_beside_what_is_there(published: Segmenter) -> None:
    once, _ = score(published, text(ROW))
    twice, _ = score(published, once)
    second = [f"{name}_2" for name in ADDED]
    assert ",".join([*ADDED, *second]).encode() in twice
    assert b"note_3" in score(published, twice)[0]


def test_words_of_the_prediction_follow_the_file(published: Segmenter) -> None:
    source = text("1;F;31;17,5;40", "2;m;1;20,5;30", header=HEADER.replace(",", ";"), end="\r\n")
    data, scored = score(published, "\ufeffsep=;\r\n" + source)
    lines = data.decode("utf-8").split("\r\n")
    assert lines[0] == "\ufeffsep=;"
    assert re.fullmatch(r"1;F;31;17,5;40;Low income, low score;1;complete;0,\d+;;", lines[2])
    assert scored.reading.decimal_commas == ("Annual Income (k$)",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8-sig"])
def test_comes_back_in_its_own_encoding(published: Segmenter, encoding: str) -> None:
    source = text(ROW + ",Müller", ROW + ",x", header=HEADER + ",Näme").encode(encoding)
    marked = encoding.startswith("utf-32") or encoding.endswith(("16", "sig"))
    data, scored = score(published, source, encoding="" if marked else encoding)
    assert scored.complete == 2
    assert data.startswith(source[:20])
    assert "Müller" in data.decode(encoding)
    assert data.decode(encoding).count("\ufeff") == 0


def test_predictions_that_the_encoding_lacks_are_spelled_out(published: Segmenter) -> None:
    polish = copy.copy(published)
    named = [replace(segment, name=f"{segment.id} Łódź") for segment in published.contract.segments]
    polish.contract = replace(published.contract, segments=tuple(named))
    for encoding in ("shift_jis", "cp1252"):
        data, _ = score(
            polish, text("1,F,31,17,40,x", header=HEADER + ",n").encode(encoding), encoding=encoding
        )
        assert rb" \u0141\xf3d\u017a," in data or rb" \u0141" + "ód".encode(encoding) + rb"\u017a," in data


def test_bytes_that_are_no_text_cost_their_row_only_where_they_matter(published: Segmenter) -> None:
    source = (HEADER + ",né\n" + ROW + ",éèü\n").encode()
    source += b"2,F,31,17,40,\xff\n3,\xff,31,17,40,x\n4,F,31,1\xff,40,x\n"
    data, scored = score(published, source)
    assert (scored.complete, scored.errors, scored.undecodable) == (3, 1, 4)
    assert b"\n2,F,31,17,40,\xff,Low" in data or b'\n2,F,31,17,40,\xff,"Low' in data
    assert b"\n4,F,31,1\xff,40,x,,,error,," in data
    assert [note.column for note in scored.notes] == ["gender"]
    assert "some bytes are not valid" in " ".join(scored.sentences())


def test_a_parquet_file_of_it_has_every_cell_as_text(published: Segmenter) -> None:
    source = text("00123,F,31,17,40,1E5,9007199254740993", "4,F,31", header=HEADER + ",,column_6")
    data, _ = score(published, source, output_format="parquet")
    table = parquet.read_table(io.BytesIO(data))
    assert table.column_names[5:7] == ["column_6_2", "column_6"]
    assert [column.to_pylist()[0] for column in table.columns[:7]] == [
        "00123", "F", "31", "17", "40", "1E5", "9007199254740993",
    ]  # fmt: skip
    assert [column.to_pylist()[1] for column in table.columns[:7]] == ["4", "F", "31", "", "", "", ""]
    assert table.column("error").to_pylist()[1].startswith("line 3: ")


NO_TABLES = {
    "nothing": (b"", "it is empty"),
    "blank lines": (b"\n \r\n\n", "no line with text"),
    "a mark": (b"\xef\xbb\xbf", "no line with text"),
    "header": (HEADER.encode(), "header only"),
    "header and separators": (text(",,,,", "", ",,,,").encode(), "header only"),
    "no header": (text("1,F,1,2,3", header="0001,Male,19,15,39").encode(), "looks like a row"),
    "duplicate": (text(ROW + ",1", header=HEADER + ",AGE").encode(), "must differ by more than case"),
    "missing": (text("F,1,2", header="Gender,Age,Incme").encode(), "Did you mean 'Incme'"),
    "nul": (text(ROW, "\0").encode(), "NUL byte on line 3"),
    "quote": (text(ROW, '"x').encode(), "opens on line 3 never is"),
    "zip": (b"PK\x03\x04" + bytes(100), "it is a zip archive; unpack it first"),
    "gzip": (b"\x1f\x8b" + bytes(100), "it is a gzip archive"),
    "object": (b'{"a": 1', "line 1 cannot be read"),
    "list": (b'[\n {"a": 1}', "no comma and no ] follows it"),
    "list of lists": (b"[[1, 2]]", "object 1 is something else"),
    "pdf": (b"%PDF-1.7", "a PDF document"),
    "sqlite": (b"SQLite format 3\0", "an SQLite database"),
    "arrow": (b"ARROW1\0\0", "it is damaged or cut off"),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_refuses_what_is_not_a_table(published: Segmenter, name: str) -> None:
    content, sentence = NO_TABLES[name]
    with pytest.raises(InputError, match=sentence):
        score(published, content)


def test_headers_in_brackets_are_no_json(published: Segmenter) -> None:
    assert score(published, "[Gender],[Age],[income],[score]\nF,1,2,3\n")[1].complete == 1


@pytest.mark.parametrize("options", [{"max_rows": 3}, {"max_bytes": 90}])
def test_refuses_a_file_beyond_the_limit(published: Segmenter, options: dict[str, int]) -> None:
    with pytest.raises(InputError, match="must have at most"):
        score(published, text(*[ROW] * 4), **options)


def test_a_text_stream_is_refused(published: Segmenter) -> None:
    from inference import score_file

    with pytest.raises(InputError, match="open it in binary mode"):
        score_file(published, io.StringIO(text(ROW)), io.BytesIO())  # type: ignore[arg-type]  # a text stream is refused


def test_rows_that_could_shift_stop_the_run(published: Segmenter, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = CsvSource._parsed

    def one_lost(self: CsvSource, *given: object) -> list[pa.Array]:
        return [column[:-1] for column in parsed(self, *given)]  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(CsvSource, "_parsed", one_lost)
    with pytest.raises(InputError, match="split in two different ways"):
        score(published, text(ROW, ROW))


def test_every_kind_of_refused_row_leaves_the_others(published: Segmenter) -> None:
    bad = ["F,31,-1,40", "F,31,inf,40", "F,31,1e308,40", "F,31,12/5,40", 'F,31,"12,5",40', "F,31,x,40"]
    bad = [f"x,{line}" for line in (*bad, "F,31,2020-01-01,40", "F", "F,31,17,0")]
    reported = errors(published, text(ROW, *[line for each in bad for line in (each, ROW)]))
    assert [bool(sentence) for sentence in reported] == [False] + [True, False] * len(bad)
    assert [sentence.split(":")[0] for sentence in reported[1::2]] == [
        f"line {3 + 2 * n}" for n in range(len(bad))
    ]

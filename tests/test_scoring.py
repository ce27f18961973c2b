"""Checks that files are scored row by row, in order, between all formats, with the right summary."""

from __future__ import annotations

import csv
import io
import threading
from pathlib import Path

import pytest
from pyarrow import parquet
from pyarrow.csv import read_csv

from inference import InputError, Scored, ScoreOptions, Segmenter, score_file
from inference.files.ordered_map import in_order
from inference.files.read.delimited import csv_records
from tests.conftest import ROOT
from tests.scored_files import ADDED, HEADER, ROW, rows, score, text


def test_every_route_is_reported(published: Segmenter) -> None:
    found = rows(published, text(ROW, "2,Female,31,17,", "3,,,,", "4,Female,31,17,x"))
    assert [row["route"] for row in found] == ["complete", "partial", "prior", "error"]
    assert [bool(row["segment"]) for row in found] == [True, True, True, False]
    assert [bool(row["novelty"]) for row in found] == [True, True, False, False]
    assert [bool(row["error"]) for row in found] == [False, False, False, True]
    assert list(found[0])[-6:] == list(ADDED)


def test_the_sums_are_the_rows(published: Segmenter) -> None:
    lines = [ROW, "2,Female,31,17,", "3,,,,", "4,F,31,17,x", "5,F,31,17,y", "6,F,31,-1,4", "7,F"]
    found = rows(published, text(*lines))
    _, scored = score(published, text(*lines))
    assert (scored.rows, scored.complete, scored.partial, scored.prior, scored.errors) == (7, 1, 1, 1, 4)
    assert sum(scored.segments.values()) == 3
    assert all(
        count == sum(row["segment"] == name for row in found) for name, count in scored.segments.items()
    )
    problems = [(each.column, each.rows) for each in scored.problems]
    assert (problems[0], sorted(problems)) == (
        ("spending_score", 2),
        [("", 1), ("annual_income", 1), ("spending_score", 2)],
    )
    assert scored.problems[0].example == found[3]["error"]
    assert "7 rows in" in scored.sentences()[0]
    assert (
        "1 scored exactly, 1 from some of their columns, 1 with nothing known, 4 failed"
        in scored.sentences()[0]
    )


def test_what_was_assumed_is_a_value(published: Segmenter) -> None:
    reading = score(published, text(ROW))[1].reading
    assert reading.mapping["annual_income"] == "Annual Income (k$)"
    assert reading.ignored == ("CustomerID",)
    assert any("not used by the model: 'CustomerID'" in sentence for sentence in reading.sentences())
    reading = score(published, text("1,F,2,3", header="id,sex,age,income"), missing=("spending_score",))[
        1
    ].reading
    assert "unknown in every row, as given: spending_score" in reading.sentences()


def test_rows_stay_in_order_over_many_blocks(published: Segmenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 500)
    monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", 500)
    found = rows(published, text(*[f"{n},Female,31,17,40" for n in range(2000)]))
    assert [int(row["CustomerID"]) for row in found] == list(range(2000))


def test_work_is_handed_on_in_order_whoever_is_first() -> None:
    gate = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            gate.wait(5)
        else:
            gate.set()
        return item

    assert list(in_order(work, iter(range(20)))) == list(range(20))


@pytest.mark.parametrize("target", ["out.csv", "out.tsv", "out.parquet", "out.pq", "OUT.PARQUET", "out"])
def test_the_target_is_written_by_its_name(published: Segmenter, tmp_path: Path, target: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text(text(ROW, ROW))
    score_file(published, source, tmp_path / target)
    if target.lower().endswith(("parquet", "pq")):
        assert parquet.read_table(tmp_path / target).num_rows == 2
    else:
        assert len((tmp_path / target).read_text().splitlines()) == 3


@pytest.mark.parametrize("target", ["out.xls", "out.ods", "out.csv.zip", "out.csv.gz"])
def test_a_name_that_promises_something_else_is_refused(
    published: Segmenter, tmp_path: Path, target: str
) -> None:
    with pytest.raises(InputError, match=r"must be CSV, Parquet, Excel .xlsx., Arrow or JSON, but '"):
        score_file(published, io.BytesIO(text(ROW).encode()), tmp_path / target)
    assert list(tmp_path.iterdir()) == []


def test_the_source_is_never_replaced(published: Segmenter, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(text(ROW))
    (tmp_path / "soft.csv").symlink_to(source)
    (tmp_path / "hard.csv").hardlink_to(source)
    for name in ("in.csv", "soft.csv", "hard.csv", "../" + tmp_path.name + "/in.csv"):
        with pytest.raises(InputError, match="must not replace the file it is made from"):
            score_file(published, source, tmp_path / name)
    assert source.read_text() == text(ROW)


def test_a_model_may_be_given_by_its_path(tmp_path: Path) -> None:
    target = io.BytesIO()
    scored = score_file(ROOT / "artifacts" / "model.onnx", io.BytesIO(text(ROW).encode()), target)
    assert isinstance(scored, Scored)
    assert scored.complete == 1


def test_a_source_that_cannot_be_read_is_reported(published: Segmenter, tmp_path: Path) -> None:
    for name, sentence in (("none.csv", "No such file"), (".", "Is a directory")):
        with pytest.raises(InputError, match=f"must be readable, but it is not \\({sentence}"):
            score_file(published, tmp_path / name, tmp_path / "out.csv")

    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match="must be readable to its end, but it is not \\(Input/output error"):
        score_file(published, Broken(), tmp_path / "out.csv")  # type: ignore[arg-type]  # a stream that fails


def test_progress_is_told_up_to_the_last_row(
    published: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", 200)
    monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", 200)
    source = tmp_path / "in.csv"
    source.write_text(text(*[ROW] * 100))
    reported: list[tuple[int, int, int | None]] = []
    score_file(published, source, io.BytesIO(), progress=lambda *each: reported.append(each))
    assert reported[-1] == (100, source.stat().st_size, source.stat().st_size)
    assert [rows for rows, _, _ in reported] == sorted({rows for rows, _, _ in reported})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "xml"}, "the format must be 'csv', 'parquet', 'excel', 'arrow', 'json' or 'ndjson'"),
        ({"separator": ";;"}, "must be one plain character"),
        ({"separator": '"'}, "must be one plain character"),
        ({"decimals": {"Age": "x"}}, "must be ',' or '.'"),
        ({"max_rows": 0}, "max_rows must be at least 1"),
        ({"output_format": "xml"}, "the output format must be"),
    ],
    ids=["format", "separator", "quote", "mark", "rows", "output"],
)
def test_wrong_settings_are_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        ScoreOptions(**options)  # type: ignore[arg-type]  # options of any type


def test_a_format_that_the_content_is_not_is_refused(published: Segmenter) -> None:
    with pytest.raises(InputError, match="must be PARQUET, but by its content it is CSV"):
        score(published, text(ROW), format="parquet")


def test_a_decimal_mark_may_be_said(published: Segmenter) -> None:
    lines = ["1;F;31;12,5;40"] + ["2;F;31;12;40"] * 20
    source = text(*lines, header=HEADER.replace(",", ";")).replace(";", "|")
    assert score(published, source)[1].errors == 1
    for name in ("annual_income", "Annual Income (k$)"):
        assert score(published, source, decimals={name: ","})[1].errors == 0
    assert len(next(csv.reader(io.StringIO(score(published, source)[0].decode()), delimiter="|"))) == 11


def test_a_profile_column_never_costs_an_exact_answer(published: Segmenter) -> None:
    sound, *odd = rows(published, text(ROW, "2,Martian,31,17,40", "3,Female,999,17,40", "4,F,thirty,17,40"))
    assert sound["note"] == ""
    for row in odd:
        answer = [row[name] for name in ("segment", "probability", "route", "novelty", "error")]
        assert answer == [sound[name] for name in ("segment", "probability", "route", "novelty", "error")]
    assert odd[0]["note"].startswith("column 'gender' must be one of")
    assert odd[0]["note"].endswith("but it is 'Martian'; counted as missing")
    assert odd[1]["note"] == "column 'age' must be from 0 to 120 years, but it is 999.0; counted as missing"
    assert odd[2]["note"] == "column 'age' must be a number, but it is 'thirty'; counted as missing"


def test_a_note_names_every_cell_that_was_not_used(published: Segmenter) -> None:
    (row,) = rows(published, text("1,Martian,999,17,40"))
    assert row["note"].startswith("column 'gender' must")
    assert "; counted as missing; also column 'age' must be" in row["note"]


def test_a_row_in_error_has_no_note(published: Segmenter) -> None:
    (row,) = rows(published, text("1,Martian,31,17,x"))
    assert row["error"].startswith("line 2: column 'spending_score'")
    assert row["note"] == ""


def test_an_odd_cell_is_unknown_to_the_classifier(published: Segmenter) -> None:
    odd, blank = rows(published, text("1,Martian,31,17,", "2,,31,17,"))
    assert odd["note"]
    assert [odd[name] for name in ADDED[:-1]] == [blank[name] for name in ADDED[:-1]]


def test_what_was_not_used_is_counted_and_not_an_error(published: Segmenter) -> None:
    _, scored = score(published, text(ROW, "2,Martian,31,17,40", "3,Martian,31,17,40"))
    assert (scored.complete, scored.errors, scored.problems) == (3, 0, ())
    assert [(note.column, note.rows) for note in scored.notes] == [("gender", 2)]
    assert scored.notes[0].example.startswith("line 3: column 'gender' must")
    assert any(sentence.startswith("in 2 rows a cell could not be used") for sentence in scored.sentences())


def test_a_profile_column_that_is_not_there_is_unknown_and_reported_once(published: Segmenter) -> None:
    source = text("1,31,F,17,40", header="CustomerID,Agee,Gender,Annual Income (k$),Spending Score (1-100)")
    (row,) = rows(published, source)
    assert (row["route"], row["note"]) == ("complete", "")
    reading = score(published, source)[1].reading
    assert reading.absent == {"age": "Agee"}
    told = reading.sentences()
    assert "not in the file, so unknown in every row: age" in told
    assert "is 'Agee' the column age?" in told


def test_a_clustering_column_that_is_not_there_must_be_declared(published: Segmenter) -> None:
    source = text("1,F,31,17", header="CustomerID,Gender,Age,Annual Income (k$)")
    with pytest.raises(InputError, match="column 'spending_score' is missing"):
        score(published, source)
    (row,) = rows(published, source, missing=("spending_score",))
    assert row["route"] == "partial"


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_notes_are_the_same_in_every_format(published: Segmenter, format_: str) -> None:
    frame = read_csv(io.BytesIO(score(published, text(ROW, "2,Martian,31,17,40"))[0]))
    content = io.BytesIO()
    parquet.write_table(frame.select(frame.column_names[:5]), content)
    data, _ = score(published, content.getvalue(), output_format=format_)
    found = parquet.read_table(io.BytesIO(data)) if format_ == "parquet" else read_csv(io.BytesIO(data))
    assert [bool(note) for note in found["note"].to_pylist()] == [False, True]
    assert found["note"].to_pylist()[1] == frame["note"].to_pylist()[1]

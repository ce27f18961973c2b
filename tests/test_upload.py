"""Checks that a file is returned with one segment per row, and that neither it nor the upload is kept."""

from __future__ import annotations

import csv
import logging
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import inference
from inference import InputError, Segmenter, score_file
from inference.files.options import ADDED, EXTENSIONS, ReadOptions
from inference.files.read.headers import match_headers
from service.page.scored.preview import MOST_TEXT, ROWS, preview_of
from service.page.scored.upload import Upload, own_upload
from service.page.views.page_advice import on_page
from service.page.views.score_view import before, example_rows
from service.settings import Settings
from tests.shown_text import words
from tests.synthetic import category, contract, number

HEADER = "id,gender,age,annual_income,spending_score,note"
ROW_OF_EACH_KIND = ("1,Female,31,17,40,a", "2,,,80,,b", "3,,,,,c", "4,Male,45,99999,20,d")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Gradio keeps uploads in this test."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    (tmp_path / "gradio" / "given").mkdir(parents=True)
    return tmp_path / "gradio"


def given(folder: Path, *lines: str) -> Path:
    """An uploaded CSV file."""
    path = folder / "given" / "customers.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def scored(model: Any, path: Path, **options: Any) -> tuple[str, str, dict[str, Any]]:
    """What the handler shows."""
    chosen = {"output": "csv", "separator": "", "encoding": "", "missing": [], **options}
    nothing, summary, details, download, *_ = Upload(model, Settings()).score(str(path), **chosen)
    assert nothing is None
    return summary, details, download


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_comes_back_with_its_own_columns_and_the_answers(published: Segmenter, folder: Path) -> None:
    _, _, download = scored(published, given(folder, *ROW_OF_EACH_KIND))
    (result,) = files_in(folder)
    header, *rows = csv.reader(result.read_text(encoding="utf-8").splitlines())
    assert header == [*HEADER.split(","), *ADDED[:-1], "note_2"]
    assert [",".join(row[:6]) for row in rows] == list(ROW_OF_EACH_KIND)
    assert (
        rows[0][6] == published.predict(gender="Female", age=31, annual_income=17, spending_score=40).segment
    )
    assert [row[8] for row in rows] == ["complete", "partial", "prior", "error"]
    assert result.name == "customers-scored.csv"
    assert "customers-scored.csv" in str(download["value"])


def test_rows_are_counted_by_route_and_segment_and_refusals_are_explained(
    published: Segmenter, folder: Path
) -> None:
    summary, details, _ = scored(published, given(folder, *ROW_OF_EACH_KIND))
    assert "4 rows scored" in words(summary)
    assert re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", summary) == [
        ("complete", "1"), ("partial", "1"), ("nothing known", "1"), ("refused", "1"),
    ]  # fmt: skip
    assert all(segment.name in summary for segment in published.contract.segments)
    assert "must be from 0 to 10000 k$" in words(details)
    assert "How the file was read" in details
    assert "The first 4 rows" in details


def test_the_upload_is_always_deleted(published: Segmenter, folder: Path) -> None:
    good, bad = given(folder, *ROW_OF_EACH_KIND), folder / "given" / "bad.csv"
    bad.write_bytes(b"\xff\xfe\x00nothing")
    scored(published, good)
    summary, details, download = scored(published, bad)
    assert not good.exists()
    assert not bad.exists()
    assert "This file cannot be scored" in words(summary)
    assert details == ""
    assert download["visible"] is False


@pytest.mark.parametrize("path", ["/etc/passwd", "app.py", "", None])
def test_no_file_outside_gradios_folder_is_opened(folder: Path, path: str | None) -> None:
    assert own_upload(path) is None


def test_no_link_out_of_gradios_folder_is_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("x", encoding="utf-8")
    link = folder / "given" / "link.csv"
    link.symlink_to(secret)
    assert own_upload(str(link)) is None
    assert own_upload(str(folder / "given" / ".." / ".." / "secret.csv")) is None
    assert secret.exists()


def test_an_internal_error_leaves_no_file_and_logs_no_value(
    published: Segmenter, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(model: Any, source: Path, target: Path, **_: Any) -> None:
        target.write_text("half", encoding="utf-8")
        raise RuntimeError(f"cannot read {source.read_text(encoding='utf-8')}")

    monkeypatch.setattr(inference, "score_file", failing)
    with caplog.at_level(logging.ERROR):
        summary, *_ = scored(published, given(folder, "77,Female,31,17,40,private"))
    assert "went wrong on our side" in words(summary)
    assert "RuntimeError" in caplog.text
    assert "private" not in caplog.text + summary
    assert files_in(folder) == []


def test_a_file_must_keep_the_limits_that_the_page_states(
    published: Segmenter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def refusing(*_: Any, options: Any, **__: Any) -> None:
        seen.append(options)
        raise InputError("too large")

    monkeypatch.setattr(inference, "score_file", refusing)
    summary, *_ = scored(published, given(folder), missing=["age"], separator=";", encoding="cp1252")
    assert "too large." in words(summary)
    (options,) = seen
    assert (options.max_bytes, options.max_rows) == (200_000_000, 2_000_000)
    assert (options.missing, options.separator, options.encoding) == (("age",), ";", "cp1252")
    reported = words(before(published.contract, largest=200_000_000, most_rows=2_000_000))
    assert "At most 200 MB and 2,000,000 rows." in reported


def test_what_is_in_a_file_is_text_and_never_markup(published: Segmenter, folder: Path) -> None:
    summary, details, _ = scored(published, given(folder, "<b>1</b>,Female,31,17,40,<i>x</i>"))
    assert "<b>1" not in summary + details
    assert "&lt;i&gt;x&lt;/i&gt;" in details


def test_the_example_file_is_scored_without_a_refusal(published: Segmenter, folder: Path) -> None:
    path = folder / "given" / "example.csv"
    path.write_text(example_rows(published.contract), encoding="utf-8")
    summary, *_ = scored(published, path)
    assert f"{len(published.contract.segments)} rows scored" in words(summary)
    assert ("refused", "0") in re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", summary)


def test_the_example_file_quotes_what_would_break_a_row() -> None:
    known = contract([number("a"), category("b", ['x, "y"', "z"])], ["One", "Two"])
    assert list(csv.reader(example_rows(known).splitlines())) == [
        ["a", "b"],
        *[["25", 'x, "y"']],
        ["75", 'x, "y"'],
    ]


def test_the_first_rows_show_the_added_columns_next_to_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "scored.csv"
    lines = [";".join(["id", "own", *ADDED])] + [f'{row};"a;b";One;0.5;complete;0.1;;' for row in range(20)]
    path.write_text("\n".join(lines), encoding="utf-8")
    seen = preview_of(path)
    assert seen.header == ["id", *ADDED, "own"]
    assert [seen.header[place] for place in sorted(seen.added)] == list(ADDED)
    assert seen.rows[0] == ["0", "One", "0.5", "complete", "0.1", "", "", "a;b"]
    assert len(seen.rows) == ROWS


def test_the_first_rows_of_parquet_are_text_too(tmp_path: Path) -> None:
    path = tmp_path / "scored.parquet"
    columns: dict[str, list[Any]] = {"id": [1], "long": ["x" * 500], **{name: [None] for name in ADDED}}
    parquet.write_table(pa.table(columns), path)
    seen = preview_of(path)
    assert seen.header == ["id", *ADDED, "long"]
    assert seen.rows[0][:2] == ["1", ""]
    assert len(seen.rows[0][-1]) == MOST_TEXT + 1


@pytest.mark.parametrize(("encoding", "reported"), [("", "Zoë"), ("cp1252", "Zoë"), ("utf-16", "Zoë")])
def test_the_first_rows_are_read_in_the_files_encoding(tmp_path: Path, encoding: str, reported: str) -> None:
    path = tmp_path / "scored.csv"
    text = ",".join(["name", *ADDED]) + f"\n{reported},One,1,complete,0,,\n"
    path.write_bytes(text.encode(encoding or "cp1252"))
    assert preview_of(path, encoding).rows[0][0] == reported


def test_a_single_row_without_a_last_line_end_is_scored(published: Segmenter, folder: Path) -> None:
    scored(published, given(folder, ROW_OF_EACH_KIND[0]))
    (result,) = files_in(folder)
    header, row = csv.reader(result.read_text(encoding="utf-8").splitlines())
    assert len(header) == len(row)
    assert row[:6] == ROW_OF_EACH_KIND[0].split(",")


@pytest.mark.parametrize(
    ("header", "end", "encoding"),
    [
        (HEADER, "\n", "utf-16"),
        (HEADER, "\r", "utf-8"),
        (HEADER.replace("note", "probability"), "\n", "utf-8"),
        (HEADER.replace(",", ";").replace("note", '"two\nlines"'), "\n", "utf-8"),
        (HEADER.replace("note", "x" * 140_000), "\n", "utf-8"),
    ],
)
def test_the_first_rows_of_any_file_that_is_scored_are_shown(
    published: Segmenter, folder: Path, header: str, end: str, encoding: str
) -> None:
    path = folder / "given" / "customers.csv"
    row = ROW_OF_EACH_KIND[0].replace(",", ";" if ";" in header else ",")
    path.write_bytes(end.join([header, row, ""]).encode(encoding))
    summary, details, _ = scored(published, path)
    assert "1 row scored" in words(summary)
    assert "The first row" in words(details)
    segment = published.predict(gender="Female", age=31, annual_income=17, spending_score=40).segment
    assert "id segment probability" in words(details)
    assert f"1 {segment}" in words(details)
    assert len(files_in(folder)) == 1


def test_a_result_whose_rows_cannot_be_shown_can_still_be_downloaded(
    published: Segmenter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> None:
        raise ValueError("no preview")

    monkeypatch.setattr("service.page.scored.upload.preview_of", failing)
    summary, details, download = scored(published, given(folder, *ROW_OF_EACH_KIND))
    assert "4 rows scored" in words(summary)
    assert "The first" not in details
    assert "customers-scored.csv" in str(download["value"])
    assert [path.name for path in files_in(folder)] == ["customers-scored.csv"]


@pytest.mark.parametrize(
    ("headers", "columns", "reported"),
    [
        (["Years", "b"], {}, "rename the header to 'a', or tick it under the columns the file does not have"),
        (["A_", "A ", "b"], {}, "could be; rename all but one of them"),
        (["a"], {"b": "a"}, "give 'a' a header of its own"),
    ],
)
def test_a_refusal_on_the_page_explains_what_to_do_there(
    headers: list[str], columns: dict[str, str], reported: str
) -> None:
    known = contract([number("a"), number("b")], ["One", "Two"])
    with pytest.raises(InputError) as caught:
        match_headers(known.columns, headers, ReadOptions(columns=columns))
    assert reported in on_page(caught.value)
    assert "--" not in on_page(caught.value)


@pytest.mark.parametrize("output", ["excel", "json", "parquet"])
def test_the_first_rows_are_the_same_in_every_format(
    published: Segmenter, tmp_path: Path, output: str
) -> None:
    lines = ["name,annual_income,spending_score,more"]
    lines += [f"Ann {row},{15 + row},{1 + row},{'x' if row % 2 else ''}" for row in range(30)]
    (tmp_path / "in.csv").write_text("\n".join(lines), encoding="utf-8")
    seen = []
    for name in ("csv", output):
        target = tmp_path / f"out.{EXTENSIONS[name]}"
        score_file(published, tmp_path / "in.csv", target)
        seen.append(preview_of(target))
    assert len(seen[0].rows) == ROWS
    assert seen[0] == seen[1]

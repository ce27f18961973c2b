"""Checks the model as a workbook, calculated by LibreOffice; needs requirements/engines.lock."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from inference import Segmenter
from inference.__main__ import main
from inference.engines.workbook.workbook_file import write_workbook
from inference.engines.workbook.workbook_formulas import _text

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"
# LibreOffice shows what the file says that a formula gives, unless it is told to calculate.
CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def _calculated(book: Path) -> list[dict[str, str]]:
    """The first sheet by row, as LibreOffice calculates it."""
    profile = book.with_name("profile")
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(CALCULATE, encoding="utf-8")
    office = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    convert = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(book.parent)]
    subprocess.run([*office, *convert, str(book)], check=True, capture_output=True)
    with book.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_answers_the_published_vectors_as_the_file(tmp_path: Path) -> None:
    segmenter = Segmenter.load(MODEL)
    vectors = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text(encoding="utf-8"))
    names = segmenter.contract.names
    rows = [
        dict(zip(names, row, strict=True))
        for row in zip(*(vectors["inputs"][name] for name in names), strict=True)
    ]
    known = [place for place, row in enumerate(rows) if any(cell not in (None, "") for cell in row.values())]
    book = tmp_path / "segments.xlsx"
    write_workbook(book, segmenter, rows=len(known), given=[rows[place] for place in known])
    found = _calculated(book)
    assert [row["Segment"] for row in found] == [vectors["outputs"]["segment"][place] for place in known]
    genders = {*segmenter.contract.column("gender").spellings, "", None}
    wrong = ["" if rows[place]["gender"] in genders else "Gender cannot be used" for place in known]
    assert [row["Problem"] for row in found] == wrong
    for row, place in zip(found, known, strict=True):
        chance = max(vectors["outputs"]["probabilities"][place])
        assert float(row["Probability"].rstrip("%")) == pytest.approx(chance * 100, abs=0.06)


def test_cells_that_cannot_be_used_are_said_and_empty_rows_stay_empty(tmp_path: Path) -> None:
    segmenter = Segmenter.load(MODEL)
    given: list[dict[str, Any]] = [
        {"gender": "female", "age": 30, "annual_income": 40, "spending_score": 50},
        {"gender": "robot", "annual_income": 40, "spending_score": 50},
        {"annual_income": 40, "spending_score": 101},
        {"annual_income": "much", "spending_score": 50},
    ]
    book = tmp_path / "segments.xlsx"
    write_workbook(book, segmenter, rows=5, given=given)
    sound, gender, score, income, empty = _calculated(book)
    wanted = segmenter.predict(annual_income=40, spending_score=50)
    assert (sound["Segment"], sound["Certain enough"], sound["Route"]) == (wanted.segment, "yes", "complete")
    assert [each["Problem"] for each in (gender, score, income)] == [
        "Gender cannot be used",
        "Spending score cannot be used",
        "Annual income cannot be used",
    ]
    assert [each["Segment"] for each in (gender, score, income)] == [wanted.segment, "", ""]
    assert set(empty.values()) == {""}


def test_long_names_and_quotes_are_written_so_that_excel_takes_them() -> None:
    name = 'a "b"' * 60
    formula = _text(name)
    parts = formula.split('"&"')
    assert len(parts) == 3
    assert all(len(part) <= 255 for part in parts)
    assert "".join(parts).strip('"').replace('""', '"') == name.strip('"')


def test_the_command_writes_a_new_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "segments.xlsx"
    command = ["xlsx", str(MODEL), "--out", str(out), "--rows", "3"]
    assert main(command) == 0
    assert len(_calculated(out)) == 3
    assert main(command) == 2
    assert main(["xlsx", str(MODEL), "--out", str(tmp_path / "none" / "x.xlsx")]) == 2
    assert main(["xlsx", str(MODEL), "--out", str(tmp_path / "y.xlsx"), "--rows", "0"]) == 2
    said = capsys.readouterr().err
    assert "must not exist yet" in said
    assert "No such file or directory" in said
    assert "--rows must be from 1 to 10,000" in said

"""Scores the same files on the static page and with the package, and compares cells, errors and notes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from inference import InputError, Segmenter, score_file
from service.page.views.page_advice import on_page
from tests.conftest import ROOT
from tests.static_page import PATIENCE, open_page

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FILES = {
    "sample": (ROOT / "examples" / "sample.csv").read_text(encoding="utf-8"),
    "semicolon and decimal comma": "id;Age;Annual Income (k$);Spending Score (1-100)\n"
    "1;31,5;17,25;40,5\n2;44;88,75;12,5\n3;;120,5;99\n",
    "quoted decimal comma": 'age,annual_income,spending_score\n31,"17,5","40,25"\n44,"88,75","12,5"\n',
    "one decimal comma among points": 'age,income,score\n31,"17,5",40\n44,88,12\n20,61,50\n33,70,20\n',
    "tab": "age\tincome\tscore\n31\t17\t40\n",
    "bar": "age|income|score\n31|17|40\n44|88|12\n",
    "only clustering columns": "Spending Score (1-100),ANNUAL-INCOME,name\n40,17,Ada\n12,88,Bob\n",
    "words for missing": "gender,age,income,score\nN/A,n/a,17,-\nFemale,NULL,none,40\nnan,?,17,40\n",
    "wrong cells": "gender,age,income,score\nrobot,31,17,40\nMael,old,17,40\nf,130,17,40\nf,31,-1,40\n"
    'f,31,17,abc\nf,31,17,150\nf,31,"17,5",40\nf,,,\n"it\'s",31,17,40\n',
    "byte order mark": "\ufeffage,income,score\n31,17,40\n",
    "blank lines": "\n\nage,income,score\n\n31,17,40\n\n12,88,x\n\n",
    "carriage returns": "age,income,score\r\n31,17,40\r\n44,88,12\r\n",
    "short and long rows": "age,income,score\n31,17,40\n31\n31,1,2,3\n44,88,12\n20,61,50\n33,70,20\n",
    "thousands": "age;income;score\n31;1.234,5;40\n44;88,5;12\n",
    "thousands with commas": 'age,income,score\n31,"1,234.5",40\n44,88.5,12\n',
    "mark of another column": "a;income;score\n1,5;1.234;40\n2,5;2.345;12\n",
    "formulas": "name,income,score\n=1+1,17,40\n-5,88,12\n@x,88,12\n+abc,17,40\n",
    "blank header": "age,,income,score\n31,x,17,40\n",
    "own columns": "segment,income,score,note\nA,17,40,x\n",
    "title above": "Customers of May\n\nage,income,score\n31,17,40\n44,88,12\n",
    "separator line": "sep=;\nage;income;score\n31;17;40\n",
    "spaces": "  age , income , score \n 31 , 17 , 40 \n",
    "forms of numbers": "age,income,score\n31,+17,4e1\n31,17.,.5e2\n31,1e400,40\n31,inf,40\n31,0017,40\n",
    "a date among numbers": "age,income,score\n31,2024-01-01,40\n31,17,40\n31,18,41\n",
    "quotes": 'name,income,score\n"Ada ""A"" L, x",17,40\n"two\nlines",88,x\nz,1,y\n',
    "totals": "name,income,score\nA,17,40\nB,88,12\nTotal,105,52\n",
}
REFUSED = {
    "no clustering column": "name,town\nAda,London\n",
    "one clustering column": "age,score\n31,40\n",
    "either mark": "age;income;score\n31;1.234;40\n44;2.345;12\n",
    "same headers": "age,Age,income,score\n31,32,17,40\n",
    "two headers for one column": "income,annual income,score\n31,32,17\n",
    "only a header": "age,income,score\n",
    "empty": "",
    "no header": "31,17,40\n44,88,12\n20,61,50\n",
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The static page."""
    with open_page(browser) as opened:
        yield opened


def give(page: Page, name: str, content: bytes) -> None:
    """Hand a file to the page and wait for what becomes of it."""
    page.evaluate("document.querySelector('#scored').replaceChildren()")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("#scored a.button, #scored .message").wait_for(timeout=PATIENCE)


def saved(page: Page) -> bytes:
    """The scored file."""
    with page.expect_download() as download:
        page.click("#scored a.button")
    return Path(download.value.path()).read_bytes()


def cells(content: bytes, separator: str) -> list[list[str]]:
    """The cells of a CSV file."""
    text = content.decode("utf-8-sig")
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]


def _same(one: str, other: str) -> bool:
    """Whether two cells are the same; numbers may differ in the digits of single precision."""
    try:
        return one == other or abs(float(one.replace(",", ".")) - float(other.replace(",", "."))) <= 2e-6
    except ValueError:
        return False


def _compare(found: list[list[str]], wanted: list[list[str]]) -> None:
    assert [len(row) for row in found] == [len(row) for row in wanted]
    for row, other in zip(found, wanted, strict=True):
        assert [cell for cell, same in zip(row, other, strict=True) if not _same(cell, same)] == [], other


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_scored_as_by_the_package(page: Page, published: Segmenter, name: str) -> None:
    content, target = FILES[name].encode(), io.BytesIO()
    scored = score_file(published, io.BytesIO(content), target)
    give(page, "customers.csv", content)
    header = target.getvalue().decode()
    separator = next(each for each in (";", "\t", "|", ",") if f"probability{each}route" in header)
    _compare(cells(saved(page), separator), cells(target.getvalue(), separator))
    sentences = [f"{each[:1].upper()}{each[1:].removesuffix('.')}." for each in scored.reading.sentences()]
    assert page.locator("#scored ul.points li").all_inner_texts()[: len(sentences)] == sentences
    tiles = [scored.complete, scored.partial, scored.prior, scored.errors - scored.left_out]
    assert page.locator("#scored .tile dd").all_inner_texts() == [f"{count:,}" for count in tiles]
    problems = [
        [each.column or "\N{EN DASH}", each.example, f"{each.rows:,}"]
        for each in (*scored.problems, *scored.notes)
    ]
    shown = [row.locator("th, td").all_inner_texts() for row in page.locator("#scored tbody tr").all()]
    assert sorted(shown) == sorted(problems)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_as_by_the_package(page: Page, published: Segmenter, name: str) -> None:
    """With the same sentence up to what to do, which on this page is another thing."""
    with pytest.raises(InputError) as refusal:
        score_file(published, io.BytesIO(REFUSED[name].encode()), io.BytesIO())
    give(page, "customers.csv", REFUSED[name].encode())
    expect(page.locator("#scored .message h2")).to_have_text("This file cannot be scored")
    shown = page.inner_text("#scored .message p")
    assert shown.split("; ")[0] == on_page(refusal.value).split("; ")[0]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_another_encoding_is_read(page: Page, published: Segmenter, encoding: str) -> None:
    content, target = "name,income,score\nJos\u00e9,17,40\n".encode(encoding), io.BytesIO()
    score_file(published, io.BytesIO(content), target)
    give(page, "customers.csv", content)
    wanted = target.getvalue().decode(encoding).encode()
    _compare(cells(saved(page), ","), cells(wanted, ","))


def test_a_sheet_of_excel_is_scored_as_by_the_package(
    page: Page, published: Segmenter, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Customers of May"],
        [],
        ["id", "Gender", "AGE", "Annual Income (k$)", "score", "since"],
        [1, "Female", 31.5, 17.25, 40.5, date(2024, 3, 1)],
        [2, " m ", 44, 1.234, 12, None],
        [3, "robot", "old", 50, 150],
        [None],
        [4, "", None, 61, None],
        ["Total", None, None, 130],
    ):
        sheet.append(row)
    book.create_sheet("Other").append(["x"])
    book.save(tmp_path / "customers.xlsx")
    scored = score_file(published, tmp_path / "customers.xlsx", tmp_path / "scored.csv")
    give(page, "customers.xlsx", (tmp_path / "customers.xlsx").read_bytes())
    _compare(cells(saved(page), ","), cells((tmp_path / "scored.csv").read_bytes(), ","))
    sentences = [f"{each[:1].upper()}{each[1:].removesuffix('.')}." for each in scored.reading.sentences()]
    assert page.locator("#scored ul.points li").all_inner_texts()[: len(sentences)] == sentences


def test_what_is_no_excel_file_is_refused(page: Page) -> None:
    give(page, "customers.xlsx", b"PK\x03\x04 and nothing more")
    expect(page.locator("#scored .message p")).to_contain_text("the file must be an Excel file (.xlsx)")


def test_columns_are_chosen_where_their_headers_do_not_tell(page: Page, published: Segmenter) -> None:
    """What is spelled alike is proposed; a column can also be left out."""
    content = b"years,anual_incme,pts\n31,17,40\n44,88,12\n"
    give(page, "customers.csv", content)
    expect(page.locator("#scored .message p")).to_contain_text("column 'annual_income' is missing")
    assert page.input_value("#choice-annual_income") == "anual_incme"
    assert page.input_value("#choice-spending_score") == ""
    page.select_option("#choice-spending_score", "pts")
    page.select_option("#choice-age", "years")
    page.click("#scored form button")
    expect(page.locator("#scored .tile dd").first).to_have_text("2")
    answer = published.predict(age=31, annual_income=17, spending_score=40)
    first = cells(saved(page), ",")[1]
    assert first[3:6:2] == [answer.segment, "complete"]
    page.locator("#scored summary").click()
    page.select_option("#choice-spending_score", "")
    page.click("#scored form button")
    expect(page.locator("#scored .tile dd").nth(1)).to_have_text("2")
    partial = published.predict(age=31, annual_income=17)
    assert cells(saved(page), ",")[1][3:6:2] == [partial.segment, "partial"]

"""What a caller may say about a file is the same on the page, in REST and in Gradio, and messages name it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from inference import InputError, Segmenter
from service.api.file_scoring import file_option, file_options
from service.page.scored.upload import Upload
from service.settings import Settings
from tests.web import client as client_of

CSV = {"Content-Type": "text/csv", "Accept-Encoding": "identity"}
HEADING = "gender;age;annual_income;spending_score"
EITHER = "\n".join([HEADING, *[f"Female;31;{row + 10}.{row:03};40" for row in range(1, 30)], ""])


@pytest.fixture(scope="module")
def client(published: Segmenter) -> Iterator[TestClient]:
    with client_of(published) as client:
        yield client


def posted(client: TestClient, content: str, **query: Any) -> Any:
    return client.post("/v1/score", content=content.encode(), params=query, headers=CSV)


def test_the_decimal_mark_that_a_message_asks_for_can_be_given(client: TestClient) -> None:
    content = EITHER.replace("annual_income", "Spend").replace("31;", "31,5;")
    for mark in ("comma", ","):
        answer = posted(client, content, column="annual_income=Spend", decimal=f"Spend={mark}")
        assert answer.status_code == 200, answer.text
        assert "must be from" in answer.text or answer.headers["x-rows-refused"] == "0"
    with_point = posted(client, content, column="annual_income=Spend", decimal="Spend=point")
    assert with_point.headers["x-rows-refused"] == "0"
    assert with_point.text != answer.text


def test_a_word_for_missing_can_be_given(client: TestClient) -> None:
    content = f"{HEADING}\nFemale;31;17;40\nFemale;31;17;unknown\nFemale;31;-1;-1\n"
    assert posted(client, content).headers["x-rows-refused"] == "2"
    assert posted(client, content, na=["unknown", "-1"]).headers["x-rows-refused"] == "0"


@pytest.mark.parametrize("separator", ["\\t", "\t"])
def test_separator_and_encoding_can_be_given(client: TestClient, separator: str) -> None:
    content = f"{HEADING};Straße\nFemale;31;17;40;Ä|ö\n".replace(";", "\t").encode("cp1252")
    query = {"separator": separator, "encoding": "cp1252"}
    answer = client.post("/v1/score", content=content, params=query, headers=CSV)
    assert answer.status_code == 200, answer.text
    assert "Ä|ö" in answer.content.decode("cp1252")
    refused = client.post("/v1/score", content=content, params={"encoding": "latin-99"}, headers=CSV)
    assert refused.status_code == 422
    assert "latin-99" in refused.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"decimal": "Spend"}, "decimal"),
        ({"decimal": "Spend=;"}, "decimal"),
        ({"decimal": "=comma"}, "decimal"),
        ({"column": "age"}, "column"),
        ({"header_row": "0"}, "header_row"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(
    client: TestClient, query: dict[str, str], field: str
) -> None:
    answer = posted(client, EITHER, **query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert len(answer.json()["detail"]) <= 300


def test_the_openapi_document_lists_the_options(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    names = {each["name"] for each in document["paths"]["/score"]["post"]["parameters"]}
    found = {"column", "missing", "sheet", "header_row", "keep_totals"}
    assert names == found | {"decimal", "na", "separator", "encoding", "output"}


def test_empty_texts_leave_everything_to_be_detected() -> None:
    names = ("column", "missing", "decimal", "na", "sheet", "header_row")
    found = file_options({name: ["", " "] for name in names})
    assert {name: value for name, value in found.items() if value} == {}
    assert file_option("decimal", ["a=b=comma"]) == {"decimals": {"a=b": ","}}
    with pytest.raises(InputError, match="HEADING=comma or HEADING=point"):
        file_option("decimal", ["Spend=komma"])


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"decimal": "annual_income=comma\n"}, "29 rows scored"),
        ({"decimal": "annual_income"}, "HEADING=comma"),
        ({"header_row": "7x"}, "header_row must be a whole number"),
        ({"header_row": "1", "na": "40", "decimal": "annual_income=point"}, "29 rows scored"),
        ({"decimal": "Spend=comma"}, "a decimal mark is given for"),
    ],
)
def test_the_page_takes_the_same(
    published: Segmenter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, str],
    shown: str,
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    path = tmp_path / "customers.csv"
    path.write_text(EITHER)
    chosen: dict[str, Any] = dict(options)
    _, summary, *_ = Upload(published, Settings()).score(str(path), "csv", "", "", [], **chosen)
    assert shown in summary

"""Checks that a file may be sent as a form, in any pieces, and that anything else in a form is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from inference import Segmenter
from service.settings import Settings
from tests.test_rest_score import CSV, MAGIC, parquet_file, table
from tests.web import client as client_of


@pytest.fixture(scope="module")
def client(published: Segmenter) -> Iterator[TestClient]:
    """The API about the published model, for files of up to 50,000 rows and 5 MB."""
    settings = Settings(max_upload_mb=5, max_upload_rows=50_000, score_workers=1)
    with client_of(published, settings) as client:
        yield client


def sent_as_form(client: TestClient, content: bytes, *, name: str = "customers.csv", **options: Any) -> Any:
    """The answer to a file that curl sends with ``-F file=@...``."""
    return client.post(
        "/v1/score", files={"file": (name, content)}, headers={"Accept-Encoding": "identity"}, **options
    )


def test_a_form_with_a_file_is_answered_as_the_file(client: TestClient) -> None:
    expected = client.post("/v1/score", content=table(3000), headers=CSV)
    answer = sent_as_form(client, table(3000))
    assert (answer.status_code, answer.content) == (200, expected.content)
    assert answer.headers["x-rows"] == "3000"
    assert sent_as_form(client, parquet_file(), name="x").content.startswith(MAGIC)


def test_options_of_a_form_are_in_the_query(client: TestClient) -> None:
    content = b"Years,annual_income\n31,17\n"
    assert sent_as_form(client, content).status_code == 422
    answer = sent_as_form(client, content, params={"column": "age=Years", "missing": "spending_score"})
    assert answer.headers["x-rows"] == "1"


def form(*parts: bytes, end: bytes = b"--x--\r\n") -> bytes:
    """A form with the boundary x."""
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + end


FILE = b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + table(2)
FIELD = b'Content-Disposition: form-data; name="missing"\r\n\r\ngender'
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_form_may_come_in_any_pieces(client: TestClient, size: int) -> None:
    whole = form(FILE)
    pieces = (whole[at : at + size] for at in range(0, len(whole), size))
    answer = client.post("/v1/score", content=pieces, headers=MULTIPART)
    assert (answer.status_code, answer.headers.get("x-rows")) == (200, "2")


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (form(FILE, end=b""), 400, "it ends before its last boundary"),
        (form(FILE)[:80], 400, "it ends before its last boundary"),
        (b"gender,age\n", 400, "must be multipart/form-data, but it is not"),
        (b"", 400, "it ends before its last boundary"),
        (form(), 422, "but it has none"),
        (form(FILE, FILE), 422, "but it has several"),
        (form(FIELD, FILE), 422, "give options such as ?missing= in the query"),
        (form(FILE, FIELD), 422, "give options such as ?missing= in the query"),
        (form(b"x" * 5000), 400, "must be multipart/form-data"),
        (form(FILE[:100] + b"x" * 5_100_000), 413, "at most"),
    ],
    ids=[
        "no end",
        "cut",
        "no form",
        "empty",
        "no file",
        "two files",
        "field",
        "field after",
        "header",
        "large",
    ],
)
def test_a_form_that_is_not_one_file_is_a_problem(
    client: TestClient, body: bytes, status: int, sentence: str
) -> None:
    answer = client.post("/v1/score", content=body, headers=MULTIPART)
    assert (answer.status_code, sentence in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.parametrize("media", ["multipart/form-data", "multipart/form-data; boundary=" + "x" * 300])
def test_a_form_without_a_boundary_is_a_problem(client: TestClient, media: str) -> None:
    answer = client.post("/v1/score", content=form(FILE), headers={"Content-Type": media})
    assert answer.status_code == 400
    assert "must name its boundary" in answer.json()["detail"]

"""Checks that a client gets a file or a batch in the format that it asks for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet
from starlette.testclient import TestClient

from inference import Segmenter
from inference.files.options import FORMATS
from service.api.http.media_types import MEDIA_TYPES
from service.rest import batch_endpoint
from service.settings import Settings
from tests.web import client as client_of

ROWS = [{"age": 20 + at, "annual_income": 15 + at, "spending_score": 1 + at} for at in range(40)]
CSV = "age,annual_income,spending_score\n" + "".join(
    f"{row['age']},{row['annual_income']},{row['spending_score']}\n" for row in ROWS
)


@pytest.fixture(scope="module")
def client(published: Segmenter) -> Iterator[TestClient]:
    """The API about the published model."""
    with client_of(published, Settings()) as client:
        yield client


def segments(content: bytes, output: str) -> list[Any]:
    """The column ``segment`` of a table."""
    if output == "csv":
        return [row["segment"] for row in csv.DictReader(io.StringIO(content.decode()))]
    if output == "json":
        return [row["segment"] for row in json.loads(content)]
    if output == "ndjson":
        return [json.loads(line)["segment"] for line in content.splitlines()]
    if output == "parquet":
        return list(parquet.read_table(io.BytesIO(content))["segment"].to_pylist())
    if output == "arrow":
        return list(pa.ipc.open_stream(content).read_all()["segment"].to_pylist())
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    return [row[header.index("segment")] for row in rows]


@pytest.mark.parametrize("output", FORMATS)
def test_a_file_comes_back_in_the_format_that_is_accepted(
    client: TestClient, published: Segmenter, output: str
) -> None:
    headers = {"Content-Type": "text/csv", "Accept": MEDIA_TYPES[output]}
    answer = client.post("/v1/score", content=CSV, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[output]
    assert segments(answer.content, output) == published.predict_many(ROWS).segment.tolist()
    assert "Accept" in answer.headers["vary"]
    asked = client.post(
        "/v1/score", params={"output": output}, content=CSV, headers={"Content-Type": "text/csv"}
    )
    assert segments(asked.content, output) == segments(answer.content, output)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "csv"),
        ("", "csv"),
        ("application/json, text/plain, */*", "csv"),  # what axios sends with everything
        ("text/html, application/xhtml+xml, */*;q=0.8", "csv"),
        ("application/json;q=0.9, application/x-ndjson", "ndjson"),
        ("application/*", "parquet"),
        ("text/csv;q=0, */*", "parquet"),
        ("application/jsonl", "ndjson"),
        ("application/vnd.apache.arrow.stream;q=x", "arrow"),
    ],
)
def test_the_format_that_is_wanted_most_is_chosen(client: TestClient, accept: str, kind: str) -> None:
    headers = {"Content-Type": "text/csv", "Accept": accept}
    answer = client.post("/v1/score", content=CSV, headers=headers)
    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[kind]


@pytest.mark.parametrize("path", ["/v1/score", "/v1/predict/batch"])
def test_a_format_that_cannot_be_given_is_a_problem(client: TestClient, path: str) -> None:
    kind = "text/csv" if path == "/v1/score" else "application/json"
    content = CSV if path == "/v1/score" else json.dumps({"rows": ROWS})
    answer = client.post(path, content=content, headers={"Content-Type": kind, "Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "'image/png'" in answer.json()["detail"]
    wrong = client.post(
        "/v1/score", params={"output": "xml"}, content=CSV, headers={"Content-Type": "text/csv"}
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "output"


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", "application/octet-stream"])
def test_json_and_arrow_files_are_scored(client: TestClient, published: Segmenter, kind: str) -> None:
    wanted = published.predict_many(ROWS).segment.tolist()
    lines = "\n".join(map(json.dumps, ROWS))
    content = {"application/json": json.dumps(ROWS), "application/x-ndjson": lines}.get(kind, lines)
    answer = client.post("/v1/score", content=content, headers={"Content-Type": kind})
    own = "json" if kind == "application/json" else "ndjson"
    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[own]  # as it came
    assert segments(answer.content, own) == wanted
    form = client.post("/v1/score", files={"file": ("a.ndjson", lines)}, headers={"Accept": "text/csv"})
    assert segments(form.content, "csv") == wanted


@pytest.mark.parametrize("output", batch_endpoint.ANSWERED)
def test_a_batch_comes_back_in_the_format_that_is_accepted(
    client: TestClient, published: Segmenter, output: str
) -> None:
    rows = [*ROWS, {"age": "old", "annual_income": -1}]
    answer = client.post("/v1/predict/batch", json={"rows": rows}, headers={"Accept": MEDIA_TYPES[output]})
    assert answer.status_code == 200
    wanted = published.predict_many(ROWS).segment.tolist()
    if output == "json":
        body = answer.json()
        assert [each["segment"] for each in body["answers"][:-1]] == wanted
        assert [(each["row"], each["field"]) for each in body["errors"]] == [
            (40, "age"),
            (40, "annual_income"),
        ]
        assert body["answered"] == 40
    elif output == "ndjson":
        lines = [json.loads(line) for line in answer.content.splitlines()]
        assert [line["segment"] for line in lines[:-1]] == wanted
        assert lines[-1]["row"] == 40
        assert [each["field"] for each in lines[-1]["errors"]] == ["age", "annual_income"]
    else:
        *found, last = segments(answer.content, output)
        assert found == wanted
        assert not last


def test_lines_in_are_answered_line_by_line_and_a_bad_one_stops_no_other(
    client: TestClient, published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_endpoint, "AT_ONCE", 7)
    lines = [json.dumps(row) for row in ROWS]
    lines[5:5] = ['{"age": 1', "[1]", '{"age": NaN}', '{"ages": 1}']
    headers = {"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"}
    answer = client.post("/v1/predict/batch", content="\n".join(lines), headers=headers)
    found = [json.loads(line) for line in answer.content.splitlines()]
    assert [line["row"] for line in found] == list(range(44))
    assert [line["segment"] for line in found if "segment" in line] == published.predict_many(
        ROWS
    ).segment.tolist()
    assert [line["errors"][0]["field"] for line in found[5:9]] == [None, None, "age", "ages"]
    whole = client.post("/v1/predict/batch", content="\n".join(lines), headers={**headers, "Accept": "*/*"})
    assert whole.json()["answered"] == 40
    empty = client.post("/v1/predict/batch", content="\n", headers=headers)
    assert empty.status_code == 400


def test_more_rows_than_a_json_batch_may_have_are_answered_as_lines(client: TestClient) -> None:
    line = json.dumps(ROWS[0]) + "\n"
    headers = {"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"}
    answer = client.post("/v1/predict/batch", content=line * 10_500, headers=headers)
    assert answer.content.count(b"\n") == 10_500
    refused = client.post("/v1/predict/batch", content=line * 10_500, headers={**headers, "Accept": "*/*"})
    assert refused.status_code == 422

"""Checks that a file is scored as a stream: completely or not at all, within limits, and not stored."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import threading
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from inference import Scored, Segmenter
from inference.files import scoring
from service.api.api_predictions import Predictor
from service.api.http.media_types import MEDIA_TYPES
from service.rest import rest_api, streams
from service.rest.score_upload import EXCEL_CSV
from service.settings import Settings
from service.thread_pools import WorkerPools
from tests.web import client as client_of

PARQUET, EXCEL, MAGIC = MEDIA_TYPES["parquet"], MEDIA_TYPES["excel"], b"PAR1"
CSV = {"Content-Type": "text/csv; charset=utf-8", "Accept-Encoding": "identity"}
HEADING = b"gender,age,annual_income,spending_score\n"


@pytest.fixture(scope="module")
def client(published: Segmenter) -> Iterator[TestClient]:
    """The API about the published model, for files of up to 50,000 rows and 5 MB."""
    settings = Settings(max_upload_mb=5, max_upload_rows=50_000, score_workers=1)
    with client_of(published, settings) as client:
        yield client


def table(rows: int) -> bytes:
    """A CSV file of ``count`` different customers."""
    lines = (f"Female,{18 + at % 50},{15 + at % 120},{1 + at % 99}\n".encode() for at in range(rows))
    return HEADING + b"".join(lines)


def test_every_row_comes_back_with_the_models_segment(client: TestClient, published: Segmenter) -> None:
    answer = client.post("/v1/score", content=table(3000), headers=CSV)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    sent = list(csv.DictReader(io.StringIO(table(3000).decode())))
    numbers = ("age", "annual_income", "spending_score")
    columns = {name: [float(row[name]) for row in sent] for name in numbers}
    expected = published.predict_many(columns | {"gender": ["Female"] * 3000})
    assert [row["segment"] for row in rows] == expected.segment.tolist()
    assert answer.headers["x-rows"] == "3000"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_file_in_pieces_without_a_length_is_scored_the_same(client: TestClient) -> None:
    whole = table(5000)
    pieces = (whole[at : at + 777] for at in range(0, len(whole), 777))
    first = client.post("/v1/score", content=pieces, headers=CSV)
    assert first.content == client.post("/v1/score", content=whole, headers=CSV).content


def test_the_answer_is_compressed_if_the_client_accepts_it(client: TestClient) -> None:
    headers = CSV | {"Accept-Encoding": "gzip"}
    with client.stream("POST", "/v1/score", content=table(100), headers=headers) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == client.post("/v1/score", content=table(100), headers=CSV).content


def test_an_invalid_row_gets_its_message_in_its_row(client: TestClient) -> None:
    answer = client.post("/v1/score", content=HEADING + b"Female,30,99999,40\nMale,300,17,40\n", headers=CSV)
    first, second = csv.DictReader(io.StringIO(answer.text))
    assert first["segment"] == ""
    assert second["segment"] != ""
    assert second["note"].startswith("column 'age' must be from 0 to 120 years")
    assert answer.headers["x-rows-refused"] == "1"


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"nothing,known\n1,2\n", 422), (table(50_001), 422), (b"x" * 5_000_001, 413)],
)
def test_a_file_that_must_be_refused_is_a_problem(client: TestClient, content: bytes, status: int) -> None:
    answer = client.post("/v1/score", content=content, headers=CSV)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_error_in_the_last_row_never_gives_a_truncated_file(client: TestClient) -> None:
    pieces = iter([table(40_000), b"Female,30,20,20\n" * 20_000])
    assert client.post("/v1/score", content=pieces, headers=CSV).status_code == 422


def test_a_named_output_needs_no_header(client: TestClient) -> None:
    headers = CSV | {"Accept": "text/html"}  # such as a form of a web page sends
    assert client.post("/v1/score", content=table(3), headers=headers).status_code == 406
    answer = client.post("/v1/score", params={"output": "csv"}, content=table(3), headers=headers)
    assert answer.status_code == 200


def test_every_column_that_is_missing_is_named_at_once(client: TestClient) -> None:
    refused = client.post("/v1/score", content=b"gender,age\nMale,31\n", headers=CSV)
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == ["annual_income", "spending_score"]
    assert refused.json()["detail"].endswith("; the same for column 'spending_score'")
    assert "the same for" not in refused.json()["errors"][0]["message"]


def test_other_headers_and_missing_columns_are_set_in_the_query(
    client: TestClient, published: Segmenter
) -> None:
    content = b"Years,annual_income\n31,17\n"
    refused = client.post("/v1/score", content=content, headers=CSV)
    assert refused.status_code == 422
    assert "?missing=" in refused.json()["detail"]
    query = {"column": ["age=Years"], "missing": ["spending_score"]}
    answer = client.post("/v1/score", params=query, content=content, headers=CSV)
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["segment"] == published.predict(age=31, annual_income=17).segment
    wrong = client.post("/v1/score", params={"column": "age"}, content=content, headers=CSV)
    assert wrong.json()["errors"][0]["field"] == "column"


def test_the_table_inside_a_file_is_found_or_named_in_the_query(client: TestClient) -> None:
    lines = [
        "a,b,c,d",
        "gender,age,annual_income,spending_score",
        *["Female,31,17,40"] * 9,
        "Total,279,153,360",
    ]
    content = "\n".join(lines).encode()
    query = {"header_row": "2", "keep_totals": "true"}
    answer = client.post("/v1/score", params=query, content=content, headers=CSV)
    assert (answer.headers["X-Rows"], answer.headers["X-Rows-Refused"]) == ("10", "1")
    assert "must be from 1 to 100" in answer.text.splitlines()[-1]
    answer = client.post("/v1/score", params={"header_row": "2"}, content=content, headers=CSV)
    assert "contains totals" in answer.text.splitlines()[-1]
    for wrong in ("0", "two", "9" * 30):
        refused = client.post("/v1/score", params={"header_row": wrong}, content=content, headers=CSV)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "header_row"


@pytest.mark.parametrize("kind", ["parquet", "excel"])
def test_parquet_comes_back_as_parquet_and_excel_as_csv(
    client: TestClient, published: Segmenter, kind: str
) -> None:
    frame = pd.DataFrame({"gender": ["Female"], "age": [31], "annual_income": [17], "spending_score": [40]})
    sent = io.BytesIO()
    if kind == "parquet":
        frame.to_parquet(sent)
    else:
        frame.to_excel(sent, index=False)
    media = {"parquet": PARQUET, "excel": EXCEL}[kind]
    answer = client.post("/v1/score", content=sent.getvalue(), headers={"Content-Type": media})
    assert answer.status_code == 200, answer.text
    back = io.BytesIO(answer.content)
    scored = pd.read_parquet(back) if kind == "parquet" else pd.read_csv(back)
    assert answer.headers["content-type"].split(";")[0] == (PARQUET if kind == "parquet" else "text/csv")
    expected = published.predict(gender="Female", age=31, annual_income=17, spending_score=40)
    assert scored["segment"].tolist() == [expected.segment]


def test_another_media_type_is_refused_with_the_curl_to_use(client: TestClient) -> None:
    answer = client.post("/v1/score", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert "--data-binary" in answer.json()["detail"]


def test_a_second_file_at_once_must_retry_later_while_predictions_continue(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, started = threading.Event(), threading.Event()
    real = scoring.score_file

    def wait(*values: Any, **named: Any) -> Scored:
        started.set()
        assert hold.wait(20)
        return real(*values, **named)

    monkeypatch.setattr(scoring, "score_file", wait)
    answers: list[int] = []
    first = threading.Thread(
        target=lambda: answers.append(client.post("/v1/score", content=table(10), headers=CSV).status_code)
    )
    first.start()
    assert started.wait(20)
    second = client.post("/v1/score", content=table(10), headers=CSV)
    assert (second.status_code, int(second.headers["retry-after"]) > 0) == (503, True)
    assert client.post("/v1/predict", json={}).status_code == 200
    hold.set()
    first.join()
    assert answers == [200]


@pytest.mark.parametrize("coming", [[table(100)], [table(100), table(20_000)[len(HEADING) :]]])
def test_a_client_that_disconnects_ends_the_work(published: Segmenter, coming: list[bytes]) -> None:
    settings = Settings(score_workers=1)
    rest = rest_api(Predictor(published), settings, pools=WorkerPools.of(settings))
    sent: list[Message] = []

    async def talk() -> None:
        messages = [{"type": "http.request", "body": part, "more_body": True} for part in coming]
        messages.append({"type": "http.disconnect"})

        async def receive() -> Message:
            return messages.pop(0) if len(messages) > 1 else messages[0]

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": "/score", "root_path": "", "query_string": b"",
            "headers": [(b"content-type", b"text/csv")],
        }  # fmt: skip
        for _ in range(2):  # the only worker is free again
            messages[:] = [*messages, messages[-1]]
            await asyncio.wait_for(rest(scope, receive, send), 20)

    asyncio.run(talk())
    assert sent == []


def test_a_client_that_sends_too_slowly_is_aborted(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PATIENCE", 0.5)
    settings = Settings(score_workers=1)
    rest = rest_api(Predictor(published), settings, pools=WorkerPools.of(settings))
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(0.1)  # never a pause that is too long, only ever too little
        return {"type": "http.request", "body": b"x", "more_body": len(sent) == 0}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/score", "root_path": "", "query_string": b"",
        "headers": [(b"content-type", b"text/csv")],
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(rest(scope, receive, send), 20))
    assert sent[0]["status"] == 408


def test_gzip_is_not_sent_to_clients_that_refuse_it(client: TestClient) -> None:
    answer = client.post("/v1/score", content=table(100), headers=CSV | {"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "media", ["application/octet-stream", EXCEL_CSV, PARQUET, EXCEL, "text/csv", "Text/CSV; header=present"]
)
def test_the_content_decides_and_not_the_media_type(client: TestClient, media: str) -> None:
    expected = client.post("/v1/score", content=table(50), headers=CSV)
    headers = {"Content-Type": media, "Accept-Encoding": "identity"}
    answer = client.post("/v1/score", content=table(50), headers=headers)
    assert (answer.status_code, answer.content) == (200, expected.content)
    assert answer.headers["content-type"].startswith("text/csv")


def parquet_file() -> bytes:
    """One customer."""
    frame = pd.DataFrame({"gender": ["Female"], "age": [31], "annual_income": [17], "spending_score": [40]})
    sent = io.BytesIO()
    frame.to_parquet(sent)
    return sent.getvalue()


@pytest.mark.parametrize("media", ["application/octet-stream", "text/csv", EXCEL_CSV])
def test_parquet_comes_back_as_parquet_under_any_name(client: TestClient, media: str) -> None:
    headers = {"Content-Type": media, "Accept-Encoding": "gzip"}
    answer = client.post("/v1/score", content=parquet_file(), headers=headers)
    assert answer.headers["content-type"] == PARQUET
    assert answer.headers["content-disposition"].endswith('"scored.parquet"')
    assert "content-encoding" not in answer.headers
    assert answer.content.startswith(MAGIC)

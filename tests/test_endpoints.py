"""Checks that Gradio's endpoints give its own client the model's answers, also for files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from app import build_app
from inference import Segmenter, explain
from service.settings import Settings
from tests.free_port import free_port
from tests.server import post

pytestmark = pytest.mark.server

CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False, max_upload_rows=1000))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


@pytest.fixture(scope="module")
def client(url: str) -> Client:
    """Gradio's own client."""
    return Client(url, verbose=False, ssl_verify=False)


def test_many_customers_are_answered_in_their_order(client: Client, published: Segmenter) -> None:
    answer = client.predict(rows=[CUSTOMER, {"age": 300}, {}], api_name="/predict_many")
    first, second, third = answer["answers"]
    assert first["segment"] == published.predict(**CUSTOMER).segment
    assert second is None
    assert third["route"] == "prior"
    assert [(error["row"], error["field"]) for error in answer["errors"]] == [(1, "age")]


def test_rows_that_are_not_a_list_are_refused_with_a_message(client: Client) -> None:
    with pytest.raises(AppError, match="rows must be a list of customers"):
        client.predict(rows="x", api_name="/predict_many")


def test_an_explanation_is_the_one_of_the_model(client: Client, published: Segmenter) -> None:
    other = published.contract.segments[1].name
    answer = client.predict(**CUSTOMER, segment=other, api_name="/explain")
    reported = {each["column"]: each["contribution"] for each in answer["contributions"]}
    assert reported == pytest.approx(explain(published, CUSTOMER, segment=other).contributions)
    assert answer["explained_segment"] == other
    with pytest.raises(AppError, match="unknown segment 'Nobody'"):
        client.predict(segment="Nobody", api_name="/explain")


def test_the_model_endpoint_lists_columns_and_segments(client: Client, published: Segmenter) -> None:
    model = client.predict(api_name="/model")
    assert model["model_sha256"] == published.fingerprint
    assert len(model["segments"]) == len(published.contract.segments)


def test_a_file_comes_back_with_its_segments(client: Client, published: Segmenter, tmp_path: Path) -> None:
    sent = tmp_path / "customers.csv"
    sent.write_text("age,annual_income,spending_score\n31,17,40\n,80,90\n", encoding="utf-8")
    scored = client.predict(handle_file(str(sent)), missing="gender", api_name="/score_file")
    with Path(scored).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [published.predict(**CUSTOMER), published.predict(annual_income=80, spending_score=90)]
    assert [row["segment"] for row in rows] == [answer.segment for answer in expected]


def test_a_file_with_too_many_rows_is_refused_with_a_message(client: Client, tmp_path: Path) -> None:
    sent = tmp_path / "customers.csv"
    sent.write_text("Years\n" + "30\n" * 1001, encoding="utf-8")
    about = {"columns": "age=Years", "missing": "gender, annual_income, spending_score"}
    with pytest.raises(AppError, match=r"1,000 rows"):
        client.predict(handle_file(str(sent)), **about, api_name="/score_file")


def test_a_spreadsheet_comes_back_as_csv(client: Client, published: Segmenter, tmp_path: Path) -> None:
    sent = tmp_path / "customers.xlsx"
    pd.DataFrame([CUSTOMER]).to_excel(sent, index=False)
    scored = client.predict(handle_file(str(sent)), missing="gender", api_name="/score_file")
    assert scored.endswith(".csv")
    assert published.predict(**CUSTOMER).segment in Path(scored).read_text(encoding="utf-8")


def test_a_file_without_a_column_is_refused_with_the_argument_to_use(client: Client, tmp_path: Path) -> None:
    sent = tmp_path / "customers.csv"
    sent.write_text("Years\n30\n", encoding="utf-8")
    with pytest.raises(AppError, match="give missing=annual_income if no customer has it"):
        client.predict(handle_file(str(sent)), api_name="/score_file")


@pytest.mark.parametrize("path", ["/etc/passwd", "app.py", "../../etc/passwd"])
def test_a_path_on_the_server_is_never_opened(url: str, path: str) -> None:
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    status, body = post(f"{url}/gradio_api/run/score_file", {"data": [file]})
    assert status >= 400
    assert "root:" not in str(body)

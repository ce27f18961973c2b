"""Mutates contracts, cells, files and requests for a while: each is answered, or refused in a sentence.

``just fuzz`` takes 20 seconds for each; ``FUZZ_SECONDS=600 just fuzz`` ten minutes. Hypothesis draws the
mutations of small seeds and shrinks what fails; a failure says how to repeat it.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pyarrow import parquet
from starlette.testclient import TestClient

from inference import ArtifactError, Contract, InputError, ScoreOptions, Segmenter, score_file
from inference.files.read.read_table import read_whole
from inference.loading.check_contract import check_contract
from inference.loading.model_file import contract_text, open_session
from tests.test_excel_source import workbook
from tests.web import client

pytestmark = pytest.mark.fuzz

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
EXAMPLES = 200  # between two looks at the clock
Edit = tuple[int, int, bytes]
PIECES = [b"", b"\0", b'"', b",", b";", b"\n", b"\r\n", b"{", b"[", b"]", b"}", b":", b"-", b"1e999", b"NaN"]
PIECES += [b"null", b"\xff\xfe", b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", b"=1+1", b"\\ud800"]
PIECES += [b"9" * 400, b"[" * 50]
PIECE = st.sampled_from(PIECES) | st.binary(min_size=1, max_size=4)
EDITS = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 12), PIECE), max_size=6)
ROWS = b"gender,age,annual_income,spending_score\nFemale,31,17,40\nMale,200,x,50\n,,,\n"
CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17.5, "spending_score": 40}


def mutated(content: bytes, edits: Sequence[Edit]) -> bytes:
    """The content with some bytes replaced."""
    for place, length, piece in edits:
        at = place % (len(content) + 1)
        content = content[:at] + piece + content[at + length :]
    return content


@contextmanager
def answered_or_refused(*kinds: type[Exception], most: int = 600) -> Iterator[None]:
    """What is refused within is so in a sentence; anything else that is raised fails."""
    try:
        yield
    except kinds as error:
        if not 20 < len(str(error)) < most:
            raise AssertionError(f"no sentence: {error}") from error


def for_a_while(check: Callable[..., None], **drawn: st.SearchStrategy[Any]) -> None:
    """Run a check on drawn values until the time is over; each round has a seed of its own."""
    end, turn = time.monotonic() + SECONDS, 0
    while turn == 0 or time.monotonic() < end:
        some = settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        seed(turn)(some(given(**drawn)(check)))()
        turn += 1


def test_contracts(published: Segmenter) -> None:
    text = contract_text(open_session(published.content, "x.onnx"), "x.onnx").encode()

    def check(edits: Sequence[Edit]) -> None:
        with answered_or_refused(ArtifactError, most=2_000):
            check_contract(Contract.parse(mutated(text, edits).decode("utf-8", "replace")), "x.onnx")

    for_a_while(check, edits=EDITS)


ODD = ["1.234,56", "1,234.56", "€ 5", "(7)", "5-", "12 %", "2024-02-30", "1e5", "\u0663", "½", "1 234"]
VALUES = (
    st.text(max_size=12)
    | st.sampled_from(ODD)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.binary(max_size=3)
    | st.lists(st.integers(), max_size=2)
)


def test_cells(published: Segmenter) -> None:
    names = list(published.contract.names)

    def check(name: str, value: Any, cells: list[str]) -> None:
        with answered_or_refused(InputError):
            answer = published.predict(**{name: value})
            assert sum(answer.probabilities.values()) == pytest.approx(1)
        written = io.BytesIO()
        parquet.write_table(pa.table({"annual_income": cells, "spending_score": cells[::-1]}), written)
        with answered_or_refused(InputError):
            scored = score_file(published, io.BytesIO(written.getvalue()), io.BytesIO())
            assert scored.rows == len(cells)

    texts = st.lists(st.sampled_from(ODD) | st.text(max_size=12), min_size=1, max_size=8)
    for_a_while(check, name=st.sampled_from(names), value=VALUES, cells=texts)


def _seeds() -> list[bytes]:
    table = pa.table({"annual_income": [17.0, 5.5], "spending_score": [40, None], "note": ["a", "b"]})
    as_parquet, as_arrow = io.BytesIO(), io.BytesIO()
    parquet.write_table(table, as_parquet)
    with pa.ipc.new_stream(as_arrow, table.schema) as writer:
        writer.write_table(table)
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in table.to_pylist())
    semicolons = "Alter;Einkommen;annual_income;spending_score\n31;1.234,5;17;40\n".encode("cp1252")
    return [
        ROWS,
        ROWS.replace(b",", b"\t"),
        semicolons,
        "annual_income,spending_score\n1,2\n".encode("utf-16"),
        lines,
        json.dumps(table.to_pylist()).encode(),
        as_parquet.getvalue(),
        as_arrow.getvalue(),
        workbook(["annual_income", "spending_score"], [17, 40]),
    ]


def test_files(published: Segmenter, tmp_path: Any) -> None:
    def check(content: bytes, edits: Sequence[Edit], output: str) -> None:
        changed = mutated(content, edits)
        options = ScoreOptions(output_format=output, max_bytes=1 << 20, max_rows=10_000)
        with answered_or_refused(InputError):
            score_file(published, io.BytesIO(changed), io.BytesIO(), options=options)
        path = tmp_path / "file"
        path.write_bytes(changed)
        with answered_or_refused(InputError):
            read_whole(path)

    outputs = st.sampled_from(["csv", "parquet", "excel", "arrow", "json", "ndjson"])
    for_a_while(check, content=st.sampled_from(_seeds()), edits=EDITS, output=outputs)


def test_requests(published: Segmenter) -> None:
    bodies = [
        json.dumps(CUSTOMER).encode(),
        json.dumps({"rows": [CUSTOMER, {"age": "x"}, {}]}).encode(),
        json.dumps(CUSTOMER).encode() + b"\n" + b'{"age": 5}\n',
        ROWS,
    ]
    paths = ["/predict", "/predict/batch", "/explain", "/score", "/explain?segment=1", "/score?column=a=b"]
    kinds = ["application/json", "application/x-ndjson", "text/csv", "application/octet-stream"]
    kinds += ["multipart/form-data; boundary=x"]
    accepts = ["*/*", "application/json", "application/x-ndjson", "text/csv;q=0.1, */*;q=0"]
    with client(published) as asked:

        def check(path: str, kind: str, accept: str, body: bytes, edits: Sequence[Edit]) -> None:
            _check_answer(asked, f"/v1{path}", {"Content-Type": kind, "Accept": accept}, mutated(body, edits))

        for_a_while(
            check,
            path=st.sampled_from(paths),
            kind=st.sampled_from(kinds),
            accept=st.sampled_from(accepts),
            body=st.sampled_from(bodies),
            edits=EDITS,
        )


def _check_answer(asked: TestClient, path: str, headers: dict[str, str], body: bytes) -> None:
    answer = asked.post(path, content=body, headers=headers)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert 20 < len(answer.json()["detail"]) < 1_000

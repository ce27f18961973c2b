"""Checks that the OpenAPI document is right: what fits it is answered, what does not is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app import build_app
from inference import Segmenter
from service.settings import Settings
from tests.free_port import free_port
from tests.web import client

ROOT = Path(__file__).parents[1]


@pytest.mark.server
def test_any_request_gets_an_answer_that_is_in_the_document() -> None:
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False))
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        program = Path(sys.executable).with_name("schemathesis")
        settings = ["--config-file", str(ROOT / "tests" / "schemathesis.toml")]
        done = subprocess.run(
            [program, *settings, "run", f"{url}/v1/openapi.json"], capture_output=True, text=True, check=False
        )
    finally:
        site.close()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Selected: 10/10" in done.stdout


@pytest.fixture(scope="module")
def document(published: Segmenter) -> dict[str, Any]:
    """The document about the published model."""
    found: dict[str, Any] = client(published).get("/v1/openapi.json").json()
    return found


def test_every_example_in_it_fits_its_schema_and_is_answered(
    document: dict[str, Any], published: Segmenter
) -> None:
    asked = 0
    for path, methods in document["paths"].items():
        body = methods.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in body.get("examples", {}).values():
            whole = {**body["schema"], "components": document["components"]}
            Draft202012Validator(whole).validate(example["value"])
            assert client(published).post(f"/v1{path}", json=example["value"]).status_code == 200
            asked += 1
    assert asked == 7


def test_every_operation_and_field_is_described(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {
        "/predict", "/predict/batch", "/explain", "/score", "/model", "/next-questions",
        "/plan-test", "/monitoring", "/health", "/ready",
    }  # fmt: skip
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
    for shape in ("Prediction", "Monitoring", "DriftWindow", "DriftCheck", "PastWindow"):
        fields = document["components"]["schemas"][shape]["properties"]
        assert [name for name, field in fields.items() if "description" not in field] == []


def test_a_customer_has_the_columns_of_the_contract(document: dict[str, Any], published: Segmenter) -> None:
    customer = document["components"]["schemas"]["Customer"]
    assert list(customer["properties"]) == list(published.contract.names)
    assert customer["additionalProperties"] is False
    number, nothing = customer["properties"]["age"]["anyOf"]
    assert (number["minimum"], number["maximum"], nothing) == (0, 120, {"type": "null"})


@pytest.mark.parametrize("text", ["Female", "female", " FEMALE ", "f", "Woman", "", "  "])
def test_the_pattern_of_a_category_accepts_every_spelling(document: dict[str, Any], text: str) -> None:
    _, pattern, _ = document["components"]["schemas"]["Customer"]["properties"]["gender"]["anyOf"]
    assert re.search(pattern["pattern"], text)
    assert not re.search(pattern["pattern"], f"{text}x")

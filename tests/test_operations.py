"""Checks that one row in the table of operations is offered, described and answered on every interface."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import pytest
from gradio_client import Client
from jsonschema import Draft202012Validator
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client
from pydantic import Field
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from typing_extensions import TypedDict

from inference import InputError, Segmenter
from service.api.api_predictions import Predictor
from service.api.operations import OPERATIONS, Cost, Deprecation, Operation, Takes, markdown_table
from service.api.parameters import Parameter
from service.gradio_api.endpoints import description
from service.rest import rest_api
from service.server import Site
from service.settings import Settings
from service.thread_pools import WorkerPools
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.server import get, post

pytestmark = pytest.mark.server

CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


class Known(TypedDict):
    """The number of known columns of a customer."""

    known: Annotated[int, Field(description="Number of known columns.")]
    greeting: str


def count_known(predictor: Predictor, customer: Mapping[str, Any], greeting: str = "hello") -> Known:
    """Count the columns that are known."""
    predictor.predict(customer)
    if greeting == "":
        raise InputError("greeting must not be empty, but it is")
    return Known(known=sum(value is not None for value in customer.values()), greeting=greeting)


TOY = Operation(
    name="countKnown",
    summary="Count what is known",
    description="Count how many columns of a customer are known.",
    returns="Returns known and greeting.",
    takes=Takes.CUSTOMER,
    gives=Known,
    call=count_known,
    cost=Cost.BATCH,
    parameters=(
        Parameter(name="greeting", description="A word to return.", schema=lambda _: {"type": "string"}),
    ),
    rest="/count",
    gradio="count_known",
    mcp="count_known",
)


@pytest.fixture(scope="module")
def url(published: Segmenter) -> Iterator[str]:
    """The address of the app with one more operation."""
    settings = Settings(host="127.0.0.1", port=free_port())
    site = Site(published, settings, operations=(*OPERATIONS, TOY))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


def call_tool(url: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """The result of a call of the new tool, after reading its schema."""

    async def session() -> types.CallToolResult:
        async with (
            streamable_http_client(f"{url}/gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as opened,
        ):
            await opened.initialize()
            (tool,) = (each for each in (await opened.list_tools()).tools if each.name == "count_known")
            Draft202012Validator(tool.inputSchema).validate(arguments)
            return await opened.call_tool("count_known", arguments)

    return asyncio.run(session())


def test_a_new_operation_answers_over_rest(url: str) -> None:
    assert post(f"{url}/v1/count", CUSTOMER) == (200, {"known": 3, "greeting": "hello"})
    assert post(f"{url}/v1/count?greeting=hi", {"age": None}) == (200, {"known": 0, "greeting": "hi"})


def test_a_new_operation_refuses_what_every_operation_refuses(url: str) -> None:
    status, problem = post(f"{url}/v1/count", {"age": 300})
    assert (status, problem["errors"][0]["field"]) == (422, "age")
    status, problem = post(f"{url}/v1/count?greeting=", CUSTOMER)
    assert (status, problem["errors"][0]["field"]) == (422, "greeting")


def test_a_new_operation_is_in_the_openapi_document(url: str) -> None:
    document = json.loads(get(f"{url}/v1/openapi.json")[1])
    described = document["paths"]["/count"]["post"]
    assert described["operationId"] == "countKnown"
    assert described["summary"] == TOY.summary
    assert [each["name"] for each in described["parameters"]] == ["greeting"]
    assert document["components"]["schemas"]["Known"]["properties"]["known"]["description"]
    assert "503" in described["responses"]


def test_a_new_operation_is_an_endpoint_of_gradio(url: str) -> None:
    client = Client(url, verbose=False, ssl_verify=False)
    answer = client.predict(**CUSTOMER, greeting="hi", api_name="/count_known")
    assert answer == {"known": 3, "greeting": "hi"}
    endpoint = json.loads(get(f"{url}/gradio_api/info")[1])["named_endpoints"]["/count_known"]
    assert endpoint["description"] == description(TOY)
    assert endpoint["description"].startswith(f"{TOY.description} {TOY.returns} ")
    assert endpoint["parameters"][-1]["label"] == "A word to return."


def test_a_new_operation_is_a_tool_for_agents(url: str) -> None:
    result = call_tool(url, {**CUSTOMER, "greeting": "hi"})
    assert result.structuredContent == {"known": 3, "greeting": "hi"}


def test_a_message_about_an_unknown_endpoint_names_the_new_one(url: str) -> None:
    assert "/count_known" in post(f"{url}/gradio_api/call/nope", {"data": []})[1]["error"]


def test_every_operation_has_its_own_name_and_place() -> None:
    for field in ("name", "rest", "gradio", "mcp"):
        given = [getattr(each, field) for each in OPERATIONS if getattr(each, field)]
        assert len(given) == len(set(given)), field


def test_the_documentation_lists_the_operations_as_the_table_does() -> None:
    assert markdown_table() in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_readme_names_only_existing_addresses() -> None:
    known = {f"/v1{each.rest}" for each in OPERATIONS if each.rest} | {"/v1/openapi.json"}
    assert set(re.findall(r"/v1/[\w./]*\w", (ROOT / "README.md").read_text(encoding="utf-8"))) <= known


def test_a_tool_that_returns_a_file_is_refused(published: Segmenter) -> None:
    (score,) = (each for each in OPERATIONS if each.takes is Takes.FILE)
    wrong = Operation(**{**vars(score), "mcp": "score_file"})
    with pytest.raises(TypeError, match="scoreFile gives a file"):
        Site(published, Settings(port=free_port()), operations=[wrong]).options()


def test_a_deprecated_operation_says_so_in_headers_and_in_words(published: Segmenter) -> None:
    days = {"since": date(2026, 6, 1), "sunset": date(2027, 1, 1)}
    old = replace(TOY, deprecated=Deprecation(**days, instead="/v1/predict"))
    settings = Settings()
    api = rest_api(
        Predictor(published), settings, pools=WorkerPools.of(settings), operations=[old, *OPERATIONS]
    )
    with TestClient(Starlette(routes=[Mount("/v1", app=api)])) as client:
        headers = client.post("/v1/count", json=CUSTOMER).headers
        document = client.get("/v1/openapi.json").json()
        assert "deprecation" not in client.post("/v1/predict", json=CUSTOMER).headers
    assert headers["deprecation"] == "@1780272000"
    assert headers["sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    described = document["paths"]["/count"]["post"]
    assert described["deprecated"] is True
    assert described["description"].endswith("missing from 2027-01-01 on: use /v1/predict.")
    assert "deprecated" not in document["paths"]["/predict"]["post"]
    told = description(old)
    assert told.startswith(f"{described['description']} {old.returns}")
    assert told.endswith("The same by plain HTTP: POST /v1/count, to try at /v1/docs.")

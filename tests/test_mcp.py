"""Checks that an agent finds tools, resources and a prompt, and gets JSON or a useful message."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import ClientSession, McpError, types
from mcp.client.streamable_http import streamable_http_client
from pydantic import AnyUrl

from app import build_app
from inference import Segmenter
from service.api.operations import OPERATIONS
from service.mcp.mcp_resources import CONTRACT_URI, MODEL_CARD_URI, SEGMENTS_URI
from service.settings import Settings
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.server import get

TOOLS = [each.mcp for each in OPERATIONS if each.mcp]

pytestmark = pytest.mark.server

CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    site = build_app(Settings(host="127.0.0.1", port=free_port()))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


def ask(url: str, question: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    """Open a session like an agent and send one request."""

    async def session() -> Any:
        async with (
            streamable_http_client(f"{url}/gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as opened,
        ):
            await opened.initialize()
            return await question(opened)

    return asyncio.run(session())


def call(url: str, tool: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """The result of one tool call."""
    result = ask(url, lambda session: session.call_tool(tool, arguments))
    assert isinstance(result, types.CallToolResult)
    return result


def refusal(url: str, question: Callable[[ClientSession], Awaitable[Any]]) -> str:
    """The message of the error that a request ends with."""

    async def refused(session: ClientSession) -> str:
        with pytest.raises(McpError) as error:
            await question(session)
        return str(error.value)

    return str(ask(url, refused))


def text(result: types.CallToolResult) -> str:
    """The only text in a result."""
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def test_every_tool_of_the_table_has_a_description(url: str) -> None:
    listed = ask(url, lambda session: session.list_tools()).tools
    assert "predict_segment" in TOOLS
    assert [tool.name for tool in listed] == TOOLS
    for tool in listed:
        assert len(tool.description) > 80
        assert tool.annotations.readOnlyHint
        Draft202012Validator.check_schema(tool.inputSchema)
        Draft202012Validator.check_schema(tool.outputSchema)
    columns = listed[0].inputSchema["properties"]
    assert columns["age"]["description"] == "Age (years), a number from 0 to 120; null if unknown."
    assert columns["gender"]["anyOf"][0]["enum"] == ["Female", "Male"]


@pytest.mark.parametrize("tool", ["predict_segment", "explain_segment"])
def test_a_customer_is_answered_in_json(url: str, published: Segmenter, tool: str) -> None:
    result = call(url, tool, CUSTOMER)
    assert not result.isError
    answer = json.loads(text(result))
    assert answer == result.structuredContent
    assert answer["segment"] == published.predict(**CUSTOMER).segment


def test_the_segments_are_described_in_json(url: str, published: Segmenter) -> None:
    answer = json.loads(text(call(url, "describe_segments", {})))
    assert [segment["name"] for segment in answer["segments"]] == [
        segment.name for segment in published.contract.segments
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "reported"),
    [
        ("predict_segment", {"age": 300}, "must be from 0 to 120 years, but it is 300"),
        ("predict_segment", {"age": "40"}, "must be a number, but it is '40'"),
        ("explain_segment", {"agee": 40}, "Did you mean 'age'?"),
        ("describe_segments", {"age": 40}, "takes no arguments"),
        ("describe_segments", {"agee": 300}, "takes no arguments"),
        ("nothing", {}, "known: predict_segment, predict_batch, explain_segment, describe_segments"),
    ],
)
def test_a_wrong_call_gets_a_message_with_what_to_do(
    url: str, tool: str, arguments: dict[str, Any], reported: str
) -> None:
    result = call(url, tool, arguments)
    assert result.isError
    assert reported in text(result)


def test_the_panel_of_the_page_lists_the_same_tools(url: str) -> None:
    listed = json.loads(get(f"{url}/gradio_api/mcp/schema")[1])
    assert [tool["name"] for tool in listed] == TOOLS


def test_a_batch_answers_what_it_can_and_lists_the_rest(url: str, published: Segmenter) -> None:
    result = call(url, "predict_batch", {"rows": [CUSTOMER, {"age": 300}, {}]})
    answer = json.loads(text(result))
    assert (answer["rows"], answer["answered"]) == (3, 2)
    assert answer["answers"][0]["segment"] == published.predict(**CUSTOMER).segment
    assert [(error["row"], error["field"]) for error in answer["errors"]] == [(1, "age")]


def test_another_segment_is_explained_when_it_is_asked_for(url: str, published: Segmenter) -> None:
    other = next(
        segment.name
        for segment in published.contract.segments
        if segment.name != published.predict(**CUSTOMER).segment
    )
    answer = json.loads(text(call(url, "explain_segment", CUSTOMER | {"segment": other})))
    assert answer["explained_segment"] == other


def test_resources_are_contract_segments_and_model_card(url: str, published: Segmenter) -> None:
    listed = {
        str(each.uri): each.mimeType for each in ask(url, lambda session: session.list_resources()).resources
    }
    assert set(listed.values()) == {"application/json", "text/markdown", "text/html;profile=mcp-app"}

    def read(uri: str) -> str:
        (content,) = ask(url, lambda session: session.read_resource(AnyUrl(uri))).contents
        assert content.mimeType == listed[uri]
        return str(content.text)

    assert json.loads(read(CONTRACT_URI)) == json.loads(published.contract.text)
    names = [each["name"] for each in json.loads(read(SEGMENTS_URI))]
    assert names == list(published.contract.segment_names)
    assert read(MODEL_CARD_URI) == (ROOT / "artifacts" / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_resource_that_is_not_there_is_an_error_with_those_that_are(url: str) -> None:
    message = refusal(url, lambda session: session.read_resource(AnyUrl("customer-segments://other")))
    assert "must be one of customer-segments://contract" in message


def test_the_prompt_names_the_columns_and_what_is_known(url: str) -> None:
    (listed,) = ask(url, lambda session: session.list_prompts()).prompts
    known = {"customer": "a woman of 31"}
    (message,) = ask(url, lambda session: session.get_prompt(listed.name, known)).messages
    assert "a woman of 31" in message.content.text
    assert "annual_income" in message.content.text
    refused = refusal(url, lambda session: session.get_prompt(listed.name, {"customer": " "}))
    assert "must have 1 to 4,000 characters" in refused


def test_the_prediction_has_a_card_that_can_be_read(url: str) -> None:
    tools = ask(url, lambda session: session.list_tools()).tools
    shown = {tool.name: tool.meta["ui"]["resourceUri"] for tool in tools if tool.meta}
    assert list(shown) == ["predict_segment"]
    (content,) = ask(url, lambda session: session.read_resource(AnyUrl(shown["predict_segment"]))).contents
    assert content.mimeType == "text/html;profile=mcp-app"

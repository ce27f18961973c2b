"""Checks that an agent finds three tools with descriptions, and gets JSON or a useful message."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client

from app import build_app
from inference import Segmenter
from service.api.operations import OPERATIONS
from service.settings import Settings
from tests.server import free_port, get

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
        ("nothing", {}, "known: predict_segment, explain_segment, describe_segments"),
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

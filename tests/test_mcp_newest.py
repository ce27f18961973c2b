"""Checks the newest client of MCP, revision 2026-07-28, in an environment of its own: ``just mcp``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from tests.app_process import served

pytestmark = pytest.mark.mcp

CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, a process of the other environment."""
    with served() as address:
        yield address


def ask(url: str, question: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
    """Connect like an agent and ask one question."""
    from mcp import Client  # type: ignore[attr-defined]  # the app has an older version

    async def session() -> Any:
        async with Client(f"{url}/gradio_api/mcp/", **options) as client:
            return await question(client)

    return asyncio.run(session())


@pytest.mark.parametrize(("mode", "revision"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_the_client_agrees_on_its_revision_and_calls_a_tool(url: str, mode: str, revision: str) -> None:
    async def question(client: Any) -> Any:
        tools = (await client.list_tools()).tools
        return client.protocol_version, tools, await client.call_tool("predict_segment", CUSTOMER)

    version, tools, result = ask(url, question, mode=mode)
    assert version == revision
    assert len(tools) == 4
    assert not result.is_error
    assert result.structured_content["segment"] == json.loads(result.content[0].text)["segment"]


def test_it_reads_every_resource(url: str) -> None:
    async def question(client: Any) -> Any:
        listed = (await client.list_resources()).resources
        return [(await client.read_resource(each.uri)).contents[0] for each in listed]

    contents = ask(url, question)
    assert len(contents) == 4
    assert all(each.text for each in contents)


def test_it_gets_the_prompt(url: str) -> None:
    async def question(client: Any) -> Any:
        return await client.get_prompt("advise_on_customer", {"customer": "a woman of 31"})

    assert "a woman of 31" in ask(url, question).messages[0].content.text


def test_a_wrong_value_is_a_sentence_and_a_wrong_address_an_error(url: str) -> None:
    from mcp import MCPError  # type: ignore[attr-defined]  # as Client is

    async def question(client: Any) -> Any:
        with pytest.raises(MCPError, match="must be one of"):
            await client.read_resource("customer-segments://other")
        return await client.call_tool("predict_segment", {"age": "x"})

    result = ask(url, question)
    assert result.is_error
    assert "must be a number" in result.content[0].text

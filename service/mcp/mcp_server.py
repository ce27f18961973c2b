"""The tools for agents: MCP over streamable HTTP, where clients of a Gradio app look for it.

Gradio's own MCP server would make a tool of every endpoint and answer in Python's notation; these three
tools answer in JSON, as text and as structured content, with a schema for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from inference import InputError
from inference.wording import quoted_names
from service.api import api_texts as texts
from service.api.api_predictions import Questions
from service.api.schemas import ModelInfo, Prediction, Why
from service.request_log import log_quietly
from service.rest.openapi import answer_schema, customer_schema
from service.thread_pools import RETRY_AFTER, BusyError, Workers

PATHS = ("/gradio_api/mcp", "/gradio_api/mcp/")
_READ_ONLY = types.ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)
_DESCRIBE = "describe_segments"
LARGEST_CALL = 256 * 1024  # bytes

Answer = Mapping[str, Any]


class Agents:
    """The tools, and the routes they answer at."""

    def __init__(self, questions: Questions, workers: Workers) -> None:
        self._questions = questions
        self._workers = workers
        self._answers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "predict_segment": questions.predict,
            "explain_segment": self._explain,
            _DESCRIBE: self._describe,
        }
        self.tools = _tools(questions)
        server: Server[Any, Any] = Server(
            "customer-segments",
            version=questions.version,
            instructions=texts.INSTRUCTIONS.format(name=questions.contract.name),
        )
        server.list_tools()(self._list)  # type: ignore[no-untyped-call]  # mcp leaves it untyped
        server.call_tool(validate_input=False)(self.call)  # inference checks, and says it in sentences
        self._manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=LARGEST_CALL
        )

    def routes(self) -> list[Route]:
        """The streamable HTTP endpoint, and the list of tools as the page's API panel reads it."""
        manager = self._manager

        class Endpoint:
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                await manager.handle_request(scope, receive, send)

        listed = [
            {"name": tool.name, "description": tool.description, "inputSchema": tool.inputSchema, "meta": {}}
            for tool in self.tools
        ]
        schema = Response(orjson.dumps(listed), media_type="application/json")
        return [*(Route(path, Endpoint()) for path in PATHS), Route("/gradio_api/mcp/schema", schema)]

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Keep the endpoint open while the application runs."""
        async with self._manager.run():
            yield

    async def _list(self) -> list[types.Tool]:
        return self.tools

    async def call(self, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        """Answer one call; what is wrong with it comes back as a sentence the agent can act on."""
        if name not in self._answers:
            return _failed(f"there is no tool {name!r}; known: {', '.join(self._answers)}")
        try:
            answer = await self._workers.run(lambda: self._answers[name](arguments))
        except InputError as error:
            wrong = [] if name == _DESCRIBE else self._questions.refusals(arguments)  # it takes no columns
            return _failed("\n".join(refusal["message"] for refusal in wrong) or str(error))
        except BusyError:
            return _failed(texts.BUSY.format(seconds=RETRY_AFTER))
        except Exception as error:
            log_quietly(error)
            return _failed(texts.FAILED)
        text = types.TextContent(type="text", text=orjson.dumps(answer).decode())
        return types.CallToolResult(content=[text], structuredContent=dict(answer))

    def _explain(self, arguments: dict[str, Any]) -> Why:
        return self._questions.explain(arguments)

    def _describe(self, arguments: dict[str, Any]) -> ModelInfo:
        if arguments:
            raise InputError(
                f"{_DESCRIBE} takes no arguments, but there are {quoted_names(sorted(arguments))}"
            )
        return self._questions.model()


def _tools(questions: Questions) -> list[types.Tool]:
    customer = customer_schema(questions.contract.columns, spellings=False)
    nothing = {"type": "object", "properties": {}, "additionalProperties": False}
    return [
        _tool("predict_segment", "Predict a customer's segment", texts.TOOL_PREDICT, customer, Prediction),
        _tool("explain_segment", "Explain a customer's segment", texts.TOOL_EXPLAIN, customer, Why),
        _tool(_DESCRIBE, "Describe the segments", texts.TOOL_DESCRIBE, nothing, ModelInfo),
    ]


def _tool(name: str, title: str, text: str, takes: dict[str, Any], gives: type) -> types.Tool:
    return types.Tool(
        name=name,
        title=title,
        description=text,
        inputSchema=takes,
        outputSchema=answer_schema(gives),
        annotations=_READ_ONLY,
    )


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], isError=True)

"""The MCP tools: operations for agents over streamable HTTP, where clients of a Gradio app look for them.

Gradio's own MCP server would make a tool of every endpoint and answer in Python's notation; these tools
answer in JSON, as text and as structured content, with a schema for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.models import InitializationOptions
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from inference import Contract, InputError
from inference.wording import quoted_names
from service.api import api_texts as texts
from service.api.api_predictions import Predictor
from service.api.json_schemas import Schema, answer_schema, customer_schema, object_schema, rows_schema
from service.api.operations import OPERATIONS, Operation, Parameter, Takes
from service.api.request_log import log_quietly
from service.thread_pools import RETRY_AFTER, BusyError, WorkerPools

PATHS = ("/gradio_api/mcp", "/gradio_api/mcp/")
_READ_ONLY = types.ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)
LARGEST_CALL = 256 * 1024  # bytes


class McpTools:
    """The tools about one model."""

    def __init__(
        self,
        predictor: Predictor,
        pools: WorkerPools,
        operations: Sequence[Operation] = OPERATIONS,
    ) -> None:
        self._predictor = predictor
        self._pools = pools
        self._operations = {each.mcp: each for each in operations if each.mcp}
        self.tools = [_tool(each, predictor.contract) for each in self._operations.values()]
        self.version = predictor.version
        self.instructions = texts.INSTRUCTIONS.format(name=predictor.contract.name)
        listed = [
            {"name": tool.name, "description": tool.description, "inputSchema": tool.inputSchema, "meta": {}}
            for tool in self.tools
        ]
        self.schema = orjson.dumps(listed)

    async def call(self, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        """Answer one call; what is wrong with it comes back as a sentence the agent can act on."""
        operation = self._operations.get(name)
        if operation is None:
            names = ", ".join(self._operations)
            return _failed(f"there is no tool {name[:40]!r}; known: {names}")
        known = _parameters(operation, self._predictor.contract)
        given = {each.name: arguments[key] for key, each in known.items() if arguments.get(key) is not None}
        rest = {key: value for key, value in arguments.items() if key not in known}
        workers = operation.cost.workers(self._pools)
        try:
            sent = _sent(operation, rest)
            if workers is None:
                answer = operation.call(self._predictor, *sent, **given)
            else:
                answer = await workers.run(lambda: operation.call(self._predictor, *sent, **given))
        except InputError as error:
            wrong = self._predictor.refusals(rest) if operation.takes is Takes.CUSTOMER else []
            return _failed("\n".join(refusal["message"] for refusal in wrong) or str(error))
        except BusyError:
            return _failed(texts.BUSY.format(seconds=RETRY_AFTER))
        except Exception as error:
            log_quietly(error)
            return _failed(texts.FAILED)
        text = types.TextContent(type="text", text=orjson.dumps(answer).decode())
        return types.CallToolResult(content=[text], structuredContent=dict(answer))


class McpEndpoint:
    """The routes at which the tools of the model that is served answer; a request has one model.

    Args:
        current: the tools when it is called.
    """

    def __init__(self, current: Callable[[], McpTools]) -> None:
        self._current = current
        server = _Server(current)
        server.list_tools()(self._list)  # type: ignore[no-untyped-call]  # mcp leaves it untyped
        server.call_tool(validate_input=False)(self._call)  # inference checks, and answers in sentences
        self._manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=LARGEST_CALL
        )

    def routes(self) -> list[Route]:
        """The streamable HTTP endpoint, and the list of tools as the page's API panel reads it."""
        manager, current = self._manager, self._current

        class Endpoint:
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                await manager.handle_request(scope, receive, send)

        async def schema(_: Request) -> Response:
            return Response(current().schema, media_type="application/json")

        return [*(Route(path, Endpoint()) for path in PATHS), Route("/gradio_api/mcp/schema", schema)]

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Keep the endpoint open while the application runs."""
        async with self._manager.run():
            yield

    async def _list(self) -> list[types.Tool]:
        return self._current().tools

    async def _call(self, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        return await self._current().call(name, arguments)


class _Server(Server[Any, Any]):
    """Tells each client about the model that is served when it asks."""

    def __init__(self, current: Callable[[], McpTools]) -> None:
        super().__init__("customer-segments")
        self._tools = current

    def create_initialization_options(self, *given: Any, **named: Any) -> InitializationOptions:
        tools = self._tools()
        self.version, self.instructions = tools.version, tools.instructions
        return super().create_initialization_options(*given, **named)


def _sent(operation: Operation, arguments: dict[str, Any]) -> list[Any]:
    """What the operation is called with, besides its parameters.

    Raises:
        InputError: for arguments that it does not take.
    """
    if operation.takes is Takes.CUSTOMER:
        return [arguments]
    rows = operation.takes is Takes.ROWS
    unknown = sorted(set(arguments) - {"rows"}) if rows else sorted(arguments)
    if unknown:
        takes = ["rows"] if rows else []
        takes += [each.name for each in operation.parameters]
        what = f"only {', '.join(takes)}" if takes else "no arguments"
        raise InputError(f"{operation.mcp} takes {what}, but there are {quoted_names(unknown)}")
    return [arguments.get("rows", [])] if rows else []


def _parameters(operation: Operation, contract: Contract) -> dict[str, Parameter]:
    """The parameters by argument; one that is called like a column gets an underscore after its name."""
    return {
        f"{each.name}_" if each.name in contract.names else each.name: each for each in operation.parameters
    }


def _tool(operation: Operation, contract: Contract) -> types.Tool:
    if operation.gives is None:
        raise TypeError(f"a tool answers in JSON, but {operation.name} gives a file; leave its mcp empty")
    return types.Tool(
        name=operation.mcp,
        title=operation.summary,
        description=operation.description,
        inputSchema=_input_schema(operation, contract),
        outputSchema=answer_schema(operation.gives),
        annotations=_READ_ONLY,
    )


def _input_schema(operation: Operation, contract: Contract) -> Schema:
    customer = customer_schema(contract.columns, spellings=False)
    more = {
        argument: each.schema(contract) | {"description": each.description}
        for argument, each in _parameters(operation, contract).items()
    }
    if operation.takes is Takes.CUSTOMER:
        return customer | {"properties": customer["properties"] | more}
    if operation.takes is Takes.ROWS:
        return object_schema({"rows": rows_schema(customer)} | more, required=("rows",))
    return object_schema(more)


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], isError=True)

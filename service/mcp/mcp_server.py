"""The MCP endpoint: tools, resources and a prompt for agents, where clients of a Gradio app look for them.

Gradio's own MCP server would make a tool of every endpoint and answer in Python's notation; these tools
answer in JSON, as text and as structured content, with a schema for it.

Revision 2026-07-28 needs no session and is answered by ``stateless``. Those before it begin with a handshake,
which the MCP library answers; Gradio needs a version of the library that knows no later one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from mcp import McpError, types
from mcp.server.lowlevel import Server
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.models import InitializationOptions
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from pydantic import AnyUrl
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from inference import InputError
from service.api.http.access import Access
from service.api.http.request_body import parse_json, read_body
from service.api.problems import Problem
from service.mcp.json_rpc import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, error_response
from service.mcp.mcp_tools import McpTools
from service.mcp.origins import refuse_origin
from service.mcp.stateless import Stateless, is_stateless
from service.settings import PREDICT

NAME = "customer-segments"
PATHS = ("/gradio_api/mcp", "/gradio_api/mcp/")
LARGEST_CALL = 1024 * 1024  # bytes; what is larger is a file
_SENT = "customer-segments.message"  # in the scope: the message as it was sent


class McpEndpoint:
    """The routes at which the tools of the model that is served answer; a request has one model.

    Args:
        current: the tools when it is called.
        origins: of web pages that may call them.
        access: who may call them; ``None``: everybody.
    """

    def __init__(
        self, current: Callable[[], McpTools], origins: Sequence[str] = (), access: Access | None = None
    ) -> None:
        self._current = current
        self._origins = frozenset(origins)
        self._access = access
        self._stateless = Stateless(NAME, current)
        server = _Server(current)
        server.list_tools()(self._list)  # type: ignore[no-untyped-call]  # mcp leaves these untyped
        server.call_tool(validate_input=False)(server.call)  # inference checks, and answers in sentences
        server.list_resources()(self._list_resources)  # type: ignore[no-untyped-call]
        server.read_resource()(self._read_resource)  # type: ignore[no-untyped-call]
        server.list_prompts()(self._list_prompts)  # type: ignore[no-untyped-call]
        server.get_prompt()(self._get_prompt)  # type: ignore[no-untyped-call]
        self._manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=LARGEST_CALL
        )

    def routes(self) -> list[Route]:
        """The streamable HTTP endpoint, and the list of tools as the page's API panel reads it."""
        answer, current = self._answer, self._current

        class Endpoint:
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                await answer(scope, receive, send)

        async def schema(_: Request) -> Response:
            return Response(current().schema, media_type="application/json")

        return [*(Route(path, Endpoint()) for path in PATHS), Route("/gradio_api/mcp/schema", schema)]

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Keep the endpoint open while the application runs."""
        async with self._manager.run():
            yield

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the message once, strictly, then answer it in the revision that it is written in."""
        request = Request(scope, receive)
        refused = refuse_origin(request, self._origins) or self._refuse_key(request)
        if refused is not None or request.method != "POST":
            if refused is None and is_stateless(request, None):
                refused = Response(status_code=405, headers={"Allow": "POST"})
            await (refused or self._manager.handle_request)(scope, receive, send)
            return
        try:
            body = await read_body(request, LARGEST_CALL)
            message = parse_json(body)
        except ClientDisconnect:
            return
        except Problem as problem:
            code = PARSE_ERROR if problem.status == 400 else INVALID_REQUEST
            await error_response(None, code, problem.detail, status=problem.status)(scope, receive, send)
            return
        if is_stateless(request, message):
            await (await self._stateless.answer(request, message))(scope, receive, send)
            return
        scope[_SENT] = message
        await self._manager.handle_request(scope, _again(body, receive), send)

    def _refuse_key(self, request: Request) -> Response | None:
        """The refusal of a request without a key, where one is needed."""
        if self._access is None:
            return None
        try:
            self._access.identify(request.scope)
            self._access.require(request.scope, PREDICT)
        except Problem as problem:
            answer = error_response(None, INVALID_REQUEST, problem.detail, status=problem.status)
            answer.headers.update(problem.headers)
            return answer
        return None

    async def _list(self) -> list[types.Tool]:
        return self._current().tools

    async def _list_resources(self) -> list[types.Resource]:
        return self._current().resources.listed

    async def _read_resource(self, uri: AnyUrl) -> Iterable[ReadResourceContents]:
        with _invalid_params():
            text, kind = self._current().resources.read(str(uri))
        return [ReadResourceContents(text, kind)]

    async def _list_prompts(self) -> list[types.Prompt]:
        return self._current().prompts.listed

    async def _get_prompt(self, name: str, arguments: Mapping[str, str] | None) -> types.GetPromptResult:
        with _invalid_params():
            return self._current().prompts.get(name, arguments)


class _Server(Server[Any, Any]):
    """Answers from the model that is served when it is asked."""

    def __init__(self, current: Callable[[], McpTools]) -> None:
        super().__init__(NAME)
        self._tools = current

    def create_initialization_options(self, *given: Any, **named: Any) -> InitializationOptions:
        tools = self._tools()
        self.version, self.instructions = tools.version, tools.instructions
        return super().create_initialization_options(*given, **named)

    async def call(self, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        """Call a tool with the arguments as they were sent; the library would make null of NaN."""
        request: Any = self.request_context.request
        sent = request.scope[_SENT]["params"].get("arguments")
        return await self._tools().call(name, sent or arguments)


@contextmanager
def _invalid_params() -> Iterator[None]:
    """Turn what the caller did wrong into an error of the protocol."""
    try:
        yield
    except InputError as error:
        raise McpError(types.ErrorData(code=INVALID_PARAMS, message=str(error))) from None


def _again(body: bytes, receive: Receive) -> Receive:
    """Messages that give the body, which was read already, once more."""
    given = False

    async def messages() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return messages

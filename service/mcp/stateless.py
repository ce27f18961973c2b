"""MCP revision 2026-07-28: each request says everything about itself, without a handshake or a session.

https://modelcontextprotocol.io/specification/2026-07-28: revision and capabilities of the client are in
``params._meta``; headers repeat revision, method and name, for proxies, and must agree with the body.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcp.shared.version import SUPPORTED_PROTOCOL_VERSIONS as WITH_HANDSHAKE
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from inference import InputError
from inference.wording import quoted
from service.mcp import mcp_texts
from service.mcp.json_rpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    UNSUPPORTED_VERSION,
    RpcError,
    error_response,
    result_response,
)
from service.mcp.mcp_resources import APP
from service.mcp.mcp_tools import McpTools

VERSION = "2026-07-28"
VERSIONS = (VERSION, *reversed(WITH_HANDSHAKE))  # newest first
_META = "io.modelcontextprotocol/"
_VERSION_KEY, _CAPABILITIES_KEY = f"{_META}protocolVersion", f"{_META}clientCapabilities"
_SERVER_KEY, _APPS = f"{_META}serverInfo", f"{_META}ui"
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_FRESH = {"ttlMs": 60_000, "cacheScope": "public"}  # another model may be served in a minute
Params = Mapping[str, Any]


def is_stateless(request: Request, message: object) -> bool:
    """Whether a request is of a revision without a handshake, or of one that is not known."""
    stated = request.headers.get("mcp-protocol-version")
    if stated is not None:
        return stated not in WITH_HANDSHAKE
    return _VERSION_KEY in _meta(message)


class Stateless:
    """Answers requests of revision 2026-07-28 from the model that is served.

    Args:
        name: of the server.
        current: the tools when it is called.
    """

    def __init__(self, name: str, current: Callable[[], McpTools]) -> None:
        self._name = name
        self._current = current

    async def answer(self, request: Request, message: object) -> Response:
        """Answer one message; a notification is accepted, and there is none that has an effect."""
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            return error_response(None, INVALID_REQUEST, mcp_texts.ONE_MESSAGE)
        if "id" not in message:
            return Response(status_code=202)
        key = message["id"]
        if isinstance(key, bool) or not isinstance(key, str | int):
            return error_response(None, INVALID_REQUEST, mcp_texts.MESSAGE_ID)
        tools = self._current()
        try:
            _check(request, message)
            result = await self._result(tools, message["method"], message["params"])
        except RpcError as error:
            return error_response(key, error.code, error.message, error.data)
        except InputError as error:
            return error_response(key, INVALID_PARAMS, str(error))
        server = {"name": self._name, "version": tools.version}
        return result_response(key, {"resultType": "complete", **result, "_meta": {_SERVER_KEY: server}})

    async def _result(self, tools: McpTools, method: str, params: Params) -> dict[str, Any]:
        if method == "tools/call":
            return _dumped(await tools.call(_text(params, "name"), _arguments(params)))
        if method not in _METHODS:
            raise RpcError(METHOD_NOT_FOUND, mcp_texts.NO_METHOD.format(seen=quoted(method)))
        return _METHODS[method](tools, params)


def _read(tools: McpTools, params: Params) -> dict[str, Any]:
    uri = _text(params, "uri")
    text, kind = tools.resources.read(uri)
    return {"contents": [{"uri": uri, "mimeType": kind, "text": text}], **_FRESH}


def _prompt(tools: McpTools, params: Params) -> dict[str, Any]:
    arguments = _arguments(params)
    if not all(isinstance(each, str) for each in arguments.values()):
        raise RpcError(INVALID_PARAMS, mcp_texts.NO_ARGUMENTS)
    return _dumped(tools.prompts.get(_text(params, "name"), arguments))


def _discovered(tools: McpTools) -> dict[str, Any]:
    """What the server can do, for a client that asks before anything else."""
    return {
        "supportedVersions": list(VERSIONS),
        "capabilities": {
            "tools": {},
            "resources": {},
            "prompts": {},
            "extensions": {_APPS: {"mimeTypes": [APP]}},
        },
        "instructions": tools.instructions,
        **_FRESH,
    }


def _check(request: Request, message: Mapping[str, Any]) -> None:
    """Refuse a request that does not say what it must, or whose headers say something else.

    Raises:
        RpcError: with the code for it.
    """
    meta = _meta(message)
    missing = [key for key in (_VERSION_KEY, _CAPABILITIES_KEY) if key not in meta]
    if missing:
        raise RpcError(INVALID_PARAMS, mcp_texts.NO_META.format(missing=", ".join(missing)))
    method, version = message["method"], meta[_VERSION_KEY]
    stated = {"MCP-Protocol-Version": version, "Mcp-Method": method}
    named = message["params"].get(_NAMED.get(method, ""))
    if named is not None:
        stated["Mcp-Name"] = named
    for header, value in stated.items():
        found = request.headers.getlist(header)
        if len(found) != 1 or _decoded(found[0]) != value:
            raise RpcError(HEADER_MISMATCH, mcp_texts.OTHER_HEADER.format(header=header))
    if version != VERSION:
        data = {"supported": list(VERSIONS), "requested": version}
        raise RpcError(UNSUPPORTED_VERSION, mcp_texts.OTHER_VERSION.format(known=VERSION), data)


def _decoded(value: str) -> str | None:
    """The text of a header, in base64 where it is not plain ASCII; ``None`` where it cannot be read."""
    if not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _meta(message: object) -> Mapping[str, Any]:
    params = message.get("params") if isinstance(message, dict) else None
    meta = params.get("_meta") if isinstance(params, dict) else None
    return meta if isinstance(meta, dict) else {}


def _text(params: Params, name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str):
        raise RpcError(INVALID_PARAMS, mcp_texts.NO_TEXT_PARAMETER.format(name=name))
    return value


def _arguments(params: Params) -> dict[str, Any]:
    arguments = params.get("arguments")
    if not isinstance(arguments, dict | None):
        raise RpcError(INVALID_PARAMS, mcp_texts.NO_ARGUMENTS)
    return arguments or {}


def _dumped(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(by_alias=True, mode="json", exclude_none=True)


def _listed(name: str, models: Sequence[BaseModel]) -> dict[str, Any]:
    return {name: [_dumped(each) for each in models], **_FRESH}


_METHODS: dict[str, Callable[[McpTools, Params], dict[str, Any]]] = {
    "server/discover": lambda tools, _: _discovered(tools),
    "tools/list": lambda tools, _: _listed("tools", tools.tools),
    "resources/list": lambda tools, _: _listed("resources", tools.resources.listed),
    "resources/templates/list": lambda *_: _listed("resourceTemplates", []),
    "resources/read": _read,
    "prompts/list": lambda tools, _: _listed("prompts", tools.prompts.listed),
    "prompts/get": _prompt,
}

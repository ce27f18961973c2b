"""Answers in JSON-RPC 2.0, and the codes of its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022  # of MCP
_STATUS = {METHOD_NOT_FOUND: 404}


class RpcError(Exception):
    """A request that is answered with an error.

    Attributes:
        code: of JSON-RPC or MCP; message: what must be true and what was seen; data: for programs.
    """

    def __init__(self, code: int, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def result_response(request_id: object, result: Mapping[str, Any]) -> Response:
    """The result of a request."""
    return _response({"jsonrpc": "2.0", "id": request_id, "result": result}, 200)


def error_response(
    request_id: object, code: int, message: str, data: Mapping[str, Any] | None = None, *, status: int = 0
) -> Response:
    """An error; without a status, the one that its code has in MCP."""
    error: dict[str, Any] = {"code": code, "message": message}
    if data is not None:
        error["data"] = data
    return _response({"jsonrpc": "2.0", "id": request_id, "error": error}, status or _STATUS.get(code, 400))


def _response(body: Mapping[str, Any], status: int) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, "application/json")

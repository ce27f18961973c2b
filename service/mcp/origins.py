"""Which web pages may call the tools: a page elsewhere must not use the visitor's network to reach them."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from inference.wording import quoted
from service.mcp import mcp_texts
from service.mcp.json_rpc import INVALID_REQUEST, error_response

ANY = "*"


def refuse_origin(request: Request, allowed: Collection[str]) -> Response | None:
    """The refusal of a request from a web page that is not allowed, or ``None``; agents send no Origin."""
    origins = request.headers.getlist("origin")
    if not origins or ANY in allowed or all(origin.lower() in allowed for origin in origins):
        return None
    message = mcp_texts.OTHER_ORIGIN.format(seen=quoted(origins[0]))
    return error_response(None, INVALID_REQUEST, message, status=403)

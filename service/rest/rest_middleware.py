"""Wraps the REST routes: request ids, security headers, the rate limit, and problems instead of errors."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import api_texts as texts
from service.api.http.access import Access, below, scope_of
from service.api.http.rate_limit import Limit
from service.api.http.request_log import log_quietly
from service.api.http.unread_body import Body
from service.api.problems import Problem
from service.thread_pools import RETRY_AFTER, BusyError

REQUEST_ID = "x-request-id"
MODEL_VERSION = "x-model-version"  # of the model that a request met, on every answer
_SANE_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_NO_HANDLERS: tuple[dict[int, object], dict[type[Exception], object]] = ({}, {})


class AbortedError(RuntimeError):
    """An answer broke off after it had begun; the connection is closed so that nobody takes it for whole."""


class RestMiddleware:
    """The ASGI application between the server and the routes; errors reveal nothing internal."""

    def __init__(
        self,
        routes: ASGIApp,
        *,
        limit: Limit | None = None,
        access: Access | None = None,
        needed: Callable[[str], str] = scope_of,
        version: str = "",
    ) -> None:
        self._routes = routes
        self._limit = limit
        self._access = access
        self._needed = needed
        self._always = [*_SECURITY, (MODEL_VERSION.encode(), version.encode())] if version else _SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _SANE_ID.fullmatch(given) else secrets.token_hex(8)
        scope.update(
            {"app": self, "starlette.exception_handlers": _NO_HANDLERS}
        )  # else Gradio's would answer
        body = Body(scope, receive)
        started = False
        limits: list[tuple[bytes, bytes]] = []

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in self._always if header[0] not in own),
                    *limits,
                    (REQUEST_ID.encode(), request_id.encode()),
                ]
            await send(message)

        try:
            if self._access is not None:
                self._access.identify(scope)
            if self._limit is not None:
                left = self._limit(scope)
                limits += [(name.lower().encode(), text.encode()) for name, text in left.items()]
            if self._access is not None:
                self._access.require(scope, self._needed(below(scope)))
            await self._routes(scope, body.receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:
            problem = as_problem(error)
            if started:
                raise AbortedError(texts.FAILED) from None
            await body.read_away()
            await problem.response(request_id)(scope, receive, answer)


def as_problem(error: Exception) -> Problem:
    """The problem that a client gets for an error; a fault of the server is logged without its message."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, BusyError):
        retry = {"Retry-After": str(RETRY_AFTER)}
        return Problem(503, texts.BUSY.format(seconds=RETRY_AFTER), headers=retry)
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return Problem(405, texts.WRONG_METHOD.format(allowed=allowed), headers={"Allow": allowed})
    if isinstance(error, HTTPException) and error.status_code == 404:
        return Problem(404, texts.NOT_FOUND)
    log_quietly(error)
    return Problem(500, texts.FAILED)

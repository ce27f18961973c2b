"""Stands before Gradio's own API: bounded bodies, the rate limit, and a status that says whose fault it is.

Gradio reads a body of any size, and answers 500 to whatever a function refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import Problem
from service.api.request_body import too_large
from service.api.unread_body import Body

LARGEST_CALL = 16 * 1024 * 1024  # bytes; 10,000 customers of some dozens of columns
_CALLS = (
    "/gradio_api/run/",
    "/gradio_api/api/",
    "/gradio_api/call/",
    "/gradio_api/queue/",
    "/gradio_api/mcp",
)
_COUNTED = (*_CALLS, "/gradio_api/upload")  # Gradio bounds the files itself
_status: ContextVar[list[int]] = ContextVar("status")


def refuse_with(status: int) -> None:
    """Let the answer to the current call have this status in place of Gradio's 500."""
    box = _status.get(None)
    if box is not None:
        box[:] = [status]


class Gate:
    """A middleware that touches the calls of Gradio's API, counts the uploads, and nothing else."""

    def __init__(self, app: ASGIApp, *, limit: Callable[[Scope], None] | None = None) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_COUNTED):
            await self._app(scope, receive, send)
            return
        if not scope["path"].startswith(_CALLS):
            await self._upload(scope, receive, send)
            return
        box: list[int] = []
        body = Body(scope, receive)
        started = False

        async def counted() -> Message:
            message = await body.receive()
            if body.size > LARGEST_CALL:
                raise too_large(LARGEST_CALL)
            return message

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if message["status"] == 500:  # our functions mark what is ours; the rest is about the request
                    message["status"] = box[0] if box else 422
            await send(message)

        _status.set(box)
        try:
            announced = Headers(scope=scope).get("content-length", "")
            if announced.isdecimal() and int(announced[:20]) > LARGEST_CALL:
                raise too_large(LARGEST_CALL)
            if self._limit is not None:
                self._limit(scope)
            await self._app(scope, counted, answer)
        except Problem as problem:
            if not started:
                await body.read_away()
                await problem.response("")(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if self._limit is not None:
                self._limit(scope)
        except Problem as problem:
            await Body(scope, receive).read_away()
            await problem.response("")(scope, receive, send)
            return
        await self._app(scope, receive, send)

"""Middleware for Gradio's own API: bounded bodies, the rate limit, and a status that shows whose fault it is.

Gradio reads a body of any size, and answers 500 to whatever a function refuses.
"""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from pathlib import Path

from gradio.utils import get_upload_folder
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import api_texts as texts
from service.api.http.rate_limit import Limit
from service.api.http.request_body import too_large
from service.api.http.unread_body import Body
from service.api.http.upload_shares import PACE, PATIENCE, Upload, UploadShares, client_of
from service.api.problems import Problem, fault_of_server
from service.thread_pools import RETRY_AFTER, BusyError

LARGEST_CALL = 16 * 1024 * 1024  # bytes; 10,000 customers of some dozens of columns
_CALLS = (
    "/gradio_api/run/",
    "/gradio_api/api/",
    "/gradio_api/call/",
    "/gradio_api/queue/",
    "/gradio_api/mcp",
)
_COUNTED = (*_CALLS, "/gradio_api/upload")
_status: ContextVar[list[int]] = ContextVar("status")


def refuse_with(status: int) -> None:
    """Let the answer to the current call have this status in place of Gradio's 500."""
    box = _status.get(None)
    if box is not None:
        box[:] = [status]


class GradioMiddleware:
    """A middleware that touches the calls of Gradio's API, counts the uploads, and nothing else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: Limit | None = None,
        shares: UploadShares | None = None,
        largest: int = LARGEST_CALL,
    ) -> None:
        self._app = app
        self._limit = limit
        self._shares = shares
        self._largest = largest
        self._partial = False  # whether an upload ended early since the last look for its files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(_COUNTED):
            await self._app(scope, receive, send)
            return
        if scope["method"] != "POST":
            await self._other(scope, receive, send)
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

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request without a body, such as for the events of a call; it counts like any other."""
        try:
            if self._limit is not None:
                self._limit(scope)
        except Problem as problem:
            await problem.response("")(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An upload of a file, its bytes counted for its client and bounded for each request."""
        body = Body(scope, receive)
        started = taken = False

        async def answer(message: Message) -> None:
            nonlocal started, taken
            started = started or message["type"] == "http.response.start"
            taken = taken or message.get("status") == 200
            await send(message)

        try:
            if self._limit is not None:
                self._limit(scope)
            if self._shares is None:
                await self._app(scope, receive, answer)
                return
            announced = Headers(scope=scope).get("content-length", "")
            if announced.isdecimal() and int(announced[:20]) > self._largest:
                raise too_large(self._largest)
            with self._shares.upload(client_of(HTTPConnection(scope))) as upload:
                await self._app(scope, self._counted(body, upload), answer)
        except ClientDisconnect:
            return  # nobody waits for an answer, and it is nobody's fault
        except (Problem, BusyError, OSError) as error:
            if not started:
                await body.read_away()
                await _as_problem(error).response("")(scope, receive, send)
        finally:
            self._partial = self._partial or not taken
            if self._partial and self._shares is not None and not self._shares.busy:
                self._partial = False
                _remove_partial_files()

    def _counted(self, body: Body, upload: Upload) -> Receive:
        """Messages of a client that sends neither too much nor too slowly."""
        begun = time.monotonic()

        async def receive() -> Message:
            left = PATIENCE + upload.size / PACE - (time.monotonic() - begun)
            try:
                async with asyncio.timeout(max(0.0, min(PATIENCE, left))):
                    message = await body.receive()
            except TimeoutError:
                raise Problem(408, texts.TOO_SLOWLY.format(pace=PACE, seconds=PATIENCE)) from None
            if body.size > self._largest:
                raise too_large(self._largest)
            upload.count(len(message.get("body", b"")))
            return message

        return receive


def _remove_partial_files() -> None:
    """Remove what uploads that ended early left; whole files are in folders of their own."""
    folder = Path(get_upload_folder())
    for path in folder.glob("tmp*"):
        if path.is_file() and not path.is_symlink():
            path.unlink(missing_ok=True)


def _as_problem(error: Problem | BusyError | OSError) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, OSError):
        return fault_of_server(error)
    return Problem(503, texts.BUSY.format(seconds=RETRY_AFTER), headers={"Retry-After": str(RETRY_AFTER)})

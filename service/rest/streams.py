"""A request's body as a file that waits for a worker, and what the worker writes while the client stays."""

from __future__ import annotations

import asyncio
import io
import time
from typing import IO

from starlette.requests import ClientDisconnect, Request

from inference import InputError
from service.api import api_texts as texts
from service.api.http.request_body import too_large
from service.api.http.upload_shares import PACE, PATIENCE, Upload
from service.api.problems import Problem, fault_of_server


async def receive(request: Request, target: IO[bytes], upload: Upload, limit: int) -> None:
    """Store the body of a request, and go back to its first byte.

    Raises:
        Problem: 413 when the body is larger than it may be, 408 when it comes too slowly.
        ClientDisconnect: when the client has gone.
        BusyError: when there is no room for it.
    """
    started = time.monotonic()
    more = True
    while more:
        left = PATIENCE + upload.size / PACE - (time.monotonic() - started)
        try:
            async with asyncio.timeout(max(0.0, min(PATIENCE, left))):
                message = await request.receive()
        except TimeoutError:
            raise Problem(408, texts.TOO_SLOWLY.format(pace=PACE, seconds=PATIENCE)) from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        if upload.size + len(part) > limit:
            raise too_large(limit)
        upload.store(part, target)
        more = message.get("more_body", False)
    target.seek(0)


async def watch(request: Request, left: asyncio.Event) -> None:
    """Once the body has come, wait for the client to leave."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    left.set()


class Outgoing(io.BufferedIOBase):
    """What a worker thread writes; it stops there when the client has gone or it becomes too much."""

    def __init__(self, target: IO[bytes], left: asyncio.Event, most: int) -> None:
        self._target = target
        self._left = left
        self._room = self._most = most

    def writable(self) -> bool:
        """Always writable."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # whatever the target takes
        """Pass it on.

        Raises:
            ClientDisconnect: when nobody waits for it any more.
            InputError: when the scored file would be too large.
        """
        if self._left.is_set():
            raise ClientDisconnect
        self._room -= len(data)
        if self._room < 0:
            raise InputError(
                f"the scored file must have at most {self._most:,} bytes, but it has more; leave out the "
                "columns that the model does not use"
            )
        try:
            return self._target.write(data)
        except OSError as error:  # of this server, not of the file
            raise fault_of_server(error) from None

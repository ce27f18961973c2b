"""A request's body and its answer as files for a worker thread, while the event loop goes on."""

from __future__ import annotations

import asyncio
import io
import time
from typing import IO, cast

from starlette.requests import ClientDisconnect, Request

from service.api import api_texts as texts
from service.api.problems import Problem
from service.api.request_body import too_large

PATIENCE = 60  # seconds without a byte from the client
PACE = 50_000  # bytes a second that a client must send, after as long again


class Incoming(io.RawIOBase):
    """The body of a request as a file for a worker thread; reading waits for the client."""

    def __init__(self, request: Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._rest = b""
        self._read = 0
        self._waited = 0.0
        self._ended = False
        self.left = asyncio.Event()

    def readable(self) -> bool:
        """Always readable."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # only ever a memoryview
        """Fill the buffer with what there is; 0 at the end.

        Raises:
            Problem: 413 when the body is larger than it may be, 408 when it comes too slowly.
            ClientDisconnect: when the client has gone.
        """
        if not self._rest and not self._ended:
            self._rest = self._awaited()
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _awaited(self) -> bytes:
        """What the client sends next; only the time spent here is held against it."""
        left = PATIENCE + self._read / PACE - self._waited
        started = time.monotonic()
        coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
        try:
            return coming.result(max(0.0, min(PATIENCE, left)))
        except TimeoutError:
            coming.cancel()
            raise Problem(408, texts.TOO_SLOWLY.format(pace=PACE, seconds=PATIENCE)) from None
        finally:
            self._waited += time.monotonic() - started

    async def _next(self) -> bytes:
        while True:
            message = await self._request.receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                raise ClientDisconnect
            part = cast(bytes, message.get("body", b""))
            self._ended = not message.get("more_body", False)
            self._read += len(part)
            if self._read > self._limit:
                raise too_large(self._limit)
            if part or self._ended:
                return part

    async def watch(self) -> None:
        """Once the body has come, wait for the client to leave."""
        while not self._ended:
            await asyncio.sleep(0.2)
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.left.set()


class Joined(io.RawIOBase):
    """A stream of which some bytes were read already."""

    def __init__(self, begin: bytes, rest: io.RawIOBase) -> None:
        self._begin = begin
        self._rest = rest

    def readable(self) -> bool:
        """Always readable."""
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # only ever a memoryview
        """Fill the buffer with the bytes that were read, then from the stream."""
        if not self._begin:
            return self._rest.readinto(buffer)
        taken, self._begin = self._begin[: len(buffer)], self._begin[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def first_bytes(stream: io.RawIOBase, size: int) -> bytes:
    """Up to ``size`` bytes from the beginning of a stream that gives them in pieces."""
    begin = b""
    while len(begin) < size and (piece := stream.read(size - len(begin))):
        begin += piece
    return begin


class Outgoing(io.BufferedIOBase):
    """What a worker thread writes; it stops there when the client has gone."""

    def __init__(self, target: IO[bytes], left: asyncio.Event) -> None:
        self._target = target
        self._left = left

    def writable(self) -> bool:
        """Always writable."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # whatever the target takes
        """Pass it on.

        Raises:
            ClientDisconnect: when nobody waits for it any more.
        """
        if self._left.is_set():
            raise ClientDisconnect
        return self._target.write(data)

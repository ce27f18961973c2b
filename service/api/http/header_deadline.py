"""Closes connections whose request line and headers do not end: in time, and within a size.

The server waits for them without a limit, so a client could hold connections, or fill the memory, for free.
Bodies have their own limits, see ``request_body`` and ``upload_shares``.
"""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn.config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 20  # seconds from the first moment of a connection, or the first byte of a further request
LARGEST = 64 * 1024  # bytes of a request line with its headers
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def close_unfinished_requests() -> None:
    """Let every server that is started from now on use ``DeadlineProtocol``."""
    uvicorn.config.HTTP_PROTOCOLS["auto"] = f"{__name__}:{DeadlineProtocol.__name__}"


class DeadlineProtocol(HttpToolsProtocol):
    """A connection that must send its headers soon."""

    _waiting: asyncio.TimerHandle | None = None
    _begun = False  # whether a request has
    _size = 0  # of its headers, in bytes, with what came along with them

    def connection_made(self, transport: Any) -> None:
        """Start to wait."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count bytes until the headers are complete."""
        if self._waiting is not None:
            self._size += len(data)
        super().data_received(data)
        if self._waiting is not None and self._size > LARGEST:
            self._give_up(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._begun = True
        if self._waiting is None:
            self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Everything is there but a body."""
        self._begun = False
        self._wait_no_longer()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._size = 0
        self._waiting = self.loop.call_later(PATIENCE, self._give_up, _TOO_LATE)

    def _wait_no_longer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self, told: bytes) -> None:
        self._wait_no_longer()
        if not self.transport.is_closing():
            if self._begun:
                self.transport.write(told)
            self.transport.close()

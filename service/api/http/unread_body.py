"""Reads away what a client still sends when its request is refused, so that it gets to read why.

A server that closes while a client is sending resets the connection, and most clients then report a broken
pipe in place of the answer.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

LONGEST = 5.0  # seconds
MOST = 64 * 1024 * 1024  # bytes


class Body:
    """The body of one request: counts what came and knows whether all of it has."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self._ended = scope["method"] not in ("POST", "PUT", "PATCH")
        self.size = 0

    async def receive(self) -> Message:
        """The next message of the client."""
        message = await self._receive()
        self.size += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        return message

    async def read_away(self) -> None:
        """Read the rest, unless it is long; a client that asked before sending is not asked to send."""
        if self._ended or "expect" in Headers(scope=self._scope):
            return
        start = self.size
        try:
            async with asyncio.timeout(LONGEST):
                while self.size - start < MOST:
                    message = await self.receive()
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            return

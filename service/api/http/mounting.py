"""How applications are put together: what is mounted below a path, and lifespans, entered in turn."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from starlette.routing import Mount
from starlette.types import ASGIApp

Lifespan = Callable[[object], AbstractAsyncContextManager[None]]


def mounted(path: str, app: ASGIApp) -> Mount:
    """Everything below a path, also where an address has an encoded line feed."""
    mount = Mount(path, app=app)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def joined(*parts: Lifespan) -> Lifespan:
    """All of these, entered in turn."""

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for part in parts:
                await stack.enter_async_context(part(app))
            yield

    return lifespan

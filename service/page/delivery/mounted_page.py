"""A page of its own below an address, beside the one that is served at ``/``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from service.page.delivery.page_delivery import PageDelivery
from service.page.first_screen import first_screen_of
from service.page.theme import head, theme

ROOT_PATH = "GRADIO_ROOT_PATH"  # where a proxy has the app, which Gradio reads for the page at ``/`` alone
Wrap = Callable[[ASGIApp], ASGIApp]
Built = tuple[gr.Blocks, Sequence[BaseRoute]]


class MountedPage:
    """A page that is served, and what has to end with it.

    Attributes:
        app: answers requests, with paths that begin after the address of the page.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks, stack: AsyncExitStack) -> None:
        self.app, self._page, self._stack = app, page, stack

    @classmethod
    async def begin(
        cls, build: Callable[[], Built], address: str, wrap: Wrap, *, in_languages: bool = False
    ) -> MountedPage:
        """Build the page in a thread, and start what it needs.

        Args:
            build: makes the page, and the routes beside it.
            address: of the page, without a slash at its end.
            wrap: puts the limits of Gradio's calls around it.
            in_languages: whether its head leads search engines to the same page in other languages.
        """
        app, page = await asyncio.to_thread(_mounted, build, address)
        stack = AsyncExitStack()
        await stack.enter_async_context(app.router.lifespan_context(app))
        delivery = PageDelivery(app, first_screen=partial(first_screen_of, page), in_languages=in_languages)
        return cls(wrap(delivery), page, stack)

    async def close(self) -> None:
        """End its tasks, and remove its files."""
        await self._stack.aclose()
        self._page._queue.close()  # type: ignore[no-untyped-call]  # Gradio's
        for files in self._page.temp_file_sets:
            for path in files:
                Path(path).unlink(missing_ok=True)


def _mounted(build: Callable[[], Built], address: str) -> tuple[FastAPI, gr.Blocks]:
    page, routes = build()
    page.mcp_server = False  # agents have those of the served model
    app = FastAPI(openapi_url=None, routes=list(routes))
    outside = os.environ.get(ROOT_PATH, "").rstrip("/")
    gr.mount_gradio_app(app, page, path="/", root_path=f"{outside}{address}", **_options())
    return app, page


def _options() -> dict[str, Any]:
    """As the page of the served model is launched."""
    return {
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "mcp_server": False,
        "show_error": True,
        "pwa": False,
        "footer_links": ["settings"],
        "theme": theme(),
        "head": head(),
    }

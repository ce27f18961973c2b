"""The page in other languages, each below its code, such as ``/de/``; made when it is first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import gradio as gr
from starlette.types import Receive, Scope, Send

from service.languages.language import Language, speaking
from service.page.delivery.mounted_page import MountedPage, Wrap

Model = TypeVar("Model")


class LanguagePage(Generic[Model]):
    """The ASGI application below the code of a language.

    Args:
        language: of the page.
        now: the model that is served; a page is made again when it is another one.
        make: makes the page about a model, in the current language.

    Attributes:
        code: of the language.
    """

    def __init__(
        self, language: Language, now: Callable[[], Model], make: Callable[[Model], gr.Blocks]
    ) -> None:
        self.code, self._language, self._now, self._make = language.code, language, now, make
        self.wrap: Wrap = lambda app: app  # the limits of Gradio's calls
        self._made: tuple[Model, MountedPage] | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in the language."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        with speaking(self._language):
            page = await self._page()
            path = _below(scope, self._language.code)
            inside = {**scope, "path": path, "raw_path": path.encode(), "root_path": ""}
            await page.app(inside, receive, send)

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """End the page with the application that it is part of."""
        try:
            yield
        finally:
            await self._close()

    async def _close(self) -> None:
        made, self._made = self._made, None
        if made is not None:
            await made[1].close()

    async def _page(self) -> MountedPage:
        """The page about the model that is served now; its tasks start in the language."""
        async with self._making:
            model = self._now()
            if self._made is None or self._made[0] is not model:
                await self._close()
                address = f"/{self._language.code}"
                page = await MountedPage.begin(
                    lambda: (self._make(model), ()), address, self.wrap, in_languages=True
                )
                self._made = (model, page)
            return self._made[1]


def _below(scope: Scope, code: str) -> str:
    """The path after the code of the language."""
    outside = str(scope.get("root_path", "")).removesuffix(f"/{code}")
    return str(scope["path"]).removeprefix(outside).removeprefix(f"/{code}")

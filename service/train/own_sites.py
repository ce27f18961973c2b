"""A page and an API about each model that somebody trained, below ``/own/`` and the id of its training.

Gradio builds a page for one model: its form has a field per column. So each result gets a page of its own,
made when it is first asked for, at an address that nobody can guess.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from inference import Segmenter
from service.api.problems import Problem
from service.page.delivery.page_delivery import PageDelivery
from service.page.downloads import ModelFiles
from service.page.theme import head, theme
from service.page.translations import translations
from service.train import training_texts as texts
from service.train.result_files import sent_file
from service.train.training_job import Job, State
from service.train.training_result import files_of

PREFIX = "/own"
PATIENCE = 10  # seconds in which a page must end
_ADDRESS = re.compile(r"/(?P<id>[A-Za-z0-9_-]{20,64})(?P<rest>/.*)?", re.DOTALL)


class Made(Protocol):
    """What answers about a model; ``ServedModel`` is one."""

    @property
    def page(self) -> gr.Blocks:
        """For people."""

    @property
    def rest(self) -> ASGIApp:
        """For programs."""


MakeSite = Callable[[Segmenter, ModelFiles], Made]
Wrap = Callable[[ASGIApp], ASGIApp]


class _Site:
    """One page that is served, and what has to end with it."""

    def __init__(self, app: ASGIApp, page: gr.Blocks, stack: AsyncExitStack) -> None:
        self.app, self.page, self._stack = app, page, stack

    async def close(self) -> None:
        """End its tasks, and remove its files."""
        await self._stack.aclose()
        self.page._queue.close()  # type: ignore[no-untyped-call]  # Gradio's
        for files in self.page.temp_file_sets:
            for path in files:
                Path(path).unlink(missing_ok=True)


class OwnSites:
    """The ASGI application below ``/own``.

    Args:
        find: a job by its id.
        make: makes page and API about a model.
    """

    def __init__(self, find: Callable[[str], Job | None], make: MakeSite) -> None:
        self._find, self._make = find, make
        self.wrap: Wrap = lambda app: app  # the limits of Gradio's calls
        self._sites: dict[str, _Site] = {}
        self._making = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        outside = scope.get("root_path", "").removesuffix(PREFIX)
        found = _ADDRESS.fullmatch(scope["path"].removeprefix(outside).removeprefix(PREFIX))
        site = None if found is None else await self._site(found["id"])
        if found is None or site is None:
            await Problem(404, texts.GONE).response("")(scope, receive, send)
        elif not found["rest"]:
            headers = {"Location": f"{outside}{PREFIX}/{found['id']}/"}
            await Problem(307, texts.GONE, headers=headers).response("")(scope, receive, send)
        else:
            inside = {
                **scope,
                "path": found["rest"],
                "raw_path": found["rest"].encode(),
                "root_path": "",
            }
            await site.app(inside, receive, send)

    def forget(self, id: str) -> None:
        """Serve a page no longer; from any thread."""
        site, loop = self._sites.pop(id, None), self._loop
        if site is not None and loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(site.close(), loop)

    def close(self) -> None:
        """Serve none of them any longer; while requests are still answered, and not by their thread."""
        loop = self._loop
        sites = [self._sites.pop(id) for id in list(self._sites)]
        if loop is not None and loop.is_running():
            for site in sites:
                asyncio.run_coroutine_threadsafe(site.close(), loop).result(PATIENCE)

    async def _site(self, id: str) -> _Site | None:
        """The page about a job's model, made at its first request."""
        job = self._find(id)
        if job is None or job.state is not State.DONE:
            return None
        async with self._making:
            self._loop = asyncio.get_running_loop()
            if id not in self._sites:
                self._sites[id] = await self._made(job)
            return self._sites.get(id)

    async def _made(self, job: Job) -> _Site:
        app, page = await asyncio.to_thread(self._build, job)
        stack = AsyncExitStack()
        await stack.enter_async_context(app.router.lifespan_context(app))
        return _Site(self.wrap(PageDelivery(app)), page, stack)

    def _build(self, job: Job) -> tuple[FastAPI, gr.Blocks]:
        path = files_of(job)["model"]
        segmenter = Segmenter.load(path)
        made = self._make(segmenter, ModelFiles.of(segmenter, path))
        made.page.mcp_server = False  # agents have those of the served model

        async def file(request: Request) -> Response:
            try:
                return sent_file(job, request.path_params["name"])
            except Problem as problem:
                return problem.response("")

        routes = [Mount("/v1", app=made.rest), Route("/files/{name}", file)]
        app = FastAPI(openapi_url=None, routes=routes)
        gr.mount_gradio_app(app, made.page, path="/", root_path=f"{PREFIX}/{job.id}", **_options())
        return app, made.page


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
        "i18n": translations(),
    }

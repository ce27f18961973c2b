"""A page and an API about each model that somebody trained, below ``/own/`` and the id of its training.

Gradio builds a page for one model: its form has a field per column. So each result gets a page of its own,
made when it is first asked for, at an address that nobody can guess.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Protocol

import gradio as gr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from inference import Segmenter
from service.api.problems import Problem
from service.page.delivery.mounted_page import Built, MountedPage, Wrap
from service.page.downloads import ModelFiles
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


class OwnSites:
    """The ASGI application below ``/own``.

    Args:
        find: a job by its id.
        make: makes page and API about a model.
    """

    def __init__(self, find: Callable[[str], Job | None], make: MakeSite) -> None:
        self._find, self._make = find, make
        self.wrap: Wrap = lambda app: app  # the limits of Gradio's calls
        self._sites: dict[str, MountedPage] = {}
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

    async def _site(self, id: str) -> MountedPage | None:
        """The page about a job's model, made at its first request."""
        job = self._find(id)
        if job is None or job.state is not State.DONE:
            return None
        async with self._making:
            self._loop = asyncio.get_running_loop()
            if id not in self._sites:
                self._sites[id] = await self._made(job)
            return self._sites.get(id)

    async def _made(self, job: Job) -> MountedPage:
        return await MountedPage.begin(lambda: self._build(job), f"{PREFIX}/{job.id}", self.wrap)

    def _build(self, job: Job) -> Built:
        path = files_of(job)["model"]
        segmenter = Segmenter.load(path)
        made = self._make(segmenter, ModelFiles.of(segmenter, path))

        async def file(request: Request) -> Response:
            try:
                return sent_file(job, request.path_params["name"])
            except Problem as problem:
                return problem.response("")

        return made.page, [Mount("/v1", app=made.rest), Route("/files/{name}", file)]

"""A page and an API about each model that somebody trained, below ``/own/`` and the id of its training.

Gradio builds a page for one model: its form has a field per column. So each result gets a page of its own,
made when it is first asked for, at an address that nobody can guess. In another language than English it is
below the language's code, such as ``/own/ID/de/``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

import gradio as gr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from inference import Segmenter
from service.api.problems import Problem
from service.languages.language import ENGLISH, LANGUAGES, OTHERS, Language, speaking
from service.page.delivery.mounted_page import MountedPage, Wrap
from service.page.downloads import ModelFiles
from service.train import training_texts as texts
from service.train.own_site import OwnSite
from service.train.result_files import sent_file
from service.train.training_job import Job, State
from service.train.training_result import files_of

PREFIX = "/own"
PATIENCE = 10  # seconds in which a page must end
MOST_PAGES = 24  # in other languages than English; of more, those asked for longest ago go
_CODES = "|".join(each.code for each in OTHERS)
_ADDRESS = re.compile(
    rf"/(?P<id>[A-Za-z0-9_-]{{20,64}})(?:/(?P<code>{_CODES})(?=/|\Z))?(?P<rest>/.*)?", re.DOTALL
)
Model = TypeVar("Model")


class Maker(Protocol[Model]):
    """Makes what answers about a model; ``Around`` is one."""

    def served(self, segmenter: Segmenter, files: ModelFiles) -> Model:
        """Everything about a model, with its page in English as ``page`` and its API as ``rest``."""

    def page(self, model: Model) -> gr.Blocks:
        """Its page in the current language."""


class OwnSites:
    """The ASGI application below ``/own``.

    Args:
        find: a job by its id.
        maker: makes page and API about a model.
    """

    def __init__(self, find: Callable[[str], Job | None], maker: Maker[Any]) -> None:
        self._find, self._maker = find, maker
        self.wrap: Wrap = lambda app: app  # the limits of Gradio's calls
        self._sites: dict[str, OwnSite] = {}
        self._making = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        outside = scope.get("root_path", "").removesuffix(PREFIX)
        found = _ADDRESS.fullmatch(scope["path"].removeprefix(outside).removeprefix(PREFIX))
        language = LANGUAGES[found["code"] or ENGLISH.code] if found else ENGLISH
        page = None if found is None else await self._page(found["id"], language)
        if found is None or page is None:
            await Problem(404, texts.GONE).response("")(scope, receive, send)
        elif not found["rest"]:
            headers = {"Location": f"{outside}{address_of(found['id'], language)}/"}
            await Problem(307, texts.GONE, headers=headers).response("")(scope, receive, send)
        else:
            path = found["rest"]
            with speaking(language):
                inside = {**scope, "path": path, "raw_path": path.encode(), "root_path": ""}
                await page.app(inside, receive, send)

    def forget(self, id: str) -> None:
        """Serve the pages about a model no longer; from any thread."""
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

    async def _page(self, id: str, language: Language) -> MountedPage | None:
        """The page about a job's model in a language, made at its first request."""
        job = self._find(id)
        if job is None or job.state is not State.DONE:
            return None
        async with self._making:
            self._loop = asyncio.get_running_loop()
            site = self._sites.get(id) or await self._begun(job)
            page = site.asked_for(language) or await self._translated(site, job, language)
            if self._sites.get(id) is site:
                return page
            await site.close()  # it was forgotten meanwhile
            return None

    async def _begun(self, job: Job) -> OwnSite:
        """The model with its API, its files and its page in English, which every other page leads to."""
        made = await asyncio.to_thread(self._load, job)
        build = partial(_in_english, made, job)
        page = await MountedPage.begin(build, address_of(job.id, ENGLISH), self.wrap)
        site = OwnSite(made, page)
        if self._find(job.id) is job:
            self._sites[job.id] = site
        return site

    async def _translated(self, site: OwnSite, job: Job, language: Language) -> MountedPage:
        with speaking(language):  # so do the tasks of its queue
            page = await MountedPage.begin(
                lambda: (self._maker.page(site.made), ()), address_of(job.id, language), self.wrap
            )
        site.add(language, page)
        await self._end_oldest()
        return page

    async def _end_oldest(self) -> None:
        """End the pages in other languages that are too many."""
        kept = [(site, code) for site in self._sites.values() for code in site.times]
        kept.sort(key=lambda each: each[0].times[each[1]])
        for site, code in kept[: max(0, len(kept) - MOST_PAGES)]:
            await site.end(code)

    def _load(self, job: Job) -> Any:
        path = files_of(job)["model"]
        segmenter = Segmenter.load(path)
        return self._maker.served(segmenter, ModelFiles.of(segmenter, path))


def address_of(id: str, language: Language) -> str:
    """Of the page about a result, without a slash at its end."""
    return f"{PREFIX}/{id}" if language is ENGLISH else f"{PREFIX}/{id}/{language.code}"


def _in_english(made: Any, job: Job) -> tuple[gr.Blocks, list[BaseRoute]]:
    async def file(request: Request) -> Response:
        try:
            return sent_file(job, request.path_params["name"])
        except Problem as problem:
            return problem.response("")

    rest: ASGIApp = made.rest
    return made.page, [Mount("/v1", app=rest), Route("/files/{name}", file)]

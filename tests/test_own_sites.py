"""Checks the pages about own models in each language: when they are made, how many are kept, their end."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr
import httpx
import pytest
from starlette.routing import Router
from starlette.types import ASGIApp

from inference import Segmenter
from service.languages.language import current
from service.page.downloads import ModelFiles
from service.settings import DEFAULT_MODEL
from service.train import own_sites
from service.train.own_sites import OwnSites
from service.train.training_job import Job, State, Wanted


@dataclass
class Made:
    """What is made about a model here: a page with the code of its language."""

    page: gr.Blocks
    rest: ASGIApp = field(default_factory=Router)


class Maker:
    """Makes it, and knows in which languages it did."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def served(self, segmenter: Segmenter, files: ModelFiles) -> Made:
        """With the page in English."""
        del segmenter, files
        return Made(page=self.page(None))

    def page(self, model: Made | None) -> gr.Blocks:
        """In the current language."""
        del model
        self.made.append(current().code)
        page = gr.Blocks(analytics_enabled=False)
        with page:
            gr.HTML(f"page in {current().code}")
        return page


class Pages:
    """A few finished trainings and the pages about them."""

    def __init__(self, folder: Path, count: int) -> None:
        self.maker = Maker()
        self.jobs = {job.id: job for job in (_job(folder / str(at)) for at in range(count))}
        self.sites = OwnSites(self.jobs.get, self.maker)

    async def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        transport = httpx.ASGITransport(self.sites)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(f"/own{path}")


def _job(folder: Path) -> Job:
    job = Job(folder=folder, table=folder / "shop.csv", client="a", wanted=Wanted(), state=State.DONE)
    job.model_folder.mkdir(parents=True)
    shutil.copy(DEFAULT_MODEL, job.model_folder / "model.onnx")
    return job


def run(folder: Path, steps: Callable[[Pages], Awaitable[None]], count: int = 1) -> None:
    """Carry out some steps."""

    async def carried_out() -> None:
        pages = Pages(folder, count)
        try:
            await steps(pages)
        finally:
            for site in pages.sites._sites.values():
                await site.close()

    asyncio.run(carried_out())


def test_a_page_is_made_in_its_language_when_it_is_first_asked_for(tmp_path: Path) -> None:
    async def steps(pages: Pages) -> None:
        (id,) = pages.jobs
        for _ in range(2):
            answer = await pages.get(f"/{id}/de/")
            assert '<html lang="de" dir="ltr"' in " ".join(answer.text.split())
            assert "page in de" in answer.text
        assert pages.maker.made == ["en", "de"]
        assert "page in en" in (await pages.get(f"/{id}/")).text
        assert 'dir="rtl"' in (await pages.get(f"/{id}/ar/")).text
        assert pages.maker.made == ["en", "de", "ar"]

    run(tmp_path, steps)


def test_an_address_without_a_slash_leads_to_the_page_in_its_language(tmp_path: Path) -> None:
    async def steps(pages: Pages) -> None:
        (id,) = pages.jobs
        for path in (f"/own/{id}", f"/own/{id}/ja"):
            answer = await pages.get(path.removeprefix("/own"))
            assert (answer.status_code, answer.headers["Location"]) == (307, f"{path}/")
        for path in (f"/{id}/en/", f"/{id}/deu/", f"/{id}/xx/", f"/{'A' * 32}/de/"):
            assert (await pages.get(path)).status_code == 404, path

    run(tmp_path, steps)


def test_of_too_many_pages_those_asked_for_longest_ago_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_sites, "MOST_PAGES", 2)

    async def steps(pages: Pages) -> None:
        one, other = pages.jobs
        for path in (f"/{one}/de/", f"/{one}/fr/", f"/{one}/de/", f"/{other}/de/", f"/{one}/de/"):
            assert (await pages.get(path)).status_code == 200
        assert pages.maker.made == ["en", "de", "fr", "en", "de"]
        assert (await pages.get(f"/{one}/fr/")).status_code == 200
        assert pages.maker.made[5:] == ["fr"]
        assert (await pages.get(f"/{one}/")).status_code == 200  # never ended before its model
        assert pages.maker.made[6:] == []

    run(tmp_path, steps, count=2)


def test_a_forgotten_model_has_no_page_in_any_language(tmp_path: Path) -> None:
    async def steps(pages: Pages) -> None:
        (id,) = pages.jobs
        await pages.get(f"/{id}/de/")
        site = pages.sites._sites[id]
        del pages.jobs[id]
        pages.sites.forget(id)
        for path in (f"/{id}/", f"/{id}/de/"):
            assert (await pages.get(path)).status_code == 404
        async with asyncio.timeout(10):
            while site._pages:  # they are ended by a task of their own
                await asyncio.sleep(0)
        assert site.times == {}

    run(tmp_path, steps)


def test_a_model_that_is_forgotten_while_its_page_is_made_has_none(tmp_path: Path) -> None:
    async def steps(pages: Pages) -> None:
        (id,) = pages.jobs
        make = pages.maker.page

        def forgotten(model: Made | None) -> gr.Blocks:
            if current().code == "de":
                pages.jobs.pop(id)
                pages.sites.forget(id)
            return make(model)

        pages.maker.page = forgotten  # type: ignore[method-assign]  # for this test
        assert (await pages.get(f"/{id}/de/")).status_code == 404
        assert pages.sites._sites == {}

    run(tmp_path, steps)

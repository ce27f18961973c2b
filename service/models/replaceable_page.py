"""Puts another page in the place of one that is being served, without a restart of Gradio.

Gradio does this itself when a developer saves a file (``gradio.utils.BaseReloader``). Its queue and its
sessions stay; a page that is open in a browser goes on with the handlers of the new one.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from fastapi.dependencies import models as dependencies
from gradio.routes import App
from gradio.utils import BaseReloader

_OWN = frozenset({"config", "state_holder"})  # of each page; the holder is handed over by Gradio


class ReplaceablePage(BaseReloader):
    """The page that is served; ``launch`` once, then ``replace`` it as often as needed."""

    def __init__(self, page: gr.Blocks) -> None:
        self.page = page
        self._launched: dict[str, Any] = {}
        self._file_sets = list(page.temp_file_sets)

    @property
    def running_app(self) -> App:
        """Gradio's application."""
        return self.page.app

    def launch(self, **options: Any) -> str:
        """Serve the page in a thread of its own; returns its address."""
        before = dict(vars(self.page))
        _, address, _ = self.page.launch(prevent_thread_lock=True, **options)
        self._launched = {
            name: value
            for name, value in vars(self.page).items()
            if name not in _OWN and (name not in before or before[name] is not value)
        }
        return str(address)

    def prepare(self, page: gr.Blocks) -> None:
        """Do what takes long about a page that will be served; may be called in any thread."""
        for name, value in self._launched.items():
            setattr(page, name, value)
        page.config = page.get_config_file()

    def replace(self, page: gr.Blocks) -> None:
        """Serve a prepared page from the next request on; for the thread that answers Gradio's requests."""
        if self._launched:
            self._hand_over_files(page)
            self.swap_blocks(page)
            page._queue.blocks = page
            forget_api_info(page.app)
            forget_dependencies()
        self.page = page

    def _hand_over_files(self, page: gr.Blocks) -> None:
        """Let the next page delete old files of this one, of requests that still run, too."""
        own = [id(each) for each in self._file_sets]
        self._file_sets = list(page.temp_file_sets)
        page.temp_file_sets.extend(each for each in self.page.temp_file_sets if each or id(each) in own)


def forget_api_info(app: App) -> None:
    """Let Gradio describe its endpoints anew."""
    app.api_info = app.all_app_info = None
    app.page_api_info.clear()


def forget_dependencies() -> None:
    """Empty FastAPI's caches of functions, which would keep the last dozens of pages with their models."""
    for each in vars(dependencies).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()

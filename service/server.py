"""How the app is served: the page, the REST API and the MCP tools, on one port."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.route_utils import FnIndexInferError
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from inference import Segmenter
from service.api.file_scoring import file_limits
from service.api.http.access import Access
from service.api.http.header_deadline import close_unfinished_requests
from service.api.http.http_policy import HttpPolicy
from service.api.http.mounting import joined, mounted
from service.api.http.rate_limit import rate_limit
from service.api.http.upload_shares import upload_shares
from service.api.operations import OPERATIONS, Operation
from service.gradio_api.gradio_errors import bad_arguments, unknown_endpoint
from service.gradio_api.gradio_middleware import GradioMiddleware
from service.languages.language import OTHERS
from service.mcp.discovery import Discovery
from service.mcp.mcp_server import McpEndpoint
from service.models.current_rest import RELOAD_PATH, CurrentRest
from service.models.file_watch import FileWatch
from service.models.load_model import load_model
from service.models.reload_metrics import ReloadCollector
from service.models.reload_route import ReloadRoute
from service.models.reloading import Reloading
from service.models.served_model import Around
from service.monitor.traffic import Paths
from service.monitor.watch import Watch, monitor_of
from service.page.delivery.first_visit import FirstVisit
from service.page.delivery.language_page import LanguagePage
from service.page.delivery.link_preview import PICTURE_PATH, picture
from service.page.delivery.page_delivery import PageDelivery
from service.page.downloads import ModelFiles
from service.page.first_screen import first_screen_of
from service.page.segments.names.renaming import Renaming
from service.page.theme import head, theme
from service.page.views.cards import CARDS, Card
from service.remember.switch import COUNTED, desk_of
from service.settings import Settings
from service.thread_pools import WorkerPools
from service.train.own_sites import PREFIX as OWN
from service.train.training_desk import training_desk_of

FAVICON = Path(__file__).parent / "page" / "favicon.svg"
SWITCH = 0.0005  # seconds a worker thread may keep the others waiting; Python's own 0.005 adds up
FORM_BYTES = 64 * 1024  # that the form of an upload may be larger than its file
SESSIONS = 250  # that Gradio remembers; its own 10,000 let calls with ever new sessions fill the memory


class Site:
    """The page and the API about the model that is served, on one port.

    Attributes:
        reloading: which model that is, and how another one takes its place.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        settings: Settings,
        *,
        operations: Sequence[Operation] = OPERATIONS,
        cards: Sequence[Card] = CARDS,
    ) -> None:
        self._settings = settings
        self._operations = operations
        self._pools = WorkerPools.of(settings)
        self._shares = upload_shares(settings)
        self._limit = rate_limit(settings.rate_limit)
        monitor = monitor_of(settings)
        self._desk = desk_of(settings)
        around = Around(
            settings=settings,
            pools=self._pools,
            shares=self._shares,
            limit=self._limit,
            monitor=monitor,
            operations=operations,
            cards=cards,
            desk=self._desk,
            renaming=Renaming.of(settings),
        )
        self._training = training_desk_of(settings, self._shares, around.alone())
        around = replace(around, training=self._training)
        path = settings.model_path
        first = around.served(segmenter, ModelFiles.of(segmenter, path))
        self.reloading = Reloading(
            first,
            around.served,
            path=path,
            load=partial(load_model, settings=settings),
            outdated=lambda model: model.names is not None and model.names.outdated,
        )
        if around.renaming is not None:
            around.renaming.changed = self.reloading.remake
        self._languages = [
            LanguagePage(each, lambda: self.reloading.now.model, around.page) for each in OTHERS
        ]
        self._file_watch = FileWatch(path, self.reloading, every=settings.model_watch)
        self._watch = Watch.of(
            settings,
            monitor,
            lambda: self.reloading.now.model.segmenter,
            pools=self._pools,
            paths=Paths(
                rest={
                    **{each.name: each.rest for each in operations if each.rest},
                    **COUNTED,
                    "reload": RELOAD_PATH,
                },
                gradio={each.name: each.gradio for each in operations if each.gradio},
            ),
            more=[ReloadCollector(self.reloading)],
        )

    @property
    def page(self) -> gr.Blocks:
        """The page about the model that is served now."""
        return self.reloading.page.page

    def launch(self, *, prevent_thread_lock: bool = False, **more: Any) -> str:
        """Serve until the process is stopped, or return the address with ``prevent_thread_lock=True``."""
        sys.setswitchinterval(SWITCH)
        close_unfinished_requests()
        gc.freeze()  # what is there now stays; looking through it again and again would hold up answers
        address = self.reloading.page.launch(**self.options(), **more)
        if self._settings.model_watch:
            self._file_watch.start()
        if not prevent_thread_lock:
            self.page.block_thread()
        return address.rstrip("/")

    def close(self) -> None:
        """Stop serving, and save what was counted."""
        self._file_watch.close()
        if self._training is not None:
            self._training.close()
        self.page.close(verbose=False)
        self._watch.close()
        if self._desk is not None:
            self._desk.close()

    def options(self) -> dict[str, Any]:
        """The keyword arguments of ``Blocks.launch``."""
        return {
            "server_name": self._settings.host,
            "server_port": self._settings.port,
            "mcp_server": False,  # service.mcp answers in its place, in JSON
            "ssr_mode": False,  # a proxy in front would swallow every route but Gradio's own
            "run_history": False,
            "state_session_capacity": SESSIONS,
            "enable_monitoring": False,
            "show_error": True,  # our functions hide what is ours; the rest is Gradio's words
            "max_file_size": f"{self._settings.max_upload_mb}mb",
            "pwa": False,
            "favicon_path": str(FAVICON),
            "footer_links": ["api", "settings"],
            "theme": theme(),
            "head": head(),
            "app_kwargs": self._inside(),
        }

    @asynccontextmanager
    async def _policy(self, app: Any) -> AsyncIterator[None]:
        """Put what holds for every answer around the application, also around what Gradio has put around it.

        This runs when the layers are there and before the first request.
        """
        space = "SPACE_ID" in os.environ
        app.middleware_stack = HttpPolicy(app.middleware_stack, self._settings, on_a_space=space)
        yield

    def _inside(self) -> dict[str, Any]:
        """What Gradio passes on to the FastAPI application it makes."""
        access = Access.of(self._settings)
        tools = None
        if self._settings.mcp:
            origins = self._settings.mcp_allowed_origins
            tools = McpEndpoint(lambda: self.reloading.now.model.tools, origins, access)
        bounds = self._bounds()
        self._bound_other_pages(bounds)
        unknown = unknown_endpoint(self._operations)
        return {
            "openapi_url": None,
            "routes": [*self._routes(access), *(() if tools is None else tools.routes())],
            "middleware": [
                self._watch.middleware(),
                Middleware(FirstVisit),
                Middleware(PageDelivery, first_screen=lambda: first_screen_of(self.page), in_languages=True),
                Middleware(GradioMiddleware, **bounds),
            ],
            "exception_handlers": {
                FnIndexInferError: unknown,
                KeyError: unknown,
                TypeError: bad_arguments,
            },
            "lifespan": joined(
                self._policy,
                self.reloading.lifespan,
                *(each.lifespan for each in self._languages),
                *(() if tools is None else (tools.lifespan,)),
            ),
        }

    def _bounds(self) -> dict[str, Any]:
        """What Gradio's own routes may be sent."""
        return {
            "limit": self._limit,
            "shares": self._shares,
            "largest": file_limits(self._settings)["max_bytes"] + FORM_BYTES,
        }

    def _bound_other_pages(self, bounds: dict[str, Any]) -> None:
        """Let the same hold for the pages of trained models and of other languages."""
        if self._training is not None:
            self._training.sites.wrap = partial(GradioMiddleware, **bounds)
        for each in self._languages:
            each.wrap = partial(GradioMiddleware, **bounds)

    def _routes(self, access: Access | None) -> list[BaseRoute]:
        """Every route but those of Gradio and the MCP tools."""
        rest = CurrentRest(
            self.reloading,
            ReloadRoute(self.reloading, self._settings.reload_key),
            limit=self._limit,
            access=access,
        )
        found = Discovery(
            lambda: self.reloading.now.model.predictor,
            mcp=self._settings.mcp,
            contact=self._settings.security_contact,
            operations=self._operations,
        )
        return [
            mounted("/v1", rest),
            *(() if self._training is None else (mounted(OWN, self._training.sites),)),
            *(mounted(f"/{each.code}", each) for each in self._languages),
            *self._watch.routes(),
            *found.routes(),
            Route(PICTURE_PATH, picture),
        ]

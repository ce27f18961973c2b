"""How the app is served: the page, the REST API and the MCP tools, on one port."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from gradio.route_utils import FnIndexInferError
from starlette.middleware import Middleware
from starlette.routing import Mount

from inference import Segmenter
from service.api import api_texts as texts
from service.api.api_predictions import Predictor
from service.api.file_scoring import file_limits
from service.api.operations import OPERATIONS, Operation
from service.api.rate_limit import rate_limit
from service.api.request_log import log_quietly
from service.api.upload_shares import upload_shares
from service.gradio_api.endpoints import add_endpoints, endpoint_names
from service.gradio_api.gradio_middleware import GradioMiddleware
from service.mcp.mcp_server import McpTools
from service.monitor.traffic import Paths
from service.monitor.watch import Watch, monitor_of
from service.page.page import build_page
from service.page.theme import head, theme
from service.page.translations import translations
from service.page.views.cards import CARDS, Card
from service.remember.switch import page_extras, remembered_by, routes_of
from service.rest import rest_api
from service.settings import Settings
from service.thread_pools import WorkerPools

FAVICON = Path(__file__).parent / "page" / "favicon.svg"
_API_PATHS = ("/call/", "/run/", "/api/")
_ARGUMENT = re.compile(
    r"Parameter `(\w{1,80})` is not a valid|required argument: (\w{1,80})"
)  # Gradio's words
SWITCH = 0.0005  # seconds a worker thread may keep the others waiting; Python's own 0.005 adds up
FORM_BYTES = 64 * 1024  # that the form of an upload may be larger than its file
LONGEST_QUEUE = 32  # events that may wait; only the page's own slow ones and /score_file do


class Site:
    """The page about one model, with its API, served on one port."""

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
        monitor = monitor_of(settings)
        self._predictor = Predictor(segmenter, monitor)
        self._remembered = remembered_by(self._predictor, settings)
        self._watch = Watch.of(
            settings,
            monitor,
            lambda: self._predictor.segmenter,
            pools=self._pools,
            paths=Paths(
                rest={each.name: each.rest for each in operations if each.rest},
                gradio={each.name: each.gradio for each in operations if each.gradio},
            ),
        )
        self.page = build_page(
            segmenter,
            settings,
            model_path=settings.model_path,
            cards=cards,
            monitor=monitor,
            extras=page_extras(self._remembered),
        )
        self._shares = upload_shares(settings)
        add_endpoints(
            self.page,
            self._predictor,
            settings,
            pools=self._pools,
            operations=operations,
            shares=self._shares,
        )
        self.page.mcp_server = settings.mcp  # its panel then shows the tools of service.mcp
        self.page.queue(max_size=LONGEST_QUEUE, api_open=False)

    def launch(self, **more: Any) -> str:
        """Serve until the process is stopped, or return the address with ``prevent_thread_lock=True``."""
        sys.setswitchinterval(SWITCH)
        gc.freeze()  # what is there now stays; looking through it again and again would hold up answers
        _, address, _ = self.page.launch(**self.options(), **more)
        return str(address).rstrip("/")

    def close(self) -> None:
        """Stop serving, and save what was counted."""
        self.page.close(verbose=False)
        self._watch.close()
        if self._remembered is not None:
            self._remembered.close()

    def options(self) -> dict[str, Any]:
        """The keyword arguments of ``Blocks.launch``."""
        return {
            "server_name": self._settings.host,
            "server_port": self._settings.port,
            "mcp_server": False,  # service.mcp answers in its place, in JSON
            "ssr_mode": False,  # a proxy in front would swallow every route but Gradio's own
            "run_history": False,
            "enable_monitoring": False,
            "show_error": True,  # our functions hide what is ours; the rest is Gradio's words
            "max_file_size": f"{self._settings.max_upload_mb}mb",
            "pwa": False,
            "favicon_path": str(FAVICON),
            "footer_links": ["api", "settings"],
            "theme": theme(),
            "head": head(),
            "i18n": translations(),
            "app_kwargs": self._inside(),
        }

    def _inside(self) -> dict[str, Any]:
        """What Gradio passes on to the FastAPI application it makes."""
        limit = rate_limit(self._settings.rate_limit)
        shares = self._shares
        rest = rest_api(
            self._predictor,
            self._settings,
            pools=self._pools,
            limit=limit,
            operations=[*self._operations, *routes_of(self._remembered)],
            shares=shares,
        )
        unknown = unknown_endpoint(self._operations)
        inside: dict[str, Any] = {
            "openapi_url": None,
            "routes": [Mount("/v1", app=rest), *self._watch.routes()],
            "middleware": [
                self._watch.middleware(),
                Middleware(
                    GradioMiddleware,
                    limit=limit,
                    shares=shares,
                    largest=file_limits(self._settings)["max_bytes"] + FORM_BYTES,
                ),
            ],
            "exception_handlers": {
                FnIndexInferError: unknown,
                KeyError: unknown,
                TypeError: bad_arguments,
            },
        }
        if self._settings.mcp:
            tools = McpTools(self._predictor, self._pools, self._operations)
            inside["routes"] += tools.routes()
            inside["lifespan"] = tools.lifespan
        return inside


def unknown_endpoint(
    operations: Sequence[Operation] = OPERATIONS,
) -> Callable[[Request, Exception], Coroutine[Any, Any, JSONResponse]]:
    """A handler that answers 404 where Gradio found no such endpoint; anything else is our own fault."""
    sentence = texts.UNKNOWN_ENDPOINT.format(known=", ".join(endpoint_names(operations)))

    async def answer(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, FnIndexInferError):
            log_quietly(error)
        return _refusal(request, 404, sentence)

    return answer


async def bad_arguments(request: Request, error: Exception) -> JSONResponse:
    """Answer 422, and which, where the named arguments are not those of the endpoint."""
    named = _ARGUMENT.search(str(error))
    if named is None:  # not Gradio's words, so it may be a fault of ours
        log_quietly(error)
    which = texts.BAD_ARGUMENT.format(name=named[1] or named[2]) if named else ""
    return _refusal(request, 422, which + texts.BAD_ARGUMENTS)


def _refusal(request: Request, status: int, sentence: str) -> JSONResponse:
    if any(part in request.url.path for part in _API_PATHS):
        return JSONResponse({"error": sentence}, status_code=status)
    return JSONResponse({"error": texts.FAILED}, status_code=500)

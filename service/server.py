"""How the page is served: what Gradio is told at launch, and what clients are told when they ask wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from gradio.route_utils import FnIndexInferError

from service import texts
from service.settings import Settings
from service.theme import head, theme
from service.translations import translations
from service.upload import LARGEST_FILE

FAVICON = Path(__file__).with_name("favicon.svg")
_API_PATHS = ("/call/", "/run/", "/api/")


def launch_options(settings: Settings) -> dict[str, Any]:
    """The keyword arguments of ``Blocks.launch``."""
    return {
        "server_name": settings.host,
        "server_port": settings.port,
        "mcp_server": settings.mcp,
        "ssr_mode": False,  # a proxy in front would swallow every route but Gradio's own
        "run_history": False,
        "enable_monitoring": False,
        "show_error": True,  # our handlers let nothing through; the rest is Gradio's words about a request
        "max_file_size": LARGEST_FILE,
        "pwa": False,
        "favicon_path": str(FAVICON),
        "footer_links": ["api", "settings"],
        "theme": theme(),
        "head": head(),
        "i18n": translations(),
        "app_kwargs": {
            "openapi_url": None,
            "exception_handlers": {
                FnIndexInferError: unknown_endpoint,
                KeyError: unknown_endpoint,
                TypeError: bad_arguments,
            },
        },
    }


async def unknown_endpoint(request: Request, error: Exception) -> JSONResponse:
    """Say 404 where Gradio found no such endpoint; anything else is the server's own fault."""
    return _refusal(request, 404, texts.API_UNKNOWN_ENDPOINT)


async def bad_arguments(request: Request, error: Exception) -> JSONResponse:
    """Say 422 where the named arguments are not those of the endpoint."""
    return _refusal(request, 422, texts.API_BAD_ARGUMENTS)


def _refusal(request: Request, status: int, sentence: str) -> JSONResponse:
    if any(part in request.url.path for part in _API_PATHS):
        return JSONResponse({"error": sentence}, status_code=status)
    return JSONResponse({"error": texts.API_FAILED}, status_code=500)

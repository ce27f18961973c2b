"""What Gradio's API answers where Gradio itself finds a fault in a request, or fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from gradio.route_utils import FnIndexInferError

from service.api import api_texts as texts
from service.api.http.request_log import log_quietly
from service.api.operations import OPERATIONS, Operation
from service.gradio_api.endpoints import endpoint_names

_API_PATHS = ("/call/", "/run/", "/api/")
_NO_FILE = "GradioUploadFile"  # in what Gradio raises about a part of an upload that is no file
_ARGUMENT = re.compile(  # Gradio's words
    r"Parameter `(\w{1,80})` is not a valid|required argument: (\w{1,80})"
)


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
    """Answer 422, and which, where the named arguments are not the endpoint's, or a part is no file."""
    if _NO_FILE in str(error):
        return JSONResponse({"error": texts.NO_FILE_NAME}, status_code=422)
    named = _ARGUMENT.search(str(error))
    if named is None:  # not Gradio's words, so it may be a fault of ours
        log_quietly(error)
    which = texts.BAD_ARGUMENT.format(name=named[1] or named[2]) if named else ""
    return _refusal(request, 422, which + texts.BAD_ARGUMENTS)


def _refusal(request: Request, status: int, sentence: str) -> JSONResponse:
    if any(part in request.url.path for part in _API_PATHS):
        return JSONResponse({"error": sentence}, status_code=status)
    return JSONResponse({"error": texts.FAILED}, status_code=500)

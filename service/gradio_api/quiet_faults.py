"""Keeps what a client sent out of the log.

Where Gradio itself refuses the values of a call, it prints its error with all of them, to the client and to
the log. The client's answer then says what is wrong in one sentence, and the log has no value.
"""

from __future__ import annotations

import re
from typing import Any

import gradio as gr

from service.api import api_texts as texts
from service.api.http.request_log import log_quietly

_TOO_FEW = re.compile(r"didn't receive enough input values \(needed: (\d+), got: (\d+)\)")  # Gradio's words


def log_no_values(page: gr.Blocks) -> None:
    """Let a page's calls fail without a traceback in the log."""
    process = page.process_api

    async def quietly(*given: Any, **named: Any) -> Any:
        try:
            return await process(*given, **named)
        except gr.Error:
            raise  # our own sentences
        except Exception as error:
            raise gr.Error(_sentence(error), print_exception=False) from None

    page.process_api = quietly  # type: ignore[method-assign]  # Gradio has no setting for it


def _sentence(error: Exception) -> str:
    found = _TOO_FEW.search(str(error))
    if found is not None:
        return texts.TOO_FEW_VALUES.format(needed=found[1], got=found[2])
    log_quietly(error)
    return texts.BAD_VALUES

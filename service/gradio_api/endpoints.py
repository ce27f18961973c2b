"""The public endpoints of the page, one for each operation: named arguments in, plain JSON or a file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr
from gradio.components.api_component import Api
from gradio.context import LocalContext
from gradio.events import api
from gradio.processing_utils import save_file_to_cache

from inference import InputError
from inference.files.options import EXTENSIONS
from service.api import api_texts as texts
from service.api.api_predictions import Predictor
from service.api.file_scoring import file_limits, file_options
from service.api.http.request_log import log_quietly
from service.api.http.upload_shares import UploadShares, client_of, upload_shares
from service.api.operations import OPERATIONS, Operation, Takes
from service.api.parameter_advice import argument_advice
from service.gradio_api.gradio_middleware import refuse_with
from service.gradio_api.signature import Described, described_function
from service.settings import Settings
from service.thread_pools import RETRY_AFTER, BusyError, WorkerPools

_PLURAL = {"column": "columns"}  # what clients of this endpoint call a parameter
_WRITTEN = (".csv", ".tsv", ".txt", ".parquet", ".arrow", ".arrows", ".json", ".ndjson", ".jsonl")


def add_endpoints(
    page: gr.Blocks,
    predictor: Predictor,
    settings: Settings,
    *,
    pools: WorkerPools,
    operations: Sequence[Operation] = OPERATIONS,
    shares: UploadShares | None = None,
) -> None:
    """Put the public endpoints on a page; called once the page itself is built."""
    with page:
        for each in operations:
            if each.gradio and each.takes is Takes.FILE:
                _add_file_endpoint(each, predictor, settings, pools, shares or upload_shares(settings))
            elif each.gradio:
                before = set(page.blocks)
                made = endpoint(each, predictor, pools)
                api(
                    made.function,
                    api_name=each.gradio,
                    api_description=description(each),
                    queue=False,
                    api_visibility="public",
                )
                _label([block for key, block in page.blocks.items() if key not in before], made, each)


def endpoint_names(operations: Sequence[Operation] = OPERATIONS) -> list[str]:
    """The endpoints as clients name them."""
    return [f"/{each.gradio}" for each in operations if each.gradio]


def description(operation: Operation) -> str:
    """What an endpoint does and returns, and where it is without Gradio; Gradio's API panel shows it."""
    rest = texts.ALSO_BY_REST.format(method=operation.method, path=operation.rest) if operation.rest else ""
    return " ".join(each for each in (operation.described, operation.returns, rest) if each)


def endpoint(operation: Operation, predictor: Predictor, pools: WorkerPools) -> Described:
    """The function of an endpoint; it refuses with errors that Gradio shows."""
    workers = operation.cost.workers(pools)

    def call(*sent: Any, **given: Any) -> Any:
        given = {name: value for name, value in given.items() if value is not None}
        if workers is None:
            return operation.call(predictor, *sent, **given)
        return workers.run_here(lambda: operation.call(predictor, *sent, **given))

    made = described_function(operation, predictor.contract, call)
    return Described(function=answering(made.function), labels=made.labels)


def answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with errors that Gradio shows: a sentence for the caller's, a plain one for ours."""

    @wraps(function)
    def answer(*values: Any, **named: Any) -> Any:
        try:
            return function(*values, **named)
        except InputError as error:
            refuse_with(422)
            raise gr.Error(error.sentence(argument_advice), print_exception=False) from None
        except BusyError:
            refuse_with(503)
            raise gr.Error(texts.BUSY.format(seconds=RETRY_AFTER), print_exception=False) from None
        except Exception as error:  # Gradio would show a plain exception's text, values and all
            log_quietly(error)
            refuse_with(500)
            raise gr.Error(texts.FAILED, print_exception=False) from None

    answer.__annotations__ = function.__annotations__  # from Python 3.14 on, wraps copies no made ones
    return answer


def _add_file_endpoint(
    operation: Operation,
    predictor: Predictor,
    settings: Settings,
    pools: WorkerPools,
    shares: UploadShares,
) -> None:
    """An endpoint that takes a file: real components, because only they keep foreign paths out."""
    workers = operation.cost.workers(pools) or pools.score

    def score_file(file: str, *values: str) -> str:
        if not file:
            raise InputError("there must be a file, but none was sent")
        given = {
            each.name: _listed(text) if each.repeated else [text or ""]
            for each, text in zip(operation.parameters, values, strict=False)
        }
        options = file_options(given) | file_limits(settings)
        with TemporaryDirectory() as folder:
            source, target = Path(file), Path(folder) / f"scored{_suffix(file, options)}"
            with shares.scoring(_client()):
                workers.run_here(lambda: operation.call(predictor, source, target, options))
            return str(save_file_to_cache(target, scored.GRADIO_CACHE))  # deleted when it is old

    names = ["file", *(_PLURAL.get(each.name, each.name) for each in operation.parameters)]
    vars(score_file)["__signature__"] = Signature(
        [Argument(name, Argument.POSITIONAL_OR_KEYWORD, default="", annotation=str) for name in names],
        return_annotation=str,
    )
    sent = gr.File(visible=False, label=texts.ARG_FILE.format(megabytes=settings.max_upload_mb))
    more = [
        gr.Textbox(
            "",
            visible=False,
            label=f"{each.description} {texts.ARG_REPEATED}" if each.repeated else each.description,
        )
        for each in operation.parameters
    ]
    scored = gr.File(visible=False, label=operation.gradio)
    gr.Button(visible=False).click(
        answering(score_file),
        [sent, *more],
        scored,
        api_name=operation.gradio,
        api_description=description(operation),
        concurrency_limit=settings.score_workers,
        concurrency_id=operation.gradio,  # one limit for every model that was served
        show_progress="hidden",
    )


def _client() -> str:
    """The address of the client that is answered."""
    request = LocalContext.request.get(None)
    return client_of(request) if request is not None else "unknown"


def _suffix(file: str, options: Mapping[str, Any]) -> str:
    """Of the answer to a file: that of the output, or the same where it can be written, else that of CSV."""
    if "output_format" in options:
        return f".{EXTENSIONS[options['output_format']]}"
    suffix = Path(file).suffix.lower()
    return suffix if suffix in _WRITTEN else ".csv"


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _label(blocks: list[Any], made: Described, operation: Operation) -> None:
    """Name the arguments and the answer of an endpoint, which Gradio would call 1st, 2nd and so on."""
    parts = [block for block in blocks if isinstance(block, Api)]
    for block, text in zip(parts, [*made.labels, operation.gradio], strict=True):
        block.label = text

"""The public endpoints of the page: typed and documented functions, named arguments, plain JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr
from gradio.components.api_component import Api
from gradio.events import api
from gradio.processing_utils import save_file_to_cache

from inference import InputError
from service.api import api_texts as texts
from service.api.api_predictions import MOST_ROWS, Questions
from service.api.parameter_advice import argument_advice
from service.api.schemas import ModelInfo, Prediction, Predictions, Why
from service.gradio_api.gradio_middleware import refuse_with
from service.gradio_api.signature import documentation, with_columns
from service.request_log import log_quietly
from service.rest.score_upload import headings, score_path
from service.settings import Settings
from service.thread_pools import RETRY_AFTER, BusyError, Crews, Workers

NAMES = ("/predict", "/predict_many", "/explain", "/score_file", "/model")
_WRITTEN = (".csv", ".tsv", ".txt", ".parquet")
_AT_ONCE: dict[str, Any] = {"queue": False, "api_visibility": "public"}


def add_endpoints(page: gr.Blocks, questions: Questions, settings: Settings, *, crews: Crews) -> None:
    """Put the public endpoints on a page; called once the page itself is built."""
    with page:
        for name, function in {
            "predict": predict_function(questions),
            "predict_many": predict_many_function(questions, crews.batch),
            "explain": explain_function(questions, crews.batch),
            "model": model_function(questions),
        }.items():
            before = set(page.blocks)
            api(function, api_name=name, **_AT_ONCE)
            _describe([block for key, block in page.blocks.items() if key not in before], function)
        _add_score_file(questions, settings, crews.score)


def predict_function(questions: Questions) -> Callable[..., Prediction]:
    """Make the function behind ``/predict``: one argument a column of the model's contract."""
    return with_columns(
        questions.contract,
        answering(questions.predict),
        name="predict",
        summary=f"{texts.PREDICT} {texts.PREDICT_RETURNS}",
        returns=(Prediction, "prediction"),
    )


def explain_function(questions: Questions, workers: Workers) -> Callable[..., Why]:
    """Make the function behind ``/explain``: the columns, and which segment to explain."""
    segment = Parameter("segment", Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=str | None)
    return with_columns(
        questions.contract,
        answering(
            lambda customer, segment=None: workers.run_here(
                lambda: questions.explain(customer, segment=segment)
            )
        ),
        name="explain",
        summary=f"{texts.EXPLAIN} {texts.EXPLAIN_RETURNS}",
        returns=(Why, "explanation"),
        more=[(segment, texts.ARG_SEGMENT)],
    )


def predict_many_function(questions: Questions, workers: Workers) -> Callable[..., Predictions]:
    """Make the function behind ``/predict_many``: a list of customers in, as many answers out."""

    def predict_many(rows: list[dict[str, Any]] = []) -> Predictions:  # noqa: B006 - Gradio tells it as default
        if not isinstance(rows, list):
            raise InputError(f"rows must be a list of customers, but it is {type(rows).__name__}")
        return workers.run_here(lambda: questions.predict_many(rows))

    summary = f"{texts.PREDICT_MANY.format(rows=f'{MOST_ROWS:,}')} {texts.PREDICT_MANY_RETURNS}"
    predict_many.__doc__ = documentation(summary, {"rows": texts.ARG_ROWS}, "predictions")
    predict_many.__annotations__ = {"rows": list[dict[str, Any]], "return": Predictions}
    return answering(predict_many)


def model_function(questions: Questions) -> Callable[[], ModelInfo]:
    """Make the function behind ``/model``."""

    def model() -> ModelInfo:
        return questions.model()

    model.__doc__ = documentation(f"{texts.MODEL} {texts.MODEL_RETURNS}", {}, "model")
    model.__annotations__ = {"return": ModelInfo}
    return answering(model)


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

    return answer


def _add_score_file(questions: Questions, settings: Settings, workers: Workers) -> None:
    """The one endpoint that takes a file: real components, because only they keep foreign paths out."""

    def score_file(file: str, columns: str = "", missing: str = "") -> str:
        if not file:
            raise InputError("there must be a file, but none was sent")
        about = {"columns": headings(_listed(columns)), "missing": tuple(_listed(missing))}
        with TemporaryDirectory() as folder:
            source, target = Path(file), Path(folder) / f"scored{_suffix(file)}"
            workers.run_here(lambda: score_path(questions, settings, (source, target), about=about))
            return str(save_file_to_cache(target, scored.GRADIO_CACHE))  # deleted when it is old

    sent = gr.File(visible=False, label=texts.ARG_FILE.format(megabytes=settings.max_upload_mb))
    more = [gr.Textbox("", visible=False, label=text) for text in (texts.ARG_COLUMNS, texts.ARG_MISSING)]
    scored = gr.File(visible=False, label="scored_file")
    gr.Button(visible=False).click(
        answering(score_file),
        [sent, *more],
        scored,
        api_name="score_file",
        api_description=f"{texts.SCORE} {texts.SCORE_RETURNS}",
        concurrency_limit=settings.score_workers,
        show_progress="hidden",
    )


def _suffix(file: str) -> str:
    """Of the answer to a file: the same where it can be written, else that of CSV."""
    suffix = Path(file).suffix.lower()
    return suffix if suffix in _WRITTEN else ".csv"


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _describe(blocks: list[Any], function: Callable[..., Any]) -> None:
    """Name the arguments and the answer of an endpoint, which Gradio would call 1st, 2nd and so on."""
    _, _, told = (function.__doc__ or "").partition("Args:")
    arguments, _, returned = told.partition("Returns:")
    names = [line.strip().partition(": ")[2] for line in arguments.strip().splitlines()]
    parts = [block for block in blocks if isinstance(block, Api)]
    for block, text in zip(parts, [*names, returned.strip()], strict=True):
        block.label = text

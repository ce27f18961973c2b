"""Every operation of the service, in one table.

REST routes, the OpenAPI document, Gradio's endpoints, the MCP tools and the lists of what there is are all
rendered from it. A new operation is a function in a module of its own and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import formatdate
from enum import Enum, StrEnum
from typing import Any

from service.api import api_texts as texts
from service.api.api_predictions import MOST_ROWS
from service.api.experiment_size import planned
from service.api.file_scoring import score
from service.api.next_questions import next_questions
from service.api.parameters import (
    OF_FILES,
    OF_TESTS,
    SEGMENT,
    Parameter,
)
from service.api.schemas import ModelInfo, PlannedTest, Prediction, Predictions, Questions, Status, Why
from service.monitor.drift_state import monitoring_state
from service.monitor.monitoring_schemas import Monitoring
from service.thread_pools import WorkerPools, Workers


class Takes(Enum):
    """What an operation takes, besides its parameters."""

    NOTHING = "nothing"
    CUSTOMER = "customer"
    ROWS = "rows"
    FILE = "file"


LARGEST = {Takes.CUSTOMER: 64 * 1024, Takes.ROWS: 16 * 1024 * 1024}  # bytes of a body; files: the settings


class Tag(StrEnum):
    """The groups of operations."""

    PREDICTIONS = "predictions"
    FILES = "files"
    MODEL = "model"
    CUSTOMERS = "customers"
    TRAINING = "training"
    SERVICE = "service"


class Cost(Enum):
    """Where an operation runs, so that a slow one never delays a single prediction."""

    INSTANT = "in the event loop"
    BATCH = "in the workers for batches and explanations"
    FILE = "in the workers for files"

    def workers(self, pools: WorkerPools) -> Workers | None:
        """The workers it runs in; ``None`` for none."""
        return {Cost.BATCH: pools.batch, Cost.FILE: pools.score}.get(self)


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """That an operation will be missing: since when this is known, from when on, and what to use instead."""

    since: date
    sunset: date
    instead: str

    def headers(self) -> dict[str, str]:
        """``Deprecation`` (RFC 9745) and ``Sunset`` (RFC 8594); both days begin at midnight in UTC."""
        begun, ends = (
            datetime.combine(day, time(), tzinfo=UTC).timestamp() for day in (self.since, self.sunset)
        )
        return {"Deprecation": f"@{begun:.0f}", "Sunset": formatdate(ends, usegmt=True)}

    def sentence(self) -> str:
        """The same for people."""
        return f"Deprecated, and missing from {self.sunset:%Y-%m-%d} on: use {self.instead}."


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation and where it is offered.

    Attributes:
        name: unique; ``operationId`` in the OpenAPI document.
        summary: in a few words; the title of the MCP tool.
        description: what it does and what to watch for, in sentences.
        returns: what comes back, for interfaces without a schema of the answer in view.
        takes: what is sent.
        gives: the type of the answer, a ``TypedDict``; ``None`` for a file.
        call: called with a ``Predictor``, then what is sent (if anything), then the parameters that were
            given, by name; for a file with a ``Predictor``, source, target and ``ScoreOptions`` as a dict.
        cost: where it runs.
        constant: the answer never changes while the process lives.
        parameters: further arguments, all optional.
        deprecated: that it will be missing one day; REST says so in headers, all interfaces in words.
        tag: the group that the OpenAPI document lists it in.
        rest: path below ``/v1``; gradio: name of the endpoint; mcp: name of the tool. Empty: not offered.
    """

    name: str
    summary: str
    description: str
    returns: str = ""
    takes: Takes
    gives: type | None
    call: Callable[..., Any]
    cost: Cost = Cost.INSTANT
    constant: bool = False
    parameters: tuple[Parameter, ...] = ()
    deprecated: Deprecation | None = None
    tag: str = Tag.SERVICE
    rest: str = ""
    gradio: str = ""
    mcp: str = ""

    @property
    def described(self) -> str:
        """The description, and that the operation is deprecated."""
        return f"{self.description} {self.deprecated.sentence()}" if self.deprecated else self.description

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.takes is Takes.NOTHING else "POST"


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="predict",
        summary=texts.PREDICT_SUMMARY,
        description=texts.PREDICT,
        returns=texts.PREDICT_RETURNS,
        takes=Takes.CUSTOMER,
        gives=Prediction,
        call=lambda predictor, customer: predictor.predict(customer),
        tag=Tag.PREDICTIONS,
        rest="/predict",
        gradio="predict",
        mcp="predict_segment",
    ),
    Operation(
        name="predictBatch",
        summary=texts.PREDICT_MANY_SUMMARY,
        description=texts.PREDICT_MANY.format(rows=f"{MOST_ROWS:,}"),
        returns=texts.PREDICT_MANY_RETURNS,
        takes=Takes.ROWS,
        gives=Predictions,
        call=lambda predictor, rows: predictor.predict_many(rows),
        cost=Cost.BATCH,
        tag=Tag.PREDICTIONS,
        rest="/predict/batch",
        gradio="predict_many",
        mcp="predict_batch",
    ),
    Operation(
        name="explain",
        summary=texts.EXPLAIN_SUMMARY,
        description=texts.EXPLAIN,
        returns=texts.EXPLAIN_RETURNS,
        takes=Takes.CUSTOMER,
        gives=Why,
        call=lambda predictor, customer, segment=None: predictor.explain(customer, segment=segment),
        cost=Cost.BATCH,
        parameters=(SEGMENT,),
        tag=Tag.PREDICTIONS,
        rest="/explain",
        gradio="explain",
        mcp="explain_segment",
    ),
    Operation(
        name="scoreFile",
        summary=texts.SCORE_SUMMARY,
        description=texts.SCORE,
        returns=texts.SCORE_RETURNS,
        takes=Takes.FILE,
        gives=None,
        call=score,
        cost=Cost.FILE,
        parameters=OF_FILES,
        tag=Tag.FILES,
        rest="/score",
        gradio="score_file",
    ),
    Operation(
        name="model",
        summary=texts.MODEL_SUMMARY,
        description=texts.MODEL,
        returns=texts.MODEL_RETURNS,
        takes=Takes.NOTHING,
        gives=ModelInfo,
        call=lambda predictor: predictor.model(),
        constant=True,
        tag=Tag.MODEL,
        rest="/model",
        gradio="model",
        mcp="describe_segments",
    ),
    Operation(
        name="nextQuestions",
        summary=texts.QUESTIONS_SUMMARY,
        description=texts.QUESTIONS,
        takes=Takes.CUSTOMER,
        gives=Questions,
        call=lambda predictor, customer: next_questions(predictor.segmenter, customer),
        cost=Cost.BATCH,
        tag=Tag.PREDICTIONS,
        rest="/next-questions",
    ),
    Operation(
        name="planTest",
        summary=texts.PLAN_SUMMARY,
        description=texts.PLAN,
        takes=Takes.NOTHING,
        gives=PlannedTest,
        call=lambda predictor, **given: planned(predictor.contract, **given),
        parameters=OF_TESTS,
        tag=Tag.MODEL,
        rest="/plan-test",
    ),
    Operation(
        name="monitoring",
        summary=texts.MONITORING_SUMMARY,
        description=texts.MONITORING,
        takes=Takes.NOTHING,
        gives=Monitoring,
        call=lambda predictor: monitoring_state(predictor.segmenter, predictor.monitor),
        cost=Cost.BATCH,
        rest="/monitoring",
    ),
    Operation(
        name="health",
        summary=texts.HEALTH_SUMMARY,
        description=texts.HEALTH,
        takes=Takes.NOTHING,
        gives=Status,
        call=lambda predictor: Status(status="ok", model_version=predictor.version),
        rest="/health",
    ),
    Operation(
        name="ready",
        summary=texts.READY_SUMMARY,
        description=texts.READY,
        takes=Takes.NOTHING,
        gives=Status,
        call=lambda predictor: predictor.ready(),
        rest="/ready",
    ),
)


def markdown_table(operations: Sequence[Operation] = OPERATIONS) -> str:
    """The operations as a table in Markdown, a row for each, for the documentation."""
    lines = ["| Operation | REST | Gradio | MCP tool |", "|---|---|---|---|"]
    for each in operations:
        names = [
            f"{each.method} /v1{each.rest}" if each.rest else "",
            f"/{each.gradio}" if each.gradio else "",
            each.mcp,
        ]
        written = [f"`{name}`" if name else "-" for name in names]
        lines.append(f"| {' | '.join([each.summary, *written])} |")
    return "\n".join(lines) + "\n"

"""The OpenAPI document: the contract's columns as the schema of a customer, and examples from its medians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from inference import Column
from service.api import api_texts as texts
from service.api.api_predictions import MOST_ROWS, Questions
from service.api.describe import described
from service.api.problems import MEDIA_TYPE
from service.api.request_body import JSON
from service.api.schemas import ModelInfo, Prediction, Predictions, RowRefusal, Why
from service.customer_values import typical_customer
from service.kinds.kind_views import kind_view
from service.rest.score_upload import ANSWERED, FORMATS, scored_headers
from service.settings import Settings

Schema = dict[str, Any]
_REFERENCE = "#/components/schemas/{model}"
_DAMAGED = {
    400: "The body is no JSON.",
    408: "The body did not come in time.",
    413: "The body is too large.",
    415: "The body has another media type.",
    422: "A field cannot be used; see `errors`.",
    429: "Too many requests from this client; see `Retry-After`.",
    500: "A fault of the server.",
}
_BUSY = {503: "The server is busy; see `Retry-After`."}


def document(questions: Questions, settings: Settings) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the REST API about one model."""
    contract = questions.contract
    example = typical_customer(contract, contract.segments[0])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Customer segments: {contract.name}",
            "version": "1",
            "description": texts.PREDICT,
        },
        "servers": [{"url": "/v1"}],
        "paths": _paths(questions, settings, example),
        "components": {"schemas": _schemas(questions)},
    }


def customer_schema(columns: tuple[Column, ...], *, spellings: bool = True) -> Schema:
    """What a customer may look like; with all spellings exact: what fits it is answered, nothing else is."""
    return {
        "type": "object",
        "properties": {column.name: _column_schema(column, spellings=spellings) for column in columns},
        "required": [column.name for column in columns if not column.missing_allowed],
        "additionalProperties": False,
    }


def answer_schema(shape: type) -> Schema:
    """The schema of an answer on its own, its fields described."""
    schema: Schema = TypeAdapter(shape).json_schema(mode="serialization")
    for each in (schema, *schema.get("$defs", {}).values()):
        _describe_fields(each)
    return schema


def _column_schema(column: Column, *, spellings: bool) -> Schema:
    kinds = kind_view(column).schemas(column, spellings=spellings)
    if column.missing_allowed:
        kinds.append({"type": "null"})
    return {"anyOf": kinds, "title": column.title, "description": described(column)}


def _schemas(questions: Questions) -> Schema:
    shapes = {shape: TypeAdapter(shape) for shape in (Prediction, Predictions, Why, ModelInfo, RowRefusal)}
    _, definitions = TypeAdapter.json_schemas(
        [(shape, "serialization", adapter) for shape, adapter in shapes.items()],
        ref_template=_REFERENCE,
    )
    schemas: Schema = definitions["$defs"]
    for schema in schemas.values():
        _describe_fields(schema)
    schemas["Customer"] = customer_schema(questions.contract.columns)
    schemas["Batch"] = _batch_schema()
    schemas["Problem"] = _problem_schema()
    return schemas


def _describe_fields(schema: Schema) -> None:
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        if name in texts.FIELDS:
            field["description"] = texts.FIELDS[name]


def _batch_schema() -> Schema:
    other = {"description": "Anything else is told in `errors`, and the other rows are answered."}
    rows = {"type": "array", "maxItems": MOST_ROWS, "items": {"anyOf": [_ref("Customer"), other]}}
    return {
        "type": "object",
        "properties": {"rows": rows},
        "required": ["rows"],
        "additionalProperties": False,
    }


def _problem_schema() -> Schema:
    error = {
        "type": "object",
        "properties": {"field": {"type": ["string", "null"]}, "message": {"type": "string"}},
        "required": ["field", "message"],
    }
    fields: Schema = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "Also in the header X-Request-ID."},
        "errors": {"type": "array", "items": error},
    }
    return {
        "type": "object",
        "properties": fields,
        "required": ["type", "title", "status", "detail", "request_id"],
    }


def _paths(questions: Questions, settings: Settings, example: Mapping[str, Any]) -> Schema:
    first = questions.contract.segments[0]
    partial = {
        column.name: example[column.name]
        for column in questions.contract.columns
        if not column.missing_allowed
    }
    known = {"customer": {"summary": f"A typical customer of {first.name!r}", "value": example}}
    some = {"little": {"summary": "Most is unknown", "value": partial}}
    one = _json_body("Customer", known | some)
    many = _json_body("Batch", {"two": {"value": {"rows": [example, partial]}}})
    segment = {
        "name": "segment",
        "in": "query",
        "description": "The segment to explain, by name or number; the answered one when left out.",
        "schema": {
            "anyOf": [
                {"type": "string", "enum": [each.name for each in questions.contract.segments]},
                {"type": "integer", "enum": [each.id for each in questions.contract.segments]},
            ]
        },
    }
    answer = questions.predict(example)
    return {
        "/predict": {"post": _operation("predict", texts.PREDICT, "Prediction", body=one, example=answer)},
        "/predict/batch": {
            "post": _operation(
                "predictBatch", texts.PREDICT_MANY.format(rows=f"{MOST_ROWS:,}"), "Predictions", body=many
            )
        },
        "/explain": {
            "post": _operation("explain", texts.EXPLAIN, "Why", body=one) | {"parameters": [segment]}
        },
        "/score": {"post": _score(settings, questions.contract.names)},
        "/model": {"get": _operation("model", texts.MODEL, "ModelInfo")},
        "/health": {"get": _operation("health", texts.HEALTH, None)},
        "/ready": {"get": _operation("ready", texts.READY, None)},
    }


def _operation(
    name: str, summary: str, answer: str | None, *, body: Schema | None = None, example: object = None
) -> Schema:
    content: Schema = {"schema": _ref(answer) if answer else _status_schema()}
    if example is not None:
        content["example"] = example
    refusals = {429: _DAMAGED[429], 500: _DAMAGED[500]} if body is None else _DAMAGED | _BUSY
    operation: Schema = {
        "operationId": name,
        "summary": summary.partition(". ")[0].rstrip("."),
        "description": summary,
        "responses": {"200": {"description": "The answer.", "content": {JSON: content}}}
        | _problems(refusals),
    }
    return operation if body is None else operation | {"requestBody": body}


def _score(settings: Settings, names: Sequence[str]) -> Schema:
    limits = f"At most {settings.max_upload_mb} MB and {settings.max_upload_rows:,} rows."
    file = {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in FORMATS}
    headers = {
        name: {"description": text, "schema": {"type": "integer"}} for name, text in scored_headers().items()
    }
    back = {kind: file[kind] for kind in dict.fromkeys(ANSWERED.values())}
    done = {"description": texts.SCORE_RETURNS, "content": back, "headers": headers}
    return {
        "operationId": "scoreFile",
        "summary": texts.SCORE.partition(":")[0],
        "description": f"{texts.SCORE} {limits}",
        "parameters": [
            _repeated("column", texts.QUERY_COLUMN, {"type": "string", "pattern": "^[^=]+=.+$"}),
            _repeated("missing", texts.QUERY_MISSING, {"type": "string", "enum": list(names)}),
        ],
        "requestBody": {"required": True, "content": file},
        "responses": {"200": done} | _problems(_DAMAGED | _BUSY),
    }


def _repeated(name: str, text: str, schema: Schema) -> Schema:
    items = {"type": "array", "items": schema}
    return {"name": name, "in": "query", "description": text, "schema": items, "explode": True}


def _json_body(schema: str, examples: Schema) -> Schema:
    return {"required": True, "content": {JSON: {"schema": _ref(schema), "examples": examples}}}


def _problems(refusals: Mapping[int, str]) -> Schema:
    content = {MEDIA_TYPE: {"schema": _ref("Problem")}}
    return {str(status): {"description": text, "content": content} for status, text in refusals.items()}


def _status_schema() -> Schema:
    properties = {"status": {"type": "string"}, "model_version": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": ["status"]}


def _ref(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(model=name)}

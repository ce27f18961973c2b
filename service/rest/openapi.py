"""The OpenAPI document: the table of operations, with the contract's columns as the schema of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from service.api import api_texts as texts
from service.api.api_predictions import Predictor
from service.api.http.media_types import MEDIA_TYPES
from service.api.http.request_body import JSON
from service.api.json_schemas import Schema, customer_schema, describe_fields, object_schema, rows_schema
from service.api.operations import OPERATIONS, Cost, Operation, Takes
from service.api.parameters import Parameter
from service.api.problems import MEDIA_TYPE
from service.api.schemas import RowRefusal
from service.customer_values import typical_customer
from service.rest import batch_endpoint
from service.rest.reload_paths import reload_paths
from service.rest.score_upload import ACCEPTED, ANSWERED, ANY, FORM, scored_headers
from service.settings import ADMIN, Settings

LICENCE = {"name": "MIT", "identifier": "MIT"}
_REFERENCE = "#/components/schemas/{model}"
_NO_BODY = (422, 429, 500)  # what may go wrong with a request that has no body


def document(
    predictor: Predictor, settings: Settings, operations: Sequence[Operation] = OPERATIONS
) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the REST API about one model."""
    offered = [each for each in operations if each.rest]
    made: Schema = {
        "openapi": "3.1.0",
        "info": {
            "title": f"Customer segments: {predictor.contract.name}",
            "version": "1",
            "description": texts.API_DESCRIPTION,
            "license": LICENCE,
        },
        "tags": [
            {"name": name, "description": text}
            for name, text in texts.TAGS.items()
            if any(each.tag == name for each in offered)
        ],
        "servers": [{"url": "/v1"}],
        "paths": _paths(predictor, settings, offered),
        "components": {"schemas": _schemas(predictor, offered)},
    }
    if settings.reload_key or any(ADMIN in each.scopes for each in settings.api_keys):
        made["paths"]["/reload"] = reload_paths()
        made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return made


def _paths(predictor: Predictor, settings: Settings, operations: Sequence[Operation]) -> Schema:
    paths: Schema = {}
    for each in operations:
        made = _operation(predictor, settings, each)
        paths.setdefault(each.rest, {})[each.method.lower()] = made
    return paths


def _operation(predictor: Predictor, settings: Settings, operation: Operation) -> Schema:
    description = operation.described
    if operation.takes is Takes.FILE:
        limits = {"megabytes": settings.max_upload_mb, "rows": f"{settings.max_upload_rows:,}"}
        description = f"{description} {texts.FILE_LIMITS.format(**limits)}"
    made: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": description,
        "tags": [operation.tag],
        "responses": {"200": _answer(predictor, operation)} | _problems(operation),
    }
    if operation.deprecated:
        made["deprecated"] = True
    if operation.parameters:
        made["parameters"] = [_parameter(predictor, each) for each in operation.parameters]
    body = _body(predictor, operation)
    return made | {"requestBody": body} if body else made


def _answer(predictor: Predictor, operation: Operation) -> Schema:
    if operation.gives is None:
        headers = {
            name: {"description": text, "schema": {"type": "integer"}}
            for name, text in scored_headers().items()
        }
        back = {kind: _file(kind) for kind in ANSWERED}
        return {"description": operation.returns, "content": back, "headers": headers}
    content: Schema = {"schema": _ref(operation.gives.__name__)}
    if operation.takes is Takes.CUSTOMER and operation.cost is Cost.INSTANT:
        content["example"] = operation.call(predictor, _typical(predictor))
    kinds: Schema = {JSON: content}
    if operation.takes is Takes.ROWS:
        kinds |= {MEDIA_TYPES[each]: _file(MEDIA_TYPES[each]) for each in batch_endpoint.ANSWERED[1:]}
    return {"description": "The answer.", "content": kinds}


def _body(predictor: Predictor, operation: Operation) -> Schema:
    """The body of a request; empty where there is none."""
    if operation.takes is Takes.NOTHING:
        return {}
    if operation.takes is Takes.FILE:
        return {"required": True, "content": {kind: _sent_file(kind) for kind in ACCEPTED}}
    typical, partial = _typical(predictor), _least(predictor)
    if operation.takes is Takes.ROWS:
        body = _json_body("Batch", {"two": {"value": {"rows": [typical, partial]}}})
        body["content"] |= {kind: _file(kind) for kind in batch_endpoint.LINES[:1]}
        return body
    first = predictor.contract.segments[0].name
    known = {"summary": texts.EXAMPLE_TYPICAL.format(segment=first), "value": typical}
    return _json_body(
        "Customer", {"customer": known, "little": {"summary": texts.EXAMPLE_LITTLE, "value": partial}}
    )


def _typical(predictor: Predictor) -> Mapping[str, Any]:
    return typical_customer(predictor.contract, predictor.contract.segments[0])


def _least(predictor: Predictor) -> Mapping[str, Any]:
    """The typical customer with nothing but what must be known."""
    typical = _typical(predictor)
    return {each.name: typical[each.name] for each in predictor.contract.columns if not each.missing_allowed}


def _parameter(predictor: Predictor, parameter: Parameter) -> Schema:
    schema = parameter.schema(predictor.contract)
    made: Schema = {"name": parameter.name, "in": "query", "description": parameter.description}
    if parameter.repeated:
        return made | {"schema": {"type": "array", "items": schema}, "explode": True}
    return made | {"schema": schema}


def _problems(operation: Operation) -> Schema:
    content = {MEDIA_TYPE: {"schema": _ref("Problem")}}
    bare = operation.takes is Takes.NOTHING and not operation.parameters
    refusals = {each: texts.PROBLEMS[each] for each in _NO_BODY} if bare else texts.PROBLEMS
    if operation.takes in (Takes.FILE, Takes.ROWS):
        refusals = dict(sorted((texts.PROBLEMS | texts.NO_MEDIA_TYPE).items()))
    if operation.takes is Takes.FILE:
        refusals |= texts.NO_ROOM
    return {str(status): {"description": text, "content": content} for status, text in refusals.items()}


def _schemas(predictor: Predictor, operations: Sequence[Operation]) -> Schema:
    answers = dict.fromkeys([each.gives for each in operations if each.gives is not None])
    shapes: dict[Any, TypeAdapter[Any]] = {shape: TypeAdapter(shape) for shape in (*answers, RowRefusal)}
    _, definitions = TypeAdapter.json_schemas(
        [(shape, "serialization", adapter) for shape, adapter in shapes.items()],
        ref_template=_REFERENCE,
    )
    schemas: Schema = definitions["$defs"]
    for schema in schemas.values():
        describe_fields(schema)
    schemas["Customer"] = customer_schema(predictor.contract.columns)
    schemas["Batch"] = object_schema({"rows": rows_schema(_ref("Customer"))}, required=("rows",))
    schemas["Problem"] = _problem_schema()
    return schemas


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


def _sent_file(kind: str) -> Schema:
    if kind == FORM:
        return {"schema": object_schema({"file": {"type": "string", "format": "binary"}}, required=("file",))}
    if kind == JSON:  # a list alone is taken, too, but generated clients expect an object
        rows = {"type": "array", "items": {"type": "object"}}
        return {"schema": object_schema({"rows": rows}, required=("rows",))}
    if kind == ANY:  # generated clients know bytes by this format
        return {"schema": {"type": "string", "format": "binary", "contentMediaType": kind}}
    return _file(kind)


def _file(kind: str) -> Schema:
    if kind == JSON:
        return {"schema": {"type": "array", "items": {"type": "object"}}}
    return {"schema": {"type": "string", "contentMediaType": kind}}


def _json_body(schema: str, examples: Schema) -> Schema:
    return {"required": True, "content": {JSON: {"schema": _ref(schema), "examples": examples}}}


def _ref(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(model=name)}

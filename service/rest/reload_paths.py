"""How the OpenAPI document describes ``/v1/reload``, which is about the service and not about customers."""

from __future__ import annotations

from typing import Any

from service.api import api_texts as texts
from service.api.http.request_body import JSON
from service.api.json_schemas import Schema, answer_schema
from service.api.operations import Tag
from service.api.problems import MEDIA_TYPE
from service.api.schemas import Reloaded, Reloading

QUERY = {"model": ("current", "previous"), "columns": ("same", "any")}  # parameter -> values, default first


def reload_paths() -> Schema:
    """The two methods of the route."""
    return {
        "get": _operation("served", texts.SERVED_SUMMARY, texts.SERVED, Reloading),
        "post": _operation("reload", texts.RELOAD_SUMMARY, texts.RELOAD, Reloaded)
        | {
            "parameters": [
                {
                    "name": name,
                    "in": "query",
                    "description": texts.RELOAD_PARAMETERS[name],
                    "schema": {"type": "string", "enum": list(values), "default": values[0]},
                }
                for name, values in QUERY.items()
            ]
        },
    }


def _operation(name: str, summary: str, description: str, gives: type) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = {401: texts.RELOAD_KEY, 422: texts.RELOAD_REFUSED, 429: texts.PROBLEMS[429]}
    return {
        "operationId": name,
        "tags": [Tag.SERVICE],
        "summary": summary,
        "description": description,
        "security": [{"key": []}],
        "responses": {
            "200": {"description": "The answer.", "content": {JSON: {"schema": answer_schema(gives)}}},
            **{str(each): {"description": text, "content": problem} for each, text in refusals.items()},
            "500": {"description": texts.PROBLEMS[500], "content": problem},
        },
    }

"""JSON schemas of what is sent and answered, for OpenAPI and the MCP tools."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from inference import Column
from service.api import api_texts as texts
from service.api.api_predictions import MOST_ROWS
from service.api.describe import described
from service.kinds.kind_views import kind_view

Schema = dict[str, Any]


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
        describe_fields(each)
    return schema


def _column_schema(column: Column, *, spellings: bool) -> Schema:
    kinds = kind_view(column).schemas(column, spellings=spellings)
    if column.missing_allowed:
        kinds.append({"type": "null"})
    return {"anyOf": kinds, "title": column.title, "description": described(column)}


def describe_fields(schema: Schema) -> None:
    """Describe the fields of an answer's schema; one that its type describes itself keeps that."""
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        if name in texts.FIELDS and "description" not in field:
            field["description"] = texts.FIELDS[name]


def rows_schema(customer: Schema) -> Schema:
    """Many customers; a row that is no customer is answered with an error of its own."""
    other = {"description": texts.OTHER_ROW}
    return {"type": "array", "maxItems": MOST_ROWS, "items": {"anyOf": [customer, other]}}


def object_schema(properties: Schema, *, required: tuple[str, ...] = ()) -> Schema:
    """An object of these properties and no others."""
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | {"required": list(required)} if required else schema

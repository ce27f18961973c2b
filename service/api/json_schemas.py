"""JSON schemas of what is sent and answered, for OpenAPI and the MCP tools."""

from __future__ import annotations

import re
from typing import Any

from pydantic import TypeAdapter

from inference import Column
from inference.cell_rules import LARGEST
from inference.contract import DATE
from service.api import api_texts as texts
from service.api.api_predictions import MOST_ROWS
from service.api.describe import described

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
    if column.categories:
        kinds: list[Schema] = [{"type": "string", "enum": [category.value for category in column.categories]}]
        if column.other:
            kinds.append({"type": "string", "description": f"Any other text counts as {column.other}."})
        elif spellings:
            kinds.append({"type": "string", "pattern": _spellings(column), "description": "Other spellings."})
    elif column.kind == DATE:
        kinds = [{"type": "string", "format": "date"}]
    else:
        low, high = column.range or (-LARGEST, LARGEST)
        kinds = [{"type": "number", "minimum": low, "maximum": high}]
    if column.missing_allowed:
        kinds.append({"type": "null"})
    return {"anyOf": kinds, "title": column.title, "description": described(column)}


def _spellings(column: Column) -> str:
    """A pattern of every spelling that is taken, in upper or lower case, blanks around it or not."""
    known = sorted({text.strip().casefold() for text in column.spellings})
    cased = ["".join(_either_case(letter) for letter in text) for text in known]
    blank = "|" if column.missing_allowed else ""  # blank text is unknown
    return rf"^\s*(?:{'|'.join(cased)}{blank})\s*$"


def _either_case(letter: str) -> str:
    lower, upper = letter.lower(), letter.upper()
    if lower == upper or len(lower + upper) != 2:
        return re.escape(letter)
    return f"[{upper}{lower}]"


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

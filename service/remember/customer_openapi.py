"""What the OpenAPI document says of remembered customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from customers.records import CAUSES, ID_RULE, LONGEST_ID
from service.api.api_texts import PROBLEMS
from service.api.http.request_body import JSON
from service.api.json_schemas import Schema, object_schema
from service.api.problems import MEDIA_TYPE

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
ID: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST_ID,
    "description": f"{ID_RULE[0].upper()}{ID_RULE[1:]}.",
}
_TAG = "customers"
_REFUSALS = {
    "404": "No customer has this id.",
    "422": "A parameter or a value cannot be used; the problem says which.",
    "503": "The database cannot be reached; nothing was saved.",
    "507": "The disk of the database is full; nothing was saved.",
}
_NO_BODY = {str(status): PROBLEMS[status] for status in (429, 500)}
_SAVED = object_schema(dict.fromkeys(("new", "updated", "moved", "unchanged", "repeated"), WHOLE))
_CHANGE = object_schema(
    {
        "sequence": WHOLE,
        "id": ID,
        "from": {"type": ["string", "null"]},
        "to": TEXT,
        "at": {"type": "string", "format": "date-time"},
        "model": TEXT,
        "cause": {"type": "string", "enum": list(CAUSES)},
    }
)
_EVENT = object_schema({"type": {"const": "segment_changed"}, **_CHANGE["properties"]})
_CUSTOMER = object_schema(
    {
        "id": ID,
        "segment": TEXT,
        "segment_id": WHOLE,
        "probability": {"type": "number"},
        "route": TEXT,
        "model": TEXT,
        "answered_at": {"type": "string", "format": "date-time"},
        "inputs": {"type": "object"},
    }
)


def described(
    name: str, summary: str, gives: Schema, *, parameters: Sequence[Schema] = (), **more: Any
) -> Schema:
    """One operation.

    Args:
        gives: the schema of its answer.
        parameters: in path, query and header.
        more: further keys of the operation, such as ``requestBody``.
    """
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    texts = {str(status): text for status, text in PROBLEMS.items()} if "requestBody" in more else _NO_BODY
    refusals = {
        status: {"description": text, "content": problem} for status, text in (texts | _REFUSALS).items()
    }
    answer = {"description": "The answer.", "content": {JSON: {"schema": gives}}}
    found: Schema = {
        "operationId": name,
        "summary": summary,
        "tags": [_TAG],
        "responses": {"200": answer, **refusals},
    }
    return found | ({"parameters": list(parameters)} if parameters else {}) | more


def query(name: str, text: str, schema: Schema, *, required: bool = False) -> Schema:
    """A parameter of the query."""
    return {"name": name, "in": "query", "description": text, "schema": schema, "required": required}


BY_ID: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Of the customer.",
    "schema": ID,
}
_LIMIT = query(
    "limit", "The most entries.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
)
_MOMENT: Schema = {"type": "string", "examples": ["2026-05-31"]}
_WITH_ID: Schema = {
    "type": "object",
    "properties": {"id": {"type": ["string", "integer"], "description": ID["description"]}},
    "required": ["id"],
    "additionalProperties": True,
    "description": "A customer as in `/predict`, and its id.",
}
_ROWS = object_schema({"rows": {"type": "array", "items": _WITH_ID}}, required=("rows",))
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A request that comes again with it is carried out once.",
    "schema": {"type": "string", "maxLength": 200},
}

LISTED = described(
    "customers",
    "List remembered customers",
    object_schema({"customers": {"type": "array", "items": _CUSTOMER}, "next": {"type": ["string", "null"]}}),
    parameters=[
        query("after", "The cursor: ``next`` of the page before.", TEXT),
        query("segment", "Only customers in this segment.", TEXT),
        query("search", "Only ids that begin so.", TEXT),
        _LIMIT,
    ],
)
SAVED_MANY = described(
    "saveCustomers",
    "Predict for many customers and remember them",
    object_schema({"rows": WHOLE, "saved": _SAVED, "errors": {"type": "array", "items": {"type": "object"}}}),
    parameters=[_KEY],
    requestBody={"required": True, "content": {JSON: {"schema": _ROWS}}},
)
ONE = described(
    "customer",
    "One customer with its history",
    object_schema({**_CUSTOMER["properties"], "history": {"type": "array", "items": _CHANGE}}),
    parameters=[BY_ID],
)
SAVED = described(
    "saveCustomer",
    "Predict for one customer and remember it",
    object_schema({"id": ID, "prediction": {"$ref": "#/components/schemas/Prediction"}, "saved": _SAVED}),
    parameters=[BY_ID],
    requestBody={"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Customer"}}}},
)
ERASED = described(
    "eraseCustomer",
    "Erase one customer",
    object_schema({"erased": {"type": "boolean"}, "note": TEXT}),
    parameters=[BY_ID],
)
EXPORTED = described(
    "exportCustomer", "All that is known of one customer", {"type": "object"}, parameters=[BY_ID]
)
LETTER = described(
    "customerLetter", "The same for the customer to read, as text or HTML", TEXT, parameters=[BY_ID]
)
LETTER["responses"]["200"]["content"] = {kind: {"schema": TEXT} for kind in ("text/plain", "text/html")}
EVENTS = described(
    "customerEvents",
    "Changes of segments since a cursor",
    object_schema({"events": {"type": "array", "items": _EVENT}, "next": WHOLE}),
    parameters=[
        query("after", "The cursor: ``next`` of the answer before.", {"type": "integer", "minimum": 0}),
        _LIMIT,
    ],
)
MOVEMENT = described(
    "movement",
    "Who changed the segment between two moments, and what of it chance explains",
    {"type": "object"},
    parameters=[
        query("from", "A day or a time, with its zone or in UTC.", _MOMENT, required=True),
        query("to", "The later one.", _MOMENT, required=True),
    ],
)

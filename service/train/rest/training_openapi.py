"""What the OpenAPI document says of training."""

from __future__ import annotations

from typing import Any

from service.api.api_texts import NO_MEDIA_TYPE, PROBLEMS
from service.api.http.request_body import JSON
from service.api.json_schemas import Schema, object_schema
from service.api.operations import Tag
from service.api.problems import MEDIA_TYPE
from service.rest.score_upload import ACCEPTED, FORM
from service.train.training_job import State

TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TEXTS: Schema = {"type": "array", "items": TEXT}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_NO_BODY = (429, 500)
_REFUSALS = {
    "404": "No training has this id, or it is forgotten, or its result has no such file.",
    "409": "The training is not done, so it has no files.",
    "503": "Too many trainings wait, or the trainer's libraries are not installed; the problem says which.",
}
_COLUMN = {
    "type": "object",
    "properties": {
        "header": {"type": "string", "minLength": 1},
        "role": {"enum": ["clustering", "profile", "outcome", "identifier", "left out"]},
        "label": TEXT,
        "unit": TEXT,
        "meaning": TEXT,
        "order": {**TEXTS, "description": "The categories from low to high; empty for no order."},
        "name": TEXT,
        "kind": TEXT,
        "reason": TEXT,
        "missing_share": NUMBER,
        "categories": TEXTS,
        "usable": {"type": "boolean"},
    },
    "required": ["header", "role"],
}
_ROLES = {
    "type": "object",
    "properties": {
        "source": TEXT,
        "rows": WHOLE,
        "notes": TEXTS,
        "orders": {"type": ["object", "null"], "description": "Of order lines: how many became customers."},
        "columns": {"type": "array", "items": _COLUMN},
        "roles": TEXTS,
        "meanings": TEXTS,
    },
}
_SEGMENT = object_schema(
    {"id": WHOLE, "name": TEXT, "tier": TEXT, "customers": WHOLE, "share": NUMBER, "action": TEXT}
)
_ALTERNATIVE = object_schema({"option": TEXT, "title": TEXT, "kind": TEXT, "segments": TEXTS})
_RESULT = object_schema(
    {
        "kind": {**TEXT, "description": "natural, reproducible or constructive"},
        "reason": TEXT,
        "customers": WHOLE,
        "segments": {"type": "array", "items": _SEGMENT},
        "alternatives": {"type": "array", "items": _ALTERNATIVE},
        "scored": {"type": "boolean"},
    }
)
_STATE = object_schema(
    {
        "job": TEXT,
        "status": {"enum": [each.value for each in State]},
        "stage": TEXT,
        "percent": {"type": "integer", "minimum": 0, "maximum": 100},
        "seconds_left": {"type": ["integer", "null"]},
        "place": {**WHOLE, "description": "Trainings before this one; 0 once it runs."},
        "problem": {"type": ["string", "null"]},
        "notes": TEXTS,
        "kept_until": {"type": ["string", "null"], "format": "date-time"},
        "result": {"anyOf": [_RESULT, {"type": "null"}]},
        "files": {"type": "object", "additionalProperties": TEXT},
        "page": {"type": ["string", "null"], "description": "Where the whole page is about this model."},
    },
    required=("job", "status"),
)
_JOB: Schema = {
    "name": "job",
    "in": "path",
    "required": True,
    "description": "Of the training, as POST /train answers it.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
}
_FILE: Schema = {"type": "string", "format": "binary"}


def _query(name: str, text: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": text, "schema": schema, "required": False}


def _form(**parts: Schema) -> Schema:
    return {"type": "object", "properties": {"file": _FILE, **parts}, "required": ["file"]}


def _body(**parts: Schema) -> Schema:
    content = {kind: {"schema": _form(**parts) if kind == FORM else _FILE} for kind in ACCEPTED}
    return {"required": True, "content": content}


def _described(name: str, summary: str, answer: Schema, *, status: str = "200", **more: Any) -> Schema:
    codes = {**PROBLEMS, **NO_MEDIA_TYPE} if "requestBody" in more else {}
    if "requestBody" not in more:
        codes = {each: PROBLEMS[each] for each in (422, *_NO_BODY)}
    refusals = {str(code): text for code, text in sorted(codes.items())} | _REFUSALS
    return {
        "operationId": name,
        "summary": summary,
        "tags": [Tag.TRAINING],
        "responses": {
            status: answer,
            **{each: {"description": text, "content": _PROBLEM} for each, text in refusals.items()},
        },
        **more,
    }


def _answer(schema: Schema) -> Schema:
    return {"description": "The answer.", "content": {JSON: {"schema": schema}}}


ROLES = _described(
    "proposeRoles",
    "Propose the roles of a table's columns",
    _answer(_ROLES),
    description=(
        "Nothing is trained, and the file is removed. Edit the answer, and send both to /train. The file may "
        "be the whole body, as there."
    ),
    # One media type: what openapi-python-client makes of several, without a parameter, cannot be imported.
    requestBody={"required": True, "content": {FORM: {"schema": _form()}}},
)
TRAIN = _described(
    "train",
    "Find segments in a table",
    _answer(_STATE) | {"headers": {"Location": {"description": "Of the training.", "schema": TEXT}}},
    status="202",
    description=(
        "The training waits its turn and runs in a process of its own. A form may also have the parts "
        "`roles`, the edited answer of /train/roles, and `names`, new names and tiers of segments, both JSON."
    ),
    parameters=[
        _query("quick", "Fewer repetitions: less precise figures.", {"type": "boolean", "default": True}),
        _query("k", "The number of segments.", {"type": "integer", "minimum": 2, "maximum": 20}),
        _query("alternative", "Other clustering columns, as a training reported them.", NAME),
    ],
    requestBody=_body(
        roles={"type": "string", "contentMediaType": JSON}, names={"type": "string", "contentMediaType": JSON}
    ),
)
STATUS = _described("training", "Where a training is, and its result", _answer(_STATE), parameters=[_JOB])
CANCEL = _described(
    "forgetTraining",
    "Cancel a training, or remove its result",
    _answer(object_schema({"removed": {"type": "boolean"}})),
    parameters=[_JOB],
)
FILE = _described(
    "trainingFile",
    "A file of a result: model, card, report, the customers with their segments, or the segments on one page",
    {
        "description": "The file.",
        "content": {
            kind: {"schema": _FILE}
            for kind in ("application/octet-stream", "text/markdown", JSON, "text/csv", "application/pdf")
        },
    },
    parameters=[
        _JOB,
        {
            "name": "file",
            "in": "path",
            "required": True,
            "description": "Which file.",
            "schema": {"enum": ["model", "card", "report", "customers", "page"]},
        },
    ],
)

"""The JSON schema of the test vectors: a fixed part, and the outputs as their table describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inference.contract import Output
from inference.contract.outputs import (
    BOOL,
    DISTANCE_TOLERANCE,
    DOUBLE,
    FLOAT,
    INCOMPLETE,
    INT64,
    OUTPUT_TABLE,
    PROBABILITY_TOLERANCE,
    SEGMENTS,
    STRING,
    UNKNOWN,
)

FRAME = Path(__file__).parents[1] / "data" / "test_vectors.schema.json"
_JSON = {STRING: "string", INT64: "integer", FLOAT: "number", DOUBLE: "number", BOOL: "boolean"}


def vectors_schema() -> dict[str, Any]:
    """The schema (draft 2020-12); outputs that are not in the table are allowed."""
    schema: dict[str, Any] = json.loads(FRAME.read_text(encoding="utf-8"))
    outputs = schema["properties"]["outputs"]
    known = [output for output in OUTPUT_TABLE if output.per_row]
    outputs["required"] = [output.name for output in known]
    outputs["properties"] = {
        output.name: {**outputs["additionalProperties"], **_output(output)} for output in known
    }
    return schema


def schema_text() -> str:
    """The schema as JSON."""
    return json.dumps(vectors_schema(), indent=2) + "\n"


def _output(output: Output) -> dict[str, Any]:
    cell: dict[str, Any] = {"type": _JSON[output.type]}
    if output.missing in (INCOMPLETE, UNKNOWN):
        cell["type"] = [cell["type"], "null"]
    if output.type == INT64 or output.tolerance in (PROBABILITY_TOLERANCE, DISTANCE_TOLERANCE):
        cell["minimum"] = 0
    if output.tolerance == PROBABILITY_TOLERANCE:
        cell["maximum"] = 1
    per_segment = SEGMENTS in output.dimensions
    compared = "equal" if output.tolerance is None else f"within {output.tolerance:g}"
    missing = f"; null (NaN) {output.missing}" if output.missing in (INCOMPLETE, UNKNOWN) else ""
    shape = ", ".join(str(size) for size in output.dimensions)
    return {
        "items": {"type": "array", "minItems": 2, "items": cell} if per_segment else cell,
        "description": f"[{shape}], {compared}{missing}: {output.meaning}.",
    }

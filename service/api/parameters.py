"""What an operation may be asked besides the customer, rows or file: the query of a REST request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inference import Contract
from inference.files.options import FORMATS
from service.api import api_texts as texts
from service.api.experiment_size import LARGEST, RANGES

Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """An optional argument besides the customer, rows or file: a query parameter in REST.

    Attributes:
        name: the same on every interface.
        description: in one sentence.
        schema: the JSON schema of one value, for a contract.
        type: the annotation of the argument in Gradio.
        read: makes the value from the text of a query.
        repeated: whether it may be given several times.
    """

    name: str
    description: str
    schema: Callable[[Contract], Schema]
    type: Any = str | None
    read: Callable[[str], Any] = str
    repeated: bool = False


def _number_or_name(text: str) -> str | int:
    return int(text) if text.isdecimal() and len(text) < 10 else text


SEGMENT = Parameter(
    name="segment",
    description=texts.ARG_SEGMENT,
    schema=lambda contract: {
        "anyOf": [
            {"type": "string", "enum": [each.name for each in contract.segments]},
            {"type": "integer", "enum": [each.id for each in contract.segments]},
        ]
    },
    read=_number_or_name,
)
COLUMN = Parameter(
    name="column",
    description=texts.ARG_COLUMN,
    schema=lambda _: {"type": "string", "pattern": "^[^=]+=.+$"},
    repeated=True,
)
MISSING = Parameter(
    name="missing",
    description=texts.ARG_MISSING,
    schema=lambda contract: {"type": "string", "enum": list(contract.names)},
    repeated=True,
)
DECIMAL = Parameter(
    name="decimal",
    description=texts.ARG_DECIMAL,
    schema=lambda _: {"type": "string", "pattern": "^.+=(comma|point|,|\\.)$"},
    repeated=True,
)
NA = Parameter(name="na", description=texts.ARG_NA, schema=lambda _: {"type": "string"}, repeated=True)
SHEET = Parameter(name="sheet", description=texts.ARG_SHEET, schema=lambda _: {"type": "string"})
HEADER_ROW = Parameter(
    name="header_row",
    description=texts.ARG_HEADER_ROW,
    schema=lambda _: {"type": "integer", "minimum": 1},
)
KEEP_TOTALS = Parameter(
    name="keep_totals", description=texts.ARG_KEEP_TOTALS, schema=lambda _: {"type": "boolean"}
)
SEPARATOR = Parameter(name="separator", description=texts.ARG_SEPARATOR, schema=lambda _: {"type": "string"})
OUTPUT = Parameter(
    name="output",
    description=texts.ARG_OUTPUT,
    schema=lambda _: {"type": "string", "enum": list(FORMATS)},
)
ENCODING = Parameter(name="encoding", description=texts.ARG_ENCODING, schema=lambda _: {"type": "string"})
OF_FILES = (COLUMN, MISSING, SHEET, HEADER_ROW, KEEP_TOTALS, DECIMAL, NA, SEPARATOR, ENCODING, OUTPUT)


def _number(**limits: float) -> Callable[[Contract], Schema]:
    return lambda _: {"type": "number", **limits}


_LIMITS = {name: _number(minimum=low, maximum=high) for name, (low, high) in RANGES.items()}
OF_TESTS = (
    Parameter(name="baseline", description=texts.ARG_BASELINE, schema=_LIMITS["baseline"]),
    Parameter(
        name="difference",
        description=texts.ARG_DIFFERENCE,
        schema=_number(exclusiveMinimum=-1, exclusiveMaximum=1),
    ),
    Parameter(name="alpha", description=texts.ARG_ALPHA, schema=_LIMITS["alpha"]),
    Parameter(name="power", description=texts.ARG_POWER, schema=_LIMITS["power"]),
    Parameter(
        name="customers",
        description=texts.ARG_CUSTOMERS,
        schema=lambda _: {"type": "integer", "minimum": 1, "maximum": LARGEST},
    ),
)

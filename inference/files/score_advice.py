"""What to do about an error, in the options of ``python -m inference score``."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inference.remedies import (
    ChooseHeader,
    ChooseOutputFormat,
    ChooseSheet,
    CorrectFormat,
    GiveMissing,
    GiveOwnHeader,
    MapColumn,
    RaiseLimit,
    Remedy,
    SetDecimal,
    SetEncoding,
    SetHeaderRow,
    SetSeparator,
)
from inference.wording import QUOTED, listed, quoted_names

LIMIT_OPTIONS = {"max_bytes": "--max-bytes", "max_rows": "--max-rows"}
WORDS: Mapping[type[Remedy], Callable[[Any], str]] = {
    ChooseSheet: lambda remedy: f"choose one with --sheet: {quoted_names(remedy.sheets)}",
    CorrectFormat: lambda remedy: f"give --format {remedy.found}, or leave it out",
    SetDecimal: lambda remedy: decimal_options(remedy.header, remedy.marks),
    SetEncoding: lambda remedy: "name its encoding with --encoding",
    SetHeaderRow: lambda remedy: "give its number with --header-row",
    SetSeparator: lambda remedy: "name its separator with --separator",
    ChooseHeader: lambda remedy: f"name one with --column {remedy.column}=HEADER",
    ChooseOutputFormat: lambda remedy: (
        "end it in .csv, .parquet, .xlsx, .arrow, .ndjson or .json, or give --output-format"
    ),
    GiveMissing: lambda remedy: f"give --missing {remedy.column} if no customer has it",
    GiveOwnHeader: lambda remedy: (
        f"name the header of {remedy.column!r} with --column {remedy.column}=HEADER"
    ),
    MapColumn: lambda remedy: f"map it with --column {remedy.column}={header_argument(remedy.suggestion)}",
    RaiseLimit: lambda remedy: f"split it, or raise {LIMIT_OPTIONS[remedy.limit]}",
}


def score_advice(remedy: Remedy) -> str:
    """A remedy as options of the command line."""
    return WORDS[type(remedy)](remedy)


def decimal_options(header: str, marks: Sequence[str]) -> str:
    """The options for each decimal mark that a column may have."""
    short = header if len(header) <= QUOTED else "HEADER"
    return "give " + listed([f"--decimal {shlex.quote(f'{short}={mark}')}" for mark in marks], last="or")


def header_argument(header: str) -> str:
    """A header quoted for a shell, or the word HEADER where none is similar or it is too long to repeat."""
    argument = shlex.quote(header[:QUOTED])
    return argument if 0 < len(header) <= QUOTED and len(argument) <= QUOTED + 2 else "HEADER"

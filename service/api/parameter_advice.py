"""What to do about an error, as parameters of a request: a query's, or a function's of Gradio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

Words = Mapping[type[Remedy], Callable[[Any], str]]

_SHARED: Words = {  # what neither way in has a parameter for
    ChooseOutputFormat: lambda remedy: "choose another output",
    RaiseLimit: lambda remedy: "split it",
}


def _parameters(columns: str, missing: str, decimal: str) -> Words:
    """Words for ways in that name the parameters so."""
    return {
        ChooseHeader: lambda remedy: f"name one with {columns}={remedy.column}=HEADER",
        GiveMissing: lambda remedy: f"give {missing}={remedy.column} if no customer has it",
        GiveOwnHeader: lambda remedy: (
            f"name the header of {remedy.column!r} with {columns}={remedy.column}=HEADER"
        ),
        SetDecimal: lambda remedy: _decimals(decimal, remedy),
        MapColumn: lambda remedy: f"map it with {columns}={remedy.column}={_header(remedy.suggestion)}",
    }


QUERY_WORDS: Words = {
    **_SHARED,
    **_parameters("?column", "?missing", "?decimal"),
    ChooseSheet: lambda remedy: f"choose one with ?sheet=NAME: {quoted_names(remedy.sheets)}",
    CorrectFormat: lambda remedy: "send it with the Content-Type it has",
    SetEncoding: lambda remedy: "name its encoding with ?encoding=NAME",
    SetHeaderRow: lambda remedy: "give its number with ?header_row=N",
    SetSeparator: lambda remedy: "name its separator with ?separator=",
}
ARGUMENT_WORDS: Words = {
    **_SHARED,
    **_parameters("columns", "missing", "decimal"),
    ChooseSheet: lambda remedy: f"choose one with sheet=NAME: {quoted_names(remedy.sheets)}",
    CorrectFormat: lambda remedy: "save it again under the right extension",
    SetEncoding: lambda remedy: "name its encoding with encoding=NAME",
    SetHeaderRow: lambda remedy: "give its number with header_row=N",
    SetSeparator: lambda remedy: "name its separator with separator=",
}


def query_advice(remedy: Remedy) -> str:
    """A remedy as parameters of the query of an address."""
    return QUERY_WORDS[type(remedy)](remedy)


def argument_advice(remedy: Remedy) -> str:
    """A remedy as arguments of a function of Gradio."""
    return ARGUMENT_WORDS[type(remedy)](remedy)


def _decimals(parameter: str, remedy: SetDecimal) -> str:
    header = _header(remedy.header)
    names = {",": "comma", ".": "point"}
    return "give " + listed(
        [f"{parameter}={header}={names.get(mark, mark)}" for mark in remedy.marks], last="or"
    )


def _header(suggestion: str) -> str:
    return suggestion if 0 < len(suggestion) <= QUOTED else "HEADER"
